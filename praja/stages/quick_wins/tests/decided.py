"""A decided round for the tests of books and pictures: one quick win with a whole profile, another with nothing yet."""

import datetime

from praja.foundation.accounts.models import Person, Position
from praja.foundation.plans.models import Indicator
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.problems.models import Problem
from praja.stages.quick_wins import deciding
from praja.stages.quick_wins.models import PlannedMonth, QuickWin, Risk
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.tests.making import dialogue
from praja.stages.quick_wins.tests.sheets import endorsed, fresh, ready, submitted

RISKS = (
    ("Petugas dipindah", "Rotasi pegawai", 2, 3, "SK tim dua tahun", "Panduan kerja"),
    ("Warga tidak terbiasa", "Literasi digital", 3, 2, "Loket pendamping", "Pelatihan kader"),
    ("Anggaran dialihkan", "", 1, 1, "Pos cadangan", ""),
)


def decided(country, swaps=(), reason="", way=None):
    """The sheet of a decided round: the quick wins are “Antre Daring” (a) and “Kelas Ibu” (c) unless swapped."""
    way = way or ready(country)
    dialogue(country, way.a, held_on=datetime.date(2026, 10, 5), people=64, place="Balai Desa Uji")
    sheet = endorsed(submitted(country, way), way)
    named = tuple((way.key(out), way.key(into)) for out, into in swaps)
    deciding.decide(sheet, swaps=named, reason=reason, by=way.people[Office.HEAD], version=sheet.version)
    return fresh(sheet)


def with_profile(country, one=None, **values):
    """A quick win, the first unless another is given, with a whole profile that is accepted."""
    one = one or QuickWin.objects.select_related("innovation").order_by("pk").first()
    innovation = one.innovation
    Innovation.objects.filter(pk=innovation.pk).update(
        summary="Warga mengambil nomor antrean dari rumah.", goal="Menunggu paling lama 30 menit.",
        benefit="Warga tidak kehilangan hari kerja.", result="Semua puskesmas berantrean daring.",
        beneficiaries="Pasien puskesmas", beneficiary_count=120_000, is_it=True, stage="trial",
        design="Warga memilih jam lewat telepon.\nPuskesmas memanggil sesuai jam.\nData tunggu dibahas tiap bulan.",
        uniqueness="Satu nomor untuk semua poli.", growth_potential="RSUD tahun depan.",
        sustainability="Perkada dan pos anggaran tetap.", legal_basis="Perbup 12/2026",
        sub_dimension=country.dimension("living").sub_dimensions.first(),
    )  # fmt: skip
    problem = Problem.objects.create(
        plan=country.plan, organisation=country.health, dimension=country.dimension("living"), state="accepted",
        title="Pasien menunggu lama", figure="3.5", unit="jam", figure_year=2025,
    )  # fmt: skip
    innovation.problems.add(problem)
    Partner.objects.create(
        innovation=innovation, name="Universitas Uji", kind="academia", contribution="Survei waktu tunggu"
    )
    indicator = Indicator.objects.create(
        innovation=innovation, name="Waktu tunggu", unit="menit", level="outcome", baseline="210", baseline_year=2025
    )
    indicator.targets.create(year=2027, value="30")
    position = Position.objects.create(
        organisation=country.health, title="Kepala Dinas Kesehatan", person=Person.objects.create(name="Siti Kepala")
    )
    for number, (factor, cause, likelihood, impact, structural, other) in enumerate(RISKS):
        Risk.objects.create(
            quick_win=one, factor=factor, cause=cause, likelihood=likelihood, impact=impact, structural=structural,
            non_structural=other,
        )  # fmt: skip
        PlannedMonth.objects.create(
            quick_win=one, month=datetime.date(2027, 1 + 4 * number, 1), activity=f"Tahap {number + 1}",
            target_percent=(number + 1) * 33,
        )  # fmt: skip
    said = {
        "acronym": "ANTRE", "full_name": "Antrean Terpadu Puskesmas", "problem": "Pasien menunggu 3,5 jam (2025).",
        "attraction": "Dapat dipantau dari ponsel.", "resources": "Dua perancang.",
        "benefit_figures": "Waktu tunggu 30 menit (2027).", "position": position, "state": "accepted", **values,
    }  # fmt: skip
    QuickWin.objects.filter(pk=one.pk).update(**said)
    return QuickWin.objects.get(pk=one.pk)
