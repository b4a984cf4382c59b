"""`make bench`: fills databases, measures Praja and the baseline over HTTP, and prints a table for each part.

`BIG=1` measures at 500,000 innovations, `SOAK=1` adds ten minutes of mixed reading and saving before memory is taken,
`PART=rows` (or another name of SECTIONS) measures only that part, and `--write` (`make bench WRITE=1`) puts the tables of what was
measured into docs/benchmarks.md.
"""

import contextlib
import datetime
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import log, masterplan, signing
from benchmarks.choosing import made_choices
from benchmarks.client import measure, sign_in
from benchmarks.country import PASSWORD, USERNAME
from benchmarks.pages import CLIENTS, SECONDS, alone, page, say
from benchmarks.parts import PARTS
from benchmarks.server import Server, serving
from benchmarks.writers import write_at_once
from tests.databases import postgresql_for_tests

COUNT = int(os.environ.get("BENCH_COUNT", "500000" if os.environ.get("BIG") == "1" else "50000"))
WRITING_SECONDS = 30
SOAK_SECONDS = 600 if os.environ.get("SOAK") == "1" else 0
DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- {}: written by make bench -->", "<!-- end of {} -->"
AIMS = {
    "list of 50, filtered and sorted: p50, p95 alone": "15 ms, 30 ms at 500,000",
    f"list of 50, filtered and sorted: answers a second at {CLIENTS} clients, CPU each": "100/s at 500,000",
    "coverage: p50, p95 alone": "30 ms",
    "autosave of a page: p50, p95 alone": "30 ms",
    "save one page, with permission and history: p50 alone (SQLite)": "8 ms",
    "save one page, with permission and history: p50 alone (PostgreSQL)": "8 ms",
    f"16 writers for {WRITING_SECONDS} s (SQLite)": "200 saves/s, no error, none lost",
    f"16 writers for {WRITING_SECONDS} s (PostgreSQL)": "200 saves/s, no error, none lost",
    "foreign XLSX of 10,000 rows: read and previewed, then applied by the worker with history": "3,000 rows/s",
    "search in the whole country, at most 5,000 hits: p50, p95": "20 ms at 500,000",
    "search in the whole country, one common word: p50, p95": "100 ms at 500,000",
    "search in the whole country, three common words: p50, p95": "100 ms at 500,000",
    "export of 100,000 rows of 40 columns as CSV": "4 s with 28 columns, under 80 MB",
    "export of 100,000 rows of 40 columns as XLSX": "20 s with 28 columns, under 80 MB",
    "book of 200 pages, 100 tables, 20 charts, as PDF": "2 s",
    "book of 200 pages, 100 tables, 20 charts, as Word": "4 s",
    "book of 300 pages, 150 tables, 40 charts, as PDF": "3 s, under 700 MB",
    "book of 300 pages, 150 tables, 40 charts, as Word": "6 s, under 700 MB",
    "two editions of 300 pages compared": "2 s",
    "one chapter of Buku 1 or 2, demonstration: p50, p95 alone": "300 ms",
    "one chapter of Buku 1 or 2, demonstration, the slowest: p50, p95 alone": "300 ms",
    "one chapter of Buku 1 or 2, 400 innovations and 2,000 actions: p50, p95 alone": "300 ms",
    "one chapter of Buku 1 or 2, 400 innovations and 2,000 actions, the slowest: p50, p95 alone": "300 ms",
    "keeping a long text while it is typed: p50, p95 alone": "nobody waits for it",
    "list of 50 while 4 books are built": "p95 under twice that of nobody building",
    "memory of website and worker after that (RSS)": "350 MB after ten minutes",
    "a slider moves: the new ranking, 53 nominees: p50, p95 alone": "200 ms",
    "a slider moves: both rankings in full, 53 nominees: p50, p95 alone": "200 ms",
    "a slider moves: the new best set with its proof, 53 nominees: p50, p95 alone": "when it is proven",
    "best set of 96 nominees, all kinds of rules": "1 s, proven",
    "best set of 500 nominees, 10 years, 40 agencies, 4 sources, 200 dependencies": "10 s, gap 0.5 %, 500 MB",
    "best sets under 10,000 weight sets, 96 nominees, all kinds of rules": "2 s",
    f"log of {log.ENTRIES:,} entries verified": "60 s, constant memory",
    f"one of {signing.SIGNATURES} signatures: p50, the last, the slowest after the first": "400 ms",
    "a signature makes the file larger by": "60 kB at most",
    f"{signing.FEW} signatures validated": "3 s",
    f"{signing.SIGNATURES} signatures validated": "12 s",
    f"public page of a round of {signing.SIGNATURES}: p50, p95 alone": "50 ms",
}


