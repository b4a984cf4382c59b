"""The export of SIPD: its columns are recognised, its rows judged, its money held against that of the plan."""

import csv
import io

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from praja.foundation.files.contents import FileRefused
from praja.foundation.jobs.worker import perform_due
from praja.foundation.sheets.reading import SheetError
from praja.stages.roadmap import sipd
from praja.stages.roadmap.models import Action, BudgetExport, BudgetExportLine
from praja.stages.roadmap.tests.making import accepted, line, started

HEADER = ["Nama SKPD", "Kode Sub Kegiatan", "Nama Sub Kegiatan", "Pagu", "Realisasi"]
QUEUE = ["Dinas Kesehatan", "1.02.02.2.01.0001", "Antrean daring", "1.500.000.000,00", "750.000.000,00"]
DATA = ["Dinas Perhubungan", "2.15.02.2.01.0003", "Data trayek", "200.000.000", "-"]
EXAMPLE = settings.PACKAGE.parent / "docs" / "contoh" / "ekspor-sipd-contoh.csv"


def export_file(*rows, header=HEADER, name="sipd.csv"):
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([header, *rows])
    return SimpleUploadedFile(name, target.getvalue().encode())


def examined(country, *rows, header=HEADER, year=2027):
    file = export_file(*rows, header=header)
    table = sipd.read(file, file.name)
    return sipd.examine(table, sipd.proposed_mapping(table), country.plan, year)


def loaded(country, *rows, header=HEADER, year=2027):
    """An export whose good rows count for a year."""
    export, _new = sipd.open_export(
        export_file(*rows, header=header), plan=country.plan, year=year, by=country.coordinator
    )
    found = sipd.examine(sipd.table_of(export), export.mapping, country.plan, year)
    sipd.fill(export, found, by=country.coordinator)
    return export


def action_with(country, code, *amounts, **values):
    """An action with this official code and money in 2027."""
    action = started(
        country, accepted(country, title=values.pop("title", f"Inovasi {code}"), amounts=amounts), **values
    )
    Action.objects.filter(pk=action.pk).update(budget_code=code, start_year=2027, end_year=2028)
    return action


def by_code(country, year=2027):
    export = sipd.current_export(country.plan, year)
    return {row.code: row for row in sipd.differences(country.plan, year, export)}


# --- reading


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ["SKPD", "Kode", "Uraian", "Pagu Anggaran (Rp)", "Realisasi Anggaran"],
        ["Perangkat Daerah", "Sub Kegiatan", "Nomenklatur", "Total Pagu", "Nilai Realisasi"],
        ["Nama Unit SKPD", "Kode Program/Kegiatan/Sub Kegiatan", "Uraian Sub Kegiatan", "Anggaran", "Realisasi (Rp)"],
    ],
)
def test_columns_are_recognised_by_the_titles_people_use(country, header):
    found = examined(country, QUEUE, DATA, header=header)
    assert [(one.code, one.organisation, one.ceiling, one.realised) for one in found.lines] == [
        ("1.02.02.2.01.0001", country.health.pk, 1_500_000_000, 750_000_000),
        ("2.15.02.2.01.0003", country.transport.pk, 200_000_000, None),
    ]


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [("1.234.567,49", 1_234_567), ("1.234.567,50", 1_234_568), ("1,234,567.50", 1_234_568), ("Rp1.000,00", 1000),
     ("1234567,5", 1_234_568), ("1,5 juta", 1_500_000), ("0", 0), ("250000000", 250_000_000)],
)  # fmt: skip
def test_amounts_are_read_in_indonesian_writing_and_cents_are_rounded(country, text, rupiah):
    found = examined(country, ["Dinkes", "1.02.02.2.01.0001", "Antrean", text, ""])
    assert [one.ceiling for one in found.lines] == [rupiah]


@pytest.mark.parametrize("text", ["-5.000", "banyak", "1.5.5", "9" * 30, "=SUM(A1)", "1e400"])
def test_wrong_amounts_stay_out_with_a_sentence(country, text):
    found = examined(country, ["Dinkes", "1.02.02.2.01.0001", "Antrean", text, ""], QUEUE)
    assert [one.number for one in found.wrong] == [2]
    assert found.wrong[0].problems[0][0] == "Pagu"
    assert len(found.lines) == 1


