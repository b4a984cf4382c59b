"""What people do with the earlier masterplan: record it, bring in its programmes once, and decide about each of them."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.actions import build, record
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.files import contents
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.pages import PageNotShown, draw
from praja.foundation.jobs.actions import later
from praja.foundation.notices.actions import holders, tell
from praja.foundation.plans.models import Plan, path_of
from praja.foundation.sheets.reading import Table
from praja.foundation.sheets.values import ShownNumber
from praja.foundation.sheets.writing import write_xlsx
from praja.foundation.workflow.steps import Refused
from praja.stages.analysis.earlier_sheet import FILLS, NEW, OUR_REMARKS, WRONG, Line, counts_of, examine, read
from praja.stages.analysis.models import EarlierItem, EarlierPlan, EarlierSheet

ROWS_IN_A_REQUEST = 500  # a longer sheet is applied by the worker
Decision = EarlierItem.Decision
State = EarlierSheet.State


def earlier_of(plan: Plan) -> EarlierPlan:
    """The earlier masterplan of the plan; one of version 0 that is not stored while none was recorded."""
    found = EarlierPlan.objects.filter(plan=plan).select_related("file").first()
    if found is None:
        return EarlierPlan(plan=plan, version=0)
    found.plan = plan  # its region and dimensions are loaded already
    return found


def set_earlier(form: EntryForm, *, by: Any, version: int) -> None:
    """Record or correct the earlier masterplan of a checked form; TooLate when somebody else was faster."""
    earlier: Any = form.instance
    if earlier.pk is not None:
        save_entry(form, by=by, version=version)
        return
    try:
        with transaction.atomic():
            stored = EarlierPlan(plan=earlier.plan, created_by=by, updated_by=by, **form.columns())
            stored.save()
            record("set", stored, by=by, after=form.columns())
    except IntegrityError as problem:
        earlier.pk = EarlierPlan.objects.get(plan=earlier.plan).pk
        raise TooLate from problem


def attach_file(earlier: EarlierPlan, upload: File, *, by: Any) -> None:
    """Put up or change the PDF; raises FileRefused for what is no PDF that can be shown, TooLate."""
    if contents.kind_of(upload) != contents.PDF:
        raise FileRefused(_("The earlier masterplan is kept as PDF. Please save it as PDF and send that one."))
    stored = store(upload, by=by, organisation_path=earlier.organisation_path)
    try:
        pages = draw(stored, 1).count
    except PageNotShown as problem:
        raise FileRefused(
            _(
                "This PDF cannot be shown: it is damaged or locked by a password. Please open it, save it anew and send that one."
            )
        ) from problem
    with transaction.atomic():
        update_if_unchanged(earlier, {"file": stored, "page_count": pages}, by=by, version=earlier.version)
        record("attach", earlier, by=by, after={"file": stored.name})


# --- the sheet --------------------------------------------------------------------------------------------------------


def open_sheet(file: File, *, earlier: EarlierPlan, by: Any) -> EarlierSheet:
    """Store a sheet that somebody hands in; raises SheetError or FileRefused, and then nothing is kept."""
    read(file, file.name)
    stored = store(file, by=by, organisation_path=earlier.organisation_path)
    with transaction.atomic():
        one = EarlierSheet.objects.create(earlier=earlier, file=stored, created_by=by, updated_by=by)
        record("start", one, by=by, after={"file": stored.name})
    return one


@lru_cache(maxsize=1)
def _table(_sha256: str, pk: int) -> Table:
    # A file never changes under its hash: turning the pages of one preview reads it once.
    stored = StoredFile.objects.get(pk=pk)
    with stored.open() as file:
        return read(file, stored.name)


def table_of(one: EarlierSheet) -> Table:
    """The table of a sheet's file; raises SheetError, FileNotFoundError."""
    return _table(one.file.sha256, one.file_id)


def preview_of(one: EarlierSheet) -> list[Line]:
    """Every row as it would become now."""
    return examine(table_of(one), one.mapping, one.earlier)