def main() -> None:
    """Measure, print, and write when asked to."""
    chosen = os.environ.get("PART") or ",".join(SECTIONS)
    for name in chosen.split(","):
        began = time.perf_counter()
        head = f"{machine()} {SECTIONS[name].what}"
        print(f"{head}\n", flush=True)
        measured = SECTIONS[name].measure()
        load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
        foot = f"Load at the end {load}; it took {(time.perf_counter() - began) / 60:.1f} minutes."
        print(f"\n{measured}\n\n{foot}\n", flush=True)
        if "--write" in sys.argv:
            write(name, f"{head}\n\n{measured}\n\n{foot}")


def rows() -> str:
    """Lists and forms on many rows, beside plain Django on the same."""
    results = praja() | on_postgresql()
    return table({"Praja": results, "plain Django": last_line(run("-m", "benchmarks.baseline", str(COUNT)))})


def books() -> str:
    """The full plan of the demonstration and one that is larger, their books, and books of a known size."""
    results = demonstration() | masterplan.files()
    return table({"Praja": results})


def choices() -> str:
    """The best set of quick wins under rules, beside the plain choice from the top of the ranking."""
    with home() as folder:
        slug = child("demonstration")["slug"]
        found = child("sliders", slug)
        with serving(folder) as server:
            cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
            results = {}
            for name, what in SLIDERS.items():
                results |= alone(server, cookies, what.format(found["nominees"]), found[name])
    return table({"Praja": results | made_choices()})


def tamper_evident_log() -> str:
    """The log at its full length, and at a tenth of it for its memory."""
    with home():
        results = child("log-history")
        for until in (log.FEW, log.ENTRIES):
            say(f"{child('log-grow', str(until))['entries']:,} entries in the log")
            results |= child("log-verified")
    return table({"Praja": results})


def electronic_signatures() -> str:
    """A round of electronic signatures, and its public page."""
    with home():
        results = child("signatures")
    with home() as folder:
        code = child("signed-round")["code"]
        with serving(folder) as server:
            results |= page(server, {}, PUBLIC_PAGE, [f"/v/{code}/"])
    return table({"Praja": results})


PUBLIC_PAGE = f"public page of a round of {signing.SIGNATURES}"
SLIDERS = {
    "set-question-ranking": "a slider moves: the new ranking, {} nominees",
    "ranking-table": "a slider moves: both rankings in full, {} nominees",
    "set-question-set": "a slider moves: the new best set with its proof, {} nominees",
}


@dataclass(frozen=True)
class Section:
    """A part of a run that has its own table."""

    measure: Callable[[], str]
    what: str


SECTIONS = {
    "rows": Section(rows, f"{COUNT:,} innovations of 514 regions, a tenth of them in one."),
    "books": Section(books, "The demonstration; then its full plan with 400 innovations and 2,000 actions."),
    "choices": Section(
        choices, "Invented rounds of quick wins, the median of three; CPU seconds in a process of their own."
    ),
    "log": Section(
        tamper_evident_log, f"A log of {log.ENTRIES:,} entries on SQLite, about {log.ROWS:,} rows that are there."
    ),
    "signing": Section(
        electronic_signatures, f"{signing.SIGNATURES} electronic signatures in a document of {signing.PAGES} pages."
    ),
}


def machine() -> str:
    """Which state of the code was measured, where, and how busy the machine was."""
    commit = run_command("git", "rev-parse", "--short", "HEAD").strip()
    changed = " with changes" if run_command("git", "status", "--porcelain", "--untracked-files=no").strip() else ""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"{datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}, commit {commit}{changed}; {os.cpu_count()} cores, load at the start {load}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {SECONDS:.0f} s for each measurement."
    )


