"""The pages of wet ink: print, hand in, compare box by box, and each way out of them."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from praja.foundation.accounts.models import Person, Position
from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.audit.models import Event
from praja.foundation.jobs import life
from praja.foundation.notices.models import Notice
from praja.foundation.signing import handing_in
from praja.foundation.signing.models import SheetScan, SheetVersion, Signature, SigningRound
from praja.foundation.signing.paper import sheets
from praja.foundation.signing.tests.making import round_of
from praja.foundation.signing.tests.scanning import jpeg, page_of, signed
from praja.foundation.signing.tests.test_wet import first_page, hand_in, picture
from praja.foundation.signing.tests.typesetting import sheet_of
from tests.country import someone


@pytest.fixture
def round_(country):
    return round_of(country.plan, count=7)


@pytest.fixture
def second(country):
    return someone("kedua", "Rina Kedua", "coordinator", country.government)


def address(name, round_, *more):
    return reverse(name, args=[round_.plan.slug, round_.pk, *more])


def send(client, round_, *files):
    return client.post(address("signing-scans", round_), {"file": list(files)}, follow=True)


def upload(content, name="foto.jpg"):
    return SimpleUploadedFile(name, content)


def newer_sheet(round_):
    boxes = sheets.boxes(round_.signatories.all())
    return SheetVersion.objects.create(round=round_, number=2, file=round_.sheet, places=boxes)


def confirm(client, round_, scan, signatories, **more):
    values = {"version": scan.version, "signed": [one.pk for one in signatories], **more}
    return client.post(address("signing-scan-confirm", round_, scan.pk), values, follow=True)


def test_the_sheet_is_handed_out_to_who_reads_the_round(country, round_, client_of):
    for user in (country.coordinator, country.operator):
        answer = client_of(user).get(address("signing-sheet", round_))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client_of(country.neighbour).get(address("signing-sheet", round_)).status_code == 404


def test_before_the_opening_the_page_says_what_comes_first(country, client_of):
    round_ = round_of(country.plan, opened=False)
    client = client_of(country.coordinator)
    assert 'class="empty' in client.get(address("signing-scans", round_)).content.decode()
    assert client.get(address("signing-sheet", round_)).status_code == 404


@pytest.mark.usefixtures("in_english")
def test_the_page_says_how_the_sheet_stands_in_each_state(country, client_of):
    def seen(round_):
        page = client_of(country.coordinator).get(address("signing-scans", round_))
        _head, _mark, rest = page.content.decode().partition('<div class="page-header-facts">')
        return [
            tone for tone in ("neutral", "attention", "success") if f"tag tone-{tone}" in rest.partition("</div>")[0]
        ], [words for words in ("What is still missing", "Nothing is missing", "Pages of the sheet<") if words in rest]

    assert seen(round_of(country.plan, opened=False)) == (["neutral"], [])
    round_ = round_of(country.plan, count=2)
    assert seen(round_) == (["attention"], ["What is still missing"])
    SigningRound.objects.filter(pk=round_.pk).update(state="withdrawn")
    assert seen(round_) == (["attention"], ["Pages of the sheet<"])
    round_.signatories.update(state="signed")
    assert seen(round_) == (["success"], ["Nothing is missing"])


def test_the_pages_of_a_foreign_file_are_refused_at_once_with_one_reason(
    country, round_, second, client_of, django_capture_on_commit_callbacks
):
    _one, *rest = hand_in(round_, country.coordinator, (round_.code, 1), None, None, None)
    client, where = client_of(second), address("signing-scan-refuse-file", round_, rest[1].pk)
    offered = address("signing-scan-refuse-file", round_, rest[0].pk)
    assert offered in client.get(address("signing-scans", round_)).content.decode()
    empty = client.post(where, {"reason": " "})
    assert (empty.status_code, empty.context["problem"] != "") == (422, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(where, {"reason": "Bukan lembar kita"}).status_code == 302
    assert [row.state for row in round_.scans.order_by("file_page")] == ["read", "refused", "refused", "refused"]
    assert Event.objects.filter(verb="refuse", remark="Bukan lembar kita").count() == 3
    assert Notice.objects.filter(user=country.coordinator, text__contains="Bukan lembar kita").count() == 1
    assert client.post(where, {"reason": "Lagi"}).status_code == 422
    assert client_of(country.neighbour).post(where, {"reason": "x"}).status_code == 404


def test_a_photo_is_handed_in_read_by_the_worker_compared_and_confirmed(country, round_, second, client_of):
    photo = jpeg(signed(page_of(sheet_of(7, round_.code)), 0, 1))
    page = send(client_of(country.coordinator), round_, upload(photo))
    assert page.redirect_chain
    (scan,) = round_.scans.all()
    assert scan.state == "waiting"
    handing_in.read_waiting(round_, scan.job, lambda *_progress: None)
    client = client_of(second)
    for name, more in (("signing-scan-page", ()), ("signing-scan-box", (0,))):
        shown = client.get(address(name, round_, scan.pk, *more))
        assert shown["Content-Type"] == "image/jpeg"
        assert client.get(shown.request["PATH_INFO"], headers={"If-None-Match": shown["ETag"]}).status_code == 304
    one, two = round_.signatories.filter(page=1)[:2]
    page = client.get(address("signing-scan", round_, scan.pk)).content.decode()
    assert page.count('name="signed"') == 5
    assert " checked>" not in page
    scan.refresh_from_db()
    confirm(client, round_, scan, [one, two])
    assert set(Signature.objects.values_list("signatory", flat=True)) == {one.pk, two.pk}


def test_while_files_wait_the_page_shows_how_far_the_work_is(country, round_, second, client_of):
    send(client_of(country.coordinator), round_, upload(picture()))
    url = reverse("job-state", args=[round_.scans.get().job.uid])
    for user in (country.coordinator, second):
        page = client_of(user).get(address("signing-scans", round_)).content.decode()
        assert f'data-job-url="{url}"' in page
        assert f'data-job-then="{address("signing-scans", round_)}"' in page
    assert client_of(second).get(address("signing-scan", round_, round_.scans.get().pk)).status_code == 200


def test_what_waits_for_a_worker_that_does_not_run_says_so(country, round_, client_of):
    client = client_of(country.coordinator)
    send(client, round_, upload(picture()))
    assert "praja worker" in client.get(address("signing-scans", round_)).content.decode()
    life.sign_of_life().touch()
    assert "praja worker" not in client.get(address("signing-scans", round_)).content.decode()
    life.sign_of_life().unlink()


def test_each_page_says_what_became_of_it(country, round_, client_of):
    hand_in(round_, country.coordinator, (round_.code, 1), ("ABCD-2345", 1), None)
    client = client_of(country.coordinator)
    page = client.get(address("signing-scans", round_))
    assert page.content.decode().count("ABCD-2345") == 2  # above, and with the page
    (wrong,) = page.context["not_taken"]
    assert "ABCD-2345" in client.get(address("signing-scan", round_, wrong.pk)).content.decode()
    assert len(page.context["unread"]) == 1


def test_an_earlier_sheet_is_told_with_its_hash(country, round_, second, client_of):
    newer = newer_sheet(round_)
    scan = first_page(round_, country.coordinator)
    where = address("signing-scan", round_, scan.pk)
    assert round_.sheet.sha256 in client_of(second).get(where).content.decode()
    newer.delete()
    assert round_.sheet.sha256 not in client_of(second).get(where).content.decode()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\0", b"\xff\xd8\xff broken", b"<html>"])
def test_what_is_no_scan_comes_back_with_a_sentence(country, round_, client_of, content):
    page = send(client_of(country.coordinator), round_, upload(content))
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert sum(map(len, page.context["form"].errors.values())) == 1
    assert not SheetScan.objects.exists()


def test_no_file_or_too_many_are_refused_kindly(country, round_, client_of):
    client = client_of(country.coordinator)
    assert send(client, round_).status_code == 422
    assert send(client, round_, *(upload(picture(), f"{each}.png") for each in range(31))).status_code == 422


def test_whoever_handed_it_in_sees_no_boxes_to_tick(country, round_, client_of):
    scan = first_page(round_, country.coordinator)
    client = client_of(country.coordinator)
    assert 'name="signed"' not in client.get(address("signing-scan", round_, scan.pk)).content.decode()
    assert confirm(client, round_, scan, round_.signatories.all()[:1]).status_code == 422
    assert not Signature.objects.exists()


def test_nothing_ticked_comes_back_with_a_sentence(country, round_, second, client_of):
    scan = first_page(round_, country.coordinator)
    assert confirm(client_of(second), round_, scan, []).status_code == 422


def test_all_boxes_are_ticked_without_script(country, round_, second, client_of):
    scan = first_page(round_, country.coordinator)
    page = client_of(second).get(address("signing-scan", round_, scan.pk), {"centang": "semua"})
    assert page.content.decode().count(" checked>") == 5


def test_an_old_page_does_not_confirm_again(country, round_, second, client_of):
    scan = first_page(round_, country.coordinator)
    one, two = round_.signatories.filter(page=1)[:2]
    client = client_of(second)
    confirm(client, round_, scan, [one])
    assert confirm(client, round_, scan, [two]).status_code == 422
    assert Signature.objects.count() == 1


def test_it_is_asked_again_who_confirms(country, round_, second, client_of):
    scan = first_page(round_, country.coordinator)
    client = client_of(second)
    session = client.session
    session[CONFIRMED_AT] = 0
    session.save()
    confirm(client, round_, scan, round_.signatories.filter(page=1)[:1])
    assert not Signature.objects.exists()


def test_another_day_asks_who_held_the_office_then(country, round_, second, client_of):
    signatory = round_.signatories.filter(page=1).first()
    before = country.plan.today - datetime.timedelta(days=1)
    SigningRound.objects.update(opened_at=timezone.now() - datetime.timedelta(days=2))
    Position.objects.filter(pk=signatory.position_id).update(ends_on=before)
    Position.objects.create(
        organisation=signatory.organisation, title=signatory.position.title, is_head=True,
        person=Person.objects.create(name="Pejabat Baru"), starts_on=before + datetime.timedelta(days=1),
    )  # fmt: skip
    scan = first_page(round_, country.coordinator)
    client, where = client_of(second), address("signing-scan", round_, scan.pk)
    assert "Pejabat Baru" in client.get(where).content.decode()
    assert "Pejabat Baru" not in client.get(where, {"hari": before.isoformat()}).content.decode()
    confirm(client, round_, scan, [signatory], day=before.isoformat())
    assert signatory.signature.person_name == "Pejabat 01"


def test_a_refusal_without_reason_keeps_the_page_and_with_one_ends_it(country, round_, second, client_of):
    scan = first_page(round_, country.coordinator)
    client, where = client_of(second), address("signing-scan-refuse", round_, scan.pk)
    assert client.post(where, {"version": scan.version, "reason": " "}).status_code == 422
    assert client.post(where, {"version": scan.version, "reason": "Buram"}).status_code == 302
    assert "Buram" in client.get(address("signing-scan", round_, scan.pk)).content.decode()


def test_a_page_without_code_is_placed_by_hand_and_shown_upright_box_by_box(country, round_, second, client_of):
    (scan,) = hand_in(round_, country.coordinator, None)
    client, where = client_of(country.coordinator), address("signing-scan-place", round_, scan.pk)
    wrong = ({"code": round_.code, "page": "sembilan"}, {"code": "ABCD-2345", "page": "1"}, {}, {"turns": "7"})
    for typed in wrong:
        page = client.post(where, {"version": scan.version, "turns": "0", **typed})
        assert page.status_code == 422
        assert typed.get("code", "") in page.content.decode()
    typed = {"version": scan.version, "code": round_.code, "page": "2", "turns": "2"}
    assert client.post(where, typed).status_code == 302
    seen = client_of(second).get(address("signing-scan", round_, scan.pk)).content.decode()
    assert seen.count('name="signed"') == 2
    assert "tone-warning" in seen
    assert seen.count(reverse("signing-scan-box", args=[round_.plan.slug, round_.pk, scan.pk, 0])) == 1
    shown = client_of(second).get(address("signing-scan-box", round_, scan.pk, 0))
    assert shown["Content-Type"] == "image/jpeg"


def test_several_sheets_ask_which_version_it_is(country, round_, client_of):
    newer_sheet(round_)
    (scan,) = hand_in(round_, country.coordinator, None)
    client, where = client_of(country.coordinator), address("signing-scan-place", round_, scan.pk)
    typed = {"version": scan.version, "code": round_.code, "page": "2", "turns": "0"}
    assert client.post(where, typed).status_code == 422
    assert client.post(where, {**typed, "sheet_version": "2"}).status_code == 302
    scan.refresh_from_db()
    assert scan.reading["version"] == 2


def test_a_scan_is_reached_through_its_own_round_only(country, round_, client_of):
    scan = first_page(round_, country.coordinator)
    other = round_of(country.plan, count=1)
    client = client_of(country.coordinator)
    assert client.get(address("signing-scan", other, scan.pk)).status_code == 404
    assert client.get(address("signing-scan-box", round_, scan.pk, 5)).status_code == 404
    assert client_of(country.neighbour).get(address("signing-scan", round_, scan.pk)).status_code == 404


@pytest.mark.parametrize("count", [2, 5])
def test_the_list_of_scans_asks_as_much_for_many_as_for_few(
    country, round_, client_of, count, django_assert_num_queries
):
    for salt in range(count):
        first_page(round_, country.coordinator, salt=salt)
    client = client_of(country.coordinator)
    client.get(address("signing-scans", round_))
    with django_assert_num_queries(8):
        client.get(address("signing-scans", round_))


def test_a_page_of_five_boxes_asks_this_much(country, round_, second, client_of, django_assert_num_queries):
    scan = first_page(round_, country.coordinator)
    client = client_of(second)
    client.get(address("signing-scan", round_, scan.pk))
    with django_assert_num_queries(20):
        client.get(address("signing-scan", round_, scan.pk))
