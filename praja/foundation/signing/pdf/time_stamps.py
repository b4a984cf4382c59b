"""Time stamps (RFC 3161) for electronic signatures, best effort: whatever an authority does, no signature is lost by it.

An answer counts only when it is about this signature and comes from an authority that this installation trusts, since one
wrong time stamp would make the signature itself not valid.
"""

import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

SECONDS = 5.0  # for the whole answer, however slowly it drips
LONGEST = 64 * 1024  # bytes of an answer


class Missing(Exception):
    """There is no time stamp; `key` says why: "unreachable", "slow", "refused", "rubbish", "untrusted"."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def roots() -> list[bytes]:
    """The certificates (PEM) of authorities that this installation trusts."""
    return [settings.TIME_STAMP_ROOTS.read_bytes()] if settings.TIME_STAMP_ROOTS else []


class Authority:
    """A time stamp authority at an address, trusted when its certificate leads to one of `roots` (PEM)."""

    def __init__(self, address: str, roots: list[bytes], seconds: float = SECONDS) -> None:
        self.address = address
        self.roots = roots
        self.seconds = seconds
        self.facts: dict[str, str] = {}  # of the last time stamp: at, authority

    def stamper(self) -> Any:
        """What pyHanko asks for a time stamp; raises Missing instead of all that pyHanko might."""
        from pyhanko.sign.timestamps import TimeStamper

        asked = self

        class Stamper(TimeStamper):
            """Asks the authority."""

            async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
                nonce, request = self.request_cms(message_digest, md_algorithm)
                return await asked.judged(asked.answer(request.dump()), nonce, message_digest)

        return Stamper()

    def answer(self, request: bytes) -> bytes:
        """What the authority says to a request; raises Missing."""
        if not self.address.startswith(("https://", "http://")):
            raise Missing("unreachable")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        asked = urllib.request.Request(self.address, request, headers)  # noqa: S310 - the scheme is checked above
        until = time.monotonic() + self.seconds
        try:
            with urllib.request.urlopen(asked, timeout=self.seconds) as response:  # noqa: S310
                said = b""
                while len(said) <= LONGEST and time.monotonic() < until and (part := response.read1(LONGEST)):
                    said += part
        except TimeoutError as problem:
            raise Missing("slow") from problem
        except urllib.error.HTTPError as problem:
            raise Missing("refused") from problem
        except urllib.error.URLError as problem:
            raise Missing("slow" if isinstance(problem.reason, TimeoutError) else "unreachable") from problem
        except Exception as problem:  # a server that breaks HTTP itself
            raise Missing("unreachable") from problem
        if time.monotonic() >= until:
            raise Missing("slow")
        return said

    async def judged(self, said: bytes, nonce: int | None, digest: bytes) -> Any:
        """The time stamp in the answer, when it holds; raises Missing."""
        from asn1crypto import cms, core, tsp
        from pyhanko.keys import load_certs_from_pemder_data
        from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
        from pyhanko.sign.validation.status import TimestampSignatureStatus
        from pyhanko_certvalidator import ValidationContext

        class Answer(core.Sequence):  # tsp.TimeStampResp does not know that a refusal comes without a time stamp
            _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]

        try:
            response = Answer.load(said, strict=True)
            is_granted = response["status"]["status"].native in ("granted", "granted_with_mods")
            token = response["token"]
            if is_granted:
                told = token["content"]["encap_content_info"]["content"].parsed
                roots = [each for pem in self.roots for each in load_certs_from_pemder_data(pem)]
                context = ValidationContext(trust_roots=roots, allow_fetching=False)
                found = await validate_tst_signed_data(token["content"], context, lambda _name: digest)
                status = TimestampSignatureStatus(**found)
                is_ours = status.valid and status.intact and told["nonce"].native == nonce
        except Exception as problem:  # asn1crypto and pyHanko stumble in many ways
            raise Missing("rubbish") from problem
        if not is_granted:
            raise Missing("refused")
        if not is_ours:
            raise Missing("rubbish")
        if not status.trusted:
            raise Missing("untrusted")
        self.facts = {"at": status.timestamp.isoformat(), "authority": status.signing_cert.subject.human_friendly}
        return token
