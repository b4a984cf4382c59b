"""The index follows the history, can be mended and made anew, and never holds what was withdrawn."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from praja.foundation.audit.actions import record
from praja.foundation.evidence.actions import attach
from praja.foundation.search import indexing
from praja.foundation.search.finding import find
from praja.foundation.search.models import Entry, Mark
from praja.foundation.search.words import question_of
from praja.stages.innovations import actions as innovations
from praja.stages.innovations.models import Innovation
from praja.stages.problems import actions as problems
from praja.stages.problems.models import Problem


def titles(user, text, **options):
    return [
        hit.title.replace("<mark>", "").replace("</mark>", "") for hit in find(user, question_of(text), **options).hits
    ]


@pytest.fixture
def queue(country):
    """An innovation of the health agency, not indexed yet."""
    return innovations.start(country.plan, by=country.operator, title="Antre dari Rumah", organisation=country.health)


def test_what_was_written_is_found_after_catching_up(country, queue):
    assert titles(country.operator, "antrean") == []
    assert indexing.catch_up()
    assert titles(country.operator, "antrean") == ["Antre dari Rumah"]


def test_catching_up_costs_two_questions_when_nothing_is_new(country, queue, django_assert_max_num_queries):
    indexing.catch_up()
    with django_assert_max_num_queries(
        2 if connection.vendor == "sqlite" else 10
    ):  # there it looks at late lines again
        assert indexing.catch_up()


def test_a_changed_row_is_found_by_its_new_words_only(country, queue):
    indexing.catch_up()
    Innovation.objects.filter(pk=queue.pk).update(title="Jemput Bola", version=2)
    record("edit", queue, by=country.operator)
    indexing.catch_up()
    assert titles(country.operator, "antrean") == []
    assert titles(country.operator, "jemput") == ["Jemput Bola"]
    assert Entry.objects.get(subject="innovations.innovation").version == 2


def test_a_withdrawn_row_leaves_the_index_and_comes_back(country, queue):
    indexing.catch_up()
    Innovation.objects.filter(pk=queue.pk).update(withdrawn_at=timezone.now(), withdrawn_by=country.operator, version=2)
    assert titles(country.operator, "antrean") == []  # before the index knows
    record("withdraw", queue, by=country.operator)
    indexing.catch_up()
    assert not Entry.objects.filter(subject="innovations.innovation").exists()
    Innovation.objects.filter(pk=queue.pk).update(withdrawn_at=None, withdrawn_by=None, version=3)
    record("bring_back", queue, by=country.operator)
    indexing.catch_up()
    assert titles(country.operator, "antrean") == ["Antre dari Rumah"]


def test_evidence_of_a_row_is_found_by_its_title(country, queue):
    indexing.catch_up()
    attach(queue, by=country.operator, kind="other", title="Keputusan Direktur", link="https://example.go.id/")
    indexing.catch_up()
    assert titles(country.operator, "direktur") == ["Antre dari Rumah"]


def test_causes_of_a_problem_are_found(country):
    problem = problems.start(country.plan, by=country.operator, title="Antrean panjang", organisation=country.health)
    problem.causes.create(kind="people", text="Loket hanya satu")
    indexing.catch_up()
    found = find(country.operator, question_of("loket"))
    assert found.hits[0].excerpt == "<mark>Loket</mark> hanya satu"


def test_more_rows_than_a_block_are_all_indexed(country):
    rows = [
        Problem(plan=country.plan, organisation_path=country.plan.organisation_path, title=f"Soal {number}")
        for number in range(450)
    ]
    Problem.objects.bulk_create(rows)
    for row in rows:
        record("import", row, by=None)
    indexing.catch_up(seconds=60)
    assert Entry.objects.filter(subject="problems.problem").count() == 450
    assert find(country.coordinator, question_of("soal")).count == 450


def test_a_line_that_another_worker_has_done_is_not_done_twice(country, queue, monkeypatch):
    prepared = indexing._prepared

    def slow(kind, pks):
        Mark.objects.filter(pk=1).update(event=indexing.Event.objects.latest("pk").pk)  # the other was faster
        return prepared(kind, pks)

    monkeypatch.setattr(indexing, "_prepared", slow)
    assert indexing.catch_up()
    assert not Entry.objects.filter(subject="innovations.innovation").exists()


def test_mending_indexes_what_no_history_tells(country, queue):
    indexing.catch_up(seconds=60)
    Innovation.objects.filter(pk=queue.pk).update(title="Jemput Bola", version=2)
    Problem.objects.create(plan=country.plan, title="Sampah menumpuk")
    assert indexing.mend() >= 2
    assert titles(country.operator, "jemput") == ["Jemput Bola"]
    assert titles(country.coordinator, "sampah") == ["Sampah menumpuk"]
    assert indexing.mend() == 0


def test_a_rebuild_can_run_twice_and_finds_the_same(country, queue, capsys):
    Problem.objects.create(plan=country.plan, title="Antrean sampah")
    for _ in range(2):
        call_command("search", "rebuild")
        assert set(titles(country.coordinator, "antre")) == {"Antre dari Rumah", "Antrean sampah"}
    assert "rows indexed" in capsys.readouterr().out


def test_two_rebuilds_at_once_are_refused_and_the_worker_waits(country, queue):
    indexing.catch_up()
    Mark.objects.update(event=0, rebuilding_until=timezone.now() + indexing.REBUILDING)
    with pytest.raises(indexing.Rebuilding):
        indexing.rebuild()
    Entry.objects.all().delete()
    indexing.catch_up()
    assert not Entry.objects.exists()


def test_a_rebuild_that_was_killed_is_finished_from_the_history(country, queue, monkeypatch):
    monkeypatch.setattr(indexing, "_by_age", lambda _kind: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        indexing.rebuild()
    Mark.objects.update(rebuilding_until=timezone.now() - indexing.REBUILDING)
    indexing.catch_up()
    assert titles(country.operator, "antre") == ["Antre dari Rumah"]


def test_what_changes_during_a_rebuild_is_indexed_afterwards(country, queue, monkeypatch):
    prepared = indexing._prepared

    def and_then_somebody_saves(kind, pks):
        rows = prepared(kind, pks)
        if kind.key == "inovasi" and Innovation.objects.filter(pk=queue.pk, version=1).update(
            title="Jemput Bola", version=2
        ):
            record("edit", queue, by=country.operator)
        return rows

    monkeypatch.setattr(indexing, "_prepared", and_then_somebody_saves)
    indexing.rebuild()
    indexing.catch_up()
    assert titles(country.operator, "jemput") == ["Jemput Bola"]
