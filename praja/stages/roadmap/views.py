"""Pages about actions, their money, what agencies can carry, and warnings: load within reach, call, render."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version, sent_before
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.deadlines import windows_of
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.remarks.fields import count_open, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.ui.formats import decimal, percent, rupiah_short
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.way import Rights
from praja.foundation.workflow.withdrawal import LONGEST_REASON
from praja.stages.innovations.models import Innovation
from praja.stages.roadmap import actions, codes, figures, lists, warnings
from praja.stages.roadmap.action_forms import SECTIONS, NewActionForm
from praja.stages.roadmap.capacity_forms import CapacityForm, plan_of_agency
from praja.stages.roadmap.figures import is_in_plan
from praja.stages.roadmap.models import Action, Programme
from praja.stages.roadmap.share_forms import ShareForm

# Actions have no way of their own; whoever reads the books may remark on them.
RIGHTS = Rights(write=Can.ACTION_WRITE, approve=Can.BOOK_REMARK, check=Can.BOOK_REMARK, accept=Can.BOOK_REMARK)
LIST_COLUMNS = (
    "pk",
    "order",
    "code",
    "title",
    "family",
    "organisation_id",
    "sub_dimension_id",
    "start_year",
    "end_year",
    "innovation__title",
    "programme__title",
)


def load(request: SignedInRequest, pk: int, permission: Can = Can.PLAN_VIEW) -> Action:
    """The action if this person reaches it; else 404."""
    rows = Action.objects.within_reach(request.user, permission).select_related(
        "plan__government__region",
        "plan__dimension_set",
        "organisation",
        "innovation",
        "programme__strategy",
        "sub_dimension__dimension",
    )
    action = get_object_or_404(rows, pk=pk)
    request.plan = action.plan  # the navigation speaks of it, and need not look for it
    return action


def may_write(action: Action, user: Any) -> bool:
    """The agency until the stage closes for it, and the secretariat at any time."""
    if not user.may(Can.ACTION_WRITE, action):
        return False
    return user.may(Can.PLAN_SET_UP, action.plan) or not is_closed(action.plan, action.organisation_id)


def may_edit(action: Action, user: Any) -> bool:
    """Whether this person may change it now; a withdrawn action rests."""
    return action.withdrawn_at is None and may_write(action, user)


def is_closed(plan: Plan, organisation_id: int | None) -> bool:
    """Whether the stage is over for an agency."""
    return windows_of(plan).of("roadmap", organisation_id).is_over


def load_for_edit(request: SignedInRequest, pk: int) -> Action:
    """The action if this person may change it now; else 404."""
    action = load(request, pk, Can.ACTION_WRITE)
    if not may_edit(action, request.user):
        raise Http404
    return action


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the list to the page."""
    return [(_("Action plan"), reverse("action-list", args=[plan.slug])), *more]


def own_crumb(action: Action) -> tuple[str, str]:
    """The action itself on the way to its further pages."""
    return action.code or action.title, reverse("action-detail", args=[action.pk])


# --- list and new -----------------------------------------------------------------------------------------------------


@require_safe
def action_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The actions of a plan."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    names = lists.PlanNames(plan)
    filters = lists.ActionFilters(request.GET, plan, names)
    rows = filters.apply(Action.objects.in_service().filter(plan=plan))
    page = page_of(rows.values(*LIST_COLUMNS), order=filters.order, after=filters.after)
    lines = BudgetLine.objects.filter(action__in=[row["pk"] for row in page.rows], withdrawn_at=None)
    lines = lines.exclude(stage=BudgetLine.Stage.REALISED).order_by()
    money = dict(lines.values_list("action").annotate(Sum("amount_rupiah")))
    address = reverse("action-detail", args=[0])
    return render(
        request,
        "roadmap/action_list.html",
        {
            "plan": plan,
            "filters": filters,
            "rows": [lists.named(row, names, address, money.get(row["pk"], 0)) for row in page.rows],
            "page_of_rows": page,
            "may_write": request.user.may_within(Can.ACTION_WRITE, plan),
            "own_agencies": _own_agencies(plan, request.user),
            "key_figures": [] if filters.is_filtering else _key_figures(plan),
        },
    )


