"""Figures of a region that a data folder beside the installation has; nothing of the folder is kept or needed."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from praja.foundation.accounts.models import Organisation
from praja.foundation.statistics.catalogue import kinds

LONGEST_SOURCE = 300


@dataclass(frozen=True)
class Found:
    """A figure as the data folder, or the list of regions, says it."""

    key: str
    value: str
    unit: str
    year: int
    source: str
    is_final: bool = True


def found_for(government: Organisation) -> dict[str, Found]:
    """What is known about the region of a government, by kind; empty where nothing is.

    Population and area come from the list of regions where the folder says nothing; it knows no year for them.
    """
    region = government.region
    if region is None:
        return {}
    known = _of_folder(region.code)
    own = {"population": region.population, "area": region.area_km2}
    with override(settings.LANGUAGE_CODE):  # what is stored speaks the language of the books
        source = _("List of regions in Praja; please check year and source")
    for key, value in own.items():
        if value is not None and key not in known:
            number = f"{Decimal(value).normalize():f}"
            known[key] = Found(key, number, kinds()[key].unit, timezone.localdate().year, source, is_final=False)
    return {key: known[key] for key in kinds() if key in known}


def _of_folder(code: str) -> dict[str, Found]:
    folder = settings.REFERENCE_DIR
    if folder is None:
        return {}
    for place in (folder / "reference", folder):
        file = place / "region_stats.csv"
        if file.is_file():
            return dict(_figures(file, file.stat().st_mtime_ns).get(code, {}))
    return {}


@lru_cache(maxsize=2)
def _figures(file: Path, changed: int) -> dict[str, dict[str, Found]]:
    """The figures of a file by region and kind, the newest of each; read again once the file has changed."""
    del changed
    sources = {}
    beside = file.with_name("region_stats_sources.csv")
    if beside.is_file():
        sources = {row["source_id"]: row["source"] for row in _rows(beside)}
    by_reference = {kind.reference: kind for kind in kinds().values() if kind.reference}
    found: dict[str, dict[str, Found]] = defaultdict(dict)
    for row in _rows(file):
        kind = by_reference.get(row["indicator"])
        try:
            value, year = f"{Decimal(row['value']):f}", int(row["year"])
        except (InvalidOperation, ValueError):
            continue  # a hole in the file is no figure
        known = found[row["region_code"]]
        if kind and (kind.key not in known or known[kind.key].year < year):
            source = sources.get(row["source_id"], row["source_id"])[:LONGEST_SOURCE]
            known[kind.key] = Found(kind.key, value, kind.unit, year, source)
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
