"""What a PDF's signatures are worth: whole or altered, what came after them, whose they are. Judged by pyHanko in a child."""

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about a PDF, and when it was found."""

    result: PdfResult
    made_at: datetime


def check(pdf: bytes) -> PdfResult:
    """What the PDF's signatures are worth; never raises for what the file is. It may take seconds: call it in jobs."""
    return _with_revoked(_judged(pdf))


def _judged(pdf: bytes) -> PdfResult:
    """The same, whatever certificates were taken back since."""
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
    result = _judged(content)
    if not {"too-slow", "too-heavy"} & set(result.problems):  # another time there may be room
        now = timezone.now()
        ends = [datetime.fromisoformat(each.certificate["not_after"]) for each in result.signatures if each.certificate]
        until = min((end for end in ends if end > now), default=None)
        values = {"result": result.as_json(), "made_with": _made_with(), "made_at": now, "counts_until": until}
        PdfCheck.objects.update_or_create(sha256=sha256, defaults=values)
    return _with_revoked(result)


def known_of(sha256: str) -> PdfResult | None:
    """What is kept about a PDF of this hash, when it still counts."""
    kept = kept_of(sha256)
    return kept.result if kept else None


def kept_of(sha256: str) -> Kept | None:
    """The same, with when it was found."""
    stored = counting().filter(sha256=sha256).first()
    return Kept(_with_revoked(PdfResult.from_json(stored.result)), stored.made_at) if stored else None


def counting() -> QuerySet[PdfCheck]:
    """What is kept and still counts."""
    until = Q(counts_until=None) | Q(counts_until__gt=timezone.now())
    return PdfCheck.objects.filter(until, made_with=_made_with())


def _with_revoked(result: PdfResult) -> PdfResult:
    """What was found, with the certificates of Praja's own that were taken back before they signed.

    It is asked each time, so that taking one back needs no PDF to be validated anew.
    """
    serials = {each.certificate.get("serial", "") for each in result.signatures if each.trust == "own"}
    if not serials:
        return result
    rows = SignerCertificate.objects.filter(serial__in=serials).exclude(revoked_at=None)
    ends = {serial: at for serial, at in rows.values_list("serial", "revoked_at") if at}
    signatures = [
        replace(each, is_valid=False, problems=[*each.problems, "revoked"]) if _is_too_late(each, ends) else each
        for each in result.signatures
    ]
    if signatures == result.signatures:
        return result
    return replace(result, is_valid=False, problems=[*result.problems, "revoked"], signatures=signatures)


def _is_too_late(signature: PdfSignature, ends: dict[str, datetime]) -> bool:
    """Whether its certificate had been taken back when it was given; a trusted time stamp says that best."""
    end = ends.get(signature.certificate.get("serial", "")) if signature.trust == "own" else None
    stamp = signature.time_stamp
    at = stamp["at"] if stamp.get("is_trusted") else signature.at
    return end is not None and ((moment := _moment(at)) is None or moment >= end)


def _moment(said: str) -> datetime | None:
    """When a file says something was; without a time zone in UTC, None where it says nothing that can be read."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _not_checked(problem: str) -> PdfResult:
    return PdfResult(is_valid=False, is_whole=False, problems=[problem])


def _trust() -> dict[str, list[str]]:
    """What pdf_process.Trust takes."""
    return {
        "own": [pem.decode() for pem in authority.own_roots()],
        "bsre": [settings.BSRE_ROOTS.read_text()] if settings.BSRE_ROOTS else [],
        "time_stamps": [pem.decode() for pem in time_stamps.roots()],
    }


def _made_with() -> str:
    trusted = hashlib.sha256(json.dumps(_trust()).encode()).hexdigest()[:16]
    return f"{_versions()}, rules {RULES}, {trusted}"


@cache
def _versions() -> str:
    return f"pyhanko {version('pyhanko')}, certvalidator {version('pyhanko-certvalidator')}"
