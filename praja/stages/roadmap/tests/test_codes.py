"""Official codes: how they are written, where they stand, how a list comes in, and how an action gets another one."""

import csv
import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from praja.foundation.audit.models import Event
from praja.foundation.files.contents import FileRefused
from praja.foundation.jobs.worker import perform_due
from praja.foundation.sheets.reading import SheetError
from praja.stages.roadmap import code_lists, codes
from praja.stages.roadmap.models import Action, BudgetCode, BudgetCodeList
from praja.stages.roadmap.tests.making import accepted, started

REFERENCE = "reference/nomenclature_050-5889.csv"
HEADER = ["Kode", "Nama", "Level", "Kode Induk"]
SMALL = [
    ["1", "Urusan wajib", "urusan", ""],
    ["1.02", "Kesehatan", "bidang_urusan", "1"],
    ["1.02.02", "Program kesehatan", "program", "1.02"],
    ["1.02.02.2.01", "Layanan dekat", "kegiatan", "1.02.02"],
    ["1.02.02.2.01.0001", "Antrean daring", "sub_kegiatan", "1.02.02.2.01"],
    ["X.XX.01.2.06", "Administrasi umum", "kegiatan", "X.XX.01"],
]


def sheet(*rows, header=HEADER, name="kode.csv"):
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return SimpleUploadedFile(name, target.getvalue().encode())


def loaded(*rows, header=HEADER, title="Daftar uji", is_current=True):
    """A list with its good rows in place."""
    one = code_lists.open_list(sheet(*rows, header=header), title=title, source="uji", year=None, by=None)
    code_lists.fill(one, code_lists.examine(code_lists.table_of(one)), is_current=is_current, by=None)
    return one


def examined(*rows, header=HEADER):
    file = sheet(*rows, header=header)
    return code_lists.examine(code_lists.read(file, file.name))


# --- how a code is written


@pytest.mark.parametrize(
    ("text", "level", "parent"),
    [
        ("1", "affair", ""),
        ("1.02", "field", "1"),
        ("1.02.02", "programme", "1.02"),
        ("1.02.02.2.01", "activity", "1.02.02"),
        ("1.01.01.2.1", "activity", "1.01.01"),
        (" 1.02.02.2.01 . 0001. ", "sub_activity", "1.02.02.2.01"),
        ("2.16.03.2.02.09", "sub_activity", "2.16.03.2.02"),
        ("x.xx.01.2.06", "activity", "X.XX.01"),
    ],
)
def test_a_code_says_its_level_and_what_stands_above_it(text, level, parent):
    code = codes.parse(text)
    assert (code.level, code.parent) == (level, parent)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "1.1", "1.2.3", "1.02.02.2", "X.02.01", "1.XX", "2026-01-02", "=1+1", "1.02.02.2.01.00001", "abc",
     "1,02", "\x00", "１.02", "9" * 5000, "1.02.02.2.01.0001; DROP TABLE", "<script>"],
)  # fmt: skip
def test_what_is_no_code_is_answered_with_a_sentence(text):
    sentence = codes.parse(text)
    assert isinstance(sentence, str)
    assert sentence.endswith(".")
    assert len(sentence) < 300


def test_a_cell_with_code_and_words_is_split():
    assert codes.split("2.16.03.2.02.09 Pengembangan Ekosistem") == ("2.16.03.2.02.09", "Pengembangan Ekosistem")
    assert codes.split("1.02 - Kesehatan") == ("1.02", "Kesehatan")
    assert codes.split("Dinas Kesehatan") == ("", "Dinas Kesehatan")


# --- where it stands


def test_without_a_list_only_the_pattern_is_judged(db):
    found = codes.standings(["1.02.02", "1.2", ""])
    assert {text: one.state for text, one in found.items()} == {"1.02.02": "no_list", "1.2": "wrong"}


