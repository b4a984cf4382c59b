"""Problems and innovations as this folder sees them: what is compared, what can be taken over, what hangs below."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.roles import ROLES
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem

Text = Promise | str


@dataclass(frozen=True)
class Part:
    """Columns that only make sense together, and that one row may take over from another."""

    name: str
    title: Text
    columns: tuple[str, ...]
    is_labelled: bool = False  # each column says what it is

    @property
    def label(self) -> str:
        """The title with a capital, as it stands above the texts."""
        return str(capfirst(str(self.title)))

    def is_empty(self, row: Any) -> bool:
        """Whether the row says nothing here."""
        return all(getattr(row, column) in ("", None) for column in self.columns)

    def values(self, row: Any) -> dict[str, Any]:
        """The columns as they stand."""
        return {column: getattr(row, column) for column in self.columns}

    def words(self, row: Any) -> str:
        """The columns as people read them, one a line."""
        lines = []
        for column in self.columns:
            value = getattr(row, column)
            if value not in ("", None):
                shown = getattr(row, f"get_{column}_display", None)
                words = str(shown() if shown else value)
                name = capfirst(str(row._meta.get_field(column).verbose_name))
                lines.append(f"{name}: {words}" if self.is_labelled else words)
        return "\n".join(lines)


@dataclass(frozen=True)
class Below:
    """Rows that hang below: the name of the relation, in words, and whether they are taken along unless one says no."""

    name: str
    title: Text
    parent: str
    is_preset: bool = True


@dataclass(frozen=True)
class Kind:
    """One kind of row. `weights`: how much each compared text counts; `key` stands in addresses, `name` in tables."""

    name: str
    key: str
    model: Any
    title: Text
    plural: Text
    detail: str
    view: Can
    write: Can
    accept: Can
    weights: dict[str, float]
    parts: tuple[Part, ...]
    below: tuple[Below, ...]
    # Names of the agencies that take part, and of the rows that it points at or that point at it.
    partners: str
    links: tuple[str, ...]
    no_agency: Text = field(default=_("No agency yet"))

    def speaks_for(self, user: Any, organisation: Any) -> bool:
        """Whether this person is operator or head of that very agency, and not only somebody who may write there too."""
        return organisation is not None and any(
            membership.organisation_id == organisation.pk
            and membership.role in ROLES
            and self.write in ROLES[membership.role].own
            for membership in user.active_memberships
        )

    def agencies_of(self, user: Any) -> list[int]:
        """The keys of the agencies for which this person speaks."""
        return [
            membership.organisation_id
            for membership in user.active_memberships
            if membership.role in ROLES and self.write in ROLES[membership.role].own
        ]


PROBLEM = Kind(
    name="problem",
    key="permasalahan",
    model=Problem,
    title=_("Problem"),
    plural=_("Problems"),
    detail="problem-detail",
    view=Can.PROBLEM_VIEW,
    write=Can.PROBLEM_WRITE,
    accept=Can.PROBLEM_ACCEPT,
    weights={"title": 3, "description": 1, "affected": 0.5},
    parts=(
        Part("title", _("The problem in one sentence"), ("title",)),
        Part("description", _("what happens"), ("description",)),
        Part("affected", _("Who is affected"), ("affected",)),
        Part("location", _("Where"), ("location",)),
        Part("figure", _("Figure that shows it"), ("figure", "unit", "figure_year", "figure_source")),
        Part("priority", _("Urgency, seriousness, growth"), ("urgency", "seriousness", "growth"), is_labelled=True),
    ),
    below=(Below("causes", _("Causes"), "problem"),),
    partners="others",
    links=("innovations",),
)
INNOVATION = Kind(
    name="innovation",
    key="inovasi",
    model=Innovation,
    title=_("Innovation"),
    plural=_("Innovations"),
    detail="innovation-detail",
    view=Can.INNOVATION_VIEW,
    write=Can.INNOVATION_WRITE,
    accept=Can.INNOVATION_ACCEPT,
    weights={"title": 3, "long_name": 2, "summary": 1},
    parts=(
        Part("title", _("Name of the innovation"), ("title", "long_name")),
        Part("summary", _("Short explanation"), ("summary",)),
        Part("goal", _("Goal"), ("goal",)),
        Part("benefit", _("Benefit"), ("benefit",)),
        Part("result", _("Result"), ("result",)),
        Part("beneficiaries", _("Beneficiaries"), ("beneficiaries", "beneficiary_count")),
        Part("design", _("How it works"), ("design",)),
        Part("uniqueness", _("What is new about it"), ("uniqueness",)),
        Part("growth_potential", _("Potential for growth"), ("growth_potential",)),
        Part("sustainability", _("How it keeps running"), ("sustainability",)),
        Part("needs", _("What it needs"), ("needs_people", "needs_infrastructure", "needs_data"), is_labelled=True),
        Part("risk", _("Risk"), ("risk", "risk_mitigation"), is_labelled=True),
        Part("law", _("Legal basis"), ("legal_basis", "legal_level")),
        Part("years", _("Years"), ("start_year", "end_year", "horizon"), is_labelled=True),
    ),
    below=(
        # The same money typed by two agencies would stand in the book twice: it is taken along only when asked for.
        Below("budget_lines", _("Budget lines"), "innovation", is_preset=False),
        Below("indicators", _("Indicators and targets"), "innovation"),
        Below("partners", _("Partners"), "innovation"),
        Below("unplaced", _("Columns of the source that have no place yet"), "innovation"),
    ),
    partners="supporting",
    links=("problems", "targets", "gaps"),
)
KINDS = (PROBLEM, INNOVATION)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_KEY = {kind.key: kind for kind in KINDS}


def kind_at(key: str) -> Kind:
    """The kind in an address; 404 for anything else."""
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]
