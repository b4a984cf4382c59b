"""The public check of a signed document: anybody, on any telephone, without an account."""

import re
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from praja.foundation.documents.codes import ALPHABET
from praja.foundation.documents.models import Edition
from praja.foundation.files.views import attachment
from praja.foundation.signing.checking import full_check, verification
from praja.foundation.signing.checking.full_check import Certified, FullCheck
from praja.foundation.signing.checking.uploads import Kind, Verdict, of_upload
from praja.foundation.signing.models import GIVEN, Signature, SigningRound, Way
from praja.foundation.ui.formats import date_time, long_date

BINDING = (Edition.Status.FINAL, Edition.Status.ENACTED)  # what everybody may have
# A NIP: day of birth, month of appointment, 1 or 2, and a number; a NIK has 16 digits.
PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{8} ?(?:19|20)\d{4} ?[12] ?\d{3}|\d{16})(?![0-9A-Za-z])")
NUMBERS = ("nip", "NIP", "NIK")  # what stands beside such a number; quicker to look for
HALF = 4  # signs of a code before its dash
TONES = {Kind.KNOWN: "success", Kind.EARLIER: "attention", Kind.ALTERED: "danger", Kind.UNKNOWN: "warning"}
LOOKS = {
    Certified.YES: ("shield-check", "success"),
    Certified.IMITATION: ("signature", "attention"),
    Certified.UNKNOWN: ("triangle-alert", "warning"),
    Certified.PENDING: ("clock", "neutral"),
    Certified.NO: ("signature", "attention"),
    Certified.INK: ("pencil", "information"),
}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """One round: what was signed, by whom, how, and whether all is unchanged; a file can be compared with it."""
    one = _round(code)
    if one is None:
        return _unknown_code(request, code)
    if one.code != code:
        return redirect("verify", one.code)
    verdict, problem = _answer(request, one)
    context = {**_facts(one), "verdict": verdict, "problem": problem, "tone": TONES[verdict.kind] if verdict else ""}
    return render(request, "signing/verify.html", context, status=422 if problem else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_upload(request: HttpRequest) -> HttpResponse:
    """A code typed by hand, or a file of which nobody knows where it belongs."""
    if request.method != "POST" and (typed := request.GET.get("kode", "").strip()):
        one = _round(typed)
        return redirect("verify", one.code) if one else _unknown_code(request, typed)
    verdict, problem = _answer(request, None)
    context = {
        "verdict": verdict,
        "problem": problem,
        "tone": TONES[verdict.kind] if verdict else "",
        "limit": _limit(),
    }
    return render(request, "signing/verify_upload.html", context, status=422 if problem else 200)


@login_not_required
@require_safe
def verify_document(request: HttpRequest, code: str) -> FileResponse:
    """The PDF of the edition without its signatures, where it is final or enacted and names no personal number."""
    del request
    one = _round(code)
    if one is None or one.edition.pdf is None or not _is_public(one.edition):
        raise Http404
    try:
        return attachment(one.edition.pdf)
    except FileNotFoundError as problem:
        raise Http404 from problem


def _is_public(edition: Edition) -> bool:
    """Whether everybody may have the document itself."""
    if edition.status not in BINDING or edition.pdf_id is None:
        return False
    text = edition.content
    return not (any(word in text for word in NUMBERS) and PERSONAL_NUMBER.search(text))


def _round(typed: str) -> SigningRound | None:
    """The round of a code, however it was typed: small letters, without its dash, with spaces."""
    signs = "".join(sign for sign in typed[:40].upper() if sign in ALPHABET)
    return verification.rounds().filter(code=f"{signs[:HALF]}-{signs[HALF:]}").first()


def _unknown_code(request: HttpRequest, typed: str) -> HttpResponse:
    context = {"typed": typed[:20], "limit": _limit()}
    return render(request, "signing/verify_upload.html", context, status=404)


def _answer(request: HttpRequest, near: SigningRound | None) -> tuple[Verdict | None, str]:
    """What the file is that was sent, or the sentence why it was not looked at."""
    if request.method != "POST":
        return None, ""
    if not ratelimit.consume(request, action="verify_place"):
        return None, _("Very many files were checked from here. Wait a quarter of an hour, then try again.")
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return None, _("Choose the file that you were given, then press the button again.")
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        return None, _("This file is larger than %(limit)s, so it is none of Praja's documents.") % {"limit": _limit()}
    return of_upload(upload.read(), near), ""


def _limit() -> str:
    return f"{settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)} MB"


# --- what the page says -----------------------------------------------------------------------------------------------


def _facts(one: SigningRound) -> dict[str, Any]:
    """All that the page of a round shows; nothing personal but names and offices of those who signed."""
    proof, check = verification.state_of(one), full_check.of_round(one)
    edition = one.edition
    entries = sorted(entry.row.seq for entry in proof.entries.values())
    return {
        "round": one,
        "region": one.plan.government.name,
        "is_unchanged": proof.is_unchanged and not check.is_damaged,
        "problems": proof.all_problems,
        "checked": check.sentence(),
        "checked_at": date_time(check.made_at, str(one.plan.time_zone)) if check.made_at else "",
        "groups": _groups(proof, check),
        "count": len(proof.signed),
        "of": len(proof.places),
        "facts": [
            (_("Document"), edition.title),
            (_("Region"), one.plan.government.name),
            (_("Edition"), f"{edition.number}, {long_date(edition.dated_on)} ({edition.get_status_display()})"),
            *([(_("Number of the paper"), one.number)] if one.number else []),
            *([(_("Place of the signing"), one.place)] if one.place else []),
            *([(_("Day of the signing"), long_date(one.held_on))] if one.held_on else []),
        ],
        "fingerprints": _fingerprints(one),
        "first_entry": entries[0] if entries else None,
        "last_entry": entries[-1] if entries else None,
        "log": _log(),
        "has_document": _is_public(edition),
        "limit": _limit(),
    }


def _groups(proof: verification.Proof, check: FullCheck) -> list[dict[str, Any]]:
    """The signatures by their way and by what their certificates are worth, so that none can be mistaken for another."""
    found: dict[tuple[Certified, str, str], list[dict[str, Any]]] = {}
    for place in proof.signed:
        assert place.signature is not None
        certified = check.certified(place.signature)
        why = check.why_unknown(place.signature) if certified == Certified.UNKNOWN else ""
        found.setdefault((certified, place.signature.way, why), []).append(_row(place, proof.round))
    groups = []
    for certified, way, why in sorted(found, key=lambda key: (list(LOOKS).index(key[0]), key[1:])):
        icon, tone = LOOKS[certified]
        title, text = _words(certified)
        rows = found[certified, way, why]
        given = _("Given %(way)s.") % {"way": GIVEN[way]} if certified != Certified.INK else ""
        text = " ".join(part for part in (text, why, given) if part)
        groups.append({"title": title, "text": text, "icon": icon, "tone": tone, "rows": rows})
    return groups


def _words(certified: Certified) -> tuple[str, str]:
    """The heading of such signatures, and what it means."""
    match certified:
        case Certified.YES:
            return (
                _("Certified electronic signatures (BSrE)"),
                _("Made with certificates of the state's certificate authority. They have legal force as the law says it."),
            )  # fmt: skip
        case Certified.IMITATION:
            return (
                _("Imitation of certified electronic signatures"),
                _("This is a demonstration: an imitated gateway made them, and no state authority stands behind them."),
            )
        case Certified.UNKNOWN:
            return (
                _("Electronic signatures: whether they are certified could not be confirmed"),
                _("Whose certificates these are is not known here."),
            )
        case Certified.PENDING:
            return (
                _("Electronic signatures: being checked"),
                _("Whether they are certified stands here as soon as their certificates have been validated."),
            )
        case Certified.NO:
            return (
                _("Praja's own electronic signatures: not certified"),
                _("They show who signed in Praja and that nothing changed since. No state authority stands behind them."),
            )  # fmt: skip
        case Certified.INK:
            return (
                _("Signatures in wet ink"),
                _(
                    "Given with a pen on the printed sheet. The scan was confirmed by a second person and is not public."
                ),
            )


def _row(place: verification.Place, one: SigningRound) -> dict[str, Any]:
    """One line: office, name, when, and what it rests on."""
    signature = place.signature
    assert signature is not None  # _groups asks for places that were signed
    return {
        "office": signature.position_title,
        "name": signature.person_name,
        "when": _when(signature, one),
        "is_witness": place.signatory.role == place.signatory.Role.WITNESS,
        "basis": signature.basis if signature.is_on_behalf else signature.decree,
        "problems": place.problems,
    }


def _when(signature: Signature, one: SigningRound) -> str:
    """The day of a signature in wet ink, the moment of an electronic one, in the region's time."""
    moment = signature.signed_at.astimezone(one.plan.time_zone)
    if signature.way == Way.WET:
        return long_date(moment.date())
    return str(date_time(signature.signed_at, str(one.plan.time_zone)))


def _fingerprints(one: SigningRound) -> list[tuple[str, str]]:
    """The hashes that anybody can compute again, in groups of eight."""
    found = [(_("Frozen text (edition)"), one.edition.sha256)]
    if one.revision:
        found.append((_("Signed document (PDF)"), one.head.sha256))
    return [(label, " ".join(digest[start : start + 8] for start in range(0, 64, 8))) for label, digest in found]


def _log() -> str:
    """The address of the public log."""
    try:
        return reverse("public-log")
    except NoReverseMatch:
        return ""
