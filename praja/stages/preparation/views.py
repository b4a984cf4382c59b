"""Pages of the preparation: the plan, agencies, what is asked, deadlines, people."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts import actions as accounts
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.forms import InvitationForm
from praja.foundation.accounts.models import Invitation, Membership, Organisation, Position
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.accounts.roles import ROLES, ROLES_AT
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.entry import posted_version
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.drafts.models import Draft
from praja.foundation.files import actions as files
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan, Request
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from praja.stages.preparation import actions
from praja.stages.preparation.first_steps import agencies_of, first_steps
from praja.stages.preparation.forms import AgencyForm, PlanForm
from praja.stages.preparation.hanging import rows_of
from praja.stages.preparation.presets import PRESETS, Line, lines_of, lines_typed
from praja.stages.preparation.stages import OPTIONAL
from praja.stages.preparation.typical import proposals_for, typical_agencies
from praja.stages.preparation.under_way import under_way

LACKS = {"urusan": Q(has_affairs=False), "kepala": Q(has_head=False), "operator": Q(is_asked=True, has_operator=False)}


def load_agency(request: SignedInRequest, pk: int) -> tuple[Organisation, Plan]:
    """An agency in service that this person may change, and the plan of its region; else 404."""
    agencies = (
        Organisation.objects.agencies().within_reach(request.user, Can.PLAN_SET_UP).select_related("parent__region")
    )
    agency = get_object_or_404(agencies, pk=pk)
    plan = get_object_or_404(
        Plan.objects.select_related("government__region"), government=agency.parent, withdrawn_at=None
    )
    request.plan, request.government = plan, agency.parent
    return agency, plan


# --- the plan ---------------------------------------------------------------------------------------------------------


@entry("plan-set-up", draft="plan-draft", load=plan_loader(Can.PLAN_SET_UP))
def plan_set_up(_request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """The plan as a whole, with the list of what is set and what lacks."""
    return Entry(
        plan,
        form_class=PlanForm,
        save=actions.set_plan_up,
        template="preparation/plan.html",
        context={
            "plan": plan,
            "first_steps": first_steps(plan),
            "under_way": under_way(plan),
            "stage_hints": {stage.key: stage.hint for stage in OPTIONAL},
            "history": history_of(plan, 20),
        },
        done=reverse("plan-set-up", args=[slug]),
    )


@require_POST
def plan_arms(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put up, change or take away the coat of arms."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP)
    upload = request.FILES.get("file")
    try:
        if "remove" in request.POST:
            actions.set_arms(plan, None, by=request.user)
            messages.success(request, _("The coat of arms is taken away."))
        elif upload:
            arms = files.store_arms(upload, by=request.user, organisation_path=plan.organisation_path)
            actions.set_arms(plan, arms, by=request.user)
            messages.success(request, _("The coat of arms now stands on pages and books."))
        else:
            messages.error(request, _("Choose a picture first, then send it."))
    except FileRefused as refusal:
        messages.error(request, str(refusal))
    except TooLate:
        messages.error(request, _("Somebody changed the plan at the same moment. Please try again."))
    return redirect(reverse("plan-set-up", args=[slug]) + "#arms")


# --- agencies ---------------------------------------------------------------------------------------------------------


@require_safe
def agency_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every agency of the region with affairs, head, operators, and what is asked of it."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    may_set_up = request.user.may(Can.PLAN_SET_UP, plan)
    lack = request.GET.get("kurang", "")
    agencies = agencies_of(plan).filter(LACKS.get(lack, Q())).prefetch_related("affairs", *_people_of_agencies())
    context = {
        "plan": plan,
        "agencies": agencies,
        "may_set_up": may_set_up,
        "lack": lack if lack in LACKS else "",
    }
    return render(request, "preparation/agencies.html", context)


def _people_of_agencies() -> list[Prefetch]:
    heads = Position.objects.filter(is_head=True, withdrawn_at=None).select_related("person").order_by("-pk")
    operators = Membership.objects.filter(ended_at=None, role="operator").select_related("user__person")
    return [
        Prefetch("positions", heads, to_attr="heads"),
        Prefetch("memberships", operators, to_attr="operators"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def agency_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """One agency, typed."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP)
    agency = Organisation(kind=Organisation.Kind.AGENCY, parent=plan.government)
    form = AgencyForm(request.POST or None, instance=agency, user=request.user)
    if request.method == "POST" and form.is_valid():
        agency = actions.add_agency(form, by=request.user)
        messages.success(request, _("%(agency)s is added.") % {"agency": agency.name})
        return redirect("agency-list", slug)
    context = {"plan": plan, "form": form, "agency": None}
    return render(request, "preparation/agency.html", context, status=422 if form.is_bound else 200)