def test_an_old_code_finds_its_replacement_over_two_changes_and_circles_end(db):
    loaded(["1.02.05", "1.02.06", "Lama"], ["9.01.01", "9.01.02", ""], ["9.01.02", "9.01.01", ""],
           header=["Kode lama", "Kode baru", "Nama"])  # fmt: skip
    loaded(["1.02.06", "1.02.02", "Tengah"], header=["Kode lama", "Kode baru", "Nama"])
    loaded(*SMALL)
    found = codes.standings(["1.02.05", "9.01.01", "1.02.02", "1.02.03"])
    assert (found["1.02.05"].replacement, found["1.02.05"].replacement_title) == ("1.02.02", "Program kesehatan")
    assert found["1.02.05"].title == "Lama"
    assert [found[code].state for code in ("9.01.01", "1.02.02", "1.02.03")] == ["unknown", "current", "unknown"]


def test_a_code_of_a_field_has_the_name_of_the_general_one(db):
    loaded(*SMALL)
    assert codes.standing_of("1.02.01.2.06").title == "Administrasi umum"


def test_standings_take_as_many_queries_for_many_codes_as_for_few(db, django_assert_max_num_queries):
    loaded(*SMALL)
    with django_assert_max_num_queries(4):
        codes.standings([f"1.02.{number:02}" for number in range(90)])


# --- a list comes in


def test_every_row_is_judged_with_its_number():
    found = examined(
        *SMALL,
        ["1.2", "Tanpa nol", "", ""],
        ["1.03", "Beda tingkat", "program", ""],
        ["1.03.02", "Beda induk", "", "1.02"],
        ["1.04", "", "", ""],
        ["1.02", "Nama lain", "", ""],
        SMALL[1],
    )
    assert [one.code for one in found.entries] == [row[0] for row in SMALL]
    assert [one.number for one in found.wrong] == [8, 9, 10, 11, 12]
    assert [one.problems[0][0] for one in found.wrong] == ["Kode", "Level", "Kode Induk", "Nama", "Kode"]
    assert (found.repeated, found.alone) == (1, 1)


def test_a_sheet_without_known_titles_says_which_are_needed():
    with pytest.raises(SheetError, match="Kode"):
        code_lists.read(sheet(["a", "b"], header=["satu", "dua"]), "kode.csv")


