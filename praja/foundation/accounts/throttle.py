"""Slows down whoever guesses: a few tries for a name, more for a place, then a pause; counted for all processes alike."""

from allauth.core import ratelimit
from django.http import HttpRequest

from praja.foundation.accounts.models import User


def may_try(request: HttpRequest, username: str) -> bool:
    """Count one try for this name and this place; False when either has to wait. Names that exist fare like others."""
    return ratelimit.consume(request, action="sign_in_place") and ratelimit.consume(
        request, action="sign_in_name", key=_key(username)
    )


def succeeded(request: HttpRequest, username: str) -> None:
    """Forget the tries for this name."""
    ratelimit.clear(request, action="sign_in_name", key=_key(username))


def may_confirm(request: HttpRequest, user: User) -> bool:
    """Count one try of somebody who is signed in to show that it is still them."""
    return ratelimit.consume(request, action="confirm", user=user)


def confirmed(request: HttpRequest, user: User) -> None:
    """Forget those tries."""
    ratelimit.clear(request, action="confirm", user=user)


def _key(username: str) -> str:
    return User.normalize_username(username.strip())
