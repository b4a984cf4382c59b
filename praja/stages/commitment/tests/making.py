"""What the tests of the commitment need: editions with promises, a commitment in each state, agencies that settle."""

import datetime
from uuid import UUID, uuid5

from praja.foundation.documents import editions
from praja.foundation.documents.blocks import Document
from praja.foundation.jobs.models import Job
from praja.stages.commitment import actions, settling
from praja.stages.commitment.models import Commitment

DAY = datetime.date(2026, 11, 22)
SPACE = UUID("018f0000-0000-7000-8000-000000000000")


def line(name="Antre dari Rumah", kind="innovation", **values):
    """A line as an edition says it; equal names stand for one row."""
    return {
        "kind": kind,
        "uid": str(uuid5(SPACE, f"{kind} {name}")),
        "title": name,
        "programme": "",
        "part_of": "",
        "year_from": 2026,
        "year_to": 2028,
        "money": {"2026": 100, "2027": 200},
        "share": {},
        "indicators": [
            {
                "name": "Waktu tunggu",
                "unit": "menit",
                "baseline": "90",
                "baseline_year": 2025,
                "targets": {"2027": "30"},
            }
        ],
        **values,
    }


def edition_with(country, lists, nobody=()):
    """A frozen edition of the masterplan that says these lists: {agency: [line, ...]}, and lines that no agency carries."""
    agencies = [
        {"uid": str(agency.uid), "name": agency.name, "rupiah": 0, "lines": lines} for agency, lines in lists.items()
    ]
    if nobody:
        agencies.append({"uid": "", "name": "", "rupiah": 0, "lines": list(nobody)})
    document = Document(
        "Masterplan", "Kabupaten Uji", "Kabupaten", "2026", made_at=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
        facts={"promises": {"form": 1, "rupiah": 0, "agencies": agencies}},
    )  # fmt: skip
    made = editions.freeze(document, subject=country.plan, name="masterplan", dated_on=DAY, by=country.coordinator)
    return without_files(made)


def without_files(edition):
    """The edition, whose files nobody makes: they take seconds."""
    Job.objects.filter(key=editions.files_key(edition)).delete()
    return edition


def drawn_up(country, lists=None, nobody=()):
    """A commitment as it is drawn up: the health agency promises two innovations, the transport agency one."""
    lists = lists or {country.health: [line(), line("Posyandu")], country.transport: [line("Halte")]}
    made = actions.start(country.plan, edition_with(country, lists, nobody), by=country.coordinator)
    Commitment.objects.filter(pk=made.pk).update(settle_until=country.plan.today, version=2)
    made.refresh_from_db()
    return made


def settling_one(country, lists=None, nobody=()):
    """A commitment that is with the agencies."""
    made = drawn_up(country, lists, nobody)
    actions.open_to_agencies(made, by=country.coordinator, version=made.version)
    return made


def list_of(commitment, agency, addendum=None):
    """The list of an agency, fresh from the database; with a number that of its addendum."""
    rows = actions.AgencyList.objects.in_service().filter(commitment=commitment, organisation=agency)
    rows = rows.filter(addendum__number=addendum) if addendum else rows.filter(addendum=None)
    return rows.select_related("commitment__plan", "commitment__document", "organisation", "addendum").get()


def obligation(row, title):
    """An obligation of a list by its title."""
    found = row.obligations.get(title=title)
    found.list = row
    return found


def settled(country, commitment, *agencies, addendum=None):
    """Each agency accepts its whole list; by the secretariat on its behalf, which may do so everywhere."""
    for agency in agencies:
        row = list_of(commitment, agency, addendum)
        settling.accept(row, by=country.coordinator, version=row.version, basis="Surat 400.7/12")


def frozen(country, lists=None, nobody=(), **values):
    """A commitment that all agencies have settled, frozen."""
    made = settling_one(country, lists, nobody)
    settled(country, made, *(one.organisation for one in actions.lists_of(made)))
    without_files(actions.freeze(made, by=country.coordinator, version=made.version, **values))
    return made
