"""Which row of ours a row of the file is: its hidden identity, and what it must not be mistaken for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import models
from django.utils.translation import gettext as _

from praja.across.workbooks.candidates import Candidate, Repeated, folded
from praja.across.workbooks.cells import refuse
from praja.across.workbooks.material import Handed, Material
from praja.across.workbooks.verdicts import RowVerdict
from praja.foundation.sheets.entries import NUMBER, EntrySheet


def uid_of_typed_row(material: Material, sheet: EntrySheet, words: str) -> UUID:
    """An identity that follows from what a row without one says."""
    if material.handout is not None:
        return material.handout.uid_of_typed_row(sheet.key, words)
    return uuid5(material.plan.uid, f"{sheet.key}={words}")


def refused_identity(material: Material, sheet: EntrySheet, row: Candidate, handed: Handed | None) -> str:
    """Why the identity of a row is not believed; "" when it is."""
    if not row.claimed:
        if row.number_text and row.number_text in material.numbers.get(sheet.key, ()) and handed is None:
            return _(
                "The hidden identity of No. %(number)s was lost. Copy what you changed into a newly downloaded workbook."
            ) % {"number": row.number_text[:20]}
        return ""
    slot = material.slots.get(sheet.key, {}).get(row.uid) if row.uid else None
    if row.uid is None or (handed is None and slot is None):
        return _(
            "The hidden identity of this row is not one of this workbook. Copy the row into a free row of a newly "
            "downloaded workbook."
        )
    expected = slot or (handed.values.get(NUMBER, "") if handed else "")
    if row.number_text and expected and row.number_text != expected:
        return _(
            "The number of this row and its hidden identity (No. %(number)s) do not belong together. Copy what you "
            "changed into a newly downloaded workbook."
        ) % {"number": expected}
    return ""


def judge_repeated(verdict: RowVerdict, row: Candidate, same: Repeated) -> RowVerdict | None:
    """A row that stands twice alike counts once; twice differently, a person has to decide."""
    if same.is_alike and row is same.rows[0]:
        return None
    if same.is_alike:
        verdict.sentence = _("The same as row %(number)d.") % {"number": same.rows[0].number}
        return verdict
    numbers = ", ".join(str(one.number) for one in same.rows)
    return refuse(
        verdict,
        _("The same row stands several times and says different things (rows %(numbers)s). Keep one of them.")
        % {"numbers": numbers},
    )


class Others:
    """The other rows of a sheet, in the file, in the handout and in the plan: what a row may not be mistaken for."""

    def __init__(self, material: Material, sheet: EntrySheet) -> None:
        self.material, self.sheet = material, sheet
        self.handed_titles = {
            folded(one.values[sheet.key_column]): uid
            for uid, one in material.handed[sheet.key].items()
            if sheet.key_column in one.values
        }
        self.handed_pairs = {
            (folded(one.values.get(sheet.key_column, "")), folded(one.values.get("organisation", "")))
            for one in material.handed[sheet.key].values()
            if one.values
        }
        self._in_file: dict[tuple[str, Any], int] = {}
        self._in_plan: dict[tuple[str, Any], int] | None = None

    def swapped(self, row: Candidate, handed: Handed) -> str:
        """Whether a row carries the identity of one row and the title of another, as after sorting some columns only."""
        said = folded(row.texts.get(self.sheet.key_column, ""))
        own = folded(handed.values.get(self.sheet.key_column, ""))
        if not own or said == own or said not in self.handed_titles:
            return ""
        return _(
            "This row has the identity of “%(own)s” and the title of “%(other)s”, as if only some columns had been sorted. "
            "Copy what you changed into a newly downloaded workbook."
        ) % {"own": handed.values[self.sheet.key_column][:80], "other": row.texts[self.sheet.key_column][:80]}

    def known_already(self, row: Candidate, agency: Any) -> str:
        """Why a new row is not new: the same title and agency were handed out, are in the plan, or stand above it."""
        title = row.texts.get(self.sheet.key_column, "")
        pair = (folded(title), agency)
        words = {"title": title[:80]}
        if not row.claimed and (folded(title), folded(row.texts.get("organisation", ""))) in self.handed_pairs:
            return (
                _(
                    "“%(title)s” is in the workbook already and has lost its hidden identity. Copy what you changed into a newly "
                    "downloaded workbook."
                )
                % words
            )
        if pair in self.in_plan:
            return (
                _(
                    "Praja has “%(title)s” of this agency already, not from this workbook. Change it on its page or in a newly "
                    "downloaded workbook, or give this row another title."
                )
                % words
            )
        if pair in self._in_file:
            return _("Row %(number)d has the same title and agency. Put both into one row, or change a title.") % {
                "number": self._in_file[pair]
            }
        self._in_file[pair] = row.number
        return ""

    @property
    def in_plan(self) -> Mapping[tuple[str, Any], int]:
        """{(title, key of the agency): key} of the rows in service, loaded when the first new row asks."""
        if self._in_plan is None:
            rows: models.QuerySet[Any] = self.sheet.model._default_manager.filter(
                plan=self.material.plan, withdrawn_at=None
            )
            self._in_plan = {
                (folded(title), agency): pk
                for title, agency, pk in rows.order_by().values_list(self.sheet.key_column, "organisation_id", "pk")
            }
        return self._in_plan
