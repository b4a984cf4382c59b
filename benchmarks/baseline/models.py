"""The same rows as plain Django would hold them."""

from django.db import models


class Agency(models.Model):
    """An agency of a region."""

    region = models.CharField(max_length=13, db_index=True)
    name = models.CharField(max_length=200, db_index=True)

    def __str__(self) -> str:
        return self.name


class Innovation(models.Model):
    """An innovation with the fields that the benchmark fills."""

    region = models.CharField(max_length=13, db_index=True)
    agency = models.ForeignKey(Agency, models.PROTECT)
    title = models.CharField(max_length=300, db_index=True)
    dimension = models.CharField(max_length=30, db_index=True)
    state = models.CharField(max_length=10, db_index=True)
    is_it = models.BooleanField(null=True)
    summary = models.TextField(blank=True)
    goal = models.TextField(blank=True)
    benefit = models.TextField(blank=True)
    design = models.TextField(blank=True)
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title
