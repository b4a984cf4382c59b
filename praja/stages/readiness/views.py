"""Pages of the readiness: the result, each element with its evidence, and the workbook."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.evidence.actions import attach, detach
from praja.foundation.evidence.forms import EvidenceForm
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.contents import XLSX
from praja.foundation.files.downloads import download
from praja.foundation.instruments import scoring
from praja.foundation.instruments.models import Answer
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.plans.models import Plan
from praja.foundation.remarks.fields import counts_of_rows, form_with_remarks, notes_of
from praja.foundation.remarks.pages import remark_answered, remark_left, remarks_on_page
from praja.foundation.sheets.flow_views import sheet_page
from praja.foundation.workflow.way import Rights
from praja.stages.readiness import actions, blocks
from praja.stages.readiness.figures import Element, Readiness, readiness_of
from praja.stages.readiness.forms import SECTIONS, ElementForm, level_hints
from praja.stages.readiness.sheet import ReadinessFlow
from praja.stages.readiness.strip import strip

# An answer has no way of its own: whoever writes the analysis mends it, whoever may remark on the books remarks on it.
RIGHTS = Rights(Can.ANALYSIS_WRITE, Can.BOOK_REMARK, Can.BOOK_REMARK, Can.BOOK_REMARK)
LACKS = {
    "jawaban": lambda element: not element.is_answered,
    "data": lambda element: element.state == scoring.NOT_AVAILABLE,
    "sumber": lambda element: element.lacks_source,
    "rekomendasi": lambda element: element.is_answered and not element.answer.recommendation,
}


@require_safe
def readiness(request: SignedInRequest, slug: str) -> HttpResponse:
    """The result as radar and table, and every element with what is said about it."""
    plan = plan_within_reach(request, slug, Can.PLAN_VIEW)
    found = readiness_of(plan)
    lack = request.GET.get("kurang", "")
    lacks = LACKS.get(lack)
    keys = [element.answer.pk for element in found.elements if element.answer]
    evidence = Evidence.objects.filter(subject="instruments.answer", subject_id__in=keys, withdrawn_at=None)
    may_write = request.user.may(Can.ANALYSIS_WRITE, plan)
    waiting = [element for element in found.elements if not element.is_answered]
    context = {
        "plan": plan,
        "found": found,
        "picture": mark_safe(blocks.picture(found, is_tight=True)) if found.instrument else "",  # noqa: S308 - our own
        "picture_title": blocks.strongest_and_weakest(found).rstrip(".") or blocks.chart_title(found),
        "strips": {component.node.key: strip(component.elements) for component in found.components},
        "components": [
            (component, [element for element in component.elements if lacks is None or lacks(element)])
            for component in found.components
        ],
        "lack": lack if lacks else "",
        "counts": {name: sum(map(holds, found.elements)) for name, holds in LACKS.items()},
        "evidence": dict(evidence.values_list("subject_id").annotate(number=Count("pk"))),
        "remarks": counts_of_rows(Answer, keys),
        "may_write": may_write,
        "following": waiting[0].node.key if may_write and waiting else "",
    }
    return render(request, "readiness/overview.html", context)


def load(request: SignedInRequest, slug: str, element: str, permission: Can) -> tuple[Plan, Readiness, Element]:
    """The plan, its readiness and one element of it; 404 where this person may not, or there is no such element."""
    plan = plan_within_reach(request, slug, permission)
    found = readiness_of(plan)
    for one in found.elements:
        if one.node.key == element:
            return plan, found, one
    raise Http404


def answer_for(plan: Plan, element: Element) -> Answer:
    """The answer of an element as a page edits it, stored or not."""
    answer = actions.answer_of(plan, element.node) if element.answer is None else element.answer
    answer.node, answer.organisation = element.node, plan.government
    return answer


@require_safe
def element_detail(request: SignedInRequest, slug: str, element: str) -> HttpResponse:
    """One element: what is said about it, what proves it, remarks and history."""
    plan, found, one = load(request, slug, element, Can.PLAN_VIEW)
    answer = answer_for(plan, one)
    may_write = request.user.may(Can.ANALYSIS_WRITE, plan)
    context = {
        **remarks_on_page(answer, request.user, SECTIONS, RIGHTS),
        "plan": plan,
        "crumbs": crumbs(plan),
        "element": one,
        "answer": answer,
        "component": next(component for component in found.components if one in component.elements),
        "evidence": Evidence.objects.about(answer).select_related("file") if answer.pk else [],
        "evidence_form": EvidenceForm() if may_write else None,
        "may_write": may_write,
        "may_open": request.user.may(Can.FILE_VIEW, plan),
        "remarks_url": reverse("readiness-remarks", args=[slug, element]),
        "history": history_of(answer) if answer.pk else [],
    }
    return render(request, "readiness/element.html", context)


@entry(
    "readiness-edit",
    draft="readiness-draft",
    load=lambda request, slug, element: load(request, slug, element, Can.ANALYSIS_WRITE),
)
def element_edit(_request: SignedInRequest, loaded: tuple[Plan, Readiness, Element], slug: str, element: str) -> Entry:
    """The short page of one element; saving goes on to the next one that waits."""
    plan, found, one = loaded
    answer = answer_for(plan, one)
    place = found.elements.index(one)
    following = next((other for other in found.elements[place + 1 :] if not other.is_answered), None)
    if one.is_answered or following is None:
        done = reverse("readiness-element", args=[slug, element])
    else:
        done = reverse("readiness-edit", args=[slug, following.node.key])
    notes = notes_of(answer, SECTIONS, only_open=True) if answer.pk else []
    context = {
        "plan": plan,
        "crumbs": [*crumbs(plan), (one.node.name, reverse("readiness-element", args=[slug, element]))],
        "element": one,
        "component": next(component for component in found.components if one in component.elements),
        "level_hints": level_hints(found.instrument),
        "number": place + 1,
        "count": len(found.elements),
        "goes_on": done.endswith("/ubah/"),
    }
    return Entry(
        answer,
        form_class=form_with_remarks(ElementForm, notes),
        save=actions.save,
        template="readiness/edit.html",
        context=context,
        done=done,
    )


@require_POST
def evidence_new(request: SignedInRequest, slug: str, element: str) -> HttpResponse:
    """Add a file or a link."""
    plan, _found, one = load(request, slug, element, Can.ANALYSIS_WRITE)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid() and (values := form.store(by=request.user, organisation_path=plan.organisation_path)):
        attach(actions.stored(answer_for(plan, one), by=request.user), by=request.user, **values)
        messages.success(request, _("The evidence was added."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect("readiness-element", slug, element)


@require_POST
def evidence_withdraw(request: SignedInRequest, slug: str, element: str, evidence_pk: int) -> HttpResponse:
    """Take a file or link away."""
    plan, _found, one = load(request, slug, element, Can.ANALYSIS_WRITE)
    answer = answer_for(plan, one)
    if answer.pk is None:
        raise Http404
    evidence = get_object_or_404(Evidence.objects.about(answer), pk=evidence_pk)
    try:
        detach(answer, evidence=evidence, by=request.user)
        messages.success(request, _("The evidence was taken away. It stays in the history."))
    except TooLate:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
    return redirect("readiness-element", slug, element)


@require_POST
def element_remarks(request: SignedInRequest, slug: str, element: str) -> HttpResponse:
    """Leave a remark on the element or on one field of it."""
    plan, _found, one = load(request, slug, element, Can.PLAN_VIEW)
    if not request.user.may(Can.BOOK_REMARK, plan):
        raise Http404
    answer = actions.stored(answer_for(plan, one), by=request.user)
    page = reverse("readiness-element", args=[slug, element])
    return remark_left(request, answer, sections=SECTIONS, rights=RIGHTS, page=page, url=request.path)


@require_POST
def element_remark(request: SignedInRequest, slug: str, element: str, remark_pk: int) -> HttpResponse:
    """Answer and settle a remark, open it again, or take one's own away."""
    plan, _found, one = load(request, slug, element, Can.PLAN_VIEW)
    answer = answer_for(plan, one)
    if answer.pk is None:
        raise Http404
    page = reverse("readiness-element", args=[slug, element])
    may_mend = request.user.may(Can.ANALYSIS_WRITE, plan)
    return remark_answered(request, answer, remark_pk, may_mend=may_mend, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
def readiness_sheet(request: SignedInRequest, slug: str) -> HttpResponse:
    """Many elements at once, with a workbook."""
    plan = plan_within_reach(request, slug, Can.ANALYSIS_WRITE)
    return sheet_page(
        request,
        ReadinessFlow(plan, by=request.user),
        crumbs=crumbs(plan),
        downloads=[(_("Download the workbook"), reverse("readiness-template", args=[slug]))],
    )


@require_safe
def readiness_template(request: SignedInRequest, slug: str) -> HttpResponse:
    """The workbook with every element as it stands."""
    flow = ReadinessFlow(plan_within_reach(request, slug, Can.ANALYSIS_WRITE))
    return download(flow.workbook(), name=f"kesiapan-{slug}.xlsx", kind=XLSX)


def crumbs(plan: Any) -> list[tuple[str, str]]:
    """The way from the overview to a page."""
    return [(_("Readiness"), reverse("readiness", args=[plan.slug]))]
