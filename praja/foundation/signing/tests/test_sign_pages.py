"""The signatory's own page: three ways that are never confused, and secrets that stand nowhere."""

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import Position
from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.documents.models import Edition
from praja.foundation.signing import electronic, extras
from praja.foundation.signing.models import Gateway, Signatory, SigningRound
from praja.foundation.signing.pages import sign_views
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.signed import signed_round
from praja.foundation.signing.tests.test_store import sign
from praja.foundation.ui.formats import long_date
from praja.foundation.workflow.steps import Refused
from tests.country import PASSWORD

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def signatory(country):
    """The first of two in an open round."""
    return round_of(country.plan, count=2).signatories.select_related("round__plan").first()


@pytest.fixture
def head(signatory, client_of):
    """The browser of its holder."""
    return client_of(head_user(signatory))


@pytest.fixture
def gateway(country):
    """The region runs a gateway of the second generation."""
    return Gateway.objects.create(government=country.government, address="http://127.0.0.1:9/")


def url(signatory, name="signing-sign"):
    """The signatory's page."""
    return reverse(name, args=[signatory.round.plan.slug, signatory.round_id, signatory.pk])


def text(response):
    """The page as text."""
    return response.content.decode()


def test_the_page_says_what_is_signed_as_whom_and_begins_with_ink(signatory, head):
    page = text(head.get(url(signatory)))
    digest = Edition.objects.get().sha256
    assert " ".join(digest[start : start + 8] for start in range(0, 64, 8)) in page
    assert "Kepala Dinas Uji 01" in page
    assert "Your box stands on page 1" in page
    assert "not certified" in page
    assert "BSrE" not in page  # the region has no gateway


def test_where_the_way_is_fixed_no_other_electronic_way_is_offered_nor_taken(signatory, head, gateway):
    SigningRound.objects.update(is_way_fixed=True)
    page = text(head.get(url(signatory)))
    assert ('value="own"' in page, 'name="passphrase"' in page, "Sheet to print" in page) == (False, False, True)
    with pytest.raises(Refused, match="Wet ink"):
        electronic.sign(signatory, by=head_user(signatory), way="own")
    Signatory.objects.filter(pk=signatory.pk).update(way="own")
    page = text(head.get(url(signatory)))
    assert ('value="own"' in page, 'name="passphrase"' in page) == (True, False)


def test_with_a_gateway_certified_signatures_are_offered(signatory, head, gateway):
    page = text(head.get(url(signatory)))
    assert 'name="passphrase"' in page
    assert "one-time code" in page
    Gateway.objects.update(api="v1")
    assert 'name="code"' not in text(head.get(url(signatory)))


def test_no_draft_of_secrets_is_ever_kept(signatory, head, gateway):
    response = head.get(url(signatory))
    assert "data-draft-url" not in text(response)
    assert "no-store" in response["Cache-Control"]


def test_secrets_go_to_the_gateway_and_into_no_page(signatory, head, gateway, monkeypatch):
    seen = []

    def refuse(one, *, by, way, secrets):
        seen.append((way, secrets.passphrase.reveal(), secrets.nik.reveal()))
        raise Refused(["Frasa sandi salah."])

    monkeypatch.setattr(electronic, "sign", refuse)
    data = {"do": "gateway", "nik": "3201010101010001", "passphrase": "rahasia-sekali", "email": "a@b.go.id"}
    response = head.post(url(signatory), data)
    assert seen == [("gateway", "rahasia-sekali", "3201010101010001")]
    assert response.status_code == 422
    assert "Frasa sandi salah." in text(response)
    assert "rahasia-sekali" not in text(response)
    assert "3201010101010001" not in text(response)
    assert "a@b.go.id" in text(response)


@pytest.mark.parametrize(
    "typed", [{"do": "gateway"}, {"do": "code", "passphrase": "x"}, {"do": "gateway", "nik": "3201010101010001"}]
)
def test_what_is_not_filled_in_never_reaches_the_gateway(typed, signatory, head, gateway, monkeypatch):
    monkeypatch.setattr(electronic, "sign", pytest.fail)
    monkeypatch.setattr(electronic, "ask_code", pytest.fail)
    refused = head.post(url(signatory), typed)
    assert (refused.status_code, "Write your" in text(refused)) == (422, True)


