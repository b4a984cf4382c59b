"""What nobody puts forward, says or decides, whichever way it is sent; and the reason why."""

import pytest
from django.core.files.base import ContentFile

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.files.actions import store
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding
from praja.stages.quick_wins.models import DecisionSheet, Dialogue, FoundSet, Round
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import Frozen, state_of
from praja.stages.quick_wins.tests.sheets import endorsed, fresh, ready, searched, submitted
from praja.stages.quick_wins.tests.test_decide import decided


@pytest.fixture
def way(country):
    return ready(country)


def test_a_version_that_was_not_read_decides_endorses_and_returns_nothing(country, way):
    """A forged version fits the row but not what was looked at."""
    sheet = endorsed(submitted(country, way), way)
    DecisionSheet.objects.filter(pk=sheet.pk).update(version=99)
    by = way.people[Office.HEAD]
    for act in (
        lambda: deciding.decide(sheet, by=by, version=99),
        lambda: deciding.send_back(sheet, Office.HEAD, remark="x", by=by, version=99),
        lambda: deciding.speak(sheet, Office.MENTOR, remark="x", by=country.mentor, version=99),
    ):
        with pytest.raises(TooLate):
            act()
    assert fresh(sheet).state == "on_its_way"


@pytest.mark.parametrize("number", ["", "  "])
def test_a_sheet_has_a_number(country, way, number):
    submission = deciding.Submission(number)
    with pytest.raises(Refused):
        deciding.submit(way.round, submission, by=country.coordinator, version=way.round.version, link=str)


def test_an_empty_set_is_not_put_forward(country, way):
    with pytest.raises(Refused):
        submitted(country, way, chosen=frozenset(), reason="Kosong")


def test_a_set_by_hand_that_keeps_all_rules_but_is_worth_less_needs_a_reason(country, way):
    chosen = frozenset({way.key("a"), way.key("d")})
    with pytest.raises(Refused):
        submitted(country, way, chosen=chosen)
    put = Frozen.of(submitted(country, way, chosen=chosen, reason="Halte ditunggu warga")).content["set"]
    assert (put["broken"], put["loss"]) == ([], 15_000)


def test_a_nominee_of_another_round_is_not_put_forward(country, way):
    with pytest.raises(Refused):
        submitted(country, way, chosen=frozenset({way.key("a"), "999999"}), reason="x")


def test_the_head_does_not_endorse_but_decides(country, way):
    sheet = endorsed(submitted(country, way), way)
    with pytest.raises(Refused):
        deciding.speak(sheet, Office.HEAD, remark="x", by=way.people[Office.HEAD], version=sheet.version)


def test_an_opinion_has_words(country, way):
    sheet = submitted(country, way)
    with pytest.raises(Refused):
        deciding.speak(sheet, Office.MENTOR, remark=" ", by=country.mentor, version=sheet.version)
    assert not sheet.steps.exists()


def test_more_swaps_than_quick_wins_are_a_new_set(country, way, monkeypatch):
    sheet = endorsed(submitted(country, way), way)
    monkeypatch.setattr(deciding, "MOST_SWAPS", 1)
    swaps = [(way.key("c"), way.key("d"))]
    with pytest.raises(Refused):
        decided(sheet, way, swaps=[*swaps, (way.key("a"), way.key("b"))], reason="x")
    assert decided(sheet, way, swaps=swaps).state == "decided"


def test_a_nominee_withdrawn_after_the_search_is_not_in_the_sheet(country, way):
    type(way.d).objects.filter(pk=way.d.pk).update(withdrawn_at=way.round.created_at)
    with pytest.raises(Refused):
        submitted(country, way)  # the question is another one now
    searched(Round.objects.get(pk=way.round.pk))
    assert way.key("d") not in Frozen.of(submitted(country, way)).nominees


def test_a_markup_and_the_longest_texts_stand_in_the_sheet_as_they_were_typed(country, way, client_of):
    nasty = "<script>alert(1)</script> #set page(width: 1pt) $x$ [b]\\u0000 " + "x" * 4_900
    innovation = way.a.innovation
    type(innovation).objects.filter(pk=innovation.pk).update(title=nasty[:300])
    type(way.a).objects.filter(pk=way.a.pk).update(done=nasty, means=nasty)
    sheet = submitted(country, way, remark=nasty[:4_000])
    assert Frozen.of(sheet).nominees[way.key("a")]["done"] == nasty
    for person in (country.coordinator, way.people[Office.HEAD]):
        page = client_of(person).get(f"/lembar-keputusan/{sheet.pk}/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_files_are_attached_once(country, way):
    sheet = submitted(country, way)
    with ContentFile(pdf(1), name="lembar.pdf") as upload:
        files = {"pdf": store(upload, by=country.coordinator, organisation_path=sheet.organisation_path)}
    assert deciding.attach(sheet, files, state_of(sheet), by=country.coordinator)
    assert not deciding.attach(sheet, files, state_of(sheet), by=country.coordinator)
    assert Event.objects.about(sheet).filter(verb="make files").count() == 1


def test_only_the_money_that_differs_is_named_in_the_cost_of_a_swap(country, way):
    frozen = Frozen.of(submitted(country, way))
    assert frozen.cost({way.key("a"), way.key("d")})["money"] == []
    cost = frozen.cost({way.key("b"), way.key("d")})
    assert [line[0::2] for line in cost["money"]] == [[2027, 100_000_000]]
    assert [line[-1] for line in cost["money"]] == [300_000_000]
    assert cost["loss_to_best"] == cost["loss"] == 25_000


def test_a_dialogue_that_was_withdrawn_does_not_stand_in_the_sheet(country, way):
    for people, withdrawn_at in ((40, None), (50, way.round.created_at)):
        Dialogue.objects.create(
            nomination=way.a, held_on=country.plan.today, people=people, withdrawn_at=withdrawn_at,
            withdrawn_by=country.coordinator if withdrawn_at else None,
        )  # fmt: skip
    said = Frozen.of(submitted(country, way)).nominees[way.key("a")]["dialogues"]
    assert [one["people"] for one in said] == [40]


def test_a_search_that_a_job_still_owes_hides_no_older_answer(country, way):
    answered = FoundSet.objects.get()
    FoundSet.objects.create(round=way.round, fingerprint=answered.fingerprint, content={"asked": "best"})
    assert Frozen.of(submitted(country, way)).content["set"]["is_best"]
