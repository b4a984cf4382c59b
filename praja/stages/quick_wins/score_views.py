"""Pages about scoring: who scores and how far it is, a sheet with its table, finishing, and how blind scores spread."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.choosing.ranking import spread
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.entry import entry_page, keep_typed, posted_version
from praja.foundation.plans.models import Dimension
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.withdrawal import LONGEST_REASON
from praja.stages.quick_wins import scoring
from praja.stages.quick_wins.models import Criterion, Round, Score, ScoreSheet
from praja.stages.quick_wins.score_forms import ScoreForm, ScorerForm, WayForm, form_of
from praja.stages.quick_wins.scoring import Board, OfDimension
from praja.stages.quick_wins.values import scored_criteria

ROUND_WITH = ("plan__government__region", "plan__dimension_set")


def load_round(request: SignedInRequest, pk: int, permission: Can) -> Round:
    """The round if this person holds `permission` on it; else 404. The page then speaks of its plan."""
    rows = Round.objects.in_service().within_reach(request.user, permission)
    round_: Round = get_object_or_404(rows.select_related(*ROUND_WITH), pk=pk)
    request.plan, request.government = round_.plan, round_.plan.government
    return round_


def load_sheet(request: SignedInRequest, pk: int) -> ScoreSheet:
    """The sheet if this person may see it now, in a plan within reach; else 404, so that a blind one stays unknown."""
    rounds = Round.objects.in_service().within_reach(request.user, Can.PLAN_VIEW)
    related = ("dimension", "scorer__person", *(f"round__{name}" for name in ROUND_WITH))
    sheets = ScoreSheet.objects.filter(withdrawn_at=None, round__in=rounds).select_related(*related)
    sheet: ScoreSheet = get_object_or_404(sheets, pk=pk)
    if not scoring.may_see(request.user, sheet):
        raise Http404
    request.plan, request.government = sheet.round.plan, sheet.round.plan.government
    return sheet


def load_board(request: SignedInRequest, pk: int, key: str) -> Board:
    """One dimension of a sheet; 404 for one that is not on it."""
    sheet = load_sheet(request, pk)
    dimension = get_object_or_404(Dimension, set=sheet.round.plan.dimension_set, key=key)
    if sheet.dimension_id not in (None, dimension.pk):
        raise Http404
    return Board(sheet, dimension)


def tabs_of(round_: Round, current: str) -> list[dict[str, Any]]:
    """The pages about scores, weights and ranking."""
    pages = (("scoring", _("Scores")), ("weights", _("Weights")), ("ranking", _("Ranking")))
    return [
        {"title": title, "url": reverse(name, args=[round_.pk]), "is_current": name == current} for name, title in pages
    ]


def crumbs_to(round_: Round) -> list[tuple[str, str]]:
    """The way from the list of rounds over the desk of one to a page about its scores."""
    rounds = (_("Quick wins"), reverse("round-list", args=[round_.plan.slug]))
    return [rounds, (round_.title, reverse("round-detail", args=[round_.pk]))]


def answer(request: SignedInRequest, verb: Any, *, done: str, said: str) -> HttpResponse:
    """Take a step and go to `done`, with a sentence about how it went."""
    try:
        verb()
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, said)
    return redirect(done)


def posted_reason(request: SignedInRequest) -> str:
    """The reason that was typed."""
    return request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]


# --- who scores, and how far it is ------------------------------------------------------------------------------------


@require_safe
def scoring_home(request: SignedInRequest, pk: int) -> HttpResponse:
    """How a round is scored and how far; a scorer of another office sees the own sheet alone."""
    user = request.user
    round_ = load_round(request, pk, Can.PLAN_VIEW)
    sheets = list(
        round_.score_sheets.filter(withdrawn_at=None).select_related("scorer__person", "dimension").order_by("pk")
    )
    own = [sheet for sheet in sheets if sheet.scorer_id == user.pk]
    sees_round = user.may(Can.QUICK_WIN_VIEW, round_)
    if not sees_round and not own:
        raise Http404
    is_blind = round_.scoring == Round.Scoring.BLIND
    runs = user.may(Can.QUICK_WIN_RUN, round_)
    is_open = round_.state in scoring.OPEN_TO_SCORERS
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    nominees = _nominees_by_dimension(round_)
    context = {
        "round": round_,
        "tabs": tabs_of(round_, "scoring") if sees_round else [],
        "crumbs": crumbs_to(round_),
        "is_blind": is_blind,
        "late": scoring.late_round(round_),
        "own": [_own_sheet(sheet, dimensions, nominees) for sheet in own] if is_blind else [],
        "sees_round": sees_round,
        "groups": [] if is_blind or not sees_round else _groups(round_, sheets, dimensions, nominees, user),
        "scorers": [sheet for sheet in sheets if sheet.scorer_id] if is_blind and sees_round else [],
        "is_revealed": scoring.is_revealed(round_),
        "without_dimension": nominees.get(None, 0),
        "runs": runs,
        "may_change": runs and is_open,
        "way_form": WayForm(initial={"scoring": round_.scoring}) if runs and is_open else None,
        "scorer_form": ScorerForm(round_=round_) if runs and is_open and is_blind else None,
    }
    return render(request, "quick_wins/scoring.html", context)


def _nominees_by_dimension(round_: Round) -> dict[int | None, int]:
    rows = round_.nominations.in_service().order_by().values_list("innovation__dimension")
    return dict(rows.annotate(number=Count("pk")))


def _own_sheet(sheet: ScoreSheet, dimensions: list[Dimension], nominees: dict[int | None, int]) -> dict[str, Any]:
    """The own sheet with its pages."""
    wanted = [one for one in dimensions if sheet.dimension_id in (None, one.pk) and nominees.get(one.pk)]
    return {"sheet": sheet, "pages": [(one, nominees[one.pk]) for one in wanted]}


def _groups(
    round_: Round, sheets: list[ScoreSheet], dimensions: list[Dimension], nominees: dict[int | None, int], user: Any
) -> list[dict[str, Any]]:
    """Each dimension with the sheet of its working group and how many scores it has."""
    by_dimension = {sheet.dimension_id: sheet for sheet in sheets if sheet.scorer_id is None}
    criteria = scored_criteria(round_)
    counts = Q(scores__value__isnull=False, scores__nomination__withdrawn_at=None, scores__criterion__in=criteria)
    rows = round_.score_sheets.filter(scorer=None, withdrawn_at=None).order_by()
    given = dict(rows.values_list("pk").annotate(number=Count("scores", filter=counts)))
    return [
        {
            "dimension": one,
            "nominees": nominees.get(one.pk, 0),
            "sheet": by_dimension.get(one.pk),
            "given": given.get(by_dimension[one.pk].pk, 0) if one.pk in by_dimension else 0,
            "all": nominees.get(one.pk, 0) * len(criteria),
            "may_score": user.may(Can.QUICK_WIN_SCORE, OfDimension(round_.organisation_path, one)),
        }
        for one in dimensions
    ]


@require_POST
def scoring_way(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose consensus or blind scoring."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    form = WayForm(request.POST)

    def verb() -> None:
        if not form.is_valid():
            raise Refused([_("Choose one of the two ways.")])
        scoring.choose_way(round_, form.cleaned_data["scoring"], by=request.user, version=posted_version(request))

    return answer(request, verb, done=reverse("scoring", args=[pk]), said=_("Saved."))


@require_POST
def score_begin(request: SignedInRequest, pk: int, dimension: str) -> HttpResponse:
    """Make the sheet of a working group and go to it."""
    round_ = load_round(request, pk, Can.QUICK_WIN_VIEW)
    row = get_object_or_404(Dimension, set=round_.plan.dimension_set, key=dimension)
    if not request.user.may(Can.QUICK_WIN_SCORE, OfDimension(round_.organisation_path, row)):
        raise Http404
    try:
        sheet = scoring.begin(round_, row, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return redirect("scoring", pk)
    return redirect("score-sheet", sheet.pk, row.key)


@require_POST
def scorer_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask somebody to score blind."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    form = ScorerForm(request.POST, round_=round_)

    def verb() -> None:
        if not form.is_valid():
            raise Refused([_("Choose who is to score.")])
        membership = form.people[form.cleaned_data["person"]]
        scoring.name_scorer(round_, membership, by=request.user, dimension=form.cleaned_data["dimension"])

    return answer(request, verb, done=reverse("scoring", args=[pk]), said=_("The scorer was told."))


@require_POST
def scorer_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do without a scorer; the scores stay unseen."""
    rounds = Round.objects.in_service().within_reach(request.user, Can.QUICK_WIN_RUN)
    sheets = ScoreSheet.objects.filter(withdrawn_at=None, scorer__isnull=False, round__in=rounds)
    sheet = get_object_or_404(sheets.select_related("round"), pk=pk)

    def verb() -> None:
        reason, version = posted_reason(request), posted_version(request)
        scoring.take_out(sheet, reason=reason, by=request.user, version=version)

    done = reverse("scoring", args=[sheet.round_id])
    return answer(request, verb, done=done, said=_("The round does without this scorer."))


