"""Bringing in the chosen rows of a workbook: a few hundred in each transaction, each with its version and its history."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.across.workbooks.candidates import Candidate, candidates_of
from praja.across.workbooks.material import Above, Work
from praja.across.workbooks.recognising import Book, Found
from praja.across.workbooks.verdicts import Result, RowVerdict, Status, Verdicts
from praja.foundation.audit.actions import build
from praja.foundation.audit.bulk import insert_many, update_many
from praja.foundation.audit.models import Event
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.models import Plan
from praja.foundation.sheets.entries import ChildSheet, EntrySheet, Line, Stored, chunks
from praja.foundation.sheets.handing_out import OutRow, OutSheet, write_workbook
from praja.foundation.sheets.models import HandedRow, Handout, settled_with

Place = tuple[str, int]
Report = Callable[[int, int, str], object]
BLOCK = 200
MINE, THEIRS = "mine", "theirs"


@dataclass
class Group:
    """A row that stands by itself with everything of it that is to be written; `row` is None when only lines below change."""

    sheet: EntrySheet
    uid: UUID
    stored: Stored | None
    row: RowVerdict | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    lines: list[tuple[RowVerdict, ChildSheet, dict[str, Any]]] = field(default_factory=list)
    pk: int | None = None
    path: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def verdicts(self) -> Iterator[RowVerdict]:
        """Every row of the file in it."""
        if self.row is not None:
            yield self.row
        yield from (verdict for verdict, _sheet, _changes in self.lines)


def apply(
    verdicts: Verdicts,
    *,
    plan: Plan,
    by: Any,
    chosen: Collection[Place],
    answers: Mapping[tuple[str, int, str], str] | None = None,
    report: Report | None = None,
) -> Result:
    """Write the chosen rows as they were judged, each by the version that was seen.

    `answers`: {(sheet, number, key of a cell in conflict): "mine" or "theirs"}. A row that cannot be written is left, and
    `Result.left` says why. Applying the same verdicts twice writes nothing the second time.
    """
    result = Result()
    groups = list(_groups(verdicts, set(chosen), answers or {}, result))
    done, total = 0, sum(1 for group in groups for _verdict in group.verdicts)
    applying = Applying(plan, by, verdicts, result)
    for key in dict.fromkeys(group.sheet.key for group in groups):
        for block in chunks([group for group in groups if group.sheet.key == key], BLOCK):
            applying.write(block)
            done += sum(1 for group in block for _verdict in group.verdicts)
            if report is not None:
                report(done, total, _("Row %(row)d of %(total)d") % {"row": done, "total": total})
    return result


def _groups(
    verdicts: Verdicts, chosen: set[Place], answers: Mapping[tuple[str, int, str], str], result: Result
) -> Iterator[Group]:
    """The chosen rows, each with its chosen lines, those of a sheet together; what cannot be applied goes to `left`."""
    groups: dict[UUID, Group] = {}
    lines: list[tuple[RowVerdict, Work, dict[str, Any]]] = []
    for verdict in verdicts.rows:
        place = (verdict.sheet, verdict.number)
        if place not in chosen:
            continue
        if verdict.status == Status.UNCHANGED:
            _applied(result, verdict)
            continue
        work: Work | None = verdict.work
        changes = _decided(verdict, work, answers, result) if work else None
        if work is None or changes is None:
            result.left.setdefault(place, verdict.sentence or _("This row cannot be applied. Look at it again."))
        elif work.sheet.is_child:
            lines.append((verdict, work, changes))
        else:
            groups[work.uid] = Group(work.sheet, work.uid, work.stored, verdict, changes)
    for verdict, work, changes in lines:
        above: Above | None = work.above
        if above is None or (above.stored is None and above.uid not in groups):
            result.left[verdict.sheet, verdict.number] = _(
                "The row above this line was not brought in. Bring that one in too, then upload the workbook again."
            )
            continue
        sheet: Any = work.sheet
        group = groups.setdefault(above.uid, Group(sheet.parent, above.uid, above.stored))
        group.lines.append((verdict, sheet, changes))
    yield from groups.values()


def _decided(
    verdict: RowVerdict, work: Work, answers: Mapping[tuple[str, int, str], str], result: Result
) -> dict[str, Any] | None:
    """The values to write once the conflicts are answered; None when one is not, or when they do not fit together."""
    if verdict.status not in (Status.NEW, Status.CHANGED, Status.CONFLICT):
        return None
    changes = dict(work.changes)
    for key, plain in work.conflicts.items():
        answer = answers.get((verdict.sheet, verdict.number, key))
        if answer == MINE:
            changes[key] = plain
        elif answer != THEIRS:
            return None
    if work.conflicts and changes and work.stored is not None:
        sheet, merged = work.sheet, {**work.stored.values, **changes}
        sections = {sheet.by_key[key].section for key in changes}
        values = {one.key: one.value(merged[one.key]) for one in sheet.columns if one.section in sections}
        problems = [
            *sheet.wrong_together(values, sections).values(),
            *(sheet.by_key[key].refused(changes[key], work.stored.values, merged) for key in changes),
        ]
        if any(problems):
            result.left[verdict.sheet, verdict.number] = " ".join(filter(None, problems))
            return None
    return changes


def _applied(result: Result, verdict: RowVerdict) -> None:
    result.applied.add((verdict.sheet, verdict.number))
    result.counts[verdict.status] += 1


class Applying:
    """Writes blocks of groups; the number of queries of a block does not depend on its length."""

    def __init__(self, plan: Plan, by: Any, verdicts: Verdicts, result: Result) -> None:
        self.plan, self.by, self.handout, self.result = plan, by, verdicts.handout, result

    def write(self, block: list[Group]) -> None:
        """Store one block, in one transaction."""
        try:
            with transaction.atomic():
                stored = self._write(block)
        except (IntegrityError, DataError):
            sentence = _("These rows could not be stored together. Upload the workbook again and bring in fewer rows.")
            self._leave(block, sentence)
            return
        for group in stored:
            for verdict in group.verdicts:
                _applied(self.result, verdict)

    def _write(self, block: list[Group]) -> list[Group]:
        sheet = block[0].sheet
        self._hold(sheet)
        block = self._with_rows_they_point_to(sheet, self._still_as_seen(sheet, block))
        self.now = timezone.now()
        self._write_rows(sheet, block)
        sheet.after_creating([group.pk for group in block if group.stored is None and group.pk], by=self.by)
        sheet.after_changing([group.pk for group in block if group.stored and group.pk and group.changes])
        for child in {id(one): one for group in block for _verdict, one, _changes in group.lines}.values():
            self._write_lines(child, block)
        row = sheet.model()  # one is enough to write the history of all: a line of it keeps only key and path
        events = [self._event(row, group) for group in block if group.before != group.after]
        insert_many(Event, map(vars, events))
        self._settle(block)
        return block

    def _leave(self, groups: Iterable[Group], sentence: str) -> None:
        for group in groups:
            for verdict in group.verdicts:
                self.result.left[verdict.sheet, verdict.number] = sentence

    def _hold(self, sheet: EntrySheet) -> None:
        """One workbook is brought in by one person at a time; two uploads of it wait for each other."""
        if self.handout is not None:
            Handout.objects.select_for_update().get(pk=self.handout.pk)
        if self.handout is None or sheet.holds_plan:
            Plan.objects.select_for_update(no_key=True).get(pk=self.plan.pk)

    def _still_as_seen(self, sheet: EntrySheet, block: list[Group]) -> list[Group]:
        """The groups whose rows nobody changed since they were judged; the others are left."""
        rows = sheet.model._default_manager.select_for_update()
        pks = [group.stored.pk for group in block if group.stored]
        versions = dict(rows.filter(pk__in=pks).order_by("pk").values_list("pk", "version"))
        news = [group.uid for group in block if group.stored is None]
        there = set(sheet.model._default_manager.filter(uid__in=news).values_list("uid", flat=True))
        lines = self._lines_seen(block)
        kept = []
        for group in block:
            seen = group.stored is None and group.uid not in there
            if group.stored is not None:
                seen = versions.get(group.stored.pk) == group.stored.version
            if seen and all(lines(verdict, child) for verdict, child, _changes in group.lines):
                kept.append(group)
                continue
            self._leave(
                [group], _("Somebody changed this row in Praja in the meantime. Upload the workbook again to see both.")
            )
        return kept

    def _with_rows_they_point_to(self, sheet: EntrySheet, block: list[Group]) -> list[Group]:
        """The groups whose cells point to stored rows by now; one that points to a row left out is left too."""
        for column in sheet.many_columns:
            asked = {key for group in block for key in group.changes.get(column.key) or () if isinstance(key, UUID)}
            if not asked:
                continue
            stored = dict(sheet.target(column)._default_manager.filter(uid__in=asked).values_list("uid", "pk"))
            waiting = [group for group in block if (asked & set(group.changes.get(column.key) or ())) - stored.keys()]
            self._leave(
                waiting, _("It points to a row of this workbook that was not brought in. Bring that one in first.")
            )
            block = [group for group in block if group not in waiting]
            for group in block:
                if column.key in group.changes:
                    group.changes[column.key] = frozenset(stored.get(key, key) for key in group.changes[column.key])
        return block

    def _lines_seen(self, block: list[Group]) -> Callable[[RowVerdict, ChildSheet], bool]:
        """Whether a line is as it was judged: its version is the same, or a new one is still new."""
        versions: dict[tuple[str, UUID], int] = {}
        wanted: dict[str, tuple[ChildSheet, list[UUID]]] = {}
        for group in block:
            for verdict, child, _changes in group.lines:
                wanted.setdefault(child.key, (child, []))[1].append(verdict.work.uid)
        for key, (child, uids) in wanted.items():
            rows = child.model._default_manager.filter(uid__in=uids).values_list("uid", "version", "withdrawn_at")
            versions |= {(key, uid): version if not gone else -1 for uid, version, gone in rows}

        def seen(verdict: RowVerdict, child: ChildSheet) -> bool:
            stored = verdict.work.stored
            return versions.get((child.key, verdict.work.uid)) == (stored.version if stored else None)

        return seen

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _write_rows(self, sheet: EntrySheet, block: list[Group]) -> None:
        new = [group for group in block if group.stored is None]
        insert_many(sheet.model, (self._new_columns(sheet, group) for group in new))
        pks = dict(sheet.model._default_manager.filter(uid__in=[group.uid for group in new]).values_list("uid", "pk"))
        for group in new:
            group.pk = pks[group.uid]
            group.after = {
                key: said for key, plain in group.changes.items() if (said := sheet.by_key[key].history(plain))
            }
        old = [group for group in block if group.stored is not None]
        for group in old:
            group.pk, group.path = group.stored.pk, group.stored.organisation_path  # type: ignore[union-attr]
        old = [group for group in old if group.changes or group.lines]
        update_many(sheet.model, [self._changed_columns(sheet, group) for group in old])
        self._write_many(sheet, block)
        moved = [group.pk for group in old if group.pk is not None and "organisation" in group.changes]
        for row in sheet.model._default_manager.filter(pk__in=moved) if moved else ():
            carry_along(row)

    def _new_columns(self, sheet: EntrySheet, group: Group) -> dict[str, Any]:
        group.path = self._path(sheet, group.changes.get("organisation"))
        columns = {
            sheet.by_key[key].attname: plain for key, plain in group.changes.items() if not sheet.by_key[key].is_many
        }
        return columns | {
            "uid": group.uid,
            "plan_id": self.plan.pk,
            "organisation_path": group.path,
            "created_by_id": self.by.pk,
            "updated_by_id": self.by.pk,
        }

    def _changed_columns(self, sheet: EntrySheet, group: Group) -> tuple[int, dict[str, Any]]:
        stored = group.stored
        assert stored is not None
        columns: dict[str, Any] = {}
        for key, plain in group.changes.items():
            column = sheet.by_key[key]
            group.before[key], group.after[key] = (
                column.history(stored.values[key]),
                column.history(plain),
            )
            if not column.is_many:
                columns[column.attname] = plain
        if "organisation" in group.changes:
            group.path = columns["organisation_path"] = self._path(sheet, group.changes["organisation"])
        return stored.pk, columns | {
            "version": stored.version + 1,
            "updated_at": self.now,
            "updated_by_id": self.by.pk,
        }

    def _path(self, sheet: EntrySheet, agency: int | None) -> str:
        column: Any = sheet.by_key["organisation"]
        path: str = (column.value(agency) or self.plan).organisation_path
        return path

    def _write_many(self, sheet: EntrySheet, block: list[Group]) -> None:
        for column in sheet.many_columns:
            through, own, other = sheet.through(column)
            added, removed = [], []
            for group in block:
                if column.key not in group.changes:
                    continue
                wanted = group.changes[column.key]
                there = group.stored.values[column.key] if group.stored else frozenset()
                added += [{own: group.pk, other: key} for key in wanted - there]
                removed += [(group.pk, key) for key in there - wanted]
            insert_many(through, added)
            for pk, key in removed:
                through._default_manager.filter(**{own: pk, other: key}).delete()

    # --- lines below --------------------------------------------------------------------------------------------------

    def _write_lines(self, child: ChildSheet, block: list[Group]) -> None:
        groups = {group.pk: group for group in block if any(one is child for _verdict, one, _changes in group.lines)}
        below = child.load_below([pk for pk in groups if pk])
        every: dict[int, list[Line]] = {}
        new: list[dict[str, Any]] = []
        old: list[tuple[int, dict[str, Any]]] = []
        for pk, group in groups.items():
            lines = [Line(one.uid, one.pk, one.version, dict(one.values), set()) for one in below.get(pk or 0, ())]
            if lines:
                group.before[child.prefix] = [child.words(line.values) for line in lines]
            by_uid = {line.uid: line for line in lines}
            for verdict, one, changes in group.lines:
                if one is not child:
                    continue
                line = by_uid.get(verdict.work.uid)
                if line is None:
                    line = Line(verdict.work.uid, None, 0, {}, set(), verdict.number)
                    lines.append(line)
                line.values |= changes
                line.changed = set(changes)
            every[pk or 0] = lines
            common = {"updated_by_id": self.by.pk}
            for line, columns in child.columns_to_store(lines):
                if line.pk is None:
                    above = {f"{child.parent_field}_id": pk, "uid": line.uid, "created_by_id": self.by.pk}
                    new.append({**columns, **common, **above})
                else:
                    old.append((line.pk, {**columns, **common, "version": line.version + 1, "updated_at": self.now}))
        insert_many(child.model, new)
        update_many(child.model, old)
        fresh = dict(child.model._default_manager.filter(uid__in=[one["uid"] for one in new]).values_list("uid", "pk"))
        for lines in every.values():
            for line in lines:
                line.pk = line.pk or fresh.get(line.uid)
        child.after_storing(every)
        for pk, lines in every.items():
            groups[pk].after[child.prefix] = [child.words(line.values) for line in child.arranged(lines)]

    # --- history, and what the workbook brought -----------------------------------------------------------------------

    def _event(self, row: Any, group: Group) -> Event:
        row.pk, row.organisation_path = group.pk, group.path
        return build("workbook", row, by=self.by, before=group.before, after=group.after)

    def _settle(self, block: Iterable[Group]) -> None:
        """Remember what the workbook said, so that the same file again says nothing new."""
        if self.handout is None:
            return
        new, old = [], []
        for group in block:
            for verdict in group.verdicts:
                work: Work = verdict.work
                if work.handed is None:
                    settled = {key: [text] for key, text in work.texts.items()}
                    new.append(
                        {
                            "handout_id": self.handout.pk, "sheet": work.sheet.key, "uid": work.uid, "version": 0,
                            "settled": settled,
                        }
                    )  # fmt: skip
                else:
                    old.append((work.handed.pk, {"settled": settled_with(work.handed.settled, work.texts)}))
        insert_many(HandedRow, new)
        update_many(HandedRow, old)


# --- rows to mend -----------------------------------------------------------------------------------------------------


def wrong_rows(verdicts: Verdicts, *, rows: Collection[Place]) -> bytes:
    """These rows of the file as a workbook of the same shape and identities, each with what is to be mended."""
    book: Book = verdicts.book
    wanted = {(row.sheet, row.number): row for row in verdicts.rows if (row.sheet, row.number) in set(rows)}
    out = [
        OutSheet(
            sheet,
            [
                _to_mend(row, found, wanted[sheet.key, row.number])
                for row in candidates_of(found)
                if (sheet.key, row.number) in wanted
            ],
        )
        for sheet in book.sheets.values()
        if (found := book.found.get(sheet.key))
    ]
    target = io.BytesIO()
    with override(settings.LANGUAGE_CODE):
        write_workbook(
            target,
            [one for one in out if one.rows],
            handout=verdicts.handout.uid if verdicts.handout else None,
            title=_("Rows to mend"),
            instructions=[
                _("The column “what to mend” says what is wrong with each row."),
                _("Mend the rows, save the workbook as XLSX and upload it on the page “Workbook”."),
            ],
            with_remarks=True,
        )
    return target.getvalue()


def _to_mend(row: Candidate, found: Found, verdict: RowVerdict) -> OutRow:
    remarks = [verdict.sentence] if verdict.sentence else []
    for cell in verdict.cells:
        if cell.status == Status.WRONG:
            remarks.append(f"{cell.title}: {cell.problem}")
        elif cell.status == Status.CONFLICT:
            remarks.append(
                _("%(title)s: Praja says “%(theirs)s”.") % {"title": cell.title, "theirs": cell.theirs[:500]}
            )
    del found
    return OutRow(
        row.number_text, row.uid if row.claimed else None, row.texts, (row.parent_text, ""), remark="\n".join(remarks)
    )
