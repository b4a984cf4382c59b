"""Asks for a sign-in, and for the second step that a role requires; what was typed meanwhile is kept."""

import secrets
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from praja.foundation.accounts.signing_in import DUE
from praja.foundation.drafts import actions
from praja.foundation.drafts.models import Draft

COOKIE = "titipan"
COOKIE_DAYS = 7
LARGEST_STRANDED_FORM = 200_000  # characters; the sender is not known yet
LONGEST_ADDRESS = 300
MOST_STRANDED = 2_000


class SignInRequired(LoginRequiredMiddleware):
    """As Django's, but a form that comes without a session is kept for the browser that sent it."""

    # What stays open to somebody whose role requires a second step that is not there yet.
    open_while_due = frozenset({"security", "app-new", "passkey-new", "password-change", "profile"})

    def process_view(self, request: HttpRequest, view_func: Any, *view: Any) -> Any:
        """As Django's; and who still has to set up the second step of a role does nothing else before."""
        answer = super().process_view(request, view_func, *view)
        if answer is not None or not getattr(view_func, "login_required", True) or not request.session.get(DUE):
            return answer
        if request.resolver_match and request.resolver_match.url_name in self.open_while_due:
            return None
        if request.method == "POST" and self._may_keep(request):
            actions.keep(request.POST, by=request.user, address=_page_of(request))
        return redirect("security")

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Send to the sign-in page; after it the page of the form offers the text again."""
        response = super().handle_no_permission(request, view_func)
        if request.method == "POST" and self._may_keep(request):
            token = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(24)
            actions.keep(request.POST, by=None, address=_page_of(request), kind=Draft.Kind.STRANDED, token=token)
            response.set_cookie(
                COOKIE, token, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response

    @staticmethod
    def _may_keep(request: HttpRequest) -> bool:
        """Whether a browser that once was signed in here sent it, and it is no flood."""
        size = sum(len(value) for values in request.POST.lists() for value in values[1])
        return (
            "version" in request.POST
            and len(request.path) <= LONGEST_ADDRESS
            and size <= LARGEST_STRANDED_FORM
            and Draft.objects.filter(kind=Draft.Kind.STRANDED).count() < MOST_STRANDED
        )


def _page_of(request: HttpRequest) -> str:
    """The page that a form belongs to: one that saves by itself posts to an address below its own."""
    return request.path.removesuffix("ketikan/").removesuffix("draf/")
