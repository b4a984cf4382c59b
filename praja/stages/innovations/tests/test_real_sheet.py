"""The 197 published rows of 44 regions go in completely: every cell is in a typed field or listed as not placed."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from praja.foundation.places.loading import load_regions
from praja.foundation.plans.models import Plan
from praja.stages.innovations import imports
from praja.stages.innovations.models import Innovation, Unplaced
from praja.stages.innovations.regions import RegionIndex
from praja.stages.preparation.recognition import AgencyIndex

TWIN = Path(__file__).with_name("published.csv")
BOOLEANS = {"yes": True, "no": False, "IT": True, "non-IT": False, "": None}


def published():
    """The real file beside the checkout, or None."""
    folder = settings.REFERENCE_DIR
    if folder is None:
        return None
    places = (
        folder / "innovations.csv",
        folder / "real" / "innovations.csv",
        folder.parent / "real" / "innovations.csv",
    )
    return next((place for place in places if place.is_file()), None)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def the_innovation(row, regions):
    """The innovation of one source row."""
    found = Innovation.objects.filter(plan__government__region=regions.find(row["region"]), title=row["name"])
    return found.select_related("organisation__parent", "dimension").get()


def assert_every_cell_is_there(rows):
    regions = RegionIndex()
    for row in rows:
        one = the_innovation(row, regions)
        assert str(one.source_year or "") == row["year"]
        assert (one.dimension.names["id"] if one.dimension else "") == row["dimension"]
        assert one.is_quick_win == BOOLEANS[row["is_quick_win"]]
        assert one.is_it == BOOLEANS[row["it_or_nonit"]]
        assert one.source_address == row["source_url"]
        assert not row["subdimension"]
        if row["opd"]:
            index = AgencyIndex(row["region"], [one.organisation])
            assert index.find(row["opd"]).organisation == one.organisation
            assert one.organisation.parent == one.plan.government
        else:
            assert one.organisation is None
    assert Innovation.objects.count() == len(rows)
    assert not Unplaced.objects.exists()  # every column of this sheet has a field


def bring_twice(path):
    """Import, look, import again; answers both results."""
    first = imports.import_file(path)
    before = list(Innovation.objects.order_by("pk").values())
    second = imports.import_file(path)
    assert list(Innovation.objects.order_by("pk").values()) == before
    return first, second


@pytest.mark.skipif(published() is None, reason="PRAJA_REFERENCE_DIR is not set or holds no real/innovations.csv")
def test_the_published_sheet_goes_in_completely(country):
    load_regions()
    rows = rows_of(published())
    first, second = bring_twice(published())
    assert (len(rows), first.counts["new"], first.wrong) == (197, 197, [])
    assert (second.counts["new"], second.counts["there"]) == (0, 197)
    assert_every_cell_is_there(rows)
    plans = Plan.objects.filter(is_unverified=True)
    assert plans.count() == len({row["region"] for row in rows}) == 44
    assert Innovation.objects.without_agency().count() == 136
    assert Innovation.objects.filter(dimension=None).count() == 97


def test_ten_of_its_rows_go_in_completely(country):
    load_regions()
    rows = rows_of(TWIN)
    first, second = bring_twice(TWIN)
    assert (len(rows), first.counts["new"], second.counts["there"]) == (10, 10, 10)
    assert_every_cell_is_there(rows)
    assert Innovation.objects.without_agency().count() == sum(not row["opd"] for row in rows)
