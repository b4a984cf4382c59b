"""The signed paper: scanned and entered by one person, confirmed by another; and the files of a sheet."""

import datetime
import json
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from praja.foundation.documents.blocks import Table, to_json
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.progress import JobError, Progress
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding, jobs
from praja.stages.quick_wins.models import DecisionSheet, QuickWin
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import state_of, verify
from praja.stages.quick_wins.sheet_blocks import ContentChanged, letter_of
from praja.stages.quick_wins.tests.sheets import acting_until, endorsed, fresh, ready, second_coordinator, submitted
from praja.stages.quick_wins.tests.test_decide import decided

SIGNED = {"working_group": "Dewi", "team": "Budi", "council": "Darto", "secretary": "Sekar"}


@pytest.fixture
def way(country):
    return ready(country)


@pytest.fixture
def sheet(country, way):
    return submitted(country, way)


@pytest.fixture
def second(country):
    return second_coordinator(country)


def scan():
    return ContentFile(pdf(2), name="pindaian.pdf")


def enter(country, way, sheet, **values):
    sheet = fresh(sheet)
    said = {
        "code": sheet.code,
        "day": country.plan.today,
        "head": way.head.pk,
        "verdict": "accepted",
        "signed": SIGNED,
        **values,
    }
    deciding.enter_paper(sheet, scan(), deciding.Disposition(**said), by=country.coordinator, version=sheet.version)
    return fresh(sheet)


def confirm(sheet, by):
    sheet = fresh(sheet)
    deciding.confirm_paper(sheet, by=by, version=sheet.version)
    return fresh(sheet)


def make_files(sheet):
    sheet = fresh(sheet)
    job = Job.objects.get(key=f"quick-win-sheet-{sheet.pk}-{state_of(sheet)}")
    progress = Progress(job)
    with (
        patch("praja.foundation.jobs.leases.finish", return_value=True),
        patch("praja.foundation.jobs.leases.renew", return_value=True),
    ):
        jobs.make_sheet_files(progress, *job.arguments)
    return fresh(sheet)


def test_what_stands_on_paper_counts_when_a_second_person_confirms(country, way, sheet, second):
    sheet = enter(country, way, sheet)
    assert sheet.state == "on_its_way"
    assert not QuickWin.objects.exists()
    with pytest.raises(Refused):
        confirm(sheet, country.coordinator)
    sheet = confirm(sheet, second)
    decision = json.loads(sheet.decision)
    assert (sheet.state, sheet.confirmed_by_id) == ("decided", second.pk)
    assert (decision["person"], decision["paper"]["entered_by"]) == ("Bagus Bupati", "Budi Koordinator")
    assert all(step.is_on_paper for step in sheet.steps.all())
    assert [step.person_name for step in sheet.steps.all()] == [*SIGNED.values(), "Bagus Bupati"]
    assert QuickWin.objects.count() == 2
    assert verify(sheet) == []


def test_the_database_holds_that_the_second_person_is_another_one(country, way, sheet, second):
    sheet = confirm(enter(country, way, sheet), second)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionSheet.objects.filter(pk=sheet.pk).update(confirmed_by=country.coordinator)


def test_offices_that_spoke_on_a_page_need_not_sign(country, way, sheet, second):
    sheet = endorsed(sheet, way, until=Office.SECRETARY)
    sheet = confirm(enter(country, way, sheet, signed={"secretary": "Sekar"}), second)
    assert [step.is_on_paper for step in sheet.steps.all()] == [False, False, False, True, True]


def test_a_swap_on_paper_is_checked_as_one_on_a_page(country, way, sheet, second):
    swaps = [(way.key("a"), way.key("b"))]
    with pytest.raises(Refused):
        enter(country, way, sheet, verdict="swapped", swaps=swaps)
    with pytest.raises(Refused):
        enter(country, way, sheet, verdict="swapped")
    sheet = confirm(enter(country, way, sheet, verdict="swapped", swaps=swaps, reason="Mendesak"), second)
    assert json.loads(sheet.decision)["cost"]["loss"] == 10_000


def test_a_sheet_is_sent_back_on_paper_with_a_reason(country, way, sheet, second):
    with pytest.raises(Refused):
        enter(country, way, sheet, verdict="returned")
    sheet = confirm(enter(country, way, sheet, verdict="returned", reason="Tambah kajian"), second)
    assert (sheet.state, sheet.round.state) == ("returned", "choosing")
    assert sheet.steps.get().is_on_paper
    assert verify(sheet) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "AAAA-BBBB"},
        {"signed": {**SIGNED, "council": " "}},
        {"head": 0},
        {"day": datetime.date(2020, 1, 1)},
        {"day": datetime.date(2199, 1, 1)},
    ],
)
def test_what_cannot_stand_on_this_paper_is_refused(country, way, sheet, wrong):
    with pytest.raises(Refused):
        enter(country, way, sheet, **wrong)
    assert not StoredFile.objects.exists()


