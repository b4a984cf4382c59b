"""Naming people in a remark with @user_name: who was meant, and telling them."""

import re
from typing import Any

from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership, Organisation, User
from praja.foundation.accounts.reach import under
from praja.foundation.notices.actions import tell
from praja.foundation.remarks.models import Remark

NAME = re.compile(r"(?<![\w@])@([\w.\-]{2,60})")
MOST = 20  # people told by one remark
TOLD = gettext_noop("%(who)s mentions you: “%(text)s”")


def people_of(government: Organisation) -> Any:
    """The accounts that hold a role in a region or at one of its agencies, in the order of their names."""
    members = Membership.objects.current().filter(
        under(government.organisation_path, "organisation__path"), organisation__kind__in=("government", "agency")
    )
    found = User.objects.filter(pk__in=members.values("user"), is_active=True)
    return found.select_related("person").order_by("person__name", "username")


def named_in(text: str, government: Organisation) -> list[User]:
    """Those of the region whom the text names; other words after an @ are left alone."""
    names = {User.normalize_username(name.rstrip(".-")) for name in NAME.findall(text)}
    return list(people_of(government).filter(username__in=sorted(names)[:MOST])) if names else []


def mention(remark: Remark, government: Organisation, *, by: Any, address: str) -> list[User]:
    """Keep whom a stored remark names, and tell them where it stands; whoever writes is not told."""
    meant = [user for user in named_in(remark.text, government) if user.pk != by.pk]
    remark.mentions.set(meant)
    tell(meant, TOLD, values={"who": str(by), "text": remark.text[:200]}, address=address)
    return meant
