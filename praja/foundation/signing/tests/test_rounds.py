"""A round from its preparation to its end: who is named, in which order, what opens it, and each way out."""

import datetime

import pytest
from django.utils import timezone

from praja.foundation.accounts.models import Organisation, Person, Position, User
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.models import Edition
from praja.foundation.jobs.worker import perform_due
from praja.foundation.notices.models import Notice
from praja.foundation.signing import rounds
from praja.foundation.signing.models import Signatory, SigningRound
from praja.foundation.signing.tests.making import edition_of, head_of, head_user, round_of
from praja.foundation.signing.tests.test_store import sign
from praja.foundation.workflow.steps import Refused

pytestmark = pytest.mark.usefixtures("in_english")


State = SigningRound.State
ADDRESS = "http://localhost:8000"


@pytest.fixture
def by(country):
    """The secretariat."""
    return country.coordinator


@pytest.fixture
def prepared(country, by):
    """A round that is being prepared, with nobody in it yet."""
    return rounds.prepare(edition_of(country.plan), plan=country.plan, by=by, title="Komitmen")


def agency(country, name, **values):
    """An agency with its head."""
    row = Organisation.objects.create(
        kind="agency", agency_kind="agency", parent=country.government, name=name, **values
    )
    person = Person.objects.create(name=f"Kepala {name}")
    return Position.objects.create(organisation=row, title=f"Kepala {name}", person=person, is_head=True)


def names(round_):
    """The agencies that sign, in their order."""
    return list(round_.signatories.order_by("order").values_list("organisation__name", flat=True))


def fresh(round_):
    """The round as it stands now."""
    return SigningRound.objects.get(pk=round_.pk)


def test_all_heads_come_in_protocol_order_and_agencies_without_a_head_are_named(country, prepared, by):
    for name in ("Dinas Sosial", "Badan Kepegawaian", "Inspektorat Daerah", "Sekretariat DPRD", "Sekretariat Daerah"):
        agency(country, name)
    agency(country, "Kecamatan Awal")
    Organisation.objects.filter(name="Kecamatan Awal").update(agency_kind="district")
    count, without = rounds.add_heads(prepared, by=by, version=prepared.version)
    assert names(prepared) == [
        "Sekretariat Daerah", "Sekretariat DPRD", "Inspektorat Daerah", "Badan Kepegawaian", "Dinas Sosial", "Kecamatan Awal",
    ]  # fmt: skip
    assert (count, {one.name for one in without}) == (6, {"Dinas Kesehatan", "Dinas Perhubungan"})
    assert rounds.add_heads(prepared, by=by, version=prepared.version)[0] == 0


def test_the_definitive_head_is_named_though_somebody_acts_meanwhile(country, prepared, by):
    head = agency(country, "Dinas Sosial")
    Position.objects.create(
        organisation=head.organisation,
        title=head.title,
        person=Person.objects.create(name="Wakil"),
        acting="plh",
        is_head=True,
    )
    rounds.add_heads(prepared, by=by, version=prepared.version)
    assert prepared.signatories.get().position == head


def test_more_than_120_are_refused(country, prepared, by, monkeypatch):
    monkeypatch.setattr(rounds, "MOST", 1)
    with pytest.raises(Refused, match="at most 1 signatories"):
        rounds.add(prepared, [head_of(country.government, 1), head_of(country.government, 2)], by=by, version=1)


def test_an_office_is_named_once(country, prepared, by):
    position = head_of(country.government, 1)
    rounds.add(prepared, [position], by=by, version=prepared.version)
    with pytest.raises(Refused, match="named in the round already"):
        rounds.add(fresh(prepared), [position], by=by, version=fresh(prepared).version)


def test_a_witness_without_a_row_gets_one(country, prepared, by):
    office = rounds.NewOffice(country.ministry, "Pembimbing", "Prof. Ani")
    rounds.add_new_office(prepared, office, role="witness", by=by, version=prepared.version)
    witness = prepared.signatories.get()
    assert (witness.role, str(witness.position), str(witness.position.person)) == ("witness", "Pembimbing", "Prof. Ani")
    assert not witness.position.is_head


def test_who_is_named_can_be_moved_and_taken_out_while_it_is_prepared(country, by):
    round_ = round_of(country.plan, opened=False)
    first, _second, third = round_.signatories.all()
    rounds.move(third, -2, by=by, version=third.round.version)
    assert names(round_) == ["Dinas Uji 03", "Dinas Uji 01", "Dinas Uji 02"]
    first = Signatory.objects.get(pk=first.pk)
    rounds.remove(first, by=by, version=first.round.version)
    assert list(round_.signatories.order_by("order").values_list("order", flat=True)) == [1, 2]
    rounds.put_in_protocol_order(fresh(round_), by=by, version=fresh(round_).version)
    assert names(round_) == ["Dinas Uji 02", "Dinas Uji 03"]


def test_two_who_change_the_round_at_once_do_not_undo_each_other(country, by):
    round_ = round_of(country.plan, opened=False)
    rounds.amend(fresh(round_), {"place": "Aula"}, by=by, version=1)
    with pytest.raises(TooLate):
        rounds.amend(fresh(round_), {"place": "Pendopo"}, by=by, version=1)


