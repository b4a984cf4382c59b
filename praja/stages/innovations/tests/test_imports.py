"""Foreign sheets: columns find their fields, every row is judged, exactly the chosen ones come in, once."""

import csv
import io
import os
import random
import re
import signal
import time
import zipfile
from collections import Counter

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from praja.foundation.accounts.models import Organisation
from praja.foundation.audit.models import Event
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.tests.test_killed import end_the_pauses, process_group, wait_until_a_job_runs  # noqa: F401
from praja.foundation.jobs.worker import perform_due
from praja.foundation.places.models import Region
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.sheets.reading import SheetError, read_table
from praja.foundation.sheets.values import ValueProblem
from praja.stages.innovations import imports
from praja.stages.innovations.applying import apply
from praja.stages.innovations.models import Import, Innovation, Unplaced
from praja.stages.innovations.preview import FILLS, NEW, THERE, WRONG, examine
from praja.stages.innovations.regions import RegionIndex
from praja.stages.innovations.sheet import INNOVATION_SHEET

HEADER = ["Nama Program", "Dimensi", "OPD", "Tahun", "Uraian"]
PLAIN = ["Posyandu Digital", "Smart Living", "Dinkes", "2024", "Catatan posyandu"]


def csv_file(*rows, header=HEADER, name="inovasi.csv"):
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return SimpleUploadedFile(name, target.getvalue().encode())


def xlsx_file(*rows, header=HEADER, name="inovasi.xlsx"):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile(name, target.getvalue())


def lines_of(file, plan):
    """The preview of a file with its columns as proposed."""
    table = imports.read(file, file.name)
    mapping = {choice.title: choice.key for choice in imports.column_choices(table)}
    return examine(table, imports.placed(mapping), plan).lines


def bring(tmp_path, file, plan=None):
    """Import a file as the command line does."""
    path = tmp_path / file.name
    path.write_bytes(file.read())
    return imports.import_file(path, plan=plan)


def upload(client, address, file):
    return client.post(address, {"file": file})


def confirmed(client, country, *rows, header=HEADER):
    """An import of Kabupaten Uji whose columns were confirmed as proposed."""
    upload(client, reverse("import-list", args=[country.plan.slug]), csv_file(*rows, header=header))
    one = Import.objects.first()
    client.post(reverse("import-mapping", args=[one.pk]))
    one.refresh_from_db()
    return one


# --- regions and agencies ---------------------------------------------------------------------------------------------


@pytest.fixture
def regions(country):
    rows = [("35", "province", "Jawa Timur"), ("35.07", "regency", "Kabupaten Malang"), ("35.73", "city", "Kota Malang"),
            ("11.10", "regency", "Kabupaten Aceh Singkil"), ("63.72", "city", "Kota Tanjungpinang"),
            ("64.71", "city", "Kota Balikpapan"), ("63.02", "regency", "Kabupaten Kotabaru")]  # fmt: skip
    for code, kind, name in rows:
        parent = None if kind == "province" else country.province
        Region.objects.create(code=code, kind=kind, name=name, parent=parent, time_zone="Asia/Jakarta")
    return RegionIndex()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kabupaten Malang", "35.07"),
        ("Kab. Malang", "35.07"),
        ("PEMKAB MALANG", "35.07"),
        ("Pemerintah Kota Malang", "35.73"),
        ("KOTA BALIKPAPAN", "64.71"),
        ("Balikpapan", "64.71"),
        ("Tanjung Pinang", "63.72"),
        ("Kota Baru", "63.02"),
        ("Provinsi Jawa Timur", "35"),
        ("11.10", "11.10"),
    ],
)
def test_a_region_is_found_by_code_or_loose_name(regions, text, code):
    assert regions.find(text).code == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Malang", "Kabupaten Malang (35.07), Kota Malang (35.73)"),
        ("Kota Balikpapn", "Kota Balikpapan"),
        ("Atlantis", "Atlantis"),
        ("99.99", "99.99"),
    ],
)
def test_a_region_that_cannot_be_told_is_a_sentence(regions, text, said):
    with pytest.raises(ValueProblem, match=re.escape(said)):
        regions.find(text)


def test_a_code_that_lost_its_zero_is_refused_and_text_keeps_it(regions, country):
    file = xlsx_file(["A", 11.1], ["B", "11.10"], header=["Nama inovasi", "Kode wilayah"])
    first, second = lines_of(file, None)
    assert first.status == WRONG
    assert second.place.region.code == "11.10"


