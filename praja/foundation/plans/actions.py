"""Governments and plans come into being."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from praja.foundation.accounts import installation
from praja.foundation.accounts.models import Membership, Organisation, Person, User
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


class FirstAccountRefused(Exception):
    """The account could not be made; its text says why and what to do."""


@transaction.atomic
def first_account(username: str, *, name: str, password: str, region_code: str | None = None) -> User:
    """An account from which all others are invited: coordinator of a region, whose plan is opened, or the ministry's.

    Marks the database as real. Raises FirstAccountRefused with a sentence, MixedInstallation in a demonstration.
    """
    installation.mark(is_demonstration=False)
    if User.objects.filter(username__iexact=username).exists():
        raise FirstAccountRefused(_("The user name %s is taken. Choose another one.") % username)
    try:
        validate_password(password)
    except ValidationError as error:
        raise FirstAccountRefused(" ".join(error.messages)) from error
    if region_code:
        region = Region.objects.with_government().filter(code=region_code, is_demonstration=False).first()
        if region is None:
            raise FirstAccountRefused(_("There is no region with the code %s. Write it as 32.05.") % region_code)
        organisation, role = open_plan(region, by=None).government, "coordinator"
    else:
        organisation, role = ministry(), "ministry_admin"
    user = User.objects.create_user(username, password, person=Person.objects.create(name=name))
    Membership.objects.create(user=user, organisation=organisation, role=role)
    record("make account", user, by=None, after={"role": role, "organisation": organisation})
    return user


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
