"""The statistics as a workbook: one row for each figure, and one for each kind that has none."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from praja.foundation.sheets.columns import Column, Sheet
from praja.foundation.sheets.values import Choices, limited, normalised, parse_year
from praja.foundation.statistics import actions as statistics
from praja.foundation.statistics.catalogue import OWN, kinds
from praja.foundation.statistics.figures import lines_of
from praja.foundation.statistics.models import Statistic
from praja.stages.readiness.comparing import VERSION, ComparedFlow, ComparedLine, Ours, comma, number_text


class StatisticsFlow(ComparedFlow):
    """The figures of the region: one row for each kind and year; new rows are new figures."""

    title = gettext_lazy("Statistics with a workbook")
    sheet_title = gettext_lazy("Statistics")
    needed = ("name", "value")
    identity = frozenset({"version", "name", "key", "year"})

    @cached_property
    def sheet(self) -> Sheet:
        """The columns of a figure."""
        return Sheet(
            [
                Column("key", gettext_lazy("Code"), ("kode",), limited(60)),
                Column(
                    "name",
                    gettext_lazy("What it says"),
                    ("nama", "data", "indikator", "uraian"),
                    limited(200),
                    required=True,
                    help=gettext_lazy("A name of your own makes a figure of your own."),
                ),
                Column("value", pgettext_lazy("a number", "Figure"), ("angka", "nilai"), number_text),
                Column("unit", gettext_lazy("Unit"), ("satuan",), limited(40)),
                Column("year", gettext_lazy("Year"), ("tahun",), parse_year),
                Column("source", gettext_lazy("Source"), ("sumber", "sumber data"), limited(300)),
                Column(
                    "status",
                    gettext_lazy("How sure the source is"),
                    ("status", "kepastian"),
                    choices=Choices(Statistic.Status.choices),
                ),
                VERSION,
            ]
        )

    def rows(self) -> list[Mapping[str, Any]]:
        """Every figure, and a row for each kind that has none."""
        made: list[Mapping[str, Any]] = []
        for line in lines_of(self.plan.government):
            if not line.figures and line.kind:
                made.append({"key": line.key, "name": line.name, "unit": line.kind.unit})
            made += [
                {
                    **{name: getattr(figure, name) for name in ("key", "unit", "year", "source", "status", "version")},
                    "name": line.name,
                    "value": comma(figure.value),
                }
                for figure in line.figures
            ]
        return made

    @cached_property
    def _rows(self) -> dict[str, Statistic]:
        figures = Statistic.objects.filter(organisation=self.plan.government, withdrawn_at=None)
        return {f"{row.key} {row.year}": row for row in figures}

    @cached_property
    def ours(self) -> dict[str, Ours]:
        """Every figure by its kind and year."""
        names = ("value", "unit", "source", "status")
        self.__dict__.pop("_rows", None)
        return {
            key: Ours(f"{row.title} {row.year}", row.version, {name: getattr(row, name) for name in names})
            for key, row in self._rows.items()
        }

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found = {normalised(row.name): row.key for row in self._rows.values() if row.is_own}
        for kind in kinds().values():
            found |= {normalised(name): kind.key for name in kind.names.values()}
        return found

    def recognise(self, line: ComparedLine, said: dict[str, Any]) -> None:
        """The kind by its code or name, and the year; a row without figure says nothing."""
        name, code, year = said.get("name", ""), said.get("key", ""), said.get("year")
        line.title = f"{name} {year or ''}".strip()
        if "value" not in said:
            if not line.problems:
                said.clear()  # a kind that is not filled in: the unit alone is no figure
            return
        known = code in kinds() or any(row.key == code for row in self._rows.values())
        key = code if known else self._by_name.get(normalised(name), "")
        key = key or statistics.own_key(name)
        if key == OWN:
            line.problems.append((_("What it says"), _("Name the figure with letters or digits.")))
        if year is None and not any(title == str(self.sheet.by_key["year"].title) for title, _text in line.problems):
            line.problems.append((_("Year"), _("Write the year of the figure.")))
        line.ours = f"{key} {year}"
        if line.ours not in self.ours:
            lacking = [name for name in ("unit", "source") if not said.get(name)]
            line.problems += [
                (str(self.sheet.by_key[name].title), _("Please fill this in; it is required.")) for name in lacking
            ]

    def write(self, line: ComparedLine) -> None:
        """Write one figure."""
        key, _space, year = line.ours.rpartition(" ")
        row = self._rows.get(line.ours)
        if row is not None:
            statistics.change_figure(row, line.values, by=self.by, version=line.version)
            return
        own = {} if key in kinds() else {"name": line.title.removesuffix(f" {year}")[:200]}
        said = {"status": Statistic.Status.FINAL, **line.values, **own}
        statistics.set_figure(self.plan.government, by=self.by, key=key, year=int(year), **said)
