"""What the first page shows to each office of the way, and where rows wait."""

import datetime
import re

from django.utils import timezone

from praja.foundation.workflow.tests.offices import offices
from praja.stages.problems.models import Problem

__all__ = ["offices"]

HOME = "/kabupaten-uji/"


def test_each_office_finds_on_the_first_page_what_waits_for_it(offices, client_of):
    waiting = {"head": "submitted", "living": "approved", "secretariat": "checked"}
    rows = {person: offices.problem(state, title=f"Masalah {state}") for person, state in waiting.items()}
    for person, problem in rows.items():
        answer = client_of(getattr(offices, person)).get(HOME)
        assert [row.title for row in answer.context["queue"].rows] == [problem.title], person
        assert "?giliran=saya" in answer.content.decode()
    assert client_of(offices.economy).get(HOME).context["queue"].total == 0
    assert client_of(offices.operator).get(HOME).context["queue"] is None


def test_the_menu_counts_what_waits(offices, client_of):
    offices.problem("approved")
    page = client_of(offices.living).get(HOME).content.decode()
    line = re.search(r'<a[^>]*href="/kabupaten-uji/permasalahan/"[^>]*>(.*?)</a>', page, re.DOTALL)[1]
    assert re.search(r"class=\"[^\"]*count[^\"]*\"[^>]*>\s*1\b", line)


def test_where_rows_wait_names_each_office_with_the_age_of_the_oldest(offices, client_of):
    for state in ("submitted", "submitted", "approved", "checked", "returned", "accepted", "draft"):
        offices.problem(state)
    Problem.objects.filter(state="submitted").update(state_at=timezone.now() - datetime.timedelta(days=9, hours=1))
    stops = client_of(offices.secretariat).get(HOME).context["stops"]
    assert [stop.problems for stop in stops] == [1, 2, 1, 1]
    assert stops[1].days == 9
    listed = client_of(offices.secretariat).get(stops[1].problems_url).context["rows"]
    assert len(listed) == 2


def test_every_number_of_where_rows_wait_opens_exactly_those_rows(offices, client_of):
    for state in ("submitted", "approved", "checked", "returned", "draft"):
        offices.problem(state)
    client = client_of(offices.secretariat)
    for stop in client.get(HOME).context["stops"]:
        assert len(client.get(stop.problems_url).context["rows"]) == stop.problems


def test_who_may_not_see_rows_sees_numbers_without_links(offices, client_of):
    offices.problem("submitted")
    page = client_of(offices.country.assessor).get(HOME).content.decode()
    assert 'id="tertahan"' in page
    assert "giliran=kepala" not in page


def test_a_plan_with_the_short_way_has_no_such_table(country, client_of):
    assert 'id="tertahan"' not in client_of(country.coordinator).get(HOME).content.decode()
