"""Fills an empty database with many innovations: 514 regions, agencies, money and indicators, made from a fixed seed.

A tenth of all innovations belongs to one region, so that a list is measured where it is longest.
"""

import random

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

SEED = 20261121
BATCH = 2000
MADE = 5000  # rows that differ; larger databases repeat them
TURNS = 10  # repetitions in one transaction
AGENCIES = (
    "Dinas Kesehatan", "Dinas Pendidikan dan Kebudayaan", "Dinas Komunikasi dan Informatika", "Dinas Perhubungan",
    "Dinas Sosial", "Dinas Lingkungan Hidup", "Dinas Pariwisata", "Dinas Pertanian", "Badan Pendapatan Daerah",
    "Dinas Kependudukan dan Pencatatan Sipil",
)  # fmt: skip
WORDS = [
    "layanan",
    "warga",
    "antrean",
    "puskesmas",
    "kader",
    "posyandu",
    "desa",
    "kecamatan",
    "pendaftaran",
    "data",
    "kelompok",
    "tani",
    "pasar",
    "sampah",
    "sekolah",
    "izin",
    "usaha",
    "petugas",
    "lapangan",
    "jadwal",
    "kendaraan",
    "aduan",
    "peta",
    "wisata",
    "pelatihan",
    "pendampingan",
    "laporan",
    "bulanan",
    "bantuan",
]
STATES = ("accepted", "accepted", "accepted", "submitted", "returned", "draft")
USERNAME, PASSWORD = "ukur", "ukur-ukur-ukur-1"


def sentences(chance: random.Random, words: int) -> str:
    """Plausible text of so many words."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def fill(count: int) -> str:
    """Store `count` innovations; answers the slug of the region with the longest list."""
    from praja.foundation.accounts import installation
    from praja.foundation.accounts.models import Membership, Person, User
    from praja.foundation.places.loading import load_regions
    from praja.foundation.plans.loading import load_affairs, load_dimension_sets

    installation.mark(is_demonstration=False)
    load_regions()
    load_dimension_sets()
    load_affairs()
    with transaction.atomic():
        plans = _plans()
        user = User.objects.create_user(USERNAME, PASSWORD, person=Person.objects.create(name="Koordinator Ukur"))
        Membership.objects.create(user=user, organisation=plans[0].government, role="coordinator")
    _innovations(plans, count, user)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plans[0].slug


def _plans() -> list:
    from praja.foundation.accounts.models import Organisation
    from praja.foundation.places.models import Region
    from praja.foundation.plans.actions import open_plan
    from praja.foundation.plans.models import Request

    regions = Region.objects.filter(kind__in=("regency", "city")).select_related("parent__parent").order_by("code")
    plans = [open_plan(region, by=None, year_from=2026, year_to=2035) for region in regions]
    agencies = Organisation.objects.bulk_create(
        Organisation(kind="agency", agency_kind="agency", parent=plan.government, name=name)
        for plan in plans
        for name in AGENCIES
    )
    for agency in agencies:
        agency.path = f"{agency.parent.path}{agency.pk}/"
    Organisation.objects.bulk_update(agencies, ["path"], batch_size=500)
    Request.objects.bulk_create(
        Request(plan=plans[position // len(AGENCIES)], organisation=agency, organisation_path=agency.path)
        for position, agency in enumerate(agencies)
    )
    return plans


def _innovations(plans: list, count: int, user: object) -> None:
    """Rows with their money, indicators and one line of history each: some made here, the database repeats them."""
    from praja.foundation.audit.actions import build
    from praja.foundation.audit.models import Event
    from praja.foundation.plans.models import BudgetLine, Indicator
    from praja.stages.innovations.models import Innovation

    chance = random.Random(SEED)
    agencies = {plan.pk: list(plan.government.children.all()) for plan in plans}
    dimensions = list(plans[0].dimension_set.dimensions.prefetch_related("sub_dimensions"))
    made = min(count, MADE)
    batch = [_innovation(chance, plans, agencies, dimensions, number) for number in range(made)]
    with transaction.atomic():
        Innovation.objects.bulk_create(batch)
        BudgetLine.objects.bulk_create(
            BudgetLine(innovation=row, year=year, source="apbd_region", amount_rupiah=chance.randrange(10**7, 10**9))
            for row in batch
            for year in (2026, 2027)
        )
        Indicator.objects.bulk_create(
            Indicator(innovation=row, name=sentences(chance, 5), unit="orang", baseline="12.5") for row in batch
        )
        Event.objects.bulk_create(build("start", row, by=user, after={"title": row.title}) for row in batch)
    times = count // made
    _repeat(Innovation, made, times, title="title || ' ' || turn")
    _repeat(BudgetLine, 2 * made, times, innovation_id=f"innovation_id + turn * {made}")
    _repeat(Indicator, made, times, innovation_id=f"innovation_id + turn * {made}")
    _repeat(Event, made, times, subject_id=f"subject_id + turn * {made}")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Innovation, BudgetLine, Indicator, Event]):
            cursor.execute(statement)


def _repeat(model: type, made: int, times: int, **changed: str) -> None:
    """Let the database repeat the last rows of a table until they are there so many times."""
    last = model._default_manager.order_by("-pk").first().pk
    key = f"id + turn * {made}"
    uid = {
        "sqlite": f"printf('%032x', {key})",
        "postgresql": f"lpad(to_hex({key}), 32, '0')::uuid",
    }[connection.vendor]
    columns = [field.column for field in model._meta.concrete_fields]
    values = [{"id": key, "uid": uid, **changed}.get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    for turn in range(1, times, TURNS):
        turns = ", ".join(f"({number})" for number in range(turn, min(turn + TURNS, times)))
        with connection.cursor() as cursor:
            cursor.execute(
                f'WITH turns(turn) AS (VALUES {turns}) INSERT INTO "{table}" ({names})'
                f' SELECT {", ".join(values)} FROM "{table}" CROSS JOIN turns WHERE id > {last - made} AND id <= {last}'
            )


def _innovation(chance: random.Random, plans: list, agencies: dict, dimensions: list, number: int) -> object:
    from praja.stages.innovations.models import Innovation

    plan = plans[0] if number % 10 == 0 else plans[1 + number % (len(plans) - 1)]
    agency = chance.choice(agencies[plan.pk])
    dimension = chance.choice(dimensions)
    return Innovation(
        plan=plan,
        organisation=agency,
        organisation_path=agency.path,
        title=f"{sentences(chance, 4)[:-1]} {number}",
        summary=sentences(chance, 25),
        dimension=dimension,
        sub_dimension=chance.choice(list(dimension.sub_dimensions.all())),
        is_it=chance.random() < 0.5,
        kind="programme",
        goal=sentences(chance, 15),
        benefit=sentences(chance, 15),
        design=sentences(chance, 60),
        beneficiaries="Warga kabupaten",
        start_year=2026,
        end_year=2030,
        state=chance.choice(STATES),
        state_at=timezone.now(),
    )
