"""A region's plan, its dimensions, what is asked of which agency, and the one place of money and of targets."""

import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, in_order
from praja.foundation.plans.trends import trend
from praja.foundation.ui.names import in_language


class DimensionSet(models.Model):
    """A versioned set of dimensions, loaded from a file of praja/data/dimensions."""

    key = models.CharField(max_length=40, unique=True)
    names = models.JSONField()
    source = models.CharField(max_length=300)
    origin = models.CharField(max_length=12)  # official, published, proposed, background
    is_default = models.BooleanField(default=False)

    def __str__(self) -> str:
        return in_language(self.names)


ICONS = {
    "governance": "landmark",
    "branding": "megaphone",
    "economy": "trending-up",
    "living": "heart-pulse",
    "society": "users",
    "environment": "leaf",
    "mobility": "map-pin",
}


class Badge(NamedTuple):
    """Name, colour and icon of a dimension."""

    name: str
    color_key: str
    icon: str


class Dimension(models.Model):
    """One dimension of a set; `key` also names its colour and icon."""

    set = models.ForeignKey(DimensionSet, models.PROTECT, related_name="dimensions")
    key = models.CharField(max_length=30)
    names = models.JSONField()
    order = models.PositiveSmallIntegerField()
    aliases = models.JSONField(default=list)

    class Meta:
        ordering = ("set", "order")
        constraints = [models.UniqueConstraint(fields=["set", "key"], name="dimension_once_in_its_set")]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.names)

    @property
    def color_key(self) -> str:
        """The key of its colour in the palette."""
        return self.key

    @property
    def icon(self) -> str:
        """The icon that stands beside its name."""
        return ICONS.get(self.key, "circle-dot")

    @property
    def badge(self) -> "Badge":
        """What the badge shows, as a value: lists make each badge once."""
        return Badge(self.name, self.color_key, self.icon)


class SubDimension(models.Model):
    """One sub-dimension (pilar) of a dimension."""

    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="sub_dimensions")
    key = models.CharField(max_length=30)
    names = models.JSONField()
    order = models.PositiveSmallIntegerField()
    aliases = models.JSONField(default=list)

    class Meta:
        ordering = ("dimension__order", "order")
        constraints = [models.UniqueConstraint(fields=["dimension", "key"], name="sub_dimension_once")]

    def __str__(self) -> str:
        return in_language(self.names)


class Cohort(models.Model):
    """A national intake of one year; a region may plan without one."""

    year = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


def default_stages() -> list[str]:
    """The stages that a new plan uses."""
    return ["preparation", "problems", "analysis", "innovations", "roadmap", "masterplan"]


def default_horizons() -> list[int]:
    """Years of the short, middle and long horizon."""
    return [1, 5, 10]


