"""The region's five-year plan: its vision, missions, goals, targets and the flagship programmes of its head."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, in_order
from praja.foundation.plans.models import Dimension, OfThePlan, Plan


class DevelopmentPlan(OfThePlan):
    """The RPJMD (or what stands in for it) that a masterplan aligns with; one for each plan."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="development_plan")
    title = models.CharField(_("title"), max_length=300)
    regulation = models.CharField(_("regulation (kind, number, year)"), max_length=300, blank=True)
    year_from = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    vision = models.TextField(_("vision"), blank=True)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [in_order("year_from", "year_to", "development_plan_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title


class PartQuerySet(ReachQuerySet):
    """Questions to the parts of a development plan."""

    def in_service(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Part(EditableRow):
    """What mission, goal, target and flagship programme share: a place in the plan and a wording."""

    organisation_path = PathField(db_index=True)
    number = models.CharField(_("number"), max_length=20, blank=True)  # as the RPJMD writes it: "1.2"
    text = models.CharField(_("wording"), max_length=500)
    order = models.PositiveSmallIntegerField(default=0)

    objects = PartQuerySet.as_manager()

    parent_field: ClassVar[str] = "development_plan"  # what it stands below, in its order
    begun_in: "DevelopmentPlan | None" = None  # the plan of one that is not stored and has no place in it yet

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()

    @property
    def whole(self) -> DevelopmentPlan:
        """The development plan that it is a part of."""
        return self.begun_in or self.development_plan  # type: ignore[attr-defined]  # or what it stands below knows it

    @property
    def siblings(self) -> PartQuerySet:
        """What stands below the same part, this one included, in order."""
        parent = f"{self.parent_field}_id"
        rows: PartQuerySet = type(self)._default_manager.in_service()
        return rows.filter(**{parent: getattr(self, parent)})


class DevelopmentMission(Part):
    """A mission (misi) of the RPJMD."""

    development_plan = models.ForeignKey(DevelopmentPlan, models.PROTECT, related_name="missions")

    class Meta(Part.Meta):
        pass

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.development_plan.organisation_path
        super().save(*args, **kwargs)


class Goal(Part):
    """A goal (tujuan) below a mission."""

    mission = models.ForeignKey(DevelopmentMission, models.PROTECT, related_name="goals")

    parent_field: ClassVar[str] = "mission"

    class Meta(Part.Meta):
        pass

    @property
    def whole(self) -> DevelopmentPlan:
        """The development plan that it is a part of."""
        return self.begun_in or self.mission.development_plan

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its mission."""
        self.organisation_path = self.mission.organisation_path
        super().save(*args, **kwargs)


class TargetQuerySet(PartQuerySet):
    """Questions to the targets."""

    def of(self, plan: Plan) -> Self:
        """Those in service of a plan, as one reads the tree."""
        order = ("goal__mission__order", "goal__mission", "goal__order", "goal", "order", "pk")
        return self.in_service().filter(plan=plan).order_by(*order)


class Target(Part):
    """A target (sasaran) below a goal; its indicators with yearly targets are `plans.Indicator`."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="targets")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    strategic_issue = models.CharField(_("strategic issue"), max_length=300, blank=True)
    dimensions = models.ManyToManyField(Dimension, blank=True, related_name="+", verbose_name=_("dimensions"))
    agencies = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("agencies"))

    objects: ClassVar[Any] = TargetQuerySet.as_manager()

    parent_field: ClassVar[str] = "goal"

    class Meta(Part.Meta):
        pass

    @property
    def whole(self) -> DevelopmentPlan:
        """The development plan that it is a part of."""
        return self.begun_in or self.goal.mission.development_plan

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its goal."""
        self.organisation_path = self.goal.organisation_path
        super().save(*args, **kwargs)


class Flagship(Part):
    """A flagship programme (program unggulan) of the head of region."""

    development_plan = models.ForeignKey(DevelopmentPlan, models.PROTECT, related_name="flagships")
    description = models.TextField(_("description"), blank=True)
    dimensions = models.ManyToManyField(Dimension, blank=True, related_name="+", verbose_name=_("dimensions"))
    agencies = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("agencies"))
    targets = models.ManyToManyField(Target, blank=True, related_name="flagships", verbose_name=_("targets it serves"))

    class Meta(Part.Meta):
        pass

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.development_plan.organisation_path
        super().save(*args, **kwargs)
