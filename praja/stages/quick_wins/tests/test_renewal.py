"""At the end of a year somebody says of each quick win whether it still runs and what becomes of it; the next round counts."""

import datetime
import json

import pytest
from django.urls import reverse

from praja.foundation.audit.models import Event
from praja.foundation.drafts.models import Draft
from praja.foundation.plans.models import BudgetLine
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins import actions, nominating, renewal
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import Criterion, Nomination, QuickWin, Round
from praja.stages.quick_wins.sheet import content_of
from praja.stages.quick_wins.tests.making import accepted_at, nominee, round_of
from tests.country import someone

WHY = "Anggarannya dialihkan ke penanganan banjir."


def quick_win(country, round_, title, agency=None, **values):
    """A quick win in force of a decided round."""
    innovation = accepted_at(agency or country.health, country, title)
    row = Nomination.objects.create(
        round=round_, innovation=innovation, proposer="agency", responsible="Kepala Bidang", means="Dua perancang"
    )
    return QuickWin.objects.create(
        round=round_, nomination=row, innovation=innovation, plan=country.plan, dimension=innovation.dimension,
        organisation=innovation.organisation, **values,
    )  # fmt: skip


@pytest.fixture
def last(country):
    """A decided round with two quick wins of the health agency and one of transport."""
    round_ = round_of(country, 2027, state="decided")
    for title, agency in (("Antre", country.health), ("Posyandu", country.health), ("Halte", country.transport)):
        quick_win(country, round_, title, agency)
    return round_


def of(round_, title):
    """A quick win of a round by the title of its innovation."""
    return QuickWin.objects.select_related("round", "plan", "organisation").get(round=round_, innovation__title=title)


def say(client, row, *, version=None, **said):
    """Fill in the page of one quick win."""
    data = {"version": row.version if version is None else version, **said}
    return client.post(reverse("quick-win-renewal", args=[row.pk]), data)


def text(client, name, pk):
    return client.get(reverse(name, args=[pk])).content.decode()


# --- saying it --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["operator", "coordinator"])
def test_the_agency_and_the_secretariat_say_what_becomes_of_a_quick_win(country, client_of, last, who):
    row = of(last, "Antre")
    answer = say(client_of(getattr(country, who)), row, is_running="True", continuation="strengthen")
    assert answer.url == reverse("round-renewal", args=[last.pk])
    row.refresh_from_db()
    assert (row.is_running, row.continuation, row.version) == (True, "strengthen", 2)
    assert Event.objects.about(row).first().verb == "edit"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"continuation": "stop"}, 422),
        ({"continuation": "stop", "continuation_reason": "   "}, 422),
        ({"continuation": "stop", "continuation_reason": WHY}, 302),
        ({"is_running": "False", "continuation": "continue"}, 422),
        ({"is_running": "False", "continuation_reason": WHY}, 302),
        ({"is_running": "mungkin"}, 422),
        ({"continuation": "terbang"}, 422),
        ({}, 302),
    ],
)
def test_what_stops_or_does_not_run_any_more_has_a_reason(country, client_of, last, said, status):
    answer = say(client_of(country.operator), of(last, "Antre"), **said)
    assert answer.status_code == status
    if status == 422:
        assert of(last, "Antre").version == 1
        assert Draft.objects.filter(user=country.operator).exists()


def test_who_was_slower_sees_both_texts(country, client_of, last):
    row = of(last, "Antre")
    say(client_of(country.coordinator), row, is_running="True", continuation="continue")
    answer = say(client_of(country.operator), row, version=1, continuation="stop", continuation_reason=WHY)
    assert answer.status_code == 409
    assert WHY in answer.content.decode()
    row.refresh_from_db()
    assert row.continuation == "continue"


def test_nobody_else_says_it(country, client_of, last):
    halte = reverse("quick-win-renewal", args=[of(last, "Halte").pk])
    for user in (country.operator, country.mentor, country.neighbour, country.assessor):
        assert client_of(user).get(halte).status_code == 404
        assert client_of(user).post(halte, {"version": 1, "continuation": "continue"}).status_code == 404
        assert client_of(user).post(f"{halte}ketikan/", {"version": 1}).status_code == 404
    assert of(last, "Halte").continuation == ""


