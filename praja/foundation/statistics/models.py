"""Figures of a region, each with unit, year and source."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from praja.foundation.accounts.reach import PathField, ReachQuerySet
from praja.foundation.audit.rows import EditableRow
from praja.foundation.statistics.catalogue import OWN, kinds


class Statistic(EditableRow):
    """One figure of a region and year; stored once, pointed at by every book and instrument."""

    class Status(models.TextChoices):
        """How sure the source is."""

        PROVISIONAL = "provisional", _("Provisional")
        FINAL = "final", _("Final")

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="statistics")
    organisation_path = PathField()
    key = models.CharField(max_length=60)  # of praja/data/statistics, or of the region's own figure
    name = models.CharField(max_length=200, blank=True)  # of the region's own figure
    is_prefilled = models.BooleanField(default=False)  # from a data folder; nobody has looked at it yet
    value = models.CharField(max_length=40)  # a decimal as text: exact on both databases
    unit = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.FINAL)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "year"], name="one_figure_for_each_key_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"

    @property
    def is_own(self) -> bool:
        """Whether the region has named this figure itself."""
        return self.key.startswith(OWN) or self.key not in kinds()

    @property
    def title(self) -> str:
        """What the figure says, in the language of the page where it is of the catalogue."""
        return self.name if self.is_own else kinds()[self.key].name

    @property
    def number(self) -> Decimal:
        """The value for reckoning."""
        return Decimal(self.value)