def _own_agencies(plan: Plan, user: Any) -> list[Organisation]:
    """The agencies for which this person writes actions; none for who writes for all, from the list of agencies."""
    if user.may(Can.PLAN_SET_UP, plan) or not user.may_anywhere(Can.ACTION_WRITE):
        return []
    return list(plan.government.children.agencies().within_reach(user, Can.ACTION_WRITE)[:5])


def _key_figures(plan: Plan) -> list[dict[str, Any]]:
    counted, address = figures.action_figures(plan), reverse("action-list", args=[plan.slug])
    return [
        {"label": _("Actions in the plan"), "value": decimal(counted.number)},
        {"label": _("Planned money of the whole plan"), "value": rupiah_short(figures.money(plan).total)},
        {"label": _("Without an agency"), "value": decimal(counted.by("organisation")[None]), "url": f"{address}?opd={lists.WITHOUT}"},
        {"label": _("Without money"), "value": decimal(counted.without_money)},
        {"label": _("Without an indicator"), "value": decimal(counted.without_indicator)},
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """A title is enough to begin; `inovasi` or `program` in the address say what it carries out."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    user = request.user
    innovation, programme = _named(request, plan)
    if not user.may_within(Can.ACTION_WRITE, plan):
        raise Http404
    form = NewActionForm(request.POST or None, plan=plan, user=user, initial=_prefilled(innovation))
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "innovation": innovation}
        if is_closed(plan, getattr(said["organisation"], "pk", None)) and not user.may(Can.PLAN_SET_UP, plan):
            form.add_error(
                None, _("This stage has closed. Ask the coordinator for an exception; what you typed stays here.")
            )
        else:
            try:
                action = sent_before(plan.actions, by=user, **said)
                action = action or actions.start(plan, by=user, programme=programme, **said)
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, str(reason))
            else:
                return redirect("action-edit", action.pk, "identity")
    context = {"plan": plan, "form": form, "innovation": innovation, "programme": programme, "crumbs": crumbs(plan)}
    context["is_not_in_plan"] = innovation is not None and not is_in_plan(innovation)
    return render(request, "roadmap/action_new.html", context, status=422 if form.is_bound else 200)


def _named(request: SignedInRequest, plan: Plan) -> tuple[Innovation | None, Programme | None]:
    """The innovation and the programme that the address names; 404 for what this person may not use."""
    innovation = programme = None
    if pk := request.GET.get("inovasi", ""):
        rows = Innovation.objects.in_service().filter(plan=plan).within_reach(request.user, Can.ACTION_WRITE)
        innovation = get_object_or_404(rows.select_related("plan", "organisation", "sub_dimension"), pk=_key(pk))
    if pk := request.GET.get("program", ""):
        programmes = plan.programmes.filter(withdrawn_at=None).select_related("strategy__sub_dimension__dimension")
        programme = get_object_or_404(programmes, pk=_key(pk))
    return innovation, programme


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _prefilled(innovation: Innovation | None) -> dict[str, Any]:
    if innovation is None:
        return {}
    family = Action.Family.APPLICATION if innovation.is_it else ""
    return {"title": innovation.title, "family": family, "organisation": innovation.organisation}


# --- one action -------------------------------------------------------------------------------------------------------


@require_safe
def action_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One action: facts, years, what it needs, money, indicators, warnings, remarks, history."""
    action = load(request, pk)
    plan, user = action.plan, request.user
    mends = may_edit(action, user)
    found = [] if action.withdrawn_at else warnings.warnings_of(warnings.load(plan))
    beside = action.innovation.actions.filter(withdrawn_at=None) if action.innovation else Action.objects.none()
    return render(
        request,
        "roadmap/action_detail.html",
        {
            **remarks_on_page(action, user, SECTIONS, RIGHTS),
            "remarks_url": reverse("action-remarks", args=[pk]),
            "plan": plan,
            "crumbs": crumbs(plan),
            "action": action,
            "warnings": [one for one in found if pk in one.actions],
            "supporting": action.supporting.all(),
            "code": codes.standing_of(action.budget_code),
            "code_url": f"{reverse('budget-codes')}?untuk={pk}",
            "phases": action.stages.filter(withdrawn_at=None),
            "needs": Action.objects.in_service().filter(
                needed_by__action=action, needed_by__withdrawn_at=None
            ).order_by("order", "pk"),
            "needed_by": Action.objects.in_service().filter(
                dependencies__needs=action, dependencies__withdrawn_at=None
            ).order_by("order", "pk"),
            "budget_lines": action.budget_lines.filter(withdrawn_at=None),
            "indicators": action.indicators.filter(withdrawn_at=None).prefetch_related("targets"),
            "beside": beside.exclude(pk=pk).order_by("order", "pk"),
            "may_edit": mends,
            "may_share": action.innovation is not None and user.may(Can.ACTION_WRITE, action.innovation),
            "may_bring_back": action.withdrawn_at and may_write(action, user),
            "is_closed": user.may(Can.ACTION_WRITE, action) and not may_write(action, user),
            "history": history_of(action),
        },
    )  # fmt: skip


def get_section(section: str) -> Any:
    """Title and form of a page of the form; 404 for an unknown one."""
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section]


