"""`python -m benchmarks.baseline [COUNT]`: measures plain Django and prints the same lines as JSON."""

import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import foreign
from benchmarks.client import sign_in
from benchmarks.country import AGENCIES, BATCH, PASSWORD, SEED, STATES, USERNAME, sentences
from benchmarks.pages import page
from benchmarks.server import free_port, started

REGION = "32.05"
REGIONS = 514


def main() -> None:
    """Fill, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory(prefix="praja-baseline-") as folder:
        os.environ["BASELINE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.baseline.settings"
        import django

        django.setup()
        agency = fill(count)
        results = over_http(agency)
        results |= import_sheet(Path(folder) / "foreign.xlsx")
    print(json.dumps(results))


def fill(count: int) -> int:
    """The same number of rows from the same words; answers an agency of the region with the longest list."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import transaction

    from benchmarks.baseline.models import Agency, Innovation

    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_superuser(USERNAME, password=PASSWORD)
    chance = random.Random(SEED)
    regions = [REGION, *(f"{number:05}" for number in range(1, REGIONS))]
    agencies = {
        region: [Agency(region=region, name=name if region == REGION else f"{name} {region}") for name in AGENCIES]
        for region in regions
    }
    Agency.objects.bulk_create(agency for group in agencies.values() for agency in group)
    for first in range(0, count, BATCH):
        with transaction.atomic():
            Innovation.objects.bulk_create(
                _innovation(chance, regions, agencies, number) for number in range(first, min(first + BATCH, count))
            )
    return agencies[REGION][0].pk


def _innovation(chance, regions, agencies, number):
    from benchmarks.baseline.models import Innovation

    region = REGION if number % 10 == 0 else regions[1 + number % (len(regions) - 1)]
    return Innovation(
        region=region,
        agency=chance.choice(agencies[region]),
        title=f"{sentences(chance, 4)[:-1]} {number}",
        dimension=chance.choice(("governance", "branding", "economy", "living", "society", "environment")),
        state=chance.choice(STATES),
        is_it=chance.random() < 0.5,
        summary=sentences(chance, 25),
        goal=sentences(chance, 15),
        benefit=sentences(chance, 15),
        design=sentences(chance, 60),
        start_year=2026,
    )


def over_http(agency: int) -> dict[str, str]:
    """The admin's pages, by the same client as Praja's."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--no-ws", "--blocking-threads", "4"]
    command = [sys.executable, "-m", "granian", *options, "django.core.wsgi:get_wsgi_application", "--factory"]
    with started(command, dict(os.environ), port=port) as server:
        cookies = sign_in(port, "/admin/login/", USERNAME, PASSWORD)
        list_path = "/admin/baseline/innovation/"
        filtered = f"{list_path}?dimension__exact=living&state__exact=accepted&o=1"
        results = {}
        for title, path in (("list of 50, filtered and sorted", filtered), ("list of 50, newest first", list_path)):
            results |= page(server, cookies, title, [path])
        form = {
            "region": REGION, "agency": str(agency), "title": "Inovasi terukur {number}",
            "dimension": "living", "state": "draft", "is_it": "unknown",
        }  # fmt: skip
        results |= page(server, cookies, "create, with history", [f"{list_path}add/"], post=form, status="302")
        website, rest = server.resident_megabytes()
        results["memory of website and worker after that (RSS)"] = f"{website + rest:.0f} MB, no worker"
    return results


def import_sheet(path: Path) -> dict[str, str]:
    """What the admin's import does: a dry run for the preview, then the same again to apply it."""
    import tablib

    from benchmarks.baseline.admin import InnovationResource
    from benchmarks.baseline.models import Innovation

    foreign.write(path)
    before = Innovation.objects.count()
    began = time.perf_counter()
    for is_preview in (True, False):
        data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
        InnovationResource().import_data(data, dry_run=is_preview, raise_errors=True, use_transactions=True)
    seconds = time.perf_counter() - began
    brought = Innovation.objects.count() - before
    title = f"foreign XLSX of {foreign.ROWS:,} rows: read and previewed, then applied by the worker with history"
    return {title: f"{brought / seconds:,.0f} rows/s, no history ({brought:,} recounted)"}


if __name__ == "__main__":
    main()
