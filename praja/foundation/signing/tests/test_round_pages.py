"""Pages of rounds: begun from an edition, signatories named, opened, followed, ended; each with its ways out."""

import datetime

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import User
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing import rounds
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.tests.making import edition_of, head_of, head_user, round_of
from praja.foundation.signing.tests.test_store import sign

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def secretariat(country, client_of):
    """The browser of the coordinator."""
    return client_of(country.coordinator)


def url(name, round_, *more):
    """The address of a page of the round."""
    return reverse(name, args=[round_.plan.slug, round_.pk, *more])


def steps(client, round_, **data):
    """Send a step of the round."""
    version = SigningRound.objects.get(pk=round_.pk).version
    return client.post(url("signing-steps", round_), {"version": version, **data}, follow=True)


def text(response):
    """The page as text."""
    return response.content.decode()


def test_the_way_of_each_office_is_set_while_the_round_is_prepared(country, secretariat):
    round_ = round_of(country.plan, count=2, opened=False)
    first, second = round_.signatories.all()
    User.objects.filter(pk=head_user(second).pk).update(is_active=False)
    address = url("signing-offices", round_)
    assert "Certified" in text(secretariat.get(address))
    data = {"do": "ways", "version": round_.version, f"way-{first.pk}": "gateway"}
    assert secretariat.post(address, {**data, f"way-{second.pk}": "own"}).status_code == 422  # has no account
    secretariat.post(address, {**data, f"way-{second.pk}": "wet"})
    assert [one.way for one in round_.signatories.all()] == ["gateway", "wet"]
    page = text(secretariat.get(url("signing-round", round_)))
    assert "set in which way the offices sign" in page
    secretariat.post(address, {**data, f"way-{first.pk}": "own"})  # an old page
    assert round_.signatories.first().way == "gateway"


def test_an_empty_list_explains_the_first_step(country, secretariat, client_of):
    address = reverse("signing-list", args=[country.plan.slug])
    assert "Prepare a round" in text(secretariat.get(address))
    assert "Once the secretariat opens a round" in text(client_of(country.operator).get(address))


def test_the_newest_round_stands_first(country, secretariat):
    for title in ("Yang lama", "Yang baru"):
        round_ = round_of(country.plan, count=1)
        SigningRound.objects.filter(pk=round_.pk).update(title=title)
    page = text(secretariat.get(reverse("signing-list", args=[country.plan.slug])))
    assert page.index("Yang baru") < page.index("Yang lama")


def test_without_a_frozen_document_nothing_can_be_put_to_signature(country, secretariat):
    assert "No document is frozen yet" in text(secretariat.get(reverse("signing-new", args=[country.plan.slug])))


def test_a_round_is_prepared_from_an_edition_named_and_opened(country, secretariat):
    edition, address = edition_of(country.plan), reverse("signing-new", args=[country.plan.slug])
    head_of(country.government, 1)
    assert f'value="{edition.pk}" selected' in text(secretariat.get(f"{address}?edisi={edition.pk}"))
    data = {"edition": edition.pk, "title": "Komitmen", "held_on": "28 November 2026", "order": "parallel"}
    assert "Name all heads of agencies" in text(secretariat.post(address, data, follow=True))
    round_ = SigningRound.objects.get()
    page = text(steps(secretariat, round_, do="heads"))
    assert "1 head of an agency was named" in page
    assert "No head is entered for: Dinkes, Dishub" in page
    assert "The signing pages are being set" in text(steps(secretariat, round_, do="open"))
    perform_due()
    assert "Kepala Dinas Uji 01" in text(secretariat.get(url("signing-round", round_)))
    assert SigningRound.objects.get().state == "open"