@transaction.atomic
def place_columns(one: EarlierSheet, mapping: Mapping[str, str], *, by: Any) -> bool:
    """Keep the confirmed columns; False when the sheet has been applied meanwhile."""
    return _change(one, (State.UPLOADED, State.PLACED), by=by, mapping=dict(mapping), state=State.PLACED)


def start_applying(one: EarlierSheet, *, by: Any) -> bool:
    """Bring in every good row, at once or, of a long sheet, by the worker; False when somebody did so already."""
    is_long = len(table_of(one).rows) > ROWS_IN_A_REQUEST
    with transaction.atomic():
        if not _change(one, (State.PLACED,), by=by, state=State.APPLYING):
            return False
        if is_long:
            one.job = later("analysis.apply_earlier_sheet", one.pk, by=by, organisation_path=one.organisation_path)
            EarlierSheet.objects.filter(pk=one.pk).update(job=one.job)
        else:
            apply(one)
    return True


def apply(one: EarlierSheet) -> None:
    """Store new programmes, fill gaps of known ones, and mark the sheet as applied; call it inside a transaction."""
    by, earlier, now = one.updated_by, one.earlier, timezone.now()
    # The mark comes first: whoever comes second stops here, and all rows come in or none.
    if not _change(one, (State.APPLYING,), by=by, state=State.APPLIED):
        raise TooLate
    lines = preview_of(one)
    items = []
    for line in lines:
        if line.status == NEW:
            values = dict(line.values)
            organisation = values.pop("organisation", None)
            item = EarlierItem(
                earlier=earlier, organisation=organisation, organisation_path=path_of(organisation, earlier.plan),
                source_key=line.key, order=line.number, created_by=by, updated_by=by, **values,
            )  # fmt: skip
            if item.decision:
                item.decided_by, item.decided_at = by, now
            items.append(item)
    EarlierItem.objects.bulk_create(items, batch_size=500)
    events = [build("import", item, by=by, after=_in_words(item)) for item in items]
    events += _fill([line for line in lines if line.status == FILLS], by)
    Event.objects.bulk_create(events, batch_size=500)
    one.result = {"counts": counts_of(lines)}
    EarlierSheet.objects.filter(pk=one.pk).update(result=one.result)
    record("import", one, by=by, after=one.result["counts"])
    transaction.on_commit(lambda: _tell_agencies(earlier, items))


def _in_words(item: EarlierItem) -> dict[str, Any]:
    return {name: value for name in ("title", "agency_text", "decision", "reason") if (value := getattr(item, name))}


def _fill(lines: Sequence[Line], by: Any) -> list[Event]:
    """Fill gaps, and only what is still one; answers the history, not stored yet."""
    wanted = {line.existing: line for line in lines}
    events, now = [], timezone.now()
    for item in EarlierItem.objects.in_service().select_for_update(of=("self",)).filter(pk__in=wanted):
        given = wanted[item.pk].gaps
        gaps = {name: value for name, value in given.items() if getattr(item, name) in (None, "")}
        if "decision" in gaps:
            gaps |= {"decided_by": by, "decided_at": now}
        elif "reason" in gaps:
            del gaps["reason"]  # a reason belongs to its decision
        if not gaps:
            continue
        if "organisation" in gaps:
            gaps["organisation_path"] = gaps["organisation"].organisation_path
        update_if_unchanged(item, gaps, by=by, version=item.version)
        shown = {name: value for name, value in gaps.items() if name in ("organisation", "decision", "reason", "years")}
        events.append(build("import", item, by=by, after=shown))
    return events


