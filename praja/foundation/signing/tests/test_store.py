"""One door for all signatures: who waits becomes one who has signed, once, in order, or nothing is changed."""

from hashlib import sha256

import pytest
from django.utils import timezone

from praja.foundation.audit.models import ChainEntry, Event
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.signing.models import SheetScan, Signatory, Signature, SigningRound
from praja.foundation.signing.rounds import store_signature
from praja.foundation.signing.standing import standing_of
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.workflow.steps import Refused

pytestmark = pytest.mark.usefixtures("in_english")


State = SigningRound.State


def file_of(round_, salt):
    """A file in the storage whose row is not stored yet."""
    content = b"%%PDF-1.7 %d %d" % (round_.pk, salt)
    return keep(content, name="a.pdf", kind=contents.PDF, by=None, organisation_path=round_.organisation_path)


def electronic(signatory, revision):
    """The values of an electronic signature by the holder."""
    user = head_user(signatory)
    standing = standing_of(user, signatory, signatory.round.plan.today)
    head = SigningRound.objects.get(pk=signatory.round_id).head
    hashes = {"hash_before": head.sha256, "hash_after": sha256(b"%d" % revision).hexdigest()}
    return {"way": "own", "signed_at": timezone.now(), "revision": revision, **standing.columns(), **hashes}


def sign(signatory, revision):
    """Sign electronically as the holder."""
    round_ = SigningRound.objects.get(pk=signatory.round_id)
    signatory = Signatory.objects.get(pk=signatory.pk)
    return store_signature(
        signatory, values=electronic(signatory, revision), file=file_of(round_, revision), by=head_user(signatory)
    )


@pytest.fixture
def round_(country):
    """An open round of three."""
    return round_of(country.plan)


def test_a_round_as_tests_want_it_is_sound(round_):
    with round_.original.open() as original, round_.edition.pdf.open() as pdf:
        assert original.read().startswith(pdf.read())
    names = list(round_.signatories.values_list("printed_title", "page", "slot"))
    assert names == [(f"Kepala Dinas Uji 0{n}", 1, n - 1) for n in (1, 2, 3)]


def test_an_electronic_signature_moves_the_round_to_its_revision(round_):
    first, second, _third = round_.signatories.all()
    signature = sign(first, 1)
    round_.refresh_from_db()
    assert (round_.revision, round_.signed, round_.state) == (1, signature.file, State.OPEN)
    assert (signature.person_name, signature.position_title) == ("Pejabat 01", "Kepala Dinas Uji 01")
    sign(second, 2)
    round_.refresh_from_db()
    assert round_.revision == 2


def test_it_stands_in_the_history_and_last_in_the_chain(round_):
    signatory = round_.signatories.first()
    signature = sign(signatory, 1)
    assert Event.objects.about(signatory).get(verb="sign").by == head_user(signatory)
    entry = ChainEntry.objects.latest("seq")
    assert (entry.kind, entry.subject_id) == ("signature", signature.pk)


def test_the_same_revision_twice_is_refused_and_changes_nothing(round_):
    first, second, _third = round_.signatories.all()
    sign(first, 1)
    file = file_of(round_, 9)
    with pytest.raises(Refused, match="sign again"):
        store_signature(second, values=electronic(second, 1), file=file, by=head_user(second))
    assert file.pk is None
    second.refresh_from_db()
    assert (second.state, Signature.objects.count()) == ("waiting", 1)


def test_a_signature_upon_another_pdf_than_the_head_is_refused(round_):
    signatory = round_.signatories.first()
    values = electronic(signatory, 1) | {"hash_before": "0" * 64}
    with pytest.raises(Refused, match="sign again"):
        store_signature(signatory, values=values, file=file_of(round_, 1), by=head_user(signatory))
    round_.refresh_from_db()
    assert (round_.revision, round_.signed) == (0, None)


def test_who_has_signed_cannot_sign_again(round_):
    signatory = round_.signatories.first()
    sign(signatory, 1)
    with pytest.raises(Refused, match="does not wait"):
        sign(signatory, 2)
    round_.refresh_from_db()
    assert round_.revision == 1


def test_in_a_series_nobody_signs_before_an_earlier_place(round_):
    first, second, third = round_.signatories.all()
    SigningRound.objects.update(order="series")
    with pytest.raises(Refused, match="Kepala Dinas Uji 01 has not signed yet"):
        sign(second, 1)
    Signatory.objects.filter(pk=third.pk).update(role="witness")
    sign(third, 1)  # witnesses wait for nobody
    sign(first, 2)
    assert sign(second, 3).revision == 3


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_nobody_signs_in_a_round_that_is_over(round_, state):
    SigningRound.objects.filter(pk=round_.pk).update(state=state, end_reason="cukup")
    with pytest.raises(Refused, match="not open"):
        sign(round_.signatories.first(), 1)


def test_the_last_signature_completes_the_round(round_):
    for number, signatory in enumerate(round_.signatories.all(), 1):
        sign(signatory, number)
    round_.refresh_from_db()
    assert (round_.state, round_.ended_by) == (State.COMPLETE, head_user(signatory))
    assert Event.objects.about(round_).filter(verb="complete round").count() == 1


def test_who_declined_holds_the_round_open(country, round_):
    first, second, third = round_.signatories.all()
    Signatory.objects.filter(pk=first.pk).update(
        state="declined", decline_reason="rotasi", declined_at=timezone.now(), declined_by=country.coordinator
    )
    sign(second, 1)
    sign(third, 2)
    round_.refresh_from_db()
    assert round_.state == State.OPEN


def test_wet_ink_leaves_the_electronic_pdf_alone(country, round_):
    signatory = round_.signatories.first()
    file = file_of(round_, 1)
    file.save()
    scan = SheetScan.objects.create(round=round_, file=file, file_page=1, sheet_page=1, created_by=country.operator)
    values = electronic(signatory, 1) | {"way": "wet", "revision": None, "scan": scan}
    values |= {"scanned_by": country.operator, "confirmed_by": country.coordinator, "confirmed_at": timezone.now()}
    signature = store_signature(signatory, values=values, file=file, by=country.coordinator)
    round_.refresh_from_db()
    assert (round_.revision, round_.signed, signature.file) == (0, None, file)
