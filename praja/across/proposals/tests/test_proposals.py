"""A sheet from printing to approval: what stands on it, who may do what, and that exactly the printed versions are approved."""

import datetime
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from praja.across.proposals import actions, views
from praja.across.proposals.actions import ContentChanged, Paper
from praja.across.proposals.material import choose, lacks_of, positions_of, rows_that_wait, total_of
from praja.across.proposals.models import ProposalRow, ProposalSheet
from praja.foundation.accounts.models import Person, Position
from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents import child
from praja.foundation.documents.blocks import Signature, Table
from praja.foundation.documents.tests.samples import letters
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.tests.fixtures import docx, png, webp
from praja.foundation.files.tests.test_page_pictures import pdf, photo
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import BudgetLine
from praja.foundation.workflow.steps import Refused
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started as started_innovation
from praja.stages.problems.models import Cause, Problem
from praja.stages.problems.tests.test_actions import started as started_problem
from tests.country import someone

State = ProposalSheet.State
HOME = "/kabupaten-uji/lembar-usulan/"


@pytest.fixture
def country(country):
    """The small country, whose plan asks for the heads' approval, with the head of Dinas Kesehatan."""
    country.plan.head_approves = True
    country.plan.save()
    head(country)
    return country


@pytest.fixture(autouse=True)
def papers_are_made_here(monkeypatch):
    """Papers are set in this process: a process of its own for each would make these tests slow."""
    monkeypatch.setattr(actions, "render_in_child", child.render)
    monkeypatch.setattr(views, "render_in_child", child.render)


@pytest.fixture
def second(country):
    """Another coordinator of the region."""
    return someone("kedua", "Dewi Kedua", "coordinator", country.government)


@pytest.fixture
def problem(country):
    row = started_problem(country)
    Cause.objects.create(problem=row, kind="people", text="Petugas kurang")
    return submitted(row, country)


@pytest.fixture
def innovation(country):
    return submitted(started_innovation(country), country)


def head(country, **values):
    person = Person.objects.create(
        name="Ratna Dewi", title_before="dr.", title_after="M.Kes.", nip="198001012005012001",
        rank="Pembina Tingkat I", grade="IV/b",
    )  # fmt: skip
    values = {"title": "Kepala Dinas Kesehatan", "acting": "plt", "decree": "SK 1", "is_head": True, **values}
    return Position.objects.create(organisation=country.health, person=person, **values)


def submitted(row, country):
    """The row as if its operator had submitted it."""
    type(row).objects.filter(pk=row.pk).update(state="submitted", dimension=country.dimension())
    row.refresh_from_db()
    return row


def line(innovation, amount, year=2026, source="apbd_region", **values):
    return BudgetLine.objects.create(innovation=innovation, year=year, source=source, amount_rupiah=amount, **values)


def printed(country, *, by=None, number="001/LU"):
    problems, innovations = rows_that_wait(country.plan, country.health)
    keys = {f"problem-{row.pk}" for row in problems} | {f"innovation-{row.pk}" for row in innovations}
    position = positions_of(country.health, country.plan.today)[0]
    paper = Paper(number, "Uji", datetime.date(2026, 11, 22), position, "Kepala Dinas Kesehatan")
    chosen = choose(problems, innovations, keys)
    return actions.print_sheet(
        country.plan,
        country.health,
        chosen,
        paper,
        by=by or country.operator,
        link=lambda code: f"http://localhost/{code}/",
    )


def scanned(country, *, by=None, **values):
    sheet = printed(country, **values)
    upload = SimpleUploadedFile("pindai.pdf", pdf(2))
    actions.hand_in_scan(sheet, upload, by=by or country.operator, version=sheet.version)
    return sheet


def confirm(sheet, by):
    return actions.confirm(sheet, by=by, version=sheet.version)


def file_of(sheet, kind):
    """The paper, made once more from what was frozen."""
    return child.render(actions.letter_of(sheet), kind)


