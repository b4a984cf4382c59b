"""The same fact reads the same wherever it stands: list, first page, coverage, book, and the rows themselves."""

import csv

import pytest
from django.conf import settings
from django.db.models import Sum

from praja.foundation.accounts.models import User
from praja.foundation.audit.verifying import verify
from praja.foundation.documents import blocks
from praja.foundation.places.loading import load_regions
from praja.foundation.places.models import Region
from praja.foundation.plans.models import BudgetLine
from praja.foundation.ui.formats import rupiah
from praja.stages.innovations import figures as innovations
from praja.stages.innovations.coverage import coverage
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.masterplan.actions import book_document
from praja.stages.problems.figures import problem_figures
from praja.stages.roadmap import figures as roadmap


@pytest.fixture
def plan(demonstration_plan):
    """Kabupaten Contoh of the demonstration."""
    return demonstration_plan


def words(document):
    """Every text of a document, one a line."""
    return document if isinstance(document, str) else blocks.to_json(document)


def test_numbers_of_the_book_are_those_of_the_rows(plan):
    accepted = plan.innovations.accepted()
    lines = BudgetLine.objects.filter(withdrawn_at=None)
    own = lines.filter(innovation=None, action__plan=plan, action__withdrawn_at=None)  # of actions outside innovations
    of_innovations, of_actions = (
        found.aggregate(sum=Sum("amount_rupiah", default=0))["sum"]
        for found in (lines.filter(innovation__in=accepted), own)
    )
    figures = innovations.innovation_figures(plan)
    assert figures.printed.number == accepted.count() == 54
    assert innovations.money(plan).total == of_innovations
    total = of_innovations + of_actions
    assert roadmap.money(plan).total == total
    assert problem_figures(plan).accepted() == plan.problems.accepted().count()
    book = words(book_document(plan))
    assert rupiah(total) in book


def test_coverage_says_the_same_on_its_page_on_the_first_page_and_in_the_book(plan, client_of):
    found = coverage(plan)
    assert (len(found.delivered), len(found.asked)) == (28, 34)
    client = client_of(User.objects.get(username="koordinator"))
    for address in ("/kabupaten-contoh/cakupan/", "/kabupaten-contoh/"):
        page = client.get(address).content.decode()
        assert "28" in page
        assert "34" in page
    assert "28/34" in words(book_document(plan))


def test_the_log_says_of_the_demonstration_what_its_rows_say(plan):
    found = verify()
    assert found.entries == found.rows > 12  # sheets of scores, a decision, editions and their signatures


def test_a_row_changed_in_the_list_changes_in_the_book(country):
    innovation = complete(country, state="accepted", title="Antre dari Rumah")
    assert "Antre dari Rumah" in words(book_document(country.plan))
    Innovation.objects.filter(pk=innovation.pk).update(title="Antre dari Balai Desa")
    book = words(book_document(country.plan))
    assert "Antre dari Balai Desa" in book
    assert "Antre dari Rumah" not in book


@pytest.mark.skipif(settings.REFERENCE_DIR is None, reason="the reference data is not here")
def test_regions_are_those_of_the_reference(db):
    load_regions()
    with (settings.REFERENCE_DIR / "reference" / "regions.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["code"]: row["name"] for row in csv.DictReader(file)}
    assert dict(Region.objects.with_government().values_list("code", "name")) == expected


def test_there_are_38_provinces_and_514_regencies_and_cities(db):
    load_regions()
    kinds = Region.objects.values_list("kind", flat=True)
    assert sum(kind == "province" for kind in kinds) == 38
    assert sum(kind in ("regency", "city") for kind in kinds) == 514
    assert Region.objects.get(code="11.10").name.startswith("Kabupaten")
