"""The best set is the best, contradictions are smallest, repairs mend, and what is answered keeps every rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.choosing import many as many_module
from praja.foundation.choosing import process
from praja.foundation.choosing.many import Many
from praja.foundation.choosing.sets import Best, Question, Rule, all_sets, plain_choice
from praja.foundation.choosing.solver import Model, Search, TooSlow

MONEY = st.one_of(st.just(0), st.integers(0, 10**6).map(lambda n: n * 1000), st.integers(0, 10**10))


@st.composite
def questions(draw, most=18):
    """A question like those of a round: counts by dimension, money, dependencies, exclusions, musts, of up to `most`."""
    number = draw(st.integers(1, most))
    keys = [f"n{at}" for at in range(number)]
    values = {key: draw(st.integers(0, 40)) for key in keys}
    dimension = {key: draw(st.integers(0, 2)) for key in keys}
    rules = [
        Rule(f"dimension {at}", {key: 1 for key in keys if dimension[key] == at}, draw(st.sampled_from([None, 1])), 2)
        for at in range(3)
    ]
    rules += [
        Rule(f"money {year}", {key: draw(MONEY) for key in keys}, None, draw(MONEY))
        for year in range(draw(st.integers(0, 2)))
    ]
    pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    for at, (first, second) in enumerate(draw(st.lists(pairs, max_size=4))):
        kinds = [Rule(f"must {at}", {first: 1}, 1, None), Rule(f"must not {at}", {first: 1}, None, 0)]
        if first != second:
            kinds += [
                Rule(f"needs {at}", {first: 1, second: -1}, None, 0),
                Rule(f"excludes {at}", {first: 1, second: 1}, None, 1),
            ]
        rules.append(draw(st.sampled_from(kinds)))
    if draw(st.booleans()):
        rules.append(Rule("not it", {key: 1 for key in keys if draw(st.booleans())}, draw(st.integers(0, 2)), None))
    return Question(values, tuple(rules))


def brute_force(question):
    """The greatest value under all rules, by trying every set; None when there is none."""
    keys = list(question.values)
    sets = (np.arange(1 << len(keys))[:, None] >> np.arange(len(keys))) & 1
    holds = np.ones(len(sets), bool)
    for rule in question.rules:
        amounts = sets @ np.array([rule.terms.get(key, 0) for key in keys], np.int64)
        holds &= (rule.least is None or amounts >= rule.least) & (rule.most is None or amounts <= rule.most)
    values = (sets @ np.array(list(question.values.values()), np.int64))[holds]
    return int(values.max()) if len(values) else None


@settings(max_examples=100, deadline=None)
@given(questions())
def test_the_best_set_is_the_best_of_all(question):
    found = Search(question).best()
    greatest = brute_force(question)
    assert (found is None) == (greatest is None)
    if found is not None:
        assert found.is_proven
        assert found.value == greatest == question.value_of(found.chosen)
        assert not question.broken(found.chosen)


@settings(max_examples=40, deadline=None)
@given(questions(most=8))
def test_what_contradicts_is_a_smallest_set_of_rules_and_the_repair_mends_it(question):
    if Search(question).best() is not None:
        assert Search(question).contradiction() == []
        assert Search(question).repair() == {}
        return
    named = set(Search(question).contradiction())
    own = [rule for rule in question.rules if rule.key in named]
    assert not any(all_sets(Question(question.values, tuple(own))))
    for one in own:
        assert (
            next(all_sets(Question(question.values, tuple(rule for rule in own if rule is not one))), None) is not None
        )
    changed = Search(question).repair()
    assert changed
    assert (
        next(all_sets(Question(question.values, tuple(_loosened(rule, changed) for rule in question.rules))), None)
        is not None
    )


def _loosened(rule, changed):
    if rule.key not in changed:
        return rule
    limit = changed[rule.key]
    least = None if rule.least is None else min(rule.least, limit)
    most = None if rule.most is None else max(rule.most, limit)
    return Rule(rule.key, rule.terms, least, most)


def test_no_smaller_contradiction_is_overlooked():
    """Three rules contradict one another, two others do so by themselves: the two are named."""
    a, b, c = "abc"
    question = Question(
        dict.fromkeys("abc", 1),
        (
            Rule("two of all", dict.fromkeys("abc", 1), 2, None),
            Rule("not both", {a: 1, b: 1}, None, 1),
            Rule("not c", {c: 1}, None, 0),
            Rule("must c", {c: 1}, 1, None),
        ),
    )
    assert Search(question).contradiction() == ["not c", "must c"]


@settings(max_examples=40, deadline=None)
@given(questions(most=9))
def test_the_next_best_sets_follow_in_order_and_none_is_left_out(question):
    search = Search(question)
    first = search.best()
    if first is None:
        return
    following = [one.value for one in search.next_best(first, 4)]
    everything = sorted((question.value_of(chosen) for chosen in all_sets(question)), reverse=True)
    assert [first.value, *following] == everything[: len(following) + 1]
    assert len(following) == min(4, len(everything) - 1)


@settings(max_examples=40, deadline=None)
@given(questions(most=9))
def test_what_a_rule_costs_is_what_all_sets_without_it_say(question):
    best = Search(question).best()
    if best is None:
        return
    costs = {}
    for rule in question.rules:
        others = Question(question.values, tuple(one for one in question.rules if one is not rule))
        costs[rule.key] = brute_force(others) - best.value
    assert Search(question).worth_of_rules(best) == {key: cost for key, cost in costs.items() if cost}


def test_a_rule_binds_though_its_limit_is_not_reached():
    question = Question({"a": 9, "b": 5}, (Rule("money", {"a": 12, "b": 7}, None, 10),))
    search = Search(question)
    best = search.best()
    assert best.tight == ()
    assert search.worth_of_rules(best) == {"money": 9}


def test_a_forced_nominee_shows_what_it_costs():
    question = Question({"a": 9, "b": 5, "c": 4}, (Rule("two", dict.fromkeys("abc", 1), None, 2),))
    assert Search(question).best(inside=["c"]).chosen == {"a", "c"}
    assert Search(question).best(inside=["c"], outside=["c"]) is None
    assert Search(question).worth_of_rules(Search(question).best()) == {"two": 4}


def test_large_amounts_are_kept_to_the_rupiah():
    """A budget of a quadrillion is exceeded by one rupiah: the solver's floats cannot see it, the answer does."""
    budget = 10**15
    question = Question({"a": 3, "b": 2}, (Rule("money", {"a": budget - 5, "b": 6}, None, budget),))
    assert Search(question).best().chosen == {"a"}
    enough = Question({"a": 3, "b": 2}, (Rule("money", {"a": budget - 5, "b": 5}, None, budget),))
    assert Search(enough).best().chosen == {"a", "b"}


