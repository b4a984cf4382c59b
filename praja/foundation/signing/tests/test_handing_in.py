"""Signed sheets that come back: kept at once, read by a job page by page, and each told apart."""

import datetime
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.db.models import F

from praja.foundation.audit.models import Event
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.signing import handing_in, rounds, wet
from praja.foundation.signing.models import SheetScan, SheetVersion, Signatory, SigningRound
from praja.foundation.signing.paper import scans, sheets
from praja.foundation.signing.pdf import pades
from praja.foundation.signing.tests.making import head_of, round_of, small_pdf
from praja.foundation.signing.tests.test_wet import SHOWN, first_page, hand_in, picture, reading, scan_file
from praja.foundation.workflow.steps import Refused
from tests.country import someone


@pytest.fixture
def round_(country):
    return round_of(country.plan, count=7)


@pytest.fixture
def second(country):
    """The second person of the secretariat."""
    return someone("kedua", "Rina Kedua", "coordinator", country.government)


def keep(round_, by, *contents):
    """Hand these files in without reading them."""
    return handing_in.hand_in(round_, [ContentFile(one, name="pindaian.png") for one in contents], by=by)


def page(round_, number, **more):
    return scans.ScanPage(1, ((round_.code, number),), picture=SHOWN, **more)


def states(round_):
    return list(round_.scans.order_by("file", "file_page").values_list("state", flat=True))


# --- in the request ---------------------------------------------------------------------------------------------------


def test_files_are_kept_and_nothing_of_them_is_drawn(country, round_):
    with patch.object(scans, "_asked", side_effect=AssertionError):
        result = keep(round_, country.coordinator, picture(), scan_file(3))
    assert [one.state for one in result.scans] == ["waiting", "waiting"]
    assert Job.objects.get(name="signing.read_scans").created_by == country.coordinator
    assert Event.objects.about(round_).filter(verb="scan").exists()


