"""The words of one dimension set, for reading the cells of a sheet: names in every language, aliases, sub-dimensions."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from praja.foundation.plans.models import DimensionSet
from praja.foundation.sheets.values import Choices, ValueProblem, parse_choice


class DimensionWords:
    """The words of one dimension set, for reading cells."""

    def __init__(self, one_set: DimensionSet) -> None:
        rows = list(one_set.dimensions.prefetch_related("sub_dimensions"))
        self.pk = {row.key: row.pk for row in rows}
        self.names = {row.key: str(row) for row in rows}
        self.choices = _choices(rows)
        self.subs = {row.key: _choices(row.sub_dimensions.all()) for row in rows}
        self.sub_pk = {(row.key, sub.key): sub.pk for row in rows for sub in row.sub_dimensions.all()}
        self._answers: dict[tuple[str, str], tuple[str, str, str, str]] = {}

    def read(self, dimension: str, sub: str) -> tuple[str, str, str, str]:
        """(key, key of the sub-dimension, sentence about the first, about the second); empty where nothing was typed."""
        asked = (dimension, sub)
        if asked not in self._answers:
            self._answers[asked] = self._read(dimension, sub)
        return self._answers[asked]

    def _read(self, dimension: str, sub: str) -> tuple[str, str, str, str]:
        key = ""
        if dimension:
            try:
                key = parse_choice(dimension, self.choices) or ""
            except ValueProblem as problem:
                return "", "", str(problem), ""
        if not sub:
            return key, "", "", ""
        if key:
            try:
                return key, parse_choice(sub, self.subs[key]) or "", "", ""
            except ValueProblem as problem:
                return key, "", "", str(problem)
        found = [(one, sub_key) for one, choices in self.subs.items() if (sub_key := choices.find(sub))]
        if len(found) == 1:
            return *found[0], "", ""
        return "", "", "", _("“%(text)s” is no sub-dimension by itself. Name its dimension too.") % {"text": sub[:60]}


def _choices(rows: Iterable[Any]) -> Choices:
    rows = list(rows)
    synonyms = {word: row.key for row in rows for word in (*row.names.values(), *row.aliases)}
    return Choices([(row.key, row.names.get("id", row.key)) for row in rows], synonyms)
