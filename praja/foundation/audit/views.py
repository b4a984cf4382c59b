"""The public page of the log: its daily roots, what they prove, and how to keep one elsewhere; no account is needed."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from praja.foundation.audit import chain, roots
from praja.foundation.audit.models import DailyRoot

SHOWN = 30  # days on the page; the file has all


class Row(NamedTuple):
    """A day on the page: its root, and how many entries it added."""

    day: Any
    seq: int
    hash: str
    added: int


@login_not_required
@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """The latest roots, the newest first, and an explanation for everybody."""
    found = [roots.Root(*row) for row in DailyRoot.objects.values_list("day", "seq", "hash")[: SHOWN + 1]]
    before = [*(root.seq for root in found[1:]), 0]
    rows = [Row(*root, root.seq - older) for root, older in zip(found, before, strict=False)]
    newest = found[0] if found else None
    return render(request, "audit/public_log.html", {"rows": rows[:SHOWN], "newest": newest, "count": chain.head()[0]})


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def public_roots(_request: HttpRequest) -> HttpResponse:
    """All roots as a text file, one line a day: the day, the number of its last entry, the hash of that entry."""
    return HttpResponse("".join(roots.lines()), content_type="text/plain; charset=utf-8")
