"""The solver is killed, is too slow, or answers nonsense: the page says so, nothing is stored, and it can be asked again."""

import stat

import pytest
from django.urls import reverse

from praja.foundation.choosing import process
from praja.foundation.choosing.process import NotSolved
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.stages.quick_wins import searches
from praja.stages.quick_wins.choice import asked_of, why_not, with_swap
from praja.stages.quick_wins.models import FoundSet
from praja.stages.quick_wins.sheet import best_of
from praja.stages.quick_wins.tests.sheets import ready


@pytest.fixture
def way(country):
    return ready(country)


def solver(monkeypatch, tmp_path, script):
    """The child process of the solver is this script."""
    file = tmp_path / "solver"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(process.sys, "executable", str(file))


@pytest.mark.parametrize("script", ["kill -9 $$", "exit 3", "sleep 5", "echo not json", "true"])
def test_a_search_that_dies_says_so_and_is_asked_again(country, way, client_of, monkeypatch, tmp_path, script):
    client = client_of(country.coordinator)
    FoundSet.objects.all().delete()
    with monkeypatch.context() as patched:
        patched.setattr(process, "ROOM", 0.2)
        patched.setattr(searches, "SECONDS_AT_ONCE", 0.1)
        patched.setattr(searches, "SECONDS_AS_JOB", 0.1)
        solver(patched, tmp_path, script)
        assert client.post(reverse("set-find", args=[way.round.pk])).status_code == 302
        perform_due()
        page = client.get(reverse("set-detail", args=[way.round.pk]))
        assert page.status_code == 200
        assert Job.objects.get(name="quick_wins.find_set").state == "failed"
        assert not FoundSet.objects.filter(content__has_key="best").exists()
    client.post(reverse("set-find", args=[way.round.pk]))
    assert FoundSet.objects.filter(content__has_key="best").exists()


def test_a_search_asked_twice_is_one_job(country, way, client_of, monkeypatch):
    monkeypatch.setattr(searches, "SMALL", 0)
    client = client_of(country.coordinator)
    for _each in range(2):
        client.post(reverse("set-find", args=[way.round.pk]))
        client.post(reverse("set-stability-find", args=[way.round.pk]))
    assert sorted(Job.objects.filter(name__startswith="quick_wins.find").values_list("name", flat=True)) == [
        "quick_wins.find_set",
        "quick_wins.find_stability",
    ]


def test_why_not_and_a_swap_that_run_out_of_time_are_told(country, way, client_of, monkeypatch):
    asked = asked_of(way.round)
    best = best_of(FoundSet.objects.get().content)
    monkeypatch.setattr(process, "ask", lambda _question, asks, _seconds: ["late"] * len(asks))
    with pytest.raises(NotSolved):
        why_not(asked, way.key("b"), best)
    assert with_swap(asked, out=way.key("a"), into=way.key("b"), best=best)["best"] == "late"
    client = client_of(country.coordinator)
    page = client.get(reverse("set-why", args=[way.round.pk]), {"nominasi": way.key("b")})
    assert page.context["is_unanswered"]
    query = {"keluar": way.key("a"), "masuk": way.key("b")}
    assert client.get(reverse("set-swap", args=[way.round.pk]), query).status_code == 200
    answers = iter([[None], ["late"]])
    monkeypatch.setattr(process, "ask", lambda *_told: next(answers))
    with pytest.raises(NotSolved):
        why_not(asked, way.key("b"), best)
