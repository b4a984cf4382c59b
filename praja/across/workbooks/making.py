"""Handing out: the workbook of one agency or of a whole region, with everything it says kept for the way back."""

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.bulk import insert_many
from praja.foundation.plans.models import Plan
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import NUMBER, PARENT, ChildSheet, EntrySheet, Stored, fits_a_cell
from praja.foundation.sheets.handing_out import OutRow, OutSheet, shortened, write_workbook
from praja.foundation.sheets.models import HandedRow, Handout
from praja.foundation.sheets.values import cleaned
from praja.foundation.ui.formats import long_date
from praja.stages.innovations.workbook import innovation_sheets
from praja.stages.problems.workbook import problem_sheets
from praja.stages.roadmap.workbook import action_sheets

# Raised when columns change their meaning; a workbook of another declaration says so when it comes back.
DECLARATION = 1
# Free rows for one agency, and for a region.
FREE = {Handout.Kind.AGENCY: 200, Handout.Kind.REGION: 1_000}


def file_name(plan: Plan, organisation: Organisation | None) -> str:
    """The name of the workbook of an agency, or of the region, as it is downloaded."""
    words = f"{organisation.short_name} {plan.slug}" if organisation else plan.slug
    return f"buku-kerja-{slugify(words)}.xlsx"


def guide_of(plan: Plan) -> str:
    """What a workbook is made by: the guide of the plan, its dimensions, and our declaration."""
    return f"{plan.guide_version}/{plan.dimension_set.key}/{DECLARATION}"[:60]


def entry_sheets(plan: Plan, by: Any) -> dict[str, EntrySheet]:
    """The sheets that this person may fill in for the plan, in the language of workbooks; those above before those below."""
    with override(settings.LANGUAGE_CODE):
        rows = PlanRows(plan, by)
        sheets = [*problem_sheets(rows), *innovation_sheets(rows), *action_sheets(rows)]
    return {sheet.key: sheet for sheet in sheets if by.may_within(sheet.write, plan)}


def number_of_free_row(slot: int) -> str:
    """The visible number of a row that is not stored yet."""
    return f"B{slot}"


def handing_out(plan: Plan, *, by: Any, organisation: Organisation | None = None) -> tuple[Handout, bytes]:
    """The workbook of an agency, else of all agencies that `by` may write for; raises PermissionError."""
    handout, handed, content = write_out(plan, by=by, organisation=organisation)
    with transaction.atomic():
        save_handout(handout, handed)
    return handout, content


def write_out(
    plan: Plan, *, by: Any, organisation: Organisation | None = None
) -> tuple[Handout, list[dict[str, Any]], bytes]:
    """As `handing_out`, but nothing is stored yet: the handout, what its rows say, and the file."""
    sheets = entry_sheets(plan, by)
    if organisation is None:
        organisation = _only_agency(plan, by, sheets)
    elif not any(by.may(sheet.write, organisation) for sheet in sheets.values()):
        raise PermissionError(str(organisation))
    if not sheets:
        raise PermissionError(plan.slug)
    kind = Handout.Kind.AGENCY if organisation else Handout.Kind.REGION
    whose = organisation or plan.government
    handout = Handout(
        plan=plan, organisation=whose, organisation_path=whose.organisation_path, kind=kind, guide=guide_of(plan), made_by=by
    )  # fmt: skip
    handout.free = dict.fromkeys(sheets, FREE[kind])
    with override(settings.LANGUAGE_CODE):
        handed: list[dict[str, Any]] = []
        out = list(_out_sheets(handout, sheets, by, organisation, handed))
        target = io.BytesIO()
        title = _("Workbook of %(whose)s") % {"whose": whose}
        write_workbook(target, out, handout=handout.uid, title=title, instructions=_instructions(handout))
    return handout, handed, target.getvalue()


def save_handout(handout: Handout, handed: list[dict[str, Any]]) -> None:
    """Store a handout with its rows; call it inside a transaction."""
    handout.save()
    insert_many(HandedRow, ({**row, "handout_id": handout.pk} for row in handed))


