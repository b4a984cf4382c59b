"""SWOT, gaps, the vision with its candidates and missions, and the earlier masterplan with what becomes of it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation, Position
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, both_or_neither, in_order
from praja.foundation.plans.models import Dimension, OfThePlan, Plan, SubDimension, path_of
from praja.stages.targets.models import DevelopmentMission


class Vision(OfThePlan):
    """What was set, by which position (with its acting status then), when, and by which paper."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="vision")
    text = models.TextField(_("vision"))
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    words = models.JSONField(_("words of the acronym"), default=list)  # [{"letter": "S", "word": "Sinergi"}, ...]
    set_by_title = models.CharField(_("position that set it"), max_length=200)
    set_by_name = models.CharField(_("name of the official"), max_length=200)
    set_by_acting = models.CharField(_("acting status"), max_length=10, choices=Position.Acting.choices)
    set_on = models.DateField(_("date"))
    paper = models.CharField(_("paper (kind, number)"), max_length=300)

    objects = ReachQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    @property
    def set_by_title_in_full(self) -> str:
        """The title with its acting status: "Plt. Bupati Contoh"."""
        if self.set_by_acting == Position.Acting.DEFINITIVE:
            return self.set_by_title
        return f"{self.get_set_by_acting_display()} {self.set_by_title}"


class AnalysisQuerySet(ReachQuerySet):
    """Questions to the rows of the analysis."""

    def in_service(self) -> "AnalysisQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class AnalysisRow(OfThePlan):
    """What the rows of the analysis share beside their plan: an order."""

    order = models.PositiveSmallIntegerField(default=0)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("order", "pk")


