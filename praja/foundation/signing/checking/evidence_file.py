"""The evidence file of a round: who signed in which office, when, how and by which paper, and what proves it, as a PDF."""

from typing import Any

from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Position
from praja.foundation.documents import blocks as b
from praja.foundation.documents.child import render_in_child
from praja.foundation.signing import names
from praja.foundation.signing.checking import verification
from praja.foundation.signing.checking.full_check import LABELS, PROBLEMS, Certified, FullCheck
from praja.foundation.signing.gateway.problems import SENTENCES, Problem
from praja.foundation.signing.models import SheetScan, Signatory, Signature, SigningAttempt, SigningRound, Way
from praja.foundation.signing.paper import sheets
from praja.foundation.signing.pdf.validating import PdfSignature
from praja.foundation.ui.formats import date_time, long_date

LANGUAGE = "id"  # of the paper, whatever the reader's pages are in
GROUP = 16  # signs of a hash that stand together on paper


def made(check: FullCheck, *, address: str) -> bytes:
    """The PDF of the evidence of a round; `check` holds the round and what its validation said. Raises NotMade."""
    with translation.override(LANGUAGE):
        document = document_of(check, address=address)
    return render_in_child(document, "pdf")


def document_of(check: FullCheck, *, address: str) -> b.Letter:
    """All that proves the signatures of a round; without NIP, NIK and pictures."""
    one = check.round
    proof = verification.state_of(one)
    region = one.plan.government.region
    blocks: list[b.AnyBlock] = [
        b.Facts(_of_round(one)),
        b.KeyFigures(_figures(proof, check)),
        *_verdict(proof, check),
        b.Heading(2, _("Who signed"), numbered=False),
        _overview(proof, check),
        b.Heading(2, _("Each signature"), numbered=False),
    ]
    for number, place in enumerate(proof.signed, start=1):
        assert place.signature is not None
        blocks.append(b.Heading(3, f"{number}. {place.signature.position_title}", numbered=False))
        blocks.append(b.Facts(_of_signature(place.signature, proof, check)))
    blocks += [*_not_signed(one), *_attempts(one), *_scans(one), _log(proof), *_how_to_check(one, address)]
    return b.Letter(
        title=_("Evidence file of a signing"),
        subtitle=one.title,
        region_name=region.name if region else one.plan.government.name,
        region_kind=str(region.get_kind_display()) if region else "",
        year=str((one.held_on or one.plan.today).year),
        made_at=timezone.localtime(timezone=one.plan.time_zone),
        blocks=blocks,
        is_demonstration=is_demonstration(),
        language=LANGUAGE,
        letterhead=[one.plan.government.name],
        number=one.number or "–",
        code=one.code,
        link=sheets.public_page(address, one.code),
    )


# --- parts ------------------------------------------------------------------------------------------------------------


def _of_round(one: SigningRound) -> list[tuple[str, str]]:
    edition = one.edition
    facts = [
        (_("Document"), edition.title),
        (_("Edition"), f"{edition.number}, {long_date(edition.dated_on)} ({edition.get_status_display()})"),
        (_("Hash of the frozen text (SHA-256)"), _grouped(edition.sha256)),
        (_("Place of the signing"), one.place or "–"),
        (_("Day of the signing"), long_date(one.held_on) if one.held_on else "–"),
        (_("State"), str(one.get_state_display())),
        (_("Opened"), _by_and_at(one, one.opened_by, one.opened_at)),
        (_("Ended"), _by_and_at(one, one.ended_by, one.ended_at)),
    ]
    if one.end_reason:
        facts.append((_("Reason"), one.end_reason))
    if one.original:
        facts.append((_("Hash of the original PDF"), _grouped(one.original.sha256)))
    if one.revision:
        facts.append((_("Hash of the signed PDF"), _grouped(one.head.sha256)))
    return facts


def _figures(proof: verification.Proof, check: FullCheck) -> list[tuple[str, str]]:
    found = [check.certified(place.signature) for place in proof.signed if place.signature]
    of = _("%(part)s of %(whole)s") % {"part": len(found), "whole": len(proof.places)}
    always = (Certified.YES, Certified.INK)
    counts = [(found.count(one), str(label)) for one, label in LABELS.items() if found.count(one) or one in always]
    return [(of, capfirst(_("have signed"))), *((str(count), capfirst(label)) for count, label in counts)]


def _verdict(proof: verification.Proof, check: FullCheck) -> list[b.AnyBlock]:
    validation = (
        check.sentence() if check.result or not check.is_needed else _("The signed PDF could not be validated.")
    )
    if proof.is_unchanged and not check.is_damaged:
        words = _(
            "When this file was made, text, papers and signatures were as they were given, and stood so in the log."
        )
        return [b.Paragraph(words, "lead"), *([b.Paragraph(validation)] if validation else [])]
    problems = [*proof.all_problems, *([validation] if validation else [])]
    return [b.Missing(_("Careful: not everything is as it was signed."), problems)]


