"""`make bench`: fills a database, measures Praja and the baseline over HTTP, and prints one table (BIG=1: 500,000 rows)."""

import contextlib
import json
import os
import platform
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import foreign
from benchmarks.client import sign_in
from benchmarks.country import PASSWORD, USERNAME
from benchmarks.pages import SECONDS, page, say
from benchmarks.server import Server, serving

COUNT = int(os.environ.get("BENCH_COUNT", "500000" if os.environ.get("BIG") == "1" else "50000"))


def main() -> None:
    """Measure and print."""
    print(f"# Benchmarks\n\n{machine()}\n")
    results = {}
    with tempfile.TemporaryDirectory(prefix="praja-bench-") as folder:
        home = Path(folder)
        os.environ["PRAJA_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "praja.settings"
        began = time.perf_counter()
        slug = child("fill", str(COUNT)).strip().splitlines()[-1]
        say(f"{COUNT:,} innovations filled in {time.perf_counter() - began:.0f} s")
        before = counts()
        with serving(home) as server:
            results |= pages(server, slug)
        after = counts()
        results["rows recounted: innovations and lines of history, before and after creating"] = (
            f"{before['innovations']:,} and {before['events']:,}, {after['innovations']:,} and {after['events']:,}"
        )
        results |= json.loads(child("import", slug).strip().splitlines()[-1])
    baseline = json.loads(run("-m", "benchmarks.baseline", str(COUNT)).strip().splitlines()[-1])
    print(table(results, baseline))
    print(run("-m", "benchmarks.books"))


def machine() -> str:
    """Which state of the code was measured, where, and how busy the machine was."""
    commit = run_command("git", "rev-parse", "--short", "HEAD").strip()
    changed = " with changes" if run_command("git", "status", "--porcelain", "--untracked-files=no").strip() else ""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"Commit {commit}{changed}; {os.cpu_count()} cores, load {load}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; {COUNT:,} innovations, {SECONDS:.0f} s for each measurement."
    )


def pages(server: Server, slug: str) -> dict[str, str]:
    """What signed-in people wait for."""
    cookies = sign_in(server.port, "/masuk/", USERNAME, PASSWORD)
    newest = f"/{slug}/inovasi/"
    filtered = f"/{slug}/inovasi/?dimensi=living&status=accepted&urut=nama"
    results = {}
    for title, paths in (
        ("list of 50, filtered and sorted", [filtered]),
        ("list of 50, newest first", [newest]),
        ("one innovation", [f"/inovasi/{number}/" for number in range(1, 2000, 10)]),
        ("coverage", [f"/{slug}/cakupan/"]),
    ):
        results |= page(server, cookies, title, paths)
    form = {"title": "Inovasi terukur {number}"}
    results |= page(server, cookies, "create, with history", [f"{newest}baru/"], post=form, status="302")
    results["memory of website and worker after that"] = f"{server.megabytes():.0f} MB"
    return results


def counts() -> dict[str, int]:
    """Rows as the database counts them."""
    return json.loads(child("count").strip().splitlines()[-1])


# --- in child processes, so that nothing of it weighs on the next measurement ------------------------------------------


def child(part: str, *arguments: str) -> str:
    """Do one part in a process of its own and answer what it printed."""
    return run("-m", "benchmarks", "--part", part, *arguments)


def run(*arguments: str) -> str:
    """Run Python with these arguments and answer what it printed."""
    return run_command(sys.executable, *arguments)


def run_command(*command: str) -> str:
    """Run a command and answer what it printed."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def part_fill(count: str) -> None:
    """Make the tables and fill them."""
    from django.core.management import call_command

    from benchmarks.country import fill

    call_command("migrate", verbosity=0)
    print(fill(int(count)))


def part_count() -> None:
    """Count rows."""
    from praja.foundation.audit.models import Event
    from praja.stages.innovations.models import Innovation

    print(json.dumps({"innovations": Innovation.objects.count(), "events": Event.objects.count()}))


def part_import(slug: str) -> None:
    """Bring the foreign sheet into the longest plan, with every rule and history."""
    from praja.foundation.plans.models import Plan
    from praja.stages.innovations.imports import import_file
    from praja.stages.innovations.models import Innovation

    plan = Plan.objects.get(slug=slug)
    path = Path(os.environ["PRAJA_HOME"]) / "foreign.xlsx"
    foreign.write(path)
    before = Innovation.objects.count()
    began = time.perf_counter()
    import_file(path, plan=plan, by=None)
    seconds = time.perf_counter() - began
    brought = Innovation.objects.count() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    title = f"XLSX of {foreign.ROWS:,} rows: read, preview, apply with history; memory at the peak"
    print(json.dumps({title: f"{brought / seconds:,.0f} rows/s ({brought:,} rows recounted), {megabytes:.0f} MB"}))


def table(results: dict[str, str], baseline: dict[str, str]) -> str:
    """Both columns as Markdown."""
    lines = ["| what | Praja | plain Django |", "|---|---|---|"]
    lines += [f"| {title} | {results.get(title, '')} | {baseline.get(title, '')} |" for title in results | baseline]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        import django

        django.setup()
        globals()[f"part_{sys.argv[2]}"](*sys.argv[3:])
    else:
        with contextlib.suppress(KeyboardInterrupt):
            main()