@pytest.mark.parametrize(
    "content", [b"", b"<html><script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 50, b"\x89PNG\r\n"]
)
def test_hostile_files_are_refused_and_nothing_is_kept(country, content):
    file = SimpleUploadedFile("kode.csv", content)
    with pytest.raises((SheetError, FileRefused)):
        code_lists.open_list(file, title="x", source="x", year=None, by=country.ministry_admin)
    assert not BudgetCodeList.objects.exists()


def test_formulas_and_long_texts_stay_text_or_out():
    found = examined(["1.02", "=cmd|' /C calc'!A0", "", ""], ["1.03", "n" * 600, "", ""], ["=1+1", "x", "", ""])
    assert [one.title for one in found.entries] == ["=cmd|' /C calc'!A0"]
    assert [one.number for one in found.wrong] == [3, 4]


def test_a_newer_list_takes_the_place_of_the_one_in_force_and_both_stay(db):
    old, new = loaded(*SMALL[:3]), loaded(*SMALL)
    assert codes.current_list() == new
    assert code_lists.put_in_force(old, by=None)
    assert list(BudgetCodeList.objects.filter(is_current=True)) == [old]
    assert BudgetCode.objects.filter(list=new).count() == len(SMALL)


def test_a_sheet_of_old_and_new_codes_is_never_in_force(db):
    loaded(*SMALL)
    mapping = loaded(["1.02.05", "1.02.02"], header=["kode lama", "kode baru"])
    assert not code_lists.put_in_force(mapping, by=None)
    assert codes.current_list().title == "Daftar uji"


def test_the_list_in_force_is_not_withdrawn_and_another_one_is(db):
    old, new = loaded(*SMALL[:3]), loaded(*SMALL)
    assert not code_lists.withdraw(new, by=None)
    assert code_lists.withdraw(old, by=None)
    assert not code_lists.withdraw(old, by=None)


def test_loading_a_list_twice_loads_it_once(country, client_of):
    admin = client_of(country.ministry_admin)
    told = {"title": "Nomenklatur", "source": "Keputusan uji", "year": "2026", "file": sheet(*SMALL)}
    page = admin.post(reverse("budget-code-lists"), told)
    one = BudgetCodeList.objects.get()
    assert page.url == reverse("budget-code-list", args=[one.pk])
    assert "Antrean daring" in admin.get(page.url).content.decode()
    for _again in range(2):
        admin.post(reverse("budget-code-list-load", args=[one.pk]), {"in_force": "yes"})
        perform_due()
    one.refresh_from_db()
    assert (one.is_current, one.codes.count()) == (True, len(SMALL))
    assert Event.objects.filter(subject="roadmap.budgetcodelist", verb="load").count() == 1


def test_the_command_line_loads_a_list(db, tmp_path, capsys, monkeypatch):
    from praja import cli, serving

    monkeypatch.setattr(serving, "prepare_database", lambda: None)
    path = tmp_path / "kode.csv"
    path.write_bytes(sheet(*SMALL, ["1.2", "salah", "", ""]).read())
    with pytest.raises(SystemExit) as ended:
        cli.main(["codes", str(path), "--title", "Daftar", "--source", "uji", "--year", "2026"])
    assert ended.value.code == 0
    assert codes.current_list().codes.count() == len(SMALL)
    assert "8" in capsys.readouterr().out  # the number of the wrong row


def test_the_invented_lists_of_the_demonstration_are_whole_and_placed_once(country):
    first, second = started(country, accepted(country)), started(country, title="Kedua")
    for _again in range(2):
        code_lists.load_demonstration(country.plan)
    current = codes.current_list()
    assert (current.codes.count(), BudgetCodeList.objects.count()) == (59, 2)
    assert all("rekaan" in title for title in BudgetCode.objects.values_list("title", flat=True))
    placed = codes.standings(Action.objects.values_list("budget_code", flat=True))
    assert sorted(one.state for one in placed.values()) == ["current", "replaced"]
    assert {one.replacement[:4] for one in placed.values()} == {"", "1.02"}
    assert {first.pk, second.pk} == set(Action.objects.exclude(budget_code="").values_list("pk", flat=True))


@pytest.mark.skipif(settings.REFERENCE_DIR is None, reason="PRAJA_REFERENCE_DIR is not set")
def test_the_published_nomenclature_goes_in_completely(db):
    report = code_lists.load_file(settings.REFERENCE_DIR / REFERENCE, title="050-5889", source="Kepmendagri")
    with (settings.REFERENCE_DIR / REFERENCE).open() as file:
        rows = {row["code"]: " ".join(row["name"].split()) for row in csv.DictReader(file)}
    stored = dict(BudgetCode.objects.values_list("code", "title"))
    assert {code: " ".join(title.split()) for code, title in stored.items()} == rows
    assert len(report.splitlines()) == 6


def test_ten_of_its_kind_go_in_completely(db):
    header = ["code", "name", "level", "parent_code", "name_source"]
    rows = [[*row, "matched"] for row in SMALL]
    loaded(*rows, header=header)
    assert list(BudgetCode.objects.values_list("code", flat=True)) == sorted(row[0] for row in SMALL)


# --- pages


def test_codes_are_looked_up_by_beginning_and_by_words(country, client_of):
    loaded(*SMALL)
    operator = client_of(country.operator)
    by_code = operator.get(reverse("budget-codes"), {"q": "1.02.02.2"}).content.decode()
    by_words = operator.get(reverse("budget-codes"), {"q": "daring ANTREAN"}).content.decode()
    assert "Antrean daring" in by_code
    assert "Program kesehatan" not in by_code
    assert "1.02.02.2.01.0001" in by_words
    assert "Layanan dekat" not in by_words


def test_the_list_is_paged_by_key(country, client_of, django_assert_num_queries):
    loaded(
        *[
            [f"1.{field:02}.{programme:02}", f"Program {field}-{programme}", "", ""]
            for field in range(2, 5)
            for programme in range(1, 41)
        ]
    )
    client = client_of(country.operator)
    seen, url = [], reverse("budget-codes")
    while url:
        page = client.get(url)
        seen += [row["code"] for row in page.context["rows"]]
        url = (
            f"{reverse('budget-codes')}?sesudah={page.context['page_of_rows'].after}"
            if page.context["page_of_rows"].after
            else ""
        )
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 120


def test_an_action_takes_a_code_that_was_looked_up(country, client_of):
    loaded(*SMALL)
    action = started(country, accepted(country))
    operator = client_of(country.operator)
    page = operator.get(reverse("budget-codes"), {"untuk": action.pk})
    assert reverse("action-code", args=[action.pk]) in page.content.decode()
    told = {"code": "1.02.02.2.01.0001", "version": action.version}
    assert operator.post(reverse("action-code", args=[action.pk]), told).status_code == 302
    action.refresh_from_db()
    assert action.budget_code == "1.02.02.2.01.0001"
    assert Event.objects.filter(subject="roadmap.action", subject_id=action.pk, verb="change code").exists()


def test_an_old_code_is_replaced_with_one_button(country, client_of):
    loaded(["1.02.05", "1.02.02"], header=["kode lama", "kode baru"])
    loaded(*SMALL)
    action = started(country, accepted(country, budget_code="1.02.05"))
    Action.objects.filter(pk=action.pk).update(budget_code="1.02.05")
    operator = client_of(country.operator)
    address = reverse("plan-codes", args=[country.plan.slug])
    assert "Program kesehatan" in operator.get(address).content.decode()
    told = {"code": "1.02.02", "version": action.version, "from": "plan-codes"}
    assert operator.post(reverse("action-code", args=[action.pk]), told).url == address
    action.refresh_from_db()
    assert action.budget_code == "1.02.02"


def test_a_code_for_an_action_that_somebody_changed_is_not_written(country, client_of):
    action = started(country, accepted(country))
    operator = client_of(country.operator)
    for told in ({"code": "1.02.02", "version": action.version + 1}, {"code": "kacau", "version": "1"}, {}):
        operator.post(reverse("action-code", args=[action.pk]), told)
    action.refresh_from_db()
    assert action.budget_code == ""


def test_choices_under_the_field_come_without_a_page(country, client_of):
    operator = client_of(country.operator)
    address = reverse("budget-code-options")
    assert operator.get(address, {"budget_code": "1.02"}).content.strip() == b""
    loaded(*SMALL, ["1.03", '"><script>alert(1)</script>', "", ""])
    answer = operator.get(address, {"budget_code": "1.0"}).content.decode()
    assert '<option value="1.02">Kesehatan</option>' in answer
    assert "<script>" not in answer


def test_pages_work_with_an_empty_list(country, client_of):
    operator = client_of(country.operator)
    started(country, accepted(country))
    for name, arguments in (("budget-codes", []), ("plan-codes", [country.plan.slug])):
        assert operator.get(reverse(name, args=arguments)).status_code == 200


@pytest.mark.parametrize("query", ["?q=%00", "?sesudah=abc", "?untuk=abc", "?tingkat=%27", "?q=" + "x" * 3000])
def test_hostile_addresses_are_survived(country, client_of, query):
    loaded(*SMALL)
    assert client_of(country.operator).get(reverse("budget-codes") + query).status_code in (200, 404)


def test_codes_of_a_plan_take_as_many_queries_for_many_rows_as_for_few(
    country, client_of, django_assert_max_num_queries
):
    loaded(*SMALL)
    client = client_of(country.coordinator)
    for number in range(30):
        accepted(country, title=f"Inovasi {number}", budget_code=f"1.02.{number:02}")
    address = reverse("plan-codes", args=[country.plan.slug])
    client.get(address)
    with django_assert_max_num_queries(22):
        client.get(address)
