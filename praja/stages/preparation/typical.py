"""The agencies that most regions have, for each government affair; a region ticks those that it has too."""

import csv
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from praja.foundation.accounts.models import Affair, Organisation
from praja.foundation.sheets.values import normalised


@dataclass(frozen=True)
class TypicalAgency:
    """A line of praja/data/typical_agencies.csv; `affairs` are codes, the first is the main one."""

    name: str
    abbreviation: str
    kind: str
    affairs: tuple[str, ...]


@cache
def typical_agencies() -> tuple[TypicalAgency, ...]:
    """The lines of the file, in its order."""
    with (settings.PACKAGE / "data" / "typical_agencies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            TypicalAgency(row["name"], row["abbreviation"], row["kind"], tuple(row["affairs"].split()))
            for row in csv.DictReader(file)
        )


@dataclass(frozen=True)
class Proposal:
    """A typical agency as the page shows it: its place in the file, and the agency of the region that it seems to be."""

    number: int
    agency: TypicalAgency
    present: Organisation | None


def proposals_for(agencies: list[Organisation]) -> list[tuple[str, list[Proposal]]]:
    """(main government affair, its proposals); `agencies` are those that the region has."""
    known = {}
    for agency in agencies:
        known[normalised(agency.name)] = agency
        if agency.abbreviation:
            known.setdefault(normalised(agency.abbreviation), agency)
    names = {affair.code: str(affair) for affair in Affair.objects.all()}
    groups: dict[str, list[Proposal]] = {}
    for number, typical in enumerate(typical_agencies()):
        present = known.get(normalised(typical.name)) or known.get(normalised(typical.abbreviation))
        groups.setdefault(typical.affairs[0], []).append(Proposal(number, typical, present))
    return [(names.get(code, code), groups[code]) for code in sorted(groups)]
