"""The request of somebody who is signed in, as views name it; the middleware lets nobody else through."""

from django.http import HttpRequest

from praja.foundation.accounts.models import Organisation, User


class SignedInRequest(HttpRequest):
    """A request with an account; `government` is the regional government whose name the page carries."""

    user: User
    government: Organisation
