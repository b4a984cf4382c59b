"""The second generation of the e-sign gateway: JSON in, JSON out; by NIK or e-mail, with a passphrase or a one-time code."""

import base64
import binascii
from typing import Any

from django.views.decorators.debug import sensitive_variables

from praja.foundation.signing.gateway.asking import (
    MOST_ADDED_BYTES,
    SHORT_SECONDS,
    SIGN_SECONDS,
    SMALL_BYTES,
    VERIFY_SECONDS,
    Answer,
)
from praja.foundation.signing.gateway.client import (
    Client,
    Place,
    Verdict,
    added_to,
    nik_of,
    raise_unless_can_sign,
    raise_unless_ok,
    verdict_of,
)
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secrets


class SecondGeneration(Client):
    """`/api/v2/…`: several files at once, of which Praja sends one."""

    has_codes = True
    takes_email = True

    @sensitive_variables()
    def check(self, secrets: Secrets) -> None:
        """Ask whether this person can sign."""
        raise_unless_can_sign(self._ask("/user/check/status", _who(secrets)))

    @sensitive_variables()
    def ask_code(self, secrets: Secrets, *, documents: int = 1) -> None:
        """Have a code sent to this person."""
        raise_unless_ok(self._ask("/sign/get/totp", {**_who(secrets), "data": documents}))

    @sensitive_variables()
    def sign(self, pdf: bytes, secrets: Secrets, place: Place | None, *, reason: str, location: str) -> bytes:
        """Send the PDF in base64; the answer has to hold exactly one file."""
        properties: dict[str, Any] = {"tampilan": "INVISIBLE", "location": location, "reason": reason}
        if place:
            properties |= {
                "tampilan": "VISIBLE",
                "imageBase64": _text(place.picture),
                "page": place.page,
                "originX": place.box.x0,
                "originY": place.box.y0,
                "width": place.box.width,
                "height": place.box.height,
            }
        shown = {"totp": secrets.code.reveal()} if secrets.code else {"passphrase": secrets.passphrase.reveal()}
        body = {**_who(secrets), **shown, "signatureProperties": [properties], "file": [_text(pdf)]}
        most = (len(pdf) + MOST_ADDED_BYTES) * 4 // 3 + SMALL_BYTES
        answer = self._ask("/sign/pdf", body, seconds=SIGN_SECONDS, most_bytes=most)
        raise_unless_ok(answer)
        return added_to(pdf, _only_file(answer))

    def verify(self, pdf: bytes) -> Verdict:
        """Send the PDF in base64."""
        return verdict_of(self._ask("/verify/pdf", {"file": _text(pdf), "password": ""}, seconds=VERIFY_SECONDS))

    @sensitive_variables()
    def _ask(
        self, path: str, body: dict[str, Any], *, seconds: float = SHORT_SECONDS, most_bytes: int = SMALL_BYTES
    ) -> Answer:
        return self.door.ask("POST", f"/api/v2{path}", seconds=seconds, most_bytes=most_bytes, json=body)


@sensitive_variables()
def _who(secrets: Secrets) -> dict[str, str]:
    return {"nik": nik_of(secrets)} if secrets.nik else {"email": secrets.email.reveal()}


def _text(pdf: bytes) -> str:
    return base64.b64encode(pdf).decode()


def _only_file(answer: Answer) -> bytes:
    files = answer.json().get("file")
    if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
        raise GatewayError(Problem.RUBBISH)
    try:
        return base64.b64decode(files[0], validate=True)
    except (binascii.Error, ValueError):
        raise GatewayError(Problem.RUBBISH) from None