def _overview(proof: verification.Proof, check: FullCheck) -> b.Table:
    rows = [
        (number, place.signature.position_title, place.signature.person_name, _way(place.signature, check))
        for number, place in enumerate(proof.signed, start=1)
        if place.signature
    ]
    columns = [
        b.Column(_("No."), 0.5, "number", "left"), b.Column(_("Office"), 2.4), b.Column(_("Name"), 2), b.Column(_("Way to sign"), 2),
    ]  # fmt: skip
    return b.Table(_("Signatures in the order they were given"), columns, rows, empty_text=_("Nobody has signed yet."))


def _way(signature: Signature, check: FullCheck) -> str:
    """How it was given, and what its certificate is worth: two things."""
    certified, way = check.certified(signature), signature.how
    return way if certified == Certified.INK else f"{way} ({LABELS[certified]})"


def _of_signature(signature: Signature, proof: verification.Proof, check: FullCheck) -> list[tuple[str, str]]:
    """Everything about one signature, as pairs of label and value."""
    one = proof.round
    entry = proof.entries.get(signature.pk)
    facts = [
        (_("Name"), signature.person_name),
        (_("Signed as"), str(signature.signatory.get_role_display())),
        (_("Status of the office"), str(Position.Acting(signature.acting).label)),
    ]
    if signature.decree:
        facts.append((_("Decree"), signature.decree))
    if signature.is_on_behalf:
        days = [long_date(day) if day else "–" for day in (signature.basis_from, signature.basis_until)]
        facts.append((_("On behalf, by"), f"{signature.basis} ({' – '.join(days)})"))
    facts += [
        (_("When"), _moment(one, signature.signed_at, is_day=signature.way == Way.WET)),
        (_("Way to sign"), signature.how),
        (_("Hash before"), _grouped(signature.hash_before)),
        (_("Hash after"), _grouped(signature.hash_after)),
        *(_on_paper(signature, one) if signature.way == Way.WET else _electronic(signature, check)),
        (_("In the log"), _("entry %(number)s") % {"number": entry.row.seq} if entry else _("no entry")),
    ]
    return facts


def _on_paper(signature: Signature, one: SigningRound) -> list[tuple[str, str]]:
    scan = signature.scan
    page = scan.sheet_page if scan else None
    return [
        (_("Scan"), _("page %(page)s of the sheet") % {"page": page or "–"}),
        (_("Handed in"), _by_and_at(one, signature.scanned_by, scan.created_at if scan else None)),
        (_("Confirmed"), _by_and_at(one, signature.confirmed_by, signature.confirmed_at)),
    ]


def _day(moment: str) -> str:
    """The day of a moment in ISO 8601, in words."""
    day = parse_date(moment[:10])
    return long_date(day) if day else "–"


def _electronic(signature: Signature, check: FullCheck) -> list[tuple[str, str]]:
    certificate, stamp = signature.certificate, signature.time_stamp
    valid = " – ".join(_day(certificate.get(name, "")) for name in ("not_before", "not_after"))
    if stamp.get("at"):
        stamped = f"{stamp['at']} ({stamp.get('authority', '–')})"
    else:
        stamped = _("none: the authority did not answer") if stamp.get("missing") else _("none was asked for")
    found, certified = check.found(signature), check.certified(signature)
    worth = str(LABELS[certified])
    if certified == Certified.UNKNOWN:
        worth = f"{worth}. {check.why_unknown(signature)}"
    note = names.what_to_do(signature.validation)
    return [
        (_("Worth of the certificate"), worth),
        (_("Revision of the PDF"), str(signature.revision)),
        (_("Certificate of"), certificate.get("subject", "–")),
        (_("Issued by"), certificate.get("issuer", "–")),
        (_("Serial number"), certificate.get("serial", "–")),
        (_("Valid"), valid),
        (_("Time stamp"), stamped),
        (_("Validation"), _validation(found) if found else _("not made")),
        *([(_("To be looked at"), note)] if note else []),
    ]


def _validation(found: PdfSignature) -> str:
    """What the validation says of one signature, in a sentence."""
    trust = {
        "own": _("Praja's own authority, which is not certified"),
        "bsre": _("BSrE"),
        "unknown": _("an authority that this Praja does not know"),
    }
    whole = (
        _("The signature is whole: nothing that it covers was changed")
        if found.is_whole
        else _("The signature is damaged")
    )
    said = _("%(whole)s; its certificate comes from %(trust)s.") % {
        "whole": whole,
        "trust": trust.get(found.trust, "–"),
    }
    wrong = [str(PROBLEMS[key]) for key in found.problems if key in ("expired", "revoked", "time-stamp")]
    return f"{said} ({'; '.join(wrong)})" if wrong else said


