"""Is it still you? Asked before sensitive acts; what was sent reaches its view afterwards, unchanged."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import JsonResponse
from django.urls import path

from praja.foundation.accounts import installation
from praja.foundation.accounts.confirming import confirmed
from praja.foundation.accounts.models import Installation, User
from praja.foundation.accounts.tests.test_second_factor import code_now, with_app
from praja.urls import urlpatterns as ours
from tests.country import PASSWORD


@confirmed
def sensitive(request):
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    return JsonResponse({"posted": posted, "files": sorted(request.FILES)})


urlpatterns = [*ours, path("peka/", sensitive)]
pytestmark = pytest.mark.urls(__name__)
SENT = {"role": "operator", "dimensions": ["living", "society"], "remark": 'dua\nbaris "kutip" <b>'}


@pytest.fixture
def later(client_of, country):
    """The operator, eleven minutes after signing in."""
    client = client_of(country.operator)
    session = client.session
    session["confirmed_at"] = time.time() - 660
    session.save()
    return client


def test_who_has_just_signed_in_is_not_asked(client_of, country):
    assert client_of(country.operator).post("/peka/", SENT).json()["posted"] == {
        **SENT,
        "role": ["operator"],
        "remark": [SENT["remark"]],
    }


def test_what_was_sent_survives_the_question(later):
    page = later.post("/peka/", SENT)
    assert page.templates[0].name == "accounts/confirm.html"
    waiting = page.context["waiting"]
    fields = {}
    for name, value in waiting:
        fields.setdefault(name, []).append(value)
    answer = later.post("/peka/", {**fields, "confirm-answer": "1", "confirm-password": PASSWORD})
    assert answer.json()["posted"] == {**SENT, "role": ["operator"], "remark": [SENT["remark"]]}
    assert later.post("/peka/", SENT).json()["posted"]  # and it holds for ten minutes


def test_a_wrong_password_asks_again_and_keeps_what_was_sent(later):
    page = later.post("/peka/", {**SENT, "confirm-answer": "1", "confirm-password": "salah"})
    assert page.status_code == 422
    assert ("role", "operator") in page.context["waiting"]
    assert "salah" not in page.content.decode()


def test_a_page_that_was_read_is_opened_afterwards(later):
    assert later.get("/peka/?a=1").context["was_read"]
    values = {"confirm-answer": "1", "confirm-was-read": "1", "confirm-password": PASSWORD}
    assert later.post("/peka/?a=1", values).url == "/peka/?a=1"


def test_a_code_of_the_app_is_enough(later, country):
    with_app(country.operator)
    assert later.post("/peka/", {"confirm-answer": "1", "confirm-code": code_now()}).status_code == 200


def test_files_are_asked_for_again_at_the_same_place(later):
    page = later.post("/peka/", {"a": "1", "scan": SimpleUploadedFile("lembar.pdf", b"%PDF-1.4")})
    assert page.context["files"] == [("scan", "lembar.pdf")]
    assert 'type="file" name="scan"' in page.content.decode()
    values = {"a": "1", "confirm-answer": "1", "confirm-password": PASSWORD, "scan": SimpleUploadedFile("l.pdf", b"x")}
    assert later.post("/peka/", values).json()["files"] == ["scan"]


def test_guessing_here_is_paused_too(later):
    for _ in range(10):
        later.post("/peka/", {"confirm-answer": "1", "confirm-password": "salah"})
    assert later.post("/peka/", {"confirm-answer": "1", "confirm-password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("value", ["x", None, [], 99999999999, -1, True])
def test_a_session_that_says_nonsense_is_asked(client_of, country, value):
    client = client_of(country.operator)
    session = client.session
    session["confirmed_at"] = value
    session.save()
    assert client.get("/peka/").templates[0].name == "accounts/confirm.html"


def test_an_account_of_a_demonstration_confirms_with_one_click_on_its_machine_only(later, country):
    Installation.objects.create(is_demonstration=True)
    User.objects.update(is_demonstration=True)
    installation.forget()
    values = {"confirm-answer": "1", "confirm-demonstration": "1"}
    elsewhere = later.post("/peka/", values, headers={"host": "testserver"})
    assert elsewhere.templates[0].name == "accounts/confirm.html"
    assert later.post("/peka/", values, headers={"host": "localhost"}).status_code == 200
    installation.forget()


def test_a_stranger_is_sent_to_the_sign_in_page(client, db):
    assert client.get("/peka/").url.startswith("/masuk/?")