def load_page(request: SignedInRequest, pk: int, section: str) -> Action:
    """The action for one of its short pages; 404 for an unknown one."""
    action = load_for_edit(request, pk)
    get_section(section)
    return action


@entry("action-edit", draft="action-draft", load=load_page)
def action_edit(request: SignedInRequest, action: Action, pk: int, section: str) -> Entry:
    """One short page of the form."""
    title, form_class = get_section(section)
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    notes = notes_of(action, SECTIONS, only_open=True)
    may_share = action.innovation is not None and request.user.may(Can.ACTION_WRITE, action.innovation)
    context = {
        "plan": action.plan,
        "crumbs": crumbs(action.plan, own_crumb(action)),
        "section": section,
        "title": title,
        "sections": [(key, name, []) for key, (name, _form) in SECTIONS.items()],
        "is_last": not following,
        "remark_counts": count_open(notes),
        "may_share": may_share and section == "money",
    }
    return Entry(
        action,
        form_class=form_with_remarks(form_class, notes),
        save=actions.save,
        template="roadmap/action_edit.html",
        context=context,
        done=reverse("action-edit", args=[pk, following[0]]) if following else reverse("action-detail", args=[pk]),
    )


@require_POST
def action_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a remark on the action or on one field of it."""
    action = load(request, pk)
    page = reverse("action-detail", args=[pk])
    return remark_left(request, action, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def action_remark(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    action = load(request, pk)
    page = reverse("action-detail", args=[pk])
    return remark_answered(request, action, remark_pk, may_mend=may_edit(action, request.user), page=page)


@require_POST
def action_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the action out of the plan when nothing needs it; it stays in the history."""
    action = load_for_edit(request, pk)
    reason = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]
    try:
        actions.withdraw(action, by=request.user, version=posted_version(request), reason=reason)
    except Refused as refusal:
        for one in refusal.reasons:
            messages.error(request, str(one))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The action was withdrawn. It stays in the history."))
        return redirect("action-list", action.plan.slug)
    return redirect("action-detail", pk)


