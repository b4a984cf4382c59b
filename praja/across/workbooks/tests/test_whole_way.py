"""The whole way of a workbook: handed out, filled in without a network, handed in, looked at, written, mended."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from praja.across.workbooks import jobs
from praja.across.workbooks.models import Return
from praja.across.workbooks.tests.test_pages import send, upload
from praja.across.workbooks.verdicts import Status
from praja.foundation.audit.models import Event
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import BudgetLine, Indicator
from praja.foundation.sheets.models import Handout
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.problems.models import Cause, Problem
from praja.stages.problems.tests.test_actions import complete as complete_problem

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
HEAD = 2  # the row of the titles
PROBLEMS, CAUSES, INNOVATIONS, BUDGET = "Permasalahan", "Faktor penyebab", "Inovasi", "Rincian pagu anggaran"


@pytest.fixture
def client(country, client_of):
    return client_of(country.operator)


def downloaded(client, country, agency=None):
    """The workbook of an agency as a spreadsheet program opens it."""
    where = reverse("workbook-get", args=[country.plan.slug])
    answer = client.post(where, {"organisation": (agency or country.health).pk})
    assert answer["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def row_of(book, sheet, text):
    """The number of the row in which a cell says `text`."""
    return next(row[0].row for row in book[sheet].iter_rows() if any(cell.value == text for cell in row))


def write(book, sheet, row, **cells):
    """Type into cells by the titles of their columns (spaces as _)."""
    titles = {str(cell.value).rstrip(" *").casefold(): cell.column for cell in book[sheet][HEAD]}
    for title, value in cells.items():
        book[sheet].cell(row, titles[title.replace("_", " ").casefold()], value)


def handed_in(client, country, book):
    """Upload it, have it checked, and answer the return."""
    upload(client, country, saved(book))
    perform_due()
    return Return.objects.first()


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def applied(client, one, action="apply-all"):
    """Press the button, and wait."""
    send(client, one, action)
    perform_due()
    one.refresh_from_db()
    assert one.state == Return.State.APPLIED
    return one.result


def stored():
    """How many rows there are of each sort."""
    return [model.objects.count() for model in (Problem, Cause, Innovation, BudgetLine, Indicator, Partner)]


def test_what_goes_out_and_comes_back_changes_nothing(country, client):
    complete(country)
    complete_problem(country)
    one = handed_in(client, country, downloaded(client, country))
    assert set(one.counts) <= {Status.UNCHANGED}
    assert one.handout == Handout.objects.get()
    page = client.get(reverse("workbook-return", args=[one.pk]))
    assert page.context["could_count"] == 0


def test_new_and_changed_rows_are_stored_and_the_same_file_again_changes_nothing(country, client):
    innovation = complete(country)
    book = downloaded(client, country)
    new = row_of(book, PROBLEMS, "B1")
    write(book, PROBLEMS, new, Permasalahan="Kapal ambulans rusak", Dimensi="Smart Living", Urgensi="4")
    write(book, CAUSES, row_of(book, CAUSES, "B1"), Faktor_penyebab="Suku cadang mahal", Jenis_penyebab="Anggaran")
    book[CAUSES].cell(row_of(book, CAUSES, "B1"), 2, "B1")
    write(book, INNOVATIONS, row_of(book, INNOVATIONS, innovation.title), Tujuan="Waktu tunggu turun separuh.")
    one = handed_in(client, country, book)
    assert applied(client, one)["left"] == 0
    problem = Problem.objects.get(title="Kapal ambulans rusak")
    assert (problem.organisation, problem.urgency, problem.state) == (country.health, 4, "draft")
    assert problem.causes.get().text == "Suku cadang mahal"
    innovation.refresh_from_db()
    assert innovation.goal == "Waktu tunggu turun separuh."
    assert Event.objects.about(innovation).first().verb == "workbook"

    before, version = stored(), innovation.version
    again = handed_in(client, country, book)
    assert set(again.counts) == {Status.UNCHANGED}
    innovation.refresh_from_db()
    assert (stored(), innovation.version) == (before, version)


@pytest.mark.parametrize(("answer", "goal"), [("mine", "Tulisan di berkas"), ("theirs", "Tulisan di Praja")])
def test_a_cell_changed_on_both_sides_waits_for_an_answer_and_others_merge(country, client, client_of, answer, goal):
    innovation = complete(country)
    book = downloaded(client, country)
    row = row_of(book, INNOVATIONS, innovation.title)
    write(book, INNOVATIONS, row, Tujuan="Tulisan di berkas", Manfaat="Hemat waktu")
    page = f"/inovasi/{innovation.pk}/ubah/"
    values = {"summary": "Disingkat.", "organisation": country.health.pk, "title": innovation.title}
    client_of(country.coordinator).post(f"{page}identity/", {**values, "version": innovation.version})
    Innovation.objects.filter(pk=innovation.pk).update(goal="Tulisan di Praja")
    one = handed_in(client, country, book)
    assert one.counts[Status.CONFLICT] == 1
    text = client.get(reverse("workbook-return", args=[one.pk])).content.decode()
    assert "Tulisan di berkas" in text
    assert "Tulisan di Praja" in text
    assert "Budi Koordinator" in text
    send(client, one, answer)
    applied(client, one, "apply")
    innovation.refresh_from_db()
    assert (innovation.goal, innovation.benefit, innovation.summary) == (goal, "Hemat waktu", "Disingkat.")


def test_wrong_rows_come_back_to_be_mended_and_are_taken_then(country, client):
    innovation = complete(country)
    book = downloaded(client, country)
    row = row_of(book, BUDGET, "B1")
    book[BUDGET].cell(row, 2, str(innovation.pk))
    write(book, BUDGET, row, Tahun="2027", Sumber="APBN", Jenis="Operasional", Jumlah="seribu juta")
    one = handed_in(client, country, book)
    assert one.counts[Status.WRONG] == 1
    answer = client.get(reverse("workbook-wrong-rows", args=[one.pk]))
    mended = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    write(mended, BUDGET, row_of(mended, BUDGET, "seribu juta"), Jumlah=250_000_000, Tahap_anggaran="Indikatif")
    one = handed_in(client, country, mended)
    applied(client, one)
    assert innovation.budget_lines.filter(amount_rupiah=250_000_000).count() == 1


def test_of_two_workbooks_at_once_the_second_leaves_what_the_first_changed(country, client, client_of):
    innovation = complete(country)
    one_book, other_book = (downloaded(client, country) for _ in range(2))
    for book, goal in ((one_book, "Tujuan satu"), (other_book, "Tujuan dua")):
        write(book, INNOVATIONS, row_of(book, INNOVATIONS, innovation.title), Tujuan=goal)
    first = handed_in(client, country, one_book)
    colleague = client_of(country.coordinator)
    second = handed_in(colleague, country, other_book)
    applied(client, first)
    result = applied(colleague, second)
    innovation.refresh_from_db()
    assert (innovation.goal, result["applied"], result["left"]) == ("Tujuan satu", 0, 1)
    colleague.post(reverse("workbook-return", args=[second.pk]), {"action": "again"})
    perform_due()
    second.refresh_from_db()
    assert second.counts[Status.CONFLICT] == 1


def test_a_worker_that_dies_while_writing_leaves_exactly_one_effect(country, client, monkeypatch):
    book = downloaded(client, country)
    for number in range(1, 9):
        write(book, PROBLEMS, row_of(book, PROBLEMS, f"B{number}"), Permasalahan=f"Permasalahan {number}")
    one = handed_in(client, country, book)
    send(client, one, "apply-all")
    real, tries = jobs.actions.keep_result, []

    def dying(*arguments, **options):
        tries.append(Problem.objects.count())
        if len(tries) == 1:
            raise RuntimeError("killed")
        return real(*arguments, **options)

    monkeypatch.setattr(jobs.actions, "keep_result", dying)
    perform_due()
    Job.objects.update(due_at="2020-01-01T00:00Z")
    perform_due()
    one.refresh_from_db()
    assert (tries, one.result["applied"], one.result["left"]) == ([8, 8], 8, 0)


def test_the_workbook_of_a_region_carries_rows_of_every_agency(country, client, client_of):
    complete(country)
    coordinator = client_of(country.coordinator)
    coordinator.post(reverse("workbook-get", args=[country.plan.slug]))
    perform_due()
    book = openpyxl.load_workbook(io.BytesIO(Job.objects.get(name="workbooks.hand_out").file.open().read()))
    for number, agency in ((1, "Dinas Kesehatan"), (2, "Dinas Perhubungan")):
        row = row_of(book, PROBLEMS, f"B{number}")
        write(book, PROBLEMS, row, **{"Permasalahan": f"Dari {agency}", "Perangkat_Daerah_(OPD)": agency})
    one = handed_in(coordinator, country, book)
    applied(coordinator, one)
    assert Problem.objects.get(title="Dari Dinas Perhubungan").organisation == country.transport
    assert Notice.objects.get().user == country.operator
    assert client.get(reverse("workbook-return", args=[one.pk])).status_code == 404


def test_the_workbook_of_an_agency_is_its_own_whoever_uploads_it(country, client, client_of):
    book = downloaded(client, country)
    write(book, PROBLEMS, row_of(book, PROBLEMS, "B1"), Permasalahan="Antre")
    one = handed_in(client_of(country.coordinator), country, book)
    assert one.organisation_path == country.health.path
    assert client.get(reverse("workbook-return", args=[one.pk])).status_code == 200


def test_a_workbook_of_a_neighbour_is_refused_with_the_reason(country, client_of):
    neighbour = client_of(country.neighbour)
    where = reverse("workbook-get", args=[country.neighbour_plan.slug])
    answer = neighbour.post(where, {"organisation": country.neighbour_agency.pk})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    one = handed_in(client_of(country.operator), country, book)
    assert one.state == Return.State.REFUSED
    assert one.refusal


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(not CALC.exists(), reason="LibreOffice Calc is absent: sudo apt install libreoffice-calc-nogui")
def test_a_file_saved_again_by_libreoffice_is_understood(country, client, tmp_path):
    innovation = complete(country)
    book = downloaded(client, country)
    write(book, INNOVATIONS, row_of(book, INNOVATIONS, innovation.title), Tujuan="Lewat LibreOffice")
    Path(tmp_path, "buku.xlsx").write_bytes(saved(book))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for kind in ("ods", "xlsx"):
        source = "buku.xlsx" if kind == "ods" else "buku.ods"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", ".", source]
        subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    for name in ("buku.ods", "buku.xlsx"):
        upload(client, country, Path(tmp_path, name).read_bytes(), name)
        perform_due()
        assert Return.objects.first().counts == {Status.CHANGED: 1, Status.UNCHANGED: 3}