class Plan(EditableRow):
    """The masterplan of one regional government. `slug` is its place in addresses, such as "kabupaten-contoh"."""

    class Guide(models.TextChoices):
        """Versions of the ministry's guide; they name the books."""

        GUIDE_2017 = "2017", _("Guide of 2017 (three books)")
        GUIDE_2021 = "2021", _("Guide of 2021 (three books)")
        GUIDE_2023 = "2023", _("Practice of 2023 and 2024 (four books)")

    government = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    organisation_path = PathField(db_index=True)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(null=True, blank=True)
    horizons = models.JSONField(default=default_horizons)
    guide_version = models.CharField(max_length=10, choices=Guide.choices, default=Guide.GUIDE_2023)
    dimension_set = models.ForeignKey(DimensionSet, models.PROTECT, related_name="plans")
    stages = models.JSONField(default=default_stages)
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="plans")
    # The two steps in the middle of a row's way (workflow/way.py) that a region may leave out.
    head_approves = models.BooleanField(_("the head of agency approves"), default=True)
    dimension_checks = models.BooleanField(_("the dimension coordinator checks"), default=True)
    is_unverified = models.BooleanField(default=False)  # came in by an import; the region has not confirmed it
    arms = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        constraints = [in_order("year_from", "year_to", "plan_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        """Every year of the plan; empty until both ends are set."""
        if self.year_from is None or self.year_to is None:
            return range(0)
        return range(self.year_from, self.year_to + 1)

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which this region's deadlines close."""
        region = self.government.region
        return region.zone if region else ZoneInfo("Asia/Jakarta")

    @property
    def today(self) -> datetime.date:
        """The date in the region's zone."""
        return timezone.localdate(timezone=self.time_zone)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its government."""
        self.organisation_path = self.government.organisation_path
        super().save(*args, **kwargs)


def path_of(organisation: Organisation | None, plan: Plan) -> str:
    """The path that a row of this plan carries: of its agency, else of the region's government."""
    return organisation.organisation_path if organisation else plan.organisation_path


class OfThePlan(EditableRow):
    """A row of a plan as a whole, which carries the path of the plan; each kind has a `plan` and `objects` of its own."""

    organisation_path = PathField(db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.plan.organisation_path  # type: ignore[attr-defined]  # each kind has its plan
        super().save(*args, **kwargs)


class Deadline(EditableRow):
    """When a stage of a plan opens and closes; a local date that ends at 24:00 in the region's zone."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="deadlines")
    stage = models.CharField(max_length=30)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "stage"], name="one_deadline_for_each_stage"),
            in_order("opens_on", "closes_on", "deadline_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.closes_on}"

    @property
    def days_left(self) -> int | None:
        """Days until it closes; negative when it is over; None without a date."""
        return (self.closes_on - self.plan.today).days if self.closes_on else None


class DeadlineException(EditableRow):
    """One agency may still hand in for a stage after its deadline, until `closes_on`, for a recorded reason."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="deadline_exceptions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="deadline_exceptions")
    stage = models.CharField(max_length=30)
    closes_on = models.DateField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "stage"],
                condition=Q(withdrawn_at=None),
                name="one_exception_for_each_agency_and_stage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.organisation_id} {self.closes_on}"


class RequestQuerySet(ReachQuerySet):
    """Questions to what is asked."""

    def asked(self) -> "RequestQuerySet":
        """Agencies of which something is asked: the denominator of coverage."""
        return self.filter(Q(asks_problems=True) | Q(asks_innovations=True), withdrawn_at=None)


class Request(EditableRow):
    """What a plan asks of one agency: problems, innovations, and in which dimensions (none chosen: in any one)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="requests")
    organisation_path = PathField(db_index=True)
    asks_problems = models.BooleanField(default=True)
    asks_innovations = models.BooleanField(default=True)
    dimensions = models.ManyToManyField(Dimension, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "organisation"], name="asked_once_in_a_plan")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.plan_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency."""
        self.organisation_path = self.organisation.organisation_path
        super().save(*args, **kwargs)


class BudgetLine(EditableRow):
    """Money in one year from one source; the only place where an amount is typed, so that each rupiah counts once.

    It hangs on an innovation until that has actions, then on one of them (and still names the innovation); an action
    without an innovation carries its own.
    """

    class Source(models.TextChoices):
        """Where the money comes from (sumber dana)."""

        APBD_REGION = "apbd_region", _("Regional budget (APBD)")
        APBD_PROVINCE = "apbd_province", _("Provincial budget (APBD provinsi)")
        APBN = "apbn", _("State budget (APBN)")
        DAK = "dak", _("Special fund (DAK)")
        CSR = "csr", _("Corporate responsibility (CSR/TJSL)")
        PPP = "ppp", _("Public–private partnership (KPBU)")
        GRANT = "grant", _("Grant")
        VILLAGE = "village", _("Village fund")
        SELF_HELP = "self_help", _("Self-help of residents")

    class Kind(models.TextChoices):
        """What the money buys."""

        ICT_CAPITAL = "ict_capital", _("ICT capital")
        ICT_SERVICE = "ict_service", _("ICT service")
        OPERATION = "operation", _("Operation")
        NON_ICT = "non_ict", _("Not ICT")

    class Stage(models.TextChoices):
        """How firm the amount is."""

        INDICATIVE = "indicative", _("Indicative")
        RKA = "rka", "RKA"
        DPA = "dpa", "DPA"
        DPA_CHANGED = "dpa_changed", _("Changed DPA")
        REALISED = "realised", _("Realised")

    innovation = models.ForeignKey("innovations.Innovation", models.PROTECT, null=True, related_name="budget_lines")
    action = models.ForeignKey("roadmap.Action", models.PROTECT, null=True, related_name="budget_lines")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=16, choices=Source.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NON_ICT)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.INDICATIVE)
    amount_rupiah = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("year", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_rupiah__gte=0, amount_rupiah__lte=10**15), name="amount_is_whole_rupiah_in_range"
            ),
            models.CheckConstraint(
                condition=Q(innovation__isnull=False) | Q(action__isnull=False), name="money_belongs_to_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.amount_rupiah}"


class Indicator(EditableRow):
    """How one sees that an innovation or action works, or a target is met: unit, baseline with year, yearly targets. Values are decimals as text."""

    class Level(models.TextChoices):
        """How far along the chain it measures."""

        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")
        IMPACT = "impact", _("Impact")

    # Exactly one of the three: what it measures.
    innovation = models.ForeignKey("innovations.Innovation", models.PROTECT, null=True, related_name="indicators")
    action = models.ForeignKey("roadmap.Action", models.PROTECT, null=True, related_name="indicators")
    target = models.ForeignKey("targets.Target", models.PROTECT, null=True, related_name="indicators")
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.OUTPUT)
    baseline = models.CharField(max_length=40, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(innovation__isnull=False, action__isnull=True, target__isnull=True)
                | Q(innovation__isnull=True, action__isnull=False, target__isnull=True)
                | Q(innovation__isnull=True, action__isnull=True, target__isnull=False),
                name="indicator_measures_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trend(self) -> SafeString:
        """Baseline and yearly targets as a small line; fetch the targets before asking many."""
        return trend([(self.baseline_year, self.baseline), *((one.year, one.value) for one in self.targets.all())])


class IndicatorTarget(models.Model):
    """The target of one indicator for one year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ("year",)
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="one_target_for_each_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.value}"
