"""Pages of the RPJMD: the tree, its parts on short pages, their order, and taking them out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version, save_entry
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_loader, plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import LONGEST_REASON
from praja.stages.targets import actions
from praja.stages.targets.figures import served, target_figures
from praja.stages.targets.forms import FORMS, WORDS, DevelopmentPlanForm, TargetIndicatorsForm
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Flagship, Goal, Part, Target
from praja.stages.targets.tree import MissionBranch, flagships_of, tree_of

KINDS: dict[str, type[Part]] = {"misi": DevelopmentMission, "tujuan": Goal, "sasaran": Target, "unggulan": Flagship}
# The way from a part to the plan: what is loaded with it.
ABOVE = {
    "misi": "development_plan",
    "tujuan": "mission__development_plan",
    "sasaran": "goal__mission__development_plan",
    "unggulan": "development_plan",
}


def kind_of(part: str) -> type[Part]:
    """The model that a word of an address stands for; 404 for an unknown one."""
    if part not in KINDS:
        raise Http404
    return KINDS[part]


def load_part(request: SignedInRequest, part: str, pk: int, permission: Can = Can.PLAN_VIEW) -> Any:
    """The part if this person reaches it; else 404. The page then speaks of its plan."""
    rows: Any = kind_of(part)._default_manager
    above = ABOVE[part]
    rows = rows.within_reach(request.user, permission).select_related(
        f"{above}__plan__government__region", f"{above}__plan__dimension_set"
    )
    row = get_object_or_404(rows, pk=pk)
    request.plan = row.whole.plan
    request.government = request.plan.government
    return row


def load_in_service(request: SignedInRequest, part: str, pk: int) -> Any:
    """The part if this person may write it and it was not taken out; else 404."""
    row = load_part(request, part, pk, Can.ANALYSIS_WRITE)
    if row.withdrawn_at is not None:
        raise Http404
    return row


def recorded(request: SignedInRequest, slug: str, permission: Can) -> DevelopmentPlan:
    """The RPJMD at this address; 404 while none was recorded."""
    development_plan = actions.development_plan_of(plan_within_reach(request, slug, permission))
    if development_plan.pk is None:
        raise Http404
    return development_plan


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the tree to a page."""
    return [(_("RPJMD"), reverse("development-plan", args=[plan.slug])), *more]


# --- the tree ---------------------------------------------------------------------------------------------------------