def test_money_in_millions_is_understood_by_its_title(country):
    header = ["SKPD", "Kode Sub Kegiatan", "Nama Sub Kegiatan", "Pagu (juta rupiah)", "Realisasi"]
    assert examined(country, ["Dinkes", "1.02.02", "Program", "12,5", ""], header=header).lines[0].ceiling == 12_500_000


def test_sums_headings_totals_and_other_years_are_left_out(country):
    header = [*HEADER, "Tahun"]
    found = examined(
        country,
        ["Dinkes", "1.02.0.00.0.00.01.0000", "DINAS KESEHATAN", "9", "9", "2027"],
        ["Dinkes", "1.02.02", "Program", "1.500.000.000", "9", "2027"],
        ["Dinkes", "1.02.02.2.01", "Kegiatan", "1.500.000.000", "9", "2027"],
        [*QUEUE, "2027"],
        [*QUEUE, "2026"],
        ["", "", "Jumlah", "1.500.000.000", "9", ""],
        header=header,
    )
    assert (len(found.lines), found.sums, found.headings, found.other_years) == (1, 2, 2, 1)
    assert found.ceiling == 1_500_000_000


def test_without_a_column_the_heading_of_an_office_names_the_agency(country):
    header = ["Kode", "Uraian", "Pagu"]
    rows = [["1.02.0.00.0.00.01.0000", "Dinas Kesehatan", ""], ["1.02.02.2.01.0001", "Antrean daring", "5.000.000"]]
    assert [one.organisation for one in examined(country, *rows, header=header).lines] == [country.health.pk]


def test_an_unknown_agency_is_kept_and_named(country):
    found = examined(country, ["Dinas Antariksa", *QUEUE[1:]], ["1.02.0.00.0.00.01.0000 DINAS KESEHATAN", *QUEUE[1:]])
    assert found.unknown_agencies == [("Dinas Antariksa", 1)]
    assert found.lines[1].organisation == country.health.pk


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0", b"<svg onload=alert(1)>", b"Pagu;Kode\n" + b"\0" * 500])
def test_hostile_files_are_refused_and_nothing_is_kept(country, content):
    with pytest.raises((SheetError, FileRefused)):
        sipd.open_export(SimpleUploadedFile("a.xlsx", content), plan=country.plan, year=2027, by=country.coordinator)
    assert not BudgetExport.objects.exists()


def test_a_workbook_is_read_as_a_csv_is(country):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["REKAPITULASI ANGGARAN"])
        page.write_row(2, 0, HEADER)
        page.write_row(3, 0, ["Dinas Kesehatan", "1.02.02.2.01.0001", "Antrean daring", 1500000000.4, 0.0])
    file = SimpleUploadedFile("sipd.xlsx", target.getvalue())
    export, _new = sipd.open_export(file, plan=country.plan, year=2027, by=country.coordinator)
    found = sipd.examine(sipd.table_of(export), export.mapping, country.plan, 2027)
    assert [(one.ceiling, one.realised) for one in found.lines] == [(1_500_000_000, 0)]


def test_the_example_of_the_guide_is_understood(country):
    with EXAMPLE.open("rb") as file:
        table = sipd.read(File(file, name=EXAMPLE.name), EXAMPLE.name)
    mapping = sipd.proposed_mapping(table)
    found = sipd.examine(table, mapping, country.plan, 2026)
    assert sipd.mapping_problems(mapping) == {}
    assert (len(found.lines), found.sums, found.headings, found.wrong) == (15, 1, 1, [])
    assert (found.ceiling, found.realised) == (7_705_300_000, 4_760_800_001)


# --- both sides


def test_planned_ceiling_and_realised_meet_by_code_agency_and_year(country):
    action_with(country, "1.02.02.2.01.0001", 1_000_000_000, 400_000_000)
    loaded(country, QUEUE, DATA)
    rows = by_code(country)
    queue, data = rows["1.02.02.2.01.0001"], rows["2.15.02.2.01.0003"]
    assert (queue.state, queue.planned, queue.ceiling, queue.realised, queue.gap) == (
        sipd.MATCHED, 1_400_000_000, 1_500_000_000, 750_000_000, 100_000_000,
    )  # fmt: skip
    assert (data.state, data.planned, data.ceiling) == (sipd.ONLY_EXPORT, None, 200_000_000)
    assert by_code(country, 2028)["1.02.02.2.01.0001"].state == sipd.ONLY_PLAN


