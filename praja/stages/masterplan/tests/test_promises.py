"""What an edition of the masterplan says each agency promises: the same as its words, and under the same hash."""

import datetime
import json

import pytest

from praja.foundation.documents import editions
from praja.foundation.plans.models import Indicator, IndicatorTarget
from praja.stages.masterplan.contents.material import Material
from praja.stages.masterplan.editions.freezing import book_to_freeze
from praja.stages.masterplan.editions.promises import promises_of
from praja.stages.quick_wins.models import QuickWin, Round
from praja.stages.quick_wins.tests.making import nominee, round_of
from praja.stages.roadmap.tests.making import accepted, line, programme_of, started


@pytest.fixture
def plan(country):
    """An innovation in a programme, an action that carries it out, and an action of another agency by itself."""
    innovation = accepted(country, amounts=[600], start_year=2026, end_year=2028)
    indicator = Indicator.objects.create(innovation=innovation, name="Waktu tunggu", unit="menit", baseline="90")
    IndicatorTarget.objects.create(indicator=indicator, year=2027, value="30")
    programme = programme_of(country)
    programme.innovations.add(innovation)
    action = started(country, innovation, title="Membangun aplikasi")
    line(400, innovation=innovation, action=action, year=2028)
    line(50, action=started(country, title="Forum", organisation=country.transport))
    return country.plan


def lists(plan):
    """{name of an agency: its lines by kind}."""
    found = promises_of(Material(plan))["promises"]["agencies"]
    return {one["name"]: {promise["kind"]: promise for promise in one["lines"]} for one in found}


def test_each_agency_finds_its_programmes_innovations_and_actions(plan):
    found = lists(plan)
    health, transport = found["Dinas Kesehatan"], found["Dinas Perhubungan"]
    assert list(health) == ["programme", "innovation", "action"]
    assert health["innovation"]["money"] == {"2027": 600, "2028": 400}
    assert health["innovation"]["programme"] == health["programme"]["title"] == "Program Layanan Dekat"
    assert (health["innovation"]["year_from"], health["innovation"]["year_to"]) == (2026, 2028)
    assert [one["targets"] for one in health["innovation"]["indicators"]] == [{"2027": "30"}]
    assert transport["action"]["money"] == {"2027": 50}


def test_money_within_an_innovation_stands_beside_an_action_and_is_not_added(plan):
    health = lists(plan)["Dinas Kesehatan"]
    assert (health["action"]["money"], health["action"]["share"]) == ({}, {"2027": 600, "2028": 400})
    assert health["action"]["part_of"] == health["innovation"]["title"]
    assert health["programme"]["share"] == {"2027": 600, "2028": 400}


def test_quick_wins_in_force_are_promised_with_what_they_need_in_their_year(country, plan):
    round_ = round_of(country)
    nomination = nominee(country, round_, plan.innovations.get())
    Round.objects.update(state="decided")
    QuickWin.objects.create(
        round=round_, nomination=nomination, innovation=nomination.innovation, plan=plan, organisation=country.health,
        dimension=country.dimension(), acronym="ADEM",
    )  # fmt: skip
    found = lists(plan)["Dinas Kesehatan"]["quick_win"]
    assert (found["title"], found["money"], found["share"]) == ("ADEM", {}, {"2027": 600})
    assert (found["year_from"], found["year_to"]) == (2027, 2027)


def test_the_masterplan_is_frozen_with_its_promises_and_no_other_book_is(country, plan):
    document = book_to_freeze(plan, "masterplan", "draft")
    edition = editions.freeze(
        document, subject=plan, name="masterplan", dated_on=datetime.date(2026, 11, 22), by=country.coordinator
    )
    kept, problems = editions.opened(edition)
    assert (kept.facts, problems) == (document.facts, [])
    assert kept.facts["promises"]["rupiah"] == 1050
    changed = json.loads(edition.content)
    changed["facts"]["value"]["promises"]["rupiah"] = 1
    edition.content = json.dumps(changed)
    assert editions.opened(edition)[1]
    assert book_to_freeze(plan, "summary", "draft").facts is None


def test_the_number_of_queries_does_not_grow_with_the_promises(country, plan, django_assert_num_queries):
    with django_assert_num_queries(17) as asked:
        promises_of(Material(plan))
    for number in range(5):
        innovation = accepted(country, f"Inovasi {number}", amounts=[10])
        started(country, innovation, title=f"Aksi {number}")
        programme_of(country, f"Program {number}").innovations.add(innovation)
    with django_assert_num_queries(len(asked)):
        promises_of(Material(plan))
