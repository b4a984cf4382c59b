"""The lines of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The books, which can be read at any moment, and what becomes of them."""
    plan = plan_of_page(request)
    if plan is None or "masterplan" not in plan.stages or not request.user.may(Can.BOOK_VIEW, plan):
        return []
    return [
        MenuItem(_("Books"), reverse("book", args=[plan.slug]), "book-open"),
        MenuItem(_("Editions"), reverse("edition-list", args=[plan.slug]), "lock", is_part=True),
        MenuItem(_("Reviews"), reverse("review-list", args=[plan.slug]), "users", is_part=True),
        MenuItem(_("Enactment"), reverse("enactment", args=[plan.slug]), "landmark", is_part=True),
    ]