def test_the_plain_choice_takes_the_highest_that_fits():
    question = Question({"a": 9, "b": 8, "c": 7}, (Rule("money", {"a": 6, "b": 5, "c": 5}, None, 10),))
    assert plain_choice(question) == {"a"}
    assert Search(question).best().chosen == {"b", "c"}


def test_the_plain_choice_begins_with_what_is_needed():
    values = {"a": 9, "b": 5, "c": 4}
    two = Rule("two", dict.fromkeys("abc", 1), None, 2)
    assert plain_choice(Question(values, (two, Rule("must", {"c": 1}, 1, None)))) == {"a", "c"}
    assert plain_choice(Question(values, (two, Rule("some", {"b": 1, "c": 1}, 2, None)))) == {"b", "c"}


def test_stability_counts_what_each_weight_set_would_choose():
    scores = {"a": [4, 0], "b": [0, 4], "c": [1, 1]}
    question = Question(dict.fromkeys(scores, 0), (Rule("one", dict.fromkeys(scores, 1), 1, 1),))
    tried, counts = Search(question).stability(scores, number=2000)
    assert tried == 2000 == sum(counts.values())
    assert counts["c"] == 0
    assert abs(counts["a"] - counts["b"]) < 200


def test_stability_under_rules_is_what_a_search_for_each_weight_set_finds():
    scores = {f"n{at}": [at % 3, at % 5, at % 4] for at in range(9)}
    rules = (
        Rule("three", dict.fromkeys(scores, 1), 3, 3),
        Rule("money", {key: 1 + at * 3 for at, key in enumerate(scores)}, None, 30),
        Rule("needs", {"n8": 1, "n0": -1}, None, 0),
    )
    question = Question(dict.fromkeys(scores, 0), rules)
    tried, counts = Search(question, 60).stability(scores, number=60)
    drawn = np.random.default_rng(1).dirichlet(np.ones(3), 60)
    expected = dict.fromkeys(scores, 0)
    for values in drawn @ np.array(list(scores.values())).T:
        best = max(
            all_sets(question), key=lambda chosen: sum(v for k, v in zip(scores, values, strict=True) if k in chosen)
        )
        for key in best:
            expected[key] += 1
    assert tried == 60
    assert counts == expected


def test_the_process_answers_several_asks_at_once():
    question = Question({"a": 9, "b": 8}, (Rule("one", {"a": 1, "b": 1}, 1, 1),))
    answers = process.ask(
        question, [{"is": "best"}, {"is": "next", "number": 2}, {"is": "worth"}, {"is": "best", "inside": ["a", "b"]}]
    )
    assert Best.of_json(answers[0]) == Best(frozenset("a"), 9, 9, ("one",))
    assert [one["chosen"] for one in answers[1]] == [["b"]]
    assert answers[2:] == [{"one": 8}, None]


def test_a_solver_that_fails_says_so():
    with pytest.raises(process.NotSolved):
        process.ask(Question({"a": 1}), [{"is": "unknown", "inside": 3}])


