"""What is done with the e-sign gateway of a region: entered, changed, tried, withdrawn."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from praja.foundation.accounts import ciphers
from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import TooLate, update_if_unchanged
from praja.foundation.plans.models import Plan
from praja.foundation.signing import notices
from praja.foundation.signing.gateway.client import PURPOSE, client_of
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Gateway

NOBODY = "0" * 16  # a NIK that nobody has, to knock with
SHOWN = ("address", "api", "username")


def of_government(government: Organisation) -> Gateway | None:
    """The gateway that a government has entered; None when there is none."""
    return Gateway.objects.filter(government=government, withdrawn_at=None).first()


@transaction.atomic
def save(plan: Plan, values: dict[str, Any], secret: str, *, by: Any, version: int) -> Gateway:
    """Enter the gateway or change it; an empty `secret` keeps the one that is there. Raises TooLate.

    The history tells that the secret changed, and not to what; of another address the other coordinators are told.
    """
    gateway = of_government(plan.government)
    before = {name: getattr(gateway, name) for name in SHOWN} if gateway else {}
    changes = dict(values)
    if secret:
        changes["secret"] = ciphers.enciphered(PURPOSE, secret)
    if gateway is None:
        try:
            with transaction.atomic():
                gateway = Gateway.objects.create(government=plan.government, created_by=by, updated_by=by, **changes)
        except IntegrityError as problem:  # somebody else entered one at the same moment
            raise TooLate from problem
    else:
        update_if_unchanged(gateway, changes, by=by, version=version)
    told = {"password": True} if secret else {}  # a personal field: only that it changed is kept
    record("set gateway", gateway, by=by, before=before, after={**values, **told})
    if values["address"] != before.get("address"):
        transaction.on_commit(lambda: notices.gateway_was_set(plan, gateway, by=by))
    return gateway


@transaction.atomic
def withdraw(gateway: Gateway, *, by: Any, version: int) -> None:
    """Take the gateway out of use and forget its secret; raises TooLate."""
    values = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "secret": ""}
    update_if_unchanged(gateway, values, by=by, version=version)
    record("withdraw", gateway, by=by)


def problem_of(gateway: Gateway) -> Problem | None:
    """Ask the gateway about a NIK that nobody has: None when it answers as a gateway does, else what is wrong."""
    try:
        client_of(gateway).check(Secrets(nik=Secret(NOBODY)))
    except GatewayError as error:
        return None if error.problem in (Problem.NOT_REGISTERED, Problem.EXPIRED) else error.problem
    return None
