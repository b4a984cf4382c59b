"""Pages of a round of quick wins: the list of rounds, its desk, its dates, its criteria, and moving it on."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import EntryForm, entry_page, keep_typed, posted_version, sent_before
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import LONGEST_REASON
from praja.stages.quick_wins import actions, desk, nominating
from praja.stages.quick_wins.models import QuickWin, Round
from praja.stages.quick_wins.nominating import GOES_ON
from praja.stages.quick_wins.reach import CAN_BE_MENDED, load_plan, load_round
from praja.stages.quick_wins.renewal import is_computed, renewal_of, with_figures
from praja.stages.quick_wins.round_forms import CriteriaForm, NewRoundForm, RoundForm, shares_of


def crumbs(plan: Plan, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the list of rounds to the page."""
    return [(_("Quick wins"), reverse("round-list", args=[plan.slug])), *more]


def round_crumbs(round_: Round, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the list of rounds over the desk of one to the page."""
    return crumbs(round_.plan, (round_.title, reverse("round-detail", args=[round_.pk])), *more)


@require_safe
def round_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The rounds of a plan, the newest first."""
    plan = load_plan(request, slug)
    counted = {
        "nominees": Count("nominations", Q(nominations__withdrawn_at=None), distinct=True),
        "decided": Count("quick_wins", Q(quick_wins__withdrawn_at=None), distinct=True),
    }
    rounds = list(plan.quick_win_rounds.in_service().annotate(**counted).order_by("-year", "-pk"))
    is_going = any(one.state != Round.State.DECIDED for one in rounds)
    may_run = request.user.may(Can.QUICK_WIN_RUN, plan)
    context = {"plan": plan, "rounds": rounds, "may_begin": may_run and not is_going}
    return render(request, "quick_wins/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a round; what continues of the one before is nominated in it."""
    plan = load_plan(request, slug, Can.QUICK_WIN_RUN)
    form = NewRoundForm(request.POST if request.method == "POST" else None, plan=plan)
    if request.method == "POST":
        is_right = form.is_valid()  # the form that was sent twice finds its own round in the way
        if made := _sent_before(plan, form, request):
            return redirect("round-detail", made.pk)
        if is_right:
            try:
                made = nominating.begin(plan, by=request.user, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused.reasons[0]))
            else:
                return redirect("round-detail", made.pk)
    last = plan.quick_win_rounds.in_service().first()
    before = QuickWin.objects.in_service().filter(round=last).select_related("innovation") if last else []
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "form": form,
        "going": nominating.open_round(plan),
        "last": last,
        "continuing": [one for one in before if one.continuation in GOES_ON],
        "others": [one for one in before if one.continuation not in GOES_ON],
    }
    return render(request, "quick_wins/round_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def round_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The desk of a round: its steps, what the next one lacks, and its nominees in figures."""
    round_ = load_round(request, pk)
    user, shown = request.user, desk.desk_of(round_, request.user)
    lacks = shown.lacks if shown.sees_all else shown.own_lacks
    renewal = renewal_of(round_)
    context = {
        "plan": round_.plan,
        "crumbs": crumbs(round_.plan),
        "round": round_,
        "desk": shown,
        "lacks": lacks,
        "moves": shown.moves,
        "bars": bool(shown.moves and any(lack.bars for lack in lacks)),
        "criteria": desk.criteria_of(round_, renewal),
        "renewal": renewal,
        "may_run": user.may(Can.QUICK_WIN_RUN, round_),
        "may_mend": user.may(Can.QUICK_WIN_RUN, round_) and round_.state in CAN_BE_MENDED,
        "may_nominate": may_nominate(round_, user),
        "may_withdraw": user.may(Can.QUICK_WIN_RUN, round_)
        and round_.state == Round.State.NOMINATING
        and not shown.rows,
        "history": history_of(round_),
    }
    return render(request, "quick_wins/round_detail.html", context)


def may_nominate(round_: Round, user: object) -> bool:
    """Whether this person may name nominees in the round now."""
    holds = user.may_within(Can.QUICK_WIN_NOMINATE, round_.plan)  # type: ignore[attr-defined]
    return bool(holds and round_.state in actions.OPEN_TO_NOMINEES)


@require_POST
def round_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the round to its next step, or one back."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    try:
        desk.take_step(round_, request.POST.get("step", ""), by=request.user, version=posted_version(request))
    except PermissionError as problem:
        if request.POST.get("step") == round_.state:  # sent twice, or somebody was faster
            return redirect("round-detail", pk)
        if request.POST.get("step") not in Round.State.values:
            raise Http404 from problem
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, f"{round_.get_state_display()}.")
    return redirect("round-detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Title and dates."""
    return _page_of_a_round(request, pk, RoundForm, template="quick_wins/round_edit.html", draft="round-draft")


@require_POST
def round_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page saves by itself."""
    load_round(request, pk, Can.QUICK_WIN_RUN)
    return keep_typed(request, address=reverse("round-edit", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def round_criteria(request: SignedInRequest, pk: int) -> HttpResponse:
    """The criteria of a round; whoever does not run it reads them."""
    round_ = load_round(request, pk)
    if request.user.may(Can.QUICK_WIN_RUN, round_) and round_.state in CAN_BE_MENDED:
        return _page_of_a_round(request, pk, CriteriaForm, template="quick_wins/criteria_edit.html", draft="round-criteria-draft")  # fmt: skip
    if request.method == "POST":
        if not request.user.may(Can.QUICK_WIN_RUN, round_):
            raise Http404
        nominating.refuse_criteria(round_, by=request.user)
        messages.warning(request, _("The sheet is on its way to the head of region; criteria are not changed now."))
    criteria = desk.criteria_of(round_, renewal_of(round_))
    shares = shares_of(criteria)
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_),
        "round": round_,
        "criteria": [(one, shares.get(one.pk), is_computed(one)) for one in criteria],
    }
    return render(request, "quick_wins/criteria.html", context)


@require_POST
def round_criteria_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page saves by itself."""
    load_round(request, pk, Can.QUICK_WIN_RUN)
    return keep_typed(request, address=reverse("round-criteria", args=[pk]))


def _page_of_a_round(
    request: SignedInRequest, pk: int, form_class: type[EntryForm], *, template: str, draft: str
) -> HttpResponse:
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    if round_.state not in CAN_BE_MENDED:
        messages.warning(request, _("The sheet is on its way to the head of region; the round is not changed now."))
        return redirect("round-detail", pk)
    stored = list(round_.criteria.all()) if form_class is CriteriaForm else []
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_),
        "draft_address": reverse(draft, args=[pk]),
        "shares": shares_of(stored),
        "headings": {one.pk: one.heading for one in stored},
        "kinds": {one.pk: one.kind for one in stored},
        "computed": {one.pk: one.result for one in with_figures(stored, renewal_of(round_)) if is_computed(one)}
        if stored
        else {},
    }
    done = reverse("round-criteria" if stored else "round-detail", args=[pk])
    return entry_page(
        request,
        round_,
        form_class=form_class,
        save=nominating.save_round,
        template=template,
        context=context,
        done=done,
    )


@require_POST
def round_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a round that was begun by mistake."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    reason = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]
    try:
        nominating.withdraw_round(round_, by=request.user, version=posted_version(request), reason=reason)
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The round was withdrawn. It stays in the history."))
        return redirect("round-list", round_.plan.slug)
    return redirect("round-detail", pk)


def _sent_before(plan: Plan, form: NewRoundForm, request: SignedInRequest) -> Round | None:
    """The round that this person began a moment ago with the same title and dates."""
    said = {name: form.typed.get(name) for name in form.fields}
    if not all(said.values()):
        return None
    found: Round | None = sent_before(plan.quick_win_rounds.all(), by=request.user, **said)
    return found