# --- a sheet ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def score_sheet(request: SignedInRequest, pk: int, dimension: str) -> HttpResponse:
    """The table of one dimension; what comes after the end is refused and kept in the history, and as a draft."""
    board = load_board(request, pk, dimension)
    sheet, user = board.sheet, request.user
    may_score, late = scoring.may_score(user, sheet), scoring.late(sheet)
    if request.method == "POST" and not may_score:
        raise Http404
    form_class = form_of(board)
    try:
        if may_score and not late:
            return _scoring_page(request, board, form_class)
    except Refused as refusal:  # it was closed while this page was on its way
        return _refused(request, refusal.reasons)
    if request.method == "POST":
        form = form_class(request.POST, instance=sheet, user=user)
        scoring.refuse(board, form.typed() if form.is_valid() else None, by=user)
        return _refused(request, late)
    context = {
        **_sheet_context(request, board),
        "form": form_class(instance=sheet, user=user),
        "row": sheet,
        "late": late,
    }
    return render(request, "quick_wins/score_sheet.html", context)


def _refused(request: SignedInRequest, reasons: Sequence[Any]) -> HttpResponse:
    """Back to the sheet as it stands, with what was typed kept as a draft."""
    drafts.keep(request.POST, by=request.user, address=request.path)
    for reason in reasons:
        messages.error(request, str(reason))
    messages.info(request, _("What you typed is kept for you, and the attempt stands in the history of the sheet."))
    return redirect(request.path)


