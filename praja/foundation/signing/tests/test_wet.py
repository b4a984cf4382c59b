"""Wet ink from the page to the signature: who may confirm, what counts, and as what somebody signed."""

import datetime
import io
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from praja.foundation.accounts.models import Membership, Person, Position
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.models import Edition
from praja.foundation.jobs.models import Job
from praja.foundation.notices.models import Notice
from praja.foundation.signing import handing_in, wet
from praja.foundation.signing.models import SheetScan, Signatory, Signature, SigningRound
from praja.foundation.signing.paper import scans
from praja.foundation.signing.tests.making import round_of, small_pdf
from praja.foundation.signing.tests.scanning import jpeg
from praja.foundation.workflow.steps import Refused
from tests.country import someone

CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]]
SHOWN = jpeg(Image.new("RGB", (60, 85), "white"))


@pytest.fixture
def round_(country):
    return round_of(country.plan, count=7)


@pytest.fixture
def second(country):
    """The second person of the secretariat."""
    return someone("kedua", "Rina Kedua", "coordinator", country.government)


def picture(salt=0):
    """The bytes of a small picture; another salt gives others."""
    made = io.BytesIO()
    Image.new("RGB", (40, 60), (255, 255, salt)).save(made, "PNG")
    return made.getvalue()


def hand_in(round_, by, *sheets, salt=0, version=1):
    """Hand in a file whose pages show these (code, page), None for a page without a code, and read it; its rows."""
    pages = [
        scans.ScanPage(
            number, (one,) if one else (), version=version, corners=CORNERS if one else [], picture=SHOWN, ratio=0.7
        )
        for number, one in enumerate(sheets, 1)
    ]
    (waiting,) = handing_in.hand_in(round_, [ContentFile(scan_file(len(pages), salt), name="pindaian")], by=by).scans
    with reading(*pages):
        handing_in.read_waiting(round_, waiting.job, lambda *_progress: None)
    Job.objects.filter(pk=waiting.job_id).update(state="done", finished_at=waiting.created_at)
    rows = list(SheetScan.objects.filter(job=waiting.job))
    for one in rows:
        one.round = round_
    return rows


def reading(*pages):
    """Within it these pages are read, one after the other, instead of those of the file."""
    return patch.object(scans, "read", side_effect=pages)


def scan_file(pages, salt=0):
    """The bytes of a picture, or of a PDF with so many pages."""
    return picture(salt) if pages == 1 else small_pdf(pages, salt)


def first_page(round_, by, **options):
    (scan,) = hand_in(round_, by, (round_.code, 1), **options)
    return scan


def test_a_page_becomes_signatures_with_who_handed_in_and_who_confirmed(country, round_, second):
    scan = first_page(round_, country.coordinator)
    one, three = round_.signatories.filter(page=1, slot__in=(0, 2)).order_by("slot")
    wet.confirm(scan, {one.pk: 0, three.pk: 0}, by=second, version=scan.version)
    signature = Signature.objects.get(signatory=three)
    assert (signature.way, signature.person_name, signature.position_title) == (
        "wet",
        "Pejabat 03",
        "Kepala Dinas Uji 03",
    )
    assert (signature.hash_before, signature.hash_after) == (round_.edition.sha256, scan.file.sha256)
    assert (signature.scanned_by, signature.confirmed_by, signature.scan) == (country.coordinator, second, scan)
    assert signature.signed_at.astimezone(country.plan.time_zone).hour == 12
    assert scan.state == "confirmed"
    assert round_.signatories.filter(state="waiting").count() == 5


def test_whoever_handed_it_in_does_not_confirm_it(country, round_):
    scan = first_page(round_, country.coordinator)
    with pytest.raises(Refused):
        wet.confirm(scan, {round_.signatories.first().pk: 0}, by=country.coordinator, version=scan.version)
    assert not Signature.objects.exists()


