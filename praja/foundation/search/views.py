"""The page of the search: what was asked, what was found, and what helps where nothing was."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.search.engines import MOST_RANKED
from praja.foundation.search.filters import SearchFilters
from praja.foundation.search.finding import Hit, count, find
from praja.foundation.search.words import MOST_WORDS, Question, question_of
from praja.foundation.ui.templatetags.ui import piece
from praja.foundation.workflow.models import State

LONGEST_QUESTION = 300  # characters
MOST_HELPED = 6  # words whose hits are counted where together they have none


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Everything that this person may see and that holds every word."""
    text = " ".join(request.GET.get("q", "").replace("\0", " ")[: LONGEST_QUESTION + 1].split())[:LONGEST_QUESTION]
    question = question_of(text)
    filters = SearchFilters(request.GET, request.user)
    after = request.GET.get("sesudah", "")
    found = find(request.user, question, kind=filters.kind, scope=filters.scope, after=after)
    helps = {} if found.hits or after else _what_helps(request, question, filters)
    context = {
        "text": text,
        "question": question,
        "filters": filters,
        "found": found,
        "hits": [_shown(hit, filters) for hit in found.hits],
        "after": after,
        "most_ranked": MOST_RANKED,
        "most_words": MOST_WORDS,
        **helps,
    }
    return render(request, "search/results.html", context)


def _shown(hit: Hit, filters: SearchFilters) -> dict[str, Any]:
    """A hit with its badge and its state as pieces of markup."""
    dimension = filters.dimensions.get(hit.facts["dimension"] or "")
    state = hit.facts["state"]
    return {
        "hit": hit,
        "badge": piece("dimension_badge", dimension=dimension.badge, is_plain=True) if dimension else "",
        "status": piece("status", state=state, label=State(state).label) if state else "",
    }


def _what_helps(request: SignedInRequest, question: Question, filters: SearchFilters) -> dict[str, Any]:
    """Where nothing was found: how much there is without the filters, and of each word alone."""
    if not question.words:
        return {}
    without_filters = count(request.user, question.words) if filters.is_filtering else 0
    alone = [
        (word, count(request.user, [stem], kind=filters.kind, scope=filters.scope))
        for stem, word in list(question.words.items())[:MOST_HELPED]
        if len(question.words) > 1
    ]
    return {"without_filters": without_filters, "alone": alone}
