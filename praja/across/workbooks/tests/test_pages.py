"""The pages of workbooks: who gets one, what a preview shows, what is chosen, applied and left, each way out."""

import io
from collections import Counter
from datetime import date

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from praja.across.workbooks import jobs
from praja.across.workbooks.models import Return
from praja.across.workbooks.verdicts import CellVerdict, Result, RowVerdict, Status, Verdicts
from praja.foundation.drafts.models import Draft
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import Deadline, DeadlineException

NEW, CHANGED, UNCHANGED = Status.NEW, Status.CHANGED, Status.UNCHANGED
CONFLICT, WRONG, REFUSED = Status.CONFLICT, Status.WRONG, Status.REFUSED


def cell(status=CHANGED, key="title", *, mine="Tiga jam", theirs="Empat jam", problem=""):
    return CellVerdict(key, key.capitalize(), "Empat jam", mine, theirs, status, problem)


def row(number, status, *cells, sheet="problems", agency="Dinas Kesehatan", sentence=""):
    stored = None if status == NEW else number
    return RowVerdict(sheet, "Permasalahan", number, status, f"Baris {number}", agency, stored, list(cells), sentence)


class Engine:
    """Stands where the comparison stands: says what a test wants it to say, and remembers what it was asked to write."""

    def __init__(self):
        self.rows, self.notes, self.refusal, self.written, self.moved = [], [], "", [], {}

    def judge(self, file, _filename, *, report=None, **_):
        assert file.read(2) == b"PK"
        return Verdicts(list(self.rows), list(self.notes), Counter(row.status for row in self.rows), self.refusal)

    def apply(self, _verdicts, *, chosen, answers, **_):
        self.written.append((sorted(chosen), dict(answers)))
        return Result(Counter(), set(chosen) - set(self.moved), dict(self.moved))

    def wrong_rows(self, _verdicts, *, rows):
        return workbook(*[f"{sheet} {number}" for sheet, number in sorted(rows)])


@pytest.fixture
def engine(monkeypatch):
    engine = Engine()
    for name in ("judge", "apply", "wrong_rows"):
        monkeypatch.setattr(jobs, name, getattr(engine, name))
    return engine


@pytest.fixture
def client(country, client_of):
    return client_of(country.operator)


def workbook(*texts):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write_column(0, 0, texts or ["x"])
    return target.getvalue()


def upload(client, country, content=None, name="buku-kerja.xlsx"):
    file = SimpleUploadedFile(name, workbook() if content is None else content)
    return client.post(reverse("workbook-list", args=[country.plan.slug]), {"file": file})


def judged(client, country, engine, *rows):
    """A workbook with these rows, uploaded and checked."""
    engine.rows = list(rows)
    upload(client, country)
    perform_due()
    return Return.objects.first()


def send(client, one, action, **values):
    """Press a button of the preview as it shows itself, with other ticks and answers."""
    one.refresh_from_db()
    where = reverse("workbook-return", args=[one.pk])
    page = client.get(where, {"keadaan": values.pop("tab", "")})
    data = {"version": one.round, "shown": page.context["shown"] if page.context else "", "action": action, **values}
    return client.post(where, data)


def keys(one, *numbers):
    return [one.rows.get(number=number).pk for number in numbers]


def chosen(one):
    return list(one.rows.filter(is_chosen=True).values_list("number", flat=True))


# --- getting and handing in -------------------------------------------------------------------------------------------


def test_an_operator_reads_how_it_works_and_sees_the_first_step(country, client):
    page = client.get(reverse("workbook-list", args=[country.plan.slug]))
    assert page.context["own_agency"] == country.health
    assert "<ol" in page.content.decode()
    assert "unduh buku kerja di atas" in page.content.decode().lower() or page.context["rows"] == []


def test_a_coordinator_chooses_an_agency_or_all(country, client_of):
    page = client_of(country.coordinator).get(reverse("workbook-list", args=[country.plan.slug]))
    choices = [str(label) for _value, label in page.context["get_form"].fields["organisation"].choices]
    assert len(choices) == 3
    assert choices[1:] == ["Dinas Kesehatan", "Dinas Perhubungan"]


def test_the_workbook_of_a_region_is_work_that_goes_on_beside(country, client_of):
    answer = client_of(country.coordinator).post(reverse("workbook-get", args=[country.plan.slug]))
    job = Job.objects.get(name="workbooks.hand_out")
    assert answer.url == reverse("job-detail", args=[job.uid])


