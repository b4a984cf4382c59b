"""What is done with a proposal sheet: print it, hand in its scan, confirm or refuse it, make it void."""

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.across.proposals import notices
from praja.across.proposals.material import Chosen, sheet_blocks, signature_of, total_of
from praja.across.proposals.models import ProposalRow, ProposalSheet
from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.documents.blocks import Letter, from_json, to_json
from praja.foundation.documents.child import NotMade, render_in_child
from praja.foundation.documents.codes import ROMAN, new_code
from praja.foundation.files import contents
from praja.foundation.files.actions import keep, store
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.pages import PageNotShown, draw
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.way import Turn, turn_of
from praja.stages.innovations import actions as innovation_actions
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.steps import WORKFLOW as INNOVATION_WORKFLOW
from praja.stages.problems import actions as problem_actions
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import WORKFLOW as PROBLEM_WORKFLOW

LANGUAGE = "id"  # of the paper, whatever the reader's pages are in
SCANS = (contents.PDF, contents.JPEG, contents.PNG)
STEP = "approve_on_paper"
Kind, Outcome, State = ProposalRow.Kind, ProposalRow.Outcome, ProposalSheet.State
MODELS: dict[str, Any] = {Kind.PROBLEM: Problem, Kind.INNOVATION: Innovation}
TAKE: dict[str, Callable[..., None]] = {
    Kind.PROBLEM: problem_actions.take_step,
    Kind.INNOVATION: innovation_actions.take_step,
}
THEN: dict[str, Callable[..., None]] = {
    Kind.PROBLEM: PROBLEM_WORKFLOW.steps[STEP].then,
    Kind.INNOVATION: INNOVATION_WORKFLOW.steps[STEP].then,
}  # fmt: skip


# --- printing ---------------------------------------------------------------------------------------------------------


def proposed_number(plan: Plan, organisation: Organisation) -> str:
    """The next number of the agency as offices write them: "003/LU/DINKES/XI/2026"; people may type their own."""
    day = plan.today
    name = "".join(sign for sign in organisation.short_name.upper() if sign.isalnum())[:20] or "OPD"
    count = ProposalSheet.objects.filter(plan=plan, organisation=organisation).count()
    return f"{count + 1:03}/LU/{name}/{ROMAN[day.month - 1]}/{day.year}"


def proposed_place(plan: Plan) -> str:
    """The place that stands before the date, until somebody types the name of the town."""
    region = plan.government.region
    name = region.name if region else plan.government.name
    return name.removeprefix("Kabupaten ").removeprefix("Kota ").removeprefix("Provinsi ")


@dataclass(frozen=True)
class Paper:
    """What somebody typed before printing: number, place and day, and who signs (in whose stead, where not the head)."""

    number: str
    place: str
    day: datetime.date
    position: Position
    head_title: str


