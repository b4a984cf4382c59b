"""Several at the same second: they really meet, in threads with connections of their own, and nothing is signed twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import translation

from praja.foundation.audit.models import ChainEntry
from praja.foundation.signing import rounds
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.test_store import electronic, file_of
from praja.foundation.workflow.steps import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """What became of each act, all of which begin at the same moment: "done" or "refused"."""
    barrier = Barrier(len(acts))

    def one(act):
        try:
            with translation.override("en"):
                barrier.wait(30)
                act()
        except Refused:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(people.map(one, acts))


def signing(signatory, revision):
    """What stores a signature that is made already, upon the head as it is now."""
    signatory = Signatory.objects.select_related("round__plan").get(pk=signatory.pk)
    values, file, by = electronic(signatory, revision), file_of(signatory.round, signatory.pk), head_user(signatory)
    return lambda: rounds.store_signature(signatory, values=values, file=file, by=by)


def test_of_two_who_sign_at_the_same_second_one_is_asked_to_sign_again(country):
    round_ = round_of(country.plan)
    first, second, _third = round_.signatories.all()
    assert at_once(signing(first, 1), signing(second, 1)) == ["done", "refused"]
    round_.refresh_from_db()
    assert (round_.revision, Signature.objects.count(), ChainEntry.objects.filter(kind="signature").count()) == (
        1,
        1,
        1,
    )
    assert round_.signatories.filter(state="waiting").count() == 2


def test_one_who_signs_twice_at_the_same_second_signs_once(country):
    signatory = round_of(country.plan, count=2).signatories.first()
    assert at_once(signing(signatory, 1), signing(signatory, 1)) == ["done", "refused"]
    assert Signature.objects.count() == 1


def test_a_round_that_is_closed_at_the_same_second_holds_the_signature_or_refuses_it(country):
    round_ = round_of(country.plan, count=2)
    signatory, by = round_.signatories.first(), country.coordinator
    found = at_once(signing(signatory, 1), lambda: rounds.close(round_, reason="Cukup", by=by))
    assert found in (["done", "done"], ["done", "refused"])
    state = SigningRound.objects.get().state
    assert (state, Signature.objects.count()) in [("closed", 0), ("closed", 1)]


def test_who_declines_and_signs_at_the_same_second_did_one_of_both(country):
    signatory = round_of(country.plan, count=2).signatories.select_related("round__plan").first()
    by = head_user(signatory)
    act = signing(signatory, 1)
    assert at_once(act, lambda: rounds.decline(signatory, reason="Tidak", by=by)) == ["done", "refused"]
    state = Signatory.objects.get(pk=signatory.pk).state
    assert (state, Signature.objects.count()) in [("signed", 1), ("declined", 0)]