def test_a_round_begins_with_what_the_paper_says_and_without_a_title_takes_that_of_the_edition(country, secretariat):
    edition, address = edition_of(country.plan), reverse("signing-new", args=[country.plan.slug])
    page = secretariat.get(f"{address}?edisi={edition.pk}&nomor=400/7&hari=2026-11-28&tempat=Pendopo")
    assert {'value="400/7"', 'value="Pendopo"'} <= set(text(page).split())
    assert page.context["form"].initial["held_on"] == datetime.date(2026, 11, 28)
    hostile = secretariat.get(f"{address}?edisi=x&nomor={'9' * 81}&hari=besok&tempat={'x' * 201}")
    assert set(hostile.context["form"].initial) == {"edition"}
    secretariat.post(address, {"edition": edition.pk, "title": " ", "order": "parallel"})
    assert SigningRound.objects.get().title == edition.title


def test_a_wrong_day_keeps_what_was_typed(country, secretariat):
    edition = edition_of(country.plan)
    data = {"edition": edition.pk, "title": "Komitmen kita", "held_on": "besok", "order": "parallel"}
    response = secretariat.post(reverse("signing-new", args=[country.plan.slug]), data)
    assert response.status_code == 422
    assert "Komitmen kita" in text(response)
    assert "besok" in text(response)


def test_an_edition_of_another_region_cannot_be_chosen(country, secretariat):
    foreign = edition_of(country.neighbour_plan)
    data = {"edition": foreign.pk, "title": "Komitmen", "order": "parallel"}
    assert secretariat.post(reverse("signing-new", args=[country.plan.slug]), data).status_code == 422
    assert not SigningRound.objects.exists()


def test_single_offices_and_new_ones_are_named(country, secretariat):
    round_ = round_of(country.plan, count=1, opened=False)
    position = head_of(country.government, 7)
    address = url("signing-offices", round_)
    assert "Kepala Dinas Uji 07: Pejabat 07" in text(secretariat.get(address))
    secretariat.post(address, {"do": "offices", "offices": [position.pk], "role": "signatory", "version": 1})
    new = {"new-organisation": country.ministry.pk, "new-title": "Direktur", "new-role": "witness", "version": 2}
    response = secretariat.post(address, {"do": "new", **new})
    assert (response.status_code, "Choose the account" in text(response)) == (422, True)
    secretariat.post(address, {"do": "new", **new, "new-account": country.ministry_admin.pk})
    witness = round_.signatories.get(role="witness")
    assert (witness.position.person, witness.order) == (country.ministry_admin.person, 3)


def test_who_is_named_is_moved_and_taken_out(country, secretariat):
    round_ = round_of(country.plan, count=2, opened=False)
    first, second = round_.signatories.all()
    secretariat.post(url("signing-signatory", round_, second.pk), {"do": "up", "version": 1})
    assert list(round_.signatories.order_by("order")) == [second, first]
    secretariat.post(url("signing-signatory", round_, first.pk), {"do": "remove", "version": 2})
    assert round_.signatories.count() == 1


def test_an_outdated_page_changes_nothing(country, secretariat):
    round_ = round_of(country.plan, count=2, opened=False)
    SigningRound.objects.update(version=5)
    signatory = round_.signatories.first()
    address = url("signing-signatory", round_, signatory.pk)
    response = secretariat.post(address, {"do": "remove", "version": 1}, follow=True)
    assert "Somebody else was faster" in text(response)
    assert round_.signatories.count() == 2


def test_the_paper_of_a_round_is_changed_only_before_it_opens(country, secretariat):
    round_ = round_of(country.plan, opened=False)
    data = {"title": "Pakta Integritas", "place": "Aula", "order": "series", "version": 1}
    secretariat.post(url("signing-edit", round_), data)
    assert SigningRound.objects.get().title == "Pakta Integritas"
    SigningRound.objects.update(state="cancelled", end_reason="-")
    assert secretariat.get(url("signing-edit", round_)).status_code == 302


def test_the_page_shows_who_signed_in_which_way_and_links_each_own_place(country, client_of):
    round_ = round_of(country.plan)
    first, second, third = round_.signatories.all()
    sign(first, 1)
    page = text(client_of(head_user(second)).get(url("signing-round", round_)))
    assert "not certified" in page
    assert url("signing-sign", round_, second.pk) in page
    assert url("signing-sign", round_, third.pk) not in page
    assert "of 3" in page


