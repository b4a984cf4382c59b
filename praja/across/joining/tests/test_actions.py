"""Rows change hands with the word of both agencies, are joined, and come apart again while nothing moved on."""

import pytest

from praja.across.joining import actions
from praja.across.joining.kinds import INNOVATION, PROBLEM
from praja.across.joining.models import Consent, KeptApart, Transfer
from praja.foundation.accounts.models import Membership
from praja.foundation.audit.history import history_of
from praja.foundation.audit.rows import TooLate
from praja.foundation.evidence.models import Evidence
from praja.foundation.notices.models import Notice
from praja.foundation.plans.models import BudgetLine, Plan
from praja.foundation.workflow.steps import Refused
from praja.stages.analysis.models import Gap
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete as complete_innovation
from praja.stages.problems.models import Cause, Problem
from praja.stages.roadmap.models import Action
from tests.country import someone


@pytest.fixture
def driver(country):
    """The operator of Dinas Perhubungan."""
    return someone("dishub", "Dedi Dishub", "operator", country.transport)


@pytest.fixture
def problem(country):
    return other_problem(country, title="Antrean lama di puskesmas", organisation=country.health)


def other_problem(country, **values):
    """A draft of Dinas Perhubungan, or of another agency."""
    return Problem.objects.create(
        **{"plan": country.plan, "organisation": country.transport, "title": "Pasien menunggu lama", **values}
    )


def moved(country, problem, by, reason="Tupoksi pindah"):
    return actions.propose_move(PROBLEM, problem, to=country.transport, by=by, reason=reason)


def agreed(transfer, agency, by, *, agrees=True, note=""):
    transfer.refresh_from_db()
    actions.answer(transfer, agency, agrees=agrees, by=by, version=transfer.version, note=note)
    transfer.refresh_from_db()


# --- changing hands ---------------------------------------------------------------------------------------------------