def test_a_working_group_reads_and_does_not_say_it(country, client_of, last):
    user = someone("pokja", "Dewi Pokja", "dimension_coordinator", country.government)
    row = of(last, "Antre")
    assert client_of(user).get(reverse("quick-win-renewal", args=[row.pk])).status_code == 404
    assert "Antre" in text(client_of(user), "round-renewal", last.pk)


def test_the_list_shows_an_agency_its_own_and_the_region_all(country, client_of, last):
    shown = text(client_of(country.operator), "round-renewal", last.pk)
    assert "Antre" in shown
    assert "Halte" not in shown
    shown = client_of(country.coordinator).get(reverse("round-renewal", args=[last.pk]))
    assert len(shown.context["lines"]) == 3
    assert all(line["may_say"] for line in shown.context["lines"])
    shown = client_of(country.mentor).get(reverse("round-renewal", args=[last.pk]))
    assert not any(line["may_say"] for line in shown.context["lines"])


def test_before_the_decision_the_page_says_what_comes_first(country, client_of):
    round_ = round_of(country)
    shown = client_of(country.coordinator).get(reverse("round-renewal", args=[round_.pk]))
    assert shown.status_code == 200
    assert "belum diputuskan" in shown.content.decode() or "not decided yet" in shown.content.decode()


def test_once_the_next_round_is_on_its_way_the_figures_stand(country, client_of, last):
    after = round_of(country, 2028, state="submitted")
    client, row = client_of(country.coordinator), of(last, "Antre")
    assert client.get(reverse("quick-win-renewal", args=[row.pk])).status_code == 302
    answer = say(client, row, continuation="stop", continuation_reason=WHY)
    assert answer.status_code == 302
    assert of(last, "Antre").continuation == ""
    assert WHY in str(Draft.objects.get(user=country.coordinator).values)
    assert after.title in text(client, "round-renewal", last.pk)


# --- losses -----------------------------------------------------------------------------------------------------------


def test_a_quick_win_without_money_is_met_with_a_way_out(country, client_of, last):
    row = of(last, "Antre")
    client = client_of(country.operator)
    assert client.get(reverse("quick-win-renewal", args=[row.pk])).context["money"] == {"now": 0, "next": 0}
    BudgetLine.objects.create(innovation=row.innovation, year=2028, source="apbd_region", amount_rupiah=5_000_000)
    assert client.get(reverse("quick-win-renewal", args=[row.pk])).context["money"] == {"now": 0, "next": 5_000_000}


@pytest.mark.parametrize("loss", ["withdrawn", "none"])
def test_a_quick_win_whose_agency_vanished_is_spoken_for_by_the_secretariat(country, client_of, last, loss):
    row = of(last, "Halte")
    if loss == "withdrawn":
        country.transport.withdrawn_at = country.transport.created_at
        country.transport.save()
    else:
        row.organisation = None
        row.save()
    page = client_of(country.coordinator).get(reverse("quick-win-renewal", args=[row.pk]))
    assert page.context["has_no_agency"]
    assert reverse("innovation-detail", args=[row.innovation_id]) in page.content.decode()
    assert say(client_of(country.coordinator), row, continuation="stop", continuation_reason="Dinas dilebur").url
    assert text(client_of(country.coordinator), "round-renewal", last.pk)


# --- the next round ---------------------------------------------------------------------------------------------------


def becomes(last, title, **values):
    QuickWin.objects.filter(round=last, innovation__title=title).update(**values)


def next_round(country):
    """The round of 2028, begun by the secretariat."""
    first, last = datetime.date(2028, 1, 1), datetime.date(2028, 12, 31)
    return nominating.begin(country.plan, title="Quick win 2028", starts_on=first, ends_on=last, by=country.coordinator)


def test_the_next_round_nominates_what_goes_on_and_not_what_stops(country, last):
    becomes(last, "Antre", continuation="expand", is_running=True)
    becomes(last, "Posyandu", continuation="stop", continuation_reason=WHY)
    round_ = next_round(country)
    (carried,) = round_.nominations.in_service()
    assert (carried.innovation.title, carried.continues, carried.means) == ("Antre", of(last, "Antre"), "Dua perancang")


