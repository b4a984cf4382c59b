"""Pages of decision sheets: putting a set forward, the sheet on its way, the decision on one page, and the paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.choosing.process import NotSolved
from praja.foundation.choosing.sets import Best
from praja.foundation.drafts.entry import posted_version
from praja.foundation.files import pages
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.views import attachment
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding, groups, signing
from praja.stages.quick_wins.choice import Asked, asked_of, with_swap
from praja.stages.quick_wins.models import DecisionSheet, Round, SheetStep
from praja.stages.quick_wins.offices import ORDER, PERMISSIONS, Office, heads_on, standing_of
from praja.stages.quick_wins.reach import load_plan, load_round, sees_quick_wins
from praja.stages.quick_wins.round_views import crumbs, round_crumbs
from praja.stages.quick_wins.sheet import (
    UNREADABLE,
    Frozen,
    best_of,
    chosen_set,
    found_for,
    points,
    verify,
    weights_for,
)
from praja.stages.quick_wins.sheet_blocks import cost_facts
from praja.stages.quick_wins.sheet_forms import LONGEST, ScanForm, SubmitForm, swap_choices, swaps_in
from praja.stages.quick_wins.values import Values

State, Verdict = DecisionSheet.State, SheetStep.Verdict
TONES = {"on_its_way": "attention", "returned": "danger", "decided": "success", "void": "neutral"}
VERDICT_TONES = {"returned": "danger", "opinion": "information"}
FASTER = gettext_lazy("Somebody else was faster. This is how it stands now.")
SECONDS = 5.0  # for the best set with a swap, while somebody looks at the page
MOST_PAGES = 40  # of a scan shown on the page; a longer one can be downloaded


def load(request: SignedInRequest, pk: int) -> DecisionSheet:
    """The sheet if this person reaches it, else 404: the region's readers always, an agency once it is decided."""
    sheets = DecisionSheet.objects.within_reach(request.user, Can.PLAN_VIEW).select_related(
        "round__plan__government__region", "round__plan__dimension_set", "pdf", "word", "scan", "scanned_by__person",
        "confirmed_by__person", "created_by__person",
    )  # fmt: skip
    sheet: DecisionSheet = get_object_or_404(sheets, pk=pk)
    plan, user = sheet.round.plan, request.user
    reaches = user.may(Can.QUICK_WIN_VIEW, sheet) or (sheet.state == State.DECIDED and sees_quick_wins(plan, user))
    if not reaches:
        raise Http404
    request.plan, request.government = plan, plan.government
    return sheet


def _done(request: HttpRequest, act: Callable[[], object], said: str) -> bool:
    """Do it and say so; else say in a sentence why not. Who never held the office gets 404."""
    try:
        act()
    except PermissionError as problem:
        raise Http404 from problem
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return False
    except TooLate:
        messages.warning(request, str(FASTER))
        return False
    messages.success(request, said)
    return True


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")[:LONGEST]


# --- the list, and putting a set forward ------------------------------------------------------------------------------


