"""The first pages: where are we, what is expected of me, by when; coverage; notices."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.overview import queues
from praja.across.overview.heat import heat_row, legend
from praja.across.reminders.lines import late_lines
from praja.foundation.accounts.models import Organisation, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.files.views import attachment
from praja.foundation.places.models import Region
from praja.foundation.plans.actions import open_plan
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import Deadline, Plan
from praja.foundation.plans.working_days import working_days_left
from praja.foundation.signing.tasks import to_sign
from praja.foundation.ui.charts import HeatCell, heat_map
from praja.foundation.ui.formats import percent
from praja.foundation.ui.lists import page_of, search_text
from praja.stages.analysis.models import Vision
from praja.stages.commitment.new_holders import concerning
from praja.stages.innovations.coverage import STATES, Coverage, Row, coverage
from praja.stages.preparation.stages import STAGES


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """To the plan of the own region; who reaches more than one region chooses first."""
    governments = _governments(request.user).values_list("pk", flat=True)[:2]
    if len(governments) == 1:
        plan = Plan.objects.filter(government_id=governments[0], withdrawn_at=None).first()
        if plan:
            return redirect("plan-home", plan.slug)
    return redirect("region-list")


@require_safe
def region_list(request: SignedInRequest) -> HttpResponse:
    """The regions within reach, each with its plan and a few figures."""
    search = search_text(request.GET)
    chosen = request.GET.get("rencana", "")
    plans = Plan.objects.filter(withdrawn_at=None)
    has_plan = Exists(plans.filter(government=OuterRef("pk")))
    everything = _governments(request.user)
    governments = everything.filter(name__icontains=search) if search else everything
    if chosen in ("ada", "belum"):
        governments = governments.filter(has_plan if chosen == "ada" else ~has_plan)
    page = page_of(governments.select_related("region"), order="name", after=request.GET.get("sesudah", ""))
    found = {plan.government_id: plan for plan in plans.filter(government__in=[row.pk for row in page.rows])}
    figures = queues.counts_of_plans(found.values())
    lines = [
        {"region": row.region, "plan": plan, "figures": figures[plan.pk] if plan else {}}
        for row in page.rows
        for plan in [found.get(row.pk)]
    ]
    total, with_plan = everything.count(), everything.filter(has_plan).count()
    context = {
        "lines": lines,
        "page": page,
        "search": search,
        "chosen": chosen,
        "total": total,
        "with_plan": with_plan,
        "may_open": request.user.may_anywhere(Can.PLAN_SET_UP),
    }
    return render(request, "overview/regions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_open(request: SignedInRequest) -> HttpResponse:
    """Open the plan of a region that has none, and go on with its set-up."""
    regions = _regions_to_set_up(request.user)
    if request.method == "POST":
        region = get_object_or_404(regions, code=request.POST.get("region", "")[:13].replace("\0", ""))
        return redirect("plan-set-up", open_plan(region, by=request.user).slug)
    search = search_text(request.GET)
    with_plan = Plan.objects.filter(withdrawn_at=None, government__region=OuterRef("pk"))
    regions = regions.filter(~Exists(with_plan), name__icontains=search)
    page = page_of(regions.select_related("parent"), order="code", after=request.GET.get("sesudah", ""))
    return render(request, "overview/open.html", {"page": page, "search": search})


@require_safe
def plan_home(request: SignedInRequest, slug: str) -> HttpResponse:
    """Where the plan stands, what waits for this person, and by when."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    table, windows = coverage(plan), Windows(plan)
    deadlines = windows.deadlines
    own = [
        row
        for membership in request.user.active_memberships
        if (row := table.row_of(membership.organisation_id))
        and request.user.may(Can.INNOVATION_WRITE, row.organisation)
    ]
    agendas = [queues.agenda(plan, row, windows) for row in own]
    vision = Vision.objects.filter(plan=plan, withdrawn_at=None).first()
    queue = queues.queue(plan, request.user) if queues.has_office(request.user, plan) else None
    context = {
        "plan": plan,
        "table": table,
        "heading": _heading(table, agendas, queue),
        "queue": queue,
        "stops": _stops(plan),
        "may_see_rows": request.user.may(Can.INNOVATION_VIEW, plan),
        "agendas": agendas,
        "to_sign": to_sign(request.user, plan),
        "new_holders": concerning(request.user, plan),
        "first": next((agenda.first for agenda in agendas if agenda.first), None),
        "vision": vision,
        "deadlines": _deadlines(deadlines),
        "notices": request.user.notices.filter(read_at=None)[:5],
        "figures": _key_figures(table, plan),
    }
    if request.user.may(Can.PLAN_SET_UP, plan):
        context["missing"] = queues.missing_in_set_up(plan, table, vision)
    if request.user.may(Can.COVERAGE_REMIND, plan):
        context["late"] = late_lines(plan, table, windows)
    return render(request, "overview/plan.html", context)


