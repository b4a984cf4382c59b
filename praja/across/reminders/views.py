"""Pages of the week and of one agency that is late, and what is sent from them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid6 import uuid7

from praja.across.reminders import actions, texts
from praja.across.reminders.actions import Message
from praja.across.reminders.advice import ADVICE, PRINT_PROPOSAL
from praja.across.reminders.forms import AssistanceForm, ExceptionForm, ReasonForm, TextField
from praja.across.reminders.lines import Line, Recipient, late_lines
from praja.across.reminders.models import Assistance, ExceptionWish, LateReason, Reminder
from praja.across.reminders.weekly import Weekly
from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.rows import TooLate
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import DeadlineException, Plan
from praja.foundation.ui.formats import percent
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.coverage import coverage
from praja.stages.preparation.stages import STAGES

TITLES = {stage.key: stage.title for stage in STAGES}
MOST_SHOWN = 30


# --- the week ---------------------------------------------------------------------------------------------------------


@require_safe
def weekly(request: SignedInRequest, slug: str) -> HttpResponse:
    """The week on one page, to act on and to print."""
    plan = plan_within_reach(request, slug, Can.COVERAGE_REMIND)
    week = Weekly(plan)
    asked, delivered = len(week.table.asked), len(week.table.delivered)
    context = {
        "plan": plan,
        "week": week,
        "asked": asked,
        "delivered": delivered,
        "share": percent(delivered, asked),
        "heading": _week_heading(asked, delivered),
        "figures": _figures(week, asked, delivered),
        "titles": TITLES,
    }
    return render(request, "reminders/weekly.html", context)


def _week_heading(asked: int, delivered: int) -> str:
    if not asked:
        return _("Nothing has been asked of any agency yet")
    values = {"delivered": delivered, "asked": asked, "share": percent(delivered, asked)}
    if delivered == asked:
        return _("All %(asked)s agencies have delivered") % values
    return _("%(delivered)s of %(asked)s agencies have delivered: %(share)s") % values


def _figures(week: Weekly, asked: int, delivered: int) -> list[dict[str, Any]]:
    slug = [week.plan.slug]
    return [
        {
            "label": _("Agencies that delivered"),
            "value": delivered,
            "of": _("of %(asked)s") % {"asked": asked},
            "hint": _change_in_words(week),
            "url": reverse("coverage", args=slug),
        },
        {
            "label": _("Late without a reason"),
            "value": week.without_reason,
            "of": _("of %(asked)s") % {"asked": len(week.lines)},
            "url": "#kelompok",
        },
        {"label": _("Agencies reminded this week"), "value": week.reminded, "url": "#kelompok"},
        {
            "label": _("Rows on their way"),
            "value": sum(desk.problems + desk.innovations for desk, _days in week.desks),
            "url": "#jalan",
        },
    ]


def _change_in_words(week: Weekly) -> str:
    """What changed since the week began, and in the week before."""
    if week.change is None:
        return _("compared from next Monday on")
    words = _("%(change)s this week") % {"change": _signed(week.change)}
    if week.change_before is not None:
        words += _(", %(change)s the week before") % {"change": _signed(week.change_before)}
    return words


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


# --- reminding --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """The texts for whoever is late, to be looked at and copied; sending the page notes who was reminded."""
    plan = plan_within_reach(request, slug, Can.COVERAGE_REMIND)
    lines = [line for line in late_lines(plan, coverage(plan)) if line.open_lacks]
    data = request.POST if request.method == "POST" else request.GET
    advice = ADVICE.get(data.get("saran", ""))
    chosen = [line for line in lines if advice is None or line.advice is advice]
    if request.method == "POST":
        return _noted(request, plan, lines, chosen)
    group = texts.group_text(plan, chosen, by=request.user, address=_address(request, plan)) if chosen else ""
    context = {
        "plan": plan,
        "crumbs": [(_("This week"), reverse("weekly", args=[slug]))],
        "advice": advice,
        "advices": {line.advice.key: line.advice for line in lines}.values(),
        "entries": [entry for line in chosen for entry in entries_of(request, line)],
        "group": group,
        "digest": texts.digest(group),
        "reminded_today": sum(line.was_reminded_today for line in chosen),
        "channels": [choice for choice in Reminder.Channel.choices if choice[0] != Reminder.Channel.GROUP],
        "sending": uuid7(),
    }
    return render(request, "reminders/remind.html", context)


def entries_of(request: SignedInRequest, line: Line) -> list[dict[str, Any]]:
    """The texts for one agency: one for each person, else one for the agency as such."""
    recipients: list[Recipient | None] = [*line.recipients] or [None]
    made = [(one, _text(request, line, one)) for one in recipients]
    return [
        {
            "line": line,
            "recipient": recipient,
            "text": text,
            "key": _key(line, recipient),
            "digest": texts.digest(text),
            "link": texts.whatsapp_url(recipient.person.phone, text) if recipient else "",
        }
        for recipient, text in made
    ]


def _text(request: SignedInRequest, line: Line, recipient: Recipient | None) -> str:
    return texts.reminder_text(line, recipient, by=request.user, address=_address(request, line.plan))


def _key(line: Line, recipient: Recipient | None) -> str:
    return f"{line.organisation.pk}-{recipient.person.pk if recipient else 0}"


def _address(request: HttpRequest, plan: Plan) -> str:
    return request.build_absolute_uri(reverse("plan-home", args=[plan.slug]))


def _noted(request: SignedInRequest, plan: Plan, lines: list[Line], chosen: list[Line]) -> HttpResponse:
    """Note the reminders of a page that was sent, unless its texts are no longer what they were."""
    back = _way_back(request, plan, lines)
    try:
        sending = UUID(request.POST.get("sending", ""))
    except ValueError:
        messages.error(request, _("The page was not complete. Please open it again; nothing was noted."))
        return redirect(back)
    channel = request.POST.get("channel", "")
    if channel not in Reminder.Channel.values:
        messages.error(request, _("Say first through what you reminded: WhatsApp, phone, letter."))
        return redirect(back)
    if channel == Reminder.Channel.GROUP:
        text = texts.group_text(plan, chosen, by=request.user, address=_address(request, plan)) if chosen else ""
        fresh = [Message(line, None, text) for line in chosen]
        shown = fresh if texts.digest(text) == request.POST.get("digest", "") else []
        missed = len(fresh) - len(shown)
    else:
        ticked = set(request.POST.getlist("row"))
        known = {entry["key"]: entry for line in lines for entry in entries_of(request, line)}
        fresh = [_message(known[key]) for key in ticked & known.keys()]
        shown = [
            one
            for one in fresh
            if texts.digest(one.text) == request.POST.get(f"digest-{_key(one.line, one.recipient)}")
        ]
        missed = len(ticked) - len(shown)
    made = actions.remind(plan, shown, by=request.user, channel=channel, sending=sending, again="again" in request.POST)
    _say_noted(request, made=len(made), today=len(shown) - len(made), missed=missed)
    return redirect(back)


def _message(entry: dict[str, Any]) -> Message:
    return Message(entry["line"], entry["recipient"], entry["text"])


def _say_noted(request: SignedInRequest, *, made: int, today: int, missed: int) -> None:
    if made:
        words = ngettext("%(count)s reminder is noted.", "%(count)s reminders are noted.", made)
        messages.success(request, words % {"count": made})
    if today:
        words = ngettext(
            "%(count)s was reminded today already and is not noted again. Tick “remind again” if you did.",
            "%(count)s were reminded today already and are not noted again. Tick “remind again” if you did.",
            today,
        )
        messages.warning(request, words % {"count": today})
    if missed:
        words = ngettext(
            "%(count)s text has changed since the page was opened, perhaps because the agency delivered. Look again.",
            "%(count)s texts have changed since the page was opened, perhaps because agencies delivered. Look again.",
            missed,
        )
        messages.warning(request, words % {"count": missed})
    if not (made or today or missed):
        messages.info(request, _("Nobody was chosen; nothing was noted."))


def _way_back(request: SignedInRequest, plan: Plan, lines: list[Line]) -> str:
    """To the page of the agency that sent this, else to the week."""
    for line in lines:
        if request.POST.get("opd") == str(line.organisation.pk):
            return reverse("follow-up", args=[plan.slug, line.organisation.pk]) + "#pengingat"
    return reverse("weekly", args=[plan.slug])


# --- one agency -------------------------------------------------------------------------------------------------------


def load(request: SignedInRequest, slug: str, pk: int, permission: Can | None = None) -> tuple[Plan, Organisation]:
    """An agency of this plan that the person writes for or reminds (with `permission`: only so); else 404."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    agencies = Organisation.objects.agencies().filter(parent=plan.government)
    reached = [
        agencies.within_reach(request.user, one)
        for one in ((permission,) if permission else (Can.COVERAGE_REMIND, Can.INNOVATION_WRITE))
    ]
    for found in reached:
        if agency := found.filter(pk=pk).first():
            return plan, agency
    raise Http404