@require_safe
def sheet_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The decision sheets of a plan, the newest first."""
    plan = load_plan(request, slug)
    sheets = DecisionSheet.objects.filter(round__plan=plan).select_related("round").defer("content", "decision")
    if not request.user.may(Can.QUICK_WIN_VIEW, plan):
        sheets = sheets.filter(state=State.DECIDED)
    choosing = plan.quick_win_rounds.in_service().filter(state=Round.State.CHOOSING)
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "rows": [(sheet, TONES[sheet.state]) for sheet in sheets[:200]],
        "choosing": choosing.first() if request.user.may(Can.QUICK_WIN_RUN, plan) else None,
    }
    return render(request, "quick_wins/sheet_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the best set forward, or one chosen by hand with its cost; `?pilih=` ticks nominees beforehand."""
    round_ = load_round(request, pk, Can.QUICK_WIN_RUN)
    going = round_.sheets.filter(state=State.ON_ITS_WAY).defer("content").first()
    if going or round_.state != Round.State.CHOOSING:
        if request.method == "POST":
            messages.warning(request, str(FASTER))
        if going:
            return redirect("decision-sheet", going.pk)
        messages.info(request, _("A set can be put forward while it is being chosen, not before and not after."))
        return redirect("round-detail", pk)
    asked = asked_of(round_)
    found = found_for(asked)
    data = request.POST if request.method == "POST" else request.GET
    ticked = {key for key in data.getlist("pilih")[:500] if key in asked.question.values}
    wish = request.POST.get("do", "")
    form = SubmitForm(request.POST if wish else None, initial={"number": deciding.proposed_number(round_.plan)})
    problems: list[str] = []
    if wish in ("best", "hand") and form.is_valid():
        submission = form.submission(frozenset(ticked) if wish == "hand" else None)
        try:
            sheet = deciding.submit(
                round_,
                submission,
                by=request.user,
                version=posted_version(request),
                link=lambda code: request.build_absolute_uri(reverse("decision-by-code", args=[code])),
            )
        except Refused as refusal:
            problems = [str(reason) for reason in refusal.reasons]
        except TooLate:
            messages.warning(request, str(FASTER))
            return redirect("decision-sheet-new", pk)
        else:
            messages.success(request, _("The sheet is on its way."))
            return redirect("decision-sheet", sheet.pk)
    best = best_of(found.content) if found else None
    by_hand = chosen_set(asked, found.content, ticked, "") if found and ticked else None
    names = {nominee.key: nominee for nominee in asked.nominees}
    context = {
        "plan": round_.plan,
        "round": round_,
        "version": posted_version(request) if wish else round_.version,
        "crumbs": round_crumbs(round_),
        "form": form,
        "problems": problems,
        "found": found,
        "best": best,
        "best_value": points(best.value) if best else None,
        "best_rows": [_row(asked, names[key]) for key in sorted(best.chosen, key=int) if key in names] if best else [],
        "rows": sorted(
            (_row(asked, one, ticked) for one in asked.nominees if one.key in asked.question.values),
            key=lambda row: (row["order"], -row["value"]),
        ),
        "by_hand": by_hand,
        "hand_value": points(by_hand["value"]) if by_hand else None,
        "hand_loss": points(by_hand["loss"]) if by_hand else None,
        "hand_broken": [asked.words.get(key, key) for key in by_hand["broken"]] if by_hand else [],
        "is_by_hand": bool(ticked),
    }
    refused = problems or (wish in ("best", "hand") and form.errors)
    return render(request, "quick_wins/sheet_new.html", context, status=422 if refused else 200)


def _row(asked: Asked, nominee: Any, ticked: set[str] | None = None) -> dict[str, Any]:
    innovation = nominee.nomination.innovation
    return {
        "key": nominee.key,
        "title": innovation.title,
        "dimension": innovation.dimension,
        "order": innovation.dimension.order if innovation.dimension else 99,
        "agency": innovation.organisation.short_name if innovation.organisation else "",
        "value": points(asked.question.values.get(nominee.key, 0)),
        "money": sum(nominee.money.values()),
        "is_ticked": ticked is not None and nominee.key in ticked,
    }


# --- a sheet ----------------------------------------------------------------------------------------------------------


