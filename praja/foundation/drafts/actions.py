"""Keeping, giving back and clearing what was typed."""

import re
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from praja.foundation.drafts.models import Draft

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "version", "next"})
MOST_CHARACTERS = 2_000_000
# What a page says of the row it shows: its version, and the mark of the fields on the page (entry.mark_of).
VERSION = re.compile(r"([0-9]{1,8})(?:-([0-9a-f]{16}))?")


def version_in(data: QueryDict) -> int:
    """The version that a posted page was made from; 0, which no row has, when it is missing or hostile."""
    found = VERSION.fullmatch(data.get("version", ""))
    return int(found[1]) if found else 0


def typed_values(data: QueryDict) -> dict[str, list[str]]:
    """The posted values that a person typed, without NUL, which PostgreSQL refuses; passwords never.

    Of a form that has a passphrase nothing: who signs electronically types a NIK and a one-time code beside it.
    """
    if any("passphrase" in name for name in data):
        return {}
    return {
        name.replace("\0", ""): [str(value).replace("\0", "") for value in values]
        for name, values in data.lists()
        if name not in NOT_TYPED and "password" not in name
    }


def as_data(draft: Draft) -> QueryDict:
    """The values again as a form takes them."""
    data = QueryDict(mutable=True)
    for name, values in draft.values.items():
        data.setlist(name, values)
    return data


def keep(data: QueryDict, *, by: Any, address: str, kind: str = Draft.Kind.TYPED, token: str = "") -> Draft:
    """Store what was typed on the page `address`; a typed draft replaces the one before it."""
    fields = {
        "values": typed_values(data),
        "base_version": version_in(data) or None,
        "saved_at": timezone.now(),
    }
    if kind == Draft.Kind.TYPED:
        draft, _ = Draft.objects.update_or_create(user=by, address=address, kind=kind, defaults=fields)
        return draft
    return Draft.objects.create(user=by, address=address, kind=kind, token=token, **fields)


def waiting(*, by: Any, address: str, token: str = "") -> Draft | None:
    """The newest draft for this page: typed by this account, or stranded with this browser's token."""
    drafts = Draft.objects.filter(user=by, address=address).exclude(kind=Draft.Kind.CONFLICT)
    if token:
        drafts = drafts | Draft.objects.filter(kind=Draft.Kind.STRANDED, token=token, address=address)
    return drafts.order_by("-saved_at").first()


def clear(*, by: Any, address: str, token: str = "") -> None:
    """The page was saved (or the person threw the draft away)."""
    typed = Q(user=by, kind__in=(Draft.Kind.TYPED, Draft.Kind.STRANDED))
    mine = Draft.objects.filter(typed | Q(kind=Draft.Kind.STRANDED, token=token) if token else typed, address=address)
    if mine.exists():  # mostly there is none, and looking needs no turn among the writers
        mine.delete()
