"""Lists around a round: its nominees with filters, and the innovations that can still be nominated."""

from typing import Any

from django.db.models import Q, Sum
from django.http import QueryDict
from django.utils.translation import gettext as _

from praja.foundation.plans.filters import Choice, Filter, Names
from praja.foundation.ui.formats import short_date
from praja.foundation.ui.lists import search_text
from praja.stages.innovations.figures import planned_lines
from praja.stages.quick_wins.desk import WITHOUT
from praja.stages.quick_wins.models import Nomination, Round
from praja.stages.quick_wins.nominee_forms import IS_INCOMPLETE, STATED, month_words
from praja.stages.quick_wins.reach import is_outside_the_plan

SORTS = {"nama": "innovation__title", "terbaru": "-pk"}
COLUMNS = (
    "pk", "innovation_id", "innovation__title", "innovation__organisation_id", "innovation__dimension_id",
    "innovation__is_it", "continues_id", "withdrawn_at", "reason", *STATED,
)  # fmt: skip
INNOVATION_COLUMNS = ("pk", "title", "organisation_id", "dimension_id", "is_it")
Options = dict[str, tuple[str, list[Choice]]]


class NomineeFilters:
    """Reads filters, `urut`, `q` and `sesudah` of an address; `beside` leads to the innovation, "" when it is one.

    Unknown values filter nothing.
    """

    def __init__(self, query: QueryDict, round_: Round, names: Names, *, beside: str = "innovation__") -> None:
        self._round, self._beside = round_, beside
        self.search = search_text(query)
        self.after = query.get("sesudah", "")
        self.sort = query.get("urut", "") if query.get("urut", "") in SORTS else "nama"
        self.order = SORTS[self.sort] if beside else SORTS[self.sort].replace("innovation__", "")
        self.sorts = [("nama", _("By name")), ("terbaru", _("Newest first"))]
        self._dimensions = {row.key: row.pk for row in names.dimensions}
        choices: Options = {
            "dimensi": (
                _("Dimension"),
                [*(Choice(row.key, str(row)) for row in names.dimensions), Choice(WITHOUT, _("not chosen yet"))],
            ),
            "opd": (_("Agency (OPD)"), [Choice(str(pk), name) for pk, name in names.agencies.items()]),
            "jenis": (_("Kind"), [Choice("it", _("IT")), Choice("non-it", _("Non-IT"))]),
            **(_of_nominees() if beside else {}),
        }
        self.filters = [
            Filter(name, title, options, query.get(name, "") if query.get(name) in {o.value for o in options} else "")
            for name, (title, options) in choices.items()
        ]

    def value(self, name: str) -> str:
        """The chosen value of a filter, "" for none."""
        return next((one.value for one in self.filters if one.name == name), "")

    @property
    def is_filtering(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.search) or any(one.value for one in self.filters)

    def apply(self, rows: Any) -> Any:
        """The rows that pass."""
        beside = self._beside
        if value := self.value("dimensi"):
            rows = rows.filter(**{f"{beside}dimension": None if value == WITHOUT else self._dimensions[value]})
        if value := self.value("opd"):
            rows = rows.filter(**{f"{beside}organisation": int(value)})
        if value := self.value("jenis"):
            rows = rows.filter(**{f"{beside}is_it": value == "it"})
        if value := self.value("uang"):
            rows = rows.filter(money="" if value == WITHOUT else value)
        if value := self.value("isian"):
            kept = {"belum": IS_INCOMPLETE, "lengkap": ~IS_INCOMPLETE, "keluar": is_outside_the_plan(self._round.plan)}
            rows = rows.filter(kept[value])
        if beside:
            rows = rows.filter(withdrawn_at__isnull=self.value("keadaan") != "ditarik")
        if self.search:
            rows = rows.filter(Q(**{f"{beside}title__icontains": self.search}))
        return rows


def _of_nominees() -> Options:
    money = [Choice(value, label) for value, label in Nomination.Money.choices]
    stated = [
        Choice("lengkap", _("Complete")),
        Choice("belum", _("Not complete yet")),
        Choice("keluar", _("Innovation has left the plan")),
    ]
    return {
        "uang": (_("Its money now"), [*money, Choice(WITHOUT, _("Not said yet"))]),
        "isian": (_("What it states"), stated),
        "keadaan": (_("State"), [Choice("ditarik", _("Withdrawn"))]),
    }


def planned_money(round_: Round, innovations: list[int]) -> dict[int, int]:
    """{innovation: planned rupiah of all years}, in one query."""
    lines = planned_lines(round_.plan).filter(innovation__in=innovations).order_by()
    return dict(lines.values_list("innovation").annotate(Sum("amount_rupiah")))


def named(row: dict[str, Any], names: Names, money: dict[int, int]) -> dict[str, Any]:
    """A row of nominees as the list shows it."""
    state, day = row["money"], row["finishes_on"]
    return {
        **row,
        "url": names.address.replace("/0/", f"/{row['pk']}/"),
        "title": row["innovation__title"],
        "agency": names.agencies.get(row["innovation__organisation_id"], ""),
        "badge": names.badges.get(row["innovation__dimension_id"], ""),
        "is_it": row["innovation__is_it"],
        "money_words": Nomination.Money(state).label if state in Nomination.Money.values else "",
        "rupiah": money.get(row["innovation_id"], 0),
        "done_in": month_words(day) if day else "",
        "lacks": sum(1 for name in STATED if not row[name]),
        "withdrawn_on": short_date(row["withdrawn_at"].date()) if row["withdrawn_at"] else "",
    }


def named_innovation(row: dict[str, Any], names: Names, money: dict[int, int]) -> dict[str, Any]:
    """An innovation that can be nominated as the list shows it; `names` lead to innovations."""
    return {
        **row,
        "url": names.address.replace("/0/", f"/{row['pk']}/"),
        "agency": names.agencies.get(row["organisation_id"], ""),
        "badge": names.badges.get(row["dimension_id"], ""),
        "rupiah": money.get(row["pk"], 0),
    }