@require_safe
def sheet_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was put forward, where the sheet is, what was said, whether all is sound, and what this person can do."""
    sheet = load(request, pk)
    return _sheet_page(request, sheet)


def _sheet_page(request: SignedInRequest, sheet: DecisionSheet, *, status: int = 200) -> HttpResponse:
    user, plan = request.user, sheet.round.plan
    problems = verify(sheet)
    try:
        frozen: Frozen | None = Frozen.of(sheet)
        shown = _shown(frozen) if frozen else {}
    except UNREADABLE:
        frozen, shown = None, {}  # verify() has said so
    steps = list(sheet.steps.order_by("pk"))
    turn = deciding.turn_of(sheet, steps)
    may_run = user.may(Can.QUICK_WIN_RUN, sheet)
    waits_for_second = sheet.state == State.ON_ITS_WAY and sheet.scan_id is not None
    speaks = turn and not waits_for_second and turn != Office.HEAD and user.may(PERMISSIONS[Office(turn)], sheet)
    left = groups.lacking(sheet, steps) if turn == Office.WORKING_GROUP else []
    own = groups.own(left, user, plan) if speaks and left else None
    speaks = speaks and (own is None or own != [])
    advises = (
        turn
        and not waits_for_second
        and user.may(Can.QUICK_WIN_ADVISE, sheet)
        and not any(step.office == Office.MENTOR and step.created_by_id == user.pk for step in steps)
    )
    bars = deciding.bars_confirming(sheet, user) if waits_for_second else ""
    context = {
        "plan": plan,
        "sheet": sheet,
        "tone": TONES[sheet.state],
        "crumbs": round_crumbs(sheet.round),
        "problems": problems,
        **shown,
        "way": _way(steps, turn),
        "turn": Office(turn) if turn else None,
        "speaks": speaks,
        "groups_left": left,
        "speaks_for_others": bool(speaks and left and own is None),
        "advises": advises,
        "decides": turn == Office.HEAD and not waits_for_second and user.may(Can.QUICK_WIN_DECIDE, sheet),
        "may_enter": may_run and sheet.state == State.ON_ITS_WAY and not waits_for_second,
        "may_take_back": may_run and sheet.state == State.ON_ITS_WAY,
        "waits_for_second": waits_for_second,
        "entered": _entered(sheet, frozen) if waits_for_second and frozen and may_run and not problems else None,
        "pairs": _pairs(frozen) if may_run and frozen and sheet.scan_id and not problems else [],
        "sees_scan": may_run and sheet.scan_id is not None,
        "bars": bars,
        "may_confirm": waits_for_second and not bars,
        "is_confirmer": user.may(Can.PROPOSAL_CONFIRM, sheet),
        "typed": _text(request, "remark"),
        "signing": signing.signing_of_sheet(sheet) if sheet.state == State.DECIDED else None,
        "may_put_to_signature": sheet.state == State.DECIDED and not problems and user.may(Can.SIGNING_RUN, sheet),
        "history": [replace(line, changes=[]) for line in history_of(sheet)],
    }
    return render(request, "quick_wins/sheet.html", context, status=status)


def _shown(frozen: Frozen) -> dict[str, Any]:
    """The frozen content as the page shows it."""
    content, decision = frozen.content, frozen.decision if "verdict" in frozen.decision else {}
    put, best = content["set"], content["best"]
    return {
        "content": content,
        "decision": decision,
        "verdict": str(Verdict(decision["verdict"]).label) if decision else "",
        "decided_on": date.fromisoformat(decision["day"]) if decision else None,
        "rows": _cards(frozen, frozen.decided if decision else frozen.chosen),
        "swaps": _swapped(frozen, decision.get("swaps", [])),
        "cost": cost_facts(frozen, decision["cost"]) if decision.get("cost") else [],
        "value": points(put["value"]),
        "loss": points(put["loss"]) if put["loss"] else None,
        "money": frozen.money(frozen.decided if decision else frozen.chosen),
        "is_proven": put["is_best"] and best and best["bound"] <= best["value"],
        "broken": [frozen.words.get(key, key) for key in put["broken"]],
        "tight": [frozen.words.get(key, key) for key in put["tight"]],
        "others": [
            {
                "value": points(one["value"]),
                "leaves": [each["title"] for each in frozen.in_order(frozen.chosen - set(one["chosen"]))],
                "comes": [each["title"] for each in frozen.in_order(set(one["chosen"]) - frozen.chosen)],
            }
            for one in content["next"]
        ],
    }


def _cards(frozen: Frozen, keys: frozenset[str]) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "value": points(frozen.value(one["key"])),
            "rupiah": frozen.money([one["key"]]),
            "people": sum(talk["people"] for talk in one["dialogues"]),
            "is_new": one["key"] not in frozen.chosen,
        }
        for one in frozen.in_order(keys)
    ]


def _swapped(frozen: Frozen, swaps: list[Any]) -> list[tuple[str, str]]:
    return [(frozen.nominees[one["out"]]["title"], frozen.nominees[one["into"]]["title"]) for one in swaps]


def _way(steps: list[SheetStep], turn: str) -> list[dict[str, Any]]:
    """The offices in their order with what they said; which one has its turn."""
    found = []
    for office in (*ORDER[:2], Office.MENTOR, *ORDER[2:]):
        said = [(step, VERDICT_TONES.get(step.verdict, "success")) for step in steps if step.office == office]
        found.append({"office": office, "said": said, "is_turn": office == turn, "is_free": office == Office.MENTOR})
    return found


@require_safe
def sheet_by_code(request: SignedInRequest, code: str) -> HttpResponse:
    """Where the QR picture leads: to the sheet, for whoever reaches it."""
    found = get_object_or_404(DecisionSheet.objects.only("pk"), code=code.upper().replace("\0", ""))
    return redirect("decision-sheet", load(request, found.pk).pk)


@require_safe
def sheet_file(request: SignedInRequest, pk: int, form: str) -> FileResponse:
    """The frozen PDF ("pdf") or Word file ("word")."""
    sheet = load(request, pk)
    stored: StoredFile | None = {"pdf": sheet.pdf, "word": sheet.word}.get(form)
    return _file(stored)


def _file(stored: StoredFile | None) -> FileResponse:
    if stored is None:
        raise Http404
    try:
        return attachment(stored)
    except FileNotFoundError as problem:
        raise Http404 from problem


@require_POST
def sheet_speak(request: SignedInRequest, pk: int) -> HttpResponse:
    """Endorse for an office, give the mentor's opinion, or send the sheet back with a reason."""
    sheet = load(request, pk)
    office = request.POST.get("office", "")
    wish = request.POST.get("do", "")
    if office not in Office.values or office == Office.HEAD or wish not in ("speak", "return"):
        raise Http404
    verb = deciding.send_back if wish == "return" else deciding.speak
    values: dict[str, Any] = {
        "remark": _text(request, "remark"),
        "by": request.user,
        "version": posted_version(request),
    }
    said = (
        _("The sheet was sent back to the secretariat.")
        if wish == "return"
        else _("What you said stands on the sheet.")
    )
    if _done(request, lambda: verb(sheet, office, **values), said) or not values["remark"]:
        return redirect("decision-sheet", pk)
    return _sheet_page(request, load(request, pk), status=422)  # with what was typed


