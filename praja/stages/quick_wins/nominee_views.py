"""Pages of nominees: their list, nominating one or many, what one states, dialogues, remarks, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import entry_page, keep_typed, posted_version
from praja.foundation.evidence.forms import EvidenceForm
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused
from praja.foundation.plans.filters import Names
from praja.foundation.plans.models import BudgetLine
from praja.foundation.remarks.fields import count_open, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow.bulk import versions_of
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.way import Rights
from praja.foundation.workflow.withdrawal import LONGEST_REASON
from praja.stages.innovations.figures import printed
from praja.stages.quick_wins import actions, nominating
from praja.stages.quick_wins.models import Dialogue, Nomination
from praja.stages.quick_wins.nominating import MOST_AT_ONCE
from praja.stages.quick_wins.nominee_forms import (
    SECTIONS,
    DialogueForm,
    NewDialogueForm,
    missing_by_section,
    month_words,
)
from praja.stages.quick_wins.nominee_lists import (
    COLUMNS,
    INNOVATION_COLUMNS,
    NomineeFilters,
    named,
    named_innovation,
    planned_money,
)
from praja.stages.quick_wins.reach import (
    CAN_BE_MENDED,
    load_nominee,
    load_round,
    may_edit,
    may_write,
    nominated_by,
    nominees_seen,
)
from praja.stages.quick_wins.round_views import crumbs, may_nominate, round_crumbs

# Whoever scores, endorses or runs the round may remark on a nominee.
RIGHTS = Rights(
    write=Can.QUICK_WIN_NOMINATE, approve=Can.QUICK_WIN_ENDORSE, check=Can.QUICK_WIN_SCORE, accept=Can.QUICK_WIN_RUN
)
Money = Nomination.Money


# --- the list, and nominating -----------------------------------------------------------------------------------------


@require_safe
def round_nominees(request: SignedInRequest, pk: int) -> HttpResponse:
    """The nominees of a round that this person sees."""
    round_ = load_round(request, pk)
    names = Names(round_.plan, address="nominee-detail")
    filters = NomineeFilters(request.GET, round_, names)
    rows = filters.apply(nominees_seen(round_, request.user))
    page = page_of(rows.values(*COLUMNS), order=filters.order, after=filters.after)
    money = planned_money(round_, [row["innovation_id"] for row in page.rows])
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_),
        "round": round_,
        "filters": filters,
        "rows": [named(row, names, money) for row in page.rows],
        "page_of_rows": page,
        "may_nominate": may_nominate(round_, request.user),
    }
    return render(request, "quick_wins/nominee_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_nominate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose innovations of the plan, one or many, and nominate them."""
    round_ = load_round(request, pk)
    user = request.user
    if not user.may_within(Can.QUICK_WIN_NOMINATE, round_.plan):
        raise Http404
    own = nominated_by(user).filter(plan=round_.plan)
    if request.method == "POST":
        keys = list(versions_of(request.POST.getlist("row")))[:MOST_AT_ONCE]
        chosen = list(own.filter(pk__in=keys).order_by("title", "pk")) if keys else []
        went, stayed = nominating.nominate_many(round_, chosen, by=user)
        _say_who_went(request, went, stayed, asked=len(keys))
        if len(went) == 1 and not stayed:
            return redirect("nominee-edit", went[0].pk, next(iter(SECTIONS)))
        return redirect(request.get_full_path() if stayed or not went else reverse("round-nominees", args=[pk]))
    names = Names(round_.plan, address="innovation-detail")
    filters = NomineeFilters(request.GET, round_, names, beside="")
    rows = filters.apply(actions.may_be_nominated(round_).within_reach(user, Can.QUICK_WIN_NOMINATE))
    page = page_of(rows.values(*INNOVATION_COLUMNS), order=filters.order, after=filters.after)
    money = planned_money(round_, [row["pk"] for row in page.rows])
    context = {
        "plan": round_.plan,
        "crumbs": round_crumbs(round_, (_("Nominees"), reverse("round-nominees", args=[pk]))),
        "round": round_,
        "filters": filters,
        "rows": [named_innovation(row, names, money) for row in page.rows],
        "page_of_rows": page,
        "is_open": round_.state in actions.OPEN_TO_NOMINEES,
    }
    return render(request, "quick_wins/nominate.html", context)