def test_an_open_round_is_not_prepared_any_more(country, by):
    round_ = round_of(country.plan)
    with pytest.raises(Refused, match="open already"):
        rounds.remove(round_.signatories.first(), by=by, version=round_.version)


def test_a_round_without_signatories_does_not_open(prepared, by):
    with pytest.raises(Refused, match="Name who signs"):
        rounds.ask_to_open(prepared, address=ADDRESS, by=by, version=prepared.version)


def test_a_round_with_an_office_that_nobody_holds_does_not_open(country, by):
    round_ = round_of(country.plan, opened=False)
    Position.objects.filter(title="Kepala Dinas Uji 02").update(person=None)
    assert "Kepala Dinas Uji 02" in rounds.missing_before_opening(round_)[0]


def test_opening_freezes_names_and_places_and_makes_the_papers(country, by, django_capture_on_commit_callbacks):
    round_ = round_of(country.plan, count=7, opened=False)
    rounds.ask_to_open(round_, address=ADDRESS, by=by, version=round_.version)
    with django_capture_on_commit_callbacks(execute=True):
        perform_due()
    round_ = fresh(round_)
    assert (round_.state, round_.sheet_pages, round_.opened_by) == (State.OPEN, 2, by)
    last = round_.signatories.last()
    assert (last.page, last.slot, last.printed_name, last.printed_title) == (2, 1, "Pejabat 07", "Kepala Dinas Uji 07")
    with round_.original.open() as original, round_.edition.pdf.open() as pdf:
        assert original.read().startswith(pdf.read())
    notice = Notice.objects.get(user=head_user(last))
    assert notice.address == f"/{country.plan.slug}/penandatanganan/{round_.pk}/tanda-tangan/{last.pk}/"


def test_a_round_that_is_changed_while_it_opens_stays_closed(country, by):
    round_ = round_of(country.plan, opened=False)
    job = rounds.ask_to_open(round_, address=ADDRESS, by=by, version=round_.version)
    rounds.amend(fresh(round_), {"place": "Aula"}, by=by, version=fresh(round_).version)
    perform_due()
    job.refresh_from_db()
    assert (job.state, fresh(round_).state) == ("failed", State.PREPARED)


def test_asking_twice_to_open_is_one_job(country, by):
    round_ = round_of(country.plan, opened=False)
    rounds.ask_to_open(round_, address=ADDRESS, by=by, version=round_.version)
    with pytest.raises(TooLate):
        rounds.ask_to_open(SigningRound.objects.get(pk=round_.pk), address=ADDRESS, by=by, version=1)


def test_who_declines_says_why_and_the_secretariat_is_told(country, by, django_capture_on_commit_callbacks):
    signatory = round_of(country.plan).signatories.first()
    with pytest.raises(Refused, match="Write why"):
        rounds.decline(signatory, reason=" ", by=head_user(signatory))
    with django_capture_on_commit_callbacks(execute=True):
        rounds.decline(signatory, reason="Masih dibahas", by=head_user(signatory))
    assert signatory.state == "declined"
    assert "Masih dibahas" in Notice.objects.get(user=by).text
    with pytest.raises(Refused, match="does not wait"):
        rounds.decline(signatory, reason="Lagi", by=head_user(signatory))


def test_who_declined_can_be_asked_again(country, by):
    signatory = round_of(country.plan).signatories.first()
    rounds.decline(signatory, reason="Masih dibahas", by=by)
    rounds.ask_again(signatory, by=by)
    assert (signatory.state, signatory.declined_by, signatory.decline_reason) == ("waiting", None, "")
    with pytest.raises(Refused, match="asked again already"):
        rounds.ask_again(signatory, by=by)


def test_a_replacement_gets_a_box_on_a_further_page(country, by):
    round_ = round_of(country.plan, count=2)
    first, second = round_.signatories.all()
    new = rounds.replace(first, head_of(country.government, 8), reason="Rotasi", address=ADDRESS, by=by)
    other = rounds.replace(second, head_of(country.government, 9), reason="Rotasi", address=ADDRESS, by=by)
    assert (first.state, new.replaces, new.page, new.slot, new.printed_name) == ("replaced", first, 2, 0, "Pejabat 08")
    assert (other.page, other.slot, other.order) == (2, 1, 2)
    before = round_.original_id
    perform_due()
    round_ = fresh(round_)
    assert (round_.sheet_pages, round_.original_id == before) == (2, False)


def test_once_signed_the_electronic_original_keeps_its_pages(country, by):
    round_ = round_of(country.plan, count=2)
    first, second = round_.signatories.all()
    sign(first, 1)
    before = fresh(round_)
    new = rounds.replace(second, head_of(country.government, 9), reason="Rotasi", address=ADDRESS, by=by)
    perform_due()
    after = fresh(round_)
    assert (after.original_id, after.signed_id) == (before.original_id, before.signed_id)
    assert (after.sheet_id != before.sheet_id, after.sheet_pages) == (True, 1)
    assert not rounds.has_electronic_box(Signatory.objects.get(pk=new.pk))
    with pytest.raises(Refused, match="in ink"):
        sign(new, 2)