def test_nobody_gets_the_workbook_of_an_agency_that_is_not_theirs(country, client):
    where = reverse("workbook-get", args=[country.plan.slug])
    for agency in (country.transport, country.neighbour_agency):
        assert client.post(where, {"organisation": agency.pk}).status_code == 422


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(country, client):
    for content in (b"nama,opd\nAntre,Dinkes\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n", b""):
        answer = upload(client, country, content)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
    assert not Return.objects.exists()


def test_a_file_of_more_than_20_mb_is_refused_with_a_sentence(country, client, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024
    answer = upload(client, country)
    assert answer.status_code == 422
    assert not Return.objects.exists()


def test_an_upload_is_checked_beside_and_then_shown(country, client, engine):
    answer = upload(client, country)
    one = Return.objects.get()
    assert answer.url == reverse("workbook-return", args=[one.pk])
    assert "data-job-then" in client.get(answer.url).content.decode()
    engine.rows = [row(2, NEW, cell())]
    perform_due()
    assert "workbooks/preview.html" in [template.name for template in client.get(answer.url).templates]


def test_one_upload_sent_twice_is_one_return(country, client, engine):
    content = workbook("sama")
    assert upload(client, country, content).url == upload(client, country, content).url
    assert Return.objects.count() == Job.objects.count() == 1


def test_what_came_back_is_listed_with_who_when_and_what(country, client, engine):
    judged(client, country, engine, row(2, NEW, cell()), row(3, WRONG, cell(WRONG, problem="Isi angka.")))
    page = client.get(reverse("workbook-list", args=[country.plan.slug]))
    [line] = page.context["rows"]
    assert line["summary"].startswith("1 ")
    assert "Sari Operator" in page.content.decode()


# --- the preview ------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_used_says_exactly_why(country, client, engine):
    engine.refusal = "Buku kerja ini dari Kota Sebelah."
    one = judged(client, country, engine)
    page = client.get(reverse("workbook-return", args=[one.pk]))
    assert one.state == Return.State.REFUSED
    assert engine.refusal in page.content.decode()


def test_every_sort_of_row_has_its_tab_and_says_what_to_do(country, client, engine):
    one = judged(
        client, country, engine,
        row(2, NEW, cell(theirs="")), row(3, CHANGED, cell()), row(4, UNCHANGED), row(5, CONFLICT, cell(CONFLICT)),
        row(6, WRONG, cell(WRONG, problem="Isi dengan angka.")), row(7, REFUSED, sentence="Milik OPD lain."),
    )  # fmt: skip
    where = reverse("workbook-return", args=[one.pk])
    assert [tab["count"] for tab in client.get(where).context["tabs"]] == [1] * 6
    assert client.get(where).context["state"] == "konflik"  # what needs an answer comes first
    for tab, words in {"baru": "Tiga jam", "berubah": "<del>Empat jam</del>", "konflik": 'value="theirs"',
                       "perbaiki": "Isi dengan angka.", "ditolak": "Milik OPD lain.", "tetap": "Baris 4"}.items():  # fmt: skip
        assert words in client.get(where, {"keadaan": tab}).content.decode(), tab


def test_what_an_earlier_upload_said_is_told_and_not_asked_again(country, client, engine):
    one = judged(client, country, engine, row(2, UNCHANGED, cell(UNCHANGED, problem="Sudah diputuskan sebelumnya.")))
    page = client.get(reverse("workbook-return", args=[one.pk])).content.decode()
    assert "Sudah diputuskan sebelumnya." in page
    assert 'value="apply"' not in page


def test_good_rows_are_chosen_and_open_conflicts_are_not(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, CONFLICT, cell(CONFLICT)), row(4, WRONG))
    assert chosen(one) == [2]


def test_a_conflict_that_is_answered_is_chosen_and_left_again(country, client, engine):
    one = judged(client, country, engine, row(3, CONFLICT, cell(CONFLICT), cell(CONFLICT, "goal")))
    [pk] = keys(one, 3)
    send(client, one, "keep", **{f"answer-{pk}-0": "mine"})
    assert chosen(one) == []  # the other conflict is still open
    send(client, one, "keep", **{f"answer-{pk}-1": "theirs"})
    assert one.rows.get().answers == {"title": "mine", "goal": "theirs"}
    assert chosen(one) == [3]
    send(client, one, "keep", **{f"answer-{pk}-1": ""})
    assert chosen(one) == []


def test_all_conflicts_can_be_answered_alike(country, client, engine):
    one = judged(client, country, engine, *[row(number, CONFLICT, cell(CONFLICT)) for number in range(2, 40)])
    send(client, one, "theirs")
    assert len(chosen(one)) == 38
    assert {str(row.answers) for row in one.rows.all()} == {"{'title': 'theirs'}"}


