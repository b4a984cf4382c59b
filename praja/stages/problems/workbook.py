"""The sheets of a workbook about problems: the problems, and the trees of their causes as numbered lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.bulk import update_many
from praja.foundation.drafts.entry import MOST_CHILDREN
from praja.foundation.plans.forms import implied
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import (
    CHUNK,
    ChildSheet,
    EntryColumn,
    EntrySheet,
    Line,
    ParsedColumn,
    Section,
    Stored,
    chunks,
    column_of,
)
from praja.foundation.sheets.fields import ParsedField
from praja.foundation.sheets.values import parse_int
from praja.stages.problems.forms import DEEPEST_CAUSE, SECTIONS, CauseForm
from praja.stages.problems.models import Cause, Problem

# Without these a problem is not submitted (steps.py); their heads carry a star.
NEEDED = frozenset(
    {
        "title",
        "organisation",
        "dimension",
        "sub_dimension",
        "description",
        "affected",
        "urgency",
        "seriousness",
        "growth",
    }
)


def problem_sheets(rows: PlanRows) -> list[EntrySheet]:
    """The sheets for a plan and a person, whose columns are the fields of the forms in the language of the moment."""
    columns: dict[str, EntryColumn] = {}
    sections = {}
    for section, (title, form_class) in SECTIONS.items():
        form = form_class(instance=Problem(plan=rows.plan), user=rows.by)
        sections[section] = Section(title, form_class.rules)
        for key, field in form.fields.items():
            columns[key] = rows.column(
                key, field, write=Can.PROBLEM_WRITE, columns=columns, section=section, is_required=key in NEEDED
            )
    problems = EntrySheet(
        key="problems",
        title=gettext_lazy("Problems"),
        model=Problem,
        columns=list(columns.values()),
        sections=sections,
        write=Can.PROBLEM_WRITE,
        accept=Can.PROBLEM_ACCEPT,
        fills=implied,
    )
    return [problems, _causes(problems)]


def _causes(problems: EntrySheet) -> ChildSheet:
    form = CauseForm()
    order = ParsedField(
        parse=partial(parse_int, minimum=1, maximum=MOST_CHILDREN),
        label=_("Order"),
        required=False,
        help_text=_("The place among the causes of the problem: 1, 2, 3. Empty: behind the others."),
    )
    title = _("Causes")
    return CauseSheet(
        key="causes",
        title=gettext_lazy("Causes"),
        model=Cause,
        columns=[
            ParsedColumn("order", order, section="causes"),
            column_of("depth", form.fields["depth"], section="causes"),
            column_of("text", form.fields["text"], section="causes", is_required=True),
            column_of("kind", form.fields["kind"], section="causes", is_required=True),
        ],
        sections={"causes": Section(title, CauseForm.rules)},
        write=problems.write,
        accept=problems.accept,
        key_column="text",
        parent=problems,
        parent_field="problem",
        parent_title=gettext_lazy("No. of the problem"),
        prefix="causes",
        words=_words,
        most=MOST_CHILDREN,
    )


def _words(values: Mapping[str, Any]) -> str:
    return f"{values['text']} ({Cause.Kind(values['kind']).label})"


@dataclass(eq=False, repr=False)
class CauseSheet(ChildSheet):
    """Causes as lines with a place and a depth, as on the page: each hangs below the nearest shallower line above it."""

    @property
    def stored_columns(self) -> list[EntryColumn]:
        """Place and depth follow from the tree."""
        return [self.by_key["text"], self.by_key["kind"]]

    def complete(self, below: Mapping[int, list[Stored]]) -> None:
        """Order the lines as one reads the tree, and tell place and depth of each."""
        parents: dict[int, int | None] = {}
        for chunk in chunks(below, CHUNK):
            parents |= Cause.objects.filter(problem__in=chunk, withdrawn_at=None).values_list("pk", "parent_id")
        for lines in below.values():
            by_parent: dict[int | None, list[Stored]] = {}
            known = {line.pk for line in lines}
            for line in lines:
                above = parents.get(line.pk)
                by_parent.setdefault(above if above in known else None, []).append(line)
            ordered: list[Stored] = []
            waiting = [(line, 0) for line in reversed(by_parent.get(None, []))]
            while waiting:
                line, depth = waiting.pop()
                line.values |= {"order": len(ordered) + 1, "depth": min(depth, DEEPEST_CAUSE - 1)}
                ordered.append(line)
                waiting += [(child, depth + 1) for child in reversed(by_parent.get(line.pk, []))]
            for line in lines:  # causes that point at each other hang nowhere
                if "order" not in line.values:
                    line.values |= {"order": len(ordered) + 1, "depth": 0}
                    ordered.append(line)
            lines[:] = ordered

    def arranged(self, lines: list[Line]) -> list[Line]:
        """The lines in the order in which they are read, new ones without a place behind the others."""
        last = MOST_CHILDREN * 10
        return sorted(lines, key=lambda line: (line.values.get("order") or last, line.pk is None, line.number))

    def after_storing(self, below: Mapping[int, list[Line]]) -> None:
        """Hang each line where it belongs and number them."""
        moved = []
        for lines in below.values():
            above: dict[int, int | None] = {}
            for order, line in enumerate(self.arranged(lines)):
                depth = line.values.get("depth") or 0
                parent = next((above[level] for level in range(depth - 1, -1, -1) if level in above), None)
                above = {level: pk for level, pk in above.items() if level < depth} | {depth: line.pk}
                if line.pk is not None:
                    moved.append((line.pk, {"order": order, "parent_id": parent}))
        update_many(Cause, moved)