def _say_who_went(request: SignedInRequest, went: list[Any], stayed: list[Any], *, asked: int) -> None:
    if not asked:
        messages.warning(request, _("Tick at least one innovation first."))
    elif asked > len(went) + len(stayed):
        messages.warning(request, _("Some of these innovations are not there any more."))
    if went:
        text = ngettext("%(number)d innovation was nominated.", "%(number)d innovations were nominated.", len(went))
        messages.success(request, text % {"number": len(went)})
    for innovation, reason in stayed[:10]:
        messages.error(request, f"{innovation}: {reason}")


@require_http_methods(["GET", "HEAD", "POST"])
def innovation_nominate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Nominate an innovation from its own page."""
    rows = nominated_by(request.user).select_related(
        "plan__government__region", "plan__dimension_set", "dimension", "organisation"
    )
    innovation = get_object_or_404(rows, pk=pk)
    plan = request.plan = innovation.plan
    request.government = plan.government
    round_ = plan.quick_win_rounds.in_service().filter(state__in=actions.OPEN_TO_NOMINEES).first()
    found = round_.nominations.in_service().filter(innovation=innovation).first() if round_ else None
    if request.method == "POST" and round_ and not found:
        went, stayed = nominating.nominate_many(round_, [innovation], by=request.user)
        if went:
            return redirect("nominee-edit", went[0].pk, next(iter(SECTIONS)))
        messages.error(request, stayed[0][1])
        return redirect("innovation-nominate", pk)
    if found:
        return redirect("nominee-detail", found.pk)
    context = {
        "plan": plan,
        "crumbs": crumbs(plan),
        "innovation": innovation,
        "round": round_,
        "is_in_plan": printed(plan).filter(pk=pk).exists(),
    }
    return render(request, "quick_wins/nominate_one.html", context)


# --- one nominee ------------------------------------------------------------------------------------------------------


@require_safe
def nominee_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One nominee: what it states, its money, dialogues, remarks, history."""
    nominee = load_nominee(request, pk)
    round_, user = nominee.round, request.user
    innovation, missing = nominee.innovation, missing_by_section(nominee)
    lines = list(innovation.budget_lines.filter(withdrawn_at=None).select_related("action"))
    mends = may_edit(nominee, user)
    context = {
        **remarks_on_page(nominee, user, SECTIONS, RIGHTS),
        "remarks_url": reverse("nominee-remarks", args=[pk]),
        "plan": round_.plan,
        "crumbs": round_crumbs(round_, (_("Nominees"), reverse("round-nominees", args=[round_.pk]))),
        "round": round_,
        "nominee": nominee,
        "innovation": innovation,
        "sees_innovation": user.may(Can.INNOVATION_VIEW, innovation),
        "begins": month_words(nominee.starts_on) if nominee.starts_on else "",
        "done_in": month_words(nominee.finishes_on) if nominee.finishes_on else "",
        "missing": [
            {"label": label, "url": reverse("nominee-edit", args=[pk, section]) if mends else ""}
            for section, labels in missing.items()
            for label in labels
        ]
        if nominee.withdrawn_at is None and round_.state in CAN_BE_MENDED
        else [],
        "is_outside": not printed(round_.plan).filter(pk=innovation.pk).exists(),
        "budget_lines": lines,
        "total": sum(line.amount_rupiah for line in lines if line.stage != BudgetLine.Stage.REALISED),
        "doubt": doubt_about(nominee, lines),
        "targets": innovation.targets.in_service(),
        "dialogues": with_minutes(list(nominee.dialogues.filter(withdrawn_at=None).select_related("district"))),
        "may_edit": mends,
        "may_bring_back": nominee.withdrawn_at
        and round_.state in actions.OPEN_TO_NOMINEES
        and may_write(nominee, user),
        "history": history_of(nominee),
    }
    return render(request, "quick_wins/nominee_detail.html", context)


def doubt_about(nominee: Nomination, lines: list[BudgetLine]) -> str:
    """What the money lines of the innovation say against the state of the money; "" when they agree."""
    planned = [line for line in lines if line.stage != BudgetLine.Stage.REALISED and line.amount_rupiah]
    stages = {line.stage for line in planned}
    if nominee.money == Money.DPA and BudgetLine.Stage.DPA not in stages:
        return _("It says that its money is in this year's DPA, but no budget line of the innovation is from a DPA.")
    if nominee.money == Money.CHANGED and BudgetLine.Stage.DPA_CHANGED not in stages:
        return _("It says that its money is in the changed budget, but no budget line of the innovation is from it.")
    if nominee.money == Money.NOT_NEEDED and planned:
        return _("It says that no money is needed, but the innovation has budget lines.")
    return ""


