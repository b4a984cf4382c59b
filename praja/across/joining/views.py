"""Pages about rows that say the same and rows that change hands: load within reach, call, render."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.joining import actions
from praja.across.joining.alike import kept_apart, similar_to, texts_of, weighed
from praja.across.joining.forms import ConsentForm, MoveForm, clean_reason
from praja.across.joining.kinds import BY_KEY, BY_NAME, KINDS, PROBLEM, Kind, kind_at
from praja.across.joining.models import Consent, KeptApart, Transfer
from praja.across.joining.tasks import sentence
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.models import HANDED_IN, State
from praja.foundation.workflow.steps import Refused

MOST_TYPED = 300
MOST_SHOWN = 3
PAIRS_ON_A_PAGE = 25
HIGHEST_KEY = 2**62
# Of two rows the one that has come further is offered as the one that stays.
WAY = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.APPROVED, State.CHECKED, State.ACCEPTED)


@dataclass(frozen=True)
class Side:
    """One of two rows as this person may see it: whoever may not open it reads only title and agency."""

    pk: int
    title: str
    agency: Any
    state: str
    state_label: Any
    url: str


@dataclass(frozen=True)
class Couple:
    """Two rows that look alike, how much in per cent, and the page where one decides."""

    left: Side
    right: Side
    percent: int
    url: str
    is_open: bool


# --- what says the same -----------------------------------------------------------------------------------------------


@require_safe
def similar_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The pairs of one kind that this person may know of, the most alike first."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    kind = BY_KEY.get(request.GET.get("jenis", ""), PROBLEM)
    found = weighed(kind, plan)
    apart = kept_apart(kind, plan, found)
    pairs = [pair for pair in found.pairs if (pair.first, pair.second) not in apart]
    keys = {key for pair in pairs for key in (pair.first, pair.second)}
    sides = _sides(kind, plan, keys, request.user)
    own = {key for key, side in sides.items() if side.url}
    proposed = set(plan.transfers.open().filter(kind=kind.name).values_list("row_id", "into_id"))
    shown = [
        Couple(
            sides[pair.first],
            sides[pair.second],
            round(pair.likeness * 100),
            _pair_address(plan, kind, pair.first, pair.second),
            is_open=bool({(pair.first, pair.second), (pair.second, pair.first)} & proposed),
        )
        for pair in pairs
        if pair.first in sides and pair.second in sides and {pair.first, pair.second} & own
    ]
    start = _whole(request.GET.get("sesudah", ""))
    following = start + PAIRS_ON_A_PAGE
    context = {
        "plan": plan,
        "kind": kind,
        "couples": shown[start:following],
        "number": len(shown),
        "after": start,
        "following": following if len(shown) > following else 0,
        "kept": len(apart),
        "tabs": [
            {"title": one.plural, "url": f"?jenis={one.key}", "is_current": one is kind, "count": None} for one in KINDS
        ],
    }
    return render(request, "joining/similar.html", context)


@require_safe
def similar_typing(request: SignedInRequest, slug: str) -> HttpResponse:
    """A fragment: up to three rows of the region that say what is being typed."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    kind = BY_KEY.get(request.GET.get("jenis", ""), PROBLEM)
    rows = kind.model.objects.in_service().within_reach(request.user, kind.view).filter(plan=plan)
    number = _whole(request.GET.get("baris"))
    row = rows.filter(pk=number).first() if number else None
    typed = request.GET.get("title", "").replace("\0", "")[:MOST_TYPED]
    texts = texts_of(kind, row) if row else []
    if typed.strip():
        texts = [(typed, kind.weights["title"]), *texts[1:]]
    alike = similar_to(kind, plan, texts, leaving=row.pk if row else 0) if texts else []
    if row and alike:
        apart = kept_apart(kind, plan, weighed(kind, plan))
        alike = [(key, value) for key, value in alike if (min(key, row.pk), max(key, row.pk)) not in apart]
    sides = _sides(kind, plan, {key for key, _value in alike}, request.user)
    found = [
        (sides[key], _pair_address(plan, kind, row.pk, key) if row else "") for key, _value in alike if key in sides
    ]
    context = {"found": found[:MOST_SHOWN], "plan": plan, "kind": kind, "is_stored": bool(row and not typed)}
    return render(request, "joining/_typing.html", context)