@pytest.mark.parametrize(("position", "reason", "why"), [(2, "Rotasi", "named"), (8, " ", "Write why")])
def test_a_replacement_that_cannot_be_changes_nothing(country, by, position, reason, why):
    round_ = round_of(country.plan, count=2)
    first, second = round_.signatories.all()
    office = second.position if position == 2 else head_of(country.government, 8)
    with pytest.raises(Refused, match=why):
        rounds.replace(first, office, reason=reason, address=ADDRESS, by=by)
    assert Signatory.objects.get(pk=first.pk).state == "waiting"


def test_who_has_signed_is_not_replaced(country, by):
    round_ = round_of(country.plan, count=2)
    first = round_.signatories.first()
    sign(first, 1)
    with pytest.raises(Refused, match="does not wait"):
        rounds.replace(first, head_of(country.government, 8), reason="Rotasi", address=ADDRESS, by=by)


def test_a_round_is_closed_early_with_a_reason_and_keeps_what_was_signed(country, by):
    round_ = round_of(country.plan)
    sign(round_.signatories.first(), 1)
    with pytest.raises(Refused, match="Write why"):
        rounds.close(round_, reason="", by=by)
    rounds.close(round_, reason="Sisanya menyusul lewat adendum", by=by)
    assert (round_.state, round_.ended_by) == (State.CLOSED, by)
    assert round_.signatories.filter(state="signed").count() == 1
    with pytest.raises(Refused, match="ended already"):
        rounds.close(round_, reason="Lagi", by=by)


def test_a_round_is_called_off_only_before_a_signature(country, by):
    round_ = round_of(country.plan)
    rounds.cancel(round_of(country.plan, opened=False), reason="Salah edisi", by=by)
    sign(round_.signatories.first(), 1)
    with pytest.raises(Refused, match="Close the round instead"):
        rounds.cancel(fresh(round_), reason="Salah edisi", by=by)
    assert fresh(round_).state == State.OPEN
    rounds.cancel(round_of(country.plan), reason="Salah edisi", by=by)


def test_in_a_series_one_comes_after_the_other_and_witnesses_at_any_time(country, django_capture_on_commit_callbacks):
    round_ = round_of(country.plan)
    SigningRound.objects.filter(pk=round_.pk).update(order="series")
    first, second, third = round_.signatories.all()
    Signatory.objects.filter(pk=third.pk).update(role="witness")
    round_ = fresh(round_)
    assert [one.pk for one in rounds.waiting_now(round_)] == [first.pk, third.pk]
    with django_capture_on_commit_callbacks(execute=True):
        sign(first, 1)
    assert [one.pk for one in rounds.waiting_now(round_)] == [second.pk, third.pk]
    assert Notice.objects.filter(user=head_user(second)).count() == 1


def test_reminding_tells_each_once_a_day(country, by, django_capture_on_commit_callbacks):
    round_ = round_of(country.plan)
    waiting = list(round_.signatories.all())
    with django_capture_on_commit_callbacks(execute=True):
        assert rounds.remind(round_, waiting, by=by) == 3
    assert rounds.remind(round_, waiting, by=by) == 0
    assert Notice.objects.filter(user__username__startswith="kepala").count() == 3
    Signatory.objects.update(reminded_at=timezone.now() - datetime.timedelta(days=2))
    assert rounds.remind(round_, waiting[:1], by=by) == 1
    assert Event.objects.about(round_).filter(verb="remind signatories").count() == 3


def test_nobody_is_reminded_of_a_round_that_is_over(country, by):
    round_ = round_of(country.plan)
    rounds.close(round_, reason="Cukup", by=by)
    with pytest.raises(Refused, match="not open"):
        rounds.remind(round_, list(round_.signatories.all()), by=by)
    assert User.objects.filter(notices__isnull=False).count() == 0


def test_one_office_is_named_once_also_when_somebody_acts_for_it(country, prepared, by):
    head = agency(country, "Dinas Ganda")
    acting = Position.objects.create(
        organisation=head.organisation, title="Kepala Dinas Ganda", is_head=True, acting="plt",
        person=Person.objects.create(name="Pelaksana"),
    )  # fmt: skip
    rounds.add(prepared, [head], by=by, version=prepared.version)
    with pytest.raises(Refused, match="whoever holds it or acts for it signs there"):
        rounds.add(prepared, [acting], by=by, version=prepared.version)
    mentors = [
        Position.objects.create(
            organisation=country.ministry, title="Pembimbing", person=Person.objects.create(name=name)
        )
        for name in ("Asti", "Bima")
    ]
    rounds.add(prepared, mentors, role="witness", by=by, version=prepared.version)
    assert prepared.signatories.count() == 3


def test_a_document_that_was_revoked_is_neither_opened_nor_signed(country, prepared, by):
    round_ = round_of(country.plan)
    Edition.objects.update(status="revoked", reason="Salah angka")
    prepared.refresh_from_db()
    assert "revoked" in rounds.missing_before_opening(prepared)[0]
    with pytest.raises(Refused, match="revoked"):
        sign(round_.signatories.first(), 1)
