"""Reading the region codes of praja/data into the database; running it twice changes nothing."""

import csv
from pathlib import Path

from django.conf import settings

from praja.foundation.places.models import Region

FIELDS = ["kind", "name", "parent_id", "time_zone"]


def load_regions() -> int:
    """Bring the regions and districts of praja/data into the database; answers how many rows were new or changed."""
    return _load(_rows("regions.csv")) + _load(_rows("districts.csv"))


def _rows(file_name: str) -> list[dict[str, str]]:
    path: Path = settings.PACKAGE / "data" / file_name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _load(rows: list[dict[str, str]]) -> int:
    """Upsert the rows level by level, since a row needs its parent's key."""
    known = {code: (pk, *rest) for pk, code, *rest in Region.objects.values_list("id", "code", *FIELDS)}
    changed = 0
    for depth in sorted({row["code"].count(".") for row in rows}):
        places = []
        for row in rows:
            if row["code"].count(".") != depth:
                continue
            parent_id = known[row["parent_code"]][0] if row["parent_code"] else None
            values = (row["kind"], row["name"], parent_id, row["time_zone"])
            if row["code"] not in known or known[row["code"]][1:] != values:
                places.append(Region(code=row["code"], **dict(zip(FIELDS, values, strict=True))))
        if not places:
            continue
        update = ["kind", "name", "parent", "time_zone"]
        Region.objects.bulk_create(
            places, batch_size=1000, update_conflicts=True, unique_fields=["code"], update_fields=update
        )
        changed += len(places)
        codes = Region.objects.values_list("id", "code", *FIELDS)
        known.update({code: (pk, *rest) for pk, code, *rest in codes})
    return changed
