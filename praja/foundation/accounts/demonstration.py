"""Signing in with one click in a demonstration, on this machine only."""

from collections.abc import Iterator

from django.http import HttpRequest

from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.roles import ROLES

LOOPBACK = ("127.0.0.1", "::1")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
# A proxy on this machine also comes from loopback; it tells so by one of these.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST", "HTTP_VIA")
MOST_OF_ONE_ROLE = 4


def is_offered(request: HttpRequest) -> bool:
    """Whether this request may sign in without a password: a demonstration, asked from the machine itself."""
    host = request.get_host()
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return (
        request.META.get("REMOTE_ADDR") in LOOPBACK
        and name in LOCAL_HOSTS
        and not any(request.META.get(header) for header in FORWARDED)
        and is_demonstration()
    )


def accounts_by_role() -> Iterator[tuple[str, list[User]]]:
    """(role in words, its first demo accounts) in the order of the roles; `acting_at` names the organisation."""
    memberships = (
        Membership.objects.filter(ended_at=None, user__is_demonstration=True, user__is_active=True)
        .select_related("user__person", "organisation")
        .order_by("pk")
    )
    found: dict[str, list[User]] = {}
    for membership in memberships:
        accounts = found.setdefault(membership.role, [])
        if len(accounts) < MOST_OF_ONE_ROLE:
            membership.user.acting_at = membership.organisation.name  # type: ignore[attr-defined]  # for this page only
            accounts.append(membership.user)
    for key, role in ROLES.items():
        if key in found:
            yield str(role.title), found[key]