def test_a_row_changes_hands_once_both_have_agreed(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    problem.refresh_from_db()
    assert (transfer.state, problem.organisation) == ("open", country.health)
    agreed(transfer, country.transport, driver)
    problem.refresh_from_db()
    assert (transfer.state, problem.organisation) == ("done", country.transport)
    assert problem.organisation_path == country.transport.path
    assert Transfer.objects.awaiting(country.transport).count() == 0


def test_the_coordinator_alone_moves_nothing(country, problem):
    transfer = moved(country, problem, country.coordinator)
    assert (transfer.state, transfer.consents.count()) == ("open", 0)
    problem.refresh_from_db()
    assert problem.organisation == country.health


def test_evidence_and_remarks_go_along(country, problem, driver):
    evidence = Evidence.objects.create(
        subject=problem._meta.label_lower, subject_id=problem.pk, organisation_path=problem.organisation_path,
        title="Foto", link="https://contoh.example/",
    )  # fmt: skip
    agreed(moved(country, problem, country.operator), country.transport, driver)
    evidence.refresh_from_db()
    assert evidence.organisation_path == country.transport.path


def test_the_first_who_declines_ends_it_and_says_why(country, problem, driver, django_capture_on_commit_callbacks):
    transfer = moved(country, problem, country.operator)
    with django_capture_on_commit_callbacks(execute=True):
        agreed(transfer, country.transport, driver, agrees=False, note="Bukan tupoksi kami.")
    problem.refresh_from_db()
    assert (transfer.state, problem.organisation) == ("declined", country.health)
    assert Notice.objects.filter(user=country.operator, address=f"/pindah-tangan/{transfer.pk}/").exists()
    assert history_of(problem)[0].remark == "Bukan tupoksi kami."


def test_declining_needs_a_reason(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    with pytest.raises(Refused):
        agreed(transfer, country.transport, driver, agrees=False, note=" ")
    transfer.refresh_from_db()
    assert transfer.is_open


def test_nobody_speaks_for_another_agency(country, problem, driver):
    transfer = moved(country, problem, country.coordinator)
    for person, agency in (
        (driver, country.health),
        (country.coordinator, country.health),
        (country.neighbour, country.health),
    ):
        with pytest.raises(PermissionError):
            agreed(transfer, agency, person)
    assert not transfer.consents.exists()


def test_a_word_from_paper_is_recorded_as_such(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    word = Consent(
        transfer=transfer, organisation=country.transport, agrees=True, manner="paper", note="Nota dinas 12/2026"
    )
    actions.record_consent(word, by=country.coordinator, version=transfer.version)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.consents.get(manner="paper").by_head) == ("done", True)
    assert history_of(transfer)[1].remark == "Nota dinas 12/2026"


def test_only_the_secretariat_records_and_only_with_a_paper(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    word = Consent(transfer=transfer, organisation=country.transport, agrees=True, manner="meeting", note="Rapat 12/11")
    with pytest.raises(PermissionError):
        actions.record_consent(word, by=country.operator, version=transfer.version)
    word.note = ""
    with pytest.raises(Refused):
        actions.record_consent(word, by=country.coordinator, version=transfer.version)


def test_two_who_decide_at_once_are_told_apart(country, problem, driver):
    transfer = moved(country, problem, country.coordinator)
    version = transfer.version
    actions.answer(transfer, country.health, agrees=True, by=country.operator, version=version)
    late = Transfer.objects.get(pk=transfer.pk)
    with pytest.raises(TooLate):
        actions.answer(late, country.transport, agrees=True, by=driver, version=version)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.consents.count()) == ("open", 1)


def test_an_agency_says_its_word_once(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    with pytest.raises(TooLate):
        agreed(transfer, country.health, country.operator)
    assert transfer.consents.count() == 1


@pytest.mark.parametrize("change", ["organisation", "withdrawn_at"])
def test_a_row_that_moved_on_meanwhile_lets_it_lapse(country, problem, driver, change):
    transfer = moved(country, problem, country.operator)
    values = {"organisation": country.transport, "withdrawn_at": transfer.created_at}
    Problem.objects.filter(pk=problem.pk).update(**{change: values[change]})
    agreed(transfer, country.transport, driver)
    assert transfer.state == "lapsed"


def test_a_row_is_about_to_change_hands_once(country, problem):
    moved(country, problem, country.operator)
    with pytest.raises(Refused):
        moved(country, problem, country.coordinator)
    assert Transfer.objects.count() == 1


def test_whoever_proposed_or_the_secretariat_takes_it_back(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    with pytest.raises(PermissionError):
        actions.take_back(transfer, by=driver, version=transfer.version)
    actions.take_back(transfer, by=country.coordinator, version=transfer.version)
    assert transfer.state == "taken_back"
    with pytest.raises(TooLate):
        agreed(transfer, country.transport, driver)
    assert moved(country, problem, country.operator).is_open


def test_an_accepted_row_keeps_its_acceptance_where_heads_do_not_approve(country, problem, driver):
    Problem.objects.filter(pk=problem.pk).update(state="accepted", dimension=country.dimension())
    problem.refresh_from_db()
    agreed(moved(country, problem, country.operator), country.transport, driver)
    problem.refresh_from_db()
    assert (problem.state, problem.organisation) == ("accepted", country.transport)


@pytest.mark.parametrize(("role", "state"), [("operator", "submitted"), ("agency_head", "accepted")])
def test_the_receiving_head_vouches_for_the_row_anew(country, problem, role, state):
    Plan.objects.filter(pk=country.plan.pk).update(head_approves=True)
    Problem.objects.filter(pk=problem.pk).update(state="accepted", dimension=country.dimension())
    problem = Problem.objects.get(pk=problem.pk)
    person = someone("penerima", "Rini Penerima", role, country.transport)
    agreed(moved(country, problem, country.operator), country.transport, person)
    problem.refresh_from_db()
    assert (problem.state, problem.organisation) == (state, country.transport)


def test_a_role_that_has_ended_says_nothing(country, problem, driver):
    transfer = moved(country, problem, country.operator)
    Membership.objects.filter(user=driver).update(ended_at=transfer.created_at)
    fresh = type(driver).objects.get(pk=driver.pk)
    with pytest.raises(PermissionError):
        agreed(transfer, country.transport, fresh)


# --- joining ----------------------------------------------------------------------------------------------------------


def joined(country, goes, stays, by, driver, *, taken=("description", "causes", "evidence")):
    """Two problems of two agencies, joined with the word of both."""
    transfer = actions.propose_join(PROBLEM, goes, into=stays, taken_over=taken, by=by, reason="Sama")
    if transfer.is_open:
        agreed(transfer, country.transport, driver)
    return transfer


def test_a_joined_row_is_withdrawn_and_points_to_the_one_that_stays(country, problem, driver):
    stays = other_problem(country)
    Cause.objects.create(problem=problem, kind="people", text="Kurang dokter")
    Problem.objects.filter(pk=problem.pk).update(description="Antre sejak subuh")
    problem.refresh_from_db()
    transfer = joined(country, problem, stays, country.operator, driver)
    problem.refresh_from_db()
    stays.refresh_from_db()
    assert (transfer.state, problem.merged_into, problem.withdrawn_at is None) == ("done", stays, False)
    assert (stays.description, stays.causes.get().text) == ("Antre sejak subuh", "Kurang dokter")
    assert list(stays.others.all()) == [country.health]
    assert list(stays.merged.all()) == [problem]


def test_what_was_not_chosen_stays_where_it_was(country, problem, driver):
    stays = other_problem(country, description="Milik Dishub")
    Cause.objects.create(problem=problem, kind="people", text="Kurang dokter")
    joined(country, problem, stays, country.operator, driver, taken=())
    stays.refresh_from_db()
    assert (stays.description, stays.causes.count(), problem.causes.count()) == ("Milik Dishub", 0, 1)


def test_innovations_of_the_row_that_goes_answer_the_one_that_stays(country, problem, driver):
    stays, innovation = other_problem(country), complete_innovation(country)
    innovation.problems.set([problem])
    joined(country, problem, stays, country.operator, driver)
    assert set(innovation.problems.in_service()) == {stays}


def test_a_row_that_takes_over_text_is_vouched_for_anew(country, problem, driver):
    stays = other_problem(country, state="accepted", dimension=country.dimension())
    Problem.objects.filter(pk=problem.pk).update(description="Antre sejak subuh")
    problem.refresh_from_db()
    joined(country, problem, stays, country.operator, driver)
    stays.refresh_from_db()
    assert stays.state == "submitted"


def test_a_joining_is_undone_while_nothing_moved_on(country, driver):
    goes, stays = (
        complete_innovation(country),
        complete_innovation(country, title="Lain", organisation=country.transport),
    )
    goal, lines = stays.goal, stays.budget_lines.count()
    Innovation.objects.filter(pk=goes.pk).update(goal="Tujuan lain")
    goes.refresh_from_db()
    transfer = actions.propose_join(
        INNOVATION, goes, into=stays, taken_over=["goal", "budget_lines"], by=country.operator, reason="Sama"
    )
    agreed(transfer, country.transport, driver)
    stays.refresh_from_db()
    assert (stays.goal, stays.budget_lines.count()) == ("Tujuan lain", lines + 1)
    actions.undo_join(transfer, by=country.coordinator, version=transfer.version)
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert (stays.goal, stays.budget_lines.count(), stays.supporting.count()) == (goal, lines, 0)
    assert (goes.withdrawn_at, goes.merged_into, goes.budget_lines.count()) == (None, None, 1)
    assert transfer.state == "undone"


def test_undoing_gives_back_causes_and_evidence(country, problem, driver):
    stays = other_problem(country)
    cause = Cause.objects.create(problem=problem, kind="people", text="Kurang dokter")
    Cause.objects.create(problem=stays, kind="data", text="Data lama", order=4)
    proof = Evidence.objects.create(
        subject=problem._meta.label_lower, subject_id=problem.pk, organisation_path=problem.organisation_path,
        title="Foto", link="https://contoh.example/",
    )  # fmt: skip
    transfer = joined(country, problem, stays, country.operator, driver)
    assert [one.text for one in stays.causes.all()] == ["Data lama", "Kurang dokter"]
    proof.refresh_from_db()
    assert (proof.subject_id, proof.organisation_path) == (stays.pk, country.transport.path)
    actions.undo_join(transfer, by=driver, version=transfer.version)
    proof.refresh_from_db()
    assert (list(problem.causes.all()), stays.causes.count()) == ([cause], 1)
    assert (proof.subject_id, proof.organisation_path) == (problem.pk, country.health.path)


def test_a_joining_that_was_written_on_is_not_undone(country, problem, driver):
    stays = other_problem(country)
    transfer = joined(country, problem, stays, country.operator, driver)
    Problem.objects.filter(pk=stays.pk).update(version=99)
    with pytest.raises(Refused):
        actions.undo_join(transfer, by=country.coordinator, version=transfer.version)
    transfer.refresh_from_db()
    assert transfer.state == "done"


def test_money_is_carried_along_only_when_asked_for():
    assert {below.name: below.is_preset for below in INNOVATION.below}["budget_lines"] is False


def test_rows_of_one_agency_are_joined_by_its_word_alone(country, problem):
    stays = other_problem(country, title="Antrean", organisation=country.health)
    transfer = actions.propose_join(PROBLEM, problem, into=stays, taken_over=(), by=country.operator, reason="Sama")
    assert transfer.state == "done"
    assert not stays.others.exists()


def test_a_row_that_is_gone_takes_nothing_in(country, problem):
    gone = other_problem(country, withdrawn_at=problem.created_at)
    with pytest.raises(Refused):
        actions.propose_join(PROBLEM, problem, into=gone, taken_over=(), by=country.coordinator, reason="Sama")


def test_two_rows_are_not_joined_into_each_other(country, problem, driver):
    stays = other_problem(country)
    actions.propose_join(PROBLEM, problem, into=stays, taken_over=(), by=country.operator, reason="Sama")
    with pytest.raises(Refused):
        actions.propose_join(PROBLEM, stays, into=problem, taken_over=(), by=driver, reason="Sama")


def test_money_that_is_carried_along_is_counted_once(country, driver):
    goes, stays = (
        complete_innovation(country),
        complete_innovation(country, title="Lain", organisation=country.transport),
    )
    before = BudgetLine.objects.filter(withdrawn_at=None).count()
    transfer = actions.propose_join(
        INNOVATION, goes, into=stays, taken_over=["budget_lines"], by=country.operator, reason="Sama"
    )
    agreed(transfer, country.transport, driver)
    assert BudgetLine.objects.filter(withdrawn_at=None).count() == before
    assert BudgetLine.objects.filter(withdrawn_at=None, innovation=stays).count() == before


# --- keeping both -----------------------------------------------------------------------------------------------------


def test_keeping_both_stands_in_the_history_of_both(country, problem):
    other = other_problem(country)
    actions.keep_apart(PROBLEM, other, problem, by=country.coordinator, reason="Loket dan poli")
    assert KeptApart.objects.get().first_id == min(problem.pk, other.pk)
    assert {history_of(row)[0].remark for row in (problem, other)} == {"Loket dan poli"}


def test_deciding_again_replaces_what_was_decided(country, problem):
    other = other_problem(country)
    for reason in ("Satu", "Dua"):
        actions.keep_apart(PROBLEM, problem, other, by=country.coordinator, reason=reason)
    assert KeptApart.objects.get(withdrawn_at=None).reason == "Dua"


def twins(country):
    """Two innovations of Dinas Kesehatan that say the same."""
    living = country.dimension()
    common = {"plan": country.plan, "organisation": country.health, "dimension": living}
    return [Innovation.objects.create(title=title, **common) for title in ("Antre dari Rumah", "Antre dari rumah saja")]


def test_what_a_joined_row_serves_and_closes_goes_along_and_comes_back(country):
    row, into = twins(country)
    gap = Gap.objects.create(
        plan=country.plan, sub_dimension=country.dimension().sub_dimensions.first(), element="Antrean"
    )
    row.gaps.add(gap)
    values = {"taken_over": [], "by": country.operator, "reason": "Sama"}
    transfer = actions.propose_join(INNOVATION, row, into=into, **values)
    assert (transfer.state, list(into.gaps.all())) == ("done", [gap])
    actions.undo_join(transfer, by=country.operator, version=transfer.version)
    assert not into.gaps.exists()


def test_a_row_that_the_action_plan_carries_out_does_not_disappear(country):
    row, into = twins(country)
    Action.objects.create(plan=country.plan, innovation=row, title="Pasang loket")
    with pytest.raises(Refused, match="rencana aksi"):
        actions.propose_join(INNOVATION, row, into=into, taken_over=[], by=country.operator, reason="Sama")


def test_a_joining_of_the_first_release_is_undone_too():
    assert actions.links_of(INNOVATION, [3, 4]) == {"problems": [3, 4]}
    assert actions.links_of(INNOVATION, {"gaps": [1]}) == {"gaps": [1]}