def _pair_address(plan: Plan, kind: Kind, one: int, other: int) -> str:
    return reverse("similar-pair", args=[plan.slug, kind.key, min(one, other), max(one, other)])


@require_safe
def similar_pair(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Two rows side by side: join them, or keep both because ..."""
    return _pair_page(request, *_pair(request, slug, kind, first, second))


@require_POST
def similar_keep(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Both stay, with the reason."""
    plan, which, left, right = _pair(request, slug, kind, first, second)
    if not _may_decide(which, request.user, left, right):
        raise Http404
    reason = clean_reason(request.POST.get("reason"))
    if not reason:
        error = _("Write why both rows are needed, so that nobody asks again.")
        return _pair_page(request, plan, which, left, right, keep_error=error)
    try:
        actions.keep_apart(which, left, right, by=request.user, reason=reason)
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("Both rows stay. This pair is shown again only when one of them changes much."))
    return redirect(f"{reverse('similar-list', args=[plan.slug])}?jenis={which.key}")


@require_POST
def similar_join(request: SignedInRequest, slug: str, kind: str, first: int, second: int) -> HttpResponse:
    """Propose that one row goes into the other; carried out at once where nobody else has to agree."""
    plan, which, left, right = _pair(request, slug, kind, first, second)
    if not _may_decide(which, request.user, left, right):
        raise Http404
    reason = clean_reason(request.POST.get("reason"))
    stays, goes = (left, right) if request.POST.get("stays") == str(left.pk) else (right, left)
    if request.POST.get("stays") not in (str(left.pk), str(right.pk)) or not reason:
        error = _("Choose the row that stays, and write why the two are the same.")
        return _pair_page(request, plan, which, left, right, join_error=error)
    if request.POST.get("versions") != _versions(left, right):
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("similar-pair", plan.slug, which.key, left.pk, right.pk)
    try:
        transfer = actions.propose_join(
            which, goes, into=stays, taken_over=_taken_over(request, which, stays, goes), by=request.user, reason=reason
        )
    except Refused as refused:
        return _pair_page(request, plan, which, left, right, join_error=" ".join(map(str, refused.reasons)))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("similar-pair", plan.slug, which.key, left.pk, right.pk)
    _say_what_became(request, transfer)
    return redirect("transfer-detail", transfer.pk)


def _taken_over(request: SignedInRequest, kind: Kind, stays: Any, goes: Any) -> list[str]:
    """The parts that the row that stays takes from the other; who may not read both gets what is empty filled."""
    may_read = all(request.user.may(kind.view, row) for row in (stays, goes))
    chosen = set(request.POST.getlist("below")) if may_read else {below.name for below in kind.below if below.is_preset}
    for part in kind.parts:
        choice = request.POST.get(f"part-{part.name}", "") if may_read else ""
        if part.is_empty(goes):
            continue
        if choice == str(goes.pk) or (not choice and part.is_empty(stays)):
            chosen.add(part.name)
    if not may_read:
        chosen.add(actions.EVIDENCE)
    return list(chosen)


def _pair(request: SignedInRequest, slug: str, key: str, first: int, second: int) -> tuple[Plan, Kind, Any, Any]:
    """Plan, kind and the two rows, of which this person reaches one at least and may know the other; else 404."""
    plan, kind = plan_within_reach(request, slug, Can.PLAN_VIEW), kind_at(key)
    if first == second or max(first, second) > HIGHEST_KEY:
        raise Http404
    rows = kind.model.objects.in_service().filter(plan=plan, pk__in=[first, second])
    found = sorted(rows.select_related("organisation", "dimension"), key=lambda row: row.pk)
    if len(found) < 2 or not all(_may_know(kind, row, request.user) for row in found):
        raise Http404
    left, right = found
    left.plan = right.plan = plan
    if not any(request.user.may(kind.view, row) for row in found):
        raise Http404
    return plan, kind, left, right


def _may_know(kind: Kind, row: Any, user: Any) -> bool:
    """Whether a person may learn that a row exists: it is within reach, or on its way into the book that all read."""
    return bool(user.may(kind.view, row) or row.state in HANDED_IN)


