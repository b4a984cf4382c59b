"""Sessions as rows that know their account, so that a person sees and ends the browsers that are signed in."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from praja.foundation.accounts.models import Session, User

STARTED_AT, BROWSER, PLACE = "started_at", "browser", "place"
LONGEST_BROWSER = 300


class SessionStore(db.SessionStore):
    """As Django's database sessions, with the account and the moment of last use in columns of their own."""

    last_used_at: datetime.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The row of a session."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = super()._get_session_from_db()
        if found:
            self.last_used_at = found.last_used_at
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be stored."""
        row = super().create_model_instance(data)
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.last_used_at = timezone.now()
        return row


@dataclass(frozen=True)
class SignedIn:
    """One browser that is signed in: what it calls itself, where it asks from, since when and until when it was used."""

    key: str
    browser: str
    place: str
    started_at: datetime.datetime | None
    last_used_at: datetime.datetime
    is_current: bool


def describe(request: HttpRequest) -> None:
    """Remember in a session that has just begun what its browser is."""
    request.session[STARTED_AT] = timezone.now().isoformat()
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_BROWSER]


def of_user(user: User, *, current: str | None) -> list[SignedIn]:
    """The browsers that are signed in with this account, the one that asks first, then by last use."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_used_at")
    found = []
    for row in rows:
        data = row.get_decoded()
        if not constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            continue  # signed in with a password that has been changed since: it opens nothing any more
        found.append(
            SignedIn(
                key=row.session_key,
                browser=data.get(BROWSER, ""),
                place=data.get(PLACE, ""),
                started_at=parse_datetime(data.get(STARTED_AT, "")),
                last_used_at=row.last_used_at,
                is_current=row.session_key == current,
            )
        )
    return sorted(found, key=lambda one: not one.is_current)
