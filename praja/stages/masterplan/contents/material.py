"""Everything that books are written from: loaded when a chapter first asks for it, and once for the whole book."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q

from praja.foundation.documents.blocks import AnyBlock, Heading
from praja.foundation.plans.models import Dimension, Plan
from praja.foundation.workflow.models import ON_THE_WAY, State
from praja.stages.analysis.models import Mission, MissionGoal
from praja.stages.innovations.blocks import InnovationMaterial
from praja.stages.innovations.coverage import Coverage, coverage
from praja.stages.innovations.figures import Money, printed
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.outline import Outline, Part
from praja.stages.masterplan.texts.narratives import blocks_of
from praja.stages.masterplan.texts.references import Reference, values_of
from praja.stages.problems.blocks import ProblemMaterial, problem_material
from praja.stages.problems.models import Problem
from praja.stages.quick_wins.blocks import QuickWinMaterial
from praja.stages.roadmap import figures as roadmap_figures
from praja.stages.roadmap.blocks import ActionMaterial
from praja.stages.roadmap.models import Action, Programme, Strategy

IN_HAND = (*ON_THE_WAY, State.RETURNED)
WAITING = ("plan", "title", "state", "organisation__name", "organisation__abbreviation")

Blocks = list[AnyBlock]


@dataclass(frozen=True)
class Place:
    """Where something is written: the outline of the book, the part of it, and the dimension that the part is about.

    `leaves_out` answers whether the book goes without another part, because there is nothing in it.
    """

    outline: Outline
    part: Part
    dimension: Dimension | None = None
    leaves_out: Callable[[Part], bool] = lambda _part: False


class Material:
    """The rows, numbers and texts of a plan; the number of queries does not grow with them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        # Of each book that is being put together: its chapters with what is not drawn up in them yet.
        self.open_parts: dict[str, dict[str, list[str]]] = {}
        self._said: dict[Any, Blocks] = {}

    @cached_property
    def dimensions(self) -> list[Dimension]:
        """The plan's dimensions with their sub-dimensions."""
        return list(Dimension.objects.filter(set_id=self.plan.dimension_set_id).prefetch_related("sub_dimensions"))

    @cached_property
    def problems(self) -> ProblemMaterial:
        """The problems that books print."""
        return problem_material(self.plan)

    @cached_property
    def innovations(self) -> InnovationMaterial:
        """The innovations that books print."""
        return InnovationMaterial(self.plan)

    @cached_property
    def quick_wins(self) -> QuickWinMaterial:
        """The quick wins of the newest decided round."""
        return QuickWinMaterial(self.plan)

    @cached_property
    def money(self) -> Money:
        """The money of the whole plan, of innovations and actions: every sum of the books is a part of it."""
        return roadmap_figures.money(self.plan)

    @cached_property
    def coverage(self) -> Coverage:
        """What is asked of whom, and what is there."""
        return coverage(self.plan)

    @cached_property
    def waiting_innovations(self) -> list[Innovation]:
        """Those that are not part of the plan yet."""
        begun_by_import = Q(state=State.DRAFT, source_key__isnull=False)
        waiting = self.plan.innovations.in_service().filter(Q(state__in=IN_HAND) | begun_by_import)
        if self.plan.is_unverified:
            waiting = waiting.filter(is_unverified=False)
        return list(waiting.select_related("organisation").only(*WAITING).order_by("state", "title", "pk"))

    @cached_property
    def waiting_problems(self) -> list[Problem]:
        """Those that are not part of the plan yet."""
        waiting = self.plan.problems.in_service().filter(state__in=IN_HAND)
        return list(waiting.select_related("organisation").only(*WAITING).order_by("state", "title", "pk"))

    @cached_property
    def missions(self) -> list[Mission]:
        """The missions of the smart city with their goals."""
        goals = MissionGoal.objects.filter(withdrawn_at=None)
        rows = Mission.objects.filter(plan=self.plan, withdrawn_at=None)
        return list(rows.prefetch_related(Prefetch("goals", goals)))

    @cached_property
    def strategies(self) -> list[Strategy]:
        """The strategies of all sub-dimensions, in the order of the dimensions."""
        rows = Strategy.objects.in_service().filter(plan=self.plan).select_related("sub_dimension")
        return list(rows.order_by("sub_dimension__dimension__order", "sub_dimension__order", "order", "pk"))

    @cached_property
    def programmes(self) -> list[Programme]:
        """The programmes below the strategies, with how many innovations and actions each gathers."""
        rows = Programme.objects.in_service().filter(plan=self.plan, strategy__withdrawn_at=None)
        printed_ones = Count("innovations", filter=Q(innovations__in=printed(self.plan).order_by()), distinct=True)
        own = Count("actions", filter=Q(actions__in=roadmap_figures.printed(self.plan).order_by()), distinct=True)
        return list(
            rows.select_related("strategy__sub_dimension__dimension")
            .annotate(innovation_count=printed_ones, action_count=own)
            .order_by("strategy__sub_dimension__dimension__order", "strategy__sub_dimension__order", "order", "pk")
        )

    @cached_property
    def actions(self) -> list[Action]:
        """The lines of the action plan with agency and dimension, in its order."""
        rows = roadmap_figures.printed(self.plan).prefetch_related("organisation", "sub_dimension__dimension")
        return list(rows.order_by("order", "pk"))

    @cached_property
    def action_plan(self) -> ActionMaterial:
        """The actions by family, with all that is printed about each."""
        return ActionMaterial(self.plan)

    @cached_property
    def money_of_actions(self) -> dict[int, Counter[int]]:
        """Planned rupiah of each action by year."""
        return roadmap_figures.money_of_actions(self.plan)

    def said(self, write: Callable[..., Blocks], *arguments: Any) -> Blocks:
        """What a stage writes about the plan; asked once, however many chapters print it."""
        key = (write, *arguments)
        if key not in self._said:
            self._said[key] = write(self.plan, *arguments)
        return self._said[key]

    # ------------------------------------------------------------ texts of people

    @cached_property
    def _texts(self) -> dict[tuple[str, str], list[Any]]:
        rows = Narrative.objects.filter(plan=self.plan).values_list("book", "key", "content")
        return {(book, key): content for book, key, content in rows if content}

    @cached_property
    def values(self) -> dict[str, Reference]:
        """What the texts may refer to."""
        return values_of(self.plan)

    def text_of(self, book: str, key: str) -> Blocks:
        """What people wrote for one part of a book; nothing where they wrote nothing."""
        content = self._texts.get((book, key))
        return blocks_of(content, self.values) if content else []


Write = Callable[[Material, Place], Blocks]


def split(blocks: Blocks, level: int = 3) -> tuple[Blocks, dict[str, Blocks]]:
    """What stands before the first heading of a level, then what follows each such heading, by the heading's key."""
    opening: Blocks = []
    found: dict[str, Blocks] = {}
    current = opening
    for block in blocks:
        if isinstance(block, Heading) and block.level == level:
            current = found.setdefault(block.key or block.text, [])
        else:
            current.append(block)
    return opening, found