def test_the_same_code_of_another_agency_does_not_match(country):
    action_with(country, "1.02.02.2.01.0001", 5, organisation=country.transport)
    loaded(country, QUEUE)
    assert sorted(row.state for row in sipd.differences(country.plan, 2027, sipd.current_export(country.plan, 2027))) == [
        sipd.ONLY_PLAN, sipd.ONLY_EXPORT,
    ]  # fmt: skip


def test_a_line_goes_to_the_nearest_code_above_it_once(country):
    action_with(country, "1.02.02", 10, title="Program")
    action_with(country, "1.02.02.2.01", 20, title="Kegiatan")
    action_with(country, "1.02", 30, title="Bidang")
    loaded(
        country,
        QUEUE,
        ["Dinkes", "1.02.02.2.02.0001", "Lain", "7", "1"],
        ["Dinkes", "1.02.03.2.01.0001", "Jauh", "9", ""],
    )
    rows = by_code(country)
    assert (rows["1.02.02.2.01"].ceiling, rows["1.02.02"].ceiling, rows["1.02"].ceiling) == (1_500_000_000, 7, None)
    assert rows["1.02.03.2.01.0001"].state == sipd.ONLY_EXPORT
    assert sipd.totals(rows.values()).ceiling == 1_500_000_016


def test_a_general_code_matches_the_field_of_the_agency(country):
    action_with(country, "X.XX.01.2.06.0001", 10)
    loaded(country, ["Dinkes", "1.02.01.2.06.0001", "Administrasi", "50", ""])
    assert by_code(country)["X.XX.01.2.06.0001"].ceiling == 50


def test_each_rupiah_of_the_plan_counts_once_whatever_carries_it(country):
    action_with(country, "1.02.02", 10, 5)
    accepted(country, title="Tanpa aksi", amounts=(7,), budget_code="1.02.02")
    accepted(country, title="Tanpa kode", amounts=(100,))
    accepted(country, title="Belum diterima", amounts=(1000,), state="draft")
    line(3, action=started(country, title="Tanpa inovasi"))
    line(900, action=Action.objects.first(), innovation=Action.objects.first().innovation, stage="realised")
    rows = sipd.differences(country.plan, 2027, None)
    assert sipd.totals(rows).planned == 125
    assert {row.code: row.planned for row in rows} == {"1.02.02": 22, "": 103}


def test_the_same_file_twice_changes_nothing(country, client_of):
    coordinator = client_of(country.coordinator)
    slug = country.plan.slug
    for _again in range(2):
        told = {"year": "2027", "file": export_file(QUEUE, DATA)}
        page = coordinator.post(reverse("sipd-new", args=[slug]), told)
        export = BudgetExport.objects.get()
        if page.url == reverse("sipd-detail", args=[export.pk]):
            assert "Antrean daring" in coordinator.get(page.url).content.decode()
            for _twice in range(2):
                coordinator.post(reverse("sipd-load", args=[export.pk]))
                perform_due()
    assert page.url == f"{reverse('sipd', args=[slug])}?tahun=2027"
    assert BudgetExportLine.objects.count() == 2


def test_a_later_export_counts_and_the_earlier_one_is_kept(country):
    first = loaded(country, QUEUE)
    second = loaded(country, ["Dinkes", "1.02.02.2.01.0001", "Antrean", "1.600.000.000", "0"])
    assert sipd.current_export(country.plan, 2027) == second
    assert first.lines.count() == 1
    assert by_code(country)["1.02.02.2.01.0001"].ceiling == 1_600_000_000


# --- pages


def waiting(country, *rows):
    """An export whose columns are placed and which nobody has loaded yet."""
    return sipd.open_export(export_file(*rows), plan=country.plan, year=2027, by=country.coordinator)[0]


def test_a_preview_is_judged_once_until_something_changes(country, client_of, monkeypatch):
    export, judged, examine = waiting(country, QUEUE, ["Dishub", *DATA[1:3], "12.345", ""]), [], sipd.examine
    monkeypatch.setattr(sipd, "examine", lambda *told: judged.append(told) or examine(*told))
    coordinator, address = client_of(country.coordinator), reverse("sipd-detail", args=[export.pk])
    for _look in range(3):
        assert "Antrean daring" in coordinator.get(address).content.decode()
    assert len(judged) == 1
    type(country.health).objects.filter(pk=country.health.pk).update(name="Dinas Kesehatan Baru", abbreviation="DKB")
    assert sipd.examined_of(export).unknown_agencies == [("Dinas Kesehatan", 1)]
    assert len(judged) == 2


