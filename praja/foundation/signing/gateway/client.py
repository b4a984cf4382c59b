"""What Praja asks of a gateway, whichever generation it is, and how an answer is judged before anybody believes it."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from django.views.decorators.debug import sensitive_variables

from praja.foundation.accounts import ciphers
from praja.foundation.signing.gateway.asking import OK, Answer, Door
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Gateway
from praja.foundation.signing.paper.layout import Box

PURPOSE = "signing gateway"  # of the cipher of its secret
NIK = re.compile(r"\d{16}")
CAN_SIGN = "ISSUE"
RENEW = frozenset({"EXPIRED", "RENEW"})
UNAUTHORISED, TOO_MANY, UNAVAILABLE = 401, 429, 503
# What gateways say, in the order in which it is looked for; a text that says none of this is "declined".
WORDS: tuple[tuple[Problem, re.Pattern[str]], ...] = (
    (Problem.PASSPHRASE, re.compile(r"pass\s*phrase|kata sandi|password", re.IGNORECASE)),
    (Problem.CODE, re.compile(r"\b[t]?otp\b|one.?time|kode", re.IGNORECASE)),
    (Problem.EXPIRED, re.compile(r"kadalu?w?arsa|kedaluwarsa|expired|masa berlaku", re.IGNORECASE)),
    (
        Problem.NOT_REGISTERED,
        re.compile(r"terdaftar|regist|not found|tidak ditemukan|belum memiliki|revoke|suspend", re.IGNORECASE),
    ),
    (Problem.BUSY, re.compile(r"sibuk|busy|antri|too many", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Place:
    """Where the visible signature goes: a page of the PDF from 1, a box on it, a PNG to show there."""

    page: int
    box: Box
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Seen:
    """One signature as the gateway sees it."""

    signer: str
    field: str
    is_integral: bool
    time_stamp: Any = None


@dataclass(frozen=True)
class Verdict:
    """What the gateway says of a PDF; our own validation is what counts."""

    conclusion: str
    signatures: list[Seen]


class Client(ABC):
    """A gateway that can be asked. Everything it raises is a GatewayError, and nothing it raises or logs holds a secret."""

    has_codes = False  # whether somebody may sign with a one-time code
    takes_email = False  # whether somebody is known by e-mail as well as by NIK

    def __init__(self, door: Door) -> None:
        self.door = door

    @abstractmethod
    def check(self, secrets: Secrets) -> None:
        """Return when this person can sign now; raises GatewayError (expired, not registered, ...)."""

    @abstractmethod
    def ask_code(self, secrets: Secrets, *, documents: int = 1) -> None:
        """Have a one-time code for so many documents sent to this person; raises GatewayError."""

    @abstractmethod
    def sign(self, pdf: bytes, secrets: Secrets, place: Place | None, *, reason: str, location: str) -> bytes:
        """The PDF with one signature more, its beginning the bytes that were sent; without a place nothing is seen of it.

        Raises GatewayError.
        """

    @abstractmethod
    def verify(self, pdf: bytes) -> Verdict:
        """What the gateway says of a signed PDF; raises GatewayError."""


@sensitive_variables()
def client_of(gateway: Gateway) -> Client:
    """What speaks with this gateway; raises GatewayError when its secret cannot be read any more."""
    from praja.foundation.signing.gateway.v1 import FirstGeneration
    from praja.foundation.signing.gateway.v2 import SecondGeneration

    try:
        secret = ciphers.deciphered(PURPOSE, gateway.secret) if gateway.secret else ""
    except ciphers.Unreadable:  # SECRET_KEY was changed: the secretariat types it again
        raise GatewayError(Problem.LOGIN) from None
    door = Door(gateway.address, gateway.username, Secret(secret))
    return FirstGeneration(door) if gateway.api == Gateway.Api.V1 else SecondGeneration(door)


def added_to(pdf: bytes, answer: bytes) -> bytes:
    """The answer, when it is the PDF that was sent with something appended; raises GatewayError (rubbish)."""
    added = len(answer) - len(pdf)
    if added <= 0 or not pdf.startswith(b"%PDF-") or not answer.startswith(pdf) or b"%%EOF" not in answer[-1024:]:
        raise GatewayError(Problem.RUBBISH)
    return answer


@sensitive_variables()
def raise_unless_ok(answer: Answer) -> None:
    """Nothing for an answer of 200; else GatewayError with what the gateway seems to mean."""
    if answer.status == OK:
        return
    if answer.status == UNAUTHORISED and not _words_of(answer):
        raise GatewayError(Problem.LOGIN)
    raise GatewayError(_meant(answer))


def _meant(answer: Answer) -> Problem:
    words = _words_of(answer)
    for problem, pattern in WORDS:
        if pattern.search(words):
            return problem
    if answer.status in (TOO_MANY, UNAVAILABLE):
        return Problem.BUSY
    if answer.status == UNAUTHORISED:
        return Problem.LOGIN
    return Problem.DECLINED if words else Problem.RUBBISH


def _words_of(answer: Answer) -> str:
    """What the gateway gives as reason; empty when it gives none in a way that is understood."""
    try:
        said = answer.json()
    except GatewayError:
        return ""
    found = [said.get(key) for key in ("error", "message", "status", "description")]
    return " ".join(one for one in found if isinstance(one, str))[:2000]


def raise_unless_can_sign(answer: Answer) -> None:
    """Nothing when the status says that this person can sign; else GatewayError."""
    if answer.status != OK:
        raise_unless_ok(answer)
    status = answer.json().get("status")
    if not isinstance(status, str):
        raise GatewayError(Problem.RUBBISH)
    if status.upper() in RENEW:
        raise GatewayError(Problem.EXPIRED)
    if status.upper() != CAN_SIGN:
        raise GatewayError(Problem.NOT_REGISTERED)


def verdict_of(answer: Answer) -> Verdict:
    """The answer to a question of verification; the key of the time stamp is taken in both of its spellings."""
    raise_unless_ok(answer)
    said = answer.json()
    listed = said.get("signatureInformations", [])
    if not isinstance(said.get("conclusion"), str) or not isinstance(listed, list):
        raise GatewayError(Problem.RUBBISH)
    return Verdict(said["conclusion"], [_seen(one) for one in listed])


def _seen(said: Any) -> Seen:
    if not isinstance(said, dict):
        raise GatewayError(Problem.RUBBISH)
    return Seen(
        signer=str(said.get("signerName", ""))[:200],
        field=str(said.get("fieldName", ""))[:200],
        is_integral=said.get("integrityValid") is True,
        time_stamp=said.get("timestampInfomation", said.get("timestampInformation")),
    )


@sensitive_variables()
def nik_of(secrets: Secrets) -> str:
    """The NIK, sixteen digits and nothing else, since it goes into an address; raises GatewayError (not registered)."""
    nik = secrets.nik.reveal()
    if not NIK.fullmatch(nik) or not nik.isascii():
        raise GatewayError(Problem.NOT_REGISTERED)
    return nik
