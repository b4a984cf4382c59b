"""A server that is killed in the middle of an electronic signature: afterwards one signature counts or none, never two."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from praja.foundation.signing import electronic
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import Signature, SigningAttempt, SigningRound
from praja.foundation.signing.pdf import judging
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.test_electronic import NIK, first_of, gateway_at, head_of, secrets
from praja.foundation.workflow.steps import Refused

SIGNING = """
import os, signal, sys
import django
django.setup()
from importlib import import_module
from praja.foundation.accounts.models import User
from praja.foundation.signing import electronic
from praja.foundation.signing.gateway.secret import Secret, Secrets
from praja.foundation.signing.models import Signatory

def kill(*_anything, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

module, _, name = {where!r}.rpartition(".")
module = import_module("praja.foundation.signing." + module)
before = getattr(module, name)
setattr(module, name, (lambda *a, **b: (before(*a, **b), kill())) if {is_after} else kill)
electronic.sign(
    Signatory.objects.get(pk={signatory}), by=User.objects.get(pk={by}), way={way!r},
    secrets=Secrets(nik=Secret({nik!r}), passphrase=Secret({passphrase!r})),
)
"""
# Where it is killed: (function, after it instead of before it, whether what was done by then counts)
MOMENTS = {
    "before asking": ("electronic._content", False, False),
    "after the answer": ("pdf.judging.added", False, False),
    "after keeping the file": ("electronic._kept", True, False),
    "before storing": ("electronic._stored", False, True),
    "inside the transaction": ("rounds._to_chain", False, True),
    "at the end of the transaction": ("rounds._to_chain", True, True),
    "after the commit": ("electronic._stored", True, True),
}


def sign_and_be_killed(signatory, head, way, where, *, is_after):
    """Sign in a process that is killed at a moment."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    code = SIGNING.format(
        where=where,
        is_after=is_after,
        signatory=signatory.pk,
        by=head.pk,
        way=way,
        nik=NIK,
        passphrase=fake.PASSPHRASE,
    )
    own = {"PRAJA_HOME": str(settings.HOME), "PRAJA_DATABASE_URL": url, "PRAJA_LOG": "ERROR"}
    environment = {**os.environ, **own}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("way", ["own", "gateway"])
def test_after_a_kill_one_signature_counts_or_none(way, moment, country, monkeypatch):
    where, is_after, counts = MOMENTS[moment]
    monkeypatch.setattr(electronic, "SECONDS_TO_WAIT", 0)
    round_ = round_of(country.plan, way=way)
    original = head_of(round_)
    signatory, head = first_of(round_)
    with fake.running() as server:
        gateway_at(server.address, country.government)
        sign_and_be_killed(signatory, head, way, where, is_after=is_after)
        if moment != "after the commit":
            with pytest.raises(Refused):  # nobody knows yet whether it lives
                electronic.sign(signatory, by=head, way=way, secrets=secrets())
        SigningAttempt.objects.filter(state="going").update(lease_until=timezone.now())
        electronic.settle_left()
        assert SigningAttempt.objects.get().state == ("done" if counts else "abandoned")
        assert Signature.objects.count() == counts
        electronic.sign(signatory, by=head, way=way, secrets=secrets())
    signature = Signature.objects.get()
    assert (signature.revision, signature.person_name) == (1, head.person.full_name)
    assert SigningRound.objects.get(pk=round_.pk).signed.sha256 == signature.hash_after
    assert judging.added(original, head_of(round_)).certificate == signature.certificate


@pytest.mark.django_db
def test_what_was_kept_for_another_head_is_not_adopted(country):
    round_ = round_of(country.plan, way="own")
    first, second = round_.signatories.order_by("order")[:2]
    electronic.sign(first, by=head_user(first), way="own")
    done = SigningAttempt.objects.get()
    left = SigningAttempt.objects.create(
        round=round_, signatory=second, way="own", by=head_user(second), revision=1, lease_until=timezone.now(),
        hash_before=done.hash_before, hash_after=done.hash_after,
    )  # fmt: skip
    electronic.settle_left()
    left.refresh_from_db()
    assert (left.state, Signature.objects.count()) == ("abandoned", 1)


@pytest.mark.django_db
def test_who_comes_too_late_stores_nothing(country, monkeypatch):
    signatory, head = first_of(round_of(country.plan, way="own"))

    def late(*arguments):
        SigningAttempt.objects.update(lease_until=timezone.now())
        electronic.settle_left()
        return kept(*arguments)

    kept = electronic._kept
    monkeypatch.setattr(electronic, "_kept", late)
    with pytest.raises(Refused):
        electronic.sign(signatory, by=head, way="own")
    assert not Signature.objects.exists()
    assert (SigningAttempt.objects.get().state, SigningAttempt.objects.get().hash_after) == ("abandoned", "")


@pytest.mark.django_db
def test_what_somebody_adopted_meanwhile_is_answered_and_counts_once(country, monkeypatch):
    signatory, head = first_of(round_of(country.plan, way="own"))

    def late(attempt, *more):
        if not SigningAttempt.objects.filter(pk=attempt.pk, lease_until__lte=timezone.now()).update(problem=""):
            SigningAttempt.objects.update(lease_until=timezone.now())
            electronic.settle_left()
        return stored(attempt, *more)

    stored = electronic._stored
    monkeypatch.setattr(electronic, "_stored", late)
    assert electronic.sign(signatory, by=head, way="own") == Signature.objects.get()
    assert SigningAttempt.objects.get().state == "done"
