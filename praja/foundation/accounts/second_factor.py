"""Second factors: codes of an app, passkeys and recovery codes; the ciphers, tables and checks are allauth's."""

import base64
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import qrcode
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathFillImage

from praja.foundation.accounts.models import User
from praja.foundation.audit.actions import record

Kind = Authenticator.Type
MOST_PASSKEYS = 10
LONGEST_ANSWER = 20_000  # characters
# How long a used code stays used: longer than any clock of ours takes it.
USED_SECONDS = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 2)


class AlreadyOn(Exception):
    """The app was set up in the meantime, in another tab."""


@dataclass(frozen=True)
class Passkey:
    """One passkey of an account, as its owner sees it."""

    pk: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class State:
    """What an account has: whether an app, which passkeys, how many recovery codes are left."""

    has_app: bool
    app_since: datetime | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def is_on(self) -> bool:
        """Whether signing in with the password asks for a second step."""
        return self.has_app or bool(self.passkeys)


def state_of(user: User) -> State:
    """What this account has, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    app = next((row for row in rows if row.type == Kind.TOTP), None)
    codes = next((row for row in rows if row.type == Kind.RECOVERY_CODES), None)
    return State(
        has_app=app is not None,
        app_since=app.created_at if app else None,
        passkeys=[
            Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at)
            for row in rows
            if row.type == Kind.WEBAUTHN
        ],
        codes_left=len(RecoveryCodes(codes).get_unused_codes()) if codes else 0,
    )


def is_on(user: User) -> bool:
    """Whether this account has an app or a passkey."""
    return Authenticator.objects.filter(user=user, type__in=(Kind.TOTP, Kind.WEBAUTHN)).exists()


def is_required(user: User) -> bool:
    """Whether a role of this account cannot do without (settings.SECOND_FACTOR_FOR)."""
    return any(membership.role in settings.SECOND_FACTOR_FOR for membership in user.active_memberships)


ADVISED_FOR = frozenset({"coordinator", "ministry_admin"})


def is_advised(user: User) -> bool:
    """Whether a role of this account opens so much that its owner is asked to turn a second step on."""
    return any(membership.role in ADVISED_FOR for membership in user.active_memberships)


def passkeys_work_at(request: HttpRequest) -> bool:
    """Whether a browser offers passkeys here: under a name, and with HTTPS unless the name is localhost."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host == "localhost" or request.is_secure()
    return False


def picture_of(text: str) -> str:
    """A QR of `text` as an address that an <img> shows without asking anybody."""
    picture = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()