@pytest.mark.parametrize("content", [b"MZ\x90\0 not a picture", b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff broken"])
def test_what_is_no_scan_by_its_first_bytes_is_told_and_not_kept(country, round_, content):
    result = keep(round_, country.coordinator, content)
    assert (result.scans, len(result.told)) == ([], 1)
    assert not Job.objects.filter(name="signing.read_scans").exists()


def test_too_large_a_file_is_told_and_the_others_are_kept(country, round_, settings):
    settings.UPLOAD_LIMIT_BYTES = len(picture()) + 10
    result = keep(round_, country.coordinator, scan_file(3), picture())
    assert (len(result.scans), len(result.told)) == (1, 1)


def test_the_same_file_is_taken_once_until_it_was_refused(country, round_, second):
    assert len(keep(round_, country.coordinator, picture(), picture()).scans) == 1
    assert not keep(round_, country.coordinator, picture()).scans
    SheetScan.objects.update(state="refused", reason="buram")
    assert keep(round_, country.coordinator, picture()).scans


def test_the_same_file_sent_twice_at_one_moment_is_taken_once(country, round_):
    before = handing_in._looked_at  # the other request comes in between
    answers = iter([True])

    def slow(*arguments):
        before(*arguments)
        if next(answers, False):
            keep(round_, country.coordinator, picture())

    with patch.object(handing_in, "_looked_at", slow):
        result = keep(round_, country.coordinator, picture())
    assert (result.scans, len(result.told)) == ([], 1)
    assert round_.scans.count() == 1


def test_only_the_secretariat_hands_in_and_only_to_an_open_round(country, round_):
    with pytest.raises(Refused):
        keep(round_, country.operator, picture())
    stale = SigningRound.objects.get(pk=round_.pk)
    SigningRound.objects.filter(pk=round_.pk).update(state="complete")
    with pytest.raises(Refused):
        keep(stale, country.coordinator, picture())
    assert not SheetScan.objects.exists()


# --- in the job -------------------------------------------------------------------------------------------------------


def test_each_page_of_a_file_finds_its_place(country, round_):
    rows = hand_in(round_, country.coordinator, (round_.code, 2), None, (round_.code, 1))
    assert [(one.state, one.sheet_page, one.file_page) for one in rows] == [
        ("read", 2, 1), ("unread", None, 2), ("read", 1, 3),
    ]  # fmt: skip
    assert all(one.picture.kind == "image/jpeg" for one in rows)


def test_a_worker_that_was_killed_half_way_goes_on_and_nothing_doubles(country, round_):
    keep(round_, country.coordinator, scan_file(3), picture())
    jobs = alone()
    with reading(page(round_, 1), KeyboardInterrupt()), pytest.raises(KeyboardInterrupt):
        perform_due()
    assert sorted(states(round_)) == ["read", "waiting", "waiting", "waiting"]
    jobs.update(state="queued", lease_token=None, lease_until=None)
    with reading(page(round_, 2), page(round_, 1), page(round_, 2)) as read:
        perform_due()
    assert states(round_) == ["read"] * 4
    assert read.call_count == 3
    assert jobs.get().state == "done"


def test_a_page_that_another_worker_read_meanwhile_is_left_as_it_is(country, round_):
    (row,) = keep(round_, country.coordinator, picture()).scans

    def other_is_faster(*_arguments):
        SheetScan.objects.update(state="unread", version=F("version") + 1)
        return page(round_, 1)

    files = StoredFile.objects.count()
    with patch.object(scans, "read", other_is_faster):
        handing_in.read_waiting(round_, row.job, lambda *_progress: None)
    assert states(round_) == ["unread"]
    assert StoredFile.objects.count() == files


def test_a_page_of_another_round_is_told_by_name_and_not_taken(country, round_):
    other = round_of(country.plan, count=1)
    wrong, right = hand_in(round_, country.coordinator, (other.code, 1), (round_.code, 1))
    assert (wrong.was_not_taken, right.state) == (True, "read")
    assert other.title in wrong.reason
    assert not other.scans.exists()
    assert list(SheetScan.objects.of_sheets()) == [right]


def test_the_name_of_another_regions_round_is_not_told(country, round_):
    other = round_of(country.neighbour_plan, count=1)
    SigningRound.objects.filter(pk=other.pk).update(title="Rahasia Tetangga")
    (scan,) = hand_in(round_, country.coordinator, (other.code, 1))
    assert "Rahasia" not in scan.reason
    assert other.code in scan.reason


def test_two_sheets_in_one_photo_and_a_page_that_is_not_there_are_not_taken(country, round_):
    (row,) = keep(round_, country.coordinator, picture()).scans
    both = scans.ScanPage(1, ((round_.code, 1), (round_.code, 2)), picture=SHOWN)
    with reading(both):
        handing_in.read_waiting(round_, row.job, lambda *_progress: None)
    (beyond,) = hand_in(round_, country.coordinator, (round_.code, 9), salt=1)
    assert states(round_) == ["refused", "refused"]
    assert "2" in beyond.reason


def test_a_page_whose_boxes_are_all_counted_is_told_and_not_compared_again(country, round_, second):
    scan = first_page(round_, country.coordinator)
    everybody = dict.fromkeys(round_.signatories.filter(page=1).values_list("pk", flat=True), 0)
    wet.confirm(scan, everybody, by=second, version=scan.version)
    again = first_page(round_, country.coordinator, salt=1)
    assert again.was_not_taken


def test_damaged_files_and_too_many_pages_are_told_when_they_are_read(country, round_):
    (row, _other) = keep(round_, country.coordinator, b"%PDF-1.4 nothing", scan_file(41)).scans
    handing_in.read_waiting(round_, row.job, lambda *_progress: None)
    reasons = [one.reason for one in round_.scans.order_by("pk")]
    assert states(round_) == ["refused", "refused"]
    assert "41" in reasons[1]


def test_a_round_that_ended_meanwhile_takes_nothing(country, round_):
    (row,) = keep(round_, country.coordinator, picture()).scans
    SigningRound.objects.filter(pk=round_.pk).update(state="complete")
    handing_in.read_waiting(round_, row.job, lambda *_progress: None)
    assert states(round_) == ["refused"]


def test_the_second_person_is_told_and_whoever_handed_in_of_what_was_not_taken(
    country, round_, second, django_capture_on_commit_callbacks
):
    keep(round_, country.coordinator, picture(), picture(1))
    alone()
    with reading(page(round_, 1), scans.ScanPage(1, picture=SHOWN)), django_capture_on_commit_callbacks(execute=True):
        perform_due()
    assert [one.user for one in Notice.objects.order_by("pk")] == [second, country.coordinator]


# --- by hand ----------------------------------------------------------------------------------------------------------


def place(scan, by, code="", number=2, **more):
    handing_in.place_by_hand(scan, code=code or scan.round.code, page=number, by=by, version=scan.version, **more)


def test_an_unread_page_is_placed_by_hand_by_whoever_handed_it_in(country, round_, second):
    (scan,) = hand_in(round_, country.coordinator, None)
    for code, number, by in (("", 1, second), ("ABCD-2345", 1, country.coordinator), ("", 3, country.coordinator)):
        with pytest.raises(Refused):
            place(scan, by, code, number)
    place(scan, country.coordinator, round_.code.lower().replace("-", " "), turns=2)
    scan.refresh_from_db()
    assert (scan.state, scan.match, scan.sheet_page) == ("read", "hand", 2)
    assert scan.reading["corners"] == [[1, 1], [0, 1], [0, 0], [1, 0]]
    assert len(wet.boxes_of(scan, wet.day_of(scan))) == 2


def test_what_has_not_the_shape_of_a_sheet_is_placed_without_pictures_of_its_boxes(country, round_):
    (scan,) = hand_in(round_, country.coordinator, None)
    place(scan, country.coordinator, turns=1)  # upright in the picture, said to lie on its side
    scan.refresh_from_db()
    assert scan.reading["corners"] == []


# --- an earlier sheet -------------------------------------------------------------------------------------------------


@pytest.fixture
def further(country, round_):
    """The round after two were replaced: page 3 has one box in version 2 of its sheet, two in version 3."""
    first, other = round_.signatories.filter(page=2)
    for number, leaving in ((21, first), (22, other)):
        replace(leaving, head_of(country.government, number), country.coordinator)
    return SigningRound.objects.get(pk=round_.pk)


def replace(leaving, position, by):
    """Another office signs instead; the job sets the sheet anew, here with empty pages."""
    rounds.replace(leaving, position, reason="Rotasi", address="", by=by)
    alone("signing.set_further_pages")
    paper = small_pdf(3, SheetVersion.objects.count() + 90)
    with patch.object(sheets, "sheet_pdf", return_value=paper), patch.object(pades, "with_pages", return_value=paper):
        perform_due()


def alone(name="signing.read_scans"):
    """The jobs of this name, with nothing else to be done."""
    Job.objects.filter(state="queued").exclude(name=name).update(due_at=_now() + datetime.timedelta(days=1))
    return Job.objects.filter(name=name)


def test_each_sheet_that_was_set_is_known_with_its_boxes(further):
    assert [(one.number, one.page_count, len(one.places)) for one in sheets.versions(further)] == [
        (1, 2, 7), (2, 3, 8), (3, 3, 9),
    ]  # fmt: skip
    assert further.sheet == SheetVersion.objects.get(number=3).file


def test_an_earlier_sheet_is_taken_for_the_boxes_that_stand_where_they_stood(country, further):
    (scan,) = hand_in(further, country.coordinator, (further.code, 3), version=2)
    printed, later = wet.boxes_of(scan, wet.day_of(scan))
    assert (scan.state, scan.reading["version"]) == ("read", 2)
    assert not printed.bar
    assert later.bar
    assert first_page(further, country.coordinator, salt=1).state == "read"


def test_an_earlier_sheet_whose_boxes_do_not_wait_says_which_page_to_print(country, further, second):
    (scan,) = hand_in(further, country.coordinator, (further.code, 2))
    assert "3" in scan.reason
    Signatory.objects.filter(page=3, slot=0).update(state="declined", decline_reason="x", declined_at=_now(), declined_by=second)  # fmt: skip
    (scan,) = hand_in(further, country.coordinator, (further.code, 3), version=2, salt=1)
    assert scan.was_not_taken
    assert SheetVersion.objects.get(number=2).file.sha256[:12] in scan.reason
    assert "Kepala Dinas Uji 22" in scan.reason


def test_of_a_sheet_from_before_versions_were_kept_the_first_is_told_from_who_had_a_box(country, further):
    further.sheet = SheetVersion.objects.get(number=1).file
    SheetVersion.objects.all().delete()
    (version,) = sheets.versions(further)
    assert (version.number, len(version.places)) == (1, 7)


def test_a_version_that_was_never_set_is_not_taken(country, further):
    (scan,) = hand_in(further, country.coordinator, (further.code, 3), version=4)
    assert scan.was_not_taken


def test_two_sheets_set_at_once_do_not_both_become_the_same_version(country, round_, further):
    with patch.object(sheets, "versions", return_value=sheets.versions(further)[:2]):  # as the slower one saw it
        replace(round_.signatories.filter(page=1).first(), head_of(country.government, 23), country.coordinator)
    assert Job.objects.order_by("pk").last().state == "queued"
    assert SheetVersion.objects.count() == 3


def _now():
    return datetime.datetime.now(tz=datetime.UTC)
