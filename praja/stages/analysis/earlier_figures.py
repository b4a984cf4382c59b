"""Numbers about the earlier masterplan: how much is decided, by whom, and what was dropped in each dimension."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from praja.foundation.plans.models import Plan
from praja.stages.analysis.models import EarlierItem, EarlierPlan

Decision = EarlierItem.Decision
GOES_ON = (Decision.CONTINUE, Decision.CHANGE)


@dataclass
class Share:
    """The programmes of one agency or dimension; `now` counts today's innovations where that is asked."""

    key: int | None = None
    name: str = ""
    by_decision: Counter[str] = field(default_factory=Counter)
    taken_up: int = 0
    now: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_decision.values())

    @property
    def decided(self) -> int:
        """Those with a decision."""
        return self.total - self.by_decision[""]

    @property
    def open(self) -> int:
        """Those without one."""
        return self.by_decision[""]

    @property
    def continued(self) -> int:
        """To be continued as they are."""
        return self.by_decision[Decision.CONTINUE]

    @property
    def changed(self) -> int:
        """To be continued in another form."""
        return self.by_decision[Decision.CHANGE]

    @property
    def stopped(self) -> int:
        """Dropped."""
        return self.by_decision[Decision.STOP]

    @property
    def waiting(self) -> int:
        """To be continued or changed, and no innovation has taken them up yet."""
        return self.continued + self.changed - self.taken_up

    @property
    def is_dropped(self) -> bool:
        """Whether everything of it was stopped and nothing of today stands in its place."""
        return self.total > 0 and self.stopped == self.total and self.now == 0


@dataclass
class EarlierFigures:
    """The whole plan, by agency (the one without an agency last) and by dimension (in their order)."""

    all: Share
    agencies: list[Share]
    dimensions: list[Share]


def earlier_figures(earlier: EarlierPlan) -> EarlierFigures:
    """The numbers of an earlier masterplan, in four queries."""
    plan: Plan = earlier.plan
    in_service = Q(innovations__isnull=False, innovations__withdrawn_at=None)
    rows = (
        earlier.items.in_service()
        .order_by()
        .values("organisation_id", "dimension_id", "decision")
        .annotate(number=Count("pk", distinct=True), taken=Count("pk", distinct=True, filter=in_service))
    )
    whole = Share()
    agencies: dict[int | None, Share] = {}
    dimensions: dict[int | None, Share] = {}
    for row in rows:
        for share in (
            whole,
            agencies.setdefault(row["organisation_id"], Share(row["organisation_id"])),
            dimensions.setdefault(row["dimension_id"], Share(row["dimension_id"])),
        ):
            share.by_decision[row["decision"]] += row["number"]
            share.taken_up += row["taken"] if row["decision"] in GOES_ON else 0
    _name_agencies(agencies, plan)
    return EarlierFigures(whole, sorted(agencies.values(), key=_order), _dimensions(dimensions, plan))


def _name_agencies(shares: dict[int | None, Share], plan: Plan) -> None:
    for pk, name in plan.government.children.filter(pk__in=[key for key in shares if key]).values_list("pk", "name"):
        shares[pk].name = name


def _order(share: Share) -> tuple[Any, ...]:
    return (share.key is None, -share.open, share.name)


def _dimensions(shares: dict[int | None, Share], plan: Plan) -> list[Share]:
    # Asked by the name of the relation: innovations come later in the programme.
    innovations: Any = plan.innovations
    now = dict(
        innovations.filter(withdrawn_at=None).order_by().values_list("dimension_id").annotate(number=Count("pk"))
    )
    found = []
    for dimension in plan.dimension_set.dimensions.all():
        share = shares.pop(dimension.pk, Share(dimension.pk))
        share.name, share.now = dimension.name, now.get(dimension.pk, 0)
        found.append(share)
    return found + list(shares.values())
