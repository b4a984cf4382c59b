"""The command line `praja`: run it, fill a demonstration, bring sheets in, make a book, see what is wrong."""

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Any

import django
from django.core.management import ManagementUtility

from praja.catalogues import compile_catalogues

BOOK_KINDS = ("pdf", "docx", "pptx", "html")
DESCRIPTION = """Praja: making, agreeing, carrying out and proving a smart-city masterplan.

Every other word (migrate, shell, load_regions, ...) is passed on to Django's management;
`praja help` lists those."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; ends the process with a code that tells a shell whether it went well."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "praja.settings")
    words = sys.argv[1:] if arguments is None else arguments
    compile_catalogues()  # in a checkout; the wheel brings them along
    parser = _parser()
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        ManagementUtility(["praja", *words]).execute()
        return
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help()
        return
    django.setup()
    sys.exit(COMMANDS[options.command](options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="praja", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="command")

    serve = commands.add_parser("serve", help="run the website and the worker; Ctrl-C stops both")
    serve.add_argument("--port", type=int, default=8000, help="first port to try (default 8000)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--no-worker", action="store_true", help="only the website; run `praja worker` elsewhere")
    serve.add_argument("--demo", action="store_true", help="fill the demonstration first, as `praja demo` does")

    commands.add_parser("worker", help="run only the worker: slow work and the clock")
    commands.add_parser("demo", help="fill an empty database with the demonstration; twice changes nothing")

    bring = commands.add_parser("import", help="bring the innovations of a CSV or XLSX file into a plan")
    bring.add_argument("file", type=Path)
    bring.add_argument(
        "--plan",
        metavar="CODE",
        help="region code of the plan, as 32.05; without it the sheet names a region on each row",
    )

    codes = commands.add_parser("codes", help="load a list of official budget codes and put it in force")
    codes.add_argument("file", type=Path, help="XLSX or CSV with the columns Kode and Nama")
    codes.add_argument("--title", required=True, help="as people name it, as Nomenklatur 900.1.15.5-3406/2024")
    codes.add_argument("--source", required=True, help="the regulation, and where the file was taken from")
    codes.add_argument("--year", type=int, help="the year it is valid from")

    book = commands.add_parser("book", help="make a book of a region from what is in the database now")
    book.add_argument("--plan", required=True, metavar="CODE", help="region code of the plan, as 32.05")
    book.add_argument(
        "-o", "--output", required=True, type=Path, help="a name that ends in .pdf, .docx, .pptx or .html"
    )
    book.add_argument(
        "--book", default="masterplan", help="which one: masterplan, analysis, summary, slides_selection, ..."
    )

    account = commands.add_parser(
        "account", help="make the first account of a real installation; asks for its password"
    )
    account.add_argument("username")
    account.add_argument("--name", required=True, help="name of the person, with titles")
    account.add_argument("--region", metavar="CODE", help="region code: a coordinator there; without it: the ministry")

    audit = commands.add_parser("audit", help="the tamper-evident log")
    about = audit.add_subparsers(dest="about", metavar="what", required=True)
    check = about.add_parser("verify", help="go through the whole log and say which row was altered first, if any was")
    check.add_argument(
        "--roots", type=Path, metavar="FILE", help="daily roots that were kept elsewhere (/catatan/akar.txt)"
    )

    commands.add_parser("doctor", help="look at everything Praja needs and say what to mend")
    return parser


def serve(options: argparse.Namespace) -> int:
    """Prepare the state, then run website and worker until Ctrl-C."""
    from praja import serving

    serving.prepare()
    if options.demo:
        serving.fill_demonstration()
    return serving.serve(host=options.host, first_port=options.port, with_worker=not options.no_worker)


def worker(_options: argparse.Namespace) -> int:
    """Do slow work and what the clock asks for, until SIGTERM or Ctrl-C."""
    from praja.clock import SCHEDULE
    from praja.foundation.jobs.worker import run_worker

    run_worker(SCHEDULE)
    return 0


def demo(_options: argparse.Namespace) -> int:
    """Fill the demonstration; the database is then marked as one and can never hold real data."""
    from praja import serving

    serving.prepare_database()
    serving.fill_demonstration()
    return 0


def import_sheet(options: argparse.Namespace) -> int:
    """Bring a sheet of innovations into one plan, or into those that its rows name, and print what became of them."""
    from praja import serving
    from praja.foundation.files.contents import FileRefused
    from praja.foundation.sheets.reading import SheetError
    from praja.stages.innovations.imports import import_file

    if not options.file.is_file():
        return complain(f"There is no file {options.file}. Check the name, or give the whole path.")
    serving.prepare_database()
    plan = _plan(options.plan) if options.plan else None
    if options.plan and plan is None:
        return complain(_no_plan(options.plan))
    try:
        print(import_file(options.file, plan=plan, by=None))
    except (SheetError, FileRefused) as error:
        return complain(str(error))
    return 0


def load_codes(options: argparse.Namespace) -> int:
    """Load the good rows of a list of budget codes, put it in force, and print what became of the others."""
    from praja import serving
    from praja.foundation.files.contents import FileRefused
    from praja.foundation.sheets.reading import SheetError
    from praja.stages.roadmap.code_lists import load_file

    if not options.file.is_file():
        return complain(f"There is no file {options.file}. Check the name, or give the whole path.")
    serving.prepare_database()
    try:
        print(load_file(options.file, title=options.title[:200], source=options.source[:300], year=options.year))
    except (SheetError, FileRefused) as error:
        return complain(str(error))
    return 0


def book(options: argparse.Namespace) -> int:
    """Write a book of a plan as PDF, Word or HTML, or its slides as PDF or PowerPoint."""
    from praja import serving
    from praja.stages.masterplan.actions import render_book
    from praja.stages.masterplan.outlines.books import all_books_of, book_of

    kind = options.output.suffix.removeprefix(".").lower()
    if kind not in BOOK_KINDS:
        return complain(
            f"{options.output} should end in .pdf, .docx, .pptx or .html, so that Praja knows what to make."
        )
    serving.prepare_database()
    plan = _plan(options.plan)
    if plan is None:
        return complain(_no_plan(options.plan))
    try:
        found = book_of(plan, options.book)
    except LookupError:
        names = ", ".join(one.key for one in all_books_of(plan))
        return complain(f"The guide of this plan has no book {options.book}. It has: {names}.")
    if kind in ("docx", "pptx") and found.is_slides != (kind == "pptx"):
        return complain("Slides are made as .pdf or .pptx, books as .pdf or .docx.")
    options.output.write_bytes(render_book(plan, kind, found.key))
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")
    return 0


def account(options: argparse.Namespace) -> int:
    """Make an account that can invite everybody else: a coordinator of a region, or the ministry's administrator."""
    from praja import serving
    from praja.foundation.accounts.installation import MixedInstallation
    from praja.foundation.plans.actions import FirstAccountRefused, first_account

    serving.prepare_database()
    password = getpass("Password (at least twelve characters): ")
    if getpass("The same again: ") != password:
        return complain("The two passwords differ. Nothing was made; start again.")
    try:
        user = first_account(options.username, name=options.name, password=password, region_code=options.region)
    except MixedInstallation:
        return complain("This database is a demonstration. Set PRAJA_HOME to an empty folder for real work.")
    except FirstAccountRefused as refused:
        return complain(str(refused))
    print(f"{user.username} can sign in now, and invite everybody else by link.")
    return 0


