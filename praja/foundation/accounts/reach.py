"""How far a person reaches: the rows at or below the organisations where a role of theirs holds a permission."""

from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import Q

from praja.foundation.accounts.permissions import Can


class PathField(models.CharField):
    """The path of an organisation, "/1/32/"; compared byte by byte, so that ranges use the index on both databases."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 120, "editable": False, **options})

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """The column, with the collation that sorts by code point on PostgreSQL (SQLite does so by itself)."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def under(path: str, column: str = "organisation_path") -> Q:
    """Rows at or below `path`, as a range so that an index serves it ("/1/32/" <= x < "/1/320")."""
    return Q(**{f"{column}__gte": path, f"{column}__lt": path[:-1] + "0"})


def within(paths: "frozenset[str] | set[str]", column: str = "organisation_path") -> Q:
    """Rows at or below any of `paths`; nothing when there is none."""
    conditions = [under(path, column) for path in shortest(paths)]
    return reduce(or_, conditions) if conditions else Q(pk__in=[])


def shortest(paths: "frozenset[str] | set[str]") -> list[str]:
    """The paths without those that another one already covers."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def reach_of(user: Any, permission: Can, column: str = "organisation_path") -> Q:
    """The rows on which `user` holds `permission`, as a condition: paths, some of them for some dimensions only."""
    whole = {scope.path for scope in user.scopes_for(permission) if scope.dimensions is None}
    condition = within(whole, column)
    for scope in user.scopes_for(permission):
        if scope.dimensions is not None:
            condition |= under(scope.path, column) & Q(dimension__key__in=sorted(scope.dimensions))
    return condition


class ReachQuerySet(models.QuerySet):
    """A queryset that loading goes through, so that a stranger gets 404."""

    path_column = "organisation_path"

    def within_reach(self, user: Any, permission: Can) -> Self:
        """The rows on which `user` holds `permission`."""
        return self.filter(reach_of(user, permission, self.path_column))