@entry("agency-edit", draft="agency-draft", load=load_agency)
def agency_edit(_request: SignedInRequest, found: tuple[Organisation, Plan], **_parts: Any) -> Entry:
    """An agency with its head."""
    agency, plan = found
    return Entry(
        agency,
        form_class=AgencyForm,
        save=actions.edit_agency,
        template="preparation/agency.html",
        context={
            "plan": plan,
            "agency": agency,
            "operators": agency.memberships.filter(ended_at=None).select_related("user__person"),
            "hanging": rows_of(agency),
            "history": history_of(agency, 20),
        },
        done=reverse("agency-list", args=[plan.slug]),
    )


@require_POST
def agency_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an agency out of service; refused while rows belong to it."""
    agency, plan = load_agency(request, pk)
    try:
        actions.withdraw_agency(agency, by=request.user, version=posted_version(request))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return redirect("agency-edit", pk)
    except TooLate:
        messages.error(
            request, _("Somebody changed this agency meanwhile. Look at it again before you take it out of service.")
        )
        return redirect("agency-edit", pk)
    messages.success(request, _("%(agency)s is out of service.") % {"agency": agency.name})
    return redirect("agency-list", plan.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def agency_typical(request: SignedInRequest, slug: str) -> HttpResponse:
    """The agencies that most regions have; those ticked are added in one go."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP)
    if request.method == "POST":
        chosen = {int(text) for text in request.POST.getlist("agency") if text.isdecimal() and len(text) < 5}
        new = [
            actions.NewAgency(one.name, one.abbreviation, one.kind, one.affairs)
            for number, one in enumerate(typical_agencies())
            if number in chosen
        ]
        return _added(request, plan, new)
    agencies = list(Organisation.objects.agencies().filter(parent=plan.government))
    return render(
        request,
        "preparation/typical.html",
        {"plan": plan, "groups": proposals_for(agencies), "is_new_region": not agencies},
    )


def _added(request: SignedInRequest, plan: Plan, new: list[actions.NewAgency]) -> HttpResponse:
    added = actions.add_agencies(plan.government, new, by=request.user)
    if added:
        sentence = ngettext("%(count)d agency is added.", "%(count)d agencies are added.", len(added))
        messages.success(request, sentence % {"count": len(added)})
    else:
        messages.info(request, _("Nothing was added: no row was chosen, or your region has all of them already."))
    return redirect("agency-list", plan.slug)


# --- what is asked ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def request_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is asked of each agency, on one page that is saved as a whole."""
    plan = plan_within_reach(request, slug, Can.PLAN_SET_UP)
    agencies = list(Organisation.objects.agencies().filter(parent=plan.government))
    preset = request.GET.get("usulan", "")
    lines = lines_of(agencies, _requests(plan), PRESETS.get(preset))
    context: dict[str, Any] = {
        "plan": plan,
        "preset": PRESETS.get(preset),
        "presets": PRESETS.items(),
        "dimensions": plan.dimension_set.dimensions.all(),
    }
    status = 200
    if request.method == "POST":
        typed = lines_typed(agencies, request.POST)
        try:
            count = actions.save_requests(plan, [line.asked for line in typed], by=request.user)
        except actions.Conflict as conflict:
            drafts.keep(request.POST, by=request.user, address=request.path, kind=Draft.Kind.CONFLICT)
            context["differences"], status = conflict.differences, 409
            mine = {line.asked.agency.pk: line.asked for line in typed}
            lines = [Line(mine.get(line.asked.agency.pk, line.asked), line.version, line.stored) for line in lines]
        else:
            messages.success(request, saved(count))
            return redirect("request-list", slug)
    context["lines"] = lines
    return render(request, "preparation/requests.html", context, status=status)


def _requests(plan: Plan) -> QuerySet[Request]:
    return Request.objects.filter(plan=plan, withdrawn_at=None).prefetch_related("dimensions")


def saved(count: int) -> str:
    """What to say after a page of many lines was saved."""
    if not count:
        return _("Nothing was different; everything stands as it was.")
    return ngettext("%(count)d line is saved.", "%(count)d lines are saved.", count) % {"count": count}


# --- people -----------------------------------------------------------------------------------------------------------


def of_the_region(plan: Plan) -> Q:
    """Rows whose organisation is the government of the plan or one of its agencies."""
    agencies = Q(organisation__parent=plan.government, organisation__kind=Organisation.Kind.AGENCY)
    return Q(organisation=plan.government) | agencies