# --- what a person fills in -------------------------------------------------------------------------------------------

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class AppForm(ActivateTOTPForm):
    """The first code of an app that has just been set up with `secret`."""

    code = forms.CharField(
        label=gettext_lazy("Code in the app now"),
        max_length=20,
        help_text=gettext_lazy("Six digits; they change every half minute."),
        widget=forms.TextInput(attrs=CODE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super(ActivateTOTPForm, self).__init__(*args, **{k: v for k, v in kwargs.items() if k != "user"})
        self.user = kwargs["user"]
        # Kept while the page is open, so that a wrong code or a second look does not make the app's entry worthless.
        self.secret = totp.get_totp_secret()

    @property
    def address(self) -> str:
        """What the QR says."""
        return get_adapter().build_totp_url(self.user, self.secret)

    @property
    def secret_in_groups(self) -> str:
        """The secret for typing, in groups of four."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


class CodeForm(BaseAuthenticateForm):
    """A code of the app, or a recovery code; each works once."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("Six digits from the app on your telephone, or one of your recovery codes."),
        widget=forms.TextInput(attrs=CODE),
    )

    def clean_code(self) -> str:
        """A right code that was not used before, whichever of the accepted half minutes it belongs to."""
        code = super().clean_code()
        used = f"totp-used-{self.user.pk}-{normalize_user_code(code)}"
        if self.authenticator.type == Kind.TOTP and not cache.add(used, 1, USED_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code

    @property
    def by_recovery_code(self) -> bool:
        """Whether it was one of the recovery codes."""
        return self.authenticator.type == Kind.RECOVERY_CODES


class Answer(forms.JSONField):
    """What a device answered, as the script sends it; anything far too long or deep is no answer."""

    def to_python(self, value: Any) -> Any:
        """The answer as values."""
        if isinstance(value, str) and len(value) > LONGEST_ANSWER:
            raise get_adapter().validation_error("incorrect_code")
        return _calmly(lambda: super(Answer, self).to_python(value))


class PasskeyNewForm(AddWebAuthnForm):
    """What the browser answers when a passkey was made, and the name that its owner gives it."""

    credential = Answer(widget=forms.HiddenInput)

    name = forms.CharField(
        label=gettext_lazy("Name of the device"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example: office laptop, telephone."),
    )
    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A passkey that asks for a fingerprint, face or PIN."""
        self.cleaned_data["passwordless"] = True
        return _calmly(super().clean)

    def clean_name(self) -> str:
        """The name without anything invisible."""
        name = super().clean_name()
        return "".join(sign for sign in name if sign.isprintable())[:60]


class PasskeyForm(AuthenticateWebAuthnForm):
    """What the browser answers when somebody whose account is known showed a passkey."""

    credential = Answer(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        """The passkey of this account that answered the question we asked."""
        return _calmly(super().clean_credential)


class PasskeySignInForm(LoginWebAuthnForm):
    """The same at the sign-in page, where the passkey itself says whose it is."""

    credential = Answer(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        """The passkey that answered; of an account that may sign in."""
        found: Authenticator = _calmly(super().clean_credential)
        if not found.user.is_active:
            raise get_adapter().validation_error("incorrect_code")
        return found


def _calmly(judge: Any) -> Any:
    """What `judge` answers; whatever else a made-up answer of a browser breaks is a wrong answer."""
    try:
        return judge()
    except ValidationError:
        raise
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, AssertionError, RecursionError) as problem:
        raise get_adapter().validation_error("incorrect_code") from problem


# --- verbs ------------------------------------------------------------------------------------------------------------


def question(request: HttpRequest, purpose: str, user: User | None) -> dict[str, Any]:
    """What the browser is to ask the device: to make a passkey ("add"), or to show one (of `user`, or any)."""
    del request  # allauth knows it; the answer is checked against what it puts in the session
    if purpose == "add" and user is not None:
        return webauthn.begin_registration(user, passwordless=True)
    return webauthn.begin_authentication(user)


def turn_on_app(form: AppForm, *, by: User) -> None:
    """The app's codes count from now on; raises AlreadyOn."""
    try:
        with transaction.atomic():
            totp.TOTP.activate(by, form.secret)
            RecoveryCodes.activate(by)
            record("turn on app", by, by=by)
    except IntegrityError as problem:
        raise AlreadyOn from problem


def add_passkey(form: PasskeyNewForm, *, by: User) -> None:
    """One more passkey."""
    with transaction.atomic():
        webauthn.WebAuthn.add(by, form.cleaned_data["name"], form.cleaned_data["credential"])
        RecoveryCodes.activate(by)
        record("add passkey", by, by=by)


def _drop(user: User, **which: Any) -> bool:
    """Delete factors; the last one takes the recovery codes along."""
    deleted, _kinds = Authenticator.objects.filter(user=user, **which).delete()
    if not is_on(user):
        Authenticator.objects.filter(user=user).delete()
    return bool(deleted)


@transaction.atomic
def turn_off_app(*, by: User) -> None:
    """The app's codes no longer count."""
    if _drop(by, type=Kind.TOTP):
        record("turn off app", by, by=by)


@transaction.atomic
def remove_passkey(pk: int, *, by: User) -> bool:
    """A passkey of the own account no longer counts; False when there is none of this number."""
    if not _drop(by, type=Kind.WEBAUTHN, pk=pk):
        return False
    record("remove passkey", by, by=by)
    return True


def recovery_codes(user: User) -> list[str]:
    """Those not used yet, in groups of four digits."""
    row = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return [f"{code[:4]} {code[4:]}" for code in RecoveryCodes(row).get_unused_codes()] if row else []


@transaction.atomic
def new_recovery_codes(*, by: User) -> None:
    """Ten new ones; those before no longer count."""
    Authenticator.objects.filter(user=by, type=Kind.RECOVERY_CODES).delete()
    RecoveryCodes.activate(by)
    record("make recovery codes", by, by=by)


@transaction.atomic
def reset(user: User, *, by: User, reason: str) -> None:
    """Take every factor of somebody who lost them; who did it and why stays in the history."""
    Authenticator.objects.filter(user=user).delete()
    record("reset second factor", user, by=by, remark=reason)