def _tell_agencies(earlier: EarlierPlan, items: Sequence[EarlierItem]) -> None:
    """Each agency learns how many of its earlier programmes wait for its word."""
    counts: dict[int, int] = {}
    for item in items:
        if item.organisation_id and not item.decision:
            counts[item.organisation_id] = counts.get(item.organisation_id, 0) + 1
    for pk, count in counts.items():
        tell(
            holders(Organisation(pk=pk), "operator", "agency_head"),
            gettext_noop(
                "Programmes of the earlier masterplan that wait for your decision: %(count)d. Continue, change or stop?"
            ),
            values={"count": count},
            address=f"{reverse('earlier-item-list', args=[earlier.plan.slug])}?opd={pk}",
        )


def wrong_rows(table: Table, lines: Sequence[Line]) -> bytes:
    """A workbook of the wrong rows as they came, each with what to mend; mended, it can be uploaded as it is."""
    cells = {row.number: row.cells for row in table.rows}
    header = [*table.header, OUR_REMARKS + _("row in the file"), OUR_REMARKS + _("what to mend")]
    target = io.BytesIO()
    rows = (
        [
            *(cell.shown if isinstance(cell, ShownNumber) else cell for cell in cells[line.number]),
            line.number,
            "\n".join(f"{title}: {text}" for title, text in line.problems),
        ]
        for line in lines
        if line.status == WRONG
    )
    write_xlsx(target, _("Rows to mend"), header, rows)
    return target.getvalue()


def _change(one: EarlierSheet, states: Sequence[str], *, by: Any, **values: Any) -> bool:
    """Compare-and-set on state and version."""
    values |= {"version": one.version + 1, "updated_at": timezone.now(), "updated_by": by}
    if not EarlierSheet.objects.filter(pk=one.pk, version=one.version, state__in=states).update(**values):
        return False
    for name, value in values.items():
        setattr(one, name, value)
    return True


# --- one programme ----------------------------------------------------------------------------------------------------


def save_item(form: EntryForm, *, by: Any, version: int) -> None:
    """Correct a programme; raises TooLate when somebody else saved first."""
    also = {"organisation_path": path_of(form.cleaned_data["organisation"], form.instance.earlier.plan)}
    save_entry(form, by=by, version=version, also=also)


def decision_problem(decision: str, reason: str) -> str:
    """Why this decision cannot be kept, as a sentence; empty when it can."""
    if decision and decision not in Decision.values:
        return _("Choose continue, change or stop.")
    if decision in (Decision.CHANGE, Decision.STOP) and not reason.strip():
        return _("Write the reason, so that the book can say why the programme is changed or stopped.")
    if reason.strip() and not decision:
        return _("A reason belongs to a decision. Choose continue, change or stop, or take the reason away.")
    return ""


@transaction.atomic
def decide(item: EarlierItem, *, decision: str, reason: str, by: Any, version: int) -> None:
    """Mark a programme continue, change or stop, or ("") open again.

    Raises PermissionError, Refused with a sentence, TooLate when somebody else was faster or the programme was taken out.
    """
    if not by.may(Can.INNOVATION_WRITE, item):
        raise PermissionError
    if problem := decision_problem(decision, reason):
        raise Refused([problem])
    if item.withdrawn_at is not None:
        raise TooLate
    before = {"decision": item.decision, "reason": item.reason}
    after = {"decision": decision, "reason": reason.strip()}
    if before == after and item.version == version:
        return
    decided = {"decided_by": by, "decided_at": timezone.now()} if decision else {"decided_by": None, "decided_at": None}
    update_if_unchanged(item, {**after, **decided}, by=by, version=version)
    record("decide", item, by=by, before=before, after=after)


def decide_many(
    items: Sequence[EarlierItem], versions: Mapping[int, int], *, decision: str, reason: str, by: Any
) -> tuple[int, list[EarlierItem]]:
    """Decide alike about many programmes: how many were, and those that somebody changed meanwhile."""
    done, left = 0, []
    with transaction.atomic():
        for item in items:
            try:
                decide(item, decision=decision, reason=reason, by=by, version=versions.get(item.pk, 0))
            except TooLate:
                left.append(item)
            else:
                done += 1
    return done, left
