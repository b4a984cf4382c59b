"""What the full validation of a round's signed PDF found, in words: which signatures are certified, and what is wrong.

How a signature was given (its way) and what its certificate is worth are two things. The way is what was done on the day;
"certified" says only the validation, by the authority that the certificate leads to.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.signing import names
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import Signature, SigningRound, Way
from praja.foundation.signing.pdf import validating
from praja.foundation.signing.pdf.validating import PdfResult, PdfSignature

JOB = "signing.check_pdf"
SOON = timedelta(seconds=10)  # signatures that follow each other this fast are validated together
AT_ONCE, MOST_LOOKED_AT = 20, 500  # rounds that the clock asks about in one go, and looks at


class Certified(StrEnum):
    """What can be said of a signature's certificate."""

    INK = "ink"  # there is none
    YES = "yes"  # it leads to a root of BSrE
    NO = "no"  # Praja's own authority
    IMITATION = "imitation"  # the fake gateway of a demonstration
    UNKNOWN = "unknown"  # whole, but its authority is not known here
    PENDING = "pending"  # not validated yet


LABELS: dict[Certified, Promise] = {
    Certified.INK: gettext_lazy("in ink"),
    Certified.YES: gettext_lazy("certified (BSrE)"),
    Certified.NO: gettext_lazy("not certified"),
    Certified.IMITATION: gettext_lazy("imitation, not certified"),
    Certified.UNKNOWN: gettext_lazy("certified: not confirmed"),
    Certified.PENDING: gettext_lazy("being checked"),
}
PROBLEMS: dict[str, Promise] = {
    "altered": gettext_lazy("a signature is damaged, or what it covers was altered"),
    "not-covered": gettext_lazy("a signature does not cover all of the document as it was"),
    "changed": gettext_lazy("something else than signatures was added later"),
    "appended": gettext_lazy("bytes stand behind the last signature"),
    "time-stamp": gettext_lazy("a time stamp does not hold"),
    "expired": gettext_lazy("a certificate has ended since"),
    "revoked": gettext_lazy("a certificate had been taken back before it signed"),
    "not-valid": gettext_lazy("a signature does not hold"),
    "unreadable": gettext_lazy("the PDF cannot be read"),
    "encrypted": gettext_lazy("the PDF is enciphered"),
    "no-signatures": gettext_lazy("the PDF bears no signature"),
    "too-large": gettext_lazy("the PDF is too large to be validated"),
    "too-many": gettext_lazy("the PDF has been through too many states to be validated"),
}


@dataclass(frozen=True)
class FullCheck:
    """The round, and what the validation of its newest signed PDF said; without a result it is still to be made."""

    round: SigningRound
    kept: validating.Kept | None

    @property
    def result(self) -> PdfResult | None:
        """What was found."""
        return self.kept.result if self.kept else None

    @property
    def made_at(self) -> datetime | None:
        """When."""
        return self.kept.made_at if self.kept else None

    @property
    def is_needed(self) -> bool:
        """Whether there is an electronic signature to be validated."""
        return self.round.revision > 0

    @property
    def is_damaged(self) -> bool:
        """Whether it found anything else than what concerns trust alone."""
        return self.result is not None and (not self.result.is_whole or bool(self._of_count()))

    def found(self, signature: Signature) -> PdfSignature | None:
        """What it said of this signature, when it speaks of the same certificate."""
        all_found = self.result.signatures if self.result else []
        at = (signature.revision or 0) - 1
        one = all_found[at] if 0 <= at < len(all_found) else None
        is_same = one is not None and one.certificate.get("serial") == signature.certificate.get("serial")
        return one if is_same else None

    def certified(self, signature: Signature) -> Certified:
        """What can be said of the certificate. Praja's own way is never certified; the gateway's only when it is found so."""
        if signature.way == Way.WET:
            return Certified.INK
        found = self.found(signature)
        if signature.way == Way.OWN or (found and found.trust == "own"):
            return Certified.NO
        if _is_imitation(signature):
            return Certified.IMITATION
        if self.result is None:
            return Certified.PENDING
        return Certified.YES if found and found.is_whole and found.trust == "bsre" else Certified.UNKNOWN

    def why_unknown(self, signature: Signature) -> str:
        """Why "certified" cannot be confirmed of this signature."""
        found, issuer = self.found(signature), signature.certificate.get("issuer", "–")
        if found is None or not found.is_whole:
            return _("The validation did not find this signature whole in the document.")
        if not settings.BSRE_ROOTS:
            return _(
                "This Praja has not been given the root certificates of BSrE, so it cannot tell whether “%(issuer)s” belongs to BSrE."
            ) % {"issuer": issuer}
        return _("Its certificate comes from “%(issuer)s”, which leads to no root certificate of BSrE.") % {
            "issuer": issuer
        }

    def sentence(self) -> str:
        """What the validation found, in a sentence; "being checked" until it is made, nothing where none is needed."""
        if not self.is_needed:
            return ""
        if self.result is None:
            return _("The electronic signatures are being checked; the result stands here in a few minutes.")
        if problems := self.problems():
            return _("The validation of the electronic signatures found: %(problems)s.") % {
                "problems": "; ".join(problems)
            }
        count = len(self.result.signatures)
        if self.result.is_valid:
            words = ngettext(
                "The validation found the %(count)s electronic signature valid.",
                "The validation found all %(count)s electronic signatures valid.",
                count,
            )
        else:
            words = ngettext(
                "The validation found the %(count)s electronic signature whole; not every authority is known here.",
                "The validation found all %(count)s electronic signatures whole; not every authority is known here.",
                count,
            )
        return words % {"count": count}

    def problems(self) -> list[str]:
        """What it found wrong; that an authority is not known here is told of each signature instead."""
        keys = self.result.problems if self.result else []
        return [*self._of_count(), *(str(PROBLEMS.get(key, key)) for key in keys if key != "unknown-trust")]

    def _of_count(self) -> list[str]:
        found = len(self.result.signatures) if self.result else self.round.revision
        if found == self.round.revision:
            return []
        return [_("%(found)s signatures instead of %(count)s") % {"found": found, "count": self.round.revision}]


