"""The board for the hall: who has signed, in protocol order, on a big screen that brings itself up to date."""

import hashlib
from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from praja.foundation.accounts.models import Organisation
from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.pages.reach import load_round

# How large the names can be: the most names that fit a screen in each size.
SIZES = ((12, "few"), (30, "some"), (60, "many"), (120, "most"))


@require_safe
def signing_board(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The whole board; it works without script by its link that loads it again."""
    round_ = load_round(request, slug, pk)
    rows = _rows(round_)
    context = {"plan": round_.plan, "etag": _mark(round_, rows), **_shown(round_, rows)}
    return render(request, "signing/board.html", context)


@require_safe
def signing_board_state(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The part that changes; 304 while nothing has."""
    round_ = load_round(request, slug, pk)
    rows = _rows(round_)
    mark = _mark(round_, rows)
    not_changed = get_conditional_response(request, etag=mark)
    response = not_changed or render(request, "signing/_board.html", _shown(round_, rows))
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    return response


def _rows(round_: SigningRound) -> list[dict[str, Any]]:
    """The places of the round in their order, without those that were replaced; no personal number among them."""
    rows = round_.signatories.exclude(state=Signatory.State.REPLACED).order_by("order", "pk")
    of_place = ("pk", "state", "role", "printed_name", "position__title", "position__person__name")
    of_agency = ("organisation__kind", "organisation__name", "organisation__abbreviation")
    return list(rows.values(*of_place, *of_agency))


def _mark(round_: SigningRound, rows: list[dict[str, Any]]) -> str:
    text = repr((round_.state, round_.title, [tuple(row.values()) for row in rows]))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def _shown(round_: SigningRound, rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = Counter(row["state"] for row in rows)
    total, signed = len(rows), states[Signatory.State.SIGNED]
    return {
        "round": round_,
        "total": total,
        "signed": signed,
        "size": next((name for most, name in SIZES if total <= most), "most"),
        "is_complete": bool(total) and signed == total,
        "places": [
            {
                "key": row["pk"],
                "office": _office(row),
                "title": row["position__title"],
                "name": row["printed_name"] or row["position__person__name"] or "",
                "has_signed": row["state"] == Signatory.State.SIGNED,
                "is_witness": row["role"] == Signatory.Role.WITNESS,
            }
            for row in rows
        ],
    }


def _office(row: dict[str, Any]) -> str:
    """An agency by its short name; who signs for the region or the ministry by the office."""
    if row["organisation__kind"] != Organisation.Kind.AGENCY:
        return str(row["position__title"])
    return str(row["organisation__abbreviation"] or row["organisation__name"])