@settings(max_examples=60, deadline=None)
@given(questions(most=10), st.integers(0, 10**6))
def test_best_sets_under_many_values_are_those_of_a_search_for_each(question, seed):
    if brute_force(question) is None:
        return
    values = np.random.default_rng(seed).integers(0, 400, (40, len(question.values))) / 100.0
    many = Many(question, Search(question).prices())
    chosen, settled = many.best(values, lambda: True, lambda _row: None)
    assert settled.all()
    for row, found in zip(values, chosen, strict=True):
        worth = {key: round(value * 100) for key, value in zip(question.values, row, strict=True)}
        names = {key for key, is_in in zip(question.values, found, strict=True) if is_in}
        assert not question.broken(names)
        assert sum(worth[key] for key in names) == brute_force(Question(worth, question.rules))


def test_rows_with_too_many_sets_are_searched_alone(monkeypatch):
    monkeypatch.setattr(many_module, "MOST_OF_A_ROW", 1)
    scores = {f"n{at}": [at % 3, at % 5, at % 4] for at in range(9)}
    money = Rule("money", {key: 1 + at * 3 for at, key in enumerate(scores)}, None, 30)
    question = Question(dict.fromkeys(scores, 0), (money, Rule("three", dict.fromkeys(scores, 1), 3, 3)))
    slow = Search(question, 60).stability(scores, number=150)
    monkeypatch.undo()
    assert slow == Search(question, 60).stability(scores, number=150)


def test_when_time_ends_what_is_settled_speaks_for_all():
    scores = {"a": [4, 0], "b": [0, 4]}
    question = Question(dict.fromkeys(scores, 0), (Rule("one", dict.fromkeys(scores, 1), 1, 1),))
    many = Many(question, Search(question).prices())
    values = np.random.default_rng(1).random((100, 2))
    asked = iter(range(100))
    _chosen, settled = many.best(values, lambda: next(asked) < 2, lambda _row: None)
    assert settled[:20].all()
    assert not settled[20:].any()


# --- what is answered, figure by figure -------------------------------------------------------------------------------


def test_a_rule_is_tight_at_either_of_its_limits():
    rule = Rule("two or three", dict.fromkeys("abcd", 1), 2, 3)
    assert [rule.is_tight(chosen) for chosen in ("ab", "abc")] == [True, True]
    assert [rule.is_tight(chosen) for chosen in ("a", "abcd")] == [False, False]


def test_a_set_that_is_not_proven_says_how_far_it_may_be_off(monkeypatch):
    monkeypatch.setattr(Model, "solve", lambda *_told: ("time", [1.0, 0.0], 12.7))
    found = Search(Question({"a": 9, "b": 5})).best()
    assert (found.value, found.bound, found.is_proven) == (9, 12, False)
    assert found.gap == pytest.approx(3 / 9)


@pytest.mark.parametrize(
    ("status", "told", "bound"),
    [("optimal", 9.4, 9), ("optimal", 12.0, 12), ("time", 8.5, 9), ("time", 11.99995, 12), ("time", 11.9, 11)],
)
def test_a_bound_is_whole_and_never_below_the_set_that_was_found(monkeypatch, status, told, bound):
    monkeypatch.setattr(Model, "solve", lambda *_told: (status, [1.0, 0.0], told))
    assert Search(Question({"a": 9, "b": 5})).best().bound == bound


def test_no_set_in_the_time_given_is_not_the_same_as_none_at_all(monkeypatch):
    monkeypatch.setattr(Model, "solve", lambda *_told: ("time", [], 12.0))
    with pytest.raises(TooSlow):
        Search(Question({"a": 9})).best()
    with pytest.raises(TooSlow):
        Search(Question({"a": 9})).repair()
    assert process._answer(Question({"a": 9}), {"is": "best"}, 1.0) == "late"


def test_a_rule_at_its_limit_that_costs_nothing_has_no_worth():
    question = Question({"a": 9, "b": 5}, (Rule("at most one a", {"a": 1}, None, 1), Rule("one", dict.fromkeys("ab", 1), None, 1)))  # fmt: skip
    search = Search(question)
    best = search.best()
    assert set(best.tight) == {"at most one a", "one"}
    assert search.worth_of_rules(best) == {"one": 5}


def test_asking_for_the_next_sets_leaves_the_search_as_it_was():
    search = Search(Question({"a": 9, "b": 5}))
    best = search.best()
    assert [one.value for one in search.next_best(best, 2)] == [9, 5]
    assert search.best() == best


def test_a_repair_changes_the_fewest_limits_and_those_by_as_little_as_it_can():
    fewest = (Rule("a", {"a": 1}, 1, None), Rule("b", {"b": 1}, 1, None), Rule("neither", {"a": 5, "b": 5}, None, 0))
    assert Search(Question({"a": 1, "b": 1}, fewest)).repair() == {"neither": 10}
    least = (Rule("one", {"a": 1, "b": 1}, 1, None), Rule("money", {"a": 10, "b": 7}, None, 5))
    assert Search(Question({"a": 9, "b": 1}, least)).repair() == {"money": 7}


def test_stability_counts_no_more_weight_sets_than_were_settled(monkeypatch):
    settled = np.array([True, True, True, False, True])
    monkeypatch.setattr(Many, "best", lambda *_told: (np.ones((5, 1), bool), settled))
    assert Search(Question({"a": 0})).stability({"a": [1, 2]}, number=5) == (3, {"a": 3})
