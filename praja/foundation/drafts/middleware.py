"""Asks for a sign-in, and keeps what was typed when the session had ended in the meantime."""

import secrets
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect

from praja.foundation.drafts import actions
from praja.foundation.drafts.models import Draft

COOKIE = "titipan"
COOKIE_DAYS = 7
LARGEST_STRANDED_FORM = 200_000  # characters; the sender is not known yet
LONGEST_ADDRESS = 300
MOST_STRANDED = 2_000


class SignInRequired(LoginRequiredMiddleware):
    """As Django's, but a form that comes without a session is kept for the browser that sent it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        """Send to the sign-in page; after it the page of the form offers the text again."""
        response = super().handle_no_permission(request, view_func)
        if request.method == "POST" and self._may_keep(request):
            token = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(24)
            # A page that saves by itself posts to an address below its own; the text belongs to the page.
            address = request.path.removesuffix("ketikan/").removesuffix("draf/")
            actions.keep(request.POST, by=None, address=address, kind=Draft.Kind.STRANDED, token=token)
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