def of_round(round_: SigningRound) -> FullCheck:
    """What is known of the round's newest signed PDF; reads only."""
    signed = round_.signed if round_.revision else None
    return FullCheck(round_, validating.kept_of(signed.sha256) if signed else None)


def told(check: FullCheck, signature: Signature) -> dict[str, str]:
    """What a page says of one signature: "certified" and its label, and "note" for the secretariat about the certificate."""
    certified = check.certified(signature)
    return {
        "certified": str(certified),
        "certified_label": str(LABELS[certified]),
        "note": names.what_to_do(signature.validation),
    }


def counted(certificates: Counter[Certified]) -> str:
    """What so many certificates are worth, in words: "certified (BSrE)", or "19 certified (BSrE) · 1 being checked"."""
    if len(certificates) == 1:
        return str(LABELS[next(iter(certificates))])
    return " · ".join(f"{certificates[sort]} {LABELS[sort]}" for sort in Certified if certificates[sort])


def ask(signed: StoredFile) -> None:
    """Have this state of a round's PDF validated soon; belongs into the transaction that stores it."""
    job = later(JOB, signed.pk, key=f"{JOB} {signed.pk}", organisation_path=signed.organisation_path)
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(due_at=timezone.now() + SOON)


def is_superseded(signed: StoredFile) -> bool:
    """Whether this is a state of a round that has a newer one, which is asked about itself."""
    states = Signature.objects.filter(file=signed, revision__isnull=False)
    return states.exists() and not SigningRound.objects.filter(signed=signed).exists()


def ask_again() -> None:
    """Ask about the rounds of which nothing is kept that still counts: other roots, a certificate that ended, a failed job.

    At most once a day for each state of a PDF, so that what cannot be validated does not keep the worker busy.
    """
    fresh, today = timezone.now() - SOON * 6, timezone.localdate()
    known = validating.counting().values("sha256")
    rows = SigningRound.objects.filter(revision__gt=0, updated_at__lt=fresh).exclude(signed__sha256__in=known)
    keys = {f"{JOB} {pk} {today}": pk for pk in rows.order_by("-pk").values_list("signed", flat=True)[:MOST_LOOKED_AT]}
    asked = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    due = {pk: key for key, pk in keys.items() if key not in asked}
    for signed in StoredFile.objects.filter(pk__in=list(due)[:AT_ONCE]):
        later(JOB, signed.pk, key=due[signed.pk], organisation_path=signed.organisation_path)


def _is_imitation(signature: Signature) -> bool:
    return signature.certificate.get("issuer") == fake.AUTHORITY and is_demonstration()