def with_minutes(dialogues: list[Dialogue]) -> list[tuple[Dialogue, list[Evidence]]]:
    """Each dialogue with its minutes, in one query."""
    found: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(
        subject=Dialogue._meta.label_lower, subject_id__in=[one.pk for one in dialogues], withdrawn_at=None
    )
    for one in rows.select_related("file").order_by("pk"):
        found.setdefault(one.subject_id, []).append(one)
    return [(one, found.get(one.pk, [])) for one in dialogues]


@require_http_methods(["GET", "HEAD", "POST"])
def nominee_edit(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """One short page of the form."""
    nominee = load_nominee(request, pk)
    title, form_class = get_section(section)
    if answer := _is_closed(request, nominee):
        return answer
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    missing = missing_by_section(nominee)
    notes = notes_of(nominee, SECTIONS, only_open=True)
    detail = reverse("nominee-detail", args=[pk])
    context = {
        "plan": nominee.round.plan,
        "crumbs": round_crumbs(nominee.round, (str(nominee), detail)),
        "section": section,
        "title": title,
        "sections": [(key, name, missing.get(key, [])) for key, (name, _form) in SECTIONS.items()],
        "draft_address": reverse("nominee-draft", args=[pk, section]),
        "is_last": not following,
        "remark_counts": count_open(notes),
    }
    return entry_page(
        request,
        nominee,
        form_class=form_with_remarks(form_class, notes),
        save=nominating.save,
        template="quick_wins/nominee_edit.html",
        context=context,
        done=reverse("nominee-edit", args=[pk, following[0]]) if following else detail,
    )


@require_POST
def nominee_draft(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """The page saves by itself."""
    nominee = load_nominee(request, pk)
    get_section(section)
    if not may_write(nominee, request.user):
        raise Http404
    return keep_typed(request, address=reverse("nominee-edit", args=[pk, section]))


def get_section(section: str) -> Any:
    """Title and form of a page of the form; 404 for an unknown one."""
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section]


def _is_closed(request: SignedInRequest, nominee: Nomination) -> HttpResponse | None:
    """The answer to who may write about a nominee that rests now; 404 for whoever never may, None when it is open."""
    if not may_write(nominee, request.user):
        raise Http404
    if may_edit(nominee, request.user):
        return None
    if nominee.withdrawn_at:
        messages.warning(request, _("This nominee was withdrawn meanwhile. Bring it back before you change it."))
    else:
        messages.warning(request, _("The sheet is on its way to the head of region; this nominee is not changed now."))
    return redirect("nominee-detail", nominee.pk)


@require_POST
def nominee_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a nominee out with a reason, also while it is scored."""
    nominee = load_nominee(request, pk)
    if not may_write(nominee, request.user):
        raise Http404
    reason = request.POST.get("remark", "").replace("\0", "")[:LONGEST_REASON]
    try:
        nominating.withdraw(nominee, reason=reason, by=request.user, version=posted_version(request))
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The nominee was withdrawn. It stays in the history, and can be brought back."))
    return redirect("nominee-detail", pk)


@require_POST
def nominee_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a withdrawal; 404 where nothing was withdrawn."""
    nominee = load_nominee(request, pk)
    if nominee.withdrawn_at is None or not may_write(nominee, request.user):
        raise Http404
    try:
        nominating.bring_back(nominee, by=request.user, version=posted_version(request))
    except Refused as refused:
        messages.error(request, str(refused.reasons[0]))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    else:
        messages.success(request, _("The nominee is back. Rules that spoke of it have to be set again."))
    return redirect("nominee-detail", pk)


@require_POST
def nominee_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a remark on the nominee or on one field of it."""
    nominee = load_nominee(request, pk)
    page = reverse("nominee-detail", args=[pk])
    return remark_left(request, nominee, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def nominee_remark(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    nominee = load_nominee(request, pk)
    page = reverse("nominee-detail", args=[pk])
    return remark_answered(request, nominee, remark_pk, may_mend=may_edit(nominee, request.user), page=page)


# --- dialogues with residents -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def dialogue_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a talk with residents, with its minutes where they are at hand."""
    nominee = load_nominee(request, pk)
    if answer := _is_closed(request, nominee):
        return answer
    is_sent = request.method == "POST"
    form = NewDialogueForm(
        request.POST if is_sent else None, files=request.FILES, instance=Dialogue(nomination=nominee), user=request.user
    )
    if is_sent and form.is_valid():
        said = form.columns()
        if _dialogue_sent_before(nominee, request.user, said):
            return redirect("nominee-detail", pk)
        if (file := _minutes(form, request, nominee)) is not None or not form.errors:
            try:
                nominating.add_dialogue(nominee, by=request.user, file=file, **said)
            except Refused as refused:
                form.add_error(None, str(refused.reasons[0]))
            else:
                messages.success(request, _("The dialogue was recorded."))
                return redirect("nominee-detail", pk)
    context = {
        "plan": nominee.round.plan,
        "crumbs": round_crumbs(nominee.round, (str(nominee), reverse("nominee-detail", args=[pk]))),
        "nominee": nominee,
        "form": form,
    }
    return render(request, "quick_wins/dialogue_new.html", context, status=422 if is_sent else 200)


def _dialogue_sent_before(nominee: Nomination, user: Any, said: dict[str, Any]) -> bool:
    same = nominee.dialogues.filter(withdrawn_at=None, created_by=user, version=1, **said)
    return same.exists()


def _minutes(form: NewDialogueForm, request: SignedInRequest, nominee: Nomination) -> Any:
    """The minutes as a stored file; None without any, or with an error in the form when the file is refused."""
    upload = form.cleaned_data.get("minutes")
    if not upload:
        return None
    try:
        return store(upload, by=request.user, organisation_path=nominee.organisation_path)
    except FileRefused as problem:
        form.add_error("minutes", str(problem))
        return None


def load_dialogue(request: SignedInRequest, pk: int) -> Dialogue:
    """The dialogue if this person sees its nominee; else 404."""
    row = get_object_or_404(Dialogue.objects.filter(withdrawn_at=None).only("nomination_id"), pk=pk)
    nominee = load_nominee(request, row.nomination_id)
    dialogue = get_object_or_404(nominee.dialogues.filter(withdrawn_at=None).select_related("district"), pk=pk)
    dialogue.nomination = nominee
    return dialogue


@require_http_methods(["GET", "HEAD", "POST"])
def dialogue_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a dialogue; its minutes stand below."""
    dialogue = load_dialogue(request, pk)
    nominee = dialogue.nomination
    if answer := _is_closed(request, nominee):
        return answer
    detail = reverse("nominee-detail", args=[nominee.pk])
    context = {
        "plan": nominee.round.plan,
        "crumbs": round_crumbs(nominee.round, (str(nominee), detail)),
        "nominee": nominee,
        "draft_address": reverse("dialogue-draft", args=[pk]),
        "minutes": Evidence.objects.about(dialogue).select_related("file"),
        "minutes_form": EvidenceForm(initial={"title": _("Minutes"), "kind": Evidence.Kind.REPORT}),
        "history": history_of(dialogue),
    }
    return entry_page(
        request,
        dialogue,
        form_class=DialogueForm,
        save=nominating.save,
        template="quick_wins/dialogue_edit.html",
        context=context,
        done=detail,
    )


@require_POST
def dialogue_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page saves by itself."""
    dialogue = load_dialogue(request, pk)
    if not may_write(dialogue.nomination, request.user):
        raise Http404
    return keep_typed(request, address=reverse("dialogue-edit", args=[pk]))


@require_POST
def dialogue_minutes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a file or a link."""
    dialogue = load_dialogue(request, pk)
    if answer := _is_closed(request, dialogue.nomination):
        return answer
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and (stored := form.store(by=request.user, organisation_path=dialogue.organisation_path)):
        nominating.attach(dialogue, by=request.user, **stored)
        messages.success(request, _("The minutes were added."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("dialogue-edit", pk)


@require_POST
def dialogue_minutes_withdraw(request: SignedInRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """Take a file or link away."""
    dialogue = load_dialogue(request, pk)
    if answer := _is_closed(request, dialogue.nomination):
        return answer
    evidence = get_object_or_404(Evidence.objects.about(dialogue), pk=evidence_pk)
    nominating.detach(dialogue, evidence=evidence, by=request.user)
    messages.success(request, _("The minutes were taken away. They stay in the history."))
    return redirect("dialogue-edit", pk)


@require_POST
def dialogue_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a dialogue away."""
    dialogue = load_dialogue(request, pk)
    if answer := _is_closed(request, dialogue.nomination):
        return answer
    try:
        nominating.withdraw_dialogue(dialogue, by=request.user, version=posted_version(request))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return redirect("dialogue-edit", pk)
    messages.success(request, _("The dialogue was taken away. It stays in the history."))
    return redirect("nominee-detail", dialogue.nomination_id)
