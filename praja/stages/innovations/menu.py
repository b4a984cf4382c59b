"""The lines of this stage in the navigation."""

from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.plans.addresses import plan_of_page
from praja.foundation.ui.navigation import MenuItem
from praja.foundation.workflow.waiting import waiting_for
from praja.stages.innovations.steps import RIGHTS


def menu(request: SignedInRequest) -> list[MenuItem]:
    """The innovations, with how many wait for this person; their alignment with the RPJMD; the tray and imports for whoever may use them."""
    plan, user = plan_of_page(request), request.user
    items = []
    if plan and "innovations" in plan.stages and user.may_anywhere(Can.INNOVATION_VIEW):
        innovations = plan.innovations.in_service()
        waiting = waiting_for(innovations, user, plan, RIGHTS)
        items.append(
            MenuItem(_("Innovations"), reverse("innovation-list", args=[plan.slug]), "lightbulb", waiting=waiting)
        )
        items.append(MenuItem(_("Alignment"), reverse("alignment", args=[plan.slug]), "git-branch", is_part=True))
        if user.may(Can.INNOVATION_ACCEPT, plan):
            items.append(
                MenuItem(
                    _("No responsible agency yet"),
                    reverse("tray", args=[plan.slug]),
                    "inbox",
                    waiting=plan.innovations.without_agency(),
                    is_part=True,
                )
            )
    if plan and user.may(Can.SHEET_IMPORT, plan):
        items.append(
            MenuItem(_("Bring in a sheet"), reverse("import-list", args=[plan.slug]), "file-spreadsheet", is_part=True)
        )
    elif plan is None and user.may_anywhere(Can.SHEET_IMPORT):
        items.append(MenuItem(_("Bring in a sheet"), reverse("import-national"), "file-spreadsheet"))
    return items
