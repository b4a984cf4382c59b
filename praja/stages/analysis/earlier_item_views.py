"""One programme of the earlier masterplan: what becomes of it and why, and correcting what its sheet said."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import brought_back, withdrawn
from praja.stages.analysis import earlier as actions
from praja.stages.analysis.earlier_deciding import HINTS, ICONS, Decision, typed
from praja.stages.analysis.earlier_forms import EarlierItemForm
from praja.stages.analysis.earlier_loading import crumbs, load_item
from praja.stages.analysis.models import EarlierItem


@require_safe
def earlier_item(request: SignedInRequest, pk: int) -> HttpResponse:
    """One programme: as it was written, where it stands, what becomes of it, and what continues it."""
    return _item_page(request, load_item(request, pk))


def _item_page(request: SignedInRequest, item: EarlierItem, *, problem: str = "") -> HttpResponse:
    plan, user = item.earlier.plan, request.user
    may_decide = user.may(Can.INNOVATION_WRITE, item) and item.withdrawn_at is None
    # Asked by the name of the relation: innovations come later in the programme.
    innovations = list(item.innovations.filter(withdrawn_at=None))
    goes_on = item.decision in (Decision.CONTINUE, Decision.CHANGE)
    decision, reason = typed(request) if problem else (item.decision, item.reason)
    context = {
        "plan": plan,
        "item": item,
        "crumbs": crumbs(plan, (_("Programmes and decisions"), reverse("earlier-item-list", args=[plan.slug]))),
        "innovations": innovations,
        "may_open": user.may(Can.INNOVATION_VIEW, item),
        "may_decide": may_decide,
        "may_begin": may_decide and goes_on and not innovations,
        "may_correct": user.may(Can.PLAN_SET_UP, plan),
        "is_contradiction": bool(innovations) and item.decision == Decision.STOP,
        "choices": [(value, label, HINTS[value], ICONS[value]) for value, label in Decision.choices],
        "decision": decision,
        "reason": reason,
        "problem": problem,
        "history": history_of(item),
    }
    return render(request, "analysis/earlier_item.html", context, status=422 if problem else 200)


@require_POST
def earlier_item_decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide about one programme."""
    item = load_item(request, pk, Can.INNOVATION_WRITE)
    decision, reason = typed(request)
    try:
        actions.decide(item, decision=decision, reason=reason, by=request.user, version=posted_version(request))
    except Refused as refusal:
        return _item_page(request, item, problem=str(refusal.reasons[0]))
    except TooLate:
        item.refresh_from_db()
        return _item_page(
            request,
            item,
            problem=_("Somebody else was faster. What you chose is shown here; save again to replace it."),
        )
    messages.success(request, _("Saved."))
    return redirect("earlier-item", pk)


@entry(
    "earlier-item-edit", draft="earlier-item-draft", load=lambda request, pk: load_item(request, pk, Can.PLAN_SET_UP)
)
def earlier_item_edit(_request: SignedInRequest, item: EarlierItem, pk: int) -> Entry:
    """Correct what the sheet said, or name the agency and the dimension of today."""
    detail = reverse("earlier-item", args=[pk])
    return Entry(
        item,
        form_class=EarlierItemForm,
        save=actions.save_item,
        template="analysis/earlier_item_edit.html",
        context={
            "plan": item.earlier.plan,
            "crumbs": crumbs(item.earlier.plan, (item.title, detail)),
        },
        done=detail,
    )


@require_POST
def earlier_item_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take out of the list what is no programme; it stays in the history."""
    item = load_item(request, pk, Can.PLAN_SET_UP)
    if item.withdrawn_at is not None:
        raise Http404
    return withdrawn(
        request,
        item,
        said=_("The programme was taken out of the list. It stays in the history."),
        to_list=reverse("earlier-item-list", args=[item.earlier.plan.slug]),
        to_row=reverse("earlier-item", args=[pk]),
    )


@require_POST
def earlier_item_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo that; 404 where nothing was taken out."""
    item = load_item(request, pk, Can.PLAN_SET_UP)
    if item.withdrawn_at is None:
        raise Http404
    said = _("The programme is back in the list.")
    return brought_back(request, item, said=said, to_row=reverse("earlier-item", args=[pk]))