def _may_decide(kind: Kind, user: Any, *rows: Any) -> bool:
    """The secretariat, and whoever speaks for the agency of one of the rows."""
    return any(user.may(kind.accept, row) or kind.speaks_for(user, row.organisation) for row in rows)


def _pair_page(
    request: SignedInRequest,
    plan: Plan,
    kind: Kind,
    left: Any,
    right: Any,
    *,
    keep_error: str = "",
    join_error: str = "",
) -> HttpResponse:
    user = request.user
    may_read = user.may(kind.view, left) and user.may(kind.view, right)
    furthest = max((left, right), key=lambda row: WAY.index(row.state))
    stays = request.POST.get("stays") or str(furthest.pk)
    decided = KeptApart.objects.filter(
        plan=plan, kind=kind.name, first_id=left.pk, second_id=right.pk, withdrawn_at=None
    ).select_related("created_by__person")
    open_ones = Transfer.objects.open().filter(kind=kind.name, row_id__in=[left.pk, right.pk])
    context = {
        "plan": plan,
        "kind": kind,
        "left": _side(kind, left, user),
        "right": _side(kind, right, user),
        "sides": [
            {"pk": row.pk, "key": str(row.pk), "title": row.title, "agency": row.organisation or kind.no_agency}
            for row in (left, right)
        ],
        "stays": stays,
        "may_read": may_read,
        "may_decide": _may_decide(kind, user, left, right),
        "parts": _parts(kind, left, right, stays, request) if may_read else [],
        "below": _below(kind, left, right, request) if may_read else [],
        "versions": _versions(left, right),
        "decided": decided.first(),
        "open_transfer": open_ones.first(),
        "keep_error": keep_error,
        "join_error": join_error,
        "reason": request.POST.get("reason", ""),
        "crumbs": [(_("Similar rows"), f"{reverse('similar-list', args=[plan.slug])}?jenis={kind.key}")],
    }
    return render(request, "joining/pair.html", context, status=422 if keep_error or join_error else 200)


def _parts(kind: Kind, left: Any, right: Any, stays: str, request: SignedInRequest) -> list[dict[str, Any]]:
    """Each part that at least one of the two says, with both texts and what is chosen."""
    lines = []
    staying, going = (left, right) if stays == str(left.pk) else (right, left)
    for part in kind.parts:
        if part.is_empty(left) and part.is_empty(right):
            continue
        preset = str(going.pk) if part.is_empty(staying) else str(staying.pk)
        sides = [
            {"value": str(row.pk), "title": row.organisation or kind.no_agency, "note": "", "text": part.words(row)}
            for row in (left, right)
        ]
        lines.append(
            {
                "name": f"part-{part.name}",
                "label": part.label,
                "left": sides[0],
                "right": sides[1],
                "is_same": sides[0]["text"] == sides[1]["text"],
                "chosen": request.POST.get(f"part-{part.name}") or preset,
            }
        )
    return lines


def _below(kind: Kind, left: Any, right: Any, request: SignedInRequest) -> list[dict[str, Any]]:
    """What hangs below the two rows, in words, and whether it is taken along."""
    lines: list[dict[str, Any]] = []
    posted = set(request.POST.getlist("below")) if request.method == "POST" else None
    for below in kind.below:
        words = [_words_below(row, below.name) for row in (left, right)]
        if any(words):
            is_chosen = below.is_preset if posted is None else below.name in posted
            lines.append(
                {"name": below.name, "title": below.title, "left": words[0], "right": words[1], "is_chosen": is_chosen}
            )
    proofs = [[str(one) for one in Evidence.objects.about(row)] for row in (left, right)]
    if any(proofs):
        is_chosen = posted is None or actions.EVIDENCE in posted
        title = _("Evidence")
        lines.append(
            {"name": actions.EVIDENCE, "title": title, "left": proofs[0], "right": proofs[1], "is_chosen": is_chosen}
        )
    return lines


def _words_below(row: Any, name: str) -> list[str]:
    rows = getattr(row, name).all()
    if any(field.name == "withdrawn_at" for field in rows.model._meta.fields):
        rows = rows.filter(withdrawn_at=None)
    return [str(one) for one in rows[:50]]


