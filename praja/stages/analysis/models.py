"""The vision of the region's smart city, empty until the head of region has set it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow
from praja.foundation.plans.models import Plan


class Vision(EditableRow):
    """What was set, by which position (with its acting status then), when, and by which paper."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="vision")
    organisation_path = PathField(db_index=True)
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the path of its plan."""
        self.organisation_path = self.plan.organisation_path
        super().save(*args, **kwargs)
