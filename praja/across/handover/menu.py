"""The line of hand-overs in the navigation, for whoever has one waiting."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.across.handover.models import Handover
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """Only while somebody hands a role over to this person."""
    waiting = Handover.objects.open().filter(successor=request.user)
    return [MenuItem(_("Hand-over"), reverse("handover-list"), "handshake", waiting=waiting, needs_waiting=True)]
