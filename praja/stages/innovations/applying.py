"""Storing the rows that were chosen: new drafts, gaps of known ones, agencies and plans, each with its history."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import build, record
from praja.foundation.audit.bulk import insert_many
from praja.foundation.audit.models import Event
from praja.foundation.jobs.progress import LeaseLost
from praja.foundation.plans.actions import open_plan
from praja.foundation.plans.models import BudgetLine
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Import, Innovation, Unplaced
from praja.stages.innovations.preview import CHUNK, FILLS, NEW, THERE, WRONG, Line, Place, Preview, chunks, label_of
from praja.stages.preparation.recognition import SheetAgency
from praja.stages.preparation.sheet import kind_from_name

Report = Callable[[int, int, str], object]


def change(one: Import, states: Sequence[str], *, by: Any, **values: Any) -> bool:
    """Compare-and-set on state and version."""
    values |= {"version": one.version + 1, "updated_at": timezone.now(), "updated_by": by}
    if not Import.objects.filter(pk=one.pk, version=one.version, state__in=states).update(**values):
        return False
    for name, value in values.items():
        setattr(one, name, value)
    return True


def apply(one: Import, preview: Preview, *, report: Report) -> None:
    """Bring in the chosen rows, a thousand in each transaction; begun again after a crash, it goes on where it was.

    Each transaction also writes how far it came, so a row is never counted or stored twice.
    """
    lines = {line.number: line for line in preview.lines}
    wanted = [lines[number] for number in one.chosen if number in lines]
    position = one.result.get("position", 0)
    for chunk in chunks(wanted[position:], CHUNK):
        with transaction.atomic():
            result = one.result | {"position": position + len(chunk)}
            # The mark comes first: a second worker stops here.
            if not change(one, (Import.State.APPLYING,), by=one.updated_by, result=result):
                raise LeaseLost(str(one))
            counts, plans = Counter(result.get("counts", {})), Counter(result.get("plans", {}))
            _write(chunk, one, counts, plans)
            one.result = result | {"counts": counts, "plans": plans}
            Import.objects.filter(pk=one.pk).update(result=one.result)
        position += len(chunk)
        report(position, len(wanted), _("Row %(row)d of %(total)d") % {"row": position, "total": len(wanted)})


def finish(one: Import) -> None:
    """Mark the import as applied; call it inside a transaction."""
    if change(one, (Import.State.APPLYING,), by=one.updated_by, state=Import.State.APPLIED):
        record("import", one, by=one.updated_by, after=one.result.get("counts", {}))


def _write(chunk: Sequence[Line], one: Import, counts: Counter[str], plans: Counter[str]) -> None:
    """Store one chunk, with its history; the number of queries does not depend on its length."""
    by = one.updated_by
    for line in chunk:
        if line.status == NEW and line.place.plan is None:
            line.place.plan = open_plan(line.place.region, by=by, is_unverified=True)
            counts["plans"] += 1
    new = [line for line in chunk if line.status == NEW]
    present = _keys_of(new)  # somebody else may have brought them in since they were examined
    new = [line for line in new if (line.place.plan.pk, line.key) not in present]
    fills = [line for line in chunk if line.status == FILLS]
    counts["agencies"] += _make_agencies([*new, *fills], by)
    events = _add(new, by, is_unverified=one.plan is None)
    more = _fill(fills, by)
    insert_many(Event, map(vars, events + more))
    counts[NEW] += len(new)
    counts[FILLS] += len(more)
    counts[THERE] += len([line for line in chunk if line.status != WRONG]) - len(new) - len(more)
    counts[WRONG] += sum(line.status == WRONG for line in chunk)
    counts["without_agency"] += sum(line.agency is None for line in new)
    counts["unplaced"] += sum(len(line.unplaced) for line in new)
    plans.update(line.place.plan.slug for line in new)


def _keys_of(lines: Sequence[Line]) -> dict[tuple[int, str], int]:
    """{(plan, source key): key} of the lines that are in the database now."""
    rows = Innovation.objects.filter(source_key__in=[line.key for line in lines]).order_by()
    return {(plan, key or ""): pk for plan, key, pk in rows.values_list("plan_id", "source_key", "pk")}


def _make_agencies(lines: Sequence[Line], by: Any) -> int:
    """Make the agencies that the sheet names and the region did not have, unverified."""
    wanted: dict[SheetAgency, Place] = {
        line.agency: line.place for line in lines if line.agency is not None and line.agency.organisation is None
    }
    rows = [
        Organisation(
            kind=Organisation.Kind.AGENCY,
            agency_kind=kind_from_name(agency.name),
            parent=place.plan.government,
            name=agency.name,
            is_unverified=True,
            created_by=by,
            updated_by=by,
        )
        for agency, place in wanted.items()
    ]
    Organisation.objects.bulk_create(rows)
    for (agency, place), row in zip(wanted.items(), rows, strict=True):
        row.path = f"{place.plan.government.path}{row.pk}/"
        agency.organisation = row
    Organisation.objects.bulk_update(rows, ["path"], batch_size=CHUNK)
    Event.objects.bulk_create(build("import", row, by=by, after={"name": row.name}) for row in rows)
    return len(rows)


def _add(lines: Sequence[Line], by: Any, *, is_unverified: bool) -> list[Event]:
    """New drafts with their budget lines and cells kept aside; answers their history, not stored yet."""
    given = []
    for line in lines:
        plan = line.place.plan
        organisation = line.agency.organisation if line.agency else None
        given.append(
            line.fields
            | {
                "plan_id": plan.pk,
                "organisation_id": organisation.pk if organisation else None,
                "organisation_path": (organisation or plan).organisation_path,
                "is_unverified": is_unverified,
                "source_key": line.key,
                "created_by_id": by.pk if by else None,
                "updated_by_id": by.pk if by else None,
            }
        )
    insert_many(Innovation, given)
    keys = _keys_of(lines)
    pks = [keys[one["plan_id"], one["source_key"]] for one in given]
    _add_children([(pk, line.unplaced, line.money) for pk, line in zip(pks, lines, strict=True)], by)
    events = []
    row = Innovation()  # one is enough to write the history of all: a line of it keeps only key and path
    for pk, one, line in zip(pks, given, lines, strict=True):
        row.pk, row.organisation_path = pk, one["organisation_path"]
        words = _in_words(line.fields, line, {"unplaced": line.unplaced, "money": line.money})
        events.append(build("import", row, by=by, after=words))
    return events


def _fill(lines: Sequence[Line], by: Any) -> list[Event]:
    """Fill gaps of drafts, and only what is still a gap; answers the history, not stored yet."""
    wanted: dict[Any, Line] = {line.existing: line for line in lines}
    rows = list(
        Innovation.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted, state=State.DRAFT, withdrawn_at=None)
        .select_related(None)
    )
    events, changed, children, now = [], set(), [], timezone.now()
    for row in rows:
        line = wanted[row.pk]
        gaps = {
            name: value
            for name, value in line.gaps.items()
            if name in ("unplaced", "money", "organisation") or getattr(row, name) in (None, "")
        }
        children.append((row.pk, gaps.pop("unplaced", {}), gaps.pop("money", None)))
        words = _in_words(gaps, line, {"unplaced": children[-1][1], "money": children[-1][2]})
        agency = gaps.pop("organisation", None)
        if agency and row.organisation_id is None:
            organisation = agency.organisation
            row.organisation, row.organisation_path = organisation, organisation.organisation_path
            changed |= {"organisation", "organisation_path"}
        for name, value in gaps.items():
            setattr(row, name, value)
        changed |= {name.removesuffix("_id") for name in gaps}
        row.version, row.updated_at, row.updated_by = row.version + 1, now, by
        events.append(build("import", row, by=by, after=words))
    if rows:
        Innovation.objects.bulk_update(rows, [*changed, "version", "updated_at", "updated_by"], batch_size=200)
    _add_children(children, by)
    return events


def _add_children(children: Sequence[tuple[int, Mapping[str, str], dict[str, Any] | None]], by: Any) -> None:
    Unplaced.objects.bulk_create(
        Unplaced(innovation_id=pk, column=title[:200], text=text)
        for pk, unplaced, _money in children
        for title, text in unplaced.items()
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(innovation_id=pk, created_by=by, updated_by=by, **money)
        for pk, _unplaced, money in children
        if money
    )


def _in_words(fields: Mapping[str, Any], line: Line, more: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the history keeps them: names instead of keys."""
    words = dict(fields)
    words.pop("sub_dimension_id", None)
    if words.pop("dimension_id", None):
        words["dimension"] = line.place.dimensions.names[line.dimension]
    if line.agency is not None and ("organisation" in fields or line.existing is None):
        words["organisation"] = line.agency.name
    if more["unplaced"]:
        words[label_of("unplaced")] = [f"{title}: {text}" for title, text in more["unplaced"].items()]
    if more["money"]:
        words[label_of("money")] = more["money"]["amount_rupiah"]
    return words
