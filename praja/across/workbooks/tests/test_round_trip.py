"""What goes out comes back: whatever is stored, a workbook that nobody touched changes nothing."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as given_values
from hypothesis import strategies as st

from praja.across.workbooks.tests.books import bring_in, given, judged, of
from praja.across.workbooks.verdicts import Status
from praja.foundation.plans.models import BudgetLine, Indicator, IndicatorTarget, SubDimension
from praja.stages.innovations.models import Innovation, Partner
from praja.stages.problems.models import Cause, Problem

CALC = Path("/usr/lib/libreoffice/program/libsclo.so")
WILD = st.sampled_from(
    [
        "=1+1", "+62 812", "-5", "@SUM(A1)", "'petik", "-", "–", "1.500", "00123", "2026-11-22", "1/2", "ya", "TRUE", "_x0041_",
        "_x005F_x0041_", "baris\nbaris", "baris\r\nbaris", "a\tb", "  tepi  ", "\u200bnol", "😀" * 50, "e\u0301", "&amp;<b>", "\x0bx",
        "a;b", "#N/A", "x" * 300, "http://example.org", "{=x}", "\u202etxt",
    ]
) | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)  # fmt: skip
LONG = WILD | st.integers(32_000, 40_000).map(lambda size: "kata " * (size // 5)) | st.just("😀" * 20_000)
SHORT = WILD.map(lambda text: text[:60])


def rows(country):
    """Rows as the database may hold them, whoever wrote them."""
    subs = list(SubDimension.objects.filter(dimension__set=country.plan.dimension_set).select_related("dimension"))
    return st.lists(
        st.fixed_dictionaries(
            {
                "title": WILD, "text": LONG, "short": SHORT, "sub": st.sampled_from([None, *subs]),
                "figure": st.sampled_from(["", "12.5", "1500", "0.000001", "kira-kira 5", "-3"]),
                "year": st.sampled_from([None, 1990, 2026, 3000]), "grade": st.sampled_from([None, 1, 5]),
                "is_it": st.sampled_from([None, True, False]), "count": st.sampled_from([None, 0, 2_000_000]),
                "amount": st.integers(0, 10**15), "kind": st.sampled_from(["", "method", "lama"]), "flag": st.booleans(),
                "agency": st.sampled_from([None, country.health, country.transport]),
            }
        ),
        min_size=1, max_size=8,
    )  # fmt: skip


def store(country, one):
    """A problem and an innovation with everything below them, made of these values."""
    common = {
        "plan": country.plan, "organisation": one["agency"], "title": one["title"][:300], "sub_dimension": one["sub"],
        "dimension": one["sub"] and one["sub"].dimension,
    }  # fmt: skip
    problem = Problem.objects.create(
        **common,
        description=one["text"],
        unit=one["short"],
        figure=one["figure"],
        figure_year=one["year"],
        urgency=one["grade"],
    )
    problem.others.set([country.transport] if one["flag"] else [])
    cause = Cause.objects.create(problem=problem, text=one["title"][:500], kind="data", order=7)
    Cause.objects.create(problem=problem, text=one["short"], kind="data", parent=cause)
    innovation = Innovation.objects.create(
        **common, summary=one["text"], theme=one["short"], is_it=one["is_it"], kind=one["kind"], crosses_regions=one["flag"],
        beneficiary_count=one["count"], start_year=one["year"],
    )  # fmt: skip
    innovation.problems.set([problem])
    BudgetLine.objects.create(
        innovation=innovation, year=2027, source="csr", amount_rupiah=one["amount"], note=one["title"][:300]
    )
    indicator = Indicator.objects.create(innovation=innovation, name=one["short"], unit="x", baseline=one["figure"])
    IndicatorTarget.objects.create(indicator=indicator, year=2028, value=one["figure"] or "1")
    Partner.objects.create(innovation=innovation, name=one["short"], kind="media", contribution=one["title"][:300])


# A failing example says enough as it is: making it smaller writes hundreds of workbooks.
@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given_values(data=st.data())
def test_whatever_is_stored_comes_back_unchanged(country, data):
    for one in data.draw(rows(country)):
        store(country, one)
    book = given(country.plan, country.coordinator)
    for content in (book.first, book.data()):  # as it was written, and as another program saved it
        verdicts = judged(content, country.plan, country.coordinator)
        assert not verdicts.refusal
        assert not verdicts.notes
        assert len(verdicts.rows) >= 7
        moved = [(row.title, row.sentence, row.cells) for row in verdicts.rows if row.status != Status.UNCHANGED]
        assert not moved
    _clear()


def test_a_text_longer_than_a_cell_is_never_cut(country):
    row = Problem.objects.create(
        plan=country.plan, organisation=country.health, title="Panjang", description="kata " * 9_000
    )
    book = given(country.plan, country.operator)
    shown = book.get("Permasalahan", 3, "Yang terjadi")
    assert len(shown) <= 32_767
    assert book.sheet("Permasalahan").cell(3, book.column("Permasalahan", "Yang terjadi")).protection.locked
    book.put_in("Permasalahan", 3, "Lokasi", "Desa")
    bring_in(book, country.plan, country.operator)
    row.refresh_from_db()
    assert (row.location, len(row.description)) == ("Desa", 45_000)
    book.put_in("Permasalahan", 3, "Yang terjadi", shown + "!")
    assert of(judged(book, country.plan, country.operator), "problems", 3).status == Status.WRONG


def test_numbers_that_another_program_made_of_texts_are_the_same_values(country):
    innovation = Innovation.objects.create(
        plan=country.plan, organisation=country.health, title="Uji", start_year=2027, beneficiary_count=1500
    )
    BudgetLine.objects.create(innovation=innovation, year=2027, source="csr", amount_rupiah=1_500_000_000)
    book = given(country.plan, country.operator)
    book.put_in("Inovasi", 3, "Tahun awal", 2027)
    book.put_in("Inovasi", 3, "Jumlah penerima manfaat", 1500.0)
    book.put_in("Rincian pagu anggaran", 3, "Jumlah", 1_500_000_000)
    book.put_in("Inovasi", 3, "Lintas daerah atau mendukung program provinsi", False)
    assert {row.status for row in judged(book, country.plan, country.operator).rows} == {Status.UNCHANGED}


@pytest.mark.once
@pytest.mark.skipif(not CALC.exists(), reason="LibreOffice Calc is absent: sudo apt install libreoffice-calc-nogui")
@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_workbook_that_libreoffice_saved_says_the_same(country, tmp_path, ending):
    store(
        country,
        {
            "title": "=1+1 “Antre”", "text": "baris\nbaris\n-5\n1.500", "short": "00123", "sub": None, "figure": "0.000001",
            "year": 2026, "grade": 5, "is_it": True, "count": 1_500, "amount": 1_500_000_000, "kind": "method", "flag": True,
            "agency": country.health,
        },
    )  # fmt: skip
    book = given(country.plan, country.operator)
    (tmp_path / "buku.xlsx").write_bytes(book.data())
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", ending]
    subprocess.run(
        [*office, "--outdir", "saved", "buku.xlsx"], cwd=tmp_path, check=True, timeout=300, capture_output=True
    )
    verdicts = judged((tmp_path / "saved" / f"buku.{ending}").read_bytes(), country.plan, country.operator)
    assert len(verdicts.rows) == 7
    assert [(row.title, row.cells) for row in verdicts.rows if row.status != Status.UNCHANGED] == []


def _clear():
    """Hypothesis keeps the database between its examples."""
    for link in (Innovation.problems.through, Problem.others.through):
        link.objects.all().delete()
    Cause.objects.update(parent=None)
    for model in (IndicatorTarget, Indicator, BudgetLine, Partner, Innovation, Cause, Problem):
        model.objects.all().delete()