@require_POST
def sheet_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a sheet void that is on its way; the set is chosen anew."""
    sheet = load(request, pk)
    remark, version = _text(request, "remark"), posted_version(request)
    _done(
        request,
        lambda: deciding.take_back(sheet, remark=remark, by=request.user, version=version),
        _("The sheet is void; the set can be chosen anew."),
    )
    return redirect("decision-sheet", pk)


@require_POST
def sheet_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Freeze the decided sheet as an edition and prepare its signing round, or go to the one there is."""
    sheet = load(request, pk)
    if not request.user.may(Can.SIGNING_RUN, sheet):
        raise Http404
    try:
        round_ = signing.prepare(sheet, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, str(reason))
        return redirect("decision-sheet", pk)
    except TooLate:
        messages.warning(request, str(FASTER))
        return redirect("decision-sheet", pk)
    return redirect("signing-round", sheet.round.plan.slug, round_.pk)


# --- the decision -----------------------------------------------------------------------------------------------------


@require_safe
def decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """All that the head of region needs on one page: the set, what was said, what a swap costs; accept, swap, send back."""
    sheet = load(request, pk)
    if not request.user.may(Can.QUICK_WIN_DECIDE, sheet):
        raise Http404
    return _decision_page(request, sheet, request.GET)


def _decision_page(
    request: SignedInRequest, sheet: DecisionSheet, data: Any, *, problems: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    plan = sheet.round.plan
    if sheet.state != State.ON_ITS_WAY:
        return redirect("decision-sheet", sheet.pk)
    if unsound := verify(sheet):
        for sentence in unsound:
            messages.error(request, sentence)
        return redirect("decision-sheet", sheet.pk)
    frozen = Frozen.of(sheet)
    try:
        standing = standing_of(request.user, Can.QUICK_WIN_DECIDE, plan)
    except Refused as refusal:
        standing, problems = None, (*problems, *(str(reason) for reason in refusal.reasons))
    except PermissionError as problem:
        raise Http404 from problem
    swaps = swaps_in(data)
    preview = None
    if swaps:
        try:
            preview = _preview(sheet, frozen, swaps)
        except Refused as refusal:
            problems = (*problems, *(str(reason) for reason in refusal.reasons))
    steps = list(sheet.steps.order_by("pk"))
    turn = deciding.turn_of(sheet, steps)
    leaving, coming = swap_choices(frozen)
    context = {
        "plan": plan,
        "sheet": sheet,
        "crumbs": round_crumbs(sheet.round, (sheet.number, reverse("decision-sheet", args=[sheet.pk]))),
        "problems": problems,
        "standing": standing,
        "is_turn": turn == Office.HEAD and sheet.scan_id is None,
        "turn": Office(turn),
        **_shown(frozen),
        "steps": steps,
        "leaving": leaving,
        "coming": coming,
        "lines": [*swaps, ("", "")] if preview and "tambah" in data else swaps or [("", "")],
        "preview": preview,
        "reason": _text(request, "reason"),
    }
    return render(request, "quick_wins/decision.html", context, status=status)


def _preview(sheet: DecisionSheet, frozen: Frozen, swaps: Any) -> dict[str, Any]:
    """What the swaps cost, the best set that does the same, and which weights would make a single one right."""
    cost = frozen.cost(deciding.swapped(frozen, swaps))
    found: dict[str, Any] = {
        "swaps": [(out, into, frozen.nominees[out]["title"], frozen.nominees[into]["title"]) for out, into in swaps],
        "facts": cost_facts(frozen, cost),
        "money": cost["money"],
        "broken": [frozen.words.get(key, key) for key in cost["broken"]],
    }
    if len(swaps) == 1:
        ((out, into),) = swaps
        put = frozen.content["set"]
        base = Best(frozen.chosen, put["value"], put["value"])
        asked = Asked(sheet.round, [], Values([], {}, {}), [], frozen.question)
        try:
            best = with_swap(asked, out=out, into=into, best=base, seconds=SECONDS)["best"]
        except NotSolved:
            best = "late"
        if best is None:
            found["impossible"] = True
        elif best != "late" and frozenset(best["chosen"]) != (frozen.chosen - {out}) | {into}:
            chosen = frozenset(best["chosen"])
            found["better"] = {
                "value": points(best["value"]),
                "leaves": [one["title"] for one in frozen.in_order(frozen.chosen - chosen)],
                "comes": [one["title"] for one in frozen.in_order(chosen - frozen.chosen)],
            }
        found["weights"] = _weights(frozen, out, into)
    return found


def _weights(frozen: Frozen, out: str, into: str) -> list[tuple[str, Decimal, Decimal]] | None:
    """The criteria whose weight would have to change for the swap to cost nothing: (name, now, then) in per cent."""
    then = weights_for(frozen, out, into)
    if then is None:
        return None
    now = {one["key"]: (one["name"], Decimal(one["weight"])) for one in frozen.content["criteria"]}
    return [
        (now[key][0], now[key][1] * 100, weight * 100)
        for key, weight in then.items()
        if abs(weight - now[key][1]) > Decimal("0.00005")
    ]


@require_POST
@confirmed
def decision_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept, accept with swaps, or send back; after showing once more that it is still the same person."""
    sheet = load(request, pk)
    wish, reason = request.POST.get("do", ""), _text(request, "reason")
    version, by = posted_version(request), request.user
    swaps = swaps_in(request.POST) if wish == "swap" else ()
    try:
        if wish == "return":
            deciding.send_back(sheet, Office.HEAD, remark=reason, by=by, version=version)
        elif wish in ("accept", "swap"):
            if wish == "swap" and not swaps:
                raise Refused([_("Choose who leaves and who comes.")])  # noqa: TRY301  one way out for every refusal
            deciding.decide(sheet, swaps=swaps, reason=reason, by=by, version=version)
        else:
            raise Http404
    except PermissionError as problem:
        raise Http404 from problem
    except Refused as refusal:
        sentences = tuple(str(reason) for reason in refusal.reasons)
        fresh = load(request, pk)
        if by.may(Can.QUICK_WIN_DECIDE, sheet) and fresh.state == State.ON_ITS_WAY:
            return _decision_page(request, fresh, request.POST, problems=sentences, status=422)
        for sentence in sentences:
            messages.error(request, sentence)
        return redirect("decision-sheet", pk)
    except TooLate:
        messages.warning(request, str(FASTER))
        return redirect("decision-sheet", pk)
    said = _("The sheet was sent back to the secretariat.") if wish == "return" else _("Your decision stands.")
    messages.success(request, said)
    return redirect("decision-sheet", pk)


# --- on paper ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand in the scan of the signed paper and enter what stands on it."""
    sheet = load(request, pk)
    if not request.user.may(Can.QUICK_WIN_RUN, sheet):
        raise Http404
    if sheet.state != State.ON_ITS_WAY or sheet.scan_id is not None:
        if request.method == "POST":
            messages.warning(request, str(FASTER))
        return redirect("decision-sheet", pk)
    if verify(sheet):  # the page of the sheet says what is not sound
        return redirect("decision-sheet", pk)
    plan, frozen = sheet.round.plan, Frozen.of(sheet)
    heads = plan.government.positions.filter(is_head=True, person__isnull=False).select_related("person")
    is_post = request.method == "POST"
    form = ScanForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        heads=list(heads.order_by("-pk")),
        offices=deciding.offices_that_lack(sheet),
    )
    if is_post and form.is_valid():
        try:
            disposition = form.disposition(swaps_in(request.POST))
            upload = form.cleaned_data["file"]
            deciding.enter_paper(sheet, upload, disposition, by=request.user, version=posted_version(request))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        except Refused as refusal:
            form.add_error(None, [str(reason) for reason in refusal.reasons])
        except PermissionError as problem:
            raise Http404 from problem
        except TooLate:
            messages.warning(request, str(FASTER))
            return redirect("decision-sheet", pk)
        else:
            messages.success(request, _("The scan has arrived. A second person now compares it with what you entered."))
            return redirect("decision-sheet", pk)
    leaving, coming = swap_choices(frozen)
    context = {
        "plan": plan,
        "sheet": sheet,
        "crumbs": round_crumbs(sheet.round, (sheet.number, reverse("decision-sheet", args=[sheet.pk]))),
        "form": form,
        "heads": bool(heads_on(plan, plan.today)) or bool(form.fields["head"].choices),
        "leaving": leaving,
        "coming": coming,
        "lines": swaps_in(request.POST) or [("", "")],
    }
    return render(request, "quick_wins/sheet_paper.html", context, status=422 if is_post else 200)


