"""One declaration for both addresses of a short page: the page itself, and the one to which it sends what is typed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from praja.foundation.accounts.requests import SignedInRequest
from praja.foundation.drafts.entry import EntryForm, entry_page, keep_typed


@dataclass(frozen=True)
class Entry:
    """The page of `row`, as entry_page() shows and saves it; `done`: the address after saving, or a function of the row."""

    row: Any
    form_class: Callable[..., EntryForm]
    save: Callable[..., None]
    template: str
    context: dict[str, Any]
    done: str | Callable[[Any], str]


class EntryView:
    """The view of a short page; `draft` is the view that keeps what is typed on it."""

    def __init__(
        self, declare: Callable[..., Entry | HttpResponse], *, page: str, draft: str, load: Callable[..., Any]
    ) -> None:
        update_wrapper(self, declare)
        self.declare, self.page_name, self.draft_name, self.load = declare, page, draft, load
        self._show = require_http_methods(["GET", "HEAD", "POST"])(self._page)
        self.draft = require_POST(self._draft)

    def __call__(self, request: SignedInRequest, **parts: Any) -> HttpResponse:
        """Show and save the page."""
        return self._show(request, **parts)

    def _page(self, request: SignedInRequest, **parts: Any) -> HttpResponse:
        found = self.declare(request, self.load(request, **parts), **parts)
        if isinstance(found, HttpResponse):
            return found
        context = {"draft_address": reverse(self.draft_name, kwargs=parts), **found.context}
        return entry_page(
            request,
            found.row,
            form_class=found.form_class,
            save=found.save,
            template=found.template,
            context=context,
            done=found.done,
        )

    def _draft(self, request: SignedInRequest, **parts: Any) -> HttpResponse:
        """The page saves by itself: whoever may open it may keep what is typed."""
        self.load(request, **parts)
        return keep_typed(request, address=reverse(self.page_name, kwargs=parts))


def entry(
    page: str, *, draft: str, load: Callable[..., Any]
) -> Callable[[Callable[..., Entry | HttpResponse]], EntryView]:
    """Declare the short page named `page`; `draft`: the name of the address that keeps what is typed.

    `load(request, **parts of the address)` finds what the page is about, and is 404 for whoever may not change it; the
    function below gets the request, what was found, and the parts, and answers with an Entry or another response.
    """

    def declared(declare: Callable[..., Entry | HttpResponse]) -> EntryView:
        return EntryView(declare, page=page, draft=draft, load=load)

    return declared
