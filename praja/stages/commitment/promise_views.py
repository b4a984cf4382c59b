"""Pages after the signing: what was promised against what happened, and offices with promises that change hands."""

import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.models import User
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import html, pdf
from praja.foundation.files.downloads import download
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import rupiah_short
from praja.foundation.workflow.steps import Refused
from praja.stages.commitment import handovers
from praja.stages.commitment.blocks import indicator_words, shared_words, years_of
from praja.stages.commitment.lists import Line, rupiah_of
from praja.stages.commitment.models import PositionHandover
from praja.stages.commitment.new_holders import current_commitment
from praja.stages.commitment.promises import AgencyPromises, Promises, promises_of
from praja.stages.commitment.views import faster, plan_crumbs, say


@require_safe
def commitment_promises(request: SignedInRequest, slug: str) -> HttpResponse:
    """What each agency has promised, who stands behind it, and what has become of it."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    commitment = current_commitment(plan)
    found = promises_of(commitment) if commitment else None
    chosen = _chosen(request, found) if found else None
    context = {
        "plan": plan,
        "commitment": commitment,
        "found": found,
        "figures": _figures(found) if found else [],
        "chosen": chosen,
        "lines": [_line(line, is_changed=mark) for line, mark in chosen.with_marks()] if chosen else [],
        "may_hand_over": chosen is not None and chosen.has_new_holder and handovers.may_begin(request.user, chosen),
        "holders": _holders(chosen) if chosen else [],
        "handovers": _handovers(request.user, plan)[:20],
    }
    return render(request, "commitment/promises.html", context)


def _chosen(request: SignedInRequest, found: Promises) -> AgencyPromises | None:
    """The agency in the address, else the own one."""
    wanted = request.GET.get("perangkat", "")
    if wanted:
        return next((one for one in found.agencies if str(one.organisation.pk) == wanted), None)
    if request.user.may_anywhere(Can.COMMITMENT_RUN):
        return None
    return next((one for one in found.agencies if request.user.may(Can.OBLIGATION_SETTLE, one.organisation)), None)


def _holders(chosen: AgencyPromises) -> list[tuple[datetime.datetime, str, str, str]]:
    """(when, name, office, what) of everybody who has stood behind the promises, in their order."""
    signed = [
        (one.signed_at, one.person_name, one.position_title, _("signed, %(paper)s") % {"paper": paper.title})
        for _number, paper, one, _row in chosen.papers
        if one
    ]
    taken = PositionHandover.objects.in_service().filter(organisation=chosen.organisation, accepted_at__isnull=False)
    return sorted(
        signed
        + [
            (one.accepted_at, one.successor.full_name, one.position.title_in_full, _("took the promises on"))
            for one in taken.select_related("successor", "position")
            if one.accepted_at
        ]
    )


def _figures(found: Promises) -> list[dict[str, object]]:
    return [
        {"label": _("Agencies with promises"), "value": len(found.agencies)},
        {"label": _("Promises"), "value": found.number},
        {"label": _("Planned money"), "value": rupiah_short(found.rupiah)},
        {"label": _("Lists that are not as signed"), "value": len(found.changed)},
    ]


def _line(line: Line, *, is_changed: bool) -> dict[str, object]:
    """A promise as the page shows it."""
    return {
        "number": line["number"],
        "kind": line["kind"],
        "title": line["title"],
        "programme": line["programme"],
        "shared": shared_words(line),
        "years": years_of(line),
        "rupiah": rupiah_of(line) or None,
        "indicators": [indicator_words(one) for one in line["indicators"]],
        "is_changed": is_changed,
    }


# --- offices that change hands ----------------------------------------------------------------------------------------


def _handovers(user: User, plan: Plan) -> list[PositionHandover]:
    """Those that this person may see: of the own agency or region, and those to accept; newest first."""
    rows = PositionHandover.objects.in_service().filter(plan=plan)
    if not user.may(Can.COMMITMENT_RUN, plan):
        mine = [one.organisation_id for one in user.active_memberships if one.organisation_id]
        rows = rows.filter(Q(organisation__in=mine) | Q(successor=user.person_id or 0))
    return list(rows.select_related("organisation", "position", "leaver", "successor"))


def _load(request: SignedInRequest, slug: str, pk: int) -> PositionHandover:
    """The sheet for the successor, the agency and the secretariat; 404 for others, since it names a personal number."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    rows = PositionHandover.objects.filter(plan=plan).select_related("organisation", "position", "leaver", "successor")
    row: PositionHandover = get_object_or_404(rows, pk=pk)
    if not handovers.is_successor(row, request.user) and not request.user.may(Can.OBLIGATION_SETTLE, row):
        raise Http404
    row.plan = plan
    return row


@require_POST
def position_handover_new(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Draw up the sheet of an office that got another holder."""
    plan = plan_within_reach(request, slug, Can.COMMITMENT_VIEW)
    commitment = current_commitment(plan)
    agencies = promises_of(commitment).agencies if commitment else []
    one = next((one for one in agencies if one.organisation.pk == pk), None)
    if commitment is None or one is None:
        raise Http404
    try:
        made = handovers.begin(commitment, one, by=request.user)
    except PermissionError:
        raise Http404 from None
    except Refused as refusal:
        say(request, refusal)
        return redirect("commitment-promises", slug)
    messages.success(request, _("%(name)s is asked to take the promises on.") % {"name": made.successor.full_name})
    return redirect("position-handover", slug, made.pk)


@require_safe
def position_handover(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The sheet of what is open, and for the successor the button to take it on."""
    row = _load(request, slug, pk)
    problems = handovers.problems_of(row)
    is_open = row.accepted_at is None and row.withdrawn_at is None
    context = {
        "plan": row.plan,
        "row": row,
        "problems": problems,
        "fragment": "" if problems else html.render(handovers.paper_of(row)),
        "is_open": is_open,
        "may_accept": is_open and not problems and handovers.is_successor(row, request.user),
        "may_call_off": is_open and request.user.may(Can.OBLIGATION_SETTLE, row),
        "has_account": not is_open or User.objects.filter(person=row.successor_id, is_active=True).exists(),
        "history": history_of(row),
        "crumbs": plan_crumbs(row.plan, (_("Hand-over of promises"), "")),
    }
    return render(request, "commitment/handover.html", context)


@require_safe
def position_handover_paper(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The sheet as PDF, with places for two signatures."""
    row = _load(request, slug, pk)
    try:
        paper = handovers.paper_of(row)
    except Refused:
        raise Http404 from None
    return download(pdf.render(paper), name=f"serah-terima-janji-{row.pk}.pdf", kind="application/pdf")


@require_POST
def position_handover_accept(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The successor takes the promises on."""
    row = _load(request, slug, pk)
    try:
        handovers.accept(row, by=request.user)
    except PermissionError:
        raise Http404 from None
    except TooLate:
        faster(request)
    except Refused as refusal:
        say(request, refusal)
    else:
        messages.success(request, _("The promises are yours now. They stand on the page of promises."))
    return redirect("position-handover", slug, pk)


@require_POST
def position_handover_withdraw(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take a sheet back that nobody has accepted."""
    row = _load(request, slug, pk)
    if not request.user.may(Can.OBLIGATION_SETTLE, row):
        raise Http404
    try:
        handovers.call_off(row, by=request.user)
        messages.success(request, _("Taken back; the history keeps it."))
    except TooLate:
        faster(request)
    return redirect("commitment-promises", slug)