def print_sheet(
    plan: Plan, organisation: Organisation, chosen: Chosen, paper: Paper, *, by: Any, link: Callable[[str], str]
) -> ProposalSheet:
    """Freeze the chosen rows as they are now; printed sheets that hold one of them are replaced by this one.

    `link`: from a code to the address that the QR picture holds. Raises Refused when nothing was chosen or a row waits
    for confirmation on another sheet.
    """
    if chosen.is_empty:
        raise Refused([_("Tick at least one row that the head is to approve.")])
    code = new_code()
    with translation.override(LANGUAGE):
        letter = Letter(
            title=_("Proposal sheet of the agency"),
            subtitle=plan.title,
            region_name=plan.government.region.name if plan.government.region else plan.government.name,
            region_kind="",
            year=str(paper.day.year),
            made_at=_moment(plan, paper.day),
            is_demonstration=is_demonstration(),
            language=LANGUAGE,
            letterhead=[plan.government.name, organisation.name],
            number=paper.number,
            code=code,
            link=link(code),
            blocks=sheet_blocks(
                plan,
                organisation,
                chosen,
                signature_of(paper.position, head_title=paper.head_title, place=paper.place, day=paper.day),
            ),
        )
    arms = plan.arms if plan.arms and plan.arms.kind in (contents.PNG, contents.JPEG) else None
    rows = [(Kind.PROBLEM, row) for row in chosen.problems] + [(Kind.INNOVATION, row) for row in chosen.innovations]
    content = json.dumps(
        {
            "letter": json.loads(to_json(letter)),
            "arms": arms.sha256 if arms else "",
            "rows": [
                {"kind": kind, "id": row.pk, "uid": str(row.uid), "version": row.version, "title": row.title}
                for kind, row in rows
            ],
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    pdf = _pdf_of(replace(letter, arms=_arms(arms)), code, by=by, organisation_path=organisation.organisation_path)
    pages = draw(pdf, 0).count
    with transaction.atomic():
        others = _open_sheets(rows)
        if scanned := [sheet for sheet in others if sheet.state == State.SCANNED]:
            raise Refused(
                [
                    _("A chosen row waits for confirmation on the sheet %(number)s already.")
                    % {"number": scanned[0].number}
                ]
            )
        pdf.save()
        sheet = ProposalSheet.objects.create(
            plan=plan, organisation=organisation, number=paper.number, code=code, content=content,
            sha256=sha256(content.encode()).hexdigest(), arms=arms, pdf=pdf, pdf_pages=pages, total_rupiah=total_of(chosen.innovations),
            created_by=by, updated_by=by,
        )  # fmt: skip
        ProposalRow.objects.bulk_create(
            ProposalRow(sheet=sheet, kind=kind, row_id=row.pk, row_version=row.version, title=row.title)
            for kind, row in rows
        )
        record("print", sheet, by=by, after={"number": sheet.number, "rows": len(rows)})
        for other in others:
            _close(
                other,
                State.VOID,
                by=by,
                reason=_("Replaced by the sheet %(number)s.") % {"number": sheet.number},
                replaced_by=sheet,
            )
        transaction.on_commit(lambda: notices.printed(sheet, by=by))
    return sheet


def _pdf_of(letter: Letter, code: str, *, by: Any, organisation_path: str) -> StoredFile:
    """The paper as a file whose content is in place and whose row is not stored yet."""
    try:
        content = render_in_child(letter, "pdf")
    except NotMade as problem:
        raise Refused(
            [_("The paper could not be set. Please try again; if it happens again, tell your administrator.")]
        ) from problem
    return keep(
        content, name=f"lembar-usulan-{code}.pdf", kind=contents.PDF, by=by, organisation_path=organisation_path
    )


def _arms(stored: StoredFile | None) -> bytes | None:
    if stored is None:
        return None
    with stored.open() as file:
        content: bytes = file.read()
    return content


def _moment(plan: Plan, day: datetime.date) -> datetime.datetime:
    """Noon of the day in the region: the only time that the paper knows."""
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=plan.time_zone)


def _open_sheets(rows: Sequence[tuple[str, Any]]) -> list[ProposalSheet]:
    """The sheets that hold one of these rows and still wait for something."""
    found: dict[int, ProposalSheet] = {}
    for kind in MODELS:
        keys = [row.pk for row_kind, row in rows if row_kind == kind]
        lines = ProposalRow.objects.filter(kind=kind, row_id__in=keys, sheet__state__in=(State.PRINTED, State.SCANNED))
        found |= {line.sheet_id: line.sheet for line in lines.select_related("sheet__organisation", "sheet__plan")}
    return list(found.values())


# --- the paper --------------------------------------------------------------------------------------------------------


class ContentChanged(Exception):
    """What is stored is not what was printed: the hash does not fit."""


def letter_of(sheet: ProposalSheet) -> Letter:
    """The paper as it was frozen, with its arms; raises ContentChanged, FileNotFoundError."""
    if sha256(sheet.content.encode()).hexdigest() != sheet.sha256:
        raise ContentChanged(sheet.number)
    content = json.loads(sheet.content)
    letter = from_json(json.dumps(content["letter"]))
    assert isinstance(letter, Letter)
    return replace(letter, arms=_arms(sheet.arms))


# --- scanned, confirmed, refused, void --------------------------------------------------------------------------------


def hand_in_scan(sheet: ProposalSheet, upload: File, *, by: Any, version: int) -> None:
    """Keep the scan of the signed paper; raises FileRefused for what no eye can read, Refused, TooLate."""
    if not sheet.takes_scan:
        raise Refused([_("This sheet takes no scan any more.")])
    contents.check_size(upload.size or 0)
    if contents.kind_of(upload) not in SCANS:
        raise FileRefused(_("A scan is a PDF or a picture (JPG, PNG). Please send one of these."))
    stored = store(upload, by=by, organisation_path=sheet.organisation_path)
    try:
        pages = draw(stored, 1).count
    except PageNotShown as problem:
        raise FileRefused(
            _("This scan cannot be shown: the file is damaged or locked. Please scan it once more.")
        ) from problem
    now = timezone.now()
    values = {
        "state": State.SCANNED, "scan": stored, "scan_pages": pages, "scanned_at": now, "scanned_by": by,
        "decided_at": None, "decided_by": None, "reason": "",
    }  # fmt: skip
    with transaction.atomic():
        before = sheet.state
        update_if_unchanged(sheet, values, by=by, version=version)
        record("scan", sheet, by=by, before={"state": before}, after={"state": State.SCANNED, "file": stored.name})
        transaction.on_commit(lambda: notices.scanned(sheet, by=by))


def bars_confirming(sheet: ProposalSheet, user: Any) -> str:
    """Why this person cannot confirm the sheet, as a sentence; empty when they can."""
    if not user.may(Can.PROPOSAL_CONFIRM, sheet):
        return _("The secretariat confirms signed sheets.")
    if sheet.state != State.SCANNED:
        return _("There is no scan that waits for confirmation.")
    if sheet.scanned_by_id == user.pk:
        return _("You handed this scan in yourself, so a second person has to confirm it.")
    return ""


def standing(line: ProposalRow, row: Any) -> str:
    """Why the row would not be approved by this sheet, as a sentence; empty when it would."""
    if row is None or row.withdrawn_at is not None:
        return _("withdrawn from the plan since it was printed")
    if row.version != line.row_version:
        return _("changed since it was printed")
    if turn_of(row) != Turn.HEAD:
        return _("does not wait for the head any more")
    return ""


def rows_of(sheet: ProposalSheet) -> list[tuple[ProposalRow, Any]]:
    """The lines of a sheet, each with its row as it is now, in three queries."""
    lines = list(sheet.rows.all())
    found: dict[tuple[str, int], Any] = {}
    for kind, model in MODELS.items():
        keys = [line.row_id for line in lines if line.kind == kind]
        rows = model.objects.filter(pk__in=keys).select_related("plan__government", "organisation", "dimension")
        found |= {(kind, row.pk): row for row in rows}
    return [(line, found.get((line.kind, line.row_id))) for line in lines]


def confirm(sheet: ProposalSheet, *, by: Any, version: int) -> tuple[int, int]:
    """A second person has compared scan and paper: approve exactly the versions that were printed.

    Answers how many rows were approved and how many were left. Raises Refused with a sentence, TooLate, ContentChanged.
    """
    if sentence := bars_confirming(sheet, by):
        raise Refused([sentence])
    letter_of(sheet)
    approved: dict[str, list[Any]] = {kind: [] for kind in MODELS}
    left = 0
    with transaction.atomic():
        # The mark comes first: whoever comes second stops here.
        values = {"state": State.CONFIRMED, "decided_at": timezone.now(), "decided_by": by, "reason": ""}
        update_if_unchanged(sheet, values, by=by, version=version)
        lines = rows_of(sheet)
        for line, row in lines:
            note = standing(line, row)
            if not note:
                try:
                    TAKE[line.kind](row, STEP, by=by, tells=False)
                except (TooLate, Refused):
                    note = _("somebody else was faster")
            if note:
                left += 1
            else:
                approved[line.kind].append(row)
            line.outcome, line.note = Outcome.LEFT if note else Outcome.APPROVED, note
        ProposalRow.objects.bulk_update([line for line, _row in lines], ["outcome", "note"])
        count = sum(map(len, approved.values()))
        record(
            "confirm",
            sheet,
            by=by,
            before={"state": State.SCANNED},
            after={"state": State.CONFIRMED, "approved": count, "left": left},
        )

        def told() -> None:
            notices.confirmed(sheet, by=by, approved=count, left=left)
            for kind, rows in approved.items():
                if rows:
                    THEN[kind](rows, by=by)

        transaction.on_commit(told)
    return count, left


def refuse(sheet: ProposalSheet, *, by: Any, version: int, reason: str) -> None:
    """The scan is not what was printed, or not signed; the agency may hand in another. Raises Refused, TooLate."""
    if sentence := bars_confirming(sheet, by):
        raise Refused([sentence])
    with transaction.atomic():
        _close(sheet, State.REFUSED, by=by, reason=reason, version=version)
        transaction.on_commit(lambda: notices.refused(sheet, by=by))


def make_void(sheet: ProposalSheet, *, by: Any, version: int, reason: str) -> None:
    """The paper is not used; it stays readable. Raises Refused, TooLate."""
    if not sheet.takes_scan:
        raise Refused([_("This sheet is closed already.")])
    with transaction.atomic():
        _close(sheet, State.VOID, by=by, reason=reason, version=version)
        transaction.on_commit(lambda: notices.void(sheet, by=by))


def _close(
    sheet: ProposalSheet,
    state: str,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    replaced_by: ProposalSheet | None = None,
) -> None:
    reason = reason.strip()
    if not reason:
        raise Refused([_("Write the reason, so that the agency knows what to do.")])
    before = sheet.state
    values = {
        "state": state,
        "decided_at": timezone.now(),
        "decided_by": by,
        "reason": reason,
        "replaced_by": replaced_by,
    }
    update_if_unchanged(sheet, values, by=by, version=sheet.version if version is None else version)
    verb = "refuse" if state == State.REFUSED else "void"
    record(verb, sheet, by=by, before={"state": before}, after={"state": state}, remark=reason)
