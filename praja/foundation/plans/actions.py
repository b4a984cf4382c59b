"""Governments and plans come into being."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.places.models import Region
from praja.foundation.plans.models import DimensionSet, Plan

MINISTRY = "Kementerian Komunikasi dan Digital"


def ministry() -> Organisation:
    """The root of the tree, made when it is first needed."""
    root = Organisation.objects.filter(kind=Organisation.Kind.MINISTRY).first()
    return root or Organisation.objects.create(kind=Organisation.Kind.MINISTRY, name=MINISTRY, abbreviation="Komdigi")


@transaction.atomic
def government_of(region: Region) -> Organisation:
    """The government of a province, regency or city; it is made, below its province's, when it is first needed."""
    found = Organisation.objects.filter(region=region, kind=Organisation.Kind.GOVERNMENT).first()
    if found:
        return found
    parent = government_of(region.parent) if region.parent else ministry()
    return Organisation.objects.create(
        kind=Organisation.Kind.GOVERNMENT, region=region, parent=parent, name=f"Pemerintah {region.name}"
    )


@transaction.atomic
def open_plan(region: Region, *, by: Any, is_unverified: bool = False, **fields: Any) -> Plan:
    """The plan of a region: the one there is, else a new one."""
    government = government_of(region)
    plan = Plan.objects.filter(government=government, withdrawn_at=None).first()
    if plan:
        return plan
    fields.setdefault("dimension_set", DimensionSet.objects.get(is_default=True))
    plan = Plan.objects.create(
        government=government,
        slug=slug_for(region),
        title=f"Masterplan Smart City {region.name}",
        is_unverified=is_unverified,
        created_by=by,
        updated_by=by,
        **fields,
    )
    record("open", plan, by=by, after={"title": plan.title})
    return plan


def slug_for(region: Region) -> str:
    """The region in addresses: "kabupaten-garut", "kota-bogor", "provinsi-aceh"."""
    name = slugify(region.name)
    return name if name.startswith(("kabupaten-", "kota-", "provinsi-")) else f"provinsi-{name}"
