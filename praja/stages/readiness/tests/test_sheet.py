"""The workbooks of readiness and statistics: out, filled in, and back, with a preview that changes nothing."""

import io

import openpyxl
import pytest

from praja.foundation.instruments.models import Answer
from praja.foundation.sheets.flow import Outcome, said_in
from praja.foundation.statistics.actions import set_figure
from praja.foundation.statistics.models import Statistic
from praja.stages.readiness import actions
from praja.stages.readiness.sheet import ReadinessFlow
from praja.stages.readiness.statistic_sheet import StatisticsFlow

SAID = {"unit": "indeks", "source": "BPS", "status": "final"}


@pytest.fixture
def books(country):
    return ReadinessFlow(country.plan, by=country.coordinator), StatisticsFlow(country.plan, by=country.coordinator)


def filled_in(book, cells):
    """The workbook with some cells changed: {(name of the row, title of the column): value}."""
    opened = openpyxl.load_workbook(io.BytesIO(book.workbook()))
    sheet = opened.worksheets[0]
    titles = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    name = titles[title(book, "element" if "element" in book.sheet.by_key else "name")]
    rows = {sheet.cell(number, name).value: number for number in range(2, sheet.max_row + 1)}
    for (row, column), value in cells.items():
        number = rows.setdefault(row, sheet.max_row + 1)
        sheet.cell(number, name, row)
        sheet.cell(number, titles[column], value)
    target = io.BytesIO()
    opened.save(target)
    return io.BytesIO(target.getvalue())


def title(book, key):
    return str(book.sheet.by_key[key].title)


def changes(preview):
    return {line.title: [change.after for change in line.changes] for line in preview.lines if line.changes}


def store(book, preview):
    return book.store([said_in(line.payload) for line in preview.to_choose], state="")


def test_a_workbook_that_comes_back_untouched_changes_nothing(country, books):
    node = books[0].filled.elements[0]
    values = {"state": "given", "level": "4", "figure": "1.125", "year": 2024, "condition": "=1+1"}
    actions.put(country.plan, node, values, by=country.coordinator, version=0)
    set_figure(country.government, by=None, key="hdi", year=2024, value="70.125", **SAID)
    for kind in (ReadinessFlow, StatisticsFlow):
        book = kind(country.plan, by=country.coordinator)
        assert changes(book.preview(filled_in(book, {}), "buku.xlsx")) == {}


def test_levels_texts_and_numbers_come_in_after_a_preview(country, books):
    book, _other = books
    names = [node.name for node in book.filled.elements[:3]]
    file = filled_in(
        book,
        {
            (names[0], title(book, "answer")): "4",
            (names[0], title(book, "figure")): 1.125,
            (names[1], title(book, "answer")): str(Answer.State.NOT_AVAILABLE.label),
            (names[2], title(book, "answer")): "hebat",
        },
    )
    preview = book.preview(file, "buku.xlsx")
    assert not Answer.objects.exists()
    assert [line.status for line in preview.lines[:4]] == ["new", "new", "wrong", "same"]
    assert store(book, preview) == Outcome(2)
    assert set(Answer.objects.values_list("state", "level", "figure")) == {
        ("given", "4", "1.125"),
        ("not_available", "", ""),
    }


def test_a_row_that_somebody_changed_meanwhile_is_left_as_it_is(country, books):
    book, _other = books
    node = book.filled.elements[0]
    preview = book.preview(filled_in(book, {(node.name, title(book, "answer")): "4"}), "buku.xlsx")
    actions.put(country.plan, node, {"state": "given", "level": "2"}, by=country.coordinator, version=0)
    assert store(ReadinessFlow(country.plan, by=country.coordinator), preview) == Outcome(0, [node.name])
    assert Answer.objects.get().level == "2"
    late = ReadinessFlow(country.plan, by=country.coordinator)
    again = filled_in(book, {(node.name, title(book, "answer")): "4"})  # made before the change
    assert late.preview(again, "buku.xlsx").lines[0].status == "late"


def test_new_figures_and_own_ones_come_in_and_blanks_say_nothing(country, books):
    _other, book = books
    name = book.rows()[2]["name"]
    cells = {
        (name, title(book, "value")): "70,48",
        (name, title(book, "year")): 2024,
        (name, title(book, "source")): "BPS",
        ("Desa tanpa sinyal", title(book, "value")): 14,
        ("Desa tanpa sinyal", title(book, "unit")): "desa",
        ("Desa tanpa sinyal", title(book, "year")): 2025,
    }
    preview = book.preview(filled_in(book, cells), "buku.xlsx")
    assert [line.status for line in preview.lines if line.status != "same"] == ["new", "wrong"]  # one has no source
    cells["Desa tanpa sinyal", title(book, "source")] = "Uji sinyal"
    preview = book.preview(filled_in(book, cells), "buku.xlsx")
    assert store(book, preview) == Outcome(2)
    assert set(Statistic.objects.values_list("key", "value", "name")) == {
        ("hdi", "70.48", ""),
        ("own-desa-tanpa-sinyal", "14", "Desa tanpa sinyal"),
    }


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "[1, 2]", '["", 1, "x", "", "", 0]', '{"a": 1}', '["", 1, {"element": "?"}, "", "", 0]',
     '["", 9e999, {}, "", "", 0]'],
)  # fmt: skip
def test_nonsense_instead_of_a_preview_writes_nothing(country, client_of, payload):
    data = {"apply": "1", "row": ["1", "²"], "payload-1": payload, "cell-1": ["answer"]}
    for address in ("kesiapan/lembar/", "statistik/lembar/"):
        assert client_of(country.coordinator).post(f"/kabupaten-uji/{address}", data).status_code == 302
    assert not Answer.objects.exists()


def test_the_page_previews_then_applies(country, client_of, books):
    book, _other = books
    client, address = client_of(country.coordinator), "/kabupaten-uji/kesiapan/lembar/"
    file = filled_in(book, {(book.filled.elements[0].name, title(book, "answer")): "5"})
    file.name = "buku.xlsx"
    preview = client.post(address, {"file": file}).context["preview"]
    (line,) = preview.to_choose
    assert (
        client.post(address, {"apply": "1", "row": line.number, f"payload-{line.number}": line.payload}).status_code
        == 302
    )
    assert Answer.objects.get().level == "5"
    other = io.BytesIO(b"nama,umur\nA,1\n")
    other.name = "lain.csv"
    assert client.post(address, {"file": other}).status_code == 422


def test_of_a_row_changed_meanwhile_only_the_ticked_cells_come_in(country, client_of, books):
    book, _other = books
    client, address, node = client_of(country.coordinator), "/kabupaten-uji/kesiapan/lembar/", book.filled.elements[0]
    actions.put(country.plan, node, {"state": "given", "level": "1", "note": "Awal"}, by=country.coordinator, version=0)
    file = filled_in(
        ReadinessFlow(country.plan),
        {(node.name, title(book, "answer")): "5", (node.name, title(book, "note")): "Berkas"},
    )
    file.name = "buku.xlsx"
    actions.put(country.plan, node, {"state": "given", "level": "3"}, by=country.coordinator, version=1)
    (line,) = client.post(address, {"file": file}).context["preview"].to_choose
    assert (line.status, {change.key for change in line.changes}) == ("late", {"answer", "note"})
    client.post(address, {"apply": "1", "cell-" + line.key: ["note"], "payload-" + line.key: line.payload})
    assert Answer.objects.values_list("level", "note").get() == ("3", "Berkas")
