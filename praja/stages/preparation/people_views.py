"""Pages about people of a region: who acts for which office, and taking a lost second step away."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts import acting, second_factor, sessions
from praja.foundation.accounts import actions as accounts
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.models import Membership, Organisation, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.accounts.roles import ROLES_AT
from praja.foundation.audit.history import history_of
from praja.foundation.drafts.entry import save_entry
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.notices.actions import tell
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.stages.preparation.office_forms import RegionForm
from praja.stages.preparation.people_forms import ActingForm, ResetForm
from praja.stages.preparation.views import of_the_region


def _organisations(user: User, plan: Plan) -> Any:
    """The organisations of the region where this person may name who acts, the government first."""
    of_region = Q(pk=plan.government_id) | Q(parent=plan.government, kind=Organisation.Kind.AGENCY)
    within = Organisation.objects.within_reach(user, Can.ACTING_NAME).filter(of_region, withdrawn_at=None)
    return within.order_by("-kind", "name")


def _users(user: User, plan: Plan) -> Any:
    """The accounts to choose from: those of the region, or for the head of an agency those of the agency."""
    members = Membership.objects.current().filter(of_the_region(plan))
    if not user.may(Can.PEOPLE_INVITE, plan):
        members = members.filter(organisation__in=_organisations(user, plan))
    found = User.objects.filter(pk__in=members.values("user"), is_active=True)
    return found.select_related("person").order_by("person__name")


@require_safe
def acting_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who acts for whom: now, soon, and until lately; by which paper and until when."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    rows = Membership.objects.filter(of_the_region(plan)).exclude(for_position=None)
    rows = rows.select_related("user__person", "organisation", "for_position").order_by("-starts_on", "-pk")
    today = timezone.localdate()
    open_ones = [row for row in rows.filter(ended_at=None) if not row.is_over]
    context = {
        "plan": plan,
        "now": [row for row in open_ones if row.starts_on is None or row.starts_on <= today],
        "soon": [row for row in open_ones if row.starts_on is not None and row.starts_on > today],
        "before": [row for row in rows[:100] if row not in open_ones],
        "may_name": _organisations(request.user, plan).exists(),
        "may_set_up": request.user.may(Can.PLAN_SET_UP, plan),
        "mine": {row.pk for row in open_ones if acting.may_name(request.user, row.organisation, row.role)},
    }
    return render(request, "preparation/acting.html", context)


@entry("offices", draft="offices-draft", load=plan_loader(Can.PEOPLE_INVITE))
def offices(_request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """Who holds the offices of the region for good: its head and its secretary."""
    government = plan.government
    return Entry(
        government,
        form_class=RegionForm,
        save=save_entry,
        template="preparation/offices.html",
        context={"plan": plan, "history": history_of(government, 20)},
        done=reverse("offices", args=[slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def acting_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Name who acts for an office, by which paper, from when until when."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    organisations = _organisations(request.user, plan)
    if not organisations.exists():
        raise Http404
    kinds = [Organisation.Kind.AGENCY]
    if request.user.may(Can.PEOPLE_INVITE, plan):
        kinds.append(Organisation.Kind.GOVERNMENT)
    form = ActingForm(
        request.POST or None,
        initial={"role": "agency_head", "organisation": request.GET.get("opd", ""), "starts_on": timezone.localdate()},
        organisations=organisations,
        users=_users(request.user, plan),
        roles=[role for kind in kinds for role in reversed(ROLES_AT[kind])],
    )
    if request.method == "POST" and form.is_valid() and _was_named(request, form):
        return redirect("acting-list", plan.slug)
    context = {"plan": plan, "form": form}
    return render(request, "preparation/acting_new.html", context, status=422 if form.is_bound else 200)


def _was_named(request: SignedInRequest, form: ActingForm) -> bool:
    """Whether it went well; else the form says what is in the way."""
    values = form.cleaned_data
    basis = _("%(number)s of %(day)s") % {"number": values["basis_number"], "day": long_date(values["basis_on"])}
    paper = acting.Acting(values["how"], values["title"], basis, values["starts_on"], values["ends_on"])
    try:
        membership = acting.name(values["user"], values["organisation"], values["role"], paper, by=request.user)
    except PermissionError:
        sentence = _(
            "This role cannot be held there. Agencies have operators and heads; all other roles belong to the region."
        )
        form.add_error("role", sentence)
    except acting.HoldsItAlready:
        form.add_error("user", _("%(name)s holds this role there already. End that first.") % {"name": values["user"]})
    else:
        told = {"office": membership.office(values["user"]), "until": long_date(values["ends_on"])}
        tell([values["user"]], gettext_noop("You act as %(office)s until %(until)s."), values=told, address="/profil/")
        messages.success(
            request,
            _("%(name)s acts as %(office)s until %(until)s.") % {"name": values["user"], **told},
        )
        return True
    return False


@require_POST
@confirmed
def acting_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End an acting time before its last day: the holder is back."""
    rows = Membership.objects.filter(ended_at=None).exclude(for_position=None)
    row = get_object_or_404(rows.select_related("organisation__parent", "user__person", "for_position"), pk=pk)
    if not acting.may_name(request.user, row.organisation, row.role):
        raise Http404
    plan = get_object_or_404(Plan, government=row.organisation.government, withdrawn_at=None)
    acting.end(row, by=request.user)
    messages.success(request, _("%(name)s no longer acts for this office.") % {"name": row.user})
    return redirect("acting-list", plan.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def second_factor_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the second step away from somebody who lost it, once one has made sure that it is them."""
    reachable = Organisation.objects.within_reach(request.user, Can.PEOPLE_INVITE)
    rows = Membership.objects.filter(ended_at=None, organisation__in=reachable)
    row = get_object_or_404(rows.select_related("organisation__parent", "user__person"), pk=pk)
    slug = get_object_or_404(Plan, government=row.organisation.government, withdrawn_at=None).slug
    plan = plan_within_reach(request, slug, Can.PEOPLE_INVITE)
    owner = row.user
    if owner == request.user or not accounts.may_make_password_link(request.user, owner):
        messages.error(request, _("Only an administrator above can do this for %(name)s.") % {"name": owner})
        return redirect("people-list", plan.slug)
    state = second_factor.state_of(owner)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and state.is_on and form.is_valid():
        second_factor.reset(owner, by=request.user, reason=form.cleaned_data["reason"])
        sessions.end(owner, current=None, by=request.user)
        text = gettext_noop(
            "%(name)s took the second step of your account away because you had lost it. Was it not you? Say so at once."
        )
        tell([owner], text, values={"name": request.user}, address="/profil/keamanan/")
        messages.success(
            request, _("The second step of %(name)s is taken away; they sign in with the password.") % {"name": owner}
        )
        return redirect("people-list", plan.slug)
    context = {"plan": plan, "owner": owner, "state": state, "form": form}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "preparation/second_factor_reset.html", context, status=status)
