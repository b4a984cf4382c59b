"""An instrument with its tree of nodes, as its data file says it, and what was answered to each node."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow
from praja.foundation.ui.names import in_language


class Instrument(models.Model):
    """One version of a questionnaire or index, loaded from a file of praja/data/instruments; never changed once used."""

    key = models.CharField(max_length=60, unique=True)  # with its version: "readiness-2026"
    names = models.JSONField()
    source = models.CharField(max_length=300)
    origin = models.CharField(max_length=12)  # official, published, proposed, background
    # Levels from worst to best: [{"key": "1", "value": "1", "names": {...}, "tone": "danger"}, ...]
    scale = models.JSONField(default=list)
    # Bands of a result from low to high: [{"key": ..., "from": "0", "names": {...}, "tone": ...}, ...]
    bands = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)  # of its file

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.names)

    @cached_property
    def values(self) -> dict[str, Decimal]:
        """The number of each level by its key."""
        return {level["key"]: Decimal(level["value"]) for level in self.scale}

    @cached_property
    def levels(self) -> dict[str, Mapping[str, Any]]:
        """Each level by its key, from worst to best."""
        return {level["key"]: level for level in self.scale}

    @property
    def best(self) -> Decimal:
        """The highest value that can be reached."""
        return max(self.values.values())

    def level_name(self, key: str) -> str:
        """The word for a level in the language of the page; empty for none."""
        return in_language(self.levels[key]["names"]) if key in self.levels else ""


class Node(models.Model):
    """A component or an element of an instrument; those without children are answered."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    key = models.CharField(max_length=60)
    names = models.JSONField()
    hints = models.JSONField(default=dict)  # what to look at, in each language
    unit = models.CharField(max_length=40, blank=True)  # proposed for the figure
    weight = models.CharField(max_length=20, default="1")  # a decimal as text
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("instrument", "order")
        constraints = [models.UniqueConstraint(fields=["instrument", "key"], name="node_once_in_its_instrument")]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.names)

    @property
    def hint(self) -> str:
        """What to look at, in the language of the page."""
        return in_language(self.hints)


class AnswerQuerySet(ReachQuerySet):
    """Questions to the answers."""

    def about(self, row: models.Model) -> "AnswerQuerySet":
        """What was answered about one row."""
        return self.filter(subject=row._meta.label_lower, subject_id=row.pk, withdrawn_at=None)


class Answer(EditableRow):
    """What was answered to one node about one subject (a plan, later a campaign). No row, or an empty state: missing."""

    class State(models.TextChoices):
        """Why there is a level or none; zero is a level like any other, and missing is no state at all."""

        GIVEN = "given", _("Given")
        NOT_APPLICABLE = "not_applicable", _("Does not apply here")
        NOT_AVAILABLE = "not_available", _("No data yet")
        EXCLUDED = "excluded", _("Left out of the result")

    node = models.ForeignKey(Node, models.PROTECT, related_name="answers")
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="answers")  # whose answer it is
    organisation_path = PathField(db_index=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)  # a key of the instrument's scale
    condition = models.TextField(_("condition now"), blank=True)
    figure = models.CharField(_("figure"), max_length=40, blank=True)  # a decimal as text
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "subject", "subject_id"], name="answered_once_about_a_subject"),
            models.CheckConstraint(condition=~Q(state="given") | ~Q(level=""), name="given_answer_has_a_level"),
            models.CheckConstraint(condition=Q(state="given") | Q(level=""), name="level_only_when_given"),
        ]
        indexes = [models.Index(fields=["subject", "subject_id"], name="answer_by_subject")]

    def __str__(self) -> str:
        return f"{self.node_id}: {self.level or self.state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its organisation."""
        self.organisation_path = self.organisation.organisation_path
        super().save(*args, **kwargs)