def test_the_preview_pages_its_lines_and_its_wrong_rows(country, client_of):
    good = [["Dinkes", f"1.02.02.2.01.{number:04}", f"Kegiatan {number}", "7", "1"] for number in range(60)]
    wrong = [["Dinkes", f"1.02.02.2.02.{number:04}", "x", "tujuh", ""] for number in range(120)]
    address = reverse("sipd-detail", args=[waiting(country, *good, *wrong).pk])
    coordinator = client_of(country.coordinator)
    pages = [coordinator.get(address + query).context["page"] for query in ("", "?halaman=2", "?halaman=9")]
    assert [(len(page), page.paginator.count) for page in pages] == [(50, 60), (10, 60), (10, 60)]
    last = coordinator.get(f"{address}?lihat=salah&halaman=3").context["page"]
    assert (last[-1].number, len(last)) == (181, 20)


def test_columns_that_were_not_recognised_are_placed_by_hand(country, client_of):
    coordinator = client_of(country.coordinator)
    file = export_file(QUEUE, header=["Kantor", "Nomor", "Sebutan", "Uang", "Terpakai"])
    page = coordinator.post(reverse("sipd-new", args=[country.plan.slug]), {"year": "2027", "file": file})
    export = BudgetExport.objects.get()
    assert page.url == reverse("sipd-columns", args=[export.pk])
    wrong = {f"column-{place}": "ceiling" for place in range(5)}
    assert coordinator.post(page.url, wrong).status_code == 422
    placed = dict(
        zip((f"column-{place}" for place in range(5)), ("agency", "code", "title", "ceiling", "realised"), strict=True)
    )
    assert coordinator.post(page.url, placed).url == reverse("sipd-detail", args=[export.pk])
    assert "Antrean daring" in coordinator.get(reverse("sipd-detail", args=[export.pk])).content.decode()


def test_the_page_shows_the_side_that_was_asked_for(country, client_of):
    action_with(country, "1.02.02.2.01.0001", 1_000_000_000, title="Antre dari Rumah")
    loaded(country, QUEUE, DATA)
    coordinator, address = client_of(country.coordinator), reverse("sipd", args=[country.plan.slug])
    plan = coordinator.get(address, {"tahun": "2027"}).content.decode()
    other = coordinator.get(address, {"tahun": "2027", "keadaan": "hanya-sipd"}).content.decode()
    nothing = coordinator.get(address, {"tahun": "2027", "q": "tidak ada"}).content.decode()
    assert "Rp1.500.000.000" in plan
    assert "Data trayek" not in plan
    assert "Data trayek" in other
    assert "Rp1.500.000.000" not in nothing


def test_an_operator_sees_the_own_agency(country, client_of):
    loaded(country, QUEUE, DATA)
    query = {"tahun": "2027", "keadaan": "hanya-sipd"}
    answer = client_of(country.operator).get(reverse("sipd", args=[country.plan.slug]), query)
    page = answer.content.decode()
    assert "Antrean daring" in page
    assert "Data trayek" not in page
    assert not answer.context["shown"].is_whole  # and the page says so


def test_the_differences_are_taken_along_as_a_file(country, client_of):
    action_with(country, "1.02.02.2.01.0001", 1_000_000_000)
    loaded(country, QUEUE)
    address = reverse("export-new", args=[country.plan.slug, "sipd"]) + "?tahun=2027"
    answer = client_of(country.coordinator).post(address, {"format": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][0] == "1.02.02.2.01.0001"
    assert rows[1][6:] == ["1000000000", "1500000000", "500000000", "750000000"]


@pytest.mark.parametrize("query", ["?tahun=abc", "?tahun=99999", "?opd=%00", "?keadaan=x", "?halaman=-1", "?q=%27%22"])
def test_hostile_addresses_are_survived(country, client_of, query):
    assert client_of(country.operator).get(reverse("sipd", args=[country.plan.slug]) + query).status_code == 200


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(country, client_of, django_assert_max_num_queries):
    client, address = client_of(country.coordinator), reverse("sipd", args=[country.plan.slug]) + "?tahun=2027"
    for number in range(12):
        action_with(country, f"1.02.02.2.01.{number:04}", 5, title=f"Inovasi {number}")
    loaded(country, *[["Dinkes", f"1.02.02.2.01.{number:04}", "x", "7", "1"] for number in range(80)])
    client.get(address)
    with django_assert_max_num_queries(24):
        client.get(address)
