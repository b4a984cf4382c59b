"""Pages of one agency's list: accept it, contest a promise, answer, and freeze an addendum."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import html
from praja.foundation.drafts.entry import posted_version
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.signing.of_documents import signing_of
from praja.foundation.ui.formats import rupiah, rupiah_short
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import addenda, settling
from praja.stages.commitment.actions import line_of
from praja.stages.commitment.blocks import field_title, field_words, indicator_words, shared_words, years_of
from praja.stages.commitment.forms import AnswerForm, ContestForm, OnBehalfForm, ReasonForm
from praja.stages.commitment.lists import Change
from praja.stages.commitment.models import AgencyList, Obligation
from praja.stages.commitment.offices import office_of, speaks_for
from praja.stages.commitment.views import faster, say


def _load(request: SignedInRequest, slug: str, pk: int) -> AgencyList:
    """The list of an agency for everybody who reads the region; 404 for strangers and for what was taken back."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    rows = AgencyList.objects.filter(commitment__plan=plan, withdrawn_at=None, commitment__withdrawn_at=None)
    related = ("commitment__edition", "organisation", "addendum__edition", "accepted_by__person")
    rows = rows.select_related(*related).defer("commitment__edition__content", "addendum__edition__content")
    row: AgencyList = get_object_or_404(rows, pk=pk)
    row.commitment.plan = plan
    return row


def _obligation(request: SignedInRequest, slug: str, pk: int) -> Obligation:
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    one = get_object_or_404(Obligation, pk=pk, list__commitment__plan=plan)
    one.list = _load(request, slug, one.list_id)
    return one


