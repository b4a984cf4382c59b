"""What a text may refer to instead of typing it: the numbers and names of a plan by key, its charts, its pictures."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from praja.foundation.documents.blocks import PICTURE_BYTES, AnyBlock, Chart
from praja.foundation.files.contents import JPEG, PNG
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.ui.formats import decimal, percent, rupiah_short
from praja.foundation.workflow.models import State
from praja.stages.analysis.blocks import gap_blocks
from praja.stages.innovations.blocks import money_by_year_chart
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.texts.figures import LANGUAGE, Figures, Number, figures_of, number_of
from praja.stages.problems.blocks import cause_chart, problem_material
from praja.stages.readiness.blocks import readiness_blocks
from praja.stages.roadmap import figures as roadmap_figures
from praja.stages.roadmap.blocks import roadmap_blocks
from praja.stages.roadmap.models import Action
from praja.stages.targets.blocks import alignment_blocks

ChartMaker = Callable[[Plan], list[AnyBlock]]


@dataclass(frozen=True)
class Reference:
    """One thing a text may refer to: what it is called in the list, what the book prints, and its number if it has one."""

    key: str
    label: str
    text: str
    number: Number | None = None
    group: str = ""


class Values(dict[str, Reference]):
    """The references of one plan by key; it also finds the charts and pictures that its texts show."""

    def __init__(self, plan: Plan | None, references: Iterator[Reference] | tuple[Reference, ...] = ()) -> None:
        super().__init__((one.key, one) for one in references)
        self.plan = plan
        self._charts: dict[str, Chart | None] = {}

    def chart(self, key: str) -> Chart | None:
        """The chart of this key as the data draw it now; None where there is none."""
        if key not in self._charts:
            source = CHARTS.get(key)
            made = source.make(self.plan) if source and self.plan else []
            self._charts[key] = next((block for block in made if isinstance(block, Chart)), None)
        return self._charts[key]

    def picture(self, uid: str) -> bytes | None:
        """The content of a picture that somebody put into a text; None where it is gone or not of this plan."""
        stored = self._pictures.get(uid)
        if stored is None:
            return None
        try:
            with stored.open() as file:
                content: bytes = file.read()
        except FileNotFoundError:
            return None
        return content

    @cached_property
    def _pictures(self) -> dict[str, StoredFile]:
        """Every picture that the texts of the plan name, in two queries."""
        contents = Narrative.objects.filter(plan=self.plan).values_list("content", flat=True) if self.plan else ()
        return pictures_of(self.plan, {node["picture"] for one in contents for node in one if "picture" in node})

    def also(self, uids: set[str]) -> None:
        """Know the pictures of a text that is not saved yet."""
        if missing := uids - set(self._pictures):
            self._pictures.update(pictures_of(self.plan, missing))


def pictures_of(plan: Plan | None, uids: set[str]) -> dict[str, StoredFile]:
    """The stored pictures of these uids that belong to the plan and that a book can show."""
    if plan is None or not uids:
        return {}
    found = StoredFile.objects.present().filter(
        uid__in=[uuid.UUID(uid) for uid in uids],
        organisation_path=plan.organisation_path,
        kind__in=(PNG, JPEG),
        size_bytes__lte=PICTURE_BYTES,
    )
    return {str(stored.uid): stored for stored in found}


NO_VALUES = Values(None)


# ---------------------------------------------------------------- charts


@dataclass(frozen=True)
class ChartSource:
    """A chart that a text may show: what it is called in the list, and who draws it."""

    label: Any
    make: ChartMaker


CHARTS: dict[str, ChartSource] = {
    "anggaran-per-tahun": ChartSource(
        gettext_lazy("Money by year and source"), lambda plan: money_by_year_chart(roadmap_figures.money(plan))
    ),
    "faktor-penyebab": ChartSource(
        gettext_lazy("Causes of problems by kind"), lambda plan: cause_chart(problem_material(plan))
    ),
    "kesiapan": ChartSource(gettext_lazy("Readiness by component"), readiness_blocks),
    "kesenjangan": ChartSource(gettext_lazy("Gaps by sub-dimension"), gap_blocks),
    "keselarasan": ChartSource(gettext_lazy("Alignment with the RPJMD"), alignment_blocks),
    "peta-jalan": ChartSource(gettext_lazy("The roadmap at a glance"), roadmap_blocks),
}


def values_of(plan: Plan, figures: Figures | None = None) -> Values:
    """What the texts of a plan may refer to, by key; the texts in the language of the books."""
    figures = figures or figures_of(plan)
    groups = (
        _of_the_region, _of_innovations, _of_problems, _of_money, _of_the_plan, _of_readiness, _of_quick_wins,
        _of_statistics,
    )  # fmt: skip
    return Values(plan, tuple(one for group in groups for one in group(figures)))


def _count(key: str, label: str, number: int, group: str) -> Reference:
    with translation.override(LANGUAGE):
        return Reference(key, label, decimal(number), number, group)


def _money(key: str, label: str, amount: int, group: str) -> Reference:
    with translation.override(LANGUAGE):
        return Reference(key, label, rupiah_short(amount), amount, group)


def _of_the_region(figures: Figures) -> Iterator[Reference]:
    group, plan, region = _("Region and plan"), figures.plan, figures.plan.government.region
    yield Reference(
        "nama-daerah", _("Name of the region"), region.name if region else plan.government.name, None, group
    )
    yield Reference("judul-masterplan", _("Title of the plan"), plan.title, None, group)
    if plan.year_from and plan.year_to:
        yield Reference("tahun-awal", _("First year"), str(plan.year_from), plan.year_from, group)
        yield Reference("tahun-akhir", _("Last year"), str(plan.year_to), plan.year_to, group)
        years = f"{plan.year_from}–{plan.year_to}"
        yield Reference("periode", _("Period of the plan"), years, None, group)
        yield _count("lama-tahun", _("Years of the plan"), len(plan.years), group)
    if region and region.population:
        yield _count("jumlah-penduduk", _("Population"), region.population, group)
    if region and region.area_km2:
        with translation.override(LANGUAGE):
            yield Reference("luas-wilayah", _("Area in km²"), decimal(region.area_km2), Decimal(region.area_km2), group)
    if figures.districts:
        yield _count("jumlah-kecamatan", _("Districts"), figures.districts, group)
    yield _count("jumlah-perangkat-daerah", _("Agencies of which something is asked"), figures.asked, group)
    yield _count("jumlah-dimensi", _("Dimensions"), len(figures.dimensions), group)


def _of_innovations(figures: Figures) -> Iterator[Reference]:
    group, printed = _("Innovations"), figures.innovations.printed
    yield _count("jumlah-inovasi", _("Innovations of the plan"), printed.number, group)
    yield _count("inovasi-ti", _("Innovations that need information technology"), printed.by("is_it")[True], group)
    yield _count("inovasi-nonti", _("Innovations without information technology"), printed.not_it, group)
    if printed.it_or_not:
        with translation.override(LANGUAGE):
            share = percent(printed.not_it, printed.it_or_not)
        number = Decimal(printed.not_it * 100) / printed.it_or_not
        yield Reference("persen-inovasi-nonti", _("Share without information technology"), share, number, group)
    yield _count("pengampu-inovasi", _("Agencies that carry innovations"), len(printed.organisations), group)
    yield _count("penerima-manfaat", _("Beneficiaries, added up over innovations"), printed.beneficiaries, group)
    for state, label in ((State.SUBMITTED, _("Innovations submitted")), (State.RETURNED, _("Innovations returned"))):
        yield _count(f"inovasi-{state}", label, figures.innovations.innovations.by("state")[state], group)
    for dimension in figures.dimensions:
        label = _("Innovations in %(name)s") % {"name": dimension.name}
        yield _count(f"inovasi-dimensi-{dimension.key}", label, printed.of(dimension=dimension.pk).number, group)
    for horizon, key in (("short", "pendek"), ("medium", "menengah"), ("long", "panjang")):
        label = _("Innovations, %(horizon)s") % {"horizon": Innovation.Horizon(horizon).label}
        yield _count(f"inovasi-jangka-{key}", label, printed.by("horizon")[horizon], group)


def _of_problems(figures: Figures) -> Iterator[Reference]:
    group = _("Problems")
    yield _count("jumlah-permasalahan", _("Problems that the books print"), figures.problems.accepted(), group)
    causes = sum(number for _kind, number in figures.problems.causes_by_kind())
    yield _count("jumlah-faktor-penyebab", _("Causes of those problems"), causes, group)
    for dimension in figures.dimensions:
        label = _("Problems in %(name)s") % {"name": dimension.name}
        number = figures.problems.accepted(dimension.pk)
        yield _count(f"permasalahan-dimensi-{dimension.key}", label, number, group)


def _of_money(figures: Figures) -> Iterator[Reference]:
    group, money = _("Money"), figures.money
    yield _money("jumlah-anggaran", _("All money of the plan"), money.total, group)
    for year in money.years:
        yield _money(f"anggaran-{year}", _("Money in %(year)s") % {"year": year}, money.by("year")[(year,)], group)
    for source in money.sources:
        label = _("Money from %(source)s") % {"source": BudgetLine.Source(source).label}
        key = f"anggaran-{source.replace('_', '-')}"
        yield _money(key, label, money.by("source")[(source,)], group)
    for dimension in figures.dimensions:
        label = _("Money for %(name)s") % {"name": dimension.name}
        yield _money(f"anggaran-dimensi-{dimension.key}", label, money.of(dimension=dimension.pk).total, group)


def _of_the_plan(figures: Figures) -> Iterator[Reference]:
    group, targets = _("Targets and actions"), figures.targets
    yield _count("jumlah-misi-rpjmd", _("Missions of the RPJMD"), targets.missions, group)
    yield _count("jumlah-tujuan-rpjmd", _("Goals of the RPJMD"), targets.goals, group)
    yield _count("jumlah-sasaran", _("Targets of the RPJMD"), targets.targets, group)
    yield _count("jumlah-indikator-sasaran", _("Indicators of those targets"), targets.indicators, group)
    yield _count("jumlah-program-unggulan", _("Flagship programmes of the head of region"), targets.flagships, group)
    yield _count("jumlah-strategi", _("Strategies"), figures.strategies, group)
    yield _count("jumlah-program", _("Programmes of the masterplan"), figures.programmes, group)
    yield _count("jumlah-rencana-aksi", _("Actions"), figures.actions.number, group)
    families = figures.actions.by("family")
    for family, label in Action.Family.choices:
        yield _count(f"aksi-{family}", _("Actions: %(family)s") % {"family": label}, families[family], group)


def _of_readiness(figures: Figures) -> Iterator[Reference]:
    group, found = _("Readiness"), figures.readiness
    results = [("hasil-kesiapan", _("Result of the readiness"), found.level)]
    results += [
        (f"kesiapan-{one.node.key}"[:60], _("Readiness: %(name)s") % {"name": one.name}, one.level)
        for one in found.components
    ]
    for key, label, level in results:
        if level is not None:
            with translation.override(LANGUAGE):
                yield Reference(key.replace("_", "-"), label, decimal(level), level, group)


def _of_quick_wins(figures: Figures) -> Iterator[Reference]:
    group, found = _("Quick wins"), figures.quick_wins
    if found.year is None:
        return
    yield Reference("tahun-quick-win", _("Year of the quick wins"), str(found.year), found.year, group)
    yield _count("jumlah-quick-win", _("Quick wins that were decided"), found.number, group)
    yield _count("calon-quick-win", _("Nominees of that round"), found.nominees, group)
    yield _count("pengampu-quick-win", _("Agencies that own them"), found.agencies, group)
    yield _money("anggaran-quick-win", _("Money of the quick wins"), found.rupiah, group)


def _of_statistics(figures: Figures) -> Iterator[Reference]:
    for line in figures.statistics:
        newest = line.figures[0]
        number = number_of(newest.value)
        if number is None:
            continue
        label = _("%(name)s in %(year)s (%(unit)s)") % {"name": line.name, "year": newest.year, "unit": newest.unit}
        with translation.override(LANGUAGE):
            text = decimal(number)
        key = f"statistik-{line.key.lower().replace('_', '-')}"[:60]
        yield Reference(key, label, text, number, _("Statistics of the region"))


def chart_choices() -> list[tuple[str, str]]:
    """Keys and names of the charts that a text may show."""
    return [(key, str(source.label)) for key, source in CHARTS.items()]


def choices_of(values: Values) -> list[tuple[str, list[Reference]]]:
    """The references in their groups, as a list to choose from shows them."""
    groups: dict[str, list[Reference]] = {}
    for one in values.values():
        groups.setdefault(one.group or pgettext("group of references", "Other"), []).append(one)
    return list(groups.items())