def test_two_who_confirm_at_once_do_not_both(country, round_, second):
    scan = first_page(round_, country.coordinator)
    stale = SheetScan.objects.get(pk=scan.pk)
    one, two = round_.signatories.filter(page=1)[:2]
    wet.confirm(scan, {one.pk: 0}, by=second, version=scan.version)
    with pytest.raises(TooLate):
        wet.confirm(stale, {two.pk: 0}, by=second, version=stale.version)
    assert Signature.objects.count() == 1


def test_nothing_ticked_or_a_box_of_another_page_is_no_confirmation(country, round_, second):
    scan = first_page(round_, country.coordinator)
    for ticked in ({}, {round_.signatories.get(page=2, slot=0).pk: 0}, {10**9: 0}):
        with pytest.raises(Refused):
            wet.confirm(scan, ticked, by=second, version=scan.version)
    scan.refresh_from_db()
    assert scan.state == "read"


def test_who_signed_electronically_declined_or_was_replaced_is_not_offered(country, round_, second):
    scan = first_page(round_, country.coordinator)
    rows = list(round_.signatories.filter(page=1))
    Signatory.objects.filter(pk=rows[1].pk).update(
        state="declined", decline_reason="Bukan tugas kami", declined_at=scan.created_at, declined_by=second
    )
    Signatory.objects.filter(pk=rows[2].pk).update(state="replaced")
    bars = [one.bar for one in wet.boxes_of(scan, wet.day_of(scan))]
    assert [bool(bar) for bar in bars] == [False, True, True, False, False]
    assert "Bukan tugas kami" in bars[1]
    done = wet.confirm(scan, {rows[0].pk: 0, rows[1].pk: 0}, by=second, version=scan.version)
    assert [one.signatory for one in done.signatures] == [rows[0]]
    assert len(done.left) == 1


def test_a_box_that_was_confirmed_from_an_earlier_scan_is_not_asked_again(country, round_, second):
    scan = first_page(round_, country.coordinator)
    one, two = round_.signatories.filter(page=1)[:2]
    wet.confirm(scan, {one.pk: 0}, by=second, version=scan.version)
    later = first_page(round_, country.coordinator, salt=1)
    with pytest.raises(Refused):
        wet.confirm(later, {one.pk: 0}, by=second, version=later.version)
    later.refresh_from_db()
    wet.confirm(later, {two.pk: 0}, by=second, version=later.version)
    assert Signature.objects.count() == 2


def test_a_signature_counts_for_who_held_the_office_on_the_day(country, round_, second):
    signatory = round_.signatories.filter(page=1).first()
    day = country.plan.today
    Position.objects.filter(pk=signatory.position_id).update(ends_on=day - datetime.timedelta(days=1))
    Position.objects.create(
        organisation=signatory.organisation, title=signatory.position.title, is_head=True, acting="plt",
        decree="821/17/2026", person=Person.objects.create(name="Pengganti"), starts_on=day,
    )  # fmt: skip
    scan = first_page(round_, country.coordinator)
    wet.confirm(scan, {signatory.pk: 0}, by=second, version=scan.version)
    signature = signatory.signature
    assert (signature.person_name, signature.acting, signature.decree) == ("Pengganti", "plt", "821/17/2026")
    assert signature.position_title == "Plt. Kepala Dinas Uji 01"


def test_who_signs_on_behalf_is_named_with_the_paper_and_its_days(country, round_, second):
    signatory = round_.signatories.filter(page=1).first()
    deputy = someone("sekdin", "Wati Sekretaris", "operator", signatory.organisation)
    Membership.objects.create(
        user=deputy, organisation=signatory.organisation, role="agency_head", for_position=signatory.position,
        basis="ST 090/12/2026", starts_on=country.plan.today, ends_on=country.plan.today,
    )  # fmt: skip
    scan = first_page(round_, country.coordinator)
    with pytest.raises(Refused):
        wet.confirm(scan, {signatory.pk: country.operator.person_id}, by=second, version=scan.version)
    scan.refresh_from_db()
    wet.confirm(scan, {signatory.pk: deputy.person_id}, by=second, version=scan.version)
    signature = signatory.signature
    assert (signature.is_on_behalf, signature.person_name, signature.basis) == (
        True,
        "Wati Sekretaris",
        "ST 090/12/2026",
    )