def test_what_is_said_late_is_nominated_too_but_never_twice(country, client_of, last):
    round_ = next_round(country)
    row = of(last, "Antre")
    say(client_of(country.operator), row, is_running="True", continuation="continue")
    (carried,) = round_.nominations.in_service()
    assert (carried.continues, carried.proposer) == (row, "agency")
    actions.withdraw(carried, reason="Sudah jadi layanan biasa", by=country.coordinator, version=1)
    row.refresh_from_db()
    say(client_of(country.operator), row, is_running="True", continuation="expand")
    assert not round_.nominations.in_service().exists()  # the secretariat took it out, and it stays out


def test_the_desk_of_the_next_round_counts_running_and_new(country, client_of, last):
    becomes(last, "Antre", continuation="continue", is_running=True)
    becomes(last, "Posyandu", continuation="stop", is_running=False, continuation_reason=WHY)
    round_ = next_round(country)
    nominee(country, round_, title="Baru sama sekali")
    nominee(country, round_, of(last, "Halte").innovation)  # named by hand, and yet not new
    found = renewal.renewal_of(round_)
    assert (found.last.running, found.last.total, found.last.unsaid) == (1, 3, 1)
    assert found.last.becomes == {"continue": 1, "stop": 1, "": 1}
    assert (found.total, found.new, found.of) == (3, 1, "nominees")
    shown = text(client_of(country.coordinator), "round-detail", round_.pk)
    assert found.still in shown
    assert found.fresh in shown
    assert reverse("round-renewal", args=[last.pk]) in shown


def test_without_a_round_before_everything_is_new(country, client_of):
    round_ = round_of(country)
    nominee(country, round_)
    found = renewal.renewal_of(round_)
    assert (found.last, found.total, found.new) == (None, 1, 1)
    assert found.still in text(client_of(country.coordinator), "round-criteria", round_.pk)


def test_a_decided_round_counts_its_quick_wins(country, last):
    after = round_of(country, 2028, state="decided")
    quick_win(country, after, "Baru")
    old = of(last, "Antre")
    row = Nomination.objects.create(round=after, innovation=old.innovation, proposer="agency", continues=old)
    QuickWin.objects.create(round=after, nomination=row, innovation=old.innovation, plan=country.plan)
    nominee_only = Innovation.objects.get(title="Halte")
    Nomination.objects.create(round=after, innovation=nominee_only, proposer="agency")
    found = renewal.renewal_of(after)
    assert (found.total, found.new, found.of) == (2, 1, "decided")


def test_the_figure_of_the_criteria_is_counted_with_its_source(country, client_of, last):
    becomes(last, "Antre", continuation="continue", is_running=True)
    round_ = next_round(country)
    Criterion.objects.filter(round=round_, key="continuity").update(result="diketik dahulu")
    for state in ("nominating", "submitted"):  # the form, and the page to read
        Round.objects.filter(pk=round_.pk).update(state=state)
        shown = text(client_of(country.coordinator), "round-criteria", round_.pk)
        assert renewal.renewal_of(round_).words in shown
        assert "diketik dahulu" not in shown
        assert reverse("round-renewal", args=[last.pk]) in shown


def test_a_sheet_freezes_the_figures_of_the_set_put_forward(country, last):
    becomes(last, "Antre", continuation="continue", is_running=True)
    round_ = next_round(country)
    fresh = nominee(country, round_, title="Baru")
    nominee(country, round_, title="Tidak diajukan")
    asked = asked_of(Round.objects.select_related("plan__government__region").get(pk=round_.pk))
    about = {"number": "1", "code": "A", "link": "", "day": "2027-12-01", "at": ""}
    keys = [str(round_.nominations.get(continues__isnull=False).pk), str(fresh.pk)]
    put_forward = {"chosen": keys, "broken": [], "tight": [], "reason": ""}
    content = content_of(asked, {}, put_forward, about)
    kept = json.loads(content)
    assert (kept["renewal"]["running"], kept["renewal"]["last_total"]) == (1, 3)
    assert (kept["renewal"]["total"], kept["renewal"]["new"]) == (2, 1)
    assert kept["renewal"]["words"] in [one["result"] for one in kept["checks"]]


# --- cost -------------------------------------------------------------------------------------------------------------


def test_the_list_asks_the_same_however_many_quick_wins(country, client_of, last, django_assert_num_queries):
    client = client_of(country.coordinator)
    address = reverse("round-renewal", args=[last.pk])
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)
    for number in range(8):
        quick_win(country, last, f"Banyak {number}", country.transport)
    with django_assert_num_queries(9):
        client.get(address)
