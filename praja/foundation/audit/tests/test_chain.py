"""The chain: it grows by one, one after the other, and its lines say each entry in exactly one way."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.audit import chain
from praja.foundation.audit.models import ChainEntry, ChainHead

WIB = datetime.timezone(datetime.timedelta(hours=7))
texts = st.text() | st.sampled_from(['","', "\\", "\x00", "\u2028", "\ud800", "سلام", "]\n[", "1", "null"])
facts = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def test_entries_count_from_one_and_each_names_the_hash_before(country):
    first, second = (chain.append("edition", country.plan, {"number": number}) for number in (1, 2))
    assert (first.seq, second.seq) == (1, 2)
    assert (first.previous_hash, second.previous_hash) == (chain.NO_HASH, first.hash)
    assert chain.head() == (2, second.hash)
    assert list(chain.entries_of(country.plan)) == [first, second]


def test_the_hash_is_that_of_the_documented_line(country):
    at = datetime.datetime(2026, 11, 22, 10, 4, 5, 6, tzinfo=WIB)
    entry = chain.append("edition", country.plan, {"b": "é", "a": [1, None, True]}, at=at)
    line = [
        "praja-chain-1", 1, "2026-11-22T03:04:05.000006+00:00", "edition", "plans.plan", country.plan.pk,
        str(country.plan.uid), '{"a":[1,null,true],"b":"\\u00e9"}', "0" * 64,
    ]  # fmt: skip
    assert entry.hash == sha256(json.dumps(line, separators=(",", ":")).encode()).hexdigest()


def test_an_entry_reads_back_with_the_same_hash(country):
    chain.append("edition", country.plan, {"words": 'a "b" \\ é \u2028 \x00 🌾'})
    entry = ChainEntry.objects.get()
    assert chain.hash_of(entry) == entry.hash
    assert json.loads(entry.facts) == {"words": 'a "b" \\ é \u2028 \x00 🌾'}


def test_an_entry_is_never_changed_or_deleted(country):
    entry = chain.append("edition", country.plan, {})
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.parametrize("wrong", [{"x": 1.5}, {"x": b"1"}, {"x": datetime.date(2026, 1, 1)}, {"x": [{1: "a"}]}])
def test_facts_that_would_not_read_back_alike_are_refused(country, wrong):
    with pytest.raises(TypeError):
        chain.append("edition", country.plan, wrong)
    assert chain.head() == (0, chain.NO_HASH)


def test_personal_data_is_refused(country):
    with pytest.raises(ValueError, match="nip"):
        chain.append("signature", country.plan, {"nip": "197001011990011001"})


@given(st.tuples(st.integers(), texts, texts, texts), st.tuples(st.integers(), texts, texts, texts))
def test_two_entries_have_one_line_only_when_they_are_the_same(first, second):
    assert json.loads(chain.line(*first)) == [chain.FORMAT, *first]
    assert (chain.line(*first) == chain.line(*second)) == (first == second)


@given(st.dictionaries(texts, facts, max_size=4))
def test_facts_give_one_text_whatever_their_order_and_read_back(found):
    text = chain.canonical(found)
    assert json.loads(text) == found
    assert chain.canonical(dict(reversed(found.items()))) == text
    assert text.isascii()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_appended(country):
    with pytest.raises(transaction.TransactionManagementError):
        chain.append("edition", country.plan, {})


@pytest.mark.django_db(transaction=True)
def test_an_append_that_is_rolled_back_leaves_no_gap(country):
    with transaction.atomic():
        chain.append("edition", country.plan, {"number": 1})
    with transaction.atomic():
        chain.append("edition", country.plan, {"number": 2})
        transaction.set_rollback(True)
    with transaction.atomic():
        last = chain.append("edition", country.plan, {"number": 3})
    assert list(ChainEntry.objects.values_list("seq", flat=True)) == [1, 2]
    assert ChainHead.objects.get().hash == last.hash


@pytest.mark.django_db(transaction=True)
def test_many_who_append_at_once_make_one_chain_without_gaps(country):
    barrier = Barrier(6)

    def five(name):
        barrier.wait(30)
        try:
            for number in range(5):
                with transaction.atomic():
                    chain.append("edition", country.plan, {"who": name, "number": number})
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        list(people.map(five, range(6)))
    before = chain.NO_HASH
    for number, entry in enumerate(ChainEntry.objects.all(), start=1):
        assert (entry.seq, entry.previous_hash, chain.hash_of(entry)) == (number, before, entry.hash)
        before = entry.hash
    assert chain.head() == (30, before)
