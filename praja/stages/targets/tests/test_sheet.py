"""The sheet of the RPJMD: read as offices write it, judged as the pages judge, previewed, and brought in once."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.models import Event
from praja.foundation.plans.models import IndicatorTarget
from praja.foundation.sheets.reading import read_table
from praja.stages.targets.comparing import state_of
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan, Goal, Target
from praja.stages.targets.sheet import TreeSheet
from praja.stages.targets.sheet_views import TreeFlow
from praja.stages.targets.tests.growing import tree

WHERE = "/kabupaten-uji/rpjmd/lembar/"
HEAD = "Misi;Tujuan;No. Sasaran;Sasaran;Dimensi;OPD;Indikator;Satuan;Kondisi Awal;Tahun Kondisi Awal;2025;2026"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def development_plan(country):
    return DevelopmentPlan.objects.create(plan=country.plan, title="RPJMD", year_from=2025, year_to=2029)


def written(*rows, head=HEAD):
    """A file of rows in the order of HEAD; the years' columns keep their commas."""
    return SimpleUploadedFile("rpjmd.csv", "\n".join([head, *rows]).encode())


ROWS = (
    "Warga sehat;Derajat kesehatan;1.1;Stunting turun;Living;Dinkes;Prevalensi stunting;persen;21,5;2024;19,25;17",
    ";;;;;;Cakupan posyandu;persen;80;2024;85;90",
    ";;1.2;Usia bertambah;Living; Dinas Kesehatan;Usia harapan hidup;tahun;71,2;2024;71,4;71,6",
)


def preview(client, *rows, head=HEAD):
    return client.post(WHERE, {"file": written(*rows, head=head)}).context["preview"]


def apply(client, seen, rows=None):
    """Send the preview back, all of its rows or some."""
    chosen = [line for line in seen.to_choose if rows is None or line.number in rows]
    data = {"apply": "1", "state": seen.state, "row": [line.number for line in chosen]}
    return client.post(WHERE, data | {f"payload-{line.number}": line.payload for line in chosen})


def test_a_tree_comes_in_with_empty_cells_meaning_as_above(country, coordinator, development_plan):
    seen = preview(coordinator, *ROWS)
    assert [line.status for line in seen.lines] == ["new"] * 3
    assert apply(coordinator, seen).status_code == 302
    first, second = Target.objects.of(country.plan)
    assert [line.name for line in first.indicators.all()] == ["Prevalensi stunting", "Cakupan posyandu"]
    assert (first.number, list(first.agencies.all()), str(second.goal.mission)) == (
        "1.1",
        [country.health],
        "Warga sehat",
    )
    assert list(first.indicators.first().targets.values_list("value", flat=True)) == ["19.25", "17"]
    assert [event.verb for event in Event.objects.about(first)] == ["import", "import"]


def test_the_same_sheet_again_changes_nothing(country, coordinator, development_plan):
    apply(coordinator, preview(coordinator, *ROWS))
    seen = preview(coordinator, *ROWS)
    assert [line.status for line in seen.lines] == ["same"] * 3
    assert (DevelopmentMission.objects.count(), Goal.objects.count(), Target.objects.count()) == (1, 1, 2)


def test_what_goes_out_comes_back_unchanged(country, coordinator):
    tree(country)
    content = coordinator.get(f"{WHERE}isi/").content
    table = read_table(io.BytesIO(content), "rpjmd.xlsx")
    assert "21.5" in [str(cell) for row in table.rows for cell in row.cells]
    seen = coordinator.post(WHERE, {"file": SimpleUploadedFile("rpjmd.xlsx", content)}).context["preview"]
    assert [line.status for line in seen.lines] == ["same"] * 3
    assert not seen.not_placed


def test_a_changed_value_and_wording_are_shown_and_stored(country, coordinator):
    first, _second = tree(country)
    row = "Warga yang sehat;Meningkatnya derajat kesehatan;1.1.1;Stunting menurun;Society;;Prevalensi stunting;;;;18,5;"
    seen = preview(coordinator, row)
    assert seen.lines[0].status == "changed"
    assert "Menurunnya stunting" in " ".join(seen.lines[0].notes)
    apply(coordinator, seen)
    first.refresh_from_db()
    assert (first.text, [one.key for one in first.dimensions.all()]) == ("Stunting menurun", ["society"])
    assert IndicatorTarget.objects.get(year=2025).value == "18.5"
    assert first.indicators.get().baseline == "21.5"  # an empty cell changes nothing
    assert first.agencies.get() == country.health


def test_only_the_chosen_rows_come_in(country, coordinator, development_plan):
    seen = preview(coordinator, *ROWS)
    apply(coordinator, seen, rows={seen.lines[2].number})
    assert [target.text for target in Target.objects.all()] == ["Usia bertambah"]


