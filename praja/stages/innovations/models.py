"""An innovation, IT or not, that answers problems; who has none to propose; and sheets brought in from elsewhere."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from praja.foundation.accounts.models import Affair, Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import Dimension, Plan, SubDimension, path_of
from praja.foundation.workflow.models import HANDED_IN, MovingRow, State, indexes_of_lists
from praja.stages.analysis.models import EarlierItem, Gap
from praja.stages.problems.models import Problem
from praja.stages.targets.models import Target


class InnovationQuerySet(ReachQuerySet):
    """Questions to the innovations."""

    def in_service(self) -> "InnovationQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def accepted(self) -> "InnovationQuerySet":
        """Accepted by the secretariat: what the books print."""
        return self.in_service().filter(state=State.ACCEPTED)

    def handed_in(self) -> "InnovationQuerySet":
        """At least submitted: what coverage counts."""
        return self.in_service().filter(state__in=HANDED_IN)

    def without_agency(self) -> "InnovationQuerySet":
        """The tray "no responsible agency yet"."""
        return self.in_service().filter(organisation=None)


class Innovation(EditableRow, MovingRow):
    """One innovation; a draft needs only its title. Fields as in the ministry's and the IID's forms."""

    class System(models.TextChoices):
        """Whether it needs an application, and whether that exists."""

        NONE = "none", _("No application")
        EXISTING = "existing", _("Existing application")
        NEW = "new", _("New application")

    class Kind(models.TextChoices):
        """What sort of thing it is."""

        PROGRAMME = "programme", _("Programme")
        PRODUCT = "product", _("Product")
        METHOD = "method", _("Method")
        CONCEPT = "concept", _("Concept")
        TECHNOLOGY = "technology", _("Technology")

    class Form(models.TextChoices):
        """Form of a regional innovation (IID)."""

        GOVERNANCE = "governance", _("Governance")
        PUBLIC_SERVICE = "public_service", _("Public service")
        OTHER = "other", _("Other")

    class Initiator(models.TextChoices):
        """Who started it (IID)."""

        HEAD_OF_REGION = "head_of_region", _("Head of region")
        PARLIAMENT = "parliament", _("Regional parliament (DPRD)")
        AGENCY = "agency", _("Agency (OPD)")
        CIVIL_SERVANT = "civil_servant", _("Civil servant")
        COMMUNITY = "community", _("Community")

    class LegalLevel(models.TextChoices):
        """The strongest paper it rests on."""

        NONE = "none", _("None yet")
        AGENCY_DECREE = "agency_decree", _("Decree of the head of agency")
        REGION_DECREE = "region_decree", _("Decree of the head of region")
        REGION_REGULATION = "region_regulation", _("Regulation of the head of region (Perkada)")
        BYLAW = "bylaw", _("Regional by-law (Perda)")

    class Stage(models.TextChoices):
        """Stage of a regional innovation (IID)."""

        INITIATIVE = "initiative", _("Initiative")
        TRIAL = "trial", _("Trial")
        APPLIED = "applied", _("Applied")

    class Status(models.TextChoices):
        """How far the work is."""

        PROBLEM = "problem", _("Stating the problem")
        IDEA = "idea", _("Stating the idea")
        PLANNING = "planning", _("Planning")
        BUILDING = "building", _("Building")
        IMPLEMENTATION = "implementation", _("Implementation")
        EVALUATION = "evaluation", _("Evaluation")

    class Horizon(models.TextChoices):
        """When it bears fruit; the years of each horizon are set in the plan."""

        SHORT = "short", _("Short term")
        MEDIUM = "medium", _("Medium term")
        LONG = "long", _("Long term")

    # The indexes below serve these; one on a dimension alone would lead through all regions.
    plan = models.ForeignKey(Plan, models.PROTECT, db_index=False, related_name="innovations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="innovations")
    organisation_path = PathField()
    # Identity
    title = models.CharField(_("name"), max_length=300)
    long_name = models.CharField(_("name in full"), max_length=300, blank=True)
    summary = models.TextField(_("short explanation"), blank=True)
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, db_index=False, related_name="innovations"
    )
    sub_dimension = models.ForeignKey(
        SubDimension, models.PROTECT, null=True, blank=True, db_index=False, related_name="innovations"
    )
    affair = models.ForeignKey(
        Affair, models.PROTECT, null=True, blank=True, db_index=False, related_name="innovations"
    )
    off_affair_reason = models.CharField(_("why outside the affairs of the agency"), max_length=500, blank=True)
    is_it = models.BooleanField(_("IT or non-IT"), null=True, blank=True)
    system = models.CharField(_("application"), max_length=10, choices=System.choices, blank=True)
    system_name = models.CharField(_("name of the application"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    form = models.CharField(_("form"), max_length=16, choices=Form.choices, blank=True)
    initiator = models.CharField(_("initiator"), max_length=16, choices=Initiator.choices, blank=True)
    theme = models.CharField(_("theme"), max_length=100, blank=True)
    supporting = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("supporting agencies")
    )
    # Why
    problems = models.ManyToManyField(
        Problem, blank=True, related_name="innovations", verbose_name=_("problems it answers")
    )
    targets = models.ManyToManyField(
        Target, blank=True, related_name="innovations", verbose_name=_("targets of the RPJMD it serves")
    )
    gaps = models.ManyToManyField(Gap, blank=True, related_name="innovations", verbose_name=_("gaps it closes"))
    strategic_issue = models.CharField(_("strategic issue of the RPJMD"), max_length=300, blank=True)
    goal = models.TextField(_("goal"), blank=True)
    benefit = models.TextField(_("benefit"), blank=True)
    result = models.TextField(_("result"), blank=True)
    beneficiaries = models.CharField(_("beneficiaries"), max_length=300, blank=True)
    beneficiary_count = models.PositiveIntegerField(_("number of beneficiaries"), null=True, blank=True)
    # How
    design = models.TextField(_("how it works"), blank=True)
    uniqueness = models.TextField(_("what is new about it"), blank=True)
    growth_potential = models.TextField(_("potential for growth"), blank=True)
    sustainability = models.TextField(_("how it keeps running"), blank=True)
    risk = models.TextField(_("risk"), blank=True)
    risk_mitigation = models.TextField(_("how the risk is handled"), blank=True)
    needs_people = models.TextField(_("people needed"), blank=True)
    needs_infrastructure = models.TextField(_("infrastructure needed"), blank=True)
    needs_data = models.TextField(_("data needed"), blank=True)
    # Law and time
    legal_basis = models.CharField(_("legal basis"), max_length=400, blank=True)
    legal_level = models.CharField(_("level of the legal basis"), max_length=20, choices=LegalLevel.choices, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, blank=True)
    status = models.CharField(_("status of the work"), max_length=16, choices=Status.choices, blank=True)
    progress = models.PositiveSmallIntegerField(_("progress in per cent"), null=True, blank=True)
    horizon = models.CharField(_("horizon"), max_length=8, choices=Horizon.choices, blank=True)
    start_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    budget_code = models.CharField(_("programme, activity, sub-activity code"), max_length=40, blank=True)
    in_planning_papers = models.CharField(_("in RKPD, Renja or DPA (which year)"), max_length=200, blank=True)
    crosses_regions = models.BooleanField(_("crosses regions or supports a programme of the province"), default=False)
    is_quick_win = models.BooleanField(_("named a quick win in the source"), null=True, blank=True)
    # A row that says the same as another is joined with it: withdrawn, and pointing to the one that stays.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, db_index=False, related_name="merged"
    )
    # Where an imported row came from
    is_unverified = models.BooleanField(default=False)
    earlier_item = models.ForeignKey(
        EarlierItem, models.PROTECT, null=True, blank=True, related_name="innovations", editable=False
    )
    source_address = models.URLField(_("source"), max_length=500, blank=True)
    source_year = models.PositiveSmallIntegerField(_("year in the source"), null=True, blank=True)
    # Empty (not "") for rows typed here, so that its index serves a search for thousands of keys.
    source_key = models.CharField(max_length=64, null=True, editable=False)

    objects = InnovationQuerySet.as_manager()

    class Meta:
        indexes = [
            *indexes_of_lists("innovation", "is_it"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="innovation_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "returned")) | Q(organisation__isnull=False, dimension__isnull=False),
                name="submitted_innovation_has_agency_and_dimension",
            ),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__lte=100), name="progress_is_a_percentage"
            ),
            models.UniqueConstraint(fields=["source_key", "plan"], name="source_row_comes_in_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency, else of the region."""
        self.organisation_path = path_of(self.organisation, self.plan)
        super().save(*args, **kwargs)