def _entered(sheet: DecisionSheet, frozen: Frozen) -> dict[str, Any]:
    """What was entered from the paper, in words, with what it costs."""
    entered = deciding.entered_of(sheet)
    if not entered:
        return {}
    head = sheet.round.plan.government.positions.filter(pk=entered["head"]).select_related("person").first()
    swaps = [(out, into) for out, into in entered["swaps"]]
    return {
        "verdict": str(Verdict(entered["verdict"]).label),
        "head": f"{head.person}, {head.title_in_full}" if head else "",
        "day": date.fromisoformat(entered["day"]),
        "reason": entered["reason"],
        "swaps": [(frozen.nominees[out]["title"], frozen.nominees[into]["title"]) for out, into in swaps],
        "cost": cost_facts(frozen, frozen.cost(deciding.swapped(frozen, swaps))) if swaps else [],
        "signed": [(Office(office).label, name) for office, name in entered["signed"].items()],
    }


def _pairs(frozen: Frozen) -> list[int]:
    """The pages of the scan that the page shows."""
    told = frozen.decision
    entered = told.get("entered") or told.get("paper") or {}
    return list(range(1, min(entered.get("scan_pages", 0), MOST_PAGES) + 1))


def _of_secretariat(request: SignedInRequest, pk: int) -> DecisionSheet:
    sheet = load(request, pk)
    if not request.user.may(Can.QUICK_WIN_RUN, sheet):
        raise Http404
    return sheet