def audit(options: argparse.Namespace) -> int:
    """Verify the log; the exit code is 1 when something is not as it was written."""
    from praja.foundation.audit.roots import NoRoot, read
    from praja.foundation.audit.verifying import Altered, verify

    try:
        pinned = read(options.roots.read_text(encoding="utf-8").splitlines()) if options.roots else []
    except (OSError, UnicodeDecodeError):
        return complain(f"{options.roots} cannot be read. Check the name, or give the whole path.")
    except NoRoot as error:
        return complain(f"{options.roots}: {error}")
    try:
        found = verify(pinned)
    except Altered as altered:
        print(altered)
        return 1
    print(found)
    return 0


def doctor(_options: argparse.Namespace) -> int:
    """Print what was looked at; the exit code is 1 when something has to be mended."""
    from praja.doctor import examine

    findings = list(examine())
    for finding in findings:
        print(finding)
    return 0 if all(finding.is_well for finding in findings) else 1


COMMANDS = {
    "serve": serve,
    "worker": worker,
    "demo": demo,
    "import": import_sheet,
    "codes": load_codes,
    "book": book,
    "account": account,
    "audit": audit,
    "doctor": doctor,
}


def _plan(code: str) -> Any:
    from praja.foundation.plans.models import Plan

    return Plan.objects.filter(government__region__code=code, withdrawn_at=None).order_by("-year_from").first()


def _no_plan(code: str) -> str:
    return f"There is no plan of the region {code} yet. A coordinator makes it on the page of the region."


def complain(sentence: str) -> int:
    """Say on the error stream what to do next; answers the exit code."""
    print(sentence, file=sys.stderr)
    return 1
