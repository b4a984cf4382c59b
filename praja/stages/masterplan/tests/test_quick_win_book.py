"""The quick wins in the books: the way they were chosen, their profiles, the money, and what lacks."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from praja.foundation.documents.blocks import Chart, Facts, Heading, Missing, Paragraph, Table, plain
from praja.stages.masterplan.actions import book_document
from praja.stages.masterplan.tests.test_golden import check
from praja.stages.masterplan.texts.figures import figures_of
from praja.stages.masterplan.texts.linter import Checker
from praja.stages.masterplan.texts.references import values_of
from praja.stages.quick_wins.models import DecisionSheet, QuickWin, Risk
from praja.stages.quick_wins.tests.decided import decided, with_profile

BOOKS = ("quick_wins", "slides_quick_wins", "summary", "masterplan")


@pytest.fixture
def sheet(country):
    return decided(country, swaps=(("c", "d"),), reason="Lebih mendesak")


def book(country, key="quick_wins"):
    return book_document(country.plan, key)


def alarms(country, text):
    return [alarm.said for alarm in Checker(figures_of(country.plan)).alarms(text)]


def said(document):
    return json.dumps([str(block) for block in document.blocks], ensure_ascii=False)


def part_of(document, key, level=2):
    """The blocks below the heading of this key."""
    found, is_in = [], False
    for block in document.blocks:
        if isinstance(block, Heading) and block.level <= level:
            is_in = block.key == key
        elif is_in:
            found.append(block)
    return found


@pytest.mark.parametrize("key", BOOKS)
def test_the_books_of_a_region_that_has_decided_have_these_blocks(country, sheet, key):
    with_profile(country)
    check(book(country, key), f"{key}_decided")


def test_until_a_round_is_decided_the_book_is_a_frame(country):
    document = book(country)
    assert not list(document.walk(Table))
    assert any(len(block.items) == 9 for block in document.walk(Missing))


def test_a_withdrawn_quick_win_is_in_no_book(country, sheet):
    QuickWin.objects.filter(innovation__title="Halte Pintar").update(
        withdrawn_at=sheet.created_at, withdrawn_by=country.coordinator
    )
    for key in BOOKS:
        document = book(country, key)
        tables = [table for table in document.walk(Table) if table.key == "quick-win"]
        assert [row[0] for row in tables[0].rows] == ["Antre Daring"]


def test_the_choice_is_told_from_the_sheet_as_it_was_frozen(country, sheet):
    QuickWin.objects.first().innovation.__class__.objects.update(title="Diganti kemudian")
    words = said(book(country))
    assert "Antre Daring" in words
    assert sheet.number in words
    assert "Bagus Bupati" in words
    assert "Lebih mendesak" in words
    assert sheet.decision_sha256 in words


def test_a_sheet_that_was_tampered_with_is_not_printed(country, sheet):
    DecisionSheet.objects.update(content=sheet.content.replace("Antre Daring", "Antre Palsu"))
    document = book(country)
    assert "Antre Palsu" not in said(document)
    assert any("tidak dapat dibaca" in item for block in document.walk(Missing) for item in block.items)


def test_a_swap_stands_in_the_profile_of_what_came(country, sheet):
    came = QuickWin.objects.get(innovation__title="Halte Pintar")
    facts = [
        pair
        for block in part_of(book(country), f"quick-win-{came.pk}")
        if isinstance(block, Facts)
        for pair in block.items
    ]
    assert {"Kelas Ibu", "Lebih mendesak"} <= set(dict(facts).values())


def test_a_whole_profile_lacks_nothing_and_an_empty_one_says_what(country, sheet):
    whole = with_profile(country)
    document = book(country)
    assert not [block for block in part_of(document, f"quick-win-{whole.pk}") if isinstance(block, Missing)]
    bare = QuickWin.objects.exclude(pk=whole.pk).get()
    lacking = [block for block in part_of(document, f"quick-win-{bare.pk}") if isinstance(block, Missing)]
    assert len(lacking[0].items) >= 15


def test_risks_stand_in_the_columns_of_the_ministry_with_their_matrix(country, sheet):
    one = with_profile(country)
    Risk.objects.filter(factor="Anggaran dialihkan").update(
        withdrawn_at=sheet.created_at, withdrawn_by=country.coordinator
    )
    part = part_of(book(country), f"quick-win-{one.pk}")
    table = next(block for block in part if isinstance(block, Table) and block.key == f"risiko-{one.pk}")
    assert [(row[1], row[5]) for row in table.rows] == [("Petugas dipindah", 6), ("Warga tidak terbiasa", 6)]
    assert len(table.columns) == 8
    chart = next(block for block in part if isinstance(block, Chart))
    assert "Petugas dipindah" in chart.alt
    assert "Anggaran dialihkan" not in chart.svg


def test_the_money_of_a_quick_win_is_a_share_of_the_whole_plan(country, sheet):
    one = with_profile(country)
    texts = [
        plain(block.text) for block in part_of(book(country), f"quick-win-{one.pk}") if isinstance(block, Paragraph)
    ]
    assert any("Rp100.000.000" in text and "25,0%" in text for text in texts)


@pytest.mark.parametrize("key", BOOKS)
def test_the_number_of_queries_does_not_grow_with_the_quick_wins(country, sheet, key, django_assert_num_queries):
    one, other = QuickWin.objects.order_by("pk")
    with_profile(country, one)
    with CaptureQueriesContext(connection) as asked:
        book(country, key)
    with_profile(country, other)
    with django_assert_num_queries(len(asked)):
        book(country, key)


def test_texts_can_refer_to_the_quick_wins_and_the_linter_knows_their_number(country, sheet):
    values = values_of(country.plan)
    assert (values["jumlah-quick-win"].text, values["calon-quick-win"].text) == ("2", "4")
    assert values["tahun-quick-win"].text == "2027"
    assert values["anggaran-quick-win"].number == 100_000_000
    assert alarms(country, "Ada 6 quick win dari 4 calon quick win.") == ["6"]
    assert alarms(country, "Ada 2 quick win pada tahun 2027.") == []


def test_before_a_decision_no_text_is_measured_by_quick_wins(country):
    assert "jumlah-quick-win" not in values_of(country.plan)
    assert alarms(country, "Ada 6 quick win yang akan ditetapkan.") == []