def test_choices_survive_leaving_the_page(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, NEW, cell()))
    where = reverse("workbook-draft", args=[one.pk])
    data = {"version": one.round, "shown": ",".join(map(str, keys(one, 2, 3))), "row": keys(one, 3)}
    assert client.post(where, data).status_code == 200
    assert chosen(one) == [3]
    assert client.get(reverse("workbook-return", args=[one.pk])).context["chosen_count"] == 1


def test_choices_of_a_session_that_had_ended_can_be_taken_over(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, NEW, cell()))
    where = reverse("workbook-return", args=[one.pk])
    data = {"version": one.round, "shown": ",".join(map(str, keys(one, 2, 3))), "row": keys(one, 2), "action": "keep"}
    client.logout()
    client.post(where, data)
    client.force_login(country.operator)
    assert client.get(where).context["kept"]
    client.post(where, {"version": one.round, "action": "use-kept"})
    assert chosen(one) == [2]
    assert not Draft.objects.exists()


def test_a_page_of_an_earlier_check_changes_nothing(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()))
    old = {"version": one.round, "shown": keys(one, 2)[0], "action": "apply"}
    send(client, one, "again")
    perform_due()
    client.post(reverse("workbook-return", args=[one.pk]), old)
    one.refresh_from_db()
    assert one.state == Return.State.JUDGED
    assert chosen(one) == [2]


def test_a_new_check_keeps_choices_where_a_row_says_the_same(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, CONFLICT, cell(CONFLICT)), row(4, NEW, cell()))
    send(client, one, "theirs")
    send(client, one, "none")
    engine.rows[2] = row(4, NEW, cell(mine="Dua jam"))
    send(client, one, "again")
    perform_due()
    assert chosen(one) == [3, 4]  # 4 says something else now and is judged like any good row


def test_a_file_that_says_nothing_new_says_so(country, client, engine):
    one = judged(client, country, engine, row(2, UNCHANGED), row(3, UNCHANGED))
    page = client.get(reverse("workbook-return", args=[one.pk]))
    assert page.context["could_count"] == 0
    assert 'value="apply"' not in page.content.decode()


def test_after_the_deadline_rows_are_stored_with_a_note(country, client, engine):
    Deadline.objects.create(plan=country.plan, stage="problems", closes_on=date(2020, 1, 31))
    one = judged(client, country, engine, row(2, NEW, cell()))
    where = reverse("workbook-return", args=[one.pk])
    assert [day for _stage, day in client.get(where).context["closed"]] == [date(2020, 1, 31)]
    DeadlineException.objects.create(
        plan=country.plan, organisation=country.health, stage="problems", closes_on=date(2099, 1, 1), reason="-"
    )
    assert client.get(where).context["closed"] == []


# --- applying ---------------------------------------------------------------------------------------------------------


def test_exactly_the_chosen_rows_are_written(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, NEW, cell()), row(4, CONFLICT, cell(CONFLICT)))
    [pk] = keys(one, 4)
    send(client, one, "keep", tab="konflik", **{f"answer-{pk}-0": "mine"})
    answer = send(client, one, "apply", tab="baru", row=keys(one, 3))
    perform_due()
    assert engine.written == [([("problems", 3), ("problems", 4)], {("problems", 4, "title"): "mine"})]
    page = client.get(answer.url)
    assert (page.context["applied_count"], page.context["rest_count"]) == (2, 1)


def test_all_good_rows_are_written_with_one_button(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, CHANGED, cell()), row(4, WRONG))
    send(client, one, "none")
    send(client, one, "apply-all")
    perform_due()
    assert engine.written[0][0] == [("problems", 2), ("problems", 3)]


def test_nothing_chosen_is_said_and_nothing_begun(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()))
    send(client, one, "none")
    send(client, one, "apply")
    one.refresh_from_db()
    assert one.state == Return.State.JUDGED


def test_two_clicks_on_apply_are_one_job(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()))
    for _ in range(2):
        client.post(reverse("workbook-return", args=[one.pk]), {"version": 1, "action": "apply-all"})
    assert Job.objects.filter(name="workbooks.apply_return").count() == 1


@pytest.mark.parametrize(
    "now",
    [row(2, CHANGED, cell(theirs="Lima jam")), row(2, CONFLICT, cell(CONFLICT)), row(2, REFUSED, sentence="Diterima."),
     row(2, WRONG, cell(WRONG)), row(2, CHANGED, cell(), cell(key="goal")), row(9, CHANGED, cell())],
)  # fmt: skip
def test_what_moved_after_the_preview_is_left_and_said(country, client, engine, now):
    one = judged(client, country, engine, row(2, CHANGED, cell()), row(3, NEW, cell()))
    send(client, one, "apply-all")
    engine.rows[0] = now
    perform_due()
    assert engine.written[0][0] == [("problems", 3)]
    page = client.get(reverse("workbook-return", args=[one.pk]))
    assert page.context["left_count"] == 1
    assert one.rows.get(number=2).outcome_sentence in page.content.decode()