def praja() -> dict[str, str]:
    """The pages on many rows, a foreign sheet through website and worker, and memory after all that."""
    results = {}
    with home() as folder:
        began = time.perf_counter()
        slug = child("fill", str(COUNT))["slug"]
        say(f"{COUNT:,} innovations filled in {time.perf_counter() - began:.0f} s")
        results |= child("search")  # first: with an index that is whole the worker has nothing to do meanwhile
        before = child("count")
        with serving(folder) as server:
            cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
            results |= pages(server, cookies, slug)
            after = child("count")
            results["rows recounted: innovations, lines of history; before and after creating"] = (
                f"{before['innovations']:,}, {before['events']:,}; {after['innovations']:,}, {after['events']:,}"
            )
            results |= save_at_once(server, cookies, slug, "SQLite")
            results |= child("bring", slug)
            results |= child("export", slug)
            if SOAK_SECONDS:
                results |= soak(server, cookies, slug)
            website, worker = server.resident_megabytes()
            results["memory of website and worker after that (RSS)"] = f"{website:.0f} + {worker:.0f} MB"
    return results


def pages(server: Server, cookies: dict[str, str], slug: str) -> dict[str, str]:
    """What signed-in people wait for."""
    newest = f"/{slug}/inovasi/"
    filtered = f"/{slug}/inovasi/?dimensi=living&status=accepted&urut=nama"
    results = {}
    for title, paths in (
        ("list of 50, filtered and sorted", [filtered]),
        ("list of 50, newest first", [newest]),
        ("one innovation", [f"/inovasi/{number}/" for number in range(1, 5000, 10)]),
        ("coverage", [f"/{slug}/cakupan/"]),
    ):
        results |= page(server, cookies, title, paths)
    typed = {"title": "Inovasi terukur {number}", "summary": "Ketikan {number}", "token": "ukur"}
    results |= page(server, cookies, "autosave of a page", ["/inovasi/1/ubah/identity/ketikan/"], post=typed)
    form = {"title": "Inovasi terukur {number}"}
    return results | page(server, cookies, "create, with history", [f"{newest}baru/"], post=form, status="302")


