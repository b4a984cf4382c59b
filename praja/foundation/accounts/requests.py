"""The request of somebody who is signed in, as views name it; the middleware lets nobody else through."""

from typing import Any

from django.http import HttpRequest

from praja.foundation.accounts.models import Organisation, User


class SignedInRequest(HttpRequest):
    """A request with an account; `government` is the regional government whose name the page carries.

    `plan`: the plan that the page speaks of, a row of `plans`, which comes later; plans/addresses.py finds it.
    """

    user: User
    government: Organisation
    plan: Any