def test_a_code_is_asked_for_without_signing(signatory, head, gateway, monkeypatch):
    asked = []
    monkeypatch.setattr(electronic, "ask_code", lambda one, *, by, secrets: asked.append((one.pk, by.pk)))
    response = head.post(url(signatory), {"do": "code", "email": "a@b.go.id"})
    assert asked == [(signatory.pk, head_user(signatory).pk)]
    assert "The code is on its way" in text(response)


def test_the_own_signature_asks_first_whether_it_is_still_the_same_person(signatory, head, monkeypatch):
    given = []
    monkeypatch.setattr(electronic, "sign", lambda one, *, by, way: given.append(way))
    user = head_user(signatory)
    user.set_password(PASSWORD)
    user.save()
    head.force_login(user)
    session = head.session
    del session[CONFIRMED_AT]
    session.save()
    question = text(head.post(url(signatory), {"do": "own"}))
    assert (given, 'name="confirm-' in question) == ([], True)
    response = head.post(url(signatory), {"do": "own", "confirm-answer": "1", "confirm-password": PASSWORD})
    assert (given, response.status_code) == (["own"], 302)


def test_after_signing_the_page_shows_the_signature(signatory, head):
    sign(signatory, 1)
    page = text(head.get(url(signatory)))
    assert "This signature" in page
    assert "Choose how you sign" not in page


def test_a_signature_in_ink_has_a_day_and_no_hour(country, client_of):
    one = signed_round(country, ["wet"]).signatories.get()
    page = text(client_of(country.coordinator).get(url(one)))
    assert (" WIB" in page, long_date(one.signature.signed_at) in page) == (False, True)


def test_somebody_else_is_told_who_signs_here(country, signatory, client_of):
    page = text(client_of(country.operator).get(url(signatory)))
    assert "Pejabat 01 signs at the place" in page
    assert "Choose how you sign" not in page


def test_an_old_holder_is_told_and_the_new_one_signs(country, signatory, head, client_of):
    Position.objects.filter(pk=signatory.position_id).update(person=country.operator.person)
    assert "Sari Operator signs at the place" in text(head.get(url(signatory)))
    assert "Choose how you sign" in text(client_of(country.operator).get(url(signatory)))


def test_in_a_series_one_waits_for_the_turn(signatory, client_of):
    SigningRound.objects.update(order="series")
    second = signatory.round.signatories.last()
    assert "not your turn yet" in text(client_of(head_user(second)).get(url(second)))


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_in_a_round_that_is_over_nothing_is_signed(signatory, head, state):
    SigningRound.objects.update(state=state, end_reason="-")
    assert "Nothing is to be signed here now" in text(head.get(url(signatory)))


def test_a_box_that_the_electronic_document_lacks_is_signed_in_ink_only(signatory, head, gateway):
    signatory.page = 2
    signatory.save()
    page = text(head.get(url(signatory)))
    assert "only ink is possible" in page
    assert 'value="own"' not in page
    assert 'value="gateway"' not in page


def test_declining_needs_a_reason_and_keeps_it(signatory, head):
    address = url(signatory, "signing-decline")
    assert head.post(address, {"reason": ""}).status_code == 422
    assert head.post(address, {"reason": "Anggaran belum ada"}).status_code == 302
    signatory.refresh_from_db()
    assert signatory.decline_reason == "Anggaran belum ada"


def test_nobody_declines_for_somebody_else(country, signatory, client_of):
    response = client_of(country.operator).post(url(signatory, "signing-decline"), {"reason": "Tidak"})
    assert response.status_code == 403
    signatory.refresh_from_db()
    assert signatory.state == "waiting"


def test_a_stage_may_add_what_the_signatory_promises(signatory, head, monkeypatch):
    own = extras.Extra("Butir komitmen", "Yang Anda janjikan", [extras.Line("Puskesmas daring", "2027")])
    monkeypatch.setattr(sign_views, "extras_of", lambda one: [own])
    assert "Puskesmas daring" in text(head.get(url(signatory)))


def test_a_stranger_finds_nothing(country, signatory, client_of):
    assert client_of(country.neighbour).get(url(signatory)).status_code == 404
    assert client_of(country.neighbour).post(url(signatory), {"do": "own"}).status_code == 404


def test_the_page_costs_the_same_with_sixty_signatories(country, client_of, django_assert_num_queries):
    for count in (2, 60):
        last = round_of(country.plan, count=count).signatories.select_related("round__plan").last()
        client = client_of(head_user(last))
        with django_assert_num_queries(13):
            client.get(url(last))
