"""Nonsense, malice and accidents at every address: a kind answer, nothing lost, never an error of the server."""

import base64
import json
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.drafts.models import Draft
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import lines, started
from praja.stages.problems.models import Problem
from praja.stages.problems.tests.test_actions import started as started_problem
from tests.test_access import PATTERNS, address, client_with, rows, sessions  # noqa: F401 - kept fixtures
from tests.test_access import lines as table

HUGE = 99999999999999999999
FAMILY = "👩‍👩‍👧"
REGION = "/kabupaten-uji"
POSTS = [line.values[1] for line in table() if line.values[0] == "POST"]
GETS = [line.values[1] for line in table() if line.values[0] == "GET"]


@pytest.fixture
def coordinator(sessions):  # noqa: F811
    return client_with(sessions["coordinator"])


@pytest.fixture
def operator(sessions):  # noqa: F811
    return client_with(sessions["operator"])


# --- every address ----------------------------------------------------------------------------------------------------

NAMES = [
    "step",
    "remark",
    "version",
    "next",
    "field",
    "innovation",
    "organisation",
    "row",
    "action",
    "shown",
    "payload-1",
    "column-0",
    "what",
    "reason",
    "title",
    "kind",
    "region",
    "notice",
    "discard",
    "replaces",
    "note",
    "stage",
    "closes_on",
    "due_on",
    "wish",
    "exception",
    "help",
    "sending",
    "channel",
    "digest",
    "saran",
    "agency",
    "language",
    "username",
    "name",
    "role",
    "dimension",
    "causes-TOTAL_FORMS",
    "causes-INITIAL_FORMS",
    "causes-0-id",
    "causes-0-text",
    "money-TOTAL_FORMS",
    "money-INITIAL_FORMS",
    "indicators-TOTAL_FORMS",
    "words-TOTAL_FORMS",
    "format",
]
NASTY = ["", " ", "\0", "a\0b", "\x0b\x1b[2J", "\u202e", FAMILY, "x" * 5_000, "9" * 30, "-1", "0", "1", "2", "1e999",
         "NaN", "²", "٣", "1;2", "on", "submit", "accept", "return", "apply", "all", "page-9", "pdf", "summary", "design",
         "2026-02-30", "31/12/9999", "Rp 1,5 M", "'\"><script>", "../../etc/passwd", "=1+1", "//evil.example", "{", "[]",
         "[[1]]", "9" * 400]  # fmt: skip
VALUES = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def names_on(client, where):
    """The names of the fields that a page sends."""
    response = client.get(where)
    page = response.content.decode(errors="replace") if not response.streaming else ""
    return re.findall(r'name="([^"]{1,60})"', page)


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.django_db
def test_whatever_is_posted_is_answered(name, rows, coordinator, operator):  # noqa: F811
    where = address(name, rows)
    page = re.sub(r"(ketikan|draf)/$", "", where)
    people = [coordinator, operator, Client()]
    names = sorted({*NAMES, *names_on(people[0], page)})

    @settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(people), st.dictionaries(st.sampled_from(names), st.lists(VALUES, max_size=2), max_size=8))
    def tried(client, values):
        undo = transaction.savepoint()
        assert client.post(where, values).status_code < 500
        assert client.get(page).status_code < 500  # a page that kept it shows it again
        transaction.savepoint_rollback(undo)

    tried()


@pytest.mark.parametrize("name", GETS)
@pytest.mark.django_db
def test_whatever_is_asked_for_is_answered(name, country, rows, coordinator):  # noqa: F811
    where = address(name, rows)
    words = ["sesudah", "q", "urut", "dimensi", "opd", "status", "jenis", "halaman", "keadaan", "usulan", "kurang", "next",
             "organisation", "role", "rencana", "apa", "daerah"]  # fmt: skip

    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(words), VALUES, min_size=1, max_size=5))
    def tried(query):
        assert coordinator.get(where, query).status_code < 500

    tried()


