"""Measures the books: chapters as they are looked at, typing, files, pages while books are built, and comparing editions."""

import sqlite3
import time
from pathlib import Path

from benchmarks.books import compared_editions, made_books
from benchmarks.client import Measured, ask_once, measure
from benchmarks.pages import SECONDS, alone, latency, say
from benchmarks.server import Server

# What four people ask for at once: (book, form).
BUILDS = (("masterplan", "pdf"), ("analysis", "pdf"), ("masterplan", "word"), ("summary", "pdf"))
WINDOW = 2  # seconds of reading between two looks at how far the builds are
LONGEST_BUILD = 600  # seconds
# A text as somebody leaves it after a morning: some 1,200 words in 45 paragraphs.
TYPED = "\n\n".join(
    ["Kabupaten ini menata layanan warga dengan data yang diisi OPD dan dibaca setiap bulan. " * 2] * 45
)
PAGES = {
    "roadmap as a timeline": "peta-jalan",
    "list of actions": "rencana-aksi",
    "readiness": "kesiapan",
    "SWOT": "swot",
    "alignment with the RPJMD": "keselarasan",
}


def chapters(server: Server, cookies: dict[str, str], paths: list[str], where: str) -> dict[str, str]:
    """Every chapter in turn, and the one that takes longest."""
    title = f"one chapter of Buku 1 or 2, {where}"
    slowest: tuple[float, str] = max(
        (measure(server.port, cookies, [path], clients=1, seconds=0.5).percentile(0.5), path) for path in paths
    )
    results = alone(server, cookies, title, paths)
    results |= alone(server, cookies, f"{title}, the slowest", [slowest[1]])
    return results


def typing(server: Server, cookies: dict[str, str], slug: str, key: str) -> dict[str, str]:
    """What the page of a text sends by itself while somebody types; nobody waits for the answer."""
    address = f"/{slug}/buku/masterplan/uraian/{key}/draf/"
    typed = {"text": f"{TYPED} {{number}}", "version": "0"}
    return alone(server, cookies, "keeping a long text while it is typed", [address], typed)


def pages(server: Server, cookies: dict[str, str], slug: str) -> dict[str, str]:
    """The pages that the books are written from."""
    results: dict[str, str] = {}
    for title, path in PAGES.items():
        results |= alone(server, cookies, f"{title}, 2,000 actions", [f"/{slug}/{path}/"])
    return results


def list_while_building(server: Server, cookies: dict[str, str], slug: str, home: Path) -> dict[str, str]:
    """The list of innovations, idle; then while the worker builds what four people have asked for."""
    path = f"/{slug}/inovasi/"
    measure(server.port, cookies, [path], clients=1, seconds=1)  # warm
    idle = measure(server.port, cookies, [path], clients=1, seconds=SECONDS)
    began = time.perf_counter()
    for book, kind in BUILDS:
        status = ask_once(server.port, cookies, f"/{slug}/buku/berkas/", {"book": book, "kind": kind})
        if status != 302:
            raise RuntimeError(f"Asking for a book answered {status}")
    parts: list[Measured] = []
    while (left := unfinished(home)) and time.perf_counter() - began < LONGEST_BUILD:
        parts.append(measure(server.port, cookies, [path], clients=1, seconds=WINDOW))
    seconds = time.perf_counter() - began
    failed = unfinished(home, "failed")
    if left or failed:
        raise RuntimeError(f"Of {len(BUILDS)} books {failed} failed and {left} are not made after {seconds:.0f} s")
    busy = Measured(sorted(one for part in parts for one in part.milliseconds), {}, seconds)
    times = busy.percentile(0.95) / idle.percentile(0.95)
    say(f"list while books are built: {latency(busy)} (idle {latency(idle)})")
    return {
        "list of 50, nobody builds: p50, p95 alone": latency(idle),
        f"list of 50 while {len(BUILDS)} books are built": (
            f"{latency(busy)}: p95 {times:.1f} times ({len(busy.milliseconds)} pages in {seconds:.0f} s, all books made)"
        ),
    }


def unfinished(home: Path, *states: str) -> int:
    """How many jobs are in these states, by default waiting or under way; read beside the server."""
    wanted = states or ("queued", "running")
    with sqlite3.connect(f"file:{home / 'praja.sqlite3'}?mode=ro", uri=True) as database:
        marks = ", ".join("?" * len(wanted))
        return database.execute(f"SELECT count(*) FROM jobs_job WHERE state IN ({marks})", wanted).fetchone()[0]


def files() -> dict[str, str]:
    """The books of 200 and of 300 pages as files, and two editions of the larger one compared."""
    results = {}
    for size, what in (("200", "200 pages, 100 tables, 20 charts"), ("300", "300 pages, 150 tables, 40 charts")):
        for kind, measured in made_books(size).items():
            results[f"book of {what}, as {kind}"] = measured
            say(f"book of {what}, as {kind}: {measured}")
    results["two editions of 300 pages compared"] = compared_editions()
    say(f"two editions compared: {results['two editions of 300 pages compared']}")
    return results