def text_of(content):
    return letters("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


# --- what stands on it ------------------------------------------------------------------------------------------------


def test_only_rows_that_wait_for_this_head_are_offered(country, problem, innovation):
    started_problem(country)
    submitted(started_innovation(country, "Milik lain"), country)
    Innovation.objects.filter(title="Milik lain").update(organisation=country.transport)
    assert rows_that_wait(country.plan, country.health) == ([problem], [innovation])
    country.plan.head_approves = False
    assert rows_that_wait(country.plan, country.health) == ([], [])


def test_the_paper_says_what_the_rows_say(country, problem, innovation):
    line(innovation, 1_250_000_000, 2027, "dak")
    Innovation.objects.update(goal="Waktu tunggu turun", is_it=True)
    innovation.problems.add(problem)
    content = file_of(printed(country), "pdf")
    text = text_of(content)
    for words in (
        problem.title, "Petugas kurang", innovation.title, "Waktu tunggu turun", "Rp1.250.000.000",
        "Plt. Kepala Dinas Kesehatan", "dr. Ratna Dewi, M.Kes.", "Pembina Tingkat I (IV/b)", "198001012005012001",
        "Uji, 22 November 2026", "001/LU", "DINAS KESEHATAN",
    ):  # fmt: skip
        assert words.replace(" ", "") in text, words


def test_the_same_sheet_gives_the_same_bytes_whatever_happens_to_its_rows(country, problem, innovation):
    sheet = printed(country)
    first = file_of(sheet, "pdf"), file_of(sheet, "word")
    Problem.objects.update(title="Sudah lain")
    Person.objects.update(name="Orang Lain")
    sheet = ProposalSheet.objects.get()
    assert (file_of(sheet, "pdf"), file_of(sheet, "word")) == first
    with sheet.pdf.open() as file:
        assert file.read() == first[0]  # and it is the very file that was printed


def test_a_content_that_was_changed_is_noticed(country, problem, second):
    sheet = scanned(country)
    ProposalSheet.objects.update(content=sheet.content.replace(problem.title, "Lain"))
    sheet.refresh_from_db()
    with pytest.raises(ContentChanged):
        actions.letter_of(sheet)
    with pytest.raises(ContentChanged):
        confirm(sheet, second)
    assert ProposalSheet.objects.get().state == State.SCANNED


@pytest.mark.parametrize(
    ("values", "office"),
    [({"acting": "definitive"}, ("Kepala Dinas Kesehatan,",)), ({"acting": "plh"}, ("Plh. Kepala Dinas Kesehatan,",)),
     ({"title": "Sekretaris", "acting": "definitive", "is_head": False}, ("a.n. Kepala Dinas Kesehatan", "Sekretaris,"))],
)  # fmt: skip
def test_the_office_stands_as_papers_print_it(country, problem, values, office):
    Position.objects.update(**values)
    letter = actions.letter_of(printed(country))
    assert next(letter.walk(Signature)).office == office


def test_what_the_block_that_is_signed_lacks_is_told_and_printed_as_dots(country, problem):
    Person.objects.filter(name="Ratna Dewi").update(nip="", rank="")
    Position.objects.update(decree="")
    position = positions_of(country.health, country.plan.today)[0]
    assert len(lacks_of(position)) == 3
    assert lacks_of(None)
    assert "......" in next(actions.letter_of(printed(country)).walk(Signature)).nip


def test_an_office_that_has_ended_signs_nothing(country):
    Position.objects.update(ends_on=country.plan.today - datetime.timedelta(days=1))
    assert positions_of(country.health, country.plan.today) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    amounts=st.lists(
        st.tuples(
            st.integers(0, 10**12), st.integers(2026, 2035), st.sampled_from(BudgetLine.Source.values),
            st.sampled_from(["indicative", "rka", "realised"]), st.booleans(),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_the_total_on_the_paper_is_the_sum_of_its_lines(country, innovation, amounts):
    undo = transaction.savepoint()
    for amount, year, source, stage, is_withdrawn in amounts:
        line(innovation, amount, year, source, stage=stage, withdrawn_at="2026-01-01T00:00Z" if is_withdrawn else None)
    expected = sum(amount for amount, _y, _s, stage, gone in amounts if stage != "realised" and not gone)
    sheet = printed(country)
    tables = [table for table in actions.letter_of(sheet).walk(Table) if table.columns[-1].kind == "rupiah"]
    assert sheet.total_rupiah == expected == total_of(rows_that_wait(country.plan, country.health)[1])
    for table in tables:
        if table.rows:
            assert table.total[-1] == expected == sum(row[-1] for row in table.rows)
    if len(tables) > 1:  # each column of money of the second table adds up too
        for place, column in enumerate(tables[1].columns):
            if column.kind == "rupiah":
                assert tables[1].total[place] == sum(row[place] or 0 for row in tables[1].rows)
    transaction.savepoint_rollback(undo)


def test_codes_cannot_be_guessed_or_mistaken():
    codes = {actions.new_code() for _each in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("01ILO")


# --- from printed to confirmed ----------------------------------------------------------------------------------------


def test_a_second_person_confirms_and_exactly_the_printed_versions_go_on(country, problem, innovation, second):
    sheet = scanned(country)
    Innovation.objects.update(version=innovation.version + 1)  # somebody changed it after printing
    assert confirm(sheet, second) == (1, 1)
    problem.refresh_from_db()
    innovation.refresh_from_db()
    assert (problem.state, innovation.state) == ("approved", "submitted")
    assert list(sheet.rows.order_by("kind").values_list("kind", "outcome")) == [
        ("innovation", "left"),
        ("problem", "approved"),
    ]
    assert Event.objects.about(problem).first().verb == "approve_on_paper"


def test_who_handed_the_scan_in_does_not_confirm_it(country, problem):
    sheet = scanned(country, by=country.coordinator)
    with pytest.raises(Refused):
        confirm(sheet, country.coordinator)
    with pytest.raises(Refused):
        actions.refuse(sheet, by=country.coordinator, version=sheet.version, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalSheet.objects.update(state="confirmed", decided_by=country.coordinator, decided_at="2026-01-01T00:00Z")


def test_who_may_not_confirm_does_not(country, problem):
    sheet = scanned(country)
    for person in (country.operator, country.neighbour, country.mentor, country.assessor):
        with pytest.raises(Refused):
            confirm(sheet, person)


def test_nothing_is_confirmed_without_a_scan_or_twice(country, problem, second):
    sheet = printed(country)
    with pytest.raises(Refused):
        confirm(sheet, second)
    sheet = scanned(country, number="002/LU")
    stale = ProposalSheet.objects.get(pk=sheet.pk)
    confirm(sheet, second)
    with pytest.raises(TooLate):
        confirm(stale, second)


@pytest.mark.parametrize(
    "changes",
    [{"state": "returned"}, {"withdrawn_at": "2026-01-01T00:00Z"}, {"state": "approved"}, {"title": "x", "version": 9}],
)
def test_a_row_that_moved_on_is_left_and_says_why(country, problem, second, changes):
    sheet = scanned(country)
    Problem.objects.update(**changes)
    assert confirm(sheet, second) == (0, 1)
    assert sheet.rows.get().note


def test_a_refused_scan_says_why_and_may_be_handed_in_again(
    country, problem, second, django_capture_on_commit_callbacks
):
    sheet = scanned(country)
    with pytest.raises(Refused):
        actions.refuse(sheet, by=second, version=sheet.version, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        actions.refuse(sheet, by=second, version=sheet.version, reason="Halaman 2 tidak terbaca")
    assert "Halaman 2 tidak terbaca" in Notice.objects.get(user=country.operator).text
    actions.hand_in_scan(sheet, SimpleUploadedFile("a.jpg", photo()), by=country.operator, version=sheet.version)
    assert (sheet.state, sheet.reason, sheet.scan_pages) == (State.SCANNED, "", 1)
    assert confirm(sheet, second) == (1, 0)


def test_a_new_sheet_replaces_printed_ones_that_hold_its_rows(country, problem, innovation):
    first = printed(country)
    second_sheet = printed(country, number="002/LU")
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (State.VOID, second_sheet)
    assert actions.letter_of(first)  # it stays readable


def test_a_row_whose_scan_waits_is_not_printed_again(country, problem):
    scanned(country)
    with pytest.raises(Refused):
        printed(country, number="002/LU")
    assert ProposalSheet.objects.count() == 1


def test_a_void_sheet_takes_nothing_any_more(country, problem):
    sheet = printed(country)
    actions.make_void(sheet, by=country.operator, version=sheet.version, reason="Salah cetak")
    with pytest.raises(Refused):
        actions.hand_in_scan(sheet, SimpleUploadedFile("a.pdf", pdf()), by=country.operator, version=sheet.version)
    with pytest.raises(Refused):
        actions.make_void(sheet, by=country.operator, version=sheet.version, reason="Lagi")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7 rusak"), ("a.png", png()), ("a.docx", docx()), ("a.webp", webp()), ("a.svg", b"<svg/>"),
     ("a.jpg", b"\xff\xd8\xff\xe0 bukan gambar"), ("a.png", png(40_000, 1_200)), ("a.txt", b"halo")],
)  # fmt: skip
def test_what_no_eye_can_read_is_no_scan(country, problem, name, content):
    sheet = printed(country)
    with pytest.raises(FileRefused):
        actions.hand_in_scan(sheet, SimpleUploadedFile(name, content), by=country.operator, version=sheet.version)
    assert ProposalSheet.objects.get().state == State.PRINTED


def test_each_move_is_told_once_to_who_has_to_know(country, problem, second, django_capture_on_commit_callbacks):
    def told(act):
        Notice.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return set(Notice.objects.values_list("user__username", flat=True))

    sheets = []
    assert told(lambda: sheets.append(printed(country, by=country.coordinator))) == {"operator"}
    upload = SimpleUploadedFile("a.pdf", pdf())
    assert told(lambda: actions.hand_in_scan(sheets[0], upload, by=country.operator, version=1)) == {
        "koordinator",
        "kedua",
    }
    # the agency, and whose turn it is with the rows that go on
    assert told(lambda: confirm(sheets[0], second)) == {"operator", "koordinator"}


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(country, client_of):
    return client_of(country.operator)


def typed(*rows, country, **values):
    position = Position.objects.get(organisation=country.health)
    paper = {
        "number": "7/LU",
        "place": "Uji",
        "day": "22 November 2026",
        "position": position.pk,
        "opd": country.health.pk,
    }
    return {**paper, "row": [f"{row._meta.model_name}-{row.pk}" for row in rows], **values}


def test_from_the_list_to_the_approved_rows(country, problem, innovation, operator, second, client_of):
    assert operator.get(HOME).context["waiting"] == [(country.health, 2)]
    assert len(operator.get(f"{HOME}baru/").context["groups"]) == 2
    where = operator.post(f"{HOME}baru/", typed(problem, country=country)).url
    page = operator.get(where)
    assert not page.context["may_confirm"]
    assert b"".join(operator.get(f"{where}berkas/pdf/").streaming_content).startswith(b"%PDF")
    assert operator.get(f"{where}halaman/1/")["Content-Type"] == "image/jpeg"
    assert operator.get(f"{where}berkas/word/").content.startswith(b"PK")
    upload = SimpleUploadedFile("pindai.pdf", pdf(2))
    assert operator.post(f"{where}pindaian/", {"file": upload, "version": 1}).status_code == 302
    client = client_of(second)
    assert client.get(HOME).context["to_confirm"] == 1
    assert client.get(where).context["pairs"][0] == (1, 1)
    assert client.get(f"{where}pindaian/2/")["Content-Type"] == "image/jpeg"
    assert client.post(f"{where}konfirmasi/", {"version": 2}).url == where
    problem.refresh_from_db()
    innovation.refresh_from_db()
    assert (problem.state, innovation.state) == ("approved", "submitted")


def test_confirming_asks_whether_it_is_still_you(country, problem, second, client_of):
    sheet = scanned(country)
    client = client_of(second)
    session = client.session
    session[CONFIRMED_AT] = 0  # they signed in this morning
    session.save()
    response = client.post(f"/lembar-usulan/{sheet.pk}/konfirmasi/", {"version": sheet.version})
    assert response.status_code == 200
    assert ProposalSheet.objects.get().state == State.SCANNED


def test_a_page_that_is_older_than_the_scan_confirms_nothing(country, problem, second, client_of):
    sheet = scanned(country)
    actions.hand_in_scan(sheet, SimpleUploadedFile("b.pdf", pdf()), by=country.operator, version=sheet.version)
    client_of(second).post(f"/lembar-usulan/{sheet.pk}/konfirmasi/", {"version": 2})
    assert ProposalSheet.objects.get().state == State.SCANNED


@pytest.mark.parametrize(
    "values", [{"row": []}, {"number": ""}, {"day": "kemarin dulu"}, {"position": "0"}, {"row": ["x", "problem-0"]}]
)
def test_what_lacks_comes_back_with_what_was_typed(country, problem, operator, values):
    response = operator.post(f"{HOME}baru/", typed(problem, country=country, **values))
    assert response.status_code == 422
    assert not ProposalSheet.objects.exists()
    assert "22 November 2026" in response.content.decode() or "day" in values


def test_the_code_on_paper_leads_to_the_sheet_for_whoever_reaches_it(country, problem, operator, client_of):
    sheet = printed(country)
    assert operator.get(f"/lembar-usulan/kode/{sheet.code.lower()}/").url == f"/lembar-usulan/{sheet.pk}/"
    for person in (country.neighbour, country.mentor, country.assessor):
        assert client_of(person).get(f"/lembar-usulan/kode/{sheet.code}/").status_code == 404


def test_an_agency_sees_its_own_sheets_and_no_others(country, problem, client_of):
    sheet = printed(country)
    other = client_of(someone("lain", "Operator Lain", "operator", country.transport))
    assert other.get(HOME).context["rows"] == []
    assert other.get(f"/lembar-usulan/{sheet.pk}/").status_code == 404
    assert other.get(f"{HOME}baru/?opd={country.health.pk}").status_code == 404


def test_a_missing_head_is_said_before_printing_with_the_way_to_mend_it(country, problem, operator, client_of):
    Position.objects.all().delete()
    page = operator.get(f"{HOME}baru/")
    assert not page.context["can_be_signed"]
    coordinator = client_of(country.coordinator).get(f"{HOME}baru/?opd={country.health.pk}").content.decode()
    assert f"/perangkat-daerah/{country.health.pk}/" in coordinator


def test_a_content_that_was_changed_shows_no_paper(country, problem, operator):
    sheet = printed(country)
    ProposalSheet.objects.update(content=json.dumps({"letter": {}}))
    assert operator.get(f"/lembar-usulan/{sheet.pk}/").context["problem"]
    assert operator.get(f"/lembar-usulan/{sheet.pk}/berkas/pdf/").status_code == 404


def test_hostile_words_of_a_row_are_words_on_page_and_paper(country, problem, operator):
    Problem.objects.update(title='<script>alert(1)</script>#eval("1")')
    sheet = printed(country)
    assert "<script>alert" not in operator.get(f"/lembar-usulan/{sheet.pk}/").content.decode()
    assert "<script>alert(1)</script>" in text_of(file_of(sheet, "pdf"))


def test_pages_ask_alike_however_many_rows_there_are(country, innovation, operator, django_assert_num_queries):
    for number in range(12):
        line(submitted(started_innovation(country, f"Inovasi {number}"), country), 1_000)
        submitted(started_problem(country), country)
    operator.get(f"{HOME}baru/")
    with django_assert_num_queries(17):
        operator.get(f"{HOME}baru/")
    sheet = scanned(country)
    operator.get(HOME)
    with django_assert_num_queries(11):
        operator.get(HOME)
    with django_assert_num_queries(10):
        operator.get(f"/lembar-usulan/{sheet.pk}/")


def test_one_sheet_holds_a_row_once(country, problem):
    sheet = printed(country)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalRow.objects.create(sheet=sheet, kind="problem", row_id=problem.pk, row_version=1, title="x")
