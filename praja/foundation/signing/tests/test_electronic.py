"""The one way an electronic signature is given: through a gateway or by Praja's own certificate, in series, never twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from praja.foundation.accounts import ciphers
from praja.foundation.signing import electronic
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.gateway.client import PURPOSE
from praja.foundation.signing.gateway.problems import GatewayError, Problem
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Gateway, Signatory, Signature, SigningAttempt, SigningRound
from praja.foundation.signing.pdf import judging
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.workflow.steps import Refused

NIK = "3205010101700001"


def fault(name):
    """The NIK that brings about a fault."""
    return next(nik for nik, what in fake.FAULTS.items() if what == name)


def secrets(nik=NIK, passphrase=fake.PASSPHRASE, **more):
    return Secrets(nik=Secret(nik), passphrase=Secret(passphrase), **more)


def gateway_at(address, government, api="v2", password=fake.PASSWORD):
    return Gateway.objects.create(
        government=government,
        address=address,
        api=api,
        username=fake.USERNAME,
        secret=ciphers.enciphered(PURPOSE, password),
    )


@pytest.fixture(scope="module")
def server():
    """A fake gateway whose slow answers take two seconds."""
    with fake.running(slow_seconds=2) as server:
        yield server


@pytest.fixture
def gateway(server, country):
    """The gateway of Kabupaten Uji."""
    return gateway_at(server.address, country.government)


def first_of(round_):
    signatory = round_.signatories.order_by("order").first()
    return signatory, head_user(signatory)


def head_of(round_):
    round_ = SigningRound.objects.get(pk=round_.pk)
    with round_.head.open() as file:
        return file.read()


@pytest.mark.django_db
def test_own_signatures_follow_each_other_in_one_pdf(country):
    round_ = round_of(country.plan, count=3, way="own")
    original = head_of(round_)
    for signatory in round_.signatories.order_by("-order"):
        before = head_of(round_)
        signature = electronic.sign(signatory, by=head_user(signatory), way="own")
        assert judging.added(before, head_of(round_)).certificate == signature.certificate
    round_.refresh_from_db()
    assert (round_.state, round_.revision) == ("complete", 3)
    assert head_of(round_).startswith(original)
    assert set(SigningAttempt.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_a_gateway_of_either_generation_signs(api, server, country):
    gateway_at(server.address, country.government, api=api)
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    before = head_of(signatory.round)
    signature = electronic.sign(signatory, by=head, way="gateway", secrets=secrets())
    assert signature.certificate["issuer"] == fake.AUTHORITY
    assert (signature.way, signature.revision, signature.person_name) == ("gateway", 1, head.person.full_name)
    assert head_of(signatory.round).startswith(before)


@pytest.mark.django_db
def test_a_one_time_code_is_asked_for_and_signs_once(gateway, country):
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    with pytest.raises(GatewayError) as refused:
        electronic.sign(signatory, by=head, way="gateway", secrets=Secrets(nik=Secret(NIK), code=Secret(fake.CODE)))
    assert refused.value.problem == Problem.CODE
    electronic.ask_code(signatory, by=head, secrets=Secrets(email=Secret("kepala@contoh.go.id")))
    shown = Secrets(email=Secret("kepala@contoh.go.id"), code=Secret(fake.CODE))
    assert electronic.sign(signatory, by=head, way="gateway", secrets=shown).revision == 1


@pytest.mark.django_db
def test_a_code_that_comes_late_signs_nothing(gateway, country):
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    electronic.ask_code(signatory, by=head, secrets=Secrets(nik=Secret(fault("late code"))))
    with pytest.raises(GatewayError) as refused:
        electronic.sign(
            signatory, by=head, way="gateway", secrets=Secrets(nik=Secret(fault("late code")), code=Secret(fake.CODE))
        )
    assert refused.value.problem == Problem.CODE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("down", Problem.UNREACHABLE),
        ("slow", Problem.SLOW),
        ("twice", Problem.RUBBISH),
        ("rubbish", Problem.RUBBISH),
        ("expired", Problem.EXPIRED),
        ("unregistered", Problem.NOT_REGISTERED),
        ("busy", Problem.BUSY),
        ("two files", Problem.RUBBISH),
        ("other document", Problem.RUBBISH),
        ("signed then silent", Problem.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("api", ["v1", "v2"])
def test_after_a_fault_no_signature_counts_and_the_next_try_does(api, name, problem, server, country, monkeypatch):
    monkeypatch.setattr(f"praja.foundation.signing.gateway.{api}.SIGN_SECONDS", 1 if name == "slow" else 20)
    gateway_at(server.address, country.government, api=api)
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    before = head_of(signatory.round)
    with pytest.raises(GatewayError) as refused:
        electronic.sign(signatory, by=head, way="gateway", secrets=secrets(nik=fault(name)))
    assert refused.value.problem == problem
    assert head_of(signatory.round) == before
    assert (SigningAttempt.objects.get().state, SigningAttempt.objects.get().problem) == ("failed", problem)
    assert not Signature.objects.exists()
    monkeypatch.setattr(f"praja.foundation.signing.gateway.{api}.SIGN_SECONDS", 20)
    assert electronic.sign(signatory, by=head, way="gateway", secrets=secrets()).revision == 1


@pytest.mark.django_db
def test_nobody_listens(country):
    gateway_at("http://127.0.0.1:9", country.government)
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    with pytest.raises(GatewayError) as refused:
        electronic.sign(signatory, by=head, way="gateway", secrets=secrets())
    assert refused.value.problem == Problem.UNREACHABLE


@pytest.mark.django_db
def test_after_three_wrong_passphrases_there_is_a_pause_in_every_round(gateway, country, server):
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    for _try in range(3):
        with pytest.raises(GatewayError) as wrong:
            electronic.sign(signatory, by=head, way="gateway", secrets=secrets(passphrase="salah"))
        assert wrong.value.problem == Problem.PASSPHRASE
    asked = len(server.fake.signed)
    with pytest.raises(Refused, match="15"):
        electronic.sign(signatory, by=head, way="gateway", secrets=secrets())
    assert len(server.fake.signed) == asked
    SigningAttempt.objects.update(ended_at=timezone.now() - timedelta(minutes=16))
    assert electronic.sign(signatory, by=head, way="gateway", secrets=secrets()).revision == 1


@pytest.mark.django_db
def test_a_gateway_whose_words_nobody_knows_is_not_asked_without_end(gateway, country, server):
    signatory, head = first_of(round_of(country.plan, way="gateway"))
    now = timezone.now()
    SigningAttempt.objects.bulk_create(
        SigningAttempt(
            round=signatory.round, signatory=signatory, way="gateway", by=head, revision=1, lease_until=now,
            state="failed", problem=Problem.DECLINED, ended_at=now,
        )
        for _try in range(electronic.MOST_DECLINED)
    )  # fmt: skip
    asked = len(server.fake.signed)
    with pytest.raises(Refused, match="15"):
        electronic.sign(signatory, by=head, way="gateway", secrets=secrets())
    assert len(server.fake.signed) == asked


@pytest.mark.django_db
def test_sent_twice_it_signs_once(country):
    signatory, head = first_of(round_of(country.plan, way="own"))
    assert electronic.sign(signatory, by=head, way="own") == electronic.sign(signatory, by=head, way="own")
    assert Signature.objects.count() == 1


@pytest.mark.django_db
def test_who_does_not_hold_the_office_signs_nothing(country):
    round_ = round_of(country.plan, way="own")
    first, second = round_.signatories.order_by("order")[:2]
    with pytest.raises(Refused):
        electronic.sign(first, by=head_user(second), way="own")
    assert not SigningAttempt.objects.exists()


@pytest.mark.django_db
def test_in_a_series_everybody_waits_for_their_turn(country):
    round_ = round_of(country.plan, way="own")
    SigningRound.objects.filter(pk=round_.pk).update(order="series")
    first, second = round_.signatories.order_by("order")[:2]
    with pytest.raises(Refused):
        electronic.sign(second, by=head_user(second), way="own")
    electronic.sign(first, by=head_user(first), way="own")
    assert electronic.sign(second, by=head_user(second), way="own").revision == 2


@pytest.mark.django_db
def test_while_somebody_else_signs_one_is_asked_to_press_again(country, monkeypatch):
    monkeypatch.setattr(electronic, "SECONDS_TO_WAIT", 0.2)
    round_ = round_of(country.plan, way="own")
    first, second = round_.signatories.order_by("order")[:2]
    attempt = electronic._taken(first, head_user(first), "own")
    with pytest.raises(Refused):
        electronic.sign(second, by=head_user(second), way="own")
    SigningAttempt.objects.filter(pk=attempt.pk).update(lease_until=timezone.now())
    assert electronic.sign(second, by=head_user(second), way="own").revision == 1
    attempt.refresh_from_db()
    assert attempt.state == "abandoned"


@pytest.mark.django_db
def test_a_head_that_the_storage_changed_is_not_signed(country):
    signatory, head = first_of(round_of(country.plan, way="own"))
    round_ = signatory.round
    type(round_.original).objects.filter(pk=round_.original_id).update(sha256="0" * 64)
    with pytest.raises(Refused):
        electronic.sign(signatory, by=head, way="own")


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_second_end_in_one_valid_pdf(country, monkeypatch):
    monkeypatch.setattr(electronic, "SECONDS_TO_WAIT", 30)
    round_ = round_of(country.plan, count=4, way="own")
    original, begin, outcomes = head_of(round_), threading.Barrier(4), []

    def sign(signatory, head):
        begin.wait()
        try:
            outcomes.append(electronic.sign(signatory, by=head, way="own").revision)
        except Refused as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(one, head_user(one))) for one in round_.signatories.all()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [1, 2, 3, 4]
    assert head_of(round_).startswith(original)
    assert judging.count_of(head_of(round_)) == 4
    assert Signatory.objects.filter(round=round_, state="signed").count() == 4