@require_safe
def arms(request: SignedInRequest, slug: str) -> FileResponse:
    """The coat of arms, for everybody who may see the plan; its address changes with the picture."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    if plan.arms is None or plan.arms.withdrawn_at:
        raise Http404
    response = attachment(plan.arms)
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_safe
def coverage_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """Which agency has delivered what was asked of it."""
    plan = plan_within_reach(request, slug, Can.COVERAGE_VIEW)
    table = coverage(plan)
    state = request.GET.get("keadaan", "")
    state = state if state in STATES else ""
    key = request.GET.get("dimensi", "")
    dimension = next((one for one in table.dimensions if one.key == key), None)
    rows = sorted((row for row in table.rows if not state or row.state == state), key=_urgency)
    if dimension:
        rows = [row for row in rows if dimension.pk in row.asked_dimensions]
    late = [line for line in late_lines(plan, table) if line.row in rows]
    context = {
        "plan": plan,
        "table": table,
        "heading": _finding(table),
        "lines": [
            heat_row(row, plan, has_links=request.user.may(Can.INNOVATION_VIEW, row.organisation)) for row in rows
        ],
        "legend": legend(),
        "late": late,
        "stops": _stops(plan),
        "may_remind": request.user.may(Can.COVERAGE_REMIND, plan),
        "state": state,
        "dimension": dimension,
        "tabs": _tabs(table, state, key if dimension else ""),
        "has_free_choice": any(row.asks_any_dimension for row in table.rows),
        "may_see_rows": request.user.may(Can.INNOVATION_VIEW, plan),
        "dimension_lines": [
            {"counts": line, "url": queues.list_address("innovation", plan, dimension=line.dimension.key)}
            for line in table.lines
        ],
    }
    return render(request, "overview/coverage.html", context)


@require_safe
def coverage_picture(request: SignedInRequest, slug: str) -> HttpResponse:
    """The heat map as a picture for a report."""
    table = coverage(plan_within_reach(request, slug, Can.COVERAGE_VIEW))
    rows = sorted(table.rows, key=_urgency)
    picture = heat_map(
        [row.organisation.short_name for row in rows],
        [str(dimension) for dimension in table.dimensions],
        [[HeatCell(cell.state, cell.text) for cell in row.cells] for row in rows],
        title=_finding(table),
        column_keys=[dimension.color_key for dimension in table.dimensions],
    )
    return HttpResponse(picture, content_type="image/svg+xml")


@require_safe
def notice_list(request: SignedInRequest) -> HttpResponse:
    """What this person was told, the newest first."""
    page = page_of(request.user.notices.all(), order="-pk", after=request.GET.get("sesudah", ""))
    unread = request.user.notices.filter(read_at=None).count()
    return render(request, "overview/notices.html", {"page": page, "unread": unread})


@require_POST
def notices_read(request: SignedInRequest) -> HttpResponse:
    """Mark one notice (`notice`) or all as read, then go to the row it speaks of."""
    notices = request.user.notices.all()
    address = reverse("notice-list")
    number = request.POST.get("notice", "")
    if number:
        notices = notices.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        if (one := notices.first()) and url_has_allowed_host_and_scheme(one.address, allowed_hosts=None):
            address = one.address
    notices.filter(read_at=None).update(read_at=timezone.now())
    return redirect(address)


def _governments(user: Any) -> Any:
    """The regional governments whose plan this person may see."""
    reach = Organisation.objects.within_reach(user, Can.PLAN_VIEW)
    return reach.filter(kind=Organisation.Kind.GOVERNMENT, withdrawn_at=None, region__isnull=False)


def _regions_to_set_up(user: User) -> Any:
    """The regions whose plan this person may set up: all for the ministry; 404 for whoever may set up none."""
    if not user.may_anywhere(Can.PLAN_SET_UP):
        raise Http404
    regions = Region.objects.with_government().filter(valid_to=None)
    organisations = Organisation.objects.within_reach(user, Can.PLAN_SET_UP)
    if organisations.filter(kind=Organisation.Kind.MINISTRY).exists():
        return regions
    return regions.filter(organisations__in=organisations.filter(kind=Organisation.Kind.GOVERNMENT))


def _finding(table: Coverage) -> str:
    """What the table says, in one sentence."""
    if not table.asked:
        return _("Nothing has been asked of any agency yet")
    values = {"delivered": len(table.delivered), "asked": len(table.asked)}
    if values["delivered"] == values["asked"]:
        return _("All %(asked)s agencies have delivered everything that was asked") % values
    return _("%(delivered)s of %(asked)s agencies have delivered everything that was asked") % values


def _stops(plan: Plan) -> list[queues.Stop]:
    """Where rows wait, in a plan whose way has more than one office."""
    return queues.where_rows_wait(plan) if plan.head_approves or plan.dimension_checks else []


def _heading(table: Coverage, agendas: list[queues.Agenda], queue: queues.Queue | None) -> str:
    """The answer to "what is expected of me", else to "where are we"."""
    if not agendas:
        return _finding(table)
    number = sum(agenda.open for agenda in agendas) + (queue.total if queue else 0)
    values = {"agency": agendas[0].row.organisation.short_name, "count": number}
    if not number:
        return _("%(agency)s has delivered everything that was asked") % values
    words = ngettext("%(agency)s: %(count)s thing waits for you", "%(agency)s: %(count)s things wait for you", number)
    return words % values


def _deadlines(deadlines: dict[str, Deadline]) -> list[dict[str, Any]]:
    """Each stage with its title and dates, in the order in which they close; those long over last."""
    titles = {stage.key: stage.title for stage in STAGES}
    lines = [
        {
            "title": titles.get(stage, stage),
            "deadline": deadline,
            "working_days": working_days_left(deadline.plan, deadline.closes_on),
            "is_over": (deadline.days_left or 0) < 0,
        }
        for stage, deadline in deadlines.items()
        if deadline.closes_on
    ]
    return sorted(lines, key=lambda line: line["is_over"])


def _key_figures(table: Coverage, plan: Plan) -> list[dict[str, Any]]:
    """Delivered of asked, problems, innovations: each with the rows behind it."""
    asked, delivered = len(table.asked), len(table.delivered)
    return [
        {
            "label": _("Agencies that delivered everything"),
            "value": delivered,
            "of": _("of %(asked)s") % {"asked": asked},
            "hint": percent(delivered, asked),
            "url": reverse("coverage", args=[plan.slug]),
        },
        {
            "label": _("Problems handed in"),
            "value": table.problems.handed_in,
            "hint": _("%(count)s accepted") % {"count": table.problems.accepted},
            "url": queues.list_address("problem", plan),
        },
        {
            "label": _("Innovations handed in"),
            "value": table.innovations.handed_in,
            "hint": _("%(count)s accepted") % {"count": table.innovations.accepted},
            "url": queues.list_address("innovation", plan),
        },
        {
            "label": _("Innovations to be checked"),
            "value": table.innovations.on_the_way,
            "hint": _("%(count)s returned") % {"count": table.innovations.returned},
            "url": queues.list_address("innovation", plan, state="berjalan"),
        },
    ]


def _urgency(row: Row) -> tuple[int, str]:
    """Agencies that owe most stand on top, those of which nothing is asked at the end."""
    return ("none", "partial", "delivered", "not_asked").index(row.state), row.organisation.name


def _tabs(table: Coverage, state: str, key: str) -> list[dict[str, Any]]:
    """One tab for each state of an agency, with how many there are."""
    words = {
        "": _("All"),
        "delivered": _("Delivered"),
        "partial": _("Partly delivered"),
        "none": _("Nothing yet"),
        "not_asked": _("Not asked"),
    }
    kept = f"dimensi={key}" if key else ""
    return [
        {
            "title": title,
            "url": "?" + "&".join(part for part in (f"keadaan={value}" if value else "", kept) if part),
            "count": sum(not value or row.state == value for row in table.rows),
            "is_current": value == state,
        }
        for value, title in words.items()
    ]
