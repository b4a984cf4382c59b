"""Before a sensitive act: is it still the same person? Asked again after ten minutes; what was sent waits meanwhile."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from praja.foundation.accounts import demonstration, institution, second_factor, throttle
from praja.foundation.accounts.adapters import TOO_MANY
from praja.foundation.accounts.forms import ConfirmForm
from praja.foundation.accounts.models import User
from praja.foundation.accounts.sessions import CONFIRMED_AT

CONFIRMED_SECONDS = 10 * 60
PREFIX = "confirm-"  # of the fields of the question, beside those that wait

View = Callable[..., HttpResponseBase]


def is_confirmed(request: HttpRequest) -> bool:
    """Whether whoever uses this session showed within the last ten minutes who they are."""
    moment = request.session.get(CONFIRMED_AT, 0)
    return isinstance(moment, (int, float)) and 0 <= time.time() - moment < CONFIRMED_SECONDS


def confirm(request: HttpRequest) -> None:
    """They have shown it now."""
    request.session[CONFIRMED_AT] = time.time()


def confirmed(view: View) -> View:
    """Decorator for a view of somebody who is signed in: asks "is it still you?" unless that is ten minutes fresh.

    The question stands at the same address. What was posted travels along in hidden fields and reaches the view after
    the answer; only files have to be chosen again, right there.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        is_answer = request.method == "POST" and f"{PREFIX}answer" in request.POST
        form = ConfirmForm(request.POST if is_answer else None, prefix="confirm")
        if is_answer and _is_right(request, form):
            confirm(request)
            if f"{PREFIX}was-read" in request.POST:
                return HttpResponseRedirect(request.get_full_path())
            request.POST = _without_answer(request)
            return view(request, *args, **kwargs)
        return _question(request, form)

    return asked


def _is_right(request: HttpRequest, form: ConfirmForm) -> bool:
    """Whether the password, the code or the passkey is theirs; else the form says what is wrong."""
    user = request.user
    assert isinstance(user, User)
    if f"{PREFIX}demonstration" in request.POST:
        return user.is_demonstration and demonstration.is_offered(request)
    if not throttle.may_confirm(request, user):
        form.add_error(None, str(TOO_MANY))
        return False
    if not (form.is_valid() and form.is_of(user)):
        if not form.errors:
            form.add_error(None, _("That did not fit. Type your password, or a code of your app, once more."))
        return False
    throttle.confirmed(request, user)
    return True


def _without_answer(request: HttpRequest) -> Any:
    """What was posted, without the fields of the question."""
    data = request.POST.copy()
    for name in [name for name in data if name.startswith(PREFIX)]:
        del data[name]
    return data


def _question(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    posted = request.method == "POST" and f"{PREFIX}was-read" not in request.POST
    waiting = [
        (name, value)
        for name, values in (request.POST.lists() if posted else [])
        if not name.startswith(PREFIX) and name != "csrfmiddlewaretoken"
        for value in values
    ]
    state = second_factor.state_of(user)
    context = {
        "form": form,
        "waiting": waiting,
        "files": [(name, getattr(file, "name", "")) for name, file in request.FILES.items()],
        "was_read": not posted,
        "has_password": user.has_usable_password(),
        "has_app": state.has_app,
        "institution": institution.name() if user.identities.exists() else "",
        "has_passkeys": bool(state.passkeys) and second_factor.passkeys_work_at(request),
        "is_demonstration_account": user.is_demonstration and demonstration.is_offered(request),
        "next": request.get_full_path() if not posted else "",
    }
    response = render(request, "accounts/confirm.html", context, status=422 if form.errors else 200)
    add_never_cache_headers(response)
    return response
