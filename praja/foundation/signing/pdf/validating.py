"""What a PDF's signatures are worth: whole or altered, what came after them, whose they are. Judged by pyHanko in a child."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from praja.foundation.files import surroundings
from praja.foundation.signing.models import PdfCheck, SignerCertificate
from praja.foundation.signing.pdf import authority, time_stamps

RULES = 1  # goes up when the same PDF is to be judged anew
SECONDS = 120
LONGEST = 64 * 1024 * 1024  # bytes
_PROCESS = Path(__file__).with_name("pdf_process.py")


class NotThatContent(Exception):
    """What the storage gave is not what the hash says."""


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """One signature in a PDF."""

    field: str
    name: str  # of who signed, by the certificate
    position: int  # in the order of signing, from 1
    at: str  # ISO, as the signer said; a time stamp says it better
    ranges: list[int]  # the signed bytes: start, length, start, length
    covers_whole: bool  # all of the file as it was when it was signed
    integrity: bool  # not one byte of it has changed since
    modified: (
        str  # what later updates did: "none", "lta_updates", "form_filling" (signatures do that), "other", "unknown"
    )
    trust: str  # "own" (Praja's authority), "bsre" or "unknown"
    certificate: dict[str, str]  # subject, issuer, serial, not_before, not_after
    time_stamp: dict[str, Any]  # at, authority, is_trusted; or empty
    is_valid: bool  # pyHanko's bottom line, and what it leaves open
    is_whole: bool  # as it was given, whoever gave it
    problems: list[str]  # keys: altered, not-covered, changed, time-stamp, unknown-trust, expired, revoked, not-valid


@dataclass(frozen=True, slots=True)
class Revision:
    """A state that the file has been in: its first `length` bytes. `field` is what was signed by it, if anything was."""

    length: int
    sha256: str
    field: str


@dataclass(frozen=True, slots=True)
class PdfResult:
    """What is to be said of a PDF. Whether signatures were taken off its end only the caller knows: it compares.

    `problems` holds those of all signatures, and of the file: "unreadable", "encrypted", "no-signatures", "appended" (bytes
    after the last signature), "too-large", "too-many", "too-slow", "too-heavy".
    """

    is_valid: bool
    is_whole: bool  # nothing was altered since it was signed, whoever signed
    problems: list[str]
    signatures: list[PdfSignature] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    changes: str = ""  # what pyHanko says came to the file that is no signature, for experts

    def as_json(self) -> dict[str, Any]:
        """What PdfCheck and Signature.validation keep."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "PdfResult":
        """The same again; raises TypeError or KeyError when it is something else."""
        signatures = [PdfSignature(**each) for each in stored["signatures"]]
        revisions = [Revision(**each) for each in stored["revisions"]]
        return cls(**(stored | {"signatures": signatures, "revisions": revisions}))


def check(pdf: bytes) -> PdfResult:
    """What the PDF's signatures are worth; never raises for what the file is. It may take seconds: call it in jobs."""
    if len(pdf) > LONGEST:
        return _not_checked("too-large")
    if not pdf.startswith(b"%PDF-"):
        return _not_checked("unreadable")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS)],
            input=b"%s\n%s" % (json.dumps(_trust()).encode(), pdf),
            capture_output=True, env=surroundings.bare(), timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _not_checked("too-slow")
    if done.returncode == -signal.SIGXCPU:
        return _not_checked("too-slow")
    try:
        return PdfResult.from_json(json.loads(done.stdout))
    except (ValueError, TypeError, KeyError):  # it ended before it could answer
        return _not_checked("too-heavy")


def remembered(sha256: str, load: Callable[[], bytes]) -> PdfResult:
    """The same, kept by the hash of the PDF; `load` gives the content when it has to be checked (anew). Writes: not for GET.

    What is kept counts until the programs, the trusted certificates, or by time the signers' certificates are others.
    Raises NotThatContent, and what `load` raises.
    """
    if (known := known_of(sha256)) is not None:
        return known
    content = load()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotThatContent(sha256)
    result = check(content)
    if not {"too-slow", "too-heavy"} & set(result.problems):  # another time there may be room
        values = {"result": result.as_json(), "made_with": _made_with(), "made_at": timezone.now()}
        PdfCheck.objects.update_or_create(sha256=sha256, defaults=values)
    return result


def known_of(sha256: str) -> PdfResult | None:
    """What is kept about a PDF of this hash, when it still counts."""
    stored = PdfCheck.objects.filter(sha256=sha256, made_with=_made_with()).first()
    if stored is None:
        return None
    result = PdfResult.from_json(stored.result)
    ends = [datetime.fromisoformat(each.certificate["not_after"]) for each in result.signatures if each.certificate]
    is_past = any(stored.made_at < end <= timezone.now() for end in ends)
    return None if is_past else result


def _not_checked(problem: str) -> PdfResult:
    return PdfResult(is_valid=False, is_whole=False, problems=[problem])


def _trust() -> dict[str, list[str]]:
    """What pdf_process.Trust takes."""
    revoked = SignerCertificate.objects.exclude(revoked_at=None).order_by("pk").values_list("serial", flat=True)
    return {
        "own": [pem.decode() for pem in authority.own_roots()],
        "bsre": [settings.BSRE_ROOTS.read_text()] if settings.BSRE_ROOTS else [],
        "time_stamps": [pem.decode() for pem in time_stamps.roots()],
        "revoked": list(revoked),
    }


def _made_with() -> str:
    trusted = hashlib.sha256(json.dumps(_trust()).encode()).hexdigest()[:16]
    return f"{_versions()}, rules {RULES}, {trusted}"


@cache
def _versions() -> str:
    return f"pyhanko {version('pyhanko')}, certvalidator {version('pyhanko-certvalidator')}"