def save_at_once(server: Server, cookies: dict[str, str], slug: str, database: str) -> dict[str, str]:
    """Sixteen people save pages of their own rows for half a minute; what is stored is counted against what was said."""
    rows = child("writers", slug, str(CLIENTS))["rows"]
    alone = write_at_once(server.port, [cookies], rows[:1], SECONDS)[0]
    rows[0][1] = alone.version
    tallies = write_at_once(server.port, [cookies], rows, WRITING_SECONDS)
    stored = child("written", *(path for path, _version in rows))
    acknowledged = sum(tally.acknowledged for tally in tallies)
    lost = sum(
        (stored[tally.path]["version"], stored[tally.path]["text"]) != (tally.version, tally.last_text)
        for tally in tallies
    )
    errors = sum(len(tally.errors) + tally.conflicts + tally.broken for tally in tallies)
    middle = sorted(alone.milliseconds)[len(alone.milliseconds) // 2]
    return {
        f"save one page, with permission and history: p50 alone ({database})": f"{middle:.1f} ms",
        f"16 writers for {WRITING_SECONDS} s ({database})": (
            f"{acknowledged / WRITING_SECONDS:.0f} saves/s; {acknowledged:,} acknowledged, {errors} errors, "
            f"{lost} rows not as acknowledged"
        ),
    }


def soak(server: Server, cookies: dict[str, str], slug: str) -> dict[str, str]:
    """Ten minutes of mixed reading and saving; afterwards signing in works, no connection is open, and counts agree."""
    paths = [f"/{slug}/", f"/{slug}/inovasi/", f"/{slug}/cakupan/", f"/{slug}/permasalahan/", "/inovasi/1/"]
    rows = child("writers", slug, "4")["rows"]
    with ThreadPoolExecutor() as both:
        reading = both.submit(measure, server.port, cookies, paths, clients=4, seconds=SOAK_SECONDS)
        writing = both.submit(write_at_once, server.port, [cookies], rows, SOAK_SECONDS)
        read, tallies = reading.result(), writing.result()
    sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
    stored = child("written", *(path for path, _version in rows))
    lost = sum(stored[tally.path]["version"] != tally.version for tally in tallies)
    errors = sum(len(tally.errors) + tally.conflicts + tally.broken for tally in tallies)
    return {
        f"{SOAK_SECONDS / 60:.0f} minutes of reading and saving at once": (
            f"{len(read.milliseconds):,} pages {read.statuses}, {sum(tally.acknowledged for tally in tallies):,} saves, "
            f"{errors} errors, {lost} rows not as acknowledged, {server.open_connections()} connections left open"
        )
    }


def on_postgresql() -> dict[str, str]:
    """The same sixteen writers on PostgreSQL, on a server of this run that syncs to the disk."""
    with home() as folder:
        os.environ["PRAJA_DATABASE_URL"] = postgresql_for_tests(["max_connections=50"])
        try:
            slug = child("demonstration")["slug"]
            with serving(folder) as server:
                cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
                return save_at_once(server, cookies, slug, "PostgreSQL")
        finally:
            del os.environ["PRAJA_DATABASE_URL"]


def demonstration() -> dict[str, str]:
    """The plan that is filled in full: first page, chapters, books, typing; the same enlarged; the list while books are built."""
    with home() as folder:
        slug = child("demonstration")["slug"]
        found = child("chapters", slug)
        with serving(folder) as server:
            cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
            results = page(server, cookies, "first page of a full plan", [f"/{slug}/"])
            results |= masterplan.chapters(server, cookies, found["paths"], "demonstration")
            results |= alone(server, cookies, "book of the demonstration as web page", [f"/{slug}/buku/"])
            results |= masterplan.typing(server, cookies, slug, found["key"])
        results |= child("books", slug)
        larger = child("enlarge", slug)
        where = f"{larger['innovations']:,} innovations and {larger['actions']:,} actions"
        say(f"the plan has {where} now")
        with serving(folder) as server:
            cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
            results |= masterplan.chapters(server, cookies, found["paths"], where)
            results |= masterplan.pages(server, cookies, slug)
            return results | masterplan.list_while_building(server, cookies, slug, folder)


def write(name: str, report: str) -> None:
    """Put the table of a section between its two marks in docs/benchmarks.md; the text around it stays."""
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = BEGIN.format(name), END.format(name)
    before, after = text.partition(begin)[0], text.partition(end)[2]
    DOCUMENT.write_text(f"{before}{begin}\n\n{report}\n\n{end}{after}", encoding="utf-8")
    print(f"Written to {DOCUMENT.relative_to(Path.cwd()) if DOCUMENT.is_relative_to(Path.cwd()) else DOCUMENT}")


def table(columns: dict[str, dict[str, str]]) -> str:
    """What was aimed at and what was measured, as Markdown: a line for each title."""
    titles = dict.fromkeys(title for column in columns.values() for title in column)
    lines = [f"| {' | '.join(['what', 'aim', *columns])} |", "|---" * (len(columns) + 2) + "|"]
    lines += [
        f"| {' | '.join([title, *(column.get(title, '') for column in (AIMS, *columns.values()))])} |"
        for title in titles
    ]
    return "\n".join(lines)


# --- in child processes, so that nothing of it weighs on the next measurement ------------------------------------------


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """An empty state folder for children and servers."""
    with tempfile.TemporaryDirectory(prefix="praja-bench-") as folder:
        os.environ |= {"PRAJA_HOME": folder, "DJANGO_SETTINGS_MODULE": "praja.settings", "PRAJA_LOG": "WARNING"}
        yield Path(folder)


def child(part: str, *arguments: str) -> dict[str, str]:
    """Do one part in a process of its own and answer what it found."""
    return last_line(run("-m", "benchmarks", "--part", part, *arguments))


def last_line(printed: str) -> dict[str, str]:
    """The JSON that a child printed last."""
    found: dict[str, str] = json.loads(printed.strip().splitlines()[-1])
    return found


def run(*arguments: str) -> str:
    """Run Python with these arguments and answer what it printed."""
    return run_command(sys.executable, *arguments)


def run_command(*command: str) -> str:
    """Run a command and answer what it printed."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        import django

        django.setup()
        print(json.dumps(PARTS[sys.argv[2]](*sys.argv[3:])))
    else:
        with contextlib.suppress(KeyboardInterrupt):
            main()
