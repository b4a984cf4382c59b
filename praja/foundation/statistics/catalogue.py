"""The figures that every region is asked for: key, name, unit, and what the reference data call them."""

import tomllib
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from praja.foundation.ui.names import in_language

FOLDER = settings.PACKAGE / "data" / "statistics"
OWN = "own-"  # the keys of a region's own figures begin with this


@dataclass(frozen=True)
class Kind:
    """One kind of figure; `reference` is its name in a data folder beside the installation."""

    key: str
    names: dict[str, str]
    unit: str
    hints: dict[str, str]
    reference: str = ""

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.names)

    @property
    def hint(self) -> str:
        """What to watch, in the language of the page; mostly empty."""
        return in_language(self.hints)


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of praja/data/statistics by its key, in order."""
    rows = [
        row
        for file in sorted(FOLDER.glob("*.toml"))
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["statistic"]
    ]
    return {
        row["key"]: Kind(row["key"], row["names"], row["unit"], row.get("hints", {}), row.get("reference", ""))
        for row in rows
    }