def _scoring_page(request: SignedInRequest, board: Board, form_class: type[ScoreForm]) -> HttpResponse:
    def save(form: Any, *, by: Any, version: int) -> None:
        proposed = scoring.score(board, form.typed(), by=by, version=version)
        if proposed:
            text = _(
                "%(agencies)s takes part and owns nominees here: for each of them a recusal is noted below. Clear it where nobody stepped back."
            )
            messages.info(request, text % {"agencies": ", ".join(proposed)})  # fmt: skip
        for row in board.gone:
            if any(request.POST.get(f"score-{row.pk}-{one.pk}") for one in board.criteria):
                text = _("“%(nominee)s” was withdrawn meanwhile; what you typed for it was not taken.")
                messages.warning(request, text % {"nominee": row.innovation})

    context = _sheet_context(request, board)
    return entry_page(
        request,
        board.sheet,
        form_class=form_class,
        save=save,
        template="quick_wins/score_sheet.html",
        context={**context, "may_write": True},
        done=request.path,
    )


def _sheet_context(request: SignedInRequest, board: Board) -> dict[str, Any]:
    sheet, user = board.sheet, request.user
    round_ = sheet.round
    address = reverse("score-sheet", args=[sheet.pk, board.dimension.key])
    late = scoring.late(sheet)
    return {
        "board": board,
        "round": round_,
        "crumbs": [*crumbs_to(round_), (_("Scores"), reverse("scoring", args=[round_.pk]))],
        "pages": _pages(board),
        "draft_address": reverse("score-draft", args=[sheet.pk, board.dimension.key]),
        "address": address,
        "lacking": scoring.lacking(sheet) if not late and scoring.may_score(user, sheet) else [],
        "may_finish": not late and scoring.may_score(user, sheet),
        "may_reopen": bool(sheet.finished_at) and not scoring.late_round(round_) and scoring.may_reopen(user, sheet),
        "gone": _gone(board),
        "history": history_of(sheet, 30),
        "sees_innovations": user.may(Can.INNOVATION_VIEW, round_),
    }


def _pages(board: Board) -> list[dict[str, Any]]:
    """The dimensions of a blind sheet, of which each has its page."""
    if board.sheet.dimension_id is not None:
        return []
    counted = _nominees_by_dimension(board.sheet.round)
    return [
        {
            "title": one.name,
            "count": counted[one.pk],
            "url": reverse("score-sheet", args=[board.sheet.pk, one.key]),
            "is_current": one.pk == board.dimension.pk,
        }
        for one in board.sheet.round.plan.dimension_set.dimensions.all()
        if counted.get(one.pk)
    ]


def _gone(board: Board) -> list[dict[str, Any]]:
    """Nominees that were withdrawn, with what this sheet had given them."""
    rows = board.gone
    if not rows:
        return []
    given: dict[int, list[str]] = defaultdict(list)
    scores = board.sheet.scores.filter(nomination__in=rows, value__isnull=False).select_related("criterion")
    for row in scores.order_by("criterion__order"):
        given[row.nomination_id].append(f"{row.criterion.name}: {row.value}")
    return [{"nominee": row, "scores": given[row.pk]} for row in rows]


