"""Pages about problems: load within reach, call, render."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.drafts.entry import sent_before
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.filters import Filters, Names
from praja.foundation.remarks.fields import count_open, counts_of_rows, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow import changing
from praja.foundation.workflow.bulk import Many, actions_for, many_page
from praja.foundation.workflow.pages import moved
from praja.foundation.workflow.standing import round_of, stations, whereabouts, words_for
from praja.foundation.workflow.waiting import mine_among
from praja.foundation.workflow.withdrawal import brought_back, withdrawn
from praja.stages.problems import actions, notices
from praja.stages.problems.forms import SECTIONS, NewProblemForm
from praja.stages.problems.models import Problem
from praja.stages.problems.steps import RIGHTS, WORKFLOW, missing_by_section

MANY = Many(WORKFLOW, RIGHTS, notices.WORDS, actions.take_step, title=gettext_lazy("Problems"))
SORTS = {"terbaru": "-pk", "nama": "title"}
LIST_COLUMNS = (
    "pk",
    "title",
    "state",
    "priority_points",
    "organisation_id",
    "organisation_path",
    "dimension_id",
    "sub_dimension_id",
)


def load(request: SignedInRequest, pk: int, permission: Can = Can.PROBLEM_VIEW) -> Problem:
    """The problem if this person reaches it; else 404."""
    problems = Problem.objects.within_reach(request.user, permission).select_related(
        "plan__government__region", "plan__dimension_set", "organisation", "dimension", "sub_dimension", "affair"
    )
    problem = get_object_or_404(problems, pk=pk)
    request.plan = problem.plan  # the navigation speaks of it, and need not look for it
    return problem


@require_safe
def problem_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The problems of a plan that this person may see."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    names = Names(plan, address="problem-detail")
    filters = Filters(request.GET, names, sorts=SORTS, user=request.user, rights=RIGHTS)
    problems = plan.problems.in_service().within_reach(request.user, Can.PROBLEM_VIEW)
    problems = problems.annotate(priority_points=F("urgency") * F("seriousness") * F("growth"))
    page = page_of(filters.apply(problems).values(*LIST_COLUMNS), order=filters.order, after=filters.after)
    mine = mine_among(page.rows, request.user, plan, RIGHTS, names.dimensions)
    remarks = counts_of_rows(Problem, [row["pk"] for row in page.rows])
    may_write = request.user.may_within(Can.PROBLEM_WRITE, plan)
    return render(
        request,
        "problems/list.html",
        {
            "plan": plan,
            "filters": filters,
            "rows": [names.named(row, mine, remarks) for row in page.rows],
            "page_of_rows": page,
            "actions": actions_for(MANY, request.user, plan),
            "may_write": may_write,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def problem_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """A title is enough to begin."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    if not request.user.may_within(Can.PROBLEM_WRITE, plan):
        raise Http404
    form = NewProblemForm(request.POST or None, plan=plan, user=request.user)
    if request.method == "POST" and form.is_valid():
        problem = sent_before(plan.problems, by=request.user, **form.cleaned_data)
        problem = problem or actions.start(plan, by=request.user, **form.cleaned_data)
        return redirect("problem-edit", problem.pk, "what")
    return render(request, "problems/new.html", {"plan": plan, "form": form}, status=422 if form.is_bound else 200)


