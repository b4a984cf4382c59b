"""Pages about innovations: load within reach, call, render."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry import posted_version, sent_before
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.evidence.actions import attach, detach
from praja.foundation.evidence.forms import EvidenceForm
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.filters import Filters, Names
from praja.foundation.remarks.fields import count_open, counts_of_rows, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.ui.lists import page_of
from praja.foundation.workflow import changing
from praja.foundation.workflow.bulk import Many, actions_for, many_page
from praja.foundation.workflow.models import State
from praja.foundation.workflow.pages import moved
from praja.foundation.workflow.standing import round_of, stations, whereabouts, words_for
from praja.foundation.workflow.steps import Refused
from praja.foundation.workflow.waiting import mine_among
from praja.foundation.workflow.withdrawal import brought_back, withdrawn
from praja.stages.analysis.models import EarlierItem
from praja.stages.innovations import actions, notices
from praja.stages.innovations.forms import SECTIONS, NewInnovationForm, NotYetForm
from praja.stages.innovations.models import Innovation, NotYet
from praja.stages.innovations.steps import NO_PROPOSAL, RIGHTS, WORKFLOW, is_outside_affairs, missing_by_section

MANY = Many(WORKFLOW, RIGHTS, notices.WORDS, actions.take_step, title=gettext_lazy("Innovations"))
SORTS = {"terbaru": "-pk", "nama": "title"}
LIST_COLUMNS = (
    "pk",
    "title",
    "long_name",
    "state",
    "is_it",
    "is_unverified",
    "organisation_id",
    "organisation_path",
    "dimension_id",
    "sub_dimension_id",
)
# Text fields into which a column of a foreign sheet can be placed later.
PLACES = (
    "summary",
    "goal",
    "benefit",
    "result",
    "design",
    "uniqueness",
    "growth_potential",
    "sustainability",
    "needs_people",
    "needs_infrastructure",
    "needs_data",
    "risk",
    "risk_mitigation",
)


def load(request: SignedInRequest, pk: int, permission: Can = Can.INNOVATION_VIEW) -> Innovation:
    """The innovation if this person reaches it; else 404."""
    innovations = Innovation.objects.within_reach(request.user, permission).select_related(
        "plan__government__region",
        "plan__dimension_set",
        "organisation",
        "dimension",
        "sub_dimension",
        "affair",
        "earlier_item__earlier",
    )
    innovation = get_object_or_404(innovations, pk=pk)
    request.plan = innovation.plan  # the navigation speaks of it, and need not look for it
    return innovation


@require_safe
def innovation_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The innovations of a plan that this person may see."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    names = Names(plan, address="innovation-detail")
    filters = Filters(request.GET, names, sorts=SORTS, user=request.user, rights=RIGHTS, with_it=True)
    innovations = plan.innovations.in_service().within_reach(request.user, Can.INNOVATION_VIEW)
    page = page_of(filters.apply(innovations).values(*LIST_COLUMNS), order=filters.order, after=filters.after)
    mine = mine_among(page.rows, request.user, plan, RIGHTS, names.dimensions)
    remarks = counts_of_rows(Innovation, [row["pk"] for row in page.rows])
    may_write = request.user.may_within(Can.INNOVATION_WRITE, plan)
    return render(
        request,
        "innovations/list.html",
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
def innovation_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """A title is enough to begin."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    if not request.user.may_within(Can.INNOVATION_WRITE, plan):
        raise Http404
    form = NewInnovationForm(request.POST or None, plan=plan, user=request.user)
    if request.method == "POST" and form.is_valid():
        innovation = sent_before(plan.innovations, by=request.user, **form.cleaned_data)
        innovation = innovation or actions.start(plan, by=request.user, **form.cleaned_data)
        return redirect("innovation-edit", innovation.pk, "identity")
    return render(request, "innovations/new.html", {"plan": plan, "form": form}, status=422 if form.is_bound else 200)