def test_sixty_signatories_cost_no_more_queries_than_three(country, client_of, django_assert_num_queries):
    for count in (3, 60):
        round_ = round_of(country.plan, count=count)
        sign(round_.signatories.first(), 1)
        client = client_of(country.coordinator)
        with django_assert_num_queries(12):
            client.get(url("signing-round", round_))
        with django_assert_num_queries(10):
            client.get(url("signing-remind", round_))


def test_nothing_personal_stands_on_the_page(country, client_of):
    round_ = round_of(country.plan)
    page = text(client_of(country.operator).get(url("signing-round", round_)))
    assert "19700101" not in page


@pytest.mark.parametrize("wish", ["close", "cancel"])
def test_a_round_ends_with_a_reason(country, secretariat, wish):
    round_ = round_of(country.plan)
    assert "Write why" in text(steps(secretariat, round_, do=wish))
    assert "Salah edisi" in text(steps(secretariat, round_, do=wish, reason="Salah edisi"))
    assert SigningRound.objects.get().state == {"close": "closed", "cancel": "cancelled"}[wish]


def test_a_round_with_a_signature_is_not_called_off_and_the_reason_stays_typed(country, secretariat):
    round_ = round_of(country.plan)
    sign(round_.signatories.first(), 1)
    response = steps(secretariat, round_, do="cancel", reason="Salah edisi")
    assert response.status_code == 422
    assert "Close the round instead" in text(response)


def test_the_secretariat_notes_a_refusal_asks_again_and_replaces(country, secretariat):
    round_ = round_of(country.plan, count=2)
    signatory, position = round_.signatories.first(), head_of(country.government, 9)
    address = url("signing-signatory", round_, signatory.pk)
    assert secretariat.post(address, {"do": "decline"}).status_code == 422
    secretariat.post(address, {"do": "decline", "reason": "Sakit"})
    assert "Sakit" in text(secretariat.get(address))
    secretariat.post(address, {"do": "again"})
    response = secretariat.post(address, {"do": "replace", "office": position.pk})
    assert (response.status_code, "Write why" in text(response)) == (422, True)
    secretariat.post(address, {"do": "replace", "office": position.pk, "reason": "Rotasi"})
    assert "instead of Kepala Dinas Uji 01" in text(secretariat.get(url("signing-round", round_)))


def test_reminding_shows_ready_texts_and_notes_the_day(country, secretariat):
    round_ = round_of(country.plan, count=2)
    page = text(secretariat.get(url("signing-remind", round_)))
    assert "Pejabat 01" in page
    assert url("signing-sign", round_, round_.signatories.first().pk) in page
    chosen = round_.signatories.values_list("pk", flat=True)
    response = secretariat.post(url("signing-remind", round_), {"signatory": list(chosen)}, follow=True)
    assert "2 offices were reminded" in text(response)
    assert "reminded today" in text(secretariat.get(url("signing-remind", round_)))


def test_what_is_signed_can_be_read_by_every_reader_of_the_region(country, client_of):
    round_ = round_of(country.plan)
    response = client_of(country.assessor).get(url("signing-document", round_))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert client_of(country.neighbour).get(url("signing-document", round_)).status_code == 404


def test_only_the_secretariat_runs_a_round(country, client_of):
    round_ = round_of(country.plan)
    for user in (country.operator, country.assessor, head_user(round_.signatories.first())):
        client = client_of(user)
        assert client.post(url("signing-steps", round_), {"do": "close", "reason": "-"}).status_code == 404
        assert client.get(url("signing-signatory", round_, round_.signatories.first().pk)).status_code == 404
    assert Signatory.objects.filter(state="waiting").count() == 3


def test_a_signatory_of_another_round_is_not_found(country, secretariat):
    round_, other = round_of(country.plan, count=1), round_of(country.plan, count=1)
    address = url("signing-signatory", round_, other.signatories.get().pk)
    assert secretariat.get(address).status_code == 404
    assert rounds.may_sign(head_user(other.signatories.get()), other.signatories.get())
