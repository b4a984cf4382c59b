"""The parts of a run that work on the database themselves; each in a process of its own, answering what it found."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import foreign, log, signing
from benchmarks.country import PASSWORD, USERNAME


def fill(count: str) -> dict[str, Any]:
    """Make the tables and fill them."""
    from django.core.management import call_command

    from benchmarks import country

    call_command("migrate", verbosity=0)
    return {"slug": country.fill(int(count))}


def demonstration(*left_out: str) -> dict[str, Any]:
    """Load the demonstration; its coordinator signs in as everybody who is measured does.

    `left_out`: steps of the loading that nobody needs here; "quick_wins" and "signing" take more than half of it.
    """
    from django.core.management import call_command

    from praja.across.overview import demonstration as invented
    from praja.foundation.accounts.models import Membership
    from praja.foundation.places.loading import load_regions
    from praja.foundation.plans.models import Plan

    call_command("migrate", verbosity=0)
    load_regions()
    with ExitStack() as without:
        for step in left_out:
            without.enter_context(patch.object(invented._Loading, step))
        invented.load()
    plan = Plan.objects.get(slug="kabupaten-contoh")
    user = Membership.objects.filter(organisation=plan.government, role="coordinator")[0].user
    user.username = USERNAME
    user.set_password(PASSWORD)
    user.save()
    return {"slug": plan.slug}


def enlarge(slug: str) -> dict[str, Any]:
    """Make the plan as large as plans get, and the index of the search with it."""
    from benchmarks import large_plan
    from praja.foundation.search import indexing

    made = large_plan.enlarge(slug)
    indexing.rebuild()
    return made


def chapters(slug: str) -> dict[str, Any]:
    """The addresses of the chapters of Buku 1 and Buku 2, and the key of a section that holds text."""
    from django.urls import reverse

    from praja.foundation.plans.models import Plan
    from praja.stages.masterplan.outlines.books import book_of
    from praja.stages.masterplan.outlines.outline import outline_of

    plan = Plan.objects.get(slug=slug)
    outlines = [outline_of(plan, book_of(plan, key)) for key in ("analysis", "masterplan")]
    paths = [
        reverse("book-chapter", args=[slug, outline.book.key, part.key])
        for outline in outlines
        for part in (*outline.chapters, *outline.appendices)
    ]
    return {"paths": paths, "key": outlines[1].chapters[0].key}


def sliders(slug: str) -> dict[str, Any]:
    """The addresses that sliders of weights ask for, each with other weights: the new ranking, and the new best set."""
    import random
    from urllib.parse import urlencode

    from django.urls import reverse

    from praja.stages.quick_wins.models import Round

    chance = random.Random(7)
    going = Round.objects.get(plan__slug=slug, state=Round.State.CHOOSING)
    keys = list(going.criteria.filter(kind="scored").values_list("key", flat=True))
    wishes = [urlencode({f"w-{key}": chance.randrange(1, 100) for key in keys}) for _place in range(60)]
    found = {
        name: [f"{reverse(name, args=[going.pk])}?{wish}" for wish in wishes]
        for name in ("set-question-ranking", "ranking-table", "set-question-set")
    }
    return {**found, "nominees": going.nominations.in_service().count()}


def writers(slug: str, number: str) -> dict[str, Any]:
    """Rows for people who save at once: the address of a page and the version of so many innovations of a plan."""
    from django.urls import reverse

    from praja.foundation.plans.models import Plan

    rows = Plan.objects.get(slug=slug).innovations.in_service().order_by("pk").values_list("pk", "version")
    return {"rows": [(reverse("innovation-edit", args=[pk, "how"]), version) for pk, version in rows[: int(number)]]}


def written(*paths: str) -> dict[str, Any]:
    """For each page of `writers`: version and text as stored, and how often the history names it."""
    from praja.foundation.audit.models import Event
    from praja.stages.innovations.models import Innovation

    found = {}
    for path in paths:
        row = Innovation.objects.get(pk=int(path.split("/")[2]))
        edits = Event.objects.filter(subject="innovations.innovation", subject_id=row.pk, verb="edit").count()
        found[path] = {"version": row.version, "text": row.design, "edits": edits}
    return found


def agencies(slug: str) -> dict[str, Any]:
    """The keys of the agencies of a plan, in the order of their names."""
    from praja.foundation.plans.models import Plan

    found = Plan.objects.get(slug=slug).government.children.agencies().order_by("name", "pk")
    return {"pks": list(found.values_list("pk", flat=True))}


def titles(slug: str, beginning: str) -> dict[str, Any]:
    """The innovations of a plan whose names begin so, each with its agency."""
    from praja.foundation.plans.models import Plan

    found = Plan.objects.get(slug=slug).innovations.filter(title__startswith=beginning).order_by("pk")
    return {"rows": list(found.values_list("title", "organisation_id"))}


def count() -> dict[str, Any]:
    """Rows as the database counts them."""
    from praja.foundation.audit.models import Event
    from praja.stages.innovations.models import Innovation

    return {"innovations": Innovation.objects.count(), "events": Event.objects.count()}


def bring(slug: str) -> dict[str, Any]:
    """Bring the foreign sheet into the longest plan: read and preview here as the pages do, apply by the worker."""
    from django.conf import settings
    from django.core.files import File

    from praja.foundation.accounts.models import User
    from praja.foundation.jobs.models import Job
    from praja.foundation.plans.models import Plan
    from praja.stages.innovations import imports
    from praja.stages.innovations.models import Innovation

    plan, user = Plan.objects.get(slug=slug), User.objects.get(username=USERNAME)
    path = Path(settings.HOME) / "foreign.xlsx"
    foreign.write(path)
    before = Innovation.objects.count()
    began = time.perf_counter()
    with path.open("rb") as content:
        one = imports.open_import(File(content, name=path.name), plan=plan, by=user)
    imports.place_columns(one, imports.column_choices(imports.table_of(one)), by=user)
    previewed = time.perf_counter() - began
    imports.start_applying(one, by=user)
    job = Job.objects.get(pk=one.job.pk)
    while not job.is_finished:
        time.sleep(0.05)
        job.refresh_from_db()
    seconds = time.perf_counter() - began
    brought = Innovation.objects.count() - before
    title = f"foreign XLSX of {foreign.ROWS:,} rows: read and previewed, then applied by the worker with history"
    measured = (
        f"{brought / seconds:,.0f} rows/s ({previewed:.1f} s, {seconds - previewed:.1f} s; {brought:,} recounted)"
    )
    return {title: measured}


def books(slug: str) -> dict[str, Any]:
    """The book of a plan as files: gathered from the database, laid out, made."""
    from praja.foundation.plans.models import Plan
    from praja.stages.masterplan.actions import render_book

    results = {}
    for kind, title in (("pdf", "PDF"), ("docx", "Word"), ("html", "one HTML file")):
        began = time.perf_counter()
        content = render_book(Plan.objects.get(slug=slug), kind)
        seconds = time.perf_counter() - began
        results[f"book of the demonstration as {title}, from the data"] = (
            f"{seconds:.2f} s ({len(content) / 1e6:.1f} MB)"
        )
    return results


def search() -> dict[str, Any]:
    """Make the index, then ask it as the ministry and as the longest region: rare words, and words that stand everywhere."""
    from benchmarks.country import WORDS
    from praja.foundation.accounts.models import Membership, User
    from praja.foundation.plans.actions import ministry
    from praja.foundation.search import finding, indexing
    from praja.foundation.search.scope import state_word
    from praja.foundation.search.words import question_of

    began = time.perf_counter()
    rows = indexing.rebuild()
    seconds = time.perf_counter() - began
    results = {"search: index made anew": f"{rows:,} rows, {rows / seconds:,.0f} rows/s"}
    everybody = User.objects.create_user("ukur-semua", PASSWORD)
    Membership.objects.create(user=everybody, organisation=ministry(), role="ministry_admin")
    # A repetition of the rows is numbered: the accepted ones of its 5,000 rows are a good half.
    accepted = [state_word("accepted")]
    for who, user in (("in the whole country", everybody), ("in one region", User.objects.get(username=USERNAME))):
        for kind, asked, scope in (
            ("at most 5,000 hits", "7", accepted),
            ("one common word", WORDS[0], []),
            ("three common words", " ".join(WORDS[:3]), []),
        ):
            question = question_of(asked)
            finding.find(user, question, scope=scope)  # warm
            times = []
            for _ in range(21):
                began = time.perf_counter()
                found = finding.find(user, question, scope=scope)
                times.append((time.perf_counter() - began) * 1000)
            hits = f"{found.count:,}{' or more' if found.is_more else ''}"
            results[f"search {who}, {kind}: p50, p95"] = (
                f"{sorted(times)[10]:.1f} ms, {sorted(times)[19]:.1f} ms ({hits} hits)"
            )
    return results


def export(slug: str) -> dict[str, Any]:
    """Write the longest list to files, again and again until 100,000 rows; memory is what the process grew by."""
    import gc
    import resource
    from itertools import chain, islice, repeat

    from django.http import QueryDict

    from praja.foundation.accounts.models import User
    from praja.foundation.sheets.exports import exports, made

    rows, results = 100_000, {}
    user = User.objects.get(username=USERNAME)
    for kind in ("csv", "xlsx"):
        listed = exports()["inovasi"].listed(user, slug, QueryDict())
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        lines = islice(chain.from_iterable(listed.rows() for _ in repeat(None)), rows)
        with made(listed, "Inovasi", kind, lines) as file:
            size = file.seek(0, 2)
        seconds = time.perf_counter() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        results[f"export of {rows:,} rows of {len(listed.header)} columns as {kind.upper()}"] = (
            f"{seconds:.1f} s ({size / 1e6:.0f} MB; memory grew by {grown:.0f} MB)"
        )
    return results


PARTS = {
    "fill": fill,
    "demonstration": demonstration,
    "enlarge": enlarge,
    "chapters": chapters,
    "sliders": sliders,
    "writers": writers,
    "written": written,
    "agencies": agencies,
    "titles": titles,
    "count": count,
    "bring": bring,
    "search": search,
    "export": export,
    "books": books,
    **log.PARTS,
    **signing.PARTS,
}
