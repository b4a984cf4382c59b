"""What allauth asks of us: where a browser asks from, the sentences of its forms, and how secrets are stored."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from praja.foundation.accounts import ciphers

PURPOSE = "second factor"
UNKNOWN_PLACE = "0.0.0.0"  # noqa: S104 - a word for "not known", nothing listens there
TOO_MANY = gettext_lazy("Too many tries. Wait 15 minutes, then try again.")
WRONG = gettext_lazy(
    "This code is not right, or has been used. Type the one that stands in the app now; a recovery code works once."
)


def place_of(request: HttpRequest) -> str:
    """The address that a request came from, behind the proxies of settings; UNKNOWN_PLACE when it does not say."""
    try:
        return get_client_ip(request) or UNKNOWN_PLACE
    except (ImproperlyConfigured, ValueError):
        return UNKNOWN_PLACE


class Account(DefaultAccountAdapter):
    """Nobody signs up by themselves, nothing goes out by e-mail, and sentences are ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts come from invitations."""
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address for counting tries."""
        return place_of(request)

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Praja tells in its own pages."""


class SecondFactor(DefaultMFAAdapter):
    """Secrets are stored enciphered with a key that follows from settings.SECRET_KEY."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG}

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return ciphers.enciphered(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; after a change of SECRET_KEY one that nobody knows, so that no code is right any more."""
        try:
            return ciphers.deciphered(PURPOSE, encrypted_text)
        except ciphers.Unreadable:
            return generate_totp_secret()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """The name of a passkey whose owner gave none."""
        del type
        number = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Praja at the name under which it is open; a passkey works under this name only."""
        return {"id": context.request.get_host().rpartition(":")[0] or context.request.get_host(), "name": "Praja"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """The account as the device shows it."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user), "name": user.username}
