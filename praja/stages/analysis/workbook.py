"""The workbook of SWOT items and gaps as it goes out: its sheets are made of the forms that judge the pages."""

import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from praja.foundation.accounts.permissions import Can
from praja.foundation.plans.forms import sub_dimension_fits
from praja.foundation.plans.models import Plan
from praja.foundation.plans.workbook import PlanRows
from praja.foundation.sheets.entries import (
    Cells,
    ChoiceColumn,
    EntryColumn,
    EntrySheet,
    Section,
    fits_a_cell,
    parts_of,
)
from praja.foundation.sheets.handing_out import (
    OutRow,
    OutSheet,
    shortened,
    write_workbook,
)
from praja.foundation.sheets.values import Choices, Value, parse_choice
from praja.stages.analysis.gap_forms import GapForm
from praja.stages.analysis.models import Gap, SwotItem
from praja.stages.analysis.swot import LETTERS, in_reading_order
from praja.stages.analysis.swot_forms import SwotItemForm

KINDS = {
    **{letter: kind for kind, letter in LETTERS.items()},
    "strength": SwotItem.Kind.STRENGTH, "weakness": SwotItem.Kind.WEAKNESS, "opportunity": SwotItem.Kind.OPPORTUNITY,
    "threat": SwotItem.Kind.THREAT, "kekuatan": SwotItem.Kind.STRENGTH, "kelemahan": SwotItem.Kind.WEAKNESS,
    "peluang": SwotItem.Kind.OPPORTUNITY, "kesempatan": SwotItem.Kind.OPPORTUNITY, "ancaman": SwotItem.Kind.THREAT,
    "tantangan": SwotItem.Kind.THREAT,
}  # fmt: skip


class ChoicesColumn(EntryColumn):
    """Several of a closed list, a word in each line of the cell or between semicolons."""

    is_many = True

    def __init__(self, key: str, field: Any, **options: Any) -> None:
        super().__init__(key, field, **options)
        pairs = [(str(choice), str(label)) for choice, label in field.choices]
        self.labels = [label for _choice, label in pairs]
        synonyms: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                synonyms |= {str(label): str(choice) for choice, label in field.choices}
        self._choices = Choices(pairs, synonyms)
        self._label = dict(pairs)

    def plain(self, value: Any) -> Any:
        """The keys in the order of the list."""
        return tuple(choice for choice in self._label if choice in (value or ()))

    def text(self, plain: Any) -> str:
        """The words, one in each line."""
        return "\n".join(self._label.get(choice, str(choice)) for choice in plain or ())

    def history(self, plain: Any) -> Any:
        """The words."""
        return [self._label.get(choice, str(choice)) for choice in plain or ()]

    def _read(self, cell: Value, cells: Cells) -> Any:
        del cells
        return self._cleaned([parse_choice(part, self._choices) or "" for part in parts_of(cell)])


def analysis_sheets(plan: Plan, by: Any) -> dict[str, EntrySheet]:
    """The two sheets of a plan, whose columns are the fields of the forms in the language of workbooks."""
    with override(settings.LANGUAGE_CODE):
        rows = PlanRows(plan, by)
        item_form, gap_form = (
            SwotItemForm(instance=SwotItem(plan=plan), user=by),
            GapForm(instance=Gap(plan=plan), user=by),
        )
        dimension = forms.Field(label=_("Dimension"), required=False, help_text=_("It narrows the sub-dimensions."))
        return {
            "swot": _sheet("swot", gettext_lazy("SWOT"), SwotItem, item_form.fields, rows, key_column="text"),
            "gaps": _sheet(
                "gaps", gettext_lazy("Gaps"), Gap, {"dimension": dimension, **gap_form.fields}, rows, key_column="element",
                rules=(*GapForm.rules, sub_dimension_fits),
            ),
        }  # fmt: skip


def _sheet(
    key: str, title: Any, model: Any, fields: Mapping[str, Any], rows: PlanRows, *, key_column: str, rules: Any = ()
) -> EntrySheet:
    columns: dict[str, EntryColumn] = {}
    for name, one in fields.items():
        options = {"section": key, "is_required": one.required}
        if name == "kind":
            columns[name] = ChoiceColumn(name, one, synonyms=KINDS, **options)
        elif name == "closed_by":
            columns[name] = ChoicesColumn(name, one, **options)
        else:
            columns[name] = rows.column(name, one, write=Can.ANALYSIS_WRITE, columns=columns, **options)
    return EntrySheet(
        key=key,
        title=title,
        model=model,
        columns=list(columns.values()),
        sections={key: Section(title, rules)},
        write=Can.ANALYSIS_WRITE,
        accept=Can.ANALYSIS_WRITE,
        key_column=key_column,
    )


# --- out --------------------------------------------------------------------------------------------------------------


def plain_of(sheet: EntrySheet, row: Any) -> dict[str, Any]:
    """What a stored row says in each column."""
    values: dict[str, Any] = {}
    for column in sheet.columns:
        if sheet.key == "gaps" and column.key == "dimension":
            values["dimension"] = row.sub_dimension.dimension_id
        else:
            value = getattr(row, column.attname)
            values[column.key] = tuple(value) if isinstance(value, list) else value
    return values


def cell_text(column: EntryColumn, plain: Any) -> str:
    """What the cell of a stored value says; a text that no cell can hold is cut, with a word about it."""
    text = column.text(plain)
    return text if fits_a_cell(text) else shortened(text)


def stored_rows(plan: Plan) -> dict[str, list[Any]]:
    """The rows in service of both sheets, as people read them."""
    gaps = plan.gaps.in_service().select_related("sub_dimension__dimension")
    return {
        "swot": in_reading_order(plan.swot_items.in_service().select_related("dimension")),
        "gaps": list(gaps.order_by("sub_dimension__dimension__order", "sub_dimension__order", "order", "pk")),
    }


def written(plan: Plan, *, by: Any) -> bytes:
    """The workbook with everything that is there, and room for more."""
    sheets, rows = analysis_sheets(plan, by), stored_rows(plan)
    with override(settings.LANGUAGE_CODE):
        out = []
        for key, sheet in sheets.items():
            lines = []
            for row in rows[key]:
                plain = plain_of(sheet, row)
                texts = {one.key: text for one in sheet.columns if (text := cell_text(one, plain[one.key]))}
                locked = [one.key for one in sheet.columns if not fits_a_cell(one.text(plain[one.key]))]
                lines.append(OutRow(f"{row.pk}/{row.version}", row.uid, texts, locked=locked))
            out.append(OutSheet(sheet, lines))
        target = io.BytesIO()
        title = _("SWOT and gaps of %(plan)s") % {"plan": plan}
        write_workbook(target, out, handout=plan.uid, title=title, instructions=_instructions())
    return target.getvalue()


def _instructions() -> list[str]:
    return [
        _("Change what stands there, or write new rows below; a row without a number is new."),
        _("Leave the dimension of a SWOT item empty when it holds for the whole region."),
        _("To empty a cell empties it in Praja too. To delete a row deletes nothing; take it out on its page."),
        _("Do not change the grey columns and the titles. Sorting and a new file name do no harm."),
        _("Save it as XLSX and upload it on the page “SWOT and gaps from a sheet”. Before anything is stored you see every change."),
    ]  # fmt: skip
