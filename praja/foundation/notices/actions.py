"""Telling people."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from praja.foundation.accounts.models import Membership
from praja.foundation.notices.models import Notice


def tell(users: Iterable[Any], text: str, *, values: dict[str, Any], address: str) -> None:
    """Tell each account `text` (an English source string with %(names)s) in its own language."""
    notices = []
    for user in users:
        with translation.override(user.language or "id"):
            notices.append(Notice(user=user, text=(translation.gettext(text) % values)[:400], address=address))
    Notice.objects.bulk_create(notices)


def holders(organisation: Any, *roles: str, dimension: str = "") -> list[Any]:
    """The accounts that hold one of `roles` at `organisation` today; with `dimension`, for that one or for all."""
    memberships = Membership.objects.current().filter(organisation=organisation, role__in=roles)
    return [
        membership.user
        for membership in memberships.select_related("user")
        if not dimension or not membership.dimensions or dimension in membership.dimensions
    ]
