"""The public log, its file of roots, and the command that verifies."""

import datetime
from io import StringIO

import pytest
from django.urls import reverse

from praja.cli import COMMANDS, _parser
from praja.foundation.audit import chain, jobs, roots
from praja.foundation.audit.history import LABELS, label_of
from praja.foundation.audit.models import ChainEntry, DailyRoot, Event

DAYS = [datetime.date(2026, 11, day) for day in (20, 21, 22)]


@pytest.fixture
def published(country):
    """Three days: two entries, none, and one more."""
    for day, count in zip(DAYS, (2, 0, 1), strict=True):
        for _each in range(count):
            chain.append("edition", country.plan, {"number": 1})
        roots.note_day(day)
    return country


def verified(*words):
    return COMMANDS["audit"](_parser().parse_args(["audit", "verify", *words]))


def test_everybody_reads_the_roots_and_how_many_entries_each_day_added(client, published):
    page = client.get(reverse("public-log"))
    assert [(row.day, row.seq, row.added) for row in page.context["rows"]] == [
        (DAYS[2], 3, 1), (DAYS[1], 2, 0), (DAYS[0], 2, 2),
    ]  # fmt: skip
    assert str(page.context["newest"]) in page.content.decode()


def test_the_page_is_light_and_shows_the_last_thirty_days(client, country, django_assert_num_queries):
    chain.append("edition", country.plan, {})
    for number in range(40):
        roots.note_day(DAYS[0] + datetime.timedelta(days=number))
    client.get(reverse("public-log"))
    with django_assert_num_queries(3):  # roots, head, whether this is a demonstration
        page = client.get(reverse("public-log"))
    assert len(page.context["rows"]) == 30
    assert page.context["rows"][-1].added == 0


def test_before_the_first_night_the_page_says_what_will_come(client, country):
    page = client.get(reverse("public-log"))
    assert page.context["rows"] == []
    assert client.get(reverse("public-log-roots")).content == b""


def test_the_file_holds_a_line_a_day_and_reads_back(client, published):
    text = client.get(reverse("public-log-roots"))
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.content.decode().splitlines()[0] == f"2026-11-20 2 {ChainEntry.objects.get(seq=2).hash}"
    assert roots.read(StringIO(text.content.decode())) == [roots.Root(*row) for row in
        DailyRoot.objects.order_by("day").values_list("day", "seq", "hash")]  # fmt: skip


def test_nobody_is_named_on_the_page_or_in_the_file(client, published):
    for name in ("public-log", "public-log-roots"):
        page = client.get(reverse(name)).content.decode()
        assert published.plan.title not in page
        assert "plans.plan" not in page


def test_a_day_has_one_root_and_an_empty_log_has_none(country):
    assert roots.note_day(DAYS[0]) is None
    chain.append("edition", country.plan, {})
    first = roots.note_day(DAYS[0])
    chain.append("edition", country.plan, {})
    assert roots.note_day(DAYS[0]) is None
    assert DailyRoot.objects.get().hash == first.hash


def test_the_night_notes_the_day_that_has_ended(country):
    chain.append("edition", country.plan, {})
    jobs.note_root(None)
    assert DailyRoot.objects.get().day == roots.yesterday()


@pytest.mark.parametrize(
    "line", ["besok 1 ff", "2026-11-20 2", f"2026-13-40 2 {'a' * 64}", f"2026-11-20 -2 {'a' * 64}"]
)
def test_a_line_that_is_no_root_is_refused_with_its_number(line):
    with pytest.raises(roots.NoRoot, match=r"^Line 3 "):
        roots.read(["# disimpan di koran", "", line])


def test_the_command_says_that_all_is_whole(published, tmp_path, capsys):
    kept = tmp_path / "akar.txt"
    kept.write_text("".join(roots.lines()))
    assert verified("--roots", str(kept)) == 0
    assert "The log is whole: 3 entries" in capsys.readouterr().out


def test_the_command_names_the_altered_row_and_ends_with_1(published, capsys):
    ChainEntry.objects.filter(seq=2).update(facts="{}")
    assert verified() == 1
    assert capsys.readouterr().out.startswith("Entry 2 of the log (edition, plans.plan")


def test_the_command_answers_a_wrong_file_kindly(published, tmp_path, capsys):
    assert verified("--roots", str(tmp_path / "none.txt")) == 1
    wrong = tmp_path / "akar.txt"
    wrong.write_bytes(b"\xff\xfe")
    assert verified("--roots", str(wrong)) == 1
    wrong.write_text("halo")
    assert verified("--roots", str(wrong)) == 1
    said = capsys.readouterr().err
    assert said.count("cannot be read") == 2
    assert "Line 1 is no root" in said


@pytest.mark.parametrize("key", ["offices", "signatories", "file", "pages", "sheet", "original", "quarter_turns"])
def test_what_signing_notes_has_a_name_in_the_history(key):
    assert label_of(Event(), key) == str(LABELS[key])