@require_safe
def follow_up(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """What one agency owes, why, and what is done about it."""
    plan, agency = load(request, slug, pk)
    return agency_page(request, plan, agency)


def agency_page(request: SignedInRequest, plan: Plan, agency: Organisation, **bound: Any) -> HttpResponse:
    """The page of one agency; `bound` are forms that came back with something to mend."""
    windows = Windows(plan)
    table = coverage(plan)
    lines = late_lines(plan, table, windows)
    line = next((line for line in lines if line.organisation.pk == agency.pk), None)
    row = table.row_of(agency.pk)
    reasons = list(
        LateReason.objects.filter(plan=plan, organisation=agency).select_related("said_by__person")[:MOST_SHOWN]
    )
    current = next((reason for reason in reasons if reason.replaced_at is None), None)
    may_remind = request.user.may(Can.COVERAGE_REMIND, agency)
    shut = [stage for stage in ("problems", "innovations") if windows.of(stage, agency.pk).is_over]
    wishes = list(
        ExceptionWish.objects.filter(plan=plan, organisation=agency).select_related(
            "by__person", "answered_by__person"
        )[:MOST_SHOWN]
    )
    open_stages = {wish.stage for wish in wishes if wish.answered_at is None}
    exceptions = DeadlineException.objects.filter(plan=plan, organisation=agency, withdrawn_at=None)
    reminders = Reminder.objects.filter(plan=plan, organisation=agency).select_related("by__person", "person")
    assistances = Assistance.objects.filter(plan=plan, organisation=agency).select_related(
        "promised_by__person", "done_by__person"
    )
    above = (_("This week"), "weekly") if may_remind else (_("Overview"), "plan-home")
    context: dict[str, Any] = {
        "plan": plan,
        "crumbs": [(above[0], reverse(above[1], args=[plan.slug]))],
        "agency": agency,
        "row": row,
        "line": line,
        "current": current,
        "reasons": reasons,
        "may_remind": may_remind,
        "may_write": request.user.may(Can.INNOVATION_WRITE, agency),
        "shut": [(stage, TITLES[stage]) for stage in shut if stage not in open_stages],
        "wishes": wishes,
        "exceptions": exceptions,
        "titles": TITLES,
        "reminders": reminders[:MOST_SHOWN],
        "assistances": assistances[:MOST_SHOWN],
        "reason_form": ReasonForm(initial=_initial(current)),
        "agencies": [other.organisation.name for other in table.rows if other.organisation.pk != agency.pk],
        "print_proposal": PRINT_PROPOSAL.page(plan),
    }
    if may_remind:
        context |= {
            "help_form": AssistanceForm(plan=plan),
            "exception_form": ExceptionForm(
                plan=plan, stages=_stages(), initial={"stage": (shut or ["innovations"])[0]}
            ),
            "entries": entries_of(request, line) if line and line.open_lacks else [],
            "data_text": texts.data_text(line, by=request.user) if line else "",
            "channels": [choice for choice in Reminder.Channel.choices if choice[0] != Reminder.Channel.GROUP],
            "sending": uuid7(),
        }
    return render(request, "reminders/agency.html", {**context, **bound}, status=422 if bound else 200)


def _initial(current: LateReason | None) -> dict[str, str]:
    return {"kind": current.kind, "note": current.note, "holder": current.holder} if current else {}


def _stages() -> list[tuple[str, Any]]:
    return [(stage, TITLES[stage]) for stage in ("problems", "innovations")]


def _done(plan: Plan, agency: Organisation, anchor: str) -> HttpResponse:
    return redirect(reverse("follow-up", args=[plan.slug, agency.pk]) + f"#{anchor}")


def _too_late(request: SignedInRequest) -> None:
    messages.warning(request, _("Somebody else was faster. This is how it stands now."))


@require_POST
def reason_say(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Say why the agency is late."""
    plan, agency = load(request, slug, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return agency_page(request, plan, agency, reason_form=form)
    replaces = request.POST.get("replaces", "")
    try:
        actions.say_reason(plan, agency, by=request.user, values=form.cleaned_data, replaces=_number(replaces))
    except TooLate:
        form.add_error(
            None, _("Somebody noted another reason meanwhile; it stands above. Send yours again if it holds.")
        )
        return agency_page(request, plan, agency, reason_form=form)
    messages.success(request, _("The reason is noted. Agency and secretariat see it."))
    return _done(plan, agency, "alasan")


@require_POST
def help_promise(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """A call or visit on a day."""
    plan, agency = load(request, slug, pk, Can.COVERAGE_REMIND)
    form = AssistanceForm(request.POST, plan=plan)
    if not form.is_valid():
        return agency_page(request, plan, agency, help_form=form)
    actions.promise_help(plan, agency, by=request.user, values=form.cleaned_data)
    messages.success(request, _("The help is noted, and the agency is told."))
    return _done(plan, agency, "pendampingan")


@require_POST
def help_done(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The help was given."""
    plan, agency = load(request, slug, pk, Can.COVERAGE_REMIND)
    rows = Assistance.objects.filter(plan=plan, organisation=agency).select_related("organisation")
    assistance = get_object_or_404(rows, pk=_number(request.POST.get("help", "")))
    try:
        actions.finish_help(assistance, by=request.user, result=_words(request, "result", 300))
        messages.success(request, _("Noted as done."))
    except TooLate:
        _too_late(request)
    return _done(plan, agency, "pendampingan")


@require_POST
def exception_ask(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The agency asks to hand in after the stage has closed: one click leaves a note to the coordinator."""
    plan, agency = load(request, slug, pk, Can.INNOVATION_WRITE)
    stage = request.POST.get("stage", "")
    if stage not in dict(_stages()):
        messages.error(request, _("Choose for what you ask: problems or innovations."))
        return _done(plan, agency, "pengecualian")
    try:
        actions.ask_exception(plan, agency, by=request.user, stage=stage, note=_words(request, "note", 300))
        messages.success(request, _("The coordinator has your note. The answer comes as a notice."))
    except Refused as refused:
        messages.info(request, " ".join(map(str, refused.reasons)))
    return _done(plan, agency, "pengecualian")


@require_POST
def exception_give(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Let the agency hand in after the stage has closed, until a day."""
    plan, agency = load(request, slug, pk, Can.COVERAGE_REMIND)
    form = ExceptionForm(request.POST, plan=plan, stages=_stages())
    if not form.is_valid():
        return agency_page(request, plan, agency, exception_form=form)
    try:
        actions.give_exception(plan, agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("The exception is recorded, and the agency is told."))
    except TooLate:
        _too_late(request)
    return _done(plan, agency, "pengecualian")


@require_POST
def exception_decline(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """No exception, with a word why."""
    plan, agency = load(request, slug, pk, Can.COVERAGE_REMIND)
    rows = ExceptionWish.objects.filter(plan=plan, organisation=agency).select_related("plan", "organisation")
    wish = get_object_or_404(rows, pk=_number(request.POST.get("wish", "")))
    remark = _words(request, "remark", 300)
    if not remark:
        messages.error(request, _("Write in a few words why not, so that the agency knows what to do instead."))
        return _done(plan, agency, "pengecualian")
    try:
        actions.decline_wish(wish, by=request.user, remark=remark)
        messages.success(request, _("Declined; the agency is told why."))
    except TooLate:
        _too_late(request)
    return _done(plan, agency, "pengecualian")


@require_POST
def exception_end(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """An exception no longer holds."""
    plan, agency = load(request, slug, pk, Can.COVERAGE_REMIND)
    rows = DeadlineException.objects.filter(plan=plan, organisation=agency, withdrawn_at=None)
    exception = get_object_or_404(rows.select_related("organisation"), pk=_number(request.POST.get("exception", "")))
    try:
        actions.end_exception(exception, by=request.user)
        messages.success(request, _("The exception has ended."))
    except TooLate:
        _too_late(request)
    return _done(plan, agency, "pengecualian")


def _number(text: str) -> int:
    """A key from a form; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0


def _words(request: HttpRequest, name: str, most: int) -> str:
    """A short text from a form, cleaned; what is too long is cut."""
    return TextField(required=False).clean(request.POST.get(name, ""))[:most]