@require_safe
def problem_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One problem: what lacks, facts, causes, steps, remarks, history."""
    problem = load(request, pk)
    history = history_of(problem)
    way = round_of(history)
    mends = may_edit(problem, request.user)
    return render(
        request,
        "problems/detail.html",
        {
            **remarks_on_page(problem, request.user, SECTIONS, RIGHTS),
            "standing": words_for(problem, request.user, RIGHTS),
            "stations": stations(problem, way, request.user, RIGHTS),
            "way": way,
            "remarks_url": reverse("problem-remarks", args=[pk]),
            "plan": problem.plan,
            "crumbs": crumbs(problem),
            "problem": problem,
            "others": problem.others.all(),
            "causes": cause_tree(problem),
            "choices": WORKFLOW.choices(problem, request.user),
            "may_edit": mends,
            "may_bring_back": problem.withdrawn_at and may_withdraw(problem, request.user),
            "missing": missing_by_section(problem) if problem.is_with_the_agency else {},
            "innovations": problem.innovations.in_service().select_related("organisation"),
            "history": history,
        },
    )


def get_section(section: str) -> Any:
    """Title and form of a page of the form; 404 for an unknown one."""
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section]


def load_page(request: SignedInRequest, pk: int, section: str) -> Problem:
    """The problem for one of its short pages; 404 for an unknown one."""
    problem = load_for_edit(request, pk)
    get_section(section)
    return problem


@entry("problem-edit", draft="problem-draft", load=load_page)
def problem_edit(_request: SignedInRequest, problem: Problem, pk: int, section: str) -> Entry:
    """One short page of the form."""
    title, form_class = get_section(section)
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    done = reverse("problem-edit", args=[pk, following[0]]) if following else reverse("problem-detail", args=[pk])
    missing = missing_by_section(problem)
    notes = notes_of(problem, SECTIONS, only_open=True)
    context = {
        "plan": problem.plan,
        "crumbs": [*crumbs(problem), (problem.title, reverse("problem-detail", args=[pk]))],
        "section": section,
        "title": title,
        "sections": [(key, name, missing.get(key, [])) for key, (name, _form) in SECTIONS.items()],
        "is_last": not following,
        "remark_counts": count_open(notes),
    }
    return Entry(
        problem,
        form_class=form_with_remarks(form_class, notes),
        save=actions.save,
        template="problems/edit.html",
        context=context,
        done=done,
    )


@require_POST
def problem_steps(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit, accept or return."""
    problem = load(request, pk)
    return moved(request, problem, actions.take_step, done=reverse("problem-detail", args=[pk]), says=whereabouts)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_many(request: SignedInRequest, slug: str) -> HttpResponse:
    """Preview what a step does with the rows that were ticked, then take it."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    rows = plan.problems.in_service().within_reach(request.user, Can.PROBLEM_VIEW)

    def filtered(query: QueryDict) -> Any:
        names = Names(plan, address="problem-detail")
        return Filters(query, names, sorts=SORTS, user=request.user, rights=RIGHTS).apply(rows)

    return many_page(request, plan, rows, MANY, filtered=filtered)


@require_POST
def problem_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a remark on the problem or on one field of it."""
    problem = load(request, pk)
    page = reverse("problem-detail", args=[pk])
    return remark_left(request, problem, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def problem_remark(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    problem = load(request, pk)
    page = reverse("problem-detail", args=[pk])
    return remark_answered(request, problem, remark_pk, may_mend=may_edit(problem, request.user), page=page)


@require_POST
def problem_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the problem out of the plan; it stays in the history."""
    problem = load_for_edit(request, pk)
    return withdrawn(
        request,
        problem,
        said=_("The problem was withdrawn. It stays in the history."),
        to_list=reverse("problem-list", args=[problem.plan.slug]),
        to_row=reverse("problem-detail", args=[pk]),
    )


@require_POST
def problem_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a withdrawal; 404 where nothing was withdrawn."""
    problem = load(request, pk, Can.PROBLEM_WRITE)
    if problem.withdrawn_at is None or not may_withdraw(problem, request.user):
        raise Http404
    said = _("The problem is back in the plan.")
    return brought_back(request, problem, said=said, to_row=reverse("problem-detail", args=[pk]))


def may_edit(problem: Problem, user: Any) -> bool:
    """The agency while it has the row; the secretariat also while it checks. A withdrawn row rests."""
    return changing.may_change(problem, user, write=Can.PROBLEM_WRITE, accept=Can.PROBLEM_ACCEPT)


def may_withdraw(problem: Problem, user: Any) -> bool:
    """Whether this person may take the row out of the plan, or bring it back."""
    return changing.may_withdraw(problem, user, write=Can.PROBLEM_WRITE, accept=Can.PROBLEM_ACCEPT)


def load_for_edit(request: SignedInRequest, pk: int) -> Problem:
    """The problem if this person may change it now; else 404."""
    problem = load(request, pk, Can.PROBLEM_WRITE)
    if not may_edit(problem, request.user):
        raise Http404
    return problem


def cause_tree(problem: Problem) -> list[tuple[int, Any]]:
    """The causes with their depth, in the order in which a person reads the tree."""
    causes = list(problem.causes.filter(withdrawn_at=None))
    below: dict[int | None, list[Any]] = {}
    for cause in causes:
        below.setdefault(cause.parent_id, []).append(cause)
    lines: list[tuple[int, Any]] = []

    def walk(parent: int | None, depth: int) -> None:
        for cause in below.get(parent, []):
            lines.append((depth, cause))
            walk(cause.pk, depth + 1)

    walk(None, 0)
    return lines


def crumbs(problem: Problem) -> list[tuple[str, str]]:
    """The way from the list to the page."""
    return [(_("Problems"), reverse("problem-list", args=[problem.plan.slug]))]
