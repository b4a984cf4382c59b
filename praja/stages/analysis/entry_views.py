"""Pages of one row of the analysis, alike for every kind: begin it, read it, change it, move it, take it out."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from praja.foundation.accounts.permissions import Can
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.audit.history import Line, history_of
from praja.foundation.drafts.entry_views import Entry, entry
from praja.foundation.plans.addresses import plan_within_reach
from praja.foundation.workflow.withdrawal import brought_back, withdrawn
from praja.stages.analysis import actions
from praja.stages.analysis.entries import Kind, below, kind_at
from praja.stages.analysis.models import AnalysisRow, Gap


def load(request: SignedInRequest, entry: str, pk: int, permission: Can = Can.PLAN_VIEW) -> tuple[Kind, Any]:
    """The kind and the row if this person reaches it; else 404. The page then speaks of its plan."""
    kind = kind_at(entry)
    rows: Any = kind.model._default_manager
    related = ("plan__government__region", "plan__dimension_set", *kind.related)
    row = get_object_or_404(rows.within_reach(request.user, permission).select_related(*related), pk=pk)
    request.plan, request.government = row.plan, row.plan.government
    return kind, row


def load_in_service(request: SignedInRequest, entry: str, pk: int) -> tuple[Kind, Any]:
    """The row if this person may change it and nobody took it out; else 404."""
    kind, row = load(request, entry, pk, Can.ANALYSIS_WRITE)
    if row.withdrawn_at is not None:
        raise Http404
    return kind, row


def crumbs(kind: Kind, row: Any) -> list[tuple[str, str]]:
    """The way from the list to the page."""
    return [(str(kind.plural), kind.home(row.plan, row))]


def begun(request: SignedInRequest, slug: str, entry: str) -> tuple[Kind, Any]:
    """A row that is not stored yet; what the address asks for is filled in already."""
    kind = kind_at(entry)
    row: Any = kind.model(plan=plan_within_reach(request, slug, Can.ANALYSIS_WRITE), version=0)
    kind.preset(row, request.GET)
    return kind, row


@entry("analysis-entry-new", draft="analysis-entry-new-draft", load=begun)
def entry_new(request: SignedInRequest, loaded: tuple[Kind, Any], slug: str, entry: str) -> Entry:
    """Begin a row."""
    del slug, entry
    kind, row = loaded
    again = f"{request.path}?{request.GET.urlencode()}" if "again" in request.POST else ""
    list_address = kind.home(row.plan, row)
    return Entry(
        row,
        form_class=kind.form,
        save=actions.store,
        template=kind.template,
        context={
            "plan": row.plan,
            "kind": kind,
            "title": kind.new_title,
            "crumbs": [(str(kind.plural), list_address)],
            "back": list_address,
            "is_new": True,
        },
        done=again or kind.place_of,
    )


@require_safe
def entry_detail(request: SignedInRequest, entry: str, pk: int) -> HttpResponse:
    """One row: its facts, what hangs together with it, its history."""
    kind, row = load(request, entry, pk)
    may_write = request.user.may(Can.ANALYSIS_WRITE, row)
    context = {
        "plan": row.plan,
        "kind": kind,
        "row": row,
        "crumbs": crumbs(kind, row),
        "facts": kind.facts(row),
        "dimension": row.sub_dimension.dimension if isinstance(row, Gap) else getattr(row, "dimension", None),
        "may_edit": may_write and row.withdrawn_at is None,
        "may_set": request.user.may(Can.VISION_SET, row.plan),
        "may_bring_back": may_write and row.withdrawn_at is not None,
        "history": [_in_words(line) for line in history_of(row)],
        **below(row),
    }
    if "innovations" in context:
        context["innovations"] = [(one, request.user.may(Can.INNOVATION_VIEW, one)) for one in context["innovations"]]
    return render(request, "analysis/entry.html", context)


def _in_words(line: Line) -> Line:
    """A line of history whose keys of what closes a gap are words."""
    words = {key: str(word) for key, word in Gap.CLOSED_BY}
    name = str(Gap._meta.get_field("closed_by").verbose_name).casefold()

    def said(text: str) -> str:
        return "; ".join(words.get(part, part) for part in text.split("; "))

    changes = [
        (label, said(before), said(after)) if label.casefold() == name else (label, before, after)
        for label, before, after in line.changes
    ]
    return replace(line, changes=changes)


@entry("analysis-entry-edit", draft="analysis-entry-draft", load=load_in_service)
def entry_edit(_request: SignedInRequest, loaded: tuple[Kind, Any], entry: str, pk: int) -> Entry:
    """Change a row."""
    kind, row = loaded
    detail = reverse("analysis-entry", args=[entry, pk])
    return Entry(
        row,
        form_class=kind.form,
        save=actions.store,
        template=kind.template,
        context={
            "plan": row.plan,
            "kind": kind,
            "title": kind.title,
            "crumbs": [*crumbs(kind, row), (str(row), detail)],
            "back": detail,
            "is_new": False,
        },
        done=detail,
    )


@require_POST
def entry_move(request: SignedInRequest, entry: str, pk: int) -> HttpResponse:
    """One place up or down in its list."""
    kind, row = load_in_service(request, entry, pk)
    way = request.POST.get("arah", "")
    if way not in ("naik", "turun"):
        messages.error(request, _("Choose up or down."))
    else:
        siblings: list[AnalysisRow] = list(kind.siblings(row))
        actions.move(row, siblings, down=way == "turun", by=request.user)
    return redirect(kind.place_of(row))


@require_POST
def entry_withdraw(request: SignedInRequest, entry: str, pk: int) -> HttpResponse:
    """Take a row out; it stays in the history, and what rests on it says so."""
    kind, row = load_in_service(request, entry, pk)
    return withdrawn(
        request,
        row,
        said=_("It was taken out. It stays in the history and can be brought back."),
        to_list=kind.home(row.plan, row),
        to_row=reverse("analysis-entry", args=[entry, pk]),
    )


@require_POST
def entry_bring_back(request: SignedInRequest, entry: str, pk: int) -> HttpResponse:
    """Undo that; 404 where nothing was taken out."""
    _kind, row = load(request, entry, pk, Can.ANALYSIS_WRITE)
    if row.withdrawn_at is None:
        raise Http404
    return brought_back(
        request, row, said=_("It is back in the analysis."), to_row=reverse("analysis-entry", args=[entry, pk])
    )