def rows_of(sheet: EntrySheet, plan: Plan, by: Any, organisation: Organisation | None) -> QuerySet[Any]:
    """The stored rows of a main sheet that go into a workbook."""
    rows: Any = sheet.model._default_manager.filter(plan=plan, withdrawn_at=None)
    return rows.filter(organisation=organisation) if organisation else rows.within_reach(by, sheet.write)


def texts_of(sheet: EntrySheet, stored: Stored) -> tuple[dict[str, str], list[str]]:
    """What each cell of a row says, blank ones left out, and the keys of those that a cell cannot hold."""
    texts: dict[str, str] = {}
    locked = []
    for column in sheet.columns:
        text = column.text(stored.values[column.key])
        if not text:
            continue
        if not fits_a_cell(text):
            text = shortened(text)
            locked.append(column.key)
        texts[column.key] = text
    return texts, locked


def _only_agency(plan: Plan, by: Any, sheets: dict[str, EntrySheet]) -> Organisation | None:
    """The agency of somebody who writes for one only; None for those who write for the region, or for several."""
    if any(by.may(sheet.write, plan) for sheet in sheets.values()):
        return None
    agencies = plan.government.children.agencies()
    found = [agency for agency in agencies if any(by.may(sheet.write, agency) for sheet in sheets.values())]
    return found[0] if len(found) == 1 else None


def _out_sheets(
    handout: Handout,
    sheets: dict[str, EntrySheet],
    by: Any,
    organisation: Organisation | None,
    handed: list[dict[str, Any]],
) -> Iterator[OutSheet]:
    """Each sheet with its rows; what they say is added to `handed`."""
    above: dict[str, dict[int, Stored]] = {}
    for sheet in sheets.values():
        if isinstance(sheet, ChildSheet):
            parents = above[sheet.parent.key]
            below = sheet.load_below(parents)
            rows = [line for pk in parents for line in below.get(pk, ())]
        else:
            parents = {}
            found = sheet.load(rows_of(sheet, handout.plan, by, organisation))
            rows = sorted(found.values(), key=lambda row: (row.organisation_path, row.pk))
            above[sheet.key] = {row.pk: row for row in rows}
        lines = []
        for row in rows:
            texts, locked = texts_of(sheet, row)
            number = str(row.pk)
            parent = parents.get(row.parent or 0)
            place = (str(parent.pk), cleaned(str(parent.values["title"]))[0]) if parent else ("", "")
            lines.append(OutRow(number, row.uid, texts, above=place, locked=locked))
            kept = {**texts, NUMBER: number, **({PARENT: place[0]} if parent else {})}
            handed.append(
                {"sheet": sheet.key, "uid": row.uid, "version": row.version, "values": kept, "locked": locked}
            )
        free = (
            OutRow(number_of_free_row(slot), handout.uid_of_free_row(sheet.key, slot))
            for slot in range(1, handout.free[sheet.key] + 1)
        )
        yield OutSheet(sheet, [*lines, *free])


def _instructions(handout: Handout) -> list[str]:
    sentences = [
        _("This workbook was handed out on %(date)s. It can be filled in without a network.")
        % {"date": long_date(localtime(handout.made_at).date())},
        _("Change what stands there, or write new entries into the free rows; each row already has its number."),
        _("Columns with a star are needed before you submit; everything else may wait."),
        _(
            "Causes, budget lines, indicators and partners stand on sheets of their own. Write the number of the problem "
            "or innovation into their second column: 1234 for one that is there, B1 for a new one of this workbook."
        ),
        _("To empty a cell empties it in Praja too. To delete a row deletes nothing; withdraw it on its page."),
        _("Rows that you have submitted can be read here, but are changed only after they were returned."),
        _("Do not change the grey columns and the titles. Sorting, hiding and a new file name do no harm."),
        _("Save it as XLSX and upload it on the page “Workbook”. Before anything is stored you see every change."),
    ]
    if "actions" in handout.free:
        sentences.insert(
            4,
            _(
                "The action plan has sheets of its own for phases, needs, money and indicators of actions. Once an innovation "
                "has actions, its money stands there."
            ),
        )
    if handout.kind == Handout.Kind.REGION:
        sentences.insert(1, _("It holds the rows of all agencies. Name the agency of each new row."))
    return sentences