def test_what_the_writing_itself_leaves_is_said(country, client, engine):
    one = judged(client, country, engine, row(2, CHANGED, cell()), row(3, NEW, cell()))
    engine.moved = {("problems", 3): "Kalah cepat."}
    send(client, one, "apply-all")
    perform_due()
    one.refresh_from_db()
    assert (one.result["applied"], one.result["left"]) == (1, 1)
    assert "Kalah cepat." in client.get(reverse("workbook-return", args=[one.pk])).content.decode()


def test_what_an_earlier_try_wrote_counts_as_written(country, client, engine):
    one = judged(client, country, engine, row(2, CHANGED, cell()), row(3, CONFLICT, cell(CONFLICT), cell(key="goal")))
    send(client, one, "theirs")
    send(client, one, "apply-all")
    engine.rows = [row(2, UNCHANGED), row(3, CONFLICT, cell(CONFLICT))]  # the worker was killed after writing these
    perform_due()
    one.refresh_from_db()
    assert (one.result["applied"], one.result["left"]) == (2, 0)


def test_a_job_that_comes_twice_does_its_work_once(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()))
    send(client, one, "apply-all")
    perform_due()
    for name in ("judge_return", "apply_return"):
        Job.objects.create(name=f"workbooks.{name}", arguments=[one.pk], created_by=country.operator)
    perform_due()
    one.refresh_from_db()
    assert (len(engine.written), one.round, one.state) == (1, 1, Return.State.APPLIED)


def test_rows_to_mend_come_as_a_workbook(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, WRONG), row(4, CONFLICT, cell(CONFLICT)))
    answer = client.get(reverse("workbook-wrong-rows", args=[one.pk]))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    send(client, one, "mine")
    engine.rows[1] = row(3, UNCHANGED)
    send(client, one, "apply-all")
    perform_due()
    assert client.get(reverse("workbook-wrong-rows", args=[one.pk])).status_code == 404  # nothing is left to mend


def test_what_is_left_can_be_looked_at_again(country, client, engine):
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, CHANGED, cell()))
    send(client, one, "apply", row=keys(one, 2))
    perform_due()
    engine.rows = [row(2, UNCHANGED), row(3, CHANGED, cell())]
    client.post(reverse("workbook-return", args=[one.pk]), {"action": "again"})
    perform_due()
    assert client.get(reverse("workbook-return", args=[one.pk])).context["could_count"] == 1


def test_the_operator_learns_that_the_coordinator_brought_rows_in(country, client_of, engine):
    client = client_of(country.coordinator)
    one = judged(client, country, engine, row(2, NEW, cell()), row(3, NEW, cell()), row(4, NEW, cell(), agency=""))
    send(client, one, "apply-all")
    perform_due()
    notice = Notice.objects.get()
    assert notice.user == country.operator
    assert "2" in notice.text


def test_a_workbook_whose_file_is_lost_says_so(country, client, engine, monkeypatch):
    def lost(_file):
        raise FileNotFoundError

    upload(client, country)
    monkeypatch.setattr("praja.foundation.files.models.StoredFile.open", lost)
    perform_due()
    assert Job.objects.get().error
    assert "tone-danger" in client.get(reverse("workbook-return", args=[Return.objects.get().pk])).content.decode()


# --- weight -----------------------------------------------------------------------------------------------------------


def test_pages_ask_the_same_however_much_came_back(country, client, engine, django_assert_num_queries):
    one = judged(client, country, engine, *[row(number, NEW, cell()) for number in range(2, 200)])
    list_page, page = reverse("workbook-list", args=[country.plan.slug]), reverse("workbook-return", args=[one.pk])
    with django_assert_num_queries(10):
        client.get(list_page)
    with django_assert_num_queries(11):
        client.get(page)
    send(client, one, "apply-all")
    perform_due()
    with django_assert_num_queries(8):
        client.get(page)


def test_a_preview_of_thousands_of_rows_is_a_light_page(country, client, engine):
    long = "Pasien menunggu empat jam di puskesmas. " * 50
    one = judged(client, country, engine, *[row(number, NEW, cell(mine=long)) for number in range(2, 3_000)])
    page = client.get(reverse("workbook-return", args=[one.pk]))
    assert len(page.content) < 150_000
    assert settings.UPLOAD_LIMIT_BYTES == 20 * 1024 * 1024