def test_a_preview_of_a_tree_that_has_changed_is_shown_again(country, coordinator, development_plan):
    seen = preview(coordinator, *ROWS)
    DevelopmentMission.objects.create(development_plan=development_plan, text="Warga sehat")
    answer = apply(coordinator, seen)
    assert answer.status_code == 409
    assert not Target.objects.exists()
    assert apply(coordinator, answer.context["preview"]).status_code == 302
    assert DevelopmentMission.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (";;;Tanpa tujuan;;;;;;;;", "mission"),
        ("Misi;;;Tanpa tujuan;;;;;;;;", "goal"),
        ("Misi;Tujuan;;;;;Indikator;persen;;;;", "target"),
        ("Misi;Tujuan;;Sasaran;;;Indikator;;;;;", "unit"),
        ("Misi;Tujuan;;Sasaran;;;;persen;;;;", "indicator"),
        ("Misi;Tujuan;;Sasaran;;;Indikator;persen;banyak;2024;;", "baseline"),
        ("Misi;Tujuan;;Sasaran;;;Indikator;persen;12;;;", "baseline_year"),
        ("Misi;Tujuan;;Sasaran;Langit;;;;;;;", "dimensions"),
        ("Misi;Tujuan;;Sasaran;;Dinas Antariksa;;;;;;", "agencies"),
        ("Misi;Tujuan;9.9;;;;;;;;;", "target"),
        (f"{'x' * 501};Tujuan;;Sasaran;;;;;;;;", "mission"),
    ],
)
def test_a_wrong_row_says_which_cell_to_mend(country, coordinator, development_plan, row, key):
    (line,) = preview(coordinator, row).lines
    assert line.status == "wrong"
    ((title, sentence),) = line.problems
    assert title == str(TreeSheet(development_plan, country.coordinator).by_key[key].title)
    assert sentence


def test_rows_that_contradict_each_other_are_not_taken(country, coordinator, development_plan):
    other = ROWS[1].replace(";;;;;;", ";;;;Society;;", 1)
    seen = preview(coordinator, ROWS[0], other, ROWS[0])
    assert [line.status for line in seen.lines] == ["new", "wrong", "wrong"]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "<script>alert(1)</script>", "👩‍👩‍👧 ꦲꦤ", "a\u202eb"])
def test_hostile_texts_come_in_as_texts(country, coordinator, development_plan, text):
    quoted = '"' + text.replace('"', '""') + '"'
    apply(coordinator, preview(coordinator, f"Misi;Tujuan;;{quoted};;;;;;;;"))
    target = Target.objects.get()
    assert target.text in (text, "ab")
    assert "<script>alert" not in coordinator.get("/kabupaten-uji/rpjmd/").content.decode()


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "[]",
        "[1]",
        '["", "a", {}, "", "", 0]',
        "[1, 2]",
        '["", 1, {"mission": 5}, "", "", 0]',
        "[" * 5_000,
        '["", 1e999, {}, "", "", 0]',
        '["", 1, {"x": 1}, "", "", 0]',
    ],
)
def test_payloads_that_are_not_ours_are_left_out_or_refused(country, coordinator, development_plan, payload):
    data = {"apply": "1", "row": ["1", "²", "\0"], "payload-1": payload, "state": state_of(development_plan)}
    assert coordinator.post(WHERE, data).status_code in (302, 409)
    assert not Target.objects.exists()


def test_a_file_that_is_no_sheet_comes_back_with_a_sentence(country, coordinator, development_plan):
    for name, content in (
        ("a.xlsx", b"PK\x03\x04rubbish"),
        ("a.csv", b"nama;usia\nBudi;3\n"),
        ("a.csv", b"\xff\xfe\0"),
    ):
        answer = coordinator.post(WHERE, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]


def test_the_sheet_needs_the_rpjmd_and_the_right(country, coordinator, client_of):
    assert coordinator.get(WHERE).status_code == 404
    tree(country)
    assert coordinator.get(WHERE).status_code == 200
    assert coordinator.get(f"{WHERE}contoh/").content[:2] == b"PK"
    operator = client_of(country.operator)
    assert operator.post(WHERE, {"file": written(*ROWS)}).status_code == 404
    assert operator.get(f"{WHERE}isi/").status_code == 200


def test_many_rows_are_judged_in_as_many_queries(country, development_plan, django_assert_num_queries):
    def judged(count):
        rows = [f"Misi;Tujuan;;Sasaran {number};Living;Dinkes;Indikator;persen;;;;" for number in range(count)]
        with django_assert_num_queries(9):
            return TreeFlow(development_plan, by=country.coordinator).preview(written(*rows), "rpjmd.csv")

    country.coordinator.may_anywhere(Can.PLAN_VIEW)  # the roles are read once
    judged(2)
    assert len(judged(200).lines) == 200
    assert json.loads(judged(2).lines[0].payload)[2]["dimensions"]
