"""Signing in through the institution by OpenID Connect: opens accounts that exist, and never makes one.

Authlib asks and judges: authorisation code with PKCE, state, nonce, signature, issuer, audience and time of the token.
"""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from joserfc.errors import JoseError
from requests import RequestException

from praja.foundation.accounts.models import Identity, User
from praja.foundation.audit.actions import record

CLAIMS = {"nip": "nip", "email": "email", "username": "preferred_username"}
STATE = "_state_institution_"  # authlib's keys in the session
WAITING = "institution_next"  # in the session: where to go on to, by the state of the question
TO_LINK = "institution_to_link"
LINK_SECONDS = FRESH_SECONDS = 10 * 60
MOST_WAITING = 5
SECONDS_TO_ANSWER = 10


class Refused(Exception):
    """The institution did not vouch for anybody, or not in a way that can be trusted; the words are for the log."""


@dataclass(frozen=True)
class Vouched:
    """Whom the institution vouches for; `value` is what an account is looked for by, "" when it may not count."""

    subject: str
    value: str
    has_second_factor: bool
    is_fresh: bool


def is_offered() -> bool:
    """Whether this installation knows an institution."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def name() -> str:
    """The institution as its button names it; "" when there is none."""
    return settings.OIDC_NAME if is_offered() else ""


@cache
def _client(issuer: str, client_id: str, secret: str, scopes: str) -> Any:
    """What speaks with the institution; remembers its addresses and keys for the life of the process."""
    return OAuth().register(
        name="institution",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": scopes, "code_challenge_method": "S256", "default_timeout": SECONDS_TO_ANSWER},
    )


def _asked() -> Any:
    client = _client(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, settings.OIDC_SCOPES)
    found = client.load_server_metadata()
    if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise Refused(f"the issuer calls itself {found.get('issuer')!r}")
    return client


def begin(request: HttpRequest, address: str, *, again: bool) -> HttpResponse:
    """To the institution's own page; `again`: it has to ask anew even if somebody is signed in there."""
    try:
        options = {"prompt": "login", "max_age": "0"} if again else {}
        answer: HttpResponse = _asked().authorize_redirect(
            request, request.build_absolute_uri(reverse("sign-in-institution-back")), **options
        )
    except (RequestException, AuthlibBaseError, ValueError, RuntimeError) as problem:
        raise Refused(str(problem)) from problem
    [state] = parse_qs(urlsplit(answer["Location"]).query)["state"]
    waiting = dict(list(request.session.get(WAITING, {}).items())[-MOST_WAITING:])
    request.session[WAITING] = {**waiting, state: address}
    names: list[str] = list(request.session.keys())
    for key in names:
        if key.startswith(STATE) and key.removeprefix(STATE) not in request.session[WAITING]:
            del request.session[key]
    return answer


def finish(request: HttpRequest) -> tuple[Vouched, str]:
    """Whom the institution vouches for, and where to go on to; raises Refused."""
    address = request.session.get(WAITING, {}).pop(request.GET.get("state", ""), "")
    try:
        client = _asked()
        token = client.authorize_access_token(request)
        claims = dict(token.get("userinfo") or {})
        if not claims.get("sub"):
            raise Refused("no token that says who it is")
        wanted = settings.OIDC_CLAIM or CLAIMS[settings.OIDC_MATCH]
        if wanted not in claims and client.server_metadata.get("userinfo_endpoint"):
            more = client.userinfo(token=token)
            if more.get("sub") != claims["sub"]:
                raise Refused("the profile is of somebody else")
            claims = {**more, **claims}
    except (RequestException, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as problem:
        raise Refused(f"{type(problem).__name__}: {problem}") from problem
    return _vouched(claims, wanted), address


def _vouched(claims: dict[str, Any], wanted: str) -> Vouched:
    value = str(claims.get(wanted) or "").strip()
    if settings.OIDC_MATCH == "email" and claims.get("email_verified") is not True:
        value = ""  # anybody may have typed it there
    if settings.OIDC_MATCH == "nip":
        value = "".join(sign for sign in value if sign.isdigit())
    moment = claims.get("auth_time")
    return Vouched(
        subject=str(claims["sub"])[:255],
        value=value[:254],
        has_second_factor=bool({"mfa", "otp", "hwk", "swk", "fpt", "face"} & set(claims.get("amr") or [])),
        is_fresh=isinstance(moment, (int, float)) and abs(time.time() - moment) < FRESH_SECONDS,
    )


def linked(vouched: Vouched) -> User | None:
    """The account that this identity opens since it was linked."""
    identity = (
        Identity.objects.filter(issuer=settings.OIDC_ISSUER, subject=vouched.subject, user__is_active=True)
        .select_related("user__person")
        .first()
    )
    return identity.user if identity else None


def matching(vouched: Vouched) -> User | None:
    """The one account that the claim names and that no other identity opens; None for none or several."""
    if not vouched.value:
        return None
    by = {"nip": "person__nip", "email": "email__iexact", "username": "username"}[settings.OIDC_MATCH]
    value = User.normalize_username(vouched.value) if settings.OIDC_MATCH == "username" else vouched.value
    found = User.objects.filter(is_active=True, **{by: value}).exclude(identities__issuer=settings.OIDC_ISSUER)
    accounts = list(found.select_related("person")[:2])
    return accounts[0] if len(accounts) == 1 else None


def ask_to_link(request: HttpRequest, vouched: Vouched, user: User, address: str) -> None:
    """Remember until the answer which identity is to open which account."""
    request.session[TO_LINK] = {
        "user": user.pk,
        "subject": vouched.subject,
        "mfa": vouched.has_second_factor,
        "next": address,
        "at": time.time(),
    }


def link(request: HttpRequest) -> tuple[User, str, bool] | None:
    """Link what was asked; the account, where to go on to, and whether a second factor was shown there."""
    asked = request.session.pop(TO_LINK, None)
    if not isinstance(asked, dict) or not 0 <= time.time() - asked["at"] < LINK_SECONDS:
        return None
    user = User.objects.select_related("person").filter(pk=asked["user"], is_active=True).first()
    if user is None:
        return None
    try:
        with transaction.atomic():
            Identity.objects.create(
                user=user, issuer=settings.OIDC_ISSUER, subject=asked["subject"], linked_at=timezone.now()
            )
            record("link identity", user, by=user)
    except IntegrityError:
        return None
    return user, asked["next"], asked["mfa"]


@transaction.atomic
def unlink(user: User, *, by: User) -> None:
    """The identity no longer opens the account."""
    if Identity.objects.filter(user=user).delete()[0]:
        record("unlink identity", user, by=by)
