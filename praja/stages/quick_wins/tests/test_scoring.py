"""Working groups score on one page; what is late is refused and recorded; owners step back; nothing typed is lost."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from praja.foundation.accounts.models import Membership
from praja.foundation.audit.models import Event
from praja.foundation.drafts.models import Draft
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import scoring
from praja.stages.quick_wins.actions import withdraw
from praja.stages.quick_wins.models import Round, Score, ScoreSheet
from praja.stages.quick_wins.tests.scored import give, nominee, posted, round_of, sheet_of
from praja.stages.quick_wins.values import values_of
from tests.country import someone

MEETING = {"held_on": "2026-11-20", "members": "Budi, Bappeda", "minutes": "Disepakati."}


@pytest.fixture
def scored(country):
    """A round with one nominee in "living" and its open sheet: (round, nominee, sheet)."""
    round_ = round_of(country)
    one = nominee(country, round_, "Antre daring")
    return round_, one, sheet_of(country, round_)


def address(sheet, dimension="living"):
    return reverse("score-sheet", args=[sheet.pk, dimension])


def test_a_group_begins_its_sheet_once(country, client_of):
    round_ = round_of(country)
    nominee(country, round_, "Antre daring")
    client = client_of(country.coordinator)
    url = reverse("score-begin", args=[round_.pk, "living"])
    assert client.post(url).status_code == client.post(url).status_code == 302
    assert ScoreSheet.objects.count() == 1
    assert client.post(reverse("score-begin", args=[round_.pk, "economy"])).status_code == 302
    assert ScoreSheet.objects.count() == 1  # no nominee there


def test_scores_reasons_and_the_meeting_are_saved_on_one_page(country, client_of, scored):
    _round, one, sheet = scored
    criterion = sheet.round.criteria.get(key="benefit")
    page = client_of(country.coordinator).get(address(sheet))
    assert f'name="score-{one.pk}-{criterion.pk}"'.encode() in page.content
    data = posted(sheet, one, 4, None, **MEETING, **{f"why-{one.pk}-{criterion.pk}": "Antrean panjang"})
    assert client_of(country.coordinator).post(address(sheet), data).status_code == 302
    row = Score.objects.get()
    assert (row.value, row.reason, row.criterion) == (4, "Antrean panjang", criterion)
    sheet.refresh_from_db()
    assert sheet.held_on == datetime.date(2026, 11, 20)
    assert "Antre daring" in str(Event.objects.about(sheet).first().changes)


@pytest.mark.parametrize("text", ["5", "-1", "x", "1.5", "٣", "44"])
def test_a_score_that_is_no_step_is_refused_and_what_was_typed_stays(country, client_of, scored, text):
    _round, one, sheet = scored
    answer = client_of(country.coordinator).post(address(sheet), posted(sheet, one, text, 2, **MEETING))
    assert answer.status_code == 422
    assert f'value="{text}"' in answer.content.decode()
    assert not Score.objects.exists()
    assert Draft.objects.filter(address=address(sheet)).exists()


def test_a_meeting_is_not_in_the_future(country, client_of, scored):
    _round, one, sheet = scored
    data = {**posted(sheet, one, 1, 2, **MEETING), "held_on": "2999-01-01"}
    assert client_of(country.coordinator).post(address(sheet), data).status_code == 422


def test_typing_is_kept_as_a_draft_and_comes_back(country, client_of, scored):
    _round, one, sheet = scored
    client = client_of(country.coordinator)
    data = posted(sheet, one, 3, None, **MEETING)
    assert client.post(reverse("score-draft", args=[sheet.pk, "living"]), data).status_code == 200
    page = client.get(address(sheet)).content.decode()
    assert "Disepakati." in page
    assert not Score.objects.exists()


def test_two_people_on_one_sheet_see_both_versions(country, client_of, scored):
    _round, one, sheet = scored
    client = client_of(country.coordinator)
    assert client.post(address(sheet), posted(sheet, one, 3, 3, **MEETING)).status_code == 302
    late = client.post(address(sheet), posted(sheet, one, 1, 3, **MEETING))
    assert late.status_code == 409
    assert "Antre daring · Manfaat: 3" in late.content.decode()
    assert "Antre daring · Manfaat: 1" in late.content.decode()


def test_an_incomplete_sheet_is_not_finished_and_says_what_lacks(country, scored):
    _round, one, sheet = scored
    give(sheet, one, 3, None)
    with pytest.raises(Refused) as refused:
        scoring.finish(sheet, by=country.coordinator, version=1)
    said = " ".join(map(str, refused.value.reasons))
    assert "Antre daring" in said
    assert "Kecepatan" in said
    assert len(refused.value.reasons) == 4  # date, participants, minutes, the score


def finished(country, sheet, one):
    give(sheet, one, 3, 2)
    ScoreSheet.objects.filter(pk=sheet.pk).update(held_on="2026-11-20", members="Budi", minutes="Ya")
    sheet.refresh_from_db()
    scoring.finish(sheet, by=country.coordinator, version=1)


def test_a_score_after_the_sheet_was_finished_is_refused_recorded_and_kept_as_draft(country, client_of, scored):
    _round, one, sheet = scored
    finished(country, sheet, one)
    client = client_of(country.coordinator)
    assert client.post(address(sheet), posted(sheet, one, 0, 2, **MEETING)).status_code == 302
    assert Score.objects.filter(value=3).exists()
    event = Event.objects.about(sheet).first()
    assert event.verb == "refuse score"
    assert "Manfaat: 0" in str(event.changes)
    assert Draft.objects.filter(address=address(sheet)).exists()
    assert 'name="score-' not in client.get(address(sheet)).content.decode()


@pytest.mark.parametrize("state", ["nominating", "choosing", "submitted", "decided"])
def test_a_score_outside_the_scoring_is_refused_and_recorded(country, client_of, scored, state):
    round_, one, sheet = scored
    Round.objects.filter(pk=round_.pk).update(state=state)
    client_of(country.coordinator).post(address(sheet), posted(sheet, one, 4, 4, **MEETING))
    assert not Score.objects.exists()
    assert Event.objects.about(sheet).first().verb == "refuse score"


def test_a_sheet_that_is_finished_while_a_page_is_on_its_way_refuses_it(country, scored):
    _round, one, sheet = scored
    board = scoring.Board(sheet, sheet.dimension)
    assert board.nominees
    ScoreSheet.objects.filter(pk=sheet.pk).update(finished_at=timezone.now(), finished_by=country.coordinator)
    cell = (one.pk, board.criteria[0].pk)
    with pytest.raises(Refused):
        scoring.score(board, scoring.Typed({cell: (4, "")}), by=country.coordinator, version=1)
    assert not Score.objects.exists()
    assert Event.objects.about(sheet).first().verb == "refuse score"


def test_opening_again_needs_a_reason_which_stands_in_the_history(country, client_of, scored):
    _round, one, sheet = scored
    finished(country, sheet, one)
    client, url = client_of(country.coordinator), reverse("score-reopen", args=[sheet.pk])
    client.post(url, {"version": sheet.version, "remark": " "})
    sheet.refresh_from_db()
    assert sheet.finished_at
    client.post(url, {"version": sheet.version, "remark": "Salah ketik"})
    sheet.refresh_from_db()
    assert sheet.finished_at is None
    assert Event.objects.about(sheet).first().remark == "Salah ketik"


def test_owners_among_those_present_get_a_recusal_proposed_once(country, client_of, scored):
    _round, one, sheet = scored
    client = client_of(country.coordinator)
    data = posted(sheet, one, 3, 3, **{**MEETING, "members": "Budi, Bappeda\nSari Dewi (dinkes)"})
    answer = client.post(address(sheet), data, follow=True)
    assert "Dinkes" in answer.content.decode()
    sheet.refresh_from_db()
    assert [(row["nomination"], row["who"]) for row in sheet.recusals] == [(str(one.pk), "Sari Dewi (dinkes)")]
    cleared = {**data, "version": sheet.version, f"who-{one.pk}": "", f"because-{one.pk}": ""}
    client.post(address(sheet), cleared)
    sheet.refresh_from_db()
    assert sheet.recusals == []


def test_part_of_a_word_names_no_agency(country, scored):
    _round, _one, sheet = scored
    board = scoring.Board(sheet, sheet.dimension)
    assert scoring.present(board, "Sari, Dinkesos\nBudi") == {}
    assert scoring.present(board, "Sari, Dinas Kesehatan") == {country.health.pk: "Sari, Dinas Kesehatan"}


def test_a_withdrawn_nominee_leaves_the_table_and_its_scores_stay_readable(country, client_of, scored):
    round_, one, sheet = scored
    other = nominee(country, round_, "Apotek keliling")
    give(sheet, one, 4, 1)
    withdraw(one, reason="Sudah berjalan", by=country.coordinator, version=1)
    page = client_of(country.coordinator).get(address(sheet)).content.decode()
    assert f'name="score-{one.pk}-' not in page
    assert f'name="score-{other.pk}-' in page
    assert "Sudah berjalan" in page
    assert "Manfaat: 4" in page
    assert str(one.pk) not in values_of(round_).scores


def test_what_is_typed_for_a_nominee_withdrawn_meanwhile_is_not_taken_and_said(country, client_of, scored):
    round_, one, sheet = scored
    nominee(country, round_, "Apotek keliling")
    withdraw(one, reason="Sudah berjalan", by=country.coordinator, version=1)
    answer = client_of(country.coordinator).post(address(sheet), posted(sheet, one, 4, 4, **MEETING), follow=True)
    assert "Antre daring" in " ".join(str(message) for message in answer.context["messages"])
    assert not Score.objects.exists()


def test_a_group_scores_its_own_dimension_alone(country, client_of, scored):
    _round, one, sheet = scored
    working_group = someone("pokja", "Wati Pokja", "dimension_coordinator", country.government)
    Membership.objects.filter(user=working_group).update(dimensions=["economy"])
    client = client_of(working_group)
    assert client.get(address(sheet)).status_code == 200
    assert 'name="score-' not in client.get(address(sheet)).content.decode()
    assert client.post(address(sheet), posted(sheet, one, 4, 4, **MEETING)).status_code == 404
    assert client.get(address(sheet, "economy")).status_code == 404
    Membership.objects.filter(user=working_group).update(dimensions=["living"])
    working_group = type(working_group).objects.get(pk=working_group.pk)
    assert client_of(working_group).post(address(sheet), posted(sheet, one, 4, 4, **MEETING)).status_code == 302


def test_the_home_of_scoring_counts_what_is_given(country, client_of, scored, django_assert_num_queries):
    round_, one, sheet = scored
    give(sheet, one, 4, None)
    nominee(country, round_, "Tanpa dimensi", dimension=None)
    client = client_of(country.coordinator)
    url = reverse("scoring", args=[round_.pk])
    page = client.get(url).content.decode()
    assert "1 / 2" in page
    with django_assert_num_queries(12):
        client.get(url)


def test_many_nominees_cost_no_further_queries(country, client_of, scored, django_assert_num_queries):
    round_, _one, sheet = scored
    for number in range(5):
        give(sheet, nominee(country, round_, f"Nominasi {number}"), 3, 2)
    client = client_of(country.coordinator)
    client.get(address(sheet))
    with django_assert_num_queries(16):
        client.get(address(sheet))


def test_the_way_stays_once_a_score_was_given(country, scored):
    round_, one, sheet = scored
    scoring.choose_way(round_, "blind", by=country.coordinator, version=round_.version)
    scoring.choose_way(round_, "consensus", by=country.coordinator, version=round_.version)
    give(sheet, one, 4, 4)
    with pytest.raises(Refused):
        scoring.choose_way(round_, "blind", by=country.coordinator, version=round_.version)


def test_scores_of_a_sheet_are_the_values_of_the_round(scored):
    round_, one, sheet = scored
    give(sheet, one, 4, 1)
    assert values_of(round_).sums == {str(one.pk): Decimal("2.5")}
