"""The lines of this stage in the navigation."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.plans.models import Plan
from praja.foundation.ui.navigation import MenuItem
from praja.stages.commitment.models import AgencyList, Commitment, Obligation, PositionHandover


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The joint commitment with how much waits for this person, then the promises."""
    plan = plan_of_page(request)
    if plan is None or "masterplan" not in plan.stages or not request.user.may(Can.COMMITMENT_VIEW, plan):
        return []
    return [
        MenuItem(
            _("Joint commitment"), reverse("commitment-current", args=[plan.slug]), "handshake",
            waiting=waiting(plan, request.user),
        ),
        MenuItem(_("Promises"), reverse("commitment-promises", args=[plan.slug]), "list-checks", is_part=True),
    ]  # fmt: skip


def waiting(plan: Plan, user: Any) -> QuerySet[Any]:
    """What waits for this person: a list to settle, a contested promise to answer, promises to take on."""
    first, *others = (rows.order_by().values("pk") for rows in _waiting(plan, user))
    return first.union(*others, all=True) if others else first


def _waiting(plan: Plan, user: Any) -> Iterable[QuerySet[Any]]:
    open_handovers = PositionHandover.objects.in_service().filter(plan=plan, accepted_at=None)
    yield open_handovers.filter(successor=user.person_id) if user.person_id else open_handovers.none()
    if user.may(Can.COMMITMENT_RUN, plan):
        contested = Obligation.objects.filter(state=Obligation.State.CONTESTED, list__commitment__plan=plan)
        yield contested.filter(list__in=open_lists(plan).order_by())
    elif user.may_within(Can.OBLIGATION_SETTLE, plan):
        mine: QuerySet[Any] = open_lists(plan).within_reach(user, Can.OBLIGATION_SETTLE)
        yield mine.filter(accepted_at=None)


def open_lists(plan: Plan) -> Any:
    """The lists that can be settled now."""
    rows = AgencyList.objects.in_service().filter(commitment__plan=plan, commitment__withdrawn_at=None)
    with_agency = Q(addendum=None, commitment__state=Commitment.State.SETTLING)
    return rows.filter(with_agency | Q(addendum__state="settling", addendum__withdrawn_at=None))
