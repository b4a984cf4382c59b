"""The kinds of rows of the analysis, declared once: their word in addresses, their form, their facts, their list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.plans.models import Plan, SubDimension
from praja.stages.analysis.entry_forms import CleanedForm
from praja.stages.analysis.forms import CandidateForm
from praja.stages.analysis.gap_forms import GapForm
from praja.stages.analysis.gap_pictures import level_bar
from praja.stages.analysis.gaps import closing_words, level_words, year_warning
from praja.stages.analysis.mission_forms import MissionForm
from praja.stages.analysis.models import AnalysisRow, Gap, Mission, SwotItem, SwotStrategy, VisionCandidate
from praja.stages.analysis.swot import kind_for
from praja.stages.analysis.swot_forms import WHOLE_REGION, SwotItemForm, SwotStrategyForm

Facts = list[tuple[str, Any]]
Text = Promise | str
LARGEST_KEY = 18  # digits


@dataclass(frozen=True)
class Kind:
    """One kind of row. `alike`: the columns that rows of one list share; `template`: its form page.

    `preset` puts what an address asks for onto a new row; `home`: the address of the list that holds a row.
    """

    key: str
    model: Any
    form: type[CleanedForm]
    title: Text
    plural: Text
    new_title: Text
    lead: Text
    alike: tuple[str, ...]
    related: tuple[str, ...]
    home: Callable[[Plan, Any], str]
    facts: Callable[[Any], Facts]
    preset: Callable[[Any, QueryDict], None]
    template: str = "analysis/entry_edit.html"

    def siblings(self, row: Any) -> QuerySet[Any]:
        """The rows in service of the same list, in order."""
        same = {name: getattr(row, name) for name in self.alike}
        rows: QuerySet[Any] = self.model._default_manager.filter(plan=row.plan, withdrawn_at=None, **same)
        return rows

    def place_of(self, row: AnalysisRow) -> str:
        """The list that holds a row, opened where the row stands."""
        return f"{self.home(row.plan, row)}#butir-{row.pk}"  # type: ignore[attr-defined]  # each kind has its plan


def _with_dimension(address: str, row: Any) -> str:
    return f"{address}?dimensi={row.dimension.key}" if row.dimension else address


def _preset_swot(row: Any, query: QueryDict) -> None:
    """`jenis` and `dimensi` of the address; `butir` ticks items, which also tell the kind of a strategy."""
    wanted = query.get("dimensi", "").replace("\0", "")[:30]
    row.dimension = row.plan.dimension_set.dimensions.filter(key=wanted).first() if wanted else None
    if query.get("jenis") in type(row).Kind.values:
        row.kind = query["jenis"]
    is_strategy = isinstance(row, SwotStrategy)
    if is_strategy and "butir" in query:
        keys = {int(text) for text in query.getlist("butir") if text.isdecimal() and len(text) <= LARGEST_KEY}
        items = list(row.plan.swot_items.in_service().filter(pk__in=sorted(keys)[:500]))
        row.preset_items = [item.pk for item in items]
        row.kind = row.kind or kind_for(items)


def _preset_gap(row: Any, query: QueryDict) -> None:
    """`sub` of the address: the key of a sub-dimension of this plan."""
    text = query.get("sub", "")
    if text.isdecimal() and len(text) <= LARGEST_KEY:
        subs = SubDimension.objects.filter(dimension__set=row.plan.dimension_set_id).select_related("dimension")
        row.sub_dimension = subs.filter(pk=int(text)).first()


def _no_preset(row: Any, query: QueryDict) -> None:
    del row, query


def _item_facts(row: SwotItem) -> Facts:
    return [
        (_("Kind"), row.get_kind_display()),
        (_("Dimension"), row.dimension or WHOLE_REGION),
        (_("Source"), row.source),
        (_("Keyword for the vision"), row.keyword),
    ]


def _strategy_facts(row: SwotStrategy) -> Facts:
    return [(_("What it crosses"), row.get_kind_display()), (_("Dimension"), row.dimension or WHOLE_REGION)]


def _gap_facts(row: Gap) -> Facts:
    return [
        (_("Sub-dimension"), f"{row.sub_dimension.dimension} · {row.sub_dimension}"),
        (_("Levels"), f"{level_words(row)}" if row.now_level is not None or row.wanted_level is not None else ""),
        (_("Condition now"), row.now),
        (_("Condition wanted"), row.wanted),
        (_("Wanted by (year)"), row.wanted_year),
        (_("Gap"), row.gap),
        (_("Cause"), row.cause),
        (_("What closes it"), ", ".join(closing_words(row))),
        (_("What is needed"), row.needs),
        (_("Priority"), row.get_priority_display()),
        (_("Source"), row.source),
    ]


def _candidate_facts(row: VisionCandidate) -> Facts:
    return [
        (_("Acronym"), row.acronym),
        (_("Words of the acronym"), "\n".join(f"{pair['letter']}: {pair['word']}" for pair in row.words)),
        (_("Keywords of the SWOT that it takes up"), ", ".join(row.keywords)),
        (_("Proposed by"), row.proposed_by),
        (_("Note"), row.note),
    ]


def _mission_facts(row: Mission) -> Facts:
    return [(_("Missions of the RPJMD it serves"), "\n".join(str(one) for one in row.serves.all()))]


KINDS = (
    Kind(
        key="butir-swot",
        model=SwotItem,
        form=SwotItemForm,
        title=gettext_lazy("SWOT item"),
        plural=gettext_lazy("SWOT"),
        new_title=gettext_lazy("New SWOT item"),
        lead=gettext_lazy("One fact at a time: what the region has or lacks, and what comes from outside."),
        alike=("kind", "dimension"),
        related=("dimension",),
        home=lambda plan, row: _with_dimension(reverse("swot", args=[plan.slug]), row),
        facts=_item_facts,
        preset=_preset_swot,
    ),
    Kind(
        key="strategi-swot",
        model=SwotStrategy,
        form=SwotStrategyForm,
        title=gettext_lazy("SWOT strategy"),
        plural=gettext_lazy("Strategies of the SWOT"),
        new_title=gettext_lazy("New SWOT strategy"),
        lead=gettext_lazy("Tick the items that cross, then write what follows from them."),
        alike=("kind", "dimension"),
        related=("dimension",),
        home=lambda plan, row: _with_dimension(reverse("swot-matrix", args=[plan.slug]), row),
        facts=_strategy_facts,
        preset=_preset_swot,
        template="analysis/strategy_edit.html",
    ),
    Kind(
        key="kesenjangan",
        model=Gap,
        form=GapForm,
        title=gettext_lazy("Gap"),
        plural=gettext_lazy("Gaps"),
        new_title=gettext_lazy("New gap"),
        lead=gettext_lazy("What is there, what is wanted by when, and what closes the distance."),
        alike=("sub_dimension",),
        related=("sub_dimension__dimension",),
        home=lambda plan, row: (
            reverse("gap-list", args=[plan.slug])
            + (f"?dimensi={row.sub_dimension.dimension.key}" if row.sub_dimension_id else "")
        ),
        facts=_gap_facts,
        preset=_preset_gap,
        template="analysis/gap_edit.html",
    ),
    Kind(
        key="calon-visi",
        model=VisionCandidate,
        form=CandidateForm,
        title=gettext_lazy("Candidate for the vision"),
        plural=gettext_lazy("Candidates for the vision"),
        new_title=gettext_lazy("New candidate for the vision"),
        lead=gettext_lazy("A wording that the head of region may choose, with the keywords that it takes up."),
        alike=(),
        related=(),
        home=lambda plan, _row: reverse("vision-candidates", args=[plan.slug]),
        facts=_candidate_facts,
        preset=_no_preset,
    ),
    Kind(
        key="misi",
        model=Mission,
        form=MissionForm,
        title=gettext_lazy("Mission"),
        plural=gettext_lazy("Missions"),
        new_title=gettext_lazy("New mission"),
        lead=gettext_lazy("What the smart city sets out to do, with its goals and targets."),
        alike=(),
        related=(),
        home=lambda plan, _row: reverse("mission-list", args=[plan.slug]),
        facts=_mission_facts,
        preset=_no_preset,
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}


def kind_at(key: str) -> Kind:
    """The kind in an address; 404 for anything else."""
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def below(row: AnalysisRow) -> dict[str, Any]:
    """What hangs together with a row and is shown under its facts."""
    if isinstance(row, SwotItem):
        return {"strategies": row.strategies.filter(withdrawn_at=None)}
    if isinstance(row, SwotStrategy):
        return {"items": row.items.select_related("dimension").order_by("kind", "order", "pk")}
    if isinstance(row, Gap):
        # Asked by the name of the relation: innovations come later in the programme.
        innovations = row.innovations.filter(withdrawn_at=None)
        return {
            "innovations": innovations.select_related("organisation"),
            "bar": level_bar(row.now_level, row.wanted_level),
            "warning": year_warning(row, row.plan),
        }
    if isinstance(row, Mission):
        return {"goals": row.goals.filter(withdrawn_at=None)}
    return {}
