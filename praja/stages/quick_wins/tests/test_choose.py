"""The choice: rules are set and mended, the best set is found and explained, questioned, and a swap has its price."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from praja.foundation.choosing import process
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import actions, rules, searches
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import FoundSet, Nomination, Round, SelectionRule
from praja.stages.quick_wins.tests.choosing_rounds import a_round, nominee, rule, small_round

MOST_QUERIES = 22  # of a page about the choice, with navigation and rights


def page(client_of, user, name, round_, **query):
    answer = client_of(user).get(reverse(name, args=[round_.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def found(round_, country):
    return searches.ask_for(asked_of(round_), searches.SET, by=country.coordinator)


# --- rules


def test_the_usual_rules_come_once(country, client_of):
    round_ = a_round(country)
    client = client_of(country.coordinator)
    client.post(reverse("rules-usual", args=[round_.pk]))
    client.post(reverse("rules-usual", args=[round_.pk]))
    kinds = sorted(SelectionRule.objects.filter(round=round_).values_list("kind", flat=True))
    assert kinds == sorted(rules.USUAL)


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("budget", {"rupiah": "-5"}, "rupiah"),
        ("budget", {"rupiah": "seribu"}, "rupiah"),
        ("per_dimension", {"least": "3", "most": "1"}, "most"),
        ("per_dimension", {}, "least"),
        ("per_agency", {"most": ""}, "most"),
        ("needs", {"nomination": "first", "other": "first"}, "other"),
        ("needs", {"nomination": "first", "other": "withdrawn"}, "other"),
        ("money_states", {}, "states"),
        ("finish_by", {"day": "kapan-kapan"}, "day"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(country, client_of, kind, typed, field):
    round_, _dear, first, second, _money = small_round(country)
    actions.withdraw(second, reason="Tidak jadi", by=country.coordinator, version=second.version)
    names = {"first": str(first.pk), "withdrawn": str(second.pk)}
    values = {name: names.get(value, value) for name, value in typed.items()}
    answer = client_of(country.coordinator).post(reverse("rule-new", args=[round_.pk, kind]), values)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_two_rules_never_speak_of_the_same(country, client_of):
    round_, _dear, first, second, _money = small_round(country)
    rule(round_, "excludes", by=country.coordinator, nomination=first, other=second)
    values = {"nomination": second.pk, "other": first.pk}
    answer = client_of(country.coordinator).post(reverse("rule-new", args=[round_.pk, "excludes"]), values)
    assert answer.status_code == 422
    assert SelectionRule.objects.filter(kind="excludes").count() == 1


def test_a_rule_is_added_changed_and_withdrawn_with_its_history(country, client_of):
    round_ = a_round(country)
    client = client_of(country.coordinator)
    values = {"year": "2027", "source": "", "rupiah": "1,5 miliar"}
    assert client.post(reverse("rule-new", args=[round_.pk, "budget"]), values).status_code == 302
    made = SelectionRule.objects.get(kind="budget")
    assert (made.rupiah, made.year, made.source) == (1_500_000_000, 2027, "")
    edit = reverse("rule-edit", args=[made.pk])
    assert client.post(edit, values | {"rupiah": "2 miliar", "version": made.version}).status_code == 302
    late = client.post(edit, values | {"rupiah": "3 miliar", "version": made.version})
    assert late.status_code == 409
    made.refresh_from_db()
    assert made.rupiah == 2_000_000_000
    client.post(reverse("rule-withdraw", args=[made.pk]), {"version": made.version})
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_rules_of_a_submitted_sheet_stay_as_they_are(country, client_of):
    round_, *_rest, money = small_round(country)
    Round.objects.filter(pk=round_.pk).update(state=Round.State.SUBMITTED)
    client = client_of(country.coordinator)
    assert client.post(reverse("rule-new", args=[round_.pk, "not_it"]), {"least": "1"}).status_code == 422
    client.post(reverse("rule-withdraw", args=[money.pk]), {"version": money.version})
    client.post(reverse("rules-usual", args=[round_.pk]))
    assert list(SelectionRule.objects.filter(withdrawn_at=None)) == [money]
    with pytest.raises(Refused):
        found(Round.objects.get(pk=round_.pk), country)


def test_a_withdrawn_nominee_takes_its_rules_along(country, client_of):
    round_, dear, first, _second, _money = small_round(country)
    rule(round_, "needs", by=country.coordinator, nomination=dear, other=first)
    actions.withdraw(first, reason="Tidak jadi", by=country.coordinator, version=first.version)
    assert "Antrean daring" not in page(client_of, country.coordinator, "set-rules", round_)


# --- the best set


def test_a_small_round_has_its_best_set_at_once(country, client_of):
    round_, dear, first, second, _money = small_round(country)
    client_of(country.coordinator).post(reverse("set-find", args=[round_.pk]))
    row = FoundSet.objects.get()
    assert row.content["best"]["chosen"] == sorted([str(first.pk), str(second.pk)])
    shown = page(client_of, country.mentor, "set-detail", round_)
    assert "Terbukti" in shown or "Proven" in shown
    assert dear.innovation.title in shown  # it would be next, and by hand it would be first
    assert not Job.objects.filter(name="quick_wins.find_set").exists()


@pytest.mark.parametrize(("rupiah", "costly", "numbers"), [(1000, ["budget"], []), (1400, [], ["per_dimension"])])
def test_what_limits_cost_stands_apart_from_how_many_there_may_be(country, client_of, rupiah, costly, numbers):
    round_, *_rest, money = small_round(country)
    rule(round_, "per_dimension", by=country.coordinator, most=1)
    SelectionRule.objects.filter(pk=money.pk).update(rupiah=rupiah)
    found(round_, country)
    shown = client_of(country.coordinator).get(reverse("set-detail", args=[round_.pk])).context["binding"]
    kinds = {one.words: one.row.kind for one in asked_of(round_).told}
    assert [kinds[one["words"]] for one in shown.costly] == costly
    assert [kinds[one["words"]] for one in shown.numbers] == numbers


def test_a_round_that_has_changed_says_so(country, client_of):
    round_, *_rest, money = small_round(country)
    found(round_, country)
    SelectionRule.objects.filter(pk=money.pk).update(rupiah=2000)
    answer = client_of(country.coordinator).get(reverse("set-detail", args=[round_.pk]))
    assert not answer.context["is_current"]
    assert 'id="binding"' not in answer.content.decode()


def test_a_large_round_is_searched_by_a_job(country, client_of, monkeypatch):
    round_, _dear, first, second, _money = small_round(country)
    monkeypatch.setattr(searches, "SMALL", 0)
    client = client_of(country.coordinator)
    client.post(reverse("set-find", args=[round_.pk]))
    client.post(reverse("set-find", args=[round_.pk]))
    assert Job.objects.filter(name="quick_wins.find_set").count() == 1
    perform_due()
    chosen = FoundSet.objects.get().content["best"]["chosen"]
    assert chosen == sorted([str(first.pk), str(second.pk)])


def test_without_an_answer_the_job_says_so(country, monkeypatch):
    round_, *_rest = small_round(country)
    monkeypatch.setattr(searches, "SMALL", 0)
    row = found(round_, country)

    def nothing(*_args, **_options):
        raise process.NotSolved("late")

    monkeypatch.setattr(process, "ask", nothing)
    perform_due()
    job = Job.objects.get(pk=row.job.pk)
    assert job.state == Job.State.FAILED
    assert job.error


def test_an_unproven_set_says_how_far_it_may_be_off(country, client_of):
    round_, *_rest = small_round(country)
    row = found(round_, country)
    row.content["best"]["bound"] += row.content["best"]["value"] // 10
    FoundSet.objects.filter(pk=row.pk).update(content=row.content)
    assert "10,0%" in page(client_of, country.mentor, "set-detail", round_)


def test_nominees_without_scores_have_no_place(country, client_of):
    round_ = a_round(country)
    nominee(round_, "Tanpa nilai", scores=None, country=country)
    client = client_of(country.coordinator)
    client.post(reverse("set-find", args=[round_.pk]))
    assert not FoundSet.objects.exists()
    assert page(client_of, country.coordinator, "set-detail", round_)


# --- contradictions


def test_contradicting_rules_are_named_and_mended_with_one_button(country, client_of):
    round_, dear, _first, _second, money = small_round(country)
    SelectionRule.objects.filter(pk=money.pk).update(rupiah=800)
    rule(round_, "must", by=country.coordinator, nomination=dear)
    rule(round_, "not_it", by=country.coordinator, least=1)
    found(round_, country)
    client = client_of(country.coordinator)
    shown = client.get(reverse("set-detail", args=[round_.pk]))
    assert len(shown.context["contradiction"]) == 2  # the money and the must, not the third rule
    (line,) = shown.context["repair"]
    client.post(reverse("set-repair", args=[round_.pk]))
    now = FoundSet.objects.first()
    assert now.content["best"] is not None
    changed = SelectionRule.objects.get(pk=money.pk)
    assert (changed.rupiah, changed.withdrawn_at) == (900, None) or line["is_out"]


def test_a_repair_of_an_older_search_changes_nothing(country, client_of):
    round_, dear, _first, _second, money = small_round(country)
    SelectionRule.objects.filter(pk=money.pk).update(rupiah=800)
    rule(round_, "must", by=country.coordinator, nomination=dear)
    found(round_, country)
    SelectionRule.objects.filter(pk=money.pk).update(rupiah=850)
    client_of(country.coordinator).post(reverse("set-repair", args=[round_.pk]))
    assert SelectionRule.objects.get(pk=money.pk).rupiah == 850


def test_a_dimension_without_nominees_lowers_its_count(country):
    round_, *_rest = small_round(country)
    each = rule(round_, "per_dimension", by=country.coordinator, least=1, most=1)
    row = found(round_, country)
    assert row.content["best"] is None
    from praja.stages.quick_wins.showing import repairs

    _lines, changed = repairs(asked_of(round_), row.content["repair"])
    assert changed == {each.pk: {"least": 0}}


# --- why not, what if, swap


def test_why_a_nominee_is_not_in_is_said_in_words(country, client_of):
    round_, dear, first, _second, _money = small_round(country)
    found(round_, country)
    client = client_of(country.mentor)
    address = reverse("set-why", args=[round_.pk])
    assert client.get(address, {"nominasi": first.pk}).context["is_in"]
    why = client.get(address, {"nominasi": dear.pk}).context
    assert why["loss"] > 0
    assert {str(one) for one in why["leaves"]} == {"Antrean daring", "Halte pintar"}
    assert client.get(address, {"nominasi": "x"}).status_code == 200


def test_why_a_forbidden_nominee_is_not_in_names_the_rules(country, client_of):
    round_, dear, *_rest = small_round(country)
    rule(round_, "must_not", by=country.coordinator, nomination=dear)
    found(round_, country)
    answer = client_of(country.mentor).get(reverse("set-why", args=[round_.pk]), {"nominasi": dear.pk})
    assert len(answer.context["forbidden"]) == 1


def test_a_turned_rule_shows_its_set_and_stores_nothing(country, client_of):
    round_, dear, first, second, money = small_round(country)
    found(round_, country)
    query = {f"r-{money.pk}-rupiah": "2.000", "cari": "1"}
    answer = client_of(country.mentor).get(reverse("set-question", args=[round_.pk]), query)
    titles = {str(card["nominee"]) for card in answer.context["answer"]["cards"]}
    assert titles == {str(dear), str(first), str(second)}
    assert SelectionRule.objects.get(pk=money.pk).rupiah == 1000
    off = client_of(country.mentor).get(reverse("set-question-set", args=[round_.pk]), {"tanpa": money.pk})
    assert dear.innovation.title in off.content.decode()


def test_sliders_change_the_ranking(country, client_of):
    round_, *_rest = small_round(country)
    first, second = round_.criteria.filter(kind="scored")[:2]
    query = {f"w-{first.key}": "0", f"w-{second.key}": "100"}
    answer = client_of(country.mentor).get(reverse("set-question-ranking", args=[round_.pk]), query)
    assert [str(one["line"].total) for one in answer.context["lines"]] == ["4.0000", "3.0000", "2.0000"]
    none = client_of(country.mentor).get(reverse("set-question-ranking", args=[round_.pk]), {f"w-{first.key}": "0"})
    assert none.context["no_weights"]


@pytest.mark.parametrize("query", [{"r-1-rupiah": "x"}, {"w-benefit": "nan"}, {"tanpa": "\0"}, {"w-benefit": "9" * 99}])
def test_what_cannot_be_read_stays_as_the_round_has_it(country, client_of, query):
    round_, *_rest = small_round(country)
    assert client_of(country.mentor).get(reverse("set-question", args=[round_.pk]), query).status_code == 200


def test_a_swap_shows_its_price_in_value_rules_and_money(country, client_of):
    round_, dear, first, _second, _money = small_round(country)
    found(round_, country)
    query = {"keluar": first.pk, "masuk": dear.pk}
    told = client_of(country.mentor).get(reverse("set-swap", args=[round_.pk]), query).context
    assert told["loss"] < 0  # worth more, but it breaks the budget
    assert len(told["broken"]) == 1
    assert (told["money_before"], told["money_after"]) == (900, 1300)


def test_a_swap_names_the_weights_that_would_make_it_right(country, client_of):
    round_ = a_round(country)
    best = nominee(round_, "Satu", scores=(4, 1), country=country)
    other = nominee(round_, "Dua", scores=(1, 3), country=country)
    worse = nominee(round_, "Tiga", scores=(0, 0), country=country)
    rule(round_, "per_dimension", by=country.coordinator, dimension=country.dimension(), least=1, most=1)
    found(round_, country)
    client, address = client_of(country.mentor), reverse("set-swap", args=[round_.pk])
    told = client.get(address, {"keluar": best.pk, "masuk": other.pk}).context
    assert [line["after"] for line in told["favouring"] if line["differs"]] == ["40,0%", "60,0%"]
    assert told["is_best_then"]
    assert client.get(address, {"keluar": best.pk, "masuk": worse.pk}).context["no_weights_favour"]
    assert client.get(address, {"keluar": other.pk, "masuk": best.pk}).context["is_wrong"]


# --- how firm


def test_stability_says_in_what_share_each_nominee_stays(country, client_of):
    round_, dear, first, second, _money = small_round(country)
    client_of(country.coordinator).post(reverse("set-stability-find", args=[round_.pk]))
    perform_due()
    told = FoundSet.objects.get().content["stability"]
    assert told["tried"] == told["wanted"] == 10_000
    assert told["counts"][str(first.pk)] == 10_000
    assert told["counts"][str(dear.pk)] == 0
    found(round_, country)
    shown = page(client_of, country.mentor, "set-stability", round_)
    assert "100,0%" in shown
    assert str(second) in shown


# --- who sees it, and how much it asks


def test_an_agency_does_not_see_the_choice_of_all(country, client_of):
    round_, *_rest = small_round(country)
    for name in ("set-rules", "set-detail", "set-why", "set-question", "set-swap", "set-stability"):
        assert client_of(country.operator).get(reverse(name, args=[round_.pk])).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["set-rules", "set-detail", "set-why", "set-question", "set-question-ranking", "set-swap", "set-stability"],
)
def test_pages_ask_the_database_alike_for_few_nominees_and_many(country, client_of, name):
    round_, *_rest = small_round(country)
    rules.add_usual_rules(round_, by=country.coordinator)
    found(round_, country)
    client, address = client_of(country.mentor), reverse(name, args=[round_.pk])

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    few = queries()
    for number in range(12):
        nominee(round_, f"Calon {number}", scores=(2, 1), rupiah=100, country=country, is_it=True)
    Nomination.objects.update(money="dpa", finishes_on=datetime.date(2027, 6, 1))
    assert queries() == few <= MOST_QUERIES
