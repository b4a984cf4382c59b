"""Lists as plain lines: hash, difference, applying, cutting; and the whole way of a commitment in random order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.stages.commitment.lists import applied, cut, diff, hash_of, key_of, numbered, proposed, sum_of
from praja.stages.commitment.tests.making import line

NAMES = st.sampled_from(["Antre", "Posyandu", "Halte", "Parkir", "Sampah", "Wisata"])
MONEY = st.dictionaries(st.sampled_from(["2026", "2027", "2028"]), st.integers(1, 10**12), max_size=3)
LINES = st.lists(
    st.builds(
        lambda name, kind, money, last: line(name, kind, money=money, year_to=last),
        NAMES,
        st.sampled_from(["innovation", "action"]),
        MONEY,
        st.sampled_from([2027, 2028]),
    ),
    unique_by=key_of,
    max_size=7,
)

ANY_TIME = settings(deadline=None)


def without_numbers(lines):
    return {key_of(one): {name: value for name, value in one.items() if name != "number"} for one in lines}


@ANY_TIME
@given(LINES, LINES)
def test_what_differs_turns_one_list_into_the_other(old, new):
    before = numbered(old)
    after = applied(before, diff(before, new))
    assert without_numbers(after) == without_numbers(new)
    numbers = {key_of(one): one["number"] for one in before}
    assert all(one["number"] == numbers.get(key_of(one), one["number"]) for one in after)
    assert len({one["number"] for one in after}) == len(after)


@ANY_TIME
@given(LINES)
def test_a_list_does_not_differ_from_itself(lines):
    assert diff(lines, lines) == []
    assert proposed(numbered(lines), lines, lines) == []


@ANY_TIME
@given(LINES, st.data())
def test_every_change_of_a_line_changes_the_hash_and_nothing_else_does(lines, data):
    lines = numbered(lines)
    kept = hash_of("a", lines)
    assert hash_of("a", data.draw(st.permutations(lines))) == kept
    assert hash_of("b", lines) != kept
    if lines:
        place = data.draw(st.integers(0, len(lines) - 1))
        name, value = data.draw(
            st.sampled_from(
                [("title", "Lain"), ("year_from", 1999), ("money", {"2030": 7}), ("number", 99), ("indicators", [])]
            )
        )
        changed = [{**one, name: value} if at == place else one for at, one in enumerate(lines)]
        assert hash_of("a", changed) != kept


def test_a_change_that_does_not_fit_is_refused():
    lines = numbered([line("Antre")])
    with pytest.raises(ValueError, match="does not stand"):
        applied([], diff(lines, []))
    with pytest.raises(ValueError, match="does not stand"):
        applied(lines, diff([], [line("Antre")]))


def test_fields_of_a_change_are_told_one_by_one():
    (change,) = diff([line("Antre")], [line("Antre", money={"2026": 1}, year_to=2027)])
    assert change.fields == [("year_to", 2028, 2027), ("money", {"2026": 100, "2027": 200}, {"2026": 1})]


def test_what_was_dropped_or_cut_stays_so_while_the_editions_agree():
    old = [line("Antre"), line("Posyandu")]
    in_force = numbered([cut(line("Antre"), 2027, 2028)])
    assert proposed(in_force, old, old) == []
    (change,) = proposed(in_force, old, [line("Antre"), line("Posyandu", title="Posyandu Digital")])
    assert (change.kind, change.key) == ("added", key_of(line("Posyandu")))


def test_cutting_keeps_what_lies_within_and_refuses_what_does_not():
    found = cut(line(money={"2026": 1, "2028": 3}), 2027, 2028)
    assert (found["money"], found["year_from"], found["indicators"][0]["targets"]) == (
        {"2028": 3},
        2027,
        {"2027": "30"},
    )
    for years in ((2025, 2028), (2026, 2029), (2028, 2027)):
        with pytest.raises(ValueError):
            cut(line(), *years)
    with pytest.raises(ValueError):
        cut(line(year_from=None, year_to=None), 2026, 2027)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5), st.data())
def test_no_promise_is_lost_or_doubled_whatever_is_settled(editions, data):
    """The first edition's list with lines dropped or cut, then an addendum for each newer one, some changes dropped."""
    first, *newer = editions
    base, signed = first, []
    for one in numbered(first):
        what = data.draw(st.sampled_from(["accept", "accept", "drop", "cut"]))
        if what == "cut":
            one = cut(one, 2027, 2027)  # noqa: PLW2901  the line as it is promised
        if what != "drop":
            signed.append(one)
    for edition in newer:
        changes = proposed(signed, base, edition)
        assert len({one.key for one in changes}) == len(changes)
        taken = [one for one in changes if data.draw(st.booleans())]
        after = applied(signed, taken)
        gone = {one.key for one in taken if one.kind == "removed"}
        assert {key_of(one) for one in signed} - {key_of(one) for one in after} == gone
        added = sum_of(one.after for one in taken if one.after is not None)
        assert sum_of(after) == sum_of(signed) + added - sum_of(one.before for one in taken if one.before is not None)
        assert len({key_of(one) for one in after}) == len(after)
        if taken == changes and not (set(without_numbers(signed)) ^ set(without_numbers(base))):
            same = {key for key, one in without_numbers(signed).items() if one == without_numbers(base)[key]}
            if len(same) == len(signed):  # nothing was settled otherwise: the list is what the edition says
                assert without_numbers(after) == without_numbers(edition)
        base, signed = edition, after