def _not_signed(one: SigningRound) -> list[b.AnyBlock]:
    """Who declined, who was replaced by whom, who still waits."""
    rows = []
    for each in one.signatories.exclude(state=Signatory.State.SIGNED).select_related("replaced_by", "declined_by"):
        note = each.decline_reason
        if each.state == Signatory.State.REPLACED:
            after = getattr(each, "replaced_by", None)
            note = " ".join(part for part in (note, _("Replaced by %(office)s.") % {"office": after or "–"}) if part)
        rows.append(
            (str(each), str(each.get_state_display()), _by_and_at(one, each.declined_by, each.declined_at), note or "–")
        )
    if not rows:
        return []
    columns = [
        b.Column(_("Office"), 2.2), b.Column(_("State"), 1.2), b.Column(_("By whom and when"), 2), b.Column(_("Reason"), 2.4),
    ]  # fmt: skip
    return [
        b.Heading(2, _("Who has not signed"), numbered=False),
        b.Table(_("Declined, replaced, waiting"), columns, rows),
    ]


def _attempts(one: SigningRound) -> list[b.AnyBlock]:
    """Electronic signatures that did not come about."""
    failed = SigningAttempt.objects.filter(round=one).exclude(state=SigningAttempt.State.DONE)
    rows = [
        (_moment(one, each.started_at), str(each.signatory), str(each.get_state_display()), _problem(each.problem))
        for each in failed.select_related("signatory__position__organisation").order_by("pk")
    ]
    if not rows:
        return []
    columns = [b.Column(_("When"), 1.6), b.Column(_("Office"), 2), b.Column(_("State"), 1), b.Column(_("Why"), 3)]
    return [
        b.Heading(2, _("Attempts without a signature"), numbered=False),
        b.Table(_("Electronic attempts that gave no signature"), columns, rows),
    ]


def _problem(key: str) -> str:
    try:
        return str(SENTENCES[Problem(key)])
    except (ValueError, KeyError):
        return key or "–"


def _scans(one: SigningRound) -> list[b.AnyBlock]:
    """What came back on paper, who handed it in and who decided on it."""
    found = (
        SheetScan.objects.filter(round=one)
        .of_sheets()
        .select_related("created_by__person", "decided_by__person", "file")
    )
    rows = [
        (
            _("page %(page)s") % {"page": each.sheet_page or "–"},
            _by_and_at(one, each.created_by, each.created_at),
            str(each.get_state_display()),
            _by_and_at(one, each.decided_by, each.decided_at),
            each.reason or "–",
            _grouped(each.file.sha256),
        )
        for each in found
    ]
    if not rows:
        return []
    columns = [
        b.Column(_("Sheet"), 1), b.Column(_("Handed in"), 2), b.Column(_("State"), 1.2), b.Column(_("Who decided, and when"), 2),
        b.Column(_("Reason"), 1.4), b.Column(_("Hash of the scan"), 2.4),
    ]  # fmt: skip
    return [b.Heading(2, _("Scans of the sheet"), numbered=False), b.Table(_("Pages that came back"), columns, rows)]


def _log(proof: verification.Proof) -> b.Table:
    rows = [
        (entry.row.seq, _moment(proof.round, entry.row.at), _grouped(entry.row.hash))
        for entry in sorted(proof.entries.values(), key=lambda each: each.row.seq)
    ]
    columns = [b.Column(_("Entry"), 0.7, "year", "left"), b.Column(_("When"), 2), b.Column(_("Hash of the entry"), 5)]
    return b.Table(_("Entries of the log"), columns, rows, empty_text=_("None."))


def _how_to_check(one: SigningRound, address: str) -> list[b.AnyBlock]:
    return [
        b.Heading(2, _("How to check this"), numbered=False),
        b.Bullets(
            [
                _("Open %(address)s or scan the QR code: the page says whether all is unchanged.")
                % {"address": sheets.public_page(address, one.code)},
                _("Send the signed PDF there: Praja compares it to the last byte."),
                _("Without Praja: the archive of the region is checked by tools/verify_export.py."),
            ]
        ),
    ]


# --- words ------------------------------------------------------------------------------------------------------------


def _grouped(digest: str) -> str:
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


def _moment(one: SigningRound, moment: Any, *, is_day: bool = False) -> str:
    if moment is None:
        return "–"
    if is_day:
        return long_date(moment.astimezone(one.plan.time_zone).date())
    return str(date_time(moment, str(one.plan.time_zone)))


def _by_and_at(one: SigningRound, by: Any, at: Any) -> str:
    """Who did it and when, or a dash."""
    return f"{by}, {_moment(one, at)}" if by and at else "–"
