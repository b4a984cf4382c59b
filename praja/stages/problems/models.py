"""A problem that an agency reports, with its data and the tree of its causes."""

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

GRADES = [(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")]


class ProblemQuerySet(ReachQuerySet):
    """Questions to the problems."""

    def in_service(self) -> "ProblemQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def accepted(self) -> "ProblemQuerySet":
        """Accepted by the secretariat: what the books print."""
        return self.in_service().filter(state=State.ACCEPTED)

    def handed_in(self) -> "ProblemQuerySet":
        """At least submitted: what coverage counts."""
        return self.in_service().filter(state__in=HANDED_IN)


class Problem(EditableRow, MovingRow):
    """One problem; a draft needs only its title."""

    # The indexes below serve these; one on a dimension alone would lead through all regions.
    plan = models.ForeignKey(Plan, models.PROTECT, db_index=False, related_name="problems")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="problems")
    organisation_path = PathField()
    title = models.CharField(_("problem"), max_length=300)
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, null=True, blank=True, db_index=False, related_name="problems"
    )
    sub_dimension = models.ForeignKey(
        SubDimension, models.PROTECT, null=True, blank=True, db_index=False, related_name="problems"
    )
    affair = models.ForeignKey(Affair, models.PROTECT, null=True, blank=True, db_index=False, related_name="problems")
    description = models.TextField(_("what happens"), blank=True)
    affected = models.CharField(_("who is affected"), max_length=300, blank=True)
    location = models.CharField(_("where"), max_length=300, blank=True)
    figure = models.CharField(_("figure that shows it"), max_length=40, blank=True)  # a decimal as text
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    figure_year = models.PositiveSmallIntegerField(_("year of the figure"), null=True, blank=True)
    figure_source = models.CharField(_("source of the figure"), max_length=300, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=GRADES, null=True, blank=True)
    seriousness = models.PositiveSmallIntegerField(_("seriousness"), choices=GRADES, null=True, blank=True)
    growth = models.PositiveSmallIntegerField(_("growth"), choices=GRADES, null=True, blank=True)
    # A row that says the same as another is joined with it: withdrawn, and pointing to the one that stays.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, db_index=False, related_name="merged"
    )
    others = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("other agencies"))

    objects = ProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            *indexes_of_lists("problem"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="problem_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("draft", "returned")) | Q(organisation__isnull=False, dimension__isnull=False),
                name="submitted_problem_has_agency_and_dimension",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def priority(self) -> int | None:
        """Urgency times seriousness times growth (USG), 1 to 125; None until all three are given."""
        if self.urgency is None or self.seriousness is None or self.growth is None:
            return None
        return self.urgency * self.seriousness * self.growth

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its agency, else of the region."""
        self.organisation_path = path_of(self.organisation, self.plan)
        super().save(*args, **kwargs)


class Cause(EditableRow):
    """Why a problem is so; causes form a tree, and each has a kind."""

    class Kind(models.TextChoices):
        """The six kinds of cause."""

        POLICY = "policy", _("Policy")
        PEOPLE = "people", pgettext_lazy("kind of cause", "People")
        BUDGET = "budget", _("Budget")
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        DATA = "data", _("Data")
        BEHAVIOUR = "behaviour", _("Behaviour")

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="causes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("kind of cause"), max_length=16, choices=Kind.choices)
    text = models.CharField(_("cause"), max_length=500)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.text
