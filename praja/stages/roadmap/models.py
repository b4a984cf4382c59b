"""Strategies, programmes and actions, what an action needs first, what an agency can carry, and the official codes."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow, in_order
from praja.foundation.plans.models import OfThePlan, Plan, SubDimension, path_of
from praja.stages.innovations.models import Innovation


class RoadmapQuerySet(ReachQuerySet):
    """Questions to the rows of the roadmap."""

    def in_service(self) -> "RoadmapQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Strategy(OfThePlan):
    """A strategy for a sub-dimension, with the target (sasaran) that it is to reach."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="strategies")
    sub_dimension = models.ForeignKey(SubDimension, models.PROTECT, related_name="strategies")
    text = models.CharField(_("strategy"), max_length=500)
    target = models.CharField(_("target it is to reach"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.text


class Programme(OfThePlan):
    """A programme of the masterplan below a strategy (no official budget code), with the innovations it gathers."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="programmes")
    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="programmes")
    title = models.CharField(_("programme"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    innovations = models.ManyToManyField(
        Innovation, blank=True, related_name="programmes", verbose_name=_("innovations")
    )
    order = models.PositiveSmallIntegerField(default=0)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.title


class BudgetCodeList(EditableRow):
    """A list of official codes that an administrator loaded, such as Kepmendagri 050-5889/2021; one is current."""

    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    is_current = models.BooleanField(default=False)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="one_list_is_current")
        ]

    def __str__(self) -> str:
        return self.title


class BudgetCode(models.Model):
    """One code of the nomenclature: affair, field, programme, activity or sub-activity."""

    class Level(models.TextChoices):
        """How deep it stands: "1", "1.02", "1.02.02", "1.02.02.2.01", "1.02.02.2.01.0001"."""

        AFFAIR = "affair", _("Affair")
        FIELD = "field", pgettext_lazy("level of a budget code", "Field")
        PROGRAMME = "programme", pgettext_lazy("level of a budget code", "Programme")
        ACTIVITY = "activity", _("Activity")
        SUB_ACTIVITY = "sub_activity", _("Sub-activity")

    list = models.ForeignKey(BudgetCodeList, models.CASCADE, related_name="codes")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    level = models.CharField(max_length=12, choices=Level.choices)
    replaced_by = models.CharField(max_length=40, blank=True)  # a code of a later list

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="budget_code_once_in_its_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Action(EditableRow):
    """A line of the action plan. It carries out an innovation, or stands below a programme by itself."""

    class Family(models.TextChoices):
        """The families of the action plan."""

        POLICY = "policy", _("Policy and institutions")
        PEOPLE = "people", _("Capacity of people")
        INFRASTRUCTURE = "infrastructure", _("Supporting infrastructure")
        APPLICATION = "application", _("Applications and software")
        LITERACY = "literacy", _("Smart-city literacy")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("agency")
    )
    organisation_path = PathField()
    innovation = models.ForeignKey(
        Innovation, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("innovation")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("programme")
    )
    sub_dimension = models.ForeignKey(
        SubDimension, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("sub-dimension")
    )
    code = models.CharField(_("code"), max_length=30, blank=True)  # "GOV-1.2"; unique in its plan when given
    title = models.CharField(_("action"), max_length=300)
    family = models.CharField(_("family"), max_length=16, choices=Family.choices, blank=True)
    output = models.CharField(_("output"), max_length=500, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=400, blank=True)
    budget_code = models.CharField(_("programme, activity, sub-activity code"), max_length=40, blank=True)
    supporting = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("supporting agencies")
    )
    partners = models.CharField(_("partners"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        indexes = [
            models.Index(fields=["plan", "withdrawn_at", "order", "id"], name="actions_of_a_plan"),
            models.Index(fields=["organisation_path", "withdrawn_at", "id"], name="actions_of_an_agency"),
        ]
        constraints = [
            in_order("start_year", "end_year", "action_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code="") & Q(withdrawn_at=None), name="action_code_once_in_a_plan"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency, else of the region."""
        self.organisation_path = path_of(self.organisation, self.plan)
        super().save(*args, **kwargs)


class ActionStage(EditableRow):
    """What an action does in one year, and by what one sees it."""

    class Phase(models.TextChoices):
        """The phases of the roadmap sheet."""

        PREPARATION = "preparation", pgettext_lazy("phase", "Preparation")
        BUILDING = "building", pgettext_lazy("phase", "Building")
        TRIAL = "trial", pgettext_lazy("phase", "Trial")
        RUNNING = "running", pgettext_lazy("phase", "Running")
        GROWTH = "growth", pgettext_lazy("phase", "Growth")
        EVALUATION = "evaluation", pgettext_lazy("phase", "Evaluation")

    action = models.ForeignKey(Action, models.PROTECT, related_name="stages")
    year = models.PositiveSmallIntegerField(_("year"))
    phase = models.CharField(_("phase"), max_length=12, choices=Phase.choices)
    milestone = models.CharField(_("milestone"), max_length=300, blank=True)

    class Meta:
        ordering = ("year", "pk")

    def __str__(self) -> str:
        return f"{self.year} {self.phase}"


class Dependency(EditableRow):
    """An action that has to be done before another one can begin."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="dependencies")
    needs = models.ForeignKey(Action, models.PROTECT, related_name="needed_by")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(action=F("needs")), name="action_does_not_need_itself"),
            models.UniqueConstraint(
                fields=["action", "needs"], condition=Q(withdrawn_at=None), name="action_needs_another_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} needs {self.needs_id}"


class Capacity(EditableRow):
    """What an agency says it can carry in one year: money, and how many actions at once."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="capacities")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="capacities")
    organisation_path = PathField(db_index=True)
    year = models.PositiveSmallIntegerField(_("year"))
    money_rupiah = models.BigIntegerField(_("money"), null=True, blank=True)
    simultaneous = models.PositiveSmallIntegerField(_("actions at once"), null=True, blank=True)

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ("year",)
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "year"], condition=Q(withdrawn_at=None), name="capacity_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(money_rupiah__isnull=True) | Q(money_rupiah__gte=0, money_rupiah__lte=10**15),
                name="capacity_is_whole_rupiah_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency."""
        self.organisation_path = self.organisation.organisation_path
        super().save(*args, **kwargs)


class BudgetExport(OfThePlan):
    """An export of the national budget system (SIPD) that was loaded: ceilings and what was realised, as it says them."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget_exports")
    year = models.PositiveSmallIntegerField(_("year"))
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    mapping = models.JSONField(default=dict)  # title of the column in the sheet -> key of our column, or ""
    applied_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = RoadmapQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"SIPD {self.year}"


class BudgetExportLine(models.Model):
    """One line of such an export, matched to actions by code, agency and year."""

    export = models.ForeignKey(BudgetExport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # of the row in the sheet
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=500, blank=True)
    agency_text = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    ceiling_rupiah = models.BigIntegerField(null=True)
    realised_rupiah = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["export", "code"], name="budget_export_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.ceiling_rupiah}"
