"""Notes when a session was last used, after the answer has gone out, so that no reader waits for a writer."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.signals import request_finished
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from praja.foundation.accounts.models import Session

NOTED_EVERY = timedelta(minutes=15)
_to_note = threading.local()


def last_used(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that has the moment of last use stored once the answer is out, at most every quarter of an hour."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session: Any = request.session
        if session.accessed and session.last_used_at and SESSION_KEY in session:
            is_due = timezone.now() - session.last_used_at > NOTED_EVERY
            _to_note.key = session.session_key if is_due else None
        return response

    return middleware


def note_last_use(**_signal: Any) -> None:
    """Store what the answer that has just gone out left to note; a busy database is not worth an error."""
    key, _to_note.key = getattr(_to_note, "key", None), None
    if key:
        try:
            Session.objects.filter(session_key=key).update(last_used_at=timezone.now())
        except DatabaseError:
            return


request_finished.connect(note_last_use, dispatch_uid="note last use of a session")