@require_safe
def innovation_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One innovation: what lacks, facts, money, indicators, steps, remarks, history."""
    innovation = load(request, pk)
    history = history_of(innovation)
    way = round_of(history)
    mends = may_edit(innovation, request.user)
    return render(
        request,
        "innovations/detail.html",
        {
            **remarks_on_page(innovation, request.user, SECTIONS, RIGHTS),
            "standing": words_for(innovation, request.user, RIGHTS),
            "stations": stations(innovation, way, request.user, RIGHTS),
            "way": way,
            "remarks_url": reverse("innovation-remarks", args=[pk]),
            "plan": innovation.plan,
            "crumbs": crumbs(innovation),
            "innovation": innovation,
            "is_outside_affairs": is_outside_affairs(innovation),
            "problems": innovation.problems.in_service().select_related("organisation"),
            "targets": innovation.targets.in_service(),
            "gaps": innovation.gaps.in_service().select_related("sub_dimension"),
            "supporting": innovation.supporting.all(),
            "budget_lines": innovation.budget_lines.filter(withdrawn_at=None).select_related("action"),
            # Later stages know what an action is; here it is a title with years. So is a nomination: the name of its round.
            "actions_of_it": innovation.actions.filter(withdrawn_at=None).order_by("order", "pk"),
            "may_act": innovation.state == State.ACCEPTED
            and innovation.withdrawn_at is None
            and request.user.may(Can.ACTION_WRITE, innovation),
            "nominations": innovation.nominations.filter(withdrawn_at=None).select_related("round"),
            "may_nominate": innovation.state == State.ACCEPTED
            and innovation.withdrawn_at is None
            and request.user.may(Can.QUICK_WIN_NOMINATE, innovation),
            "indicators": innovation.indicators.filter(withdrawn_at=None).prefetch_related("targets"),
            "partners": innovation.partners.filter(withdrawn_at=None),
            "evidence": Evidence.objects.about(innovation).select_related("file"),
            "unplaced": innovation.unplaced.filter(placed_at=None),
            "choices": WORKFLOW.choices(innovation, request.user),
            "may_edit": mends,
            "may_bring_back": innovation.withdrawn_at and may_withdraw(innovation, request.user),
            "missing": missing_by_section(innovation) if innovation.is_with_the_agency else {},
            "history": history,
        },
    )


def get_section(section: str) -> Any:
    """Title and form of a page of the form; 404 for an unknown one."""
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section]


def load_page(request: SignedInRequest, pk: int, section: str) -> Innovation:
    """The innovation for one of its short pages; 404 for an unknown one."""
    innovation = load_for_edit(request, pk)
    get_section(section)
    return innovation


@entry("innovation-edit", draft="innovation-draft", load=load_page)
def innovation_edit(_request: SignedInRequest, innovation: Innovation, pk: int, section: str) -> Entry:
    """One short page of the form."""
    title, form_class = get_section(section)
    keys = list(SECTIONS)
    following = keys[keys.index(section) + 1 :]
    detail = reverse("innovation-detail", args=[pk])
    missing = missing_by_section(innovation)
    notes = notes_of(innovation, SECTIONS, only_open=True)
    context = {
        "plan": innovation.plan,
        "crumbs": [*crumbs(innovation), (innovation.title, reverse("innovation-detail", args=[pk]))],
        "section": section,
        "title": title,
        "sections": [(key, name, missing.get(key, [])) for key, (name, _form) in SECTIONS.items()],
        "is_last": not following,
        "remark_counts": count_open(notes),
        "evidence": Evidence.objects.about(innovation).select_related("file") if section == "partners" else [],
        "unplaced": innovation.unplaced.filter(placed_at=None),
        "places": [(field.name, field.verbose_name) for field in Innovation._meta.fields if field.name in PLACES],
        "evidence_form": EvidenceForm() if section == "partners" else None,
    }
    return Entry(
        innovation,
        form_class=form_with_remarks(form_class, notes),
        save=actions.save,
        template="innovations/edit.html",
        context=context,
        done=reverse("innovation-edit", args=[pk, following[0]]) if following else detail,
    )


@require_POST
def innovation_steps(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit, accept or return."""
    innovation = load(request, pk)
    return moved(request, innovation, actions.take_step, done=reverse("innovation-detail", args=[pk]), says=whereabouts)