def _versions(left: Any, right: Any) -> str:
    """What the two rows said when the page was made: nobody joins texts that they have not seen."""
    return f"{left.version}.{right.version}"


def _sides(kind: Kind, plan: Plan, keys: set[int], user: Any) -> dict[int, Side]:
    """The rows that this person may know of, by key: one query."""
    if not keys:
        return {}
    rows = kind.model.objects.in_service().filter(plan=plan, pk__in=keys).select_related("organisation")
    columns = ("title", "state", "organisation_path", "organisation__name", "organisation__abbreviation")
    return {row.pk: _side(kind, row, user) for row in rows.only(*columns) if _may_know(kind, row, user)}


def _side(kind: Kind, row: Any, user: Any) -> Side:
    may_open = user.may(kind.view, row)
    return Side(
        pk=row.pk,
        title=row.title,
        agency=row.organisation or kind.no_agency,
        state=row.state if may_open else "",
        state_label=State(row.state).label if may_open else "",
        url=reverse(kind.detail, args=[row.pk]) if may_open else "",
    )


# --- changing hands ---------------------------------------------------------------------------------------------------


@require_safe
def transfer_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is to change hands, open ones first, and what became of the others."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    reached = plan.transfers.reached_by(request.user).select_related("giving", "receiving")
    waiting = list(reached.open().prefetch_related("consents")[:200])
    closed = page_of(
        reached.exclude(state=Transfer.State.OPEN), order="-pk", after=request.GET.get("sesudah", ""), size=25
    )
    context = {
        "plan": plan,
        "waiting": [_line(transfer, request.user) for transfer in waiting],
        "closed": [(transfer, sentence(transfer)) for transfer in closed.rows],
        "page": closed,
        "after": request.GET.get("sesudah", ""),
    }
    return render(request, "joining/transfers.html", context)


def _line(transfer: Transfer, user: Any) -> dict[str, Any]:
    said = {word.organisation_id for word in transfer.consents.all()}
    missing = [agency for agency in transfer.agencies if agency.pk not in said]
    is_mine = any(BY_NAME[transfer.kind].speaks_for(user, agency) for agency in missing)
    return {"transfer": transfer, "sentence": sentence(transfer), "missing": missing, "is_mine": is_mine}


@require_http_methods(["GET", "HEAD", "POST"])
def transfer_new(request: SignedInRequest, slug: str, kind: str, row: int) -> HttpResponse:
    """Propose to give a row to another agency, or ask for it; below, what was joined and what changed hands."""
    plan, which = plan_within_reach(request, slug, Can.PLAN_VIEW), kind_at(kind)
    user, rows = request.user, which.model.objects.filter(plan=plan).select_related("organisation", "merged_into")
    found = get_object_or_404(rows, pk=min(row, HIGHEST_KEY))
    found.plan = plan
    may_give = user.may(which.accept, found) or which.speaks_for(user, found.organisation)
    may_ask = not found.withdrawn_at and found.state in HANDED_IN and bool(which.agencies_of(user))
    if not (may_give or may_ask or user.may(which.view, found)):
        raise Http404
    form = None
    if (may_give or may_ask) and found.organisation and not found.withdrawn_at:
        form = MoveForm(request.POST if request.method == "POST" else None, kind=which, row=found, user=user)
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form and form.is_valid():
        to, reason = form.cleaned_data["receiving"], clean_reason(form.cleaned_data["reason"])
        try:
            transfer = actions.propose_move(which, found, to=to, by=user, reason=reason)
        except Refused as refused:
            form.add_error(None, [str(one) for one in refused.reasons])
        except TooLate:
            messages.warning(request, _("Somebody else was faster. This is how it stands now."))
            return redirect("transfer-list", plan.slug)
        else:
            _say_what_became(request, transfer)
            return redirect("transfer-detail", transfer.pk)
    merged = found.merged.select_related("organisation").only(
        "title", "state", "organisation_path", "organisation__name", "organisation__abbreviation"
    )
    reached = plan.transfers.reached_by(user).filter(kind=which.name).select_related("giving", "receiving")
    about = reached.filter(Q(row_id=found.pk) | Q(into_id=found.pk))
    context = {
        "plan": plan,
        "kind": which,
        "row": _side(which, found, user),
        "into": _side(which, found.merged_into, user) if found.merged_into else None,
        "merged": [_side(which, one, user) for one in merged],
        "transfers": [(transfer, sentence(transfer)) for transfer in about[:50]],
        "form": form,
        "crumbs": [(_("Changing hands"), reverse("transfer-list", args=[plan.slug]))],
    }
    return render(request, "joining/new.html", context, status=422 if form and form.is_bound else 200)