@require_safe
def development_plan(request: SignedInRequest, slug: str) -> HttpResponse:
    """The RPJMD: its vision, its tree, and the flagship programmes."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    row = actions.development_plan_of(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "development_plan": row if row.pk else None,
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan),
    }
    if row.pk:
        branches = tree_of(row)
        context |= {
            "branches": branches,
            "flagships": flagships_of(row),
            "key_figures": _key_figures(plan),
            "served": {pk: one.total for pk, one in served(plan).items()},
            "missing": _missing(row, branches),
            "history": history_of(row, most=20),
        }
    return render(request, "targets/development_plan.html", context)


def _key_figures(plan: Plan) -> list[dict[str, Any]]:
    figures = target_figures(plan)
    of_indicators = _("of %(total)d") % {"total": figures.indicators}
    return [
        {"label": _("Missions"), "value": figures.missions, "url": "#misi"},
        {"label": _("Goals"), "value": figures.goals, "url": "#misi"},
        {"label": _("Targets of the RPJMD"), "value": figures.targets, "url": reverse("alignment", args=[plan.slug])},
        {"label": _("Indicators with yearly targets"), "value": figures.measured, "of": of_indicators, "url": "#misi"},
        {"label": _("Flagship programmes"), "value": figures.flagships, "url": "#unggulan"},
    ]


def _missing(row: DevelopmentPlan, branches: list[MissionBranch]) -> list[dict[str, str]]:
    """What lacks before the books can tell the whole, each as {label, url}."""
    lacks = []
    edit = reverse("development-plan-edit", args=[row.plan.slug])
    if not row.vision:
        lacks.append({"label": _("the vision of the RPJMD"), "url": edit})
    if not (row.year_from and row.year_to):
        lacks.append({"label": _("the years of the RPJMD"), "url": edit})
    if not row.regulation:
        lacks.append({"label": _("the regulation that enacts it"), "url": edit})
    for target in (target for branch in branches for target in branch.targets):
        page = reverse("development-part", args=["sasaran", target.pk])
        if not target.indicators_in_order:  # type: ignore[attr-defined]  # tree_of fetched them
            lacks.append(
                {"label": _("indicators of target %(target)s") % {"target": target.number or target}, "url": page}
            )
        if not target.dimensions.all():
            lacks.append(
                {"label": _("dimensions of target %(target)s") % {"target": target.number or target}, "url": page}
            )
    return lacks


@entry("development-plan-edit", draft="development-plan-draft", load=plan_loader(Can.ANALYSIS_WRITE))
def development_plan_edit(_request: SignedInRequest, plan: Plan, slug: str) -> Entry:
    """Record or correct title, regulation, years and vision."""
    return Entry(
        actions.development_plan_of(plan),
        form_class=DevelopmentPlanForm,
        save=actions.set_development_plan,
        template="targets/entry.html",
        context={
            "plan": plan,
            "crumbs": crumbs(plan),
            "heading": _("Title, years and vision of the RPJMD"),
            "back": reverse("development-plan", args=[slug]),
        },
        done=reverse("development-plan", args=[slug]),
    )


# --- one part ---------------------------------------------------------------------------------------------------------


def place_of(row: Any, part: str) -> str:
    """Where a part stands on the page of the tree."""
    return f"{reverse('development-plan', args=[row.whole.plan.slug])}#{part}-{row.pk}"


@require_safe
def part_detail(request: SignedInRequest, part: str, pk: int) -> HttpResponse:
    """One part: what it says, what stands below it, what serves it, and its history."""
    row = load_part(request, part, pk)
    plan = row.whole.plan
    context: dict[str, Any] = {
        "plan": plan,
        "row": row,
        "part": part,
        "word": WORDS[part],
        "crumbs": [*crumbs(plan), *_above(row)],
        "may_write": request.user.may(Can.ANALYSIS_WRITE, plan) and row.withdrawn_at is None,
        "may_put_back": request.user.may(Can.ANALYSIS_WRITE, plan) and row.withdrawn_at is not None,
        "history": history_of(row),
    }
    if isinstance(row, Target):
        # Asked by the name of the relation: innovations come later in the programme.
        innovations: Any = row.innovations.filter(withdrawn_at=None)
        context |= {
            "indicators": row.indicators.filter(withdrawn_at=None).prefetch_related("targets"),
            "flagships": row.flagships.filter(withdrawn_at=None),
            "innovations": innovations.within_reach(request.user, Can.INNOVATION_VIEW).select_related(
                "organisation", "dimension"
            ),
            "innovation_count": innovations.count(),
        }
    elif isinstance(row, Flagship):
        context["targets"] = row.targets.filter(withdrawn_at=None)
    else:
        below: Any = row.goals if isinstance(row, DevelopmentMission) else row.targets
        context |= {
            "below": below.filter(withdrawn_at=None),
            "below_part": "tujuan" if isinstance(row, DevelopmentMission) else "sasaran",
            "below_title": _("Goals") if isinstance(row, DevelopmentMission) else _("Targets of the RPJMD"),
        }
    return render(request, "targets/part.html", context)


def _above(row: Part) -> list[tuple[str, str]]:
    """The parts above one, the highest first."""
    if isinstance(row, Target):
        return [*_above(row.goal), (str(row.goal), reverse("development-part", args=["tujuan", row.goal_id]))]
    if isinstance(row, Goal):
        return [(str(row.mission), reverse("development-part", args=["misi", row.mission_id]))]
    return []


def begun(request: SignedInRequest, slug: str, part: str) -> Any:
    """A part that is not stored yet; `induk` in the address names what it stands below."""
    return begin(recorded(request, slug, Can.ANALYSIS_WRITE), kind_of(part), request.GET.get("induk", ""))


@entry("development-part-new", draft="development-part-new-draft", load=begun)
def part_new(_request: SignedInRequest, row: Any, slug: str, part: str) -> Entry:
    """Add a part. A new target goes on to its indicators."""
    plan = row.whole.plan

    def next_page(stored: Any) -> str:
        return reverse("development-indicators", args=[stored.pk]) if part == "sasaran" else place_of(stored, part)

    return Entry(
        row,
        form_class=FORMS[part],
        save=actions.save_part,
        template="targets/entry.html",
        context={
            "plan": plan,
            "crumbs": crumbs(plan),
            "heading": _("Add: %(part)s") % {"part": WORDS[part]},
            "back": reverse("development-plan", args=[slug]),
        },
        done=next_page,
    )


def begin(development_plan: DevelopmentPlan, kind: type[Part], above: str) -> Any:
    """A part that is not stored yet, with its likely number; `above`: the key of what it stands below, as typed."""
    row: Any = kind(version=0)
    row.begun_in = development_plan
    pk = int(above) if above.isascii() and above.isdecimal() and len(above) < 19 else 0
    parent: DevelopmentMission | Goal | None = None
    if kind is Goal:
        missions = DevelopmentMission.objects.in_service().filter(development_plan=development_plan)
        parent = missions.filter(pk=pk).first()
    elif kind is Target:
        goals = Goal.objects.in_service().filter(mission__development_plan=development_plan)
        parent = goals.select_related("mission").filter(pk=pk).first()
    else:
        row.development_plan = development_plan
        row.number = str(row.siblings.count() + 1)
    if parent:
        setattr(row, kind.parent_field, parent)
        row.number = f"{parent.number.rstrip('.')}.{row.siblings.count() + 1}" if parent.number else ""
    return row


@entry("development-part-edit", draft="development-part-draft", load=load_in_service)
def part_edit(_request: SignedInRequest, row: Any, part: str, pk: int) -> Entry:
    """Correct a part."""
    following = part == "sasaran"
    return Entry(
        row,
        form_class=FORMS[part],
        save=actions.save_part,
        template="targets/entry.html",
        context={
            "plan": row.whole.plan,
            "crumbs": [*crumbs(row.whole.plan), (str(row), reverse("development-part", args=[part, pk]))],
            "heading": WORDS[part],
            "back": reverse("development-part", args=[part, pk]),
            "tabs": _tabs(row, "identity") if following else [],
            "goes_on": following,
        },
        done=reverse("development-indicators", args=[pk])
        if following
        else reverse("development-part", args=[part, pk]),
    )


def _tabs(target: Target, current: str) -> list[dict[str, Any]]:
    """The two pages of a target."""
    return [
        {"title": _("Wording and place"), "url": reverse("development-part-edit", args=["sasaran", target.pk]),
         "is_current": current == "identity"},
        {"title": _("Indicators and targets"), "url": reverse("development-indicators", args=[target.pk]),
         "is_current": current == "indicators"},
    ]  # fmt: skip


@entry(
    "development-indicators",
    draft="development-indicators-draft",
    load=lambda request, pk: load_in_service(request, "sasaran", pk),
)
def indicators(_request: SignedInRequest, row: Any, pk: int) -> Entry:
    """The indicators of a target with a value for each year."""
    detail = reverse("development-part", args=["sasaran", pk])
    return Entry(
        row,
        form_class=TargetIndicatorsForm,
        save=save_entry,
        template="targets/entry.html",
        context={
            "plan": row.whole.plan,
            "crumbs": [*crumbs(row.whole.plan), (str(row), detail)],
            "heading": str(row),
            "back": detail,
            "tabs": _tabs(row, "indicators"),
        },
        done=detail,
    )


@require_POST
def part_move(request: SignedInRequest, part: str, pk: int) -> HttpResponse:
    """Let a part change places with its neighbour: `arah` is "naik" or "turun"."""
    row = load_in_service(request, part, pk)
    direction = request.POST.get("arah", "")
    if direction not in ("naik", "turun"):
        messages.error(request, _("Choose up or down."))
    elif not actions.move(row, up=direction == "naik", by=request.user):
        messages.info(request, _("It stands at the end already."))
    return redirect(place_of(row, part))


@require_POST
def part_withdraw(request: SignedInRequest, part: str, pk: int) -> HttpResponse:
    """Take a part out of the tree when nothing hangs on it."""
    row = load_in_service(request, part, pk)
    reason = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]
    try:
        actions.take_out(row, by=request.user, version=posted_version(request), reason=reason)
    except Refused as refusal:
        messages.error(request, " ".join(map(str, refusal.reasons)))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("It was taken out of the RPJMD. It stays in the history."))
        return redirect("development-plan", row.whole.plan.slug)
    return redirect("development-part", part, pk)


@require_POST
def part_bring_back(request: SignedInRequest, part: str, pk: int) -> HttpResponse:
    """Undo that; 404 where nothing was taken out."""
    row = load_part(request, part, pk, Can.ANALYSIS_WRITE)
    if row.withdrawn_at is None:
        raise Http404
    try:
        actions.put_back(row, by=request.user, version=posted_version(request))
    except Refused as refusal:
        messages.error(request, " ".join(map(str, refusal.reasons)))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("It is back in the RPJMD."))
    return redirect("development-part", part, pk)
