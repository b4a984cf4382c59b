"""Opening a round: names and places are frozen, the signing pages are set, and the original for electronic signatures made."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.documents import editions
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.files.models import StoredFile
from praja.foundation.signing import notices
from praja.foundation.signing.models import SheetVersion, Signatory, SigningAttempt, SigningRound
from praja.foundation.signing.paper import sheets
from praja.foundation.signing.pdf import pades
from praja.foundation.signing.rounds import waiting_now
from praja.foundation.signing.standing import offices_of, who_holds
from praja.foundation.workflow.steps import Refused

State = SigningRound.State
FROZEN = ("printed_name", "printed_title", "page", "slot")


@dataclass(frozen=True)
class Papers:
    """What the job has made outside of any transaction: the signatories as printed, the sheet, the original."""

    signatories: list[Signatory]
    sheet: StoredFile
    original: StoredFile | None
    pages: int
    version: int  # of the sheet


def made(round_: SigningRound, *, address: str, by: Any) -> Papers:
    """The papers of a round that is to be opened; no row is changed but the edition's, whose PDF is made when it lacks.

    Raises NotMade, NotSigned when a page cannot be set, Refused when the edition is not what was frozen.
    """
    edition = round_.edition
    if problems := editions.problems_of_text(edition):
        raise Refused(problems)
    editions.make_files(edition, by=by)
    edition.refresh_from_db()
    signatories = list(_rows(round_))
    offices = offices_of([one.position for one in signatories])
    for one in signatories:
        held = who_holds(one.position, offices[one.position_id], round_.plan.today, round_.plan.time_zone)
        one.printed_title = held.title[:220] if held else one.position.title_in_full[:220]
        one.printed_name = held.person_name[:200] if held else ""
    for pk, (page, slot) in sheets.places(signatories).items():
        one = next(each for each in signatories if each.pk == pk)
        one.page, one.slot = page, slot
    return papers_of(round_, signatories, address=address, by=by, with_original=True)


def papers_of(
    round_: SigningRound, signatories: list[Signatory], *, address: str, by: Any, with_original: bool, version: int = 1
) -> Papers:
    """Sheet and original of signatories who have their places."""
    sheet = sheets.sheet_pdf(round_, signatories, address=address, version=version)
    kept = {"kind": contents.PDF, "by": by, "organisation_path": round_.organisation_path}
    original = None
    if with_original:
        with round_.edition.pdf.open() as file:  # type: ignore[union-attr]
            pdf = file.read()
        original = keep(pades.with_pages(pdf, sheet), name=f"{round_.title[:100]} {round_.code}.pdf", **kept)
    return Papers(
        signatories,
        keep(sheet, name=f"{_('Signing sheet')} {round_.code}.pdf", **kept),
        original,
        max(one.page or 1 for one in signatories),
        version,
    )


def open_with(round_: SigningRound, papers: Papers, *, by: Any, version: int) -> None:
    """Open the round with its papers, if it is still as it was when they were made. Raises Refused. In a transaction."""
    for stored in (papers.sheet, papers.original):
        stored.save()  # type: ignore[union-attr]
    now = timezone.now()
    values = {
        "state": State.OPEN, "opened_at": now, "opened_by": by, "sheet": papers.sheet, "original": papers.original,
        "sheet_pages": papers.pages, "version": version + 1, "updated_at": now, "updated_by": by,
    }  # fmt: skip
    if not SigningRound.objects.filter(pk=round_.pk, state=State.PREPARED, version=version).update(**values):
        raise Refused([_("The round was changed while it was being opened. Look at it and open it again.")])
    Signatory.objects.bulk_update(papers.signatories, FROZEN)
    _keep_version(round_, papers)
    after = {
        "sha256": round_.edition.sha256, "sheet": papers.sheet.sha256, "original": papers.original.sha256,  # type: ignore[union-attr]
        "signatories": len(papers.signatories),
    }  # fmt: skip
    record("open round", round_, by=by, after=after)
    round_.refresh_from_db()
    transaction.on_commit(lambda: notices.asked_to_sign(round_, waiting_now(round_), by=by))


def with_further_pages(round_: SigningRound, *, address: str, by: Any) -> Papers:
    """The papers of an open round with the boxes of who replaces somebody; the original only while nobody has signed it."""
    return papers_of(
        round_, list(_rows(round_)), address=address, by=by, with_original=_may_be_made_anew(round_),
        version=sheets.versions(round_)[-1].number + 1,
    )  # fmt: skip


def store_further_pages(round_: SigningRound, papers: Papers, *, by: Any) -> None:
    """Give the open round its new sheet, and its new original if nobody signed the old one meanwhile. In a transaction."""
    papers.sheet.save()
    rows = SigningRound.objects.filter(pk=round_.pk, state=State.OPEN)
    if not rows.update(sheet=papers.sheet, updated_at=timezone.now()):
        return  # ended meanwhile
    for earlier in sheets.versions(round_):
        if earlier.pk is None:
            earlier.save()
    _keep_version(round_, papers)
    after = {"sheet": papers.sheet.sha256, "version": papers.version}
    if papers.original is not None and _may_be_made_anew(round_):
        papers.original.save()
        values = {"original": papers.original, "sheet_pages": papers.pages}
        if rows.filter(revision=0, original=round_.original_id).update(**values):
            after["original"] = papers.original.sha256
    record("set further pages", round_, by=by, after=after)


def _keep_version(round_: SigningRound, papers: Papers) -> None:
    places = sheets.boxes(papers.signatories)
    SheetVersion.objects.create(round=round_, number=papers.version, file=papers.sheet, places=places)


def _may_be_made_anew(round_: SigningRound) -> bool:
    now = SigningRound.objects.only("revision").get(pk=round_.pk)
    return now.revision == 0 and not SigningAttempt.objects.filter(round=round_.pk, state="going").exists()


def _rows(round_: SigningRound) -> Any:
    rows = round_.signatories.select_related("organisation", "position__organisation", "position__person")
    return rows.order_by("order", "pk")