@require_safe
def transfer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One transfer: what is asked, what each agency said, and what this person may do."""
    return _transfer_page(request, _load(request, pk))


@require_POST
def transfer_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agency of this person agrees or declines."""
    transfer = _load(request, pk)
    agency = next((one for one in _awaited(transfer, request.user) if str(one.pk) == request.POST.get("agency")), None)
    if agency is None or request.POST.get("answer") not in ("agree", "decline"):
        return _gone_on(request, transfer)
    agrees = request.POST["answer"] == "agree"
    note = clean_reason(request.POST.get("note"))
    if _seen(transfer) != request.POST.get("seen"):
        return _gone_on(request, transfer)
    try:
        actions.answer(
            transfer, agency, agrees=agrees, by=request.user, version=_whole(request.POST.get("version")), note=note
        )
    except Refused as refused:
        return _transfer_page(request, transfer, answer_error=" ".join(map(str, refused.reasons)))
    except TooLate:
        return _gone_on(request, transfer)
    _say_what_became(request, transfer)
    return redirect("transfer-detail", pk)


@require_POST
def transfer_record(request: SignedInRequest, pk: int) -> HttpResponse:
    """The secretariat records what an agency said elsewhere."""
    transfer = _load(request, pk)
    if not request.user.may(BY_NAME[transfer.kind].accept, transfer):
        raise Http404
    form = ConsentForm(request.POST, request.FILES, agencies=_silent(transfer))
    if not transfer.is_open:
        return _gone_on(request, transfer)
    if not form.is_valid():
        return _transfer_page(request, transfer, form=form)
    word = Consent(
        transfer=transfer, **{key: form.cleaned_data[key] for key in ("organisation", "agrees", "manner", "note")}
    )
    try:
        if upload := form.cleaned_data["file"]:
            word.file = store(upload, by=request.user, organisation_path=word.organisation.organisation_path)
        actions.record_consent(word, by=request.user, version=_whole(request.POST.get("version")))
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return _transfer_page(request, transfer, form=form)
    except Refused as refused:
        form.add_error("note", [str(reason) for reason in refused.reasons])
        return _transfer_page(request, transfer, form=form)
    except TooLate:
        return _gone_on(request, transfer)
    _say_what_became(request, transfer)
    return redirect("transfer-detail", pk)


@require_POST
def transfer_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nobody has to decide any more."""
    transfer = _load(request, pk)
    try:
        actions.take_back(transfer, by=request.user, version=_whole(request.POST.get("version")))
    except PermissionError as error:
        raise Http404 from error
    except TooLate:
        return _gone_on(request, transfer)
    messages.success(request, _("Taken back. Nothing has changed."))
    return redirect("transfer-detail", pk)


@require_POST
def transfer_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two rows again, as they were."""
    transfer = _load(request, pk)
    try:
        actions.undo_join(transfer, by=request.user, version=_whole(request.POST.get("version")))
    except PermissionError as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, " ".join(map(str, refused.reasons)))
    except TooLate:
        return _gone_on(request, transfer)
    else:
        messages.success(request, _("Undone: both rows stand again as before."))
    return redirect("transfer-detail", pk)


def _load(request: SignedInRequest, pk: int) -> Transfer:
    """The transfer if this person reaches it; else 404."""
    rows = Transfer.objects.reached_by(request.user).select_related(
        "plan__government__region", "plan__dimension_set", "giving", "receiving", "created_by__person"
    )
    transfer = get_object_or_404(rows, pk=pk)
    request.plan, request.government = transfer.plan, transfer.plan.government
    return transfer