class Partner(EditableRow):
    """Somebody outside the government who takes part (pentahelix)."""

    class Kind(models.TextChoices):
        """The five elements of the pentahelix."""

        ACADEMIA = "academia", _("Academia")
        BUSINESS = "business", _("Business")
        COMMUNITY = "community", _("Community")
        MEDIA = "media", _("Media")
        GOVERNMENT = "government", _("Government")

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind of partner"), max_length=12, choices=Kind.choices)
    contribution = models.CharField(_("contribution"), max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class NotYet(EditableRow, MovingRow):
    """An agency says that it has nothing to propose, with its reason; accepted, it counts as delivered."""

    class What(models.TextChoices):
        """What it does not propose."""

        PROBLEMS = "problems", _("Problems")
        INNOVATIONS = "innovations", _("Innovations")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="not_yet")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="not_yet")
    organisation_path = PathField(db_index=True)
    what = models.CharField(max_length=12, choices=What.choices)
    dimension = models.ForeignKey(Dimension, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"))

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.reason[:60]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency."""
        self.organisation_path = self.organisation.organisation_path
        super().save(*args, **kwargs)


class Unplaced(models.Model):
    """A cell of an imported row that has no field yet; it can be placed later, and is never lost."""

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="unplaced")
    column = models.CharField(max_length=200)
    text = models.TextField()
    placed_at = models.DateTimeField(null=True)
    placed_as = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.column}: {self.text[:40]}"


class Import(EditableRow):
    """One foreign sheet on its way in: the file, the mapping somebody confirmed, and what became of each row."""

    class State(models.TextChoices):
        """How far it is."""

        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWED = "previewed", _("Checked")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", pgettext_lazy("import", "Applied")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="imports")
    organisation_path = PathField(db_index=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="imports")  # empty: a plan for each region
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # title of the column in the sheet -> key of our column, or ""
    chosen = models.JSONField(default=list)  # numbers of the rows that somebody chose in the preview
    result = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = ReachQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.state} {self.file_id}"
