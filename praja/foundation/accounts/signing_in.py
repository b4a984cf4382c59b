"""From a right password to a session: straight, or over a second step, and on to what a role still requires."""

import time

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from praja.foundation.accounts import second_factor
from praja.foundation.accounts.models import User

[BACKEND] = settings.AUTHENTICATION_BACKENDS
HALF_WAY = "half_way"  # who has given the right password and not yet the second factor
DUE = "second_factor_due"  # a role of this account requires a second factor that is not there yet
HALF_WAY_SECONDS = 10 * 60


def next_address(request: HttpRequest, otherwise: str = "home") -> str:
    """Where to go on: the address asked for when it is one of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if is_ours(request, address) else resolve_url(otherwise)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address to go on to lies on this host."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def remember_language(response: HttpResponse, language: str) -> None:
    """Show the pages of this browser in `language` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def with_password(request: HttpRequest, user: User) -> HttpResponse:
    """After the right password: a session, or the page that asks for the second step."""
    return _or_second_step(request, user, next_address(request))


def with_institution(request: HttpRequest, user: User, address: str, *, has_second_factor: bool) -> HttpResponse:
    """After the institution vouched for somebody; a second step that was taken there is not asked for here again."""
    if has_second_factor:
        return finish(request, user, address)
    return _or_second_step(request, user, address)


def _or_second_step(request: HttpRequest, user: User, address: str) -> HttpResponse:
    if not second_factor.is_on(user):
        return finish(request, user, address)
    request.session[HALF_WAY] = {
        "user": user.pk,
        "at": time.time(),
        "password": user.get_session_auth_hash(),  # a password changed meanwhile ends this too
        "next": address,
    }
    return redirect("sign-in-second")


def half_way(request: HttpRequest) -> tuple[User, str] | None:
    """Who waits for the second step in this browser, and where they want to go on to; None when nobody does."""
    waiting = request.session.get(HALF_WAY)
    if not isinstance(waiting, dict) or not 0 <= time.time() - waiting["at"] < HALF_WAY_SECONDS:
        return None
    user = User.objects.select_related("person").filter(pk=waiting["user"], is_active=True).first()
    if user is None or not constant_time_compare(waiting["password"], user.get_session_auth_hash()):
        return None
    return user, waiting["next"]


def finish(request: HttpRequest, user: User, address: str, *, is_demonstration: bool = False) -> HttpResponse:
    """Begin the session; who still needs a second factor is led to where it is turned on."""
    request.session.pop(HALF_WAY, None)
    login(request, user, backend=BACKEND)
    if not is_demonstration and second_factor.is_required(user) and not second_factor.is_on(user):
        request.session[DUE] = True
        response = redirect("security")
    else:
        response = HttpResponseRedirect(address)
    if user.language:
        remember_language(response, user.language)
    return response