def test_an_acting_head_decides_on_paper_only_on_a_day_of_their_time(country, way, sheet):
    acting = acting_until(country, way, country.plan.today - datetime.timedelta(days=1))
    position = acting.memberships.get(role="head_of_region").for_position
    with pytest.raises(Refused):
        enter(country, way, sheet, head=position.pk)


def test_a_scan_that_nobody_can_read_is_refused(country, way, sheet):
    disposition = deciding.Disposition(sheet.code, country.plan.today, way.head.pk, "accepted", signed=SIGNED)
    upload = ContentFile(b"PK\x03\x04 kosong", name="pindaian.zip")
    with pytest.raises(FileRefused):
        deciding.enter_paper(sheet, upload, disposition, by=country.coordinator, version=sheet.version)


def test_a_refused_scan_makes_room_for_another_one(country, way, sheet, second):
    sheet = enter(country, way, sheet)
    with pytest.raises(Refused):
        deciding.refuse_paper(sheet, reason="", by=second, version=sheet.version)
    deciding.refuse_paper(sheet, reason="Tanda tangan kabur", by=second, version=sheet.version)
    assert fresh(sheet).scan is None
    assert confirm(enter(country, way, sheet), second).state == "decided"


def test_nobody_speaks_on_a_page_while_a_scan_waits(country, way, sheet):
    sheet = enter(country, way, sheet)
    with pytest.raises(Refused):
        deciding.speak(
            sheet, Office.WORKING_GROUP, remark="", by=way.people[Office.WORKING_GROUP], version=sheet.version
        )


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_pdf_and_word_are_made_of_the_stored_text_and_anew_of_the_decision(country, way, sheet):
    sheet = make_files(sheet)
    first = sheet.pdf
    with sheet.pdf.open() as file:
        assert file.read().startswith(b"%PDF")
    with sheet.word.open() as file:
        assert file.read().startswith(b"PK")
    sheet = decided(endorsed(sheet, way), way)
    assert sheet.pdf is None
    sheet = make_files(sheet)
    assert sheet.pdf.sha256 != first.sha256
    assert verify(sheet) == []


def test_files_of_a_changed_text_are_not_made(country, sheet):
    DecisionSheet.objects.filter(pk=sheet.pk).update(content=sheet.content.replace("Antre", "Antri"))
    with pytest.raises(JobError):
        make_files(sheet)


def test_no_paper_is_made_of_a_changed_decision(country, way, sheet):
    sheet = decided(endorsed(sheet, way), way)
    sheet.decision = sheet.decision.replace("Bagus", "Bagas")
    with pytest.raises(ContentChanged):
        letter_of(sheet)


def test_files_of_what_was_put_forward_do_not_stand_for_the_decision(country, way, sheet):
    before = state_of(sheet)
    sheet = decided(endorsed(sheet, way), way)
    assert not deciding.attach(sheet, {}, before, by=None)


def test_a_job_of_a_sheet_that_has_moved_on_makes_nothing(country, way, sheet):
    job = Job.objects.get(key__startswith=f"quick-win-sheet-{sheet.pk}-")
    decided(endorsed(sheet, way), way)
    with (
        patch("praja.foundation.jobs.leases.finish", return_value=True),
        patch("praja.foundation.jobs.leases.renew", return_value=True),
    ):
        jobs.make_sheet_files(Progress(job), *job.arguments)
    assert fresh(sheet).pdf is None


def test_a_changed_or_lost_file_is_found(country, sheet):
    with patch("praja.stages.quick_wins.jobs.render_in_child", return_value=pdf(1)):
        sheet = make_files(sheet)
    StoredFile.objects.filter(pk=sheet.pdf_id).update(sha256="0" * 64)
    assert len(verify(fresh(sheet))) == 1


def test_the_paper_has_room_for_dispositions_until_it_is_decided(country, way, sheet):
    before = letter_of(fresh(sheet))
    assert before.code == sheet.code
    assert before.link.endswith(sheet.code)
    rooms = [table for table in before.walk(Table) if any("\n\n\n" in str(cell) for row in table.rows for cell in row)]
    assert len(rooms) == 1
    after = letter_of(decided(endorsed(sheet, way), way, swaps=[(way.key("a"), way.key("b"))], reason="Mendesak"))
    assert not any("\n\n\n" in str(cell) for table in after.walk(Table) for row in table.rows for cell in row)
    assert "Mendesak" in to_json(after)
    assert to_json(after) == to_json(letter_of(fresh(sheet)))
