"""What people do with the figures of a region: set one, say that it was looked at, withdraw it, take over what is known."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.drafts.entry import EntryForm, save_entry
from praja.foundation.statistics.catalogue import OWN
from praja.foundation.statistics.models import Statistic
from praja.foundation.statistics.reference import found_for

SAID = ("key", "name", "value", "unit", "year", "source", "status")


def own_key(name: str) -> str:
    """The key of a region's own figure, by which its years belong together."""
    return f"{OWN}{slugify(name)[:50]}"


def save(form: EntryForm, *, by: Any, version: int) -> None:
    """Store or correct a figure of a checked form, which thereby was looked at; raises TooLate."""
    row: Any = form.instance
    if row.pk is not None:
        save_entry(form, by=by, version=version, also={"is_prefilled": False})
        return
    try:
        with transaction.atomic():
            set_figure(row.organisation, by=by, **form.columns())
    except TooLate:
        row.pk = Statistic.objects.get(
            organisation=row.organisation, key=form.cleaned_data["key"], year=form.cleaned_data["year"]
        ).pk
        raise


@transaction.atomic
def set_figure(government: Organisation, *, by: Any, key: str, year: int, **said: Any) -> Statistic:
    """A figure of a year that has none; one that was withdrawn comes back with what is said now. Raises TooLate."""
    values = {**said, "is_prefilled": False}
    try:
        with transaction.atomic():
            row = Statistic.objects.create(
                organisation=government,
                organisation_path=government.organisation_path,
                key=key,
                year=year,
                created_by=by,
                updated_by=by,
                **values,
            )
    except IntegrityError as problem:
        row = Statistic.objects.get(organisation=government, key=key, year=year)
        if row.withdrawn_at is None:
            raise TooLate from problem
        update_if_unchanged(row, {**values, "withdrawn_at": None, "withdrawn_by": None}, by=by, version=row.version)
    record("set", row, by=by, after={name: getattr(row, name) for name in SAID})
    return row


@transaction.atomic
def change_figure(row: Statistic, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Correct a figure; raises TooLate when somebody was faster, or has a figure of the year it is moved to."""
    before = {name: getattr(row, name) for name in values}
    try:
        with transaction.atomic():
            update_if_unchanged(row, {**values, "is_prefilled": False}, by=by, version=version)
    except IntegrityError as problem:
        raise TooLate from problem
    if before != values:
        record("edit", row, by=by, before=before, after=values)


@transaction.atomic
def confirm(row: Statistic, *, by: Any, version: int) -> None:
    """Somebody has looked at a pre-filled figure and finds it right; raises TooLate."""
    update_if_unchanged(row, {"is_prefilled": False}, by=by, version=version)
    record("look at", row, by=by)


@transaction.atomic
def withdraw(row: Statistic, *, by: Any, version: int) -> None:
    """Take a figure out; it stays in the history. Raises TooLate."""
    update_if_unchanged(row, {"withdrawn_at": timezone.now(), "withdrawn_by": by}, by=by, version=version)
    record("withdraw", row, by=by, before={"value": row.value})


def to_prefill(government: Organisation) -> list[str]:
    """The kinds that a data folder knows and of which the region has never had a figure."""
    known = found_for(government)
    if not known:
        return []
    had = set(Statistic.objects.filter(organisation=government, key__in=known).values_list("key", flat=True))
    return [key for key in known if key not in had]


@transaction.atomic
def prefill(government: Organisation, *, by: Any) -> int:
    """Take over what a data folder knows, marked as not looked at yet; returns how many figures. Twice adds nothing."""
    known = found_for(government)
    made = [
        Statistic(
            organisation=government,
            organisation_path=government.organisation_path,
            is_prefilled=True,
            status=Statistic.Status.FINAL if known[key].is_final else Statistic.Status.PROVISIONAL,
            created_by=by,
            updated_by=by,
            **{name: getattr(known[key], name) for name in ("key", "value", "unit", "year", "source")},
        )
        for key in to_prefill(government)
    ]
    Statistic.objects.bulk_create(made, ignore_conflicts=True)  # two people may press the button at once
    stored = Statistic.objects.filter(uid__in=[one.uid for one in made])
    for row in stored:
        record("prefill", row, by=by, after={name: getattr(row, name) for name in SAID})
    return len(stored)