def _transfer_page(
    request: SignedInRequest, transfer: Transfer, *, answer_error: str = "", form: ConsentForm | None = None
) -> HttpResponse:
    kind, user = BY_NAME[transfer.kind], request.user
    row, into = _rows(transfer)
    may_record = user.may(kind.accept, transfer)
    silent = _silent(transfer)
    words = {word.organisation_id: word for word in transfer.consents.select_related("created_by__person", "file")}
    context = {
        "plan": transfer.plan,
        "transfer": transfer,
        "kind": kind,
        "sentence": sentence(transfer),
        "row": _side(kind, row, user),
        "into": _side(kind, into, user) if into else None,
        "parts": _shown_parts(kind, transfer, row, into),
        "below": [below.title for below in kind.below if below.name in transfer.taken_over]
        + ([_("Evidence")] if actions.EVIDENCE in transfer.taken_over else []),
        "words": [(agency, words.get(agency.pk)) for agency in transfer.agencies],
        "mine": _awaited(transfer, user) if transfer.is_open else [],
        "form": (form or ConsentForm(agencies=silent)) if may_record and transfer.is_open and silent else None,
        "may_take_back": transfer.is_open and (may_record or user.pk == transfer.created_by_id),
        "may_undo": actions.may_undo(transfer, user),
        "head_approves_again": not transfer.is_join
        and transfer.plan.head_approves
        and row.state in actions.VOUCHED_FOR,
        "seen": _seen(transfer, row, into),
        "answer_error": answer_error,
        "note": request.POST.get("note", ""),
        "history": history_of(transfer),
        "crumbs": [(_("Changing hands"), reverse("transfer-list", args=[transfer.plan.slug]))],
    }
    return render(request, "joining/transfer.html", context, status=422 if answer_error or form else 200)


def _shown_parts(kind: Kind, transfer: Transfer, row: Any, into: Any) -> list[dict[str, Any]]:
    """What both agencies read before they agree: the texts concerned, beside each other when two rows are joined."""
    lines = []
    for part in kind.parts:
        if part.is_empty(row) and (into is None or part.is_empty(into)):
            continue
        is_taken = part.name in transfer.taken_over
        text, other = part.words(row), part.words(into) if into else ""
        lines.append({"title": part.label, "text": text, "other": other, "is_taken": is_taken})
    return lines


def _rows(transfer: Transfer) -> tuple[Any, Any]:
    """The row that goes and, when two are joined, the one that stays: one query."""
    model = BY_NAME[transfer.kind].model
    found = model.objects.select_related("organisation").in_bulk([transfer.row_id, transfer.into_id or 0])
    return found[transfer.row_id], found.get(transfer.into_id or 0)


def _seen(transfer: Transfer, row: Any = None, into: Any = None) -> str:
    """What the rows said when the page was made: nobody agrees to a text that they have not seen."""
    if row is None:
        row, into = _rows(transfer)
    return f"{row.version}.{into.version if into else 0}"


def _silent(transfer: Transfer) -> list[Any]:
    """The agencies that have not said anything yet."""
    said = set(transfer.consents.values_list("organisation_id", flat=True))
    return [agency for agency in transfer.agencies if agency.pk not in said]


def _awaited(transfer: Transfer, user: Any) -> list[Any]:
    """The agencies for which this person may say something now."""
    return [agency for agency in _silent(transfer) if BY_NAME[transfer.kind].speaks_for(user, agency)]


def _gone_on(request: SignedInRequest, transfer: Transfer) -> HttpResponse:
    messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("transfer-detail", transfer.pk)


def _say_what_became(request: SignedInRequest, transfer: Transfer) -> None:
    """One sentence about where the transfer stands."""
    if transfer.state == Transfer.State.DONE:
        messages.success(request, _("Done. Everybody concerned was told."))
    elif transfer.state == Transfer.State.DECLINED:
        messages.success(request, _("Declined. Everybody concerned was told, and nothing has changed."))
    elif transfer.state == Transfer.State.LAPSED:
        messages.warning(
            request, _("The row has moved on meanwhile, so this has lapsed. Propose it again if it is still needed.")
        )
    else:
        messages.success(request, _("Recorded. It is carried out as soon as every agency concerned has agreed."))


def _whole(text: str | None) -> int:
    """A whole number from an address or a form; 0 for anything else."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else 0
