"""Rows that change hands: who gives, who takes, who has to agree, and undoing it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.across.joining import actions
from praja.across.joining.forms import ConsentForm, MoveForm, clean_reason
from praja.across.joining.kinds import BY_NAME, Kind, kind_at
from praja.across.joining.models import Consent, Transfer
from praja.across.joining.pair_page import side
from praja.across.joining.tasks import sentence
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.models import HANDED_IN
from praja.foundation.workflow.steps import Refused

HIGHEST_KEY = 2**62


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
            say_what_became(request, transfer)
            return redirect("transfer-detail", transfer.pk)
    merged = found.merged.select_related("organisation").only(
        "title", "state", "organisation_path", "organisation__name", "organisation__abbreviation"
    )
    reached = plan.transfers.reached_by(user).filter(kind=which.name).select_related("giving", "receiving")
    about = reached.filter(Q(row_id=found.pk) | Q(into_id=found.pk))
    context = {
        "plan": plan,
        "kind": which,
        "row": side(which, found, user),
        "into": side(which, found.merged_into, user) if found.merged_into else None,
        "merged": [side(which, one, user) for one in merged],
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
            transfer, agency, agrees=agrees, by=request.user, version=whole(request.POST.get("version")), note=note
        )
    except Refused as refused:
        return _transfer_page(request, transfer, answer_error=" ".join(map(str, refused.reasons)))
    except TooLate:
        return _gone_on(request, transfer)
    say_what_became(request, transfer)
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
        actions.record_consent(word, by=request.user, version=whole(request.POST.get("version")))
    except FileRefused as refused:
        form.add_error("file", str(refused))
        return _transfer_page(request, transfer, form=form)
    except Refused as refused:
        form.add_error("note", [str(reason) for reason in refused.reasons])
        return _transfer_page(request, transfer, form=form)
    except TooLate:
        return _gone_on(request, transfer)
    say_what_became(request, transfer)
    return redirect("transfer-detail", pk)


@require_POST
def transfer_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nobody has to decide any more."""
    transfer = _load(request, pk)
    try:
        actions.take_back(transfer, by=request.user, version=whole(request.POST.get("version")))
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
        actions.undo_join(transfer, by=request.user, version=whole(request.POST.get("version")))
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
        "row": side(kind, row, user),
        "into": side(kind, into, user) if into else None,
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


def say_what_became(request: SignedInRequest, transfer: Transfer) -> None:
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


def whole(text: str | None) -> int:
    """A whole number from an address or a form; 0 for anything else."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else 0
