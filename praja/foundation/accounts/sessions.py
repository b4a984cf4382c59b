"""Sessions as rows that know their account, so that a person sees and ends the browsers that are signed in."""

import datetime
import ipaddress
import re
import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from praja.foundation.accounts.adapters import UNKNOWN_PLACE, place_of
from praja.foundation.accounts.models import Session, User
from praja.foundation.audit.actions import record

STARTED_AT, BROWSER, PLACE, CONFIRMED_AT = "started_at", "browser", "place", "confirmed_at"
LONGEST_BROWSER = 300
# What a browser calls itself, the telling words first: each of those further down also stands in those above.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X", "macOS"),
    (r"Linux", "Linux"),
)


class SessionStore(db.SessionStore):
    """As Django's database sessions, with the account and the moment of last use in columns of their own."""

    last_used_at: datetime.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The row of a session."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        if found:
            self.last_used_at = found.last_used_at
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be stored."""
        row: Any = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.last_used_at = timezone.now()
        assert isinstance(row, Session)
        return row


@dataclass(frozen=True)
class SignedIn:
    """One browser that is signed in: what it is, where it asked from, since when, and when it was last used.

    `mark` names it in forms without telling the key that opens it.
    """

    mark: str
    device: str
    network: str
    address: str
    started_at: datetime.datetime | None
    last_used_at: datetime.datetime
    is_current: bool


def begin(request: HttpRequest) -> None:
    """Remember in a session that has just begun what its browser is, and that its owner has just shown who they are."""
    request.session[STARTED_AT] = timezone.now().isoformat()
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_BROWSER]
    request.session[PLACE] = place_of(request)
    request.session[CONFIRMED_AT] = time.time()


def _begin_on_signal(*, request: HttpRequest, **_signal: Any) -> None:
    begin(request)


user_logged_in.connect(_begin_on_signal, dispatch_uid="remember the browser of a session")


def device_of(user_agent: str) -> str:
    """A browser and its system in words: "Chrome, Windows"."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), _("Unknown browser"))
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser}, {system}" if system else browser


def network_of(address: str) -> str:
    """Where an address lies, in words, without asking anybody."""
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return _("Place not known")
    if address == UNKNOWN_PLACE:
        return _("Place not known")
    if place.is_loopback:
        return _("On the machine of Praja itself")
    return _("Network of the office or house") if place.is_private else _("Through the internet")


def mark_of(session_key: str) -> str:
    """A name for a session that does not open it."""
    return salted_hmac("praja session", session_key, algorithm="sha256").hexdigest()[:32]


def _rows_of(user: User) -> list[tuple[Session, dict[str, Any]]]:
    """The rows that still open something, each with what it holds: those of a changed password no longer do."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_used_at")
    decoded = [(row, row.get_decoded()) for row in rows]
    valid = user.get_session_auth_hash()
    return [(row, data) for row, data in decoded if constant_time_compare(data.get(HASH_SESSION_KEY, ""), valid)]


def of_user(user: User, *, current: str | None) -> list[SignedIn]:
    """The browsers that are signed in with this account, the one that asks first, then by last use."""
    found = [
        SignedIn(
            mark=mark_of(row.session_key),
            device=device_of(data.get(BROWSER, "")),
            network=network_of(data.get(PLACE, "")),
            address="" if data.get(PLACE) == UNKNOWN_PLACE else data.get(PLACE, ""),
            started_at=parse_datetime(data.get(STARTED_AT, "")),
            last_used_at=row.last_used_at,
            is_current=row.session_key == current,
        )
        for row, data in _rows_of(user)
    ]
    return sorted(found, key=lambda one: not one.is_current)


def end(user: User, *, by: User, current: str | None, mark: str | None = None) -> int:
    """End the session of this mark, without one all but the current; answers how many ended."""
    keys = [row.session_key for row in Session.objects.filter(user=user) if row.session_key != current]
    chosen = [key for key in keys if mark is None or constant_time_compare(mark_of(key), mark)]
    if chosen:
        Session.objects.filter(session_key__in=chosen).delete()
        record("end sessions", user, by=by)
    return len(chosen)