class SwotItem(AnalysisRow):
    """One strength, weakness, opportunity or threat, of a dimension or of the whole region."""

    class Kind(models.TextChoices):
        """Which of the four."""

        STRENGTH = "strength", _("Strength")
        WEAKNESS = "weakness", _("Weakness")
        OPPORTUNITY = "opportunity", _("Opportunity")
        THREAT = "threat", _("Threat")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="swot_items")
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("wording"), max_length=500)
    source = models.CharField(_("source"), max_length=300, blank=True)
    keyword = models.CharField(_("keyword for the vision"), max_length=60, blank=True)

    class Meta(AnalysisRow.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class SwotStrategy(AnalysisRow):
    """A strategy where two of the four cross: SO, WO, ST or WT, with the items it rests on."""

    class Kind(models.TextChoices):
        """Which two cross."""

        SO = "so", _("SO: use strengths to take opportunities")
        WO = "wo", _("WO: mend weaknesses through opportunities")
        ST = "st", _("ST: use strengths against threats")
        WT = "wt", _("WT: mend weaknesses, avoid threats")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="swot_strategies")
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=2, choices=Kind.choices)
    text = models.CharField(_("wording"), max_length=500)
    items = models.ManyToManyField(SwotItem, blank=True, related_name="strategies", verbose_name=_("rests on"))

    class Meta(AnalysisRow.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class Gap(AnalysisRow):
    """Now, wanted, what lies between and what closes it, for a sub-dimension. Innovations point at it."""

    class Priority(models.TextChoices):
        """How urgent it is."""

        HIGH = "high", _("High")
        MEDIUM = "medium", _("Medium")
        LOW = "low", _("Low")

    CLOSED_BY = (
        ("policy", _("Policy")),
        ("people", pgettext_lazy("kind of cause", "People")),
        ("infrastructure", _("Infrastructure")),
        ("application", _("Application")),
        ("data", _("Data")),
    )

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="gaps")
    sub_dimension = models.ForeignKey(SubDimension, models.PROTECT, related_name="gaps")
    element = models.CharField(_("what is looked at"), max_length=300)
    now = models.TextField(_("condition now"), blank=True)
    now_level = models.PositiveSmallIntegerField(_("level now (0 to 4)"), null=True, blank=True)
    wanted = models.TextField(_("condition wanted"), blank=True)
    wanted_level = models.PositiveSmallIntegerField(_("level wanted (0 to 4)"), null=True, blank=True)
    wanted_year = models.PositiveSmallIntegerField(_("wanted by (year)"), null=True, blank=True)
    gap = models.TextField(_("gap"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    closed_by = models.JSONField(_("what closes it"), default=list, blank=True)  # keys of CLOSED_BY
    needs = models.TextField(_("what is needed"), blank=True)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta(AnalysisRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(Q(now_level__isnull=True) | Q(now_level__lte=4))
                & (Q(wanted_level__isnull=True) | Q(wanted_level__lte=4)),
                name="gap_levels_from_0_to_4",
            )
        ]

    def __str__(self) -> str:
        return self.element


class VisionCandidate(AnalysisRow):
    """A wording that was proposed for the vision, with the keywords of the SWOT that it uses."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="vision_candidates")
    text = models.TextField(_("vision"))
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    words = models.JSONField(_("words of the acronym"), default=list)  # as in Vision
    keywords = models.JSONField(_("keywords it uses"), default=list, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta(AnalysisRow.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class Mission(AnalysisRow):
    """A mission of the smart city, with the missions of the RPJMD that it serves; goals and targets hang below."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="missions")
    text = models.CharField(_("wording"), max_length=500)
    serves = models.ManyToManyField(
        DevelopmentMission, blank=True, related_name="smart_missions", verbose_name=_("missions of the RPJMD it serves")
    )

    class Meta(AnalysisRow.Meta):
        pass

    def __str__(self) -> str:
        return self.text


class MissionGoal(EditableRow):
    """A goal (tujuan) of a mission of the smart city, with its target (sasaran) in words."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="goals")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("goal"), max_length=500)
    target = models.CharField(_("target"), max_length=500, blank=True)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.text


class EarlierPlan(OfThePlan):
    """The masterplan that the region had before: edition 0, with its regulation and its file."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="earlier")
    title = models.CharField(_("title"), max_length=300)
    year_from = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    regulation = models.CharField(_("regulation"), max_length=300, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    page_count = models.PositiveIntegerField(null=True)  # of the file
    # Printed page 1 is seldom the first of the file: cover and contents stand before it.
    page_offset = models.PositiveSmallIntegerField(_("pages before page 1"), default=0)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            in_order("year_from", "year_to", "earlier_plan_ends_after_it_starts"),
            both_or_neither("file", "page_count", "earlier_file_with_its_pages"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        """The years as "2019–2023", or as much of them as is known."""
        return "–".join(str(year) for year in (self.year_from, self.year_to) if year)


class EarlierItemQuerySet(ReachQuerySet):
    """Questions to the programmes of the earlier plan."""

    def in_service(self) -> "EarlierItemQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def decided(self) -> "EarlierItemQuerySet":
        """With a decision."""
        return self.in_service().exclude(decision="")

    def open(self) -> "EarlierItemQuerySet":
        """Still without one."""
        return self.in_service().filter(decision="")


class EarlierItem(EditableRow):
    """One programme of the earlier plan as it was written, and what becomes of it."""

    class Decision(models.TextChoices):
        """What becomes of it."""

        CONTINUE = "continue", pgettext_lazy("earlier programme", "Continue")
        CHANGE = "change", pgettext_lazy("earlier programme", "Change")
        STOP = "stop", pgettext_lazy("earlier programme", "Stop")

    earlier = models.ForeignKey(EarlierPlan, models.PROTECT, related_name="items")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="earlier_items", verbose_name=_("agency")
    )
    organisation_path = PathField()
    number = models.CharField(_("number"), max_length=40, blank=True)
    title = models.CharField(_("programme"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    agency_text = models.CharField(_("agency as written"), max_length=200, blank=True)
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, db_index=False, related_name="earlier_items"
    )
    dimension_text = models.CharField(_("dimension as written"), max_length=200, blank=True)
    years = models.CharField(_("years"), max_length=60, blank=True)
    money_text = models.CharField(_("money as written"), max_length=200, blank=True)
    money_rupiah = models.BigIntegerField(null=True, blank=True)
    source_page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    source_key = models.CharField(max_length=64, editable=False)  # what makes a row of the sheet this row
    order = models.PositiveIntegerField(default=0)  # as in the sheet

    objects = EarlierItemQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        indexes = [
            models.Index(fields=["earlier", "order", "id", "withdrawn_at", "decision"], name="earlier_items_in_order"),
            models.Index(fields=["organisation_path", "decision", "withdrawn_at"], name="earlier_items_of_an_agency"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["earlier", "source_key"], name="earlier_item_comes_in_once"),
            both_or_neither("decided_at", "decided_by", "earlier_item_decided_by_and_at"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=("change", "stop")) | ~Q(reason=""), name="change_and_stop_have_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(money_rupiah__isnull=True) | Q(money_rupiah__gte=0, money_rupiah__lte=10**15),
                name="earlier_money_is_whole_rupiah_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def page_in_file(self) -> int | None:
        """The page of the file on which it stands; None when it is not known or there is no such page."""
        plan = self.earlier
        if self.source_page is None or plan.page_count is None:
            return None
        page = self.source_page + plan.page_offset
        return page if 1 <= page <= plan.page_count else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency, else of the region."""
        self.organisation_path = path_of(self.organisation, self.earlier.plan)
        super().save(*args, **kwargs)


class EarlierSheet(EditableRow):
    """A sheet of the earlier plan's programmes on its way in: the file, its columns, and what became of the rows."""

    class State(models.TextChoices):
        """How far it is."""

        UPLOADED = "uploaded", _("Uploaded")
        PLACED = "placed", _("Checked")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", pgettext_lazy("import", "Applied")

    earlier = models.ForeignKey(EarlierPlan, models.PROTECT, related_name="sheets")
    organisation_path = PathField(db_index=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    mapping = models.JSONField(default=dict)  # title of the column in the sheet -> key of our column, or ""
    result = models.JSONField(default=dict)  # {"counts": {...}} once applied
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.state} {self.file_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.earlier.organisation_path
        super().save(*args, **kwargs)
