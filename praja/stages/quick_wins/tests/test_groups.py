"""Each working group speaks for its dimensions; the sheet goes on when all have spoken, or with a reason."""

import pytest
from django.urls import reverse

from praja.foundation.accounts.models import Membership, Person, User
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import deciding, groups
from praja.stages.quick_wins.menu import waiting
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.sheet import verify
from praja.stages.quick_wins.tests.sheets import fresh, ready, submitted


def coordinates(country, name, *dimensions):
    """Somebody who coordinates these dimensions (none named: all)."""
    user = User.objects.create_user(name, person=Person.objects.create(name=name.title()))
    Membership.objects.create(
        user=user, organisation=country.government, role="dimension_coordinator", dimensions=list(dimensions)
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def way(country):
    """A round with nominees of living and society, and no coordinator of all dimensions."""
    found = ready(country)
    Membership.objects.filter(user=found.people[Office.WORKING_GROUP]).delete()
    return found


@pytest.fixture
def both(country):
    """One coordinator of each of the two dimensions, and one of a dimension without nominees."""
    return [coordinates(country, key, key) for key in ("living", "society", "economy")]


def speak(sheet, by, remark=""):
    sheet = fresh(sheet)
    return deciding.speak(sheet, Office.WORKING_GROUP, remark=remark, by=by, version=sheet.version)


def left(sheet):
    return [one.key for one in groups.lacking(fresh(sheet), list(sheet.steps.all()))]


def test_the_sheet_waits_for_each_working_group_with_nominees(country, way, both):
    living, society, _economy = both
    sheet = submitted(country, way)
    assert set(left(sheet)) == {"living", "society"}  # nobody is nominated for economy, and nobody coordinates others
    step = speak(sheet, living)
    assert step.position_title.endswith(country.dimension("living").names["id"])
    assert deciding.turn_of(fresh(sheet)) == Office.WORKING_GROUP
    with pytest.raises(Refused):
        deciding.speak(fresh(sheet), Office.TEAM, remark="", by=country.coordinator, version=fresh(sheet).version)
    speak(sheet, society)
    assert deciding.turn_of(fresh(sheet)) == Office.TEAM
    assert verify(fresh(sheet)) == []


def test_a_working_group_speaks_once_and_only_for_its_own(country, way, both):
    living, _society, economy = both
    sheet = submitted(country, way)
    speak(sheet, living)
    for again in (living, economy):
        with pytest.raises(Refused):
            speak(sheet, again)
    assert sheet.steps.count() == 1


def test_the_secretariat_goes_on_without_a_group_only_with_a_reason(country, way, both):
    sheet = submitted(country, way)
    speak(sheet, both[0])
    with pytest.raises(Refused):
        speak(sheet, country.coordinator)
    speak(sheet, country.coordinator, "Koordinator masyarakat sedang cuti; pokja setuju dalam rapat 3 November.")
    assert deciding.turn_of(fresh(sheet)) == Office.TEAM


def test_a_coordinator_of_all_dimensions_speaks_for_all(country, way, both):
    sheet = submitted(country, way)
    speak(sheet, coordinates(country, "semua"))
    assert deciding.turn_of(fresh(sheet)) == Office.TEAM


def test_where_no_dimension_has_a_coordinator_the_secretariat_speaks(country, way):
    sheet = submitted(country, way)
    speak(sheet, country.coordinator)
    assert deciding.turn_of(fresh(sheet)) == Office.TEAM


def test_on_paper_the_groups_that_lack_have_to_have_signed(country, way, both):
    sheet = submitted(country, way)
    speak(sheet, both[0])
    assert Office.WORKING_GROUP in deciding.offices_that_lack(fresh(sheet))
    speak(sheet, both[1])
    assert Office.WORKING_GROUP not in deciding.offices_that_lack(fresh(sheet))


def test_the_page_names_who_is_waited_for_and_offers_the_word_to_them_alone(country, way, both, client_of):
    sheet = submitted(country, way)
    address = reverse("decision-sheet", args=[sheet.pk])
    speak(sheet, both[0])
    for user, speaks in zip(both, (False, True, False), strict=True):
        page = client_of(user).get(address)
        assert bool(page.context["speaks"]) is speaks
        assert [one.key for one in page.context["groups_left"]] == ["society"]
    assert client_of(country.coordinator).get(address).context["speaks_for_others"]


def test_what_waits_is_counted_for_a_group_until_it_has_spoken(country, way, both):
    sheet = submitted(country, way)
    assert len(waiting(country.plan, both[0])) == len(waiting(country.plan, both[1]))
    before = len(waiting(country.plan, both[0]))
    speak(sheet, both[0])
    assert len(waiting(country.plan, both[0])) == before - 1
    assert len(waiting(country.plan, both[1])) == before