@require_POST
def score_draft(request: SignedInRequest, pk: int, dimension: str) -> HttpResponse:
    """Keep what was typed in a table, or throw it away."""
    board = load_board(request, pk, dimension)
    if not scoring.may_score(request.user, board.sheet):
        raise Http404
    return keep_typed(request, address=reverse("score-sheet", args=[pk, dimension]))


def _first_page(sheet: ScoreSheet) -> str:
    """The page of a sheet to which a step leads back."""
    if sheet.dimension is not None:
        return reverse("score-sheet", args=[sheet.pk, sheet.dimension.key])
    return reverse("scoring", args=[sheet.round_id])


@require_POST
def score_finish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a complete sheet."""
    sheet = load_sheet(request, pk)
    if not scoring.may_score(request.user, sheet):
        raise Http404

    def verb() -> None:
        scoring.finish(sheet, by=request.user, version=posted_version(request))

    return answer(request, verb, done=_first_page(sheet), said=_("The sheet is finished. Thank you."))


@require_POST
def score_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a finished sheet again, with a reason."""
    sheet = load_sheet(request, pk)
    if not scoring.may_reopen(request.user, sheet):
        raise Http404
    is_own = scoring.may_score(request.user, sheet)

    def verb() -> None:
        scoring.reopen(sheet, reason=posted_reason(request), by=request.user, version=posted_version(request))

    done = _first_page(sheet) if is_own else reverse("scoring", args=[sheet.round_id])
    return answer(request, verb, done=done, said=_("The sheet is open again."))


# --- how blind scores spread ------------------------------------------------------------------------------------------


@require_safe
def score_spread(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mean, lowest, highest and outliers of blind scores in one dimension, once everybody has finished."""
    round_ = load_round(request, pk, Can.QUICK_WIN_VIEW)
    dimensions = list(round_.plan.dimension_set.dimensions.all())
    chosen = next((one for one in dimensions if one.key == request.GET.get("dimensi")), dimensions[0])
    sheets = round_.score_sheets.filter(withdrawn_at=None, scorer__isnull=False)
    names = {str(row.pk): row for row in sheets.select_related("scorer__person")}
    is_revealed = bool(names) and all(row.finished_at for row in names.values())
    address = reverse("score-spread", args=[pk])
    context = {
        "round": round_,
        "crumbs": crumbs_to(round_),
        "is_revealed": is_revealed,
        "unfinished": sum(1 for row in names.values() if not row.finished_at),
        "scorers": list(names.values()),
        "tabs": [
            {"title": one.name, "url": f"{address}?dimensi={one.key}", "is_current": one.pk == chosen.pk}
            for one in dimensions
        ],
        "criteria": scored_criteria(round_),
        "rows": _spread_rows(round_, chosen, names) if is_revealed else [],
    }
    return render(request, "quick_wins/score_spread.html", context)


def _spread_rows(round_: Round, dimension: Dimension, names: dict[str, ScoreSheet]) -> list[dict[str, Any]]:
    """Each nominee with the spread under each criterion that was scored, and whoever stands far from the others."""
    nominees = list(scoring.nominees_in(round_, dimension))
    criteria = scored_criteria(round_)
    given: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(dict)
    why: dict[tuple[int, int, str], str] = {}
    rows = Score.objects.filter(
        sheet__in=list(names.values()), nomination__in=nominees, withdrawn_at=None, value__isnull=False
    )
    for nomination, criterion, sheet, value, reason in rows.order_by().values_list(
        "nomination_id", "criterion_id", "sheet_id", "value", "reason"
    ):
        given[nomination, criterion][str(sheet)] = Decimal(value or 0)
        why[nomination, criterion, str(sheet)] = reason
    return [
        {"nominee": row, "cells": [_spread_cell(row.pk, one, given, why, names) for one in criteria]}
        for row in nominees
    ]


def _spread_cell(
    nominee: int,
    criterion: Criterion,
    given: dict[tuple[int, int], dict[str, Decimal]],
    why: dict[tuple[int, int, str], str],
    names: dict[str, ScoreSheet],
) -> dict[str, Any]:
    scores = given.get((nominee, criterion.pk), {})
    if not scores:
        return {"criterion": criterion, "spread": None, "outliers": []}
    found = spread(scores)
    outliers = [
        {"who": names[key].scorer, "value": scores[key], "reason": why[nominee, criterion.pk, key]}
        for key in found.outliers
    ]
    return {"criterion": criterion, "spread": found, "outliers": outliers, "is_wide": found.highest - found.lowest >= 2}
