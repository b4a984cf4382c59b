"""Whether this database is a demonstration as a whole; remembered for the life of the process."""

from django.db import transaction

from praja.foundation.accounts.models import Installation, User


class MixedInstallation(Exception):
    """Demonstration and real data must never share a database."""


_known: dict[str, bool] = {}


def is_demonstration() -> bool:
    """Whether every page and book has to say that this is a demonstration."""
    if "is_demonstration" not in _known:
        row = Installation.objects.first()
        if row is None:
            return False
        _known["is_demonstration"] = row.is_demonstration
    return _known["is_demonstration"]


@transaction.atomic
def mark(*, is_demonstration: bool) -> None:
    """Settle once what this database is; raises MixedInstallation when it is already the other."""
    row = Installation.objects.first()
    if row is None:
        if is_demonstration and User.objects.filter(is_demonstration=False).exists():
            raise MixedInstallation
        row = Installation.objects.create(is_demonstration=is_demonstration)
    if row.is_demonstration != is_demonstration:
        raise MixedInstallation
    _known["is_demonstration"] = row.is_demonstration


def forget() -> None:
    """For tests: ask the database again."""
    _known.clear()
