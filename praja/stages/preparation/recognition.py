"""Finding the agency that a cell of a foreign sheet means, by name or abbreviation as people write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from praja.foundation.accounts.models import Organisation
from praja.foundation.sheets.values import normalised
from praja.stages.preparation.typical import typical_agencies


@dataclass(eq=False, slots=True)
class SheetAgency:
    """An agency of one region: one that exists, or (organisation None) one that the import will make."""

    name: str
    organisation: Any = None


class AgencyIndex:
    """The agencies of one regional government by name, abbreviation and loose name."""

    def __init__(self, region_name: str, agencies: Iterable[Organisation]) -> None:
        self._region_words = normalised(region_name)
        self._by_name: dict[str, SheetAgency] = {}
        self._by_loose_name: dict[str, SheetAgency | None] = {}
        self._names: list[str] = []
        for organisation in agencies:
            self._add(SheetAgency(organisation.name, organisation), organisation.abbreviation)

    def find(self, text: str) -> SheetAgency | None:
        """The agency of this name, or None; a name that fits two is nobody's."""
        name = _form(text)
        if found := self._by_name.get(name):
            return found
        loose = self._loose(name)
        if found := self._by_loose_name.get(loose):
            return found
        for other in (*_other_names().get(name, ()), *_other_names().get(loose, ())):
            if found := self._by_name.get(other) or self._by_loose_name.get(self._loose(other)):
                return found
        return None

    def find_or_add(self, text: str) -> SheetAgency:
        """The agency of this name, else one that the import will make."""
        return self.find(text) or self._add(SheetAgency(text))

    def nearest(self, text: str) -> list[str]:
        """The names of at most three agencies most like the text."""
        near = get_close_matches(self._loose(_form(text))[:100], self._by_loose_name, 3, 0.4)
        found = [agency.name for form in near if (agency := self._by_loose_name[form])]
        return list(dict.fromkeys([*found, *self._names]))[:3]

    def _add(self, agency: SheetAgency, abbreviation: str = "") -> SheetAgency:
        self._names.append(agency.name)
        for form in filter(None, (_form(agency.name), normalised(abbreviation))):
            self._by_name.setdefault(form, agency)
            loose = self._loose(form)
            self._by_loose_name[loose] = agency if self._by_loose_name.get(loose, agency) is agency else None
        return agency

    def _loose(self, name: str) -> str:
        """Without "dan" and without the region at its end: "Dinas Kesehatan Kabupaten Garut" is "dinas kesehatan"."""
        bare = self._region_words.removeprefix("kabupaten ").removeprefix("kota ").removeprefix("provinsi ")
        for end in (self._region_words, f"kab {bare}", "kabupaten", "kota", "provinsi"):
            if name.endswith(f" {end}"):
                name = name.removesuffix(f" {end}")
                break
        return " ".join(word for word in name.split() if word != "dan")


def _form(text: str) -> str:
    return normalised(text) or text.casefold()  # a name of signs only is compared as it is


@cache
def _other_names() -> dict[str, tuple[str, ...]]:
    """{"diskominfo": ("dinas komunikasi dan informatika",)} and back, of the agencies that most regions have."""
    names: dict[str, set[str]] = {}
    for typical in typical_agencies():
        name, abbreviation = normalised(typical.name), normalised(typical.abbreviation)
        if abbreviation:
            names.setdefault(abbreviation, set()).add(name)
            names.setdefault(name, set()).add(abbreviation)
    return {form: tuple(sorted(others)) for form, others in names.items()}
