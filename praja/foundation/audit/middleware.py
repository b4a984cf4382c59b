"""A guard: reading a page writes nothing (in development and tests)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

# The session is the browser's own; signing in and out renews it.
HARMLESS = ('"accounts_session"', 'SET "last_login"')


class WriteOnGet(AssertionError):
    """A GET request tried to write to the database."""


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django calls it so
    word = sql.lstrip().split(" ", 1)[0].upper()
    if word in ("INSERT", "UPDATE", "DELETE") and not any(table in sql for table in HARMLESS):
        raise WriteOnGet(sql[:200])
    return execute(sql, params, many, context)


def get_is_read_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that refuses writes while a GET or HEAD is answered, when settings.STRICT."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.STRICT and request.method in ("GET", "HEAD"):
            with connection.execute_wrapper(_refuse_writes):
                return get_response(request)
        return get_response(request)

    return middleware