@require_safe
def sheet_scan_page(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One page of the scan as a picture."""
    sheet = _of_secretariat(request, pk)
    if sheet.scan is None:
        raise Http404
    return pages.picture(request, sheet.scan, number)


@require_safe
def sheet_paper_page(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One page of the paper as a picture, to be compared with the scan."""
    sheet = _of_secretariat(request, pk)
    if sheet.pdf is None:
        raise Http404
    return pages.picture(request, sheet.pdf, number)


@require_safe
def sheet_scan_file(request: SignedInRequest, pk: int) -> FileResponse:
    """The scan as it was handed in."""
    return _file(_of_secretariat(request, pk).scan)


@require_POST
@confirmed
def paper_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """A second person confirms that scan, paper and what was entered agree: the decision counts."""
    sheet, version = _of_secretariat(request, pk), posted_version(request)
    _done(
        request,
        lambda: deciding.confirm_paper(sheet, by=request.user, version=version),
        _("Confirmed: what stands on the paper counts now."),
    )
    return redirect("decision-sheet", pk)


@require_POST
def paper_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """The scan does not do, or says something else; whoever entered it learns why."""
    sheet = _of_secretariat(request, pk)
    reason, version = _text(request, "reason"), posted_version(request)
    _done(
        request,
        lambda: deciding.refuse_paper(sheet, reason=reason, by=request.user, version=version),
        _("The scan was refused; whoever entered it has been told why."),
    )
    return redirect("decision-sheet", pk)