@require_safe
def people_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who holds which role, and the invitations that are open."""
    plan = plan_within_reach(request, slug, Can.PEOPLE_INVITE)
    members = Membership.objects.filter(of_the_region(plan), ended_at=None).select_related(
        "user__person", "organisation", "for_position"
    )
    invitations = Invitation.objects.filter(of_the_region(plan), used_at=None, withdrawn_at=None)
    order = {key: number for number, key in enumerate(ROLES)}
    people = sorted(
        members,
        key=lambda one: (
            order[one.role] - 99 if one.organisation_id == plan.government_id else 1,
            one.organisation.name,
            str(one.user),
        ),
    )
    context = {
        "plan": plan,
        "people": people,
        "invitations": invitations.select_related("organisation", "created_by__person"),
        "dimensions": {row.key: str(row) for row in plan.dimension_set.dimensions.all()},
    }
    return render(request, "preparation/people.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def invitation_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whom to invite; the answer shows the link, this one time."""
    plan = plan_within_reach(request, slug, Can.PEOPLE_INVITE)
    organisations = Organisation.objects.filter(
        Q(pk=plan.government_id) | Q(parent=plan.government, kind=Organisation.Kind.AGENCY), withdrawn_at=None
    ).order_by("-kind", "name")
    roles = [*ROLES_AT[Organisation.Kind.AGENCY], *ROLES_AT[Organisation.Kind.GOVERNMENT]]
    initial = {name: request.GET.get(name, "") for name in ("organisation", "role")}
    dimensions = [(row.key, str(row)) for row in plan.dimension_set.dimensions.all()]
    form = InvitationForm(
        request.POST or None,
        initial={**initial, "dimensions": request.GET.getlist("dimensi")},
        organisations=organisations,
        roles=roles,
        dimensions=dimensions,
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            invitation, token = accounts.invite(
                chosen["organisation"],
                chosen["role"],
                chosen["name"],
                by=request.user,
                dimensions=chosen["dimensions"],
            )
        except PermissionError:
            form.add_error(
                "role",
                _(
                    "This role cannot be held there. Agencies have operators and heads; all other roles belong to the region."
                ),
            )
        else:
            url = request.build_absolute_uri(reverse("invitation-accept", args=[token]))
            context = {"plan": plan, "invitation": invitation, "text": _invitation_text(invitation, url)}
            return render(request, "preparation/invited.html", context)
    return render(
        request, "preparation/invite.html", {"plan": plan, "form": form}, status=422 if form.is_bound else 200
    )


def _invitation_text(invitation: Invitation, url: str) -> str:
    greeting = _("Good day, %(name)s.") % {"name": invitation.name} if invitation.name else _("Good day.")
    body = _(
        "You are invited to prepare the smart-city masterplan of %(region)s as %(role)s (%(organisation)s). "
        "Please open this link until %(day)s to make your account:"
    ) % {
        "region": invitation.organisation.government.region or invitation.organisation.government,
        "role": invitation.role_title,
        "organisation": invitation.organisation.name,
        "day": long_date(timezone.localdate(invitation.expires_at)),
    }
    return f"{greeting}\n\n{body}\n{url}\n\n" + _("The link works once and is for you alone; please do not pass it on.")


@require_POST
def invitation_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """The link stops working."""
    invitations = Invitation.objects.within_reach(request.user, Can.PEOPLE_INVITE).select_related(
        "organisation__parent"
    )
    invitation = get_object_or_404(invitations, pk=pk)
    try:
        accounts.withdraw_invitation(invitation, by=request.user)
        messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    except accounts.LinkClosed:
        messages.error(request, _("The invitation was used or withdrawn in the meantime; see the list of people."))
    return redirect("people-list", _slug_of(invitation.organisation))


@require_POST
@confirmed
def membership_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """A person no longer holds a role; nobody ends the own one by mistake."""
    memberships = Membership.objects.filter(ended_at=None).select_related("organisation__parent", "user__person")
    membership = get_object_or_404(memberships, pk=pk, organisation__in=_reachable(request))
    if membership.user_id == request.user.pk:
        messages.error(request, _("You cannot end your own role. Ask another coordinator to do it."))
    else:
        accounts.end_membership(membership, by=request.user)
        messages.success(request, _("%(name)s no longer holds this role.") % {"name": membership.user})
    return redirect("people-list", _slug_of(membership.organisation))


@never_cache
@require_POST
@confirmed
def password_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link for somebody who forgot the password; shown this one time."""
    memberships = Membership.objects.filter(ended_at=None).select_related("organisation__parent", "user__person")
    membership = get_object_or_404(memberships, pk=pk, organisation__in=_reachable(request))
    plan = plan_within_reach(request, _slug_of(membership.organisation), Can.PEOPLE_INVITE)
    user = membership.user
    try:
        words = accounts.password_link(user, by=request.user)
    except PermissionError:
        sentence = _("%(name)s also holds a role elsewhere; only an administrator above can make this link.")
        messages.error(request, sentence % {"name": user})
        return redirect("people-list", plan.slug)
    url = request.build_absolute_uri(reverse("password-new", args=words))
    body = _("With this link you choose a new password for Praja (user name %(username)s):") % {
        "username": user.username
    }
    end = _("The link works once, within three days, and is for you alone; please do not pass it on.")
    text = "\n\n".join([_("Good day, %(name)s.") % {"name": user}, f"{body}\n{url}", end])
    return render(request, "preparation/password_link.html", {"plan": plan, "owner": user, "text": text})


def _reachable(request: SignedInRequest) -> QuerySet[Organisation]:
    return Organisation.objects.within_reach(request.user, Can.PEOPLE_INVITE)


def _slug_of(organisation: Organisation) -> str:
    return get_object_or_404(Plan, government=organisation.government, withdrawn_at=None).slug
