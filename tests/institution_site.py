"""The addresses of the institution of the tests, and what it says about its people; loaded in its own process only."""

import time

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.urls import include, path

from tests.institution import PEOPLE

urlpatterns = [path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))]


class Claims(DefaultOIDCAdapter):
    """Adds the claims of PEOPLE to token and profile."""

    def get_claims(self, purpose, user, client, scopes, email=None, **kwargs):
        """The usual claims with those of the person."""
        usual = super().get_claims(purpose, user, client, scopes, email, **kwargs)
        return {**usual, **PEOPLE[user.username], "auth_time": int(time.time())}
