"""Whatever somebody changes behind Praja's back is found, is shown kindly, and nobody decides on it."""

import pytest
from django.urls import reverse

from praja.foundation.audit.models import Event
from praja.foundation.files.models import StoredFile
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding
from praja.stages.quick_wins.models import DecisionSheet, Round
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import as_text, digest, verify
from praja.stages.quick_wins.tests.sheets import endorsed, fresh, ready, second_coordinator, submitted
from praja.stages.quick_wins.tests.test_decide import decided
from praja.stages.quick_wins.tests.test_decide_paper import confirm, enter, make_files

NONSENSE = ["", "null", "[]", '"x"', "{}", "[" * 100_000, '{"question":{"values":[],"rules":[]}}', '{"question":[1]}']


@pytest.fixture
def way(country):
    return ready(country)


def change(sheet, **values):
    DecisionSheet.objects.filter(pk=sheet.pk).update(**values)
    return fresh(sheet)


def forge(event, changes):
    """A line of history as somebody writes it who reaches the database."""
    Event.objects.filter(pk=event.pk).update(changes=changes)


@pytest.mark.parametrize("text", NONSENSE)
def test_a_text_that_is_no_sheet_any_more_is_said_on_its_page(country, way, client_of, text):
    sheet = change(enter(country, way, submitted(country, way)), content=text)
    assert len(verify(sheet)) >= 2
    client = client_of(country.coordinator)
    page = client.get(reverse("decision-sheet", args=[sheet.pk]))
    assert page.status_code == 200
    assert len(page.context["problems"]) >= 2
    assert client.get(reverse("decision-paper", args=[sheet.pk])).status_code == 302


@pytest.mark.parametrize("text", ["[]", "null", '{"entered":[]}', '{"verdict":"x"}', '{"chosen":5}'])
def test_a_decision_that_cannot_be_read_is_said_on_its_page(country, way, client_of, text):
    sheet = change(decided(endorsed(submitted(country, way), way), way), decision=text)
    assert verify(sheet)
    assert client_of(country.coordinator).get(reverse("decision-sheet", args=[sheet.pk])).status_code == 200


def test_a_content_with_a_fitting_hash_is_not_decided_on(country, way, client_of):
    sheet = endorsed(submitted(country, way), way)
    content = sheet.content.replace("Antre Daring", "Antre Lain")
    sheet = change(sheet, content=content, sha256=digest(content))
    with pytest.raises(Refused):
        decided(sheet, way)
    page = client_of(way.people[Office.HEAD]).get(reverse("decision", args=[sheet.pk]))
    assert page.status_code == 302
    assert fresh(sheet).state == "on_its_way"


@pytest.mark.parametrize(
    "values", [{"number": "999/TL-QW"}, {"code": "ABCD-EFGH"}, {"state": "void"}, {"state": "returned"}]
)
def test_another_number_code_or_state_is_found(country, way, values):
    sheet = decided(endorsed(submitted(country, way), way), way)
    assert len(verify(change(sheet, **values))) == 1


def test_what_was_entered_from_paper_is_found_when_it_is_changed_before_the_second_person_confirms(country, way):
    sheet, second = enter(country, way, submitted(country, way)), second_coordinator(country)
    assert verify(sheet) == []
    sheet = change(sheet, decision=sheet.decision.replace("Sekar", "Orang Lain"))
    assert len(verify(sheet)) == 1
    with pytest.raises(Refused):
        confirm(sheet, second)


def test_a_scan_taken_away_or_exchanged_is_found(country, way):
    sheet = confirm(enter(country, way, submitted(country, way)), second_coordinator(country))
    assert verify(sheet) == []
    scan = sheet.scan
    assert len(verify(change(sheet, scan=None))) == 1
    StoredFile.objects.filter(pk=scan.pk).update(sha256="0" * 64)
    assert len(verify(change(sheet, scan=scan))) == 1


def test_another_second_person_is_found(country, way):
    sheet = confirm(enter(country, way, submitted(country, way)), second_coordinator(country))
    assert len(verify(change(sheet, confirmed_by=country.mentor))) == 1
    assert len(verify(change(sheet, confirmed_by=None, confirmed_at=None, scanned_by=country.mentor))) == 1


def test_files_taken_out_of_the_row_are_lost(country, way):
    sheet = make_files(submitted(country, way))
    assert verify(sheet) == []
    assert len(verify(change(sheet, pdf=None, word=None))) == 2


@pytest.mark.parametrize("verb", ["submit", "endorse", "decide set"])
def test_a_line_of_history_that_is_gone_or_forged_is_found(country, way, verb):
    sheet = decided(endorsed(submitted(country, way), way), way)
    event = Event.objects.about(sheet).filter(verb=verb).first()
    for changes in ({}, [], {"sha256": [], "step": [], "decision_sha256": 5}, {"step": [None, "x"]}):
        forge(event, changes)
        assert verify(fresh(sheet))
    Event.objects.filter(pk=event.pk)._raw_delete(Event.objects.db)
    assert verify(fresh(sheet))


def test_a_decision_that_was_never_taken_is_found(country, way):
    """Somebody writes a decision with all its hashes into the row, but into no history."""
    sheet = submitted(country, way)
    decision = as_text({"verdict": "accepted", "chosen": [way.key("b")], "swaps": [], "cost": None})
    sheet = change(sheet, state="decided", decision=decision, decision_sha256=digest(sheet.content, decision))
    Round.objects.filter(pk=way.round.pk).update(state="decided")
    assert len(verify(sheet)) >= 3


def test_nobody_hands_in_paper_for_a_changed_sheet(country, way):
    sheet = submitted(country, way)
    change(sheet, content=sheet.content.replace("Antre", "Antri"))
    with pytest.raises(Refused):
        enter(country, way, sheet)
    assert deciding.entered_of(fresh(sheet)) == {}
