"""The page of the e-sign gateway: what it is, where it is, whether it answers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version
from praja.foundation.plans.models import Plan
from praja.foundation.signing.gateway import gateways
from praja.foundation.signing.gateway.problems import SENTENCES, Problem
from praja.foundation.signing.models import Gateway
from praja.foundation.signing.pages.gateway_forms import GatewayForm
from praja.foundation.signing.pages.reach import load_plan
from praja.foundation.signing.pages.round_views import FASTER, crumbs


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def signing_gateway(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Enter the gateway of the region, try it, change it, take it out of use.

    What signatories type goes there, so whoever enters an address shows first that it is still the same person.
    """
    plan = load_plan(request, slug, Can.SIGNING_RUN)
    gateway = gateways.of_government(plan.government)
    if request.method != "POST":
        return _page(request, plan, gateway, GatewayForm(gateway=gateway))
    wish = request.POST.get("do", "")
    if wish == "try" and gateway:
        return _tried(request, plan, gateway)
    if wish == "withdraw" and gateway:
        return _withdrawn(request, plan, gateway)
    return _saved(request, plan, gateway)


@confirmed
@sensitive_variables()
def _saved(request: SignedInRequest, plan: Plan, gateway: Gateway | None) -> HttpResponse:
    form = GatewayForm(request.POST, gateway=gateway)
    if form.is_valid():
        values = dict(form.cleaned_data)
        secret = values.pop("password")
        try:
            gateways.save(plan, values, secret, by=request.user, version=posted_version(request))
        except TooLate:
            form.add_error(None, str(FASTER))
        else:
            messages.success(request, _("The gateway is stored. Now try whether it answers."))
            return redirect("signing-gateway", plan.slug)
    return _page(request, plan, gateway, form, status=422)


def _tried(request: SignedInRequest, plan: Plan, gateway: Gateway) -> HttpResponse:
    problem = gateways.problem_of(gateway)
    return _page(request, plan, gateway, GatewayForm(gateway=gateway), was_tried=True, problem=problem)


def _withdrawn(request: SignedInRequest, plan: Plan, gateway: Gateway) -> HttpResponse:
    try:
        gateways.withdraw(gateway, by=request.user, version=posted_version(request))
    except TooLate:
        messages.warning(request, str(FASTER))
    else:
        messages.success(request, _("The gateway is out of use. Ink on the printed sheet works as before."))
    return redirect("signing-gateway", plan.slug)


def _page(
    request: SignedInRequest,
    plan: Plan,
    gateway: Gateway | None,
    form: GatewayForm,
    *,
    was_tried: bool = False,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "gateway": gateway,
        "form": form,
        "crumbs": crumbs(plan),
        "was_tried": was_tried,
        "problem": SENTENCES[problem] if problem else "",
        "history": history_of(gateway) if gateway else [],
    }
    return render(request, "signing/gateway.html", context, status=status)
