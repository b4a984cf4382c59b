"""Two rows that say the same, side by side: field by field, with what stands below them, and which of them stays."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.across.joining import actions
from praja.across.joining.kinds import Kind
from praja.across.joining.models import KeptApart, Transfer
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.evidence.models import Evidence
from praja.foundation.plans.models import Plan
from praja.foundation.workflow.models import HANDED_IN, State

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


def may_know(kind: Kind, row: Any, user: Any) -> bool:
    """Whether a person may learn that a row exists: it is within reach, or on its way into the book that all read."""
    return bool(user.may(kind.view, row) or row.state in HANDED_IN)


def may_decide(kind: Kind, user: Any, *rows: Any) -> bool:
    """The secretariat, and whoever speaks for the agency of one of the rows."""
    return any(user.may(kind.accept, row) or kind.speaks_for(user, row.organisation) for row in rows)


def pair_page(
    request: SignedInRequest,
    plan: Plan,
    kind: Kind,
    left: Any,
    right: Any,
    *,
    keep_error: str = "",
    join_error: str = "",
) -> HttpResponse:
    """The page of two rows; with a sentence where keeping or joining them did not go."""
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
        "left": side(kind, left, user),
        "right": side(kind, right, user),
        "sides": [
            {"pk": row.pk, "key": str(row.pk), "title": row.title, "agency": row.organisation or kind.no_agency}
            for row in (left, right)
        ],
        "stays": stays,
        "may_read": may_read,
        "may_decide": may_decide(kind, user, left, right),
        "parts": _parts(kind, left, right, stays, request) if may_read else [],
        "below": _below(kind, left, right, request) if may_read else [],
        "versions": versions(left, right),
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


def versions(left: Any, right: Any) -> str:
    """What the two rows said when the page was made: nobody joins texts that they have not seen."""
    return f"{left.version}.{right.version}"


def side(kind: Kind, row: Any, user: Any) -> Side:
    """A row as this person may see it."""
    may_open = user.may(kind.view, row)
    return Side(
        pk=row.pk,
        title=row.title,
        agency=row.organisation or kind.no_agency,
        state=row.state if may_open else "",
        state_label=State(row.state).label if may_open else "",
        url=reverse(kind.detail, args=[row.pk]) if may_open else "",
    )