@require_safe
def obligation_list(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """What one agency promises, and what it has said to each promise."""
    return _shown(request, _load(request, slug, pk))


def _shown(
    request: SignedInRequest, row: AgencyList, form: ReasonForm | None = None, on_behalf: OnBehalfForm | None = None
) -> HttpResponse:
    plan, user = row.commitment.plan, request.user
    obligations = list(row.obligations.all())
    kept = [one for one in obligations if one.state != Obligation.State.DROPPED]
    may_answer, may_settle = settling.may_answer(row, user), settling.may_settle(row, user)
    is_own = not may_settle or speaks_for(user, row.organisation, plan)
    waiting = sum(one.state == Obligation.State.PROPOSED for one in obligations)
    contested = sum(one.state == Obligation.State.CONTESTED for one in obligations)
    is_addendum = row.addendum is not None
    document = row.addendum.document_id if row.addendum else row.commitment.document_id
    context = {
        "plan": plan,
        "row": row,
        "commitment": row.commitment,
        "lines": [shown(one) for one in obligations],
        "figures": [
            {"label": _("Promises"), "value": len(kept)},
            {"label": _("Planned money"), "value": rupiah_short(sum(one.money_rupiah for one in kept))},
            {"label": _("Waits for the agency"), "value": waiting},
            {"label": _("Contested"), "value": contested},
        ],
        "may_settle": may_settle,
        "may_answer": may_answer,
        "can_accept": may_settle and row.accepted_at is None and (waiting or not contested),
        "contested": contested,
        "on_behalf_form": None if is_own else on_behalf or OnBehalfForm(),
        "may_sign": user.may(Can.SIGNING_RUN, plan),
        "signing": signing_of([document]) if document else None,
        **_known_of_addendum(row),
        "office": office_of(user, row.organisation, plan)[0] if may_settle else "",
        "may_freeze": may_answer and is_addendum and row.accepted_at is not None,
        "call_off_form": form or (ReasonForm() if may_answer and is_addendum else None),
        "history": history_of(row),
        "crumbs": [
            (_("Joint commitment"), reverse("commitment", args=[plan.slug, row.commitment_id])),
            (row.organisation.name, ""),
        ],
    }
    return render(request, "commitment/list.html", context, status=422 if form or on_behalf else 200)


def _known_of_addendum(row: AgencyList) -> dict[str, Any]:
    """What the signing of an addendum begins with: its number, and the day of the commitment while that is not over."""
    if row.addendum is None:
        return {}
    row.addendum.commitment = row.commitment
    day = row.commitment.held_on
    is_ahead = day is not None and day >= row.commitment.plan.today
    return {"number": row.addendum.paper_number, "held_on": day if is_ahead else None}


def shown(one: Obligation) -> dict[str, Any]:
    """An obligation with everything that a page says about it."""
    line = line_of(one)
    fields = Change(one.before, line).fields if one.before and one.change == Obligation.Change.CHANGED else []
    return {
        "row": one,
        "years": years_of(line),
        "money": rupiah(one.money_rupiah) if one.money_rupiah else "",
        "programme": line["programme"],
        "shared": shared_words(line),
        "indicators": [indicator_words(indicator) for indicator in line["indicators"]],
        "tone": {"accepted": "success", "contested": "warning", "proposed": "attention", "dropped": "neutral"}[
            one.state
        ],
        "changes": [(field_title(name), field_words(name, old), field_words(name, new)) for name, old, new in fields],
    }


@require_POST
def obligation_accept(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Accept everything that waits."""
    row = _load(request, slug, pk)
    form = OnBehalfForm(request.POST)
    plan = row.commitment.plan
    on_behalf = settling.may_settle(row, request.user) and not speaks_for(request.user, row.organisation, plan)
    if on_behalf and not form.is_valid():
        return _shown(request, row, on_behalf=form)
    basis = form.cleaned_data.get("basis", "") if form.is_valid() else ""
    try:
        contested = settling.accept(row, by=request.user, version=posted_version(request), basis=basis)
    except PermissionError:
        raise Http404 from None
    except TooLate:
        faster(request)
    except Refused as refusal:
        say(request, refusal)
    else:
        if contested:
            words = ngettext(
                "Accepted. %(number)d contested promise waits for the secretariat; then accept the list once more.",
                "Accepted. %(number)d contested promises wait for the secretariat; then accept the list once more.",
                contested,
            )
            messages.info(request, words % {"number": contested})
        else:
            messages.success(request, _("The list is settled. Thank you."))
    return redirect("obligation-list", slug, pk)


@require_safe
def obligation(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The address of one promise for ever: its place in the list of its agency."""
    one = _obligation(request, slug, pk)
    return redirect(f"{reverse('obligation-list', args=[slug, one.list_id])}#butir-{one.number}")


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_contest(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Say why the agency does not promise this."""
    one = _obligation(request, slug, pk)
    if not request.user.may(Can.OBLIGATION_SETTLE, one.list):
        raise Http404
    form = ContestForm(request.POST if request.method == "POST" else None, initial={"reason": one.contest_reason})
    if not settling.may_settle(one.list, request.user) or one.state == Obligation.State.DROPPED:
        messages.info(request, _("This list is settled for good; nothing in it can be contested now."))
        return redirect("obligation-list", slug, one.list_id)
    if request.method == "POST" and form.is_valid():
        try:
            settling.contest(one, form.cleaned_data["reason"], by=request.user, version=posted_version(request))
        except TooLate:
            one.refresh_from_db()
            form.add_error(None, _("Somebody else was faster. This is how it stands now; your words are kept below."))
        else:
            messages.success(request, _("Contested. The secretariat is told and answers."))
            return redirect("obligation-list", slug, one.list_id)
    return _contest_page(request, one, form, "commitment/contest.html")


def _contest_page(request: SignedInRequest, one: Obligation, form: Any, template: str) -> HttpResponse:
    plan = one.list.commitment.plan
    context = {
        "plan": plan,
        "row": one.list,
        "one": shown(one),
        "form": form,
        "version": one.version,
        "history": history_of(one),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_answer(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Answer what an agency contests."""
    one = _obligation(request, slug, pk)
    if not request.user.may(Can.COMMITMENT_RUN, one.list.commitment):
        raise Http404
    if not settling.may_answer(one.list, request.user) or one.state != Obligation.State.CONTESTED:
        messages.info(request, _("This promise is not contested now."))
        return redirect("obligation-list", slug, one.list_id)
    form = AnswerForm(request.POST if request.method == "POST" else None, obligation=one)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            settling.answer(
                one,
                values["what"],
                values["answer"],
                by=request.user,
                version=posted_version(request),
                years=form.years,
            )
        except Refused as refusal:
            form.add_error(None, " ".join(str(reason) for reason in refusal.reasons))
        except TooLate:
            one.refresh_from_db()
            form.add_error(None, _("Somebody else was faster. This is how it stands now; your words are kept below."))
        else:
            messages.success(request, _("Answered. The agency is told."))
            return redirect("obligation-list", slug, one.list_id)
    return _contest_page(request, one, form, "commitment/answer.html")


@require_safe
def addendum_preview(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """An addendum as its paper reads now."""
    row = _load(request, slug, pk)
    if row.addendum is None:
        raise Http404
    if row.addendum.document_id:
        return redirect("edition", slug, row.addendum.document_id)
    try:
        fragment = html.render(addenda.paper_of_addendum(row))
    except Refused as refusal:
        say(request, refusal)
        return redirect("obligation-list", slug, pk)
    context = {"plan": row.commitment.plan, "commitment": row.commitment, "row": row, "fragment": fragment}
    return render(request, "commitment/preview.html", context)


@require_POST
@confirmed
def addendum_freeze(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Freeze an addendum that its agency has settled."""
    row = _load(request, slug, pk)
    if not request.user.may(Can.COMMITMENT_RUN, row.commitment) or row.addendum is None:
        raise Http404
    try:
        addenda.freeze(row, by=request.user, version=posted_version(request))
        messages.success(request, _("Frozen. PDF and Word are being made; then it can be signed."))
    except Refused as refusal:
        say(request, refusal)
    except TooLate:
        faster(request)
    return redirect("obligation-list", slug, pk)


@require_POST
def addendum_withdraw(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take back an addendum that is not frozen."""
    row = _load(request, slug, pk)
    if not request.user.may(Can.COMMITMENT_RUN, row.commitment) or row.addendum is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form)
    try:
        addenda.call_off(row, reason=form.cleaned_data["reason"], by=request.user, version=posted_version(request))
        messages.success(request, _("Taken back; the history keeps it."))
    except (Refused, TooLate):
        faster(request)
        return redirect("obligation-list", slug, pk)
    return redirect("commitment", slug, row.commitment_id)
