"""Regions and districts: a place with the code that the ministry gave it, its parent and its time zone."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionQuerySet(models.QuerySet["Region"]):
    """Questions about places, as people ask them."""

    def with_government(self) -> "RegionQuerySet":
        """Provinces, regencies and cities: the places that have a government and may have a plan."""
        return self.exclude(kind=Region.Kind.DISTRICT)


class Region(models.Model):
    """A place with an official code; provinces, regencies and cities have a government, districts do not."""

    class Kind(models.TextChoices):
        """What sort of place this is."""

        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency")
        CITY = "city", _("City")
        DISTRICT = "district", _("District")

    class TimeZone(models.TextChoices):
        """The three time zones of the country, by their names in the tz database."""

        WIB = "Asia/Jakarta", _("Western Indonesian Time (WIB)")
        WITA = "Asia/Makassar", _("Central Indonesian Time (WITA)")
        WIT = "Asia/Jayapura", _("Eastern Indonesian Time (WIT)")

    code = models.CharField(_("region code"), max_length=13, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(_("time zone"), max_length=20, choices=TimeZone)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    area_km2 = models.DecimalField(_("area in km²"), max_digits=10, decimal_places=3, null=True, blank=True)
    is_demonstration = models.BooleanField(default=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                name="region_has_a_parent_unless_it_is_a_province",
                condition=models.Q(kind="province", parent__isnull=True)
                | (~models.Q(kind="province") & models.Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="region_ends_after_it_begins",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as Python uses it: a deadline of this region closes at 24:00 here."""
        return ZoneInfo(self.time_zone)