@pytest.mark.parametrize("days", [1, -4000])
def test_a_day_ahead_or_before_the_document_is_refused(country, round_, second, days):
    scan = first_page(round_, country.coordinator)
    day = country.plan.today + datetime.timedelta(days=days)
    with pytest.raises(Refused):
        wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version, day=day)


def test_the_last_box_completes_the_round(country, second):
    round_ = round_of(country.plan, count=2)
    scan = first_page(round_, country.coordinator)
    wet.confirm(
        scan, dict.fromkeys(round_.signatories.values_list("pk", flat=True), 0), by=second, version=scan.version
    )
    round_.refresh_from_db()
    assert round_.state == "complete"


def test_a_refused_scan_says_why_and_counts_nothing(country, round_, second):
    scan = first_page(round_, country.coordinator)
    with pytest.raises(Refused):
        wet.refuse(scan, "  ", by=second, version=scan.version)
    wet.refuse(scan, "Halaman terpotong", by=second, version=scan.version)
    assert (scan.state, scan.decided_by, scan.reason) == ("refused", second, "Halaman terpotong")
    with pytest.raises(Refused):
        wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version)


def test_whoever_handed_it_in_is_told_of_the_confirmation(country, round_, second, django_capture_on_commit_callbacks):
    scan = first_page(round_, country.coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version)
    assert Notice.objects.filter(user=country.coordinator).exists()


def test_what_is_missing_is_told_page_by_page(country, round_, second):
    scan = first_page(round_, country.coordinator)
    wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version)
    waits = first_page(round_, country.coordinator, salt=1)
    one, two = wet.pages_of(round_, list(round_.scans.all()))
    assert ([number for number, _each in one.waiting], one.signed, one.scans) == ([2, 3, 4, 5], 1, [waits])
    assert ([number for number, _each in two.waiting], two.scans) == ([6, 7], [])


def test_in_a_series_the_scan_waits_until_the_earlier_places_have_signed(country, round_, second):
    SigningRound.objects.update(order="series")
    round_.refresh_from_db()
    scan = first_page(round_, country.coordinator)
    one, two, three = round_.signatories.filter(page=1)[:3]
    with pytest.raises(Refused):
        wet.confirm(scan, {one.pk: 0, three.pk: 0}, by=second, version=scan.version)
    scan.refresh_from_db()
    assert (scan.state, Signature.objects.count()) == ("read", 0)
    wet.confirm(scan, {three.pk: 0, one.pk: 0, two.pk: 0}, by=second, version=scan.version)
    assert Signature.objects.count() == 3


def test_another_account_of_the_same_person_is_no_second_person(country, round_, second):
    scan = first_page(round_, country.coordinator)
    Person.objects.filter(pk__in=(country.coordinator.person_id, second.person_id)).update(nip="197001011990031001")
    scan = SheetScan.objects.get(pk=scan.pk)
    second.person.refresh_from_db()
    with pytest.raises(Refused):
        wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version)
    assert not Signature.objects.exists()


def test_nobody_signed_in_ink_before_the_sheet_was_there(country, round_, second):
    scan = first_page(round_, country.coordinator)
    day = datetime.timedelta(days=1)
    with pytest.raises(Refused):
        wet.confirm(
            scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version, day=round_.plan.today - day
        )


def test_a_paper_that_is_dated_later_can_be_signed_before_its_date(country, round_, second):
    tomorrow = round_.plan.today + datetime.timedelta(days=1)
    Edition.objects.update(dated_on=tomorrow)
    SigningRound.objects.update(held_on=tomorrow)
    scan = first_page(SigningRound.objects.get(), country.coordinator)
    wet.confirm(scan, {round_.signatories.first().pk: 0}, by=second, version=scan.version)
    assert Signature.objects.get().signed_at.date() == round_.plan.today