# --- rows -------------------------------------------------------------------------------------------------------------


def test_a_good_row_finds_its_fields(country):
    (line,) = lines_of(csv_file(PLAIN), country.plan)
    assert line.status == NEW
    assert line.agency.organisation == country.health
    assert line.dimension == "living"
    assert line.fields["source_year"] == 2024


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Smart Government", "governance"),
        ("SMART ECONOMIC", "economy"),
        ("Transportation", "living"),
        ("ekonomi", "economy"),
        ("Smart  People", "society"),
    ],
)
def test_loose_dimension_names_are_understood(country, text, key):
    (line,) = lines_of(csv_file(["A", text, "", "", ""]), country.plan)
    assert line.dimension == key


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (["", "", "", "", "x"], "Nama Program", ""),
        (["A", "Smart Magic", "", "", ""], "Dimensi", "Smart Magic"),
        (["A", "", "Dinas Kesehatn dan Sihir", "", ""], "OPD", "Dinas Kesehatan"),
        (["A", "", "", "tahun depan", ""], "Tahun", "tahun depan"),
        (["x" * 301, "", "", "", ""], "Nama Program", "301"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_column(country, row, column, said):
    (line,) = lines_of(csv_file(row), country.plan)
    assert line.status == WRONG
    assert [(title, said in sentence) for title, sentence in line.problems] == [(column, True)]


def test_an_unknown_agency_names_the_closest_ones(country):
    (line,) = lines_of(csv_file(["A", "", "Dinas Perhubngan", "", ""]), country.plan)
    assert "Dinas Perhubungan" in line.problems[0][1]
    assert not Organisation.objects.filter(name="Dinas Perhubngan")


def test_a_row_of_another_region_does_not_enter_the_plan(country):
    header = ["Nama inovasi", "Daerah"]
    own, other = lines_of(csv_file(["A", "Kab. Uji"], ["B", "Kota Sebelah"], header=header), country.plan)
    assert own.status == NEW
    assert "Kota Sebelah" in other.problems[0][1]


def test_rows_that_stand_twice_come_in_once(country):
    first, again, other = lines_of(csv_file(PLAIN, PLAIN, [*PLAIN[:4], "Lain"]), country.plan)
    assert [first.status, again.status, other.status] == [NEW, THERE, WRONG]


def test_the_same_name_in_another_year_is_another_row(country, tmp_path):
    rows = (["A", "", "", "2021", ""], ["A", "", "", "2022", ""], ["A", "", "", "", ""])
    bring(tmp_path, csv_file(*rows), country.plan)
    bring(tmp_path, csv_file(*reversed(rows)), country.plan)
    assert sorted(Innovation.objects.values_list("source_year", flat=True), key=str) == [2021, 2022, None]


def test_money_becomes_a_budget_line_when_year_and_source_are_known(country, tmp_path):
    header = ["Nama inovasi", "Anggaran (juta rupiah)", "Tahun anggaran", "Sumber dana"]
    bring(tmp_path, csv_file(["A", "1.500", "2026", "APBD"], ["B", "7", "", "APBD"], header=header), country.plan)
    line = BudgetLine.objects.get()
    assert (line.innovation.title, line.amount_rupiah, line.year, line.source) == (
        "A",
        1_500_000_000,
        2026,
        "apbd_region",
    )
    assert set(Unplaced.objects.values_list("innovation__title", "text")) == {("B", "7"), ("B", "APBD")}


def test_addresses_that_are_none_are_refused(country):
    header = ["Nama inovasi", "Tautan"]
    rows = (["A", "javascript:alert(1)"], ["B", "buku laporan"], ["C", "www.contoh.go.id/a"])
    lines = lines_of(csv_file(*rows, header=header), country.plan)
    assert [line.status for line in lines] == [WRONG, WRONG, NEW]
    assert lines[2].fields["source_address"] == "https://www.contoh.go.id/a"


# --- bringing in ------------------------------------------------------------------------------------------------------


def test_importing_twice_changes_nothing_whatever_the_order(country, tmp_path):
    rows = [[f"Inovasi {n}", "Smart Living", "Dinkes" if n % 2 else "", "2024", f"Uraian {n}"] for n in range(9)]
    bring(tmp_path, csv_file(*rows), country.plan)
    before = list(Innovation.objects.order_by("pk").values())
    turned = [list(reversed(row)) for row in reversed(rows)]
    result = bring(tmp_path, xlsx_file(*turned, header=list(reversed(HEADER))), country.plan)
    assert list(Innovation.objects.order_by("pk").values()) == before
    assert (result.counts[NEW], result.counts[FILLS], result.counts[THERE]) == (0, 0, 9)


def test_a_fuller_sheet_fills_gaps_and_only_gaps(country, tmp_path):
    bring(tmp_path, csv_file(["A", "", "", "", "Uraian lama"]), country.plan)
    result = bring(tmp_path, csv_file(["A", "Smart Living", "Dinkes", "2024", "Uraian baru"]), country.plan)
    one = Innovation.objects.get()
    assert (one.dimension.key, one.organisation, one.source_year) == ("living", country.health, 2024)
    assert one.organisation_path == country.health.path
    assert (one.summary, one.version, result.counts[FILLS]) == ("Uraian lama", 2, 1)
    assert Event.objects.about(one).filter(verb="import").count() == 2


def test_a_row_that_the_agency_works_on_is_reported_and_kept(country, tmp_path):
    bring(tmp_path, csv_file(["A", "Smart Living", "Dinkes", "", ""]), country.plan)
    Innovation.objects.update(state="submitted")
    (line,) = lines_of(csv_file(["A", "Smart Living", "Dinkes", "2024", ""]), country.plan)
    assert line.status == THERE
    assert line.notes


def test_what_is_not_placed_is_kept_beside_the_row(country, tmp_path):
    header = ["Nama inovasi", "Catatan juri", "Kosong"]
    bring(tmp_path, csv_file(["A", "Bagus 🎉", ""], header=header), country.plan)
    bring(tmp_path, csv_file(["A", "Bagus 🎉", ""], header=header), country.plan)
    assert list(Unplaced.objects.values_list("column", "text")) == [("Catatan juri", "Bagus 🎉")]


def test_a_national_import_opens_unverified_plans_and_makes_agencies(regions, country, tmp_path):
    header = ["Judul", "Daerah", "SKPD"]
    rows = (["A", "Kab. Malang", "Dinas Baru"], ["B", "Kota Malang", ""], ["C", "Kab. Malang", "dinas baru"])
    result = bring(tmp_path, csv_file(*rows, header=header))
    plan = Plan.objects.get(slug="kabupaten-malang")
    agency = Organisation.objects.get(parent=plan.government)
    assert plan.is_unverified
    assert agency.is_unverified
    assert (
        list(plan.innovations.values_list("organisation", "is_unverified", "organisation_path"))
        == [(agency.pk, True, agency.path)] * 2
    )
    assert Innovation.objects.without_agency().get().title == "B"
    assert result.counts[NEW] == 3


def test_the_number_of_queries_does_not_grow_with_the_rows(country, django_assert_max_num_queries):
    rows = [[f"Baris {n}", "Smart Living", "Dinkes", "2024", "x"] for n in range(300)]
    one = imports.open_import(csv_file(*rows), plan=country.plan, by=country.coordinator)
    imports.place_columns(one, imports.column_choices(imports.table_of(one)), by=country.coordinator)
    imports.start_applying(one, by=country.coordinator)
    with django_assert_max_num_queries(10):
        preview = imports.preview_of(one)
    with django_assert_max_num_queries(30):  # on SQLite an insert holds sixteen rows
        apply(one, preview, report=lambda *_: None)


def test_applying_goes_on_where_it_was_broken_off(country, monkeypatch):
    monkeypatch.setattr("praja.stages.innovations.applying.CHUNK", 2)
    rows = [[f"Baris {n}", "", "", "", ""] for n in range(5)]
    one = imports.open_import(csv_file(*rows), plan=country.plan, by=country.coordinator)
    imports.place_columns(one, imports.column_choices(imports.table_of(one)), by=country.coordinator)
    imports.start_applying(one, by=country.coordinator)

    def killed(done, _total, _note):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(one, imports.preview_of(one), report=killed)
    assert Innovation.objects.count() == 4
    perform_due()
    one.refresh_from_db()
    assert (
        Innovation.objects.count() == Event.objects.filter(verb="import", subject="innovations.innovation").count() == 5
    )
    assert one.result["counts"]["new"] == 5


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_whole_way_of_a_coordinator(country, client_of):
    client = client_of(country.coordinator)
    one = confirmed(client, country, PLAIN, ["B", "Smart Magic", "", "", ""], ["C", "", "", "", ""])
    page = client.get(reverse("import-preview", args=[one.pk])).content.decode()
    assert one.chosen == [2, 4]
    assert "Smart Magic" in page
    client.post(reverse("import-preview", args=[one.pk]), {"shown": "2,4", "row": ["2"], "action": "apply"})
    assert perform_due() == 1
    page = client.get(reverse("import-detail", args=[one.pk])).content.decode()
    assert list(Innovation.objects.values_list("title", flat=True)) == ["Posyandu Digital"]
    assert reverse("import-wrong-rows", args=[one.pk]) in page


def test_applying_twice_does_it_once(country, client_of):
    client = client_of(country.coordinator)
    one = confirmed(client, country, PLAIN)
    for _ in range(2):
        client.post(reverse("import-preview", args=[one.pk]), {"shown": "2", "row": ["2"], "action": "apply"})
    assert Job.objects.count() == 1
    perform_due()
    assert Innovation.objects.count() == 1


def test_rows_outside_the_preview_cannot_be_chosen(country, client_of):
    client = client_of(country.coordinator)
    one = confirmed(client, country, PLAIN, ["B", "Smart Magic", "", "", ""])
    client.post(
        reverse("import-preview", args=[one.pk]), {"shown": "2,3,77", "row": ["3", "77", "x"], "action": "apply"}
    )
    one.refresh_from_db()
    assert (one.chosen, one.state) == ([], Import.State.PREVIEWED)


def test_a_choice_survives_turning_the_page(country, client_of):
    client = client_of(country.coordinator)
    one = confirmed(client, country, *([f"Baris {n}", "", "", "", ""] for n in range(120)))
    address = reverse("import-preview", args=[one.pk])
    shown = ",".join(str(n) for n in range(2, 102))
    answer = client.post(address, {"shown": shown, "row": ["2", "3"], "action": "page-2"})
    one.refresh_from_db()
    assert answer.url.endswith("?halaman=2")
    assert one.chosen == [2, 3, *range(102, 122)]


def test_a_column_that_holds_something_cannot_become_nothing(country, client_of):
    client = client_of(country.coordinator)
    upload(client, reverse("import-list", args=[country.plan.slug]), csv_file(["A", "x"], header=["Nama", "Catatan"]))
    one = Import.objects.get()
    address = reverse("import-mapping", args=[one.pk])
    assert client.post(address, {"column-0": "title", "column-1": "-"}).status_code == 422
    assert client.post(address, {"column-0": "title", "column-1": "title"}).status_code == 422
    assert client.post(address, {"column-0": "", "column-1": ""}).status_code == 422
    assert client.post(address, {"column-0": "title", "column-1": ""}).status_code == 302


def test_wrong_rows_come_back_mended(country, client_of, tmp_path):
    client = client_of(country.coordinator)
    one = confirmed(client, country, PLAIN, ["B", "Smart Magic", "", "2024", "x"])
    content = client.get(reverse("import-wrong-rows", args=[one.pk])).content
    table = read_table(io.BytesIO(content), "salah.xlsx")
    assert "Smart Magic" in table.rows[0].cells[-1]
    again = imports.read(io.BytesIO(content), "salah.xlsx")
    assert again.header == HEADER


@pytest.mark.parametrize("name", ["import-detail", "import-mapping", "import-preview", "import-wrong-rows"])
def test_strangers_and_operators_find_nothing(country, client_of, name):
    one = confirmed(client_of(country.coordinator), country, PLAIN)
    for user in (country.neighbour, country.operator, country.assessor, country.mentor):
        client = client_of(user)
        assert client.get(reverse(name, args=[one.pk])).status_code == 404
        assert client.get(reverse("import-list", args=[country.plan.slug])).status_code == 404
        assert client.get(reverse("import-national")).status_code == 404
    assert (
        client_of(country.neighbour).post(reverse("import-preview", args=[one.pk]), {"action": "apply"}).status_code
        == 404
    )


def test_the_ministry_imports_for_the_country(country, client_of):
    client = client_of(country.ministry_admin)
    file = csv_file(["A", "Kota Sebelah"], header=["Judul", "Daerah"])
    answer = upload(client, reverse("import-national"), file)
    one = Import.objects.get()
    assert answer.url == reverse("import-mapping", args=[one.pk])
    assert one.plan is None
    assert client_of(country.coordinator).get(answer.url).status_code == 404


# --- hostile files ----------------------------------------------------------------------------------------------------


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 400_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, id="picture"),
        pytest.param(b"%PDF-1.7 ...", id="pdf"),
        pytest.param(b"PK\x03\x04" + b"\0" * 60, id="broken"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, id="broken-xls"),
        pytest.param(b"<html><body>x</body></html>", id="page"),
        pytest.param(b"a,b\n", id="no-rows"),
        pytest.param(b'a,b\n"x,y\n', id="open-quote"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(country, client_of, content):
    file = SimpleUploadedFile("inovasi.xlsx", content)
    answer = upload(client_of(country.coordinator), reverse("import-list", args=[country.plan.slug]), file)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()


@pytest.mark.once
def test_a_bomb_and_a_file_that_is_too_large_are_refused(country, client_of, monkeypatch):
    client, address = client_of(country.coordinator), reverse("import-list", args=[country.plan.slug])
    assert upload(client, address, SimpleUploadedFile("bom.xlsx", bomb())).status_code == 422
    large = b"a,b\n" + b"x" * settings.UPLOAD_LIMIT_BYTES
    assert upload(client, address, SimpleUploadedFile("besar.csv", large)).status_code == 422


def test_formulas_merged_cells_controls_and_emoji_are_read_as_they_show(country):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama inovasi", "Dimensi", "Uraian", "Tahun"])
        sheet.merge_range(1, 1, 2, 1, "Smart Living")
        sheet.write_string(1, 0, "Sehat\u202e 👩‍⚕️")
        sheet.write_string(2, 0, "=HYPERLINK(1)")
        sheet.write_formula(1, 3, "=2000+24", None, 2024)
        sheet.write_string(2, 3, "TA 2025")
    lines = lines_of(SimpleUploadedFile("x.xlsx", target.getvalue()), country.plan)
    assert [line.fields["title"] for line in lines] == ["Sehat 👩‍⚕️", "=HYPERLINK(1)"]
    assert [line.fields["source_year"] for line in lines] == [2024, 2025]
    assert {line.dimension for line in lines} == {"living"}


def test_a_hundred_thousand_characters_fit_where_texts_are_long_and_no_more(country, tmp_path):
    bring(tmp_path, csv_file(["A", "", "", "", "é" * 100_000]), country.plan)
    assert len(Innovation.objects.get().summary) == 100_000
    with pytest.raises(SheetError, match="E2"):
        lines_of(csv_file(["A", "", "", "", "é" * 100_001]), country.plan)


def test_a_file_without_names_is_refused_on_the_command_line(country, tmp_path):
    with pytest.raises(SheetError):
        bring(tmp_path, csv_file(["x", "y"], header=["Foo", "Bar"]), country.plan)
    assert not Import.objects.exists()


def test_no_title_means_two_columns():
    names = Counter(name for column in INNOVATION_SHEET.columns for name in column.names)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_field_of_the_sheet_is_one_that_an_innovation_has():
    names = {field.name for field in Innovation._meta.get_fields()}
    resolved = {"region", "region_code", "agency", "budget", "budget_year", "budget_source"}
    assert {column.key for column in INNOVATION_SHEET.columns} - resolved <= names


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_brings_each_row_in_once(country, process_group):  # noqa: F811
    chance = random.Random(20261122)
    rows = [[f"Baris {n}", "Smart Living", "Dinkes", "2024", "x"] for n in range(6_000)]
    one = imports.open_import(csv_file(*rows), plan=country.plan, by=country.coordinator)
    imports.place_columns(one, imports.column_choices(imports.table_of(one)), by=country.coordinator)
    imports.start_applying(one, by=country.coordinator)
    for number in range(5):
        worker = process_group()
        wait_until_a_job_runs()
        time.sleep(chance.uniform(0.1, 0.4) * (1 + number))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        end_the_pauses()
        if Job.objects.get(name="innovations.apply_import").state == "done":
            assert number, "the killing came too late to prove anything"
            break
    assert process_group(until_idle=True).wait(timeout=120) == 0
    one.refresh_from_db()
    assert (one.state, one.result["counts"]["new"]) == (Import.State.APPLIED, 6_000)
    assert (
        Innovation.objects.count()
        == Event.objects.filter(verb="import", subject="innovations.innovation").count()
        == 6_000
    )