@require_POST
def action_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a withdrawal; 404 where nothing was withdrawn."""
    action = load(request, pk, Can.ACTION_WRITE)
    if action.withdrawn_at is None or not may_write(action, request.user):
        raise Http404
    try:
        actions.bring_back(action, by=request.user, version=posted_version(request))
    except Refused as refusal:
        for one in refusal.reasons:
            messages.error(request, str(one))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The action is back in the plan."))
    return redirect("action-detail", pk)


# --- money of an innovation among its actions -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def money_share(request: SignedInRequest, pk: int) -> HttpResponse:
    """Share the money of an innovation among its actions: move a line, or split a part off."""
    rows = Innovation.objects.in_service().within_reach(request.user, Can.ACTION_WRITE)
    innovation = get_object_or_404(
        rows.select_related("plan__government__region", "plan__dimension_set", "organisation"), pk=pk
    )
    plan = request.plan = innovation.plan
    if is_closed(plan, innovation.organisation_id) and not request.user.may(Can.PLAN_SET_UP, plan):
        raise Http404
    own = list(innovation.actions.filter(withdrawn_at=None).order_by("order", "pk"))
    lines = list(innovation.budget_lines.filter(withdrawn_at=None).order_by("year", "pk"))
    form = ShareForm(request.POST or None, lines=lines, actions=own)
    status, version = 200, innovation.version
    if request.method == "POST" and not own:
        return redirect("money-share", pk)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.share_money(innovation, form.moves(), by=request.user, version=posted_version(request))
            except TooLate:
                innovation.refresh_from_db(fields=["version"])
                status, version = 409, innovation.version
                messages.warning(request, _("Somebody changed this money meanwhile. Look at it again before you save."))
            else:
                messages.success(request, _("The money was shared; the sum stayed the same."))
                return redirect("money-share", pk)
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "innovation": innovation,
        "form": form,
        "version": version,
        "actions": [(one, sum(ln.amount_rupiah for ln in lines if ln.action_id == one.pk)) for one in own],
        "total": sum(line.amount_rupiah for line in lines),
    }
    return render(request, "roadmap/money_share.html", context, status=status)


# --- what an agency can carry -----------------------------------------------------------------------------------------


def load_agency(request: SignedInRequest, pk: int) -> tuple[Organisation, Plan]:
    """An agency for which this person writes actions, and the plan of its region; else 404."""
    agencies = Organisation.objects.agencies().within_reach(request.user, Can.ACTION_WRITE)
    agency = get_object_or_404(agencies.select_related("parent__region"), pk=pk)
    try:
        plan = plan_of_agency(agency)
    except Plan.DoesNotExist:
        raise Http404 from None
    request.plan, request.government = plan, agency.parent
    return agency, plan


@entry("capacity", draft="capacity-draft", load=load_agency)
def capacity(_request: SignedInRequest, found: tuple[Organisation, Plan], pk: int) -> Entry:
    """What an agency says it can carry each year, beside what is planned."""
    agency, plan = found
    context = {
        "plan": plan,
        "agency": agency,
        "crumbs": crumbs(plan),
        "planned": _planned(plan, agency),
    }
    return Entry(
        agency,
        form_class=CapacityForm,
        save=actions.save_capacity,
        template="roadmap/capacity.html",
        context=context,
        done=reverse("capacity", args=[pk]),
    )


def _planned(plan: Plan, agency: Organisation) -> dict[Any, dict[str, int]]:
    """{year, as a number and as it is typed: money and actions that the agency has in it}."""
    material = warnings.load(plan)
    own = [one for one in material.actions.values() if one.organisation == agency.pk and one.first is not None]
    found = {
        year: {
            "rupiah": sum(ln.rupiah for ln in material.lines if ln.year == year and ln.organisation == agency.pk),
            "actions": sum(1 for one in own if (one.first or 0) <= year <= (one.last or one.first or 0)),
        }
        for year in plan.years
    }
    return {**found, **{str(year): one for year, one in found.items()}}


# --- warnings ---------------------------------------------------------------------------------------------------------


@require_safe
def action_warnings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything that does not fit together, by kind, with what to do."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    material = warnings.load(plan)
    found = warnings.warnings_of(material)
    agency = _key(request.GET.get("opd", ""))
    shown = [one for one in found if not agency or one.organisation == agency]
    share = warnings.ict_share(material)
    agencies = sorted(
        ((pk, material.agencies.get(pk, "–")) for pk in {one.organisation for one in found} if pk),
        key=lambda pair: pair[1],
    )
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "groups": [(kind, list(group)) for kind, group in groupby(shown, key=lambda one: one.kind)],
        "number": len(shown),
        "is_filtering": bool(agency),
        "agencies": agencies,
        "chosen": agency,
        "key_figures": [
            {"label": _("Warnings"), "value": decimal(len(found))},
            {
                "label": _("ICT purchases in the planned money"),
                "value": percent(share.ict_rupiah, share.rupiah),
                "of": rupiah_short(share.rupiah),
            },
            {
                "label": _("Innovations without IT"),
                "value": percent(share.not_it, share.innovations),
                "of": _("of %(total)d") % {"total": share.innovations},
            },
        ],
    }
    return render(request, "roadmap/warnings.html", context)
