"""Lists as files: what a person may see and nothing else, at once or as a job, and what goes out can come back."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.audit.models import Event
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.plans.models import BudgetLine
from praja.foundation.sheets import export_views, jobs
from praja.foundation.sheets.exports import exports
from praja.stages.innovations import imports
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem

WHERE = "/kabupaten-uji/unduh/{}/"


def table(client, what="inovasi", kind="csv", query=""):
    """Header and rows of a file, as texts."""
    response = client.post(WHERE.format(what) + query, {"format": kind})
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active]
    return lines[0], lines[1:]


@pytest.fixture
def rows(country):
    """Innovations of two agencies of the region and of the neighbour."""
    plan, health = country.plan, country.health
    first = Innovation.objects.create(
        plan=plan, organisation=health, title="Antre dari Rumah", summary="=1+1", is_it=True, start_year=2027, progress=40,
        dimension=country.dimension("living"), kind="method", stage="trial", initiator="agency", state="submitted",
        source_address="https://example.go.id/a", beneficiary_count=12000,
    )  # fmt: skip
    BudgetLine.objects.create(innovation=first, year=2027, source="dak", amount_rupiah=1_250_000_000)
    second = Innovation.objects.create(plan=plan, organisation=country.transport, title="Ojek Sampah", is_it=False)
    for year in (2027, 2028):
        BudgetLine.objects.create(innovation=second, year=year, source="apbn", amount_rupiah=100)
    Innovation.objects.create(plan=plan, title="Ditarik", withdrawn_at=timezone.now(), withdrawn_by=country.operator)
    Innovation.objects.create(plan=country.neighbour_plan, organisation=country.neighbour_agency, title="Antre Sebelah")
    Problem.objects.create(plan=plan, organisation=health, title="Antrean panjang", figure="12.5").causes.create(
        kind="people", text="Loket hanya satu"
    )
    return first


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_person_gets_the_rows_within_reach(country, rows, client_of, kind):
    titles = [row[2] for row in table(client_of(country.coordinator), kind=kind)[1]]
    assert titles == ["Ojek Sampah", "Antre dari Rumah"]
    assert [row[2] for row in table(client_of(country.operator), kind=kind)[1]] == ["Antre dari Rumah"]
    assert table(client_of(country.assessor), kind=kind)[1] == []


def test_the_filters_and_the_order_of_the_address_hold(country, rows, client_of):
    client = client_of(country.coordinator)
    assert [row[2] for row in table(client, query="?jenis=it")[1]] == ["Antre dari Rumah"]
    assert [row[2] for row in table(client, query="?urut=nama")[1]] == ["Antre dari Rumah", "Ojek Sampah"]
    assert table(client, query=f"?opd={country.health.pk}&status=draft")[1] == []


def test_money_is_a_number_and_a_formula_is_a_text(country, rows, client_of):
    header, (row,) = table(client_of(country.operator), kind="xlsx")
    cells = dict(zip(header, row, strict=True))
    assert 1_250_000_000 in cells.values()
    assert "=1+1" in cells.values()
    header, (row,) = table(client_of(country.operator), kind="csv")
    assert "'=1+1" in row
    assert "1250000000" in row


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_can_come_back(country, rows, client_of, kind):
    response = client_of(country.operator).post(WHERE.format("inovasi"), {"format": kind})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    BudgetLine.objects.all().delete()
    before = Innovation.objects.filter(pk=rows.pk).values().get()
    Innovation.objects.all().delete()
    one = imports.open_import(ContentFile(content, name=f"keluar.{kind}"), plan=country.plan, by=country.coordinator)
    choices = imports.column_choices(imports.table_of(one))
    assert not imports.mapping_problems(choices, country.plan)
    imports.place_columns(one, choices, by=country.coordinator)
    (line,) = imports.preview_of(one).lines
    assert not line.problems
    assert not line.unplaced
    assert {name: value for name, value in line.fields.items() if before[name] != value} == {}
    assert line.money == {"year": 2027, "source": "dak", "amount_rupiah": 1_250_000_000}
    given = {name for name, value in before.items() if value not in (None, "", False)}
    kept = {
        "id",
        "uid",
        "version",
        "state",
        "state_at",
        "created_at",
        "updated_at",
        "plan_id",
        "organisation_id",
        "organisation_path",
    }
    assert given - kept <= set(line.fields)


def test_a_row_brought_back_into_its_own_plan_changes_nothing(country, rows, client_of, tmp_path):
    response = client_of(country.coordinator).post(WHERE.format("inovasi"), {"format": "csv"})
    path = tmp_path / "keluar.csv"
    path.write_bytes(b"".join(response.streaming_content))
    result = imports.import_file(path, plan=country.plan, by=country.coordinator)
    assert not result.wrong
    assert Innovation.objects.filter(plan=country.plan, withdrawn_at=None).count() == 2


def test_several_budget_lines_are_a_sum_and_their_words(country, rows, client_of):
    header, lines = table(client_of(country.coordinator))
    cells = dict(zip(header, lines[0], strict=True))
    assert "200" in cells.values()
    assert any("2027" in value and "2028" in value for value in cells.values())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("what", sorted(exports()))
def test_every_list_can_be_taken_along(country, rows, client_of, what, kind):
    header, lines = table(client_of(country.coordinator), what, kind)
    assert all(header)
    assert lines or what == "sipd"  # nothing here carries an official code yet
    assert all(len(line) == len(header) for line in lines)


@pytest.mark.parametrize(("what", "person", "status"), [
    ("orang", "operator", 404), ("permintaan", "operator", 404), ("inovasi", "neighbour", 404), ("apa-saja", "coordinator", 404),
    ("perangkat-daerah", "operator", 200), ("cakupan", "assessor", 200),
])  # fmt: skip
def test_a_list_that_one_may_not_see_is_not_found(country, rows, client_of, what, person, status):
    assert client_of(getattr(country, person)).post(WHERE.format(what)).status_code == status


def test_personal_numbers_stay_with_whoever_sets_the_plan_up(country, client_of):
    assert "NIP" in " ".join(table(client_of(country.coordinator), "perangkat-daerah")[0])
    assert "NIP" not in " ".join(table(client_of(country.operator), "perangkat-daerah")[0])


def test_taking_people_along_leaves_a_line_of_history(country, client_of):
    table(client_of(country.coordinator), "orang")
    event = Event.objects.get(verb="export")
    assert event.by == country.coordinator
    assert event.organisation_path == country.plan.organisation_path


@pytest.mark.parametrize(("what", "is_asked"), [("orang", True), ("inovasi", False)])
def test_who_signed_in_this_morning_is_asked_before_people_are_taken_along(country, rows, client_of, what, is_asked):
    client = client_of(country.coordinator)
    session = client.session
    session[CONFIRMED_AT] = 0
    session.save()
    response = client.post(WHERE.format(what), {"format": "csv"})
    assert ("Content-Disposition" not in response) is is_asked
    assert Event.objects.filter(verb="export").exists() is False


# --- long lists -------------------------------------------------------------------------------------------------------


@pytest.fixture
def long(rows, monkeypatch):
    """Every list is a long one."""
    monkeypatch.setattr(export_views, "MOST_AT_ONCE", 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_is_made_by_a_job_and_fetched_by_its_asker(country, long, client_of, kind):
    client = client_of(country.coordinator)
    response = client.post(WHERE.format("inovasi") + "?jenis=it", {"format": kind})
    assert response.url.startswith("/pekerjaan/")
    assert perform_due() == 1
    job = Job.objects.get()
    assert job.state == "done"
    file = client.get(job.address)
    assert f"inovasi-kabupaten-uji.{kind}" in file["Content-Disposition"]
    content = b"".join(file.streaming_content)
    assert (b"Antre dari Rumah" in content) if kind == "csv" else content.startswith(b"PK")
    assert b"Ojek" not in content


def test_asked_twice_it_is_made_once(country, long, client_of):
    client = client_of(country.coordinator)
    assert client.post(WHERE.format("inovasi")).url == client.post(WHERE.format("inovasi")).url
    assert Job.objects.count() == 1


def test_nobody_else_sees_the_job_or_fetches_its_file(country, long, client_of):
    client_of(country.operator).post(WHERE.format("inovasi"))
    perform_due()
    job = Job.objects.get()
    for person in (country.coordinator, country.neighbour, country.ministry_admin):
        assert client_of(person).get(job.address).status_code == 404
        assert client_of(person).get(f"/pekerjaan/{job.uid}/").status_code == 404


def test_whoever_lost_the_reach_meanwhile_gets_no_file(country, long, client_of):
    client = client_of(country.coordinator)
    client.post(WHERE.format("inovasi"))
    perform_due()
    country.coordinator.memberships.update(ended_at=timezone.now())
    assert client.get(Job.objects.get().address).status_code == 404


def test_whoever_lost_the_reach_before_the_job_began_gets_a_sentence(country, long, client_of):
    client_of(country.coordinator).post(WHERE.format("inovasi"))
    country.coordinator.memberships.update(ended_at=timezone.now())
    perform_due()
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.error


def test_a_file_is_cleared_after_some_days_and_the_page_says_so(country, long, client_of, monkeypatch):
    client = client_of(country.coordinator)
    client.post(WHERE.format("inovasi"))
    perform_due()
    address = Job.objects.get().address
    jobs.clear_exports(None)
    assert client.get(address).status_code == 200
    monkeypatch.setattr(jobs, "KEPT", datetime.timedelta(0))
    jobs.clear_exports(None)
    assert client.get(address).status_code == 410
    assert default_storage.listdir("exports")[1] == []


def test_a_full_disk_fails_the_job_with_a_sentence(country, long, client_of, monkeypatch):
    client_of(country.coordinator).post(WHERE.format("inovasi"))

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    perform_due()
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.error


def test_a_long_list_is_read_in_blocks_without_gaps(country, rows, client_of, monkeypatch):
    monkeypatch.setattr("praja.foundation.sheets.exports.BLOCK", 3)
    Problem.objects.bulk_create(
        Problem(plan=country.plan, organisation_path=country.plan.organisation_path, title=f"Soal {number % 4}")
        for number in range(20)
    )
    for order in ("", "?urut=nama"):
        assert len(table(client_of(country.coordinator), "permasalahan", query=order)[1]) == 21