@require_http_methods(["GET", "HEAD", "POST"])
def innovation_many(request: SignedInRequest, slug: str) -> HttpResponse:
    """Preview what a step does with the rows that were ticked, then take it."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    rows = plan.innovations.in_service().within_reach(request.user, Can.INNOVATION_VIEW)

    def filtered(query: QueryDict) -> Any:
        names = Names(plan, address="innovation-detail")
        return Filters(query, names, sorts=SORTS, user=request.user, rights=RIGHTS, with_it=True).apply(rows)

    return many_page(request, plan, rows, MANY, filtered=filtered)


@require_POST
def innovation_remarks(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a remark on the innovation or on one field of it."""
    innovation = load(request, pk)
    page = reverse("innovation-detail", args=[pk])
    return remark_left(request, innovation, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def innovation_remark(request: SignedInRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    innovation = load(request, pk)
    page = reverse("innovation-detail", args=[pk])
    return remark_answered(request, innovation, remark_pk, may_mend=may_edit(innovation, request.user), page=page)


@require_POST
def innovation_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the innovation out of the plan; it stays in the history."""
    innovation = load_for_edit(request, pk)
    return withdrawn(
        request,
        innovation,
        said=_("The innovation was withdrawn. It stays in the history."),
        to_list=reverse("innovation-list", args=[innovation.plan.slug]),
        to_row=reverse("innovation-detail", args=[pk]),
    )


@require_POST
def innovation_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a withdrawal; 404 where nothing was withdrawn."""
    innovation = load(request, pk, Can.INNOVATION_WRITE)
    if innovation.withdrawn_at is None or not may_withdraw(innovation, request.user):
        raise Http404
    said = _("The innovation is back in the plan.")
    return brought_back(request, innovation, said=said, to_row=reverse("innovation-detail", args=[pk]))


@require_POST
def evidence_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a file or a link."""
    innovation = load_for_edit(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and (stored := form.store(by=request.user, organisation_path=innovation.organisation_path)):
        attach(innovation, by=request.user, **stored)
        messages.success(request, _("The evidence was added."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("innovation-edit", pk, "partners")


@require_POST
def evidence_withdraw(request: SignedInRequest, pk: int, evidence_pk: int) -> HttpResponse:
    """Take a file or link away."""
    innovation = load_for_edit(request, pk)
    evidence = get_object_or_404(Evidence.objects.about(innovation), pk=evidence_pk)
    detach(innovation, evidence=evidence, by=request.user)
    messages.success(request, _("The evidence was taken away. It stays in the history."))
    return redirect("innovation-edit", pk, "partners")


@require_POST
def unplaced_place(request: SignedInRequest, pk: int, unplaced_pk: int) -> HttpResponse:
    """Put a column of the source into a field."""
    innovation = load_for_edit(request, pk)
    unplaced = get_object_or_404(innovation.unplaced.filter(placed_at=None), pk=unplaced_pk)
    field = request.POST.get("field", "")
    if field not in PLACES:
        messages.error(request, _("Choose the field into which this column belongs."))
    else:
        actions.place(unplaced, field=field, by=request.user)
        messages.success(request, _("The column was placed."))
    return redirect("innovation-detail", pk)


@require_POST
def earlier_item_innovation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin an innovation from a programme of the earlier masterplan, once."""
    items = EarlierItem.objects.within_reach(request.user, Can.INNOVATION_WRITE)
    item = get_object_or_404(items, pk=pk)
    try:
        innovation = actions.continue_earlier(item, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.reasons[0]))
        return redirect("earlier-item", pk)
    return redirect("innovation-detail", innovation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def tray(request: SignedInRequest, slug: str) -> HttpResponse:
    """Innovations that no agency carries yet; the coordinator gives them to one."""
    plan = plan_within_reach(request, slug, Can.INNOVATION_ACCEPT)
    agencies = plan.government.children.agencies()
    if request.method == "POST":
        chosen = forms.ModelChoiceField(agencies)
        number = request.POST.get("innovation", "")
        pk = int(number) if number.isdecimal() and len(number) < 19 else 0
        innovation = get_object_or_404(plan.innovations.without_agency(), pk=pk)
        try:
            organisation = chosen.clean(request.POST.get("organisation"))
            actions.assign(innovation, organisation=organisation, by=request.user, version=posted_version(request))
        except forms.ValidationError:
            messages.error(request, _("Choose the agency that carries this innovation."))
        except TooLate:
            messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        else:
            messages.success(request, _("%(title)s now belongs to %(agency)s.") % {
                "title": innovation.title, "agency": organisation
            })  # fmt: skip
        return redirect("tray", slug)
    page = page_of(
        plan.innovations.without_agency().select_related("dimension"), order="pk", after=request.GET.get("sesudah", "")
    )
    return render(request, "innovations/tray.html", {"plan": plan, "page_of_rows": page, "agencies": agencies})


@require_http_methods(["GET", "HEAD", "POST"])
def not_yet_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """An agency says that it has nothing to propose; below it what was said before."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    form = NotYetForm(request.POST or None, plan=plan, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.say_no_proposal(by=request.user, plan=plan, **form.cleaned_data)
        messages.success(request, _("Submitted. The coordinator will accept it or ask back."))
        return redirect("not-yet-new", slug)
    said = plan.not_yet.within_reach(request.user, Can.INNOVATION_VIEW).select_related("organisation", "dimension")
    rows = [(row, NO_PROPOSAL.choices(row, request.user)) for row in said[:200]]
    context = {"plan": plan, "form": form, "said": rows}
    return render(request, "innovations/not_yet.html", context, status=422 if form.is_bound else 200)


@require_POST
def not_yet_steps(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept or return the word that there is nothing to propose."""
    not_yet = get_object_or_404(
        NotYet.objects.within_reach(request.user, Can.INNOVATION_VIEW).select_related("plan", "organisation"), pk=pk
    )
    done = reverse("not-yet-new", args=[not_yet.plan.slug])
    return moved(request, not_yet, actions.take_no_proposal_step, done=done)


def may_edit(innovation: Innovation, user: Any) -> bool:
    """The agency while it has the row; the secretariat also while it checks. A withdrawn row rests."""
    return changing.may_change(innovation, user, write=Can.INNOVATION_WRITE, accept=Can.INNOVATION_ACCEPT)


def may_withdraw(innovation: Innovation, user: Any) -> bool:
    """Whether this person may take the row out of the plan, or bring it back."""
    return changing.may_withdraw(innovation, user, write=Can.INNOVATION_WRITE, accept=Can.INNOVATION_ACCEPT)


def load_for_edit(request: SignedInRequest, pk: int) -> Innovation:
    """The innovation if this person may change it now; else 404."""
    innovation = load(request, pk, Can.INNOVATION_WRITE)
    if not may_edit(innovation, request.user):
        raise Http404
    return innovation


def crumbs(innovation: Innovation) -> list[tuple[str, str]]:
    """The way from the list to the page."""
    return [(_("Innovations"), reverse("innovation-list", args=[innovation.plan.slug]))]
