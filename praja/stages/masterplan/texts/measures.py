"""What the linter compares typed numbers with: each number of a plan with the words that people put beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import translation

from praja.foundation.workflow.models import State
from praja.stages.innovations.figures import Amount, Group
from praja.stages.masterplan.texts.figures import LANGUAGE, Figures, Number, number_of
from praja.stages.roadmap.figures import ActionGroup

Facets = Mapping[str, Any]

SUB_DIMENSION_WORDS = ("subdimensi", "sub-dimensi", "sub dimensi", "pilar")
MONEY_NOUNS = ("anggaran", "pagu", "pendanaan", "kebutuhan dana", "biaya", "dana", "belanja", "investasi")


@dataclass(frozen=True)
class Measure:
    """What can be counted: rows of (facets, number) that add up, and the nouns that people put beside such a number.

    `usual` are the facets that hold when a text does not name others: an innovation without a word about its state is one
    that is part of the plan. `unit` is "", "rupiah" or "%".
    """

    nouns: tuple[str, ...]
    rows: tuple[tuple[Facets, Number], ...]
    unit: str = ""
    usual: Facets = field(default_factory=dict)
    is_vague: bool = False

    def of(self, named: Mapping[str, Any]) -> Number:
        """The number of the rows that have these facets."""
        wanted = {**self.usual, **named}
        return sum((number for facets, number in self.rows if _has(facets, wanted)), start=0)

    def knows(self, facet: str) -> bool:
        """Whether its rows are told apart by this facet."""
        return facet in self.usual or any(facet in facets for facets, _number in self.rows)


def _has(facets: Facets, wanted: Facets) -> bool:
    return all(name in facets and facets[name] == value for name, value in wanted.items())


def measures_of(figures: Figures) -> list[Measure]:
    """What the texts of a plan may state in numbers, with the words that stand beside such numbers."""
    return [
        _innovations(figures),
        _problems(figures),
        _causes(figures),
        _money(figures),
        _actions(figures),
        *_of_the_plan(figures),
        *_of_the_region(figures),
        *_of_statistics(figures),
    ]


def _innovations(figures: Figures) -> Measure:
    rows = [
        (
            {
                **_place_of(one),
                "is_it": one.is_it,
                "horizon": one.horizon,
                "state": "plan" if one.is_printed else one.state,
            },
            one.number,
        )
        for one in figures.innovations.innovations.groups
    ]
    return Measure(("inovasi",), tuple(rows), usual={"state": "plan"})


def _problems(figures: Figures) -> Measure:
    rows = [
        (
            {
                "dimension": dimension,
                "sub_dimension": sub,
                "state": "plan" if state == State.ACCEPTED else state,
            },
            number,
        )
        for (dimension, sub, state), number in figures.problems.states.items()
    ]
    return Measure(("permasalahan", "masalah"), tuple(rows), usual={"state": "plan"})


def _causes(figures: Figures) -> Measure:
    rows = [({"dimension": dimension}, number) for (dimension, _kind), number in figures.problems.causes.items()]
    return Measure(("faktor penyebab", "penyebab", "akar masalah"), tuple(rows))


def _money(figures: Figures) -> Measure:
    rows = [({**_place_of(one), "year": one.year, "source": one.source}, one.rupiah) for one in figures.money.amounts]
    return Measure(MONEY_NOUNS, tuple(rows), unit="rupiah", is_vague=True)


def _actions(figures: Figures) -> Measure:
    rows = [({**_place_of(one), "family": one.family}, one.number) for one in figures.actions.groups]
    return Measure(("rencana aksi", "aksi"), tuple(rows))


def _place_of(one: Group | Amount | ActionGroup) -> Facets:
    return {"dimension": one.dimension, "sub_dimension": one.sub_dimension, "agency": one.organisation}


def _of_the_plan(figures: Figures) -> Iterator[Measure]:
    yield _single("sasaran rpjmd", number=figures.targets.targets)
    yield _single("program unggulan", number=figures.targets.flagships)
    yield _single("strategi", number=figures.strategies)
    yield _single("program masterplan", number=figures.programmes)
    yield _single("penerima manfaat", number=figures.innovations.printed.beneficiaries, is_vague=True)
    yield from _of_quick_wins(figures)
    yield _single("dimensi", number=len(figures.dimensions))
    # A text may mean the agencies that are asked, all of them, or those that carry an innovation.
    for number in (figures.asked, len(figures.agencies), len(figures.innovations.printed.organisations)):
        yield _single("perangkat daerah", "opd", "skpd", number=number)


def _of_quick_wins(figures: Figures) -> Iterator[Measure]:
    found = figures.quick_wins
    if found.year is None:
        return
    years = tuple(({"year": year}, number) for year, number in found.by_year)
    yield Measure(("quick win", "program percepatan"), years, usual={"year": found.year})
    yield _single("calon quick win", "nominasi quick win", number=found.nominees)


def _of_the_region(figures: Figures) -> Iterator[Measure]:
    region = figures.plan.government.region
    if figures.districts:
        yield _single("kecamatan", number=figures.districts)
    if region and region.population:
        yield _single("penduduk", "jiwa", number=region.population)
    if region and region.area_km2:
        yield _single("luas wilayah", "luas", number=Decimal(region.area_km2))


def _single(*nouns: str, number: Number, is_vague: bool = False) -> Measure:
    """A number that has no parts."""
    return Measure(nouns, (({}, number),), is_vague=is_vague)


def _of_statistics(figures: Figures) -> Iterator[Measure]:
    for line in figures.statistics:
        rows = tuple(
            ({"year": one.year}, number) for one in line.figures if (number := number_of(one.value)) is not None
        )
        with translation.override(LANGUAGE):
            name = (line.kind.name if line.kind else line.name).lower()
        if rows:
            unit = "%" if line.figures[0].unit.strip().lower() in ("%", "persen") else ""
            nouns = ("jumlah penduduk", "penduduk") if name == "jumlah penduduk" else (" ".join(name.split()),)
            yield Measure(nouns, rows, unit, usual={"year": rows[0][0]["year"]})


def facet_words(figures: Figures) -> dict[str, dict[str, Any]]:
    """The words by which a text names a facet: facet, then phrase in small letters, to what it means."""
    words: dict[str, dict[str, Any]] = {
        "dimension": {},
        "sub_dimension": {},
        "agency": {},
        "is_it": {
            "non-ti": False, "nonti": False, "non ti": False, "non-it": False, "tanpa teknologi informasi": False,
            "non-tik": False, "bukan teknologi informasi": False, "tidak memerlukan teknologi informasi": False,
            "berbasis ti": True, "berbasis teknologi informasi": True, "berbasis it": True, "inovasi ti": True,
            "memerlukan teknologi informasi": True, "berbasis digital": True,
        },
        "horizon": {"jangka pendek": "short", "jangka menengah": "medium", "jangka panjang": "long"},
        "state": {
            "diterima": "plan", "diajukan": State.SUBMITTED, "dikembalikan": State.RETURNED, "berstatus draf": State.DRAFT,
        },
        "source": {
            "apbd provinsi": "apbd_province", "apbd kabupaten": "apbd_region", "apbd kota": "apbd_region",
            "apbd": "apbd_region", "apbn": "apbn", "dak": "dak", "csr": "csr", "tjsl": "csr", "kpbu": "ppp",
            "hibah": "grant", "dana desa": "village", "swadaya": "self_help",
        },
        "year": {str(year): year for year in range(1990, 2100)},
        "family": {
            "kebijakan dan kelembagaan": "policy", "sumber daya manusia": "people", "infrastruktur": "infrastructure",
            "aplikasi": "application", "literasi": "literacy",
        },
    }  # fmt: skip
    # Aliases such as "ekonomi" are words of every day; they speak of a dimension only where somebody says so.
    for dimension in figures.dimensions:
        words["dimension"] |= {name.lower(): dimension.pk for name in dimension.names.values() if " " in name}
        for name in {*dimension.names.values(), *dimension.aliases}:
            words["dimension"] |= {f"{before} {name.lower()}": dimension.pk for before in ("dimensi", "smart")}
        for sub in dimension.sub_dimensions.all():
            for name in {*sub.names.values(), *sub.aliases}:
                words["sub_dimension"] |= {f"{before} {name.lower()}": sub.pk for before in SUB_DIMENSION_WORDS}
    for agency in figures.agencies:
        for name in filter(None, (agency.name, agency.abbreviation)):
            words["agency"][name.lower()] = agency.pk
    return words