@pytest.mark.parametrize("name", [name for name in PATTERNS if "pk" in PATTERNS[name].pattern.converters])
@pytest.mark.django_db
def test_a_number_beyond_every_row_is_not_found(name, country, rows, coordinator):  # noqa: F811
    where = re.sub(r"/\d+/", f"/{HUGE}/", address(name, rows))
    assert coordinator.get(where).status_code in (404, 405)
    assert coordinator.post(where).status_code in (404, 405)


@pytest.mark.once
@pytest.mark.parametrize("name", POSTS)
@pytest.mark.django_db
def test_other_kinds_of_content_are_answered(name, country, rows, coordinator):  # noqa: F811
    where = address(name, rows)
    torn = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nHal'
    for kind, body in [
        ("application/json", b'{"title": ["'),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
        ("multipart/form-data; boundary=x", torn),
        ("multipart/form-data", torn),
        ("application/x-www-form-urlencoded; charset=utf-7", b"title=+ADw-"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%zz&&&=;%00"),
    ]:
        assert coordinator.post(where, body, content_type=kind).status_code < 500, kind


# --- cursors ----------------------------------------------------------------------------------------------------------


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "after",
    ["x", "é", "=", cursor("{}"), cursor("[1]"), cursor("[null, 1]"), cursor(f'["a", {HUGE}]'), cursor("[" * 3_000),
     cursor('["a\\u0000", 1]'), cursor('["\\ud800", 1]'), cursor("[" + "9" * 5_000 + "]"), cursor("[1e999, 1]"),
     cursor('["a", NaN]')],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_shows_the_first_page(country, coordinator, after):
    started(country)
    for where in (
        f"{REGION}/inovasi/?urut=nama",
        f"{REGION}/inovasi/?urut=terbaru",
        f"{REGION}/permasalahan/?urut=nama",
    ):
        assert coordinator.get(where, {"sesudah": after, "urut": where[-4:]}).status_code == 200
    assert "Antre dari Rumah" in coordinator.get(f"{REGION}/inovasi/", {"sesudah": "x"}).content.decode()


# --- texts ------------------------------------------------------------------------------------------------------------


def test_a_very_long_text_is_kept_whole(country, operator):
    innovation, text = started(country), "Kader mencatat. " * 6_250
    where = f"/inovasi/{innovation.pk}/ubah/how/"
    assert operator.post(where, {"design": text, "version": 1}).status_code == 302
    innovation.refresh_from_db()
    assert innovation.design == text.strip()


def test_a_text_that_is_too_long_comes_back_whole_with_a_sentence(country, operator):
    innovation, text = started(country), "Panjang sekali " * 7_000
    where = f"/inovasi/{innovation.pk}/ubah/identity/"
    response = operator.post(where, {"title": text, "version": 1})
    assert response.status_code == 422
    assert "title" in response.context["form"].errors
    assert text.strip() in response.content.decode()
    assert text.strip() in operator.get(where).content.decode()  # and it is still there tomorrow


@pytest.mark.parametrize("text", ["Antre\0dari rumah", "Antre\x1bdari rumah", "Antre\x0bdari rumah"])
def test_invisible_characters_are_refused_or_taken_out(country, operator, text):
    innovation = started(country)
    where = f"/inovasi/{innovation.pk}/ubah/identity/"
    assert operator.post(where, {"title": text, "summary": text, "version": 1}).status_code in (302, 422)
    assert operator.post(f"{where}ketikan/", {"title": text, "version": 1}).status_code == 200
    assert "dari rumah" in operator.get(where).content.decode()
    innovation.refresh_from_db()
    assert "\0" not in innovation.title


def test_emoji_and_other_scripts_are_text_like_any_other(country, operator):
    innovation, title = started(country), f"Antre {FAMILY} ꦲꦤꦕꦫꦏ"
    where = f"/inovasi/{innovation.pk}/ubah/identity/"
    values = {"title": title, "organisation": country.health.pk, "version": 1}
    assert operator.post(where, values).status_code == 302
    assert title in operator.get(f"/inovasi/{innovation.pk}/").content.decode()


def test_markup_is_shown_and_not_obeyed(country, operator):
    innovation = started(country, title='<script>alert(1)</script>"><img src=x onerror=alert(1)>')
    for where in (f"/inovasi/{innovation.pk}/", f"{REGION}/inovasi/", f"/inovasi/{innovation.pk}/ubah/identity/"):
        page = operator.get(where).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# --- accidents --------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_saves_once_and_says_so(country, operator):
    innovation = started(country)
    where = f"/inovasi/{innovation.pk}/ubah/how/"
    values = {"design": "Kader mencatat.", "version": 1}
    assert operator.post(where, values).status_code == 302
    assert operator.post(where, values).status_code == 302  # it says what the row says already: nothing to decide
    innovation.refresh_from_db()
    assert innovation.version == 2
    assert not Draft.objects.exists()


def test_repeatable_rows_sent_twice_stand_once(country, operator):
    innovation = started(country)
    line = {"year": "2027", "source": "dak", "kind": "operation", "stage": "indicative", "amount_rupiah": "1,5 miliar"}
    values = {**lines("money", line).dict(), "version": 1}
    operator.post(f"/inovasi/{innovation.pk}/ubah/money/", values)
    operator.post(f"/inovasi/{innovation.pk}/ubah/money/", values)
    assert innovation.budget_lines.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize(("where", "model"), [("permasalahan", Problem), ("inovasi", Innovation)])
def test_a_new_row_sent_twice_stands_once(country, operator, where, model):
    values = {"title": "Antre dari Rumah", "organisation": country.health.pk}
    first = operator.post(f"{REGION}/{where}/baru/", values)
    second = operator.post(f"{REGION}/{where}/baru/", values)
    assert first.url == second.url
    assert model.objects.count() == 1


def test_a_step_taken_twice_is_taken_once(country, operator, coordinator):
    problem = started_problem(country)
    Problem.objects.filter(pk=problem.pk).update(state="submitted", dimension=country.dimension())
    for _ in range(2):
        assert coordinator.post(f"/permasalahan/{problem.pk}/langkah/", {"step": "accept"}).status_code == 302
    page = coordinator.get(f"/permasalahan/{problem.pk}/")
    assert [line.words for line in page.context["history"]].count("menerima") == 1


def test_thousands_of_fields_are_a_form_and_more_are_refused_kindly(country, operator):
    where = f"/inovasi/{started(country).pk}/ubah/how/"
    kind = "application/x-www-form-urlencoded"
    assert operator.post(where, "f=x&" * 5_000 + "design=Kader&version=1", content_type=kind).status_code == 302
    refused = operator.post(where, "f=x&" * 30_000, content_type=kind)
    assert refused.status_code == 400
    assert "<h1" in refused.content.decode()


def test_a_torn_upload_is_refused_kindly(country, coordinator):
    where = reverse("import-list", args=[country.plan.slug])
    answer = coordinator.post(where, b"--x\r\nContent-Disposi", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("target", ["abc", "a\0b", "//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_an_address_to_go_on_to_is_one_of_ours_or_none(country, coordinator, target):
    problem = started_problem(country)
    Problem.objects.filter(pk=problem.pk).update(state="submitted", dimension=country.dimension())
    step = coordinator.post(f"/permasalahan/{problem.pk}/langkah/", {"step": "accept", "next": target})
    for answer in (step, coordinator.get("/masuk/", {"next": target})):
        assert answer.status_code == 302
        assert "evil" not in answer.url
        assert "javascript" not in answer.url


def test_a_draft_of_a_page_that_does_not_exist_fills_no_table(db):
    where = "/inovasi/1/ubah/" + "x" * 2_000 + "/"
    assert Client().post(where, {"version": "1", "title": "x"}).status_code == 302


def test_more_repeatable_rows_than_any_form_needs_are_refused_and_kept(country, operator):
    innovation = started(country)
    values = {**lines("money", *[{"year": "2027"}] * 205).dict(), "version": 1}
    response = operator.post(f"/inovasi/{innovation.pk}/ubah/money/", values)
    assert response.status_code == 422
    assert json.dumps(Draft.objects.get().values).count("2027") == 205
