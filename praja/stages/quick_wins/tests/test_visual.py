"""The one page of a quick win: everything within it and nothing over another, whatever was typed; its figures; the PDF."""

import datetime
import io
import re
import subprocess
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from praja.foundation.documents.pictures import picture_of
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.plans.models import Indicator
from praja.stages.innovations.models import Partner
from praja.stages.quick_wins import visual, visual_views
from praja.stages.quick_wins.blocks import with_profile as loaded
from praja.stages.quick_wins.models import PlannedMonth, QuickWin
from praja.stages.quick_wins.tests.decided import decided, with_profile
from praja.stages.roadmap import drawing

SVG = "{http://www.w3.org/2000/svg}"
JPEG = io.BytesIO()
Image.new("RGB", (40, 30), "#884422").save(JPEG, "JPEG")
TYPED = (
    "", " ", "ANTRE", "WWWWWWWWWW", "x" * 400, "Pelayanan " * 90, "W " * 200, "RSUD\n" * 40, "漢字" * 60, "i" * 30, "👩‍⚕️ " * 30,
    "Rp1.250.000.000\n" + "APBD kabupaten/kota " * 12, "<b>&", "\x00\u2028\ufffe", "210 menit (2025)",
)  # fmt: skip
TEXTS = st.sampled_from(TYPED) | st.text(st.sampled_from("aW .\n-%9é漢\t"), max_size=30)
MONTHS = st.lists(
    st.builds(visual.Month, st.sampled_from(["Jan 2027", "", "M" * 40]), TEXTS, st.none() | st.integers(0, 100)),
    max_size=visual.MOST_MONTHS,
)
SHEETS = st.builds(
    visual.Sheet,
    name=TEXTS, full_name=TEXTS, above=TEXTS, color_key=st.sampled_from(["living", "", "none"]), problem_figure=TEXTS,
    problem=TEXTS, benefit_figure=TEXTS, benefit=TEXTS, measured_by=TEXTS, steps=st.lists(TEXTS, max_size=3),
    facts=st.lists(st.tuples(TEXTS, TEXTS), max_size=4), months=MONTHS, foot=TEXTS, mark=TEXTS,
    link=st.just("https://praja.example.go.id/quick-win/123456/"), icon=st.sampled_from(["heart-pulse", "", "no"]),
    arms=st.sampled_from([None, JPEG.getvalue()]), photo=st.sampled_from([None, JPEG.getvalue()]),
)  # fmt: skip


def boxes(svg):
    """(left, top, right, bottom, words) of every text."""
    for one in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, x, y = float(one.get("font-size")), float(one.get("x")), float(one.get("y"))
        width = drawing.width_of(one.text or "", size, int(one.get("font-weight")))
        x -= {"middle": width / 2, "end": width}.get(one.get("text-anchor"), 0)
        yield x, y - size * 0.75, x + width, y + size * 0.2, one.text


def shown(one):
    return visual.sheet_of(loaded(QuickWin.objects.filter(pk=one.pk), one.plan).get(), link="https://uji/")


@pytest.fixture
def one(country):
    decided(country)
    return with_profile(country)


@settings(max_examples=60, deadline=None)
@given(SHEETS)
def test_no_text_leaves_the_page_or_stands_on_another(sheet):
    found = sorted((box for box in boxes(visual.picture(sheet)) if box[4]), key=lambda box: box[1])
    for left, top, right, bottom, words in found:
        assert left >= 0, words
        assert right <= visual.WIDTH - visual.MARGIN + 1 or len(words) == 1, words
        assert top >= 0, words
        assert bottom <= visual.HEIGHT, words
    for number, (left, _top, right, bottom, words) in enumerate(found):
        for other in found[number + 1 :]:
            if other[1] >= bottom - 1.5:
                break
            assert right <= other[0] + 1 or other[2] <= left + 1, (words, other[4])


@settings(max_examples=60, deadline=None)
@given(SHEETS)
def test_the_page_is_a_picture_of_a4_without_scripts_and_foreign_addresses(sheet):
    root = ElementTree.fromstring(visual.picture(sheet))
    assert root.get("viewBox") == "0 0 595.28 842"
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "g", "title", "text", "rect", "circle", "path", "image", "line"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("data:image/")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1. Warga memilih jam.\n2) Petugas memanggil.\n\n- Data dibahas.\n4. Lagi", ["Warga memilih jam.", "Petugas memanggil.", "Data dibahas."]),
        ("Warga memilih jam. Petugas memanggil; data dibahas.", ["Warga memilih jam.", "Petugas memanggil;", "data dibahas."]),
        ("Satu kalimat saja", ["Satu kalimat saja"]),
        (" \n ", []),
    ],
)  # fmt: skip
def test_how_it_works_is_told_in_at_most_three_parts(text, parts):
    assert visual.three_parts(text) == parts


def test_the_figures_are_those_of_the_indicator_from_baseline_to_the_target_of_the_round(one):
    Indicator.objects.create(
        innovation=one.innovation, name="Rapat", unit="kali", level="output", baseline="1"
    ).targets.create(year=2027, value="9")
    one.innovation.indicators.get(name="Waktu tunggu").targets.create(year=2030, value="15")
    sheet = shown(one)
    assert sheet.problem_figure.startswith("210")
    assert sheet.benefit_figure.startswith("30")
    assert sheet.benefit_figure.endswith("(2027)")
    assert sheet.measured_by == "Waktu tunggu"


def test_without_a_measured_indicator_the_problem_gives_its_own_figure(one):
    one.innovation.indicators.all().update(baseline="banyak")
    sheet = shown(one)
    assert "3" in sheet.problem_figure
    assert not sheet.benefit_figure


def test_every_month_of_the_round_stands_there_and_those_withdrawn_are_not_planned(one, country):
    PlannedMonth.objects.filter(month=datetime.date(2027, 9, 1)).update(
        withdrawn_at=one.created_at, withdrawn_by=country.coordinator
    )
    months = shown(one).months
    assert len(months) == 12
    assert [month.percent for month in months if month.percent is not None] == [33, 66]
    bars = re.findall(r"<title>([^<]*%[^<]*)</title>", visual.picture(shown(one)))
    assert len(bars) == 2
    assert "66%" in bars[1]


def test_a_quick_win_without_a_profile_has_its_page_too(one):
    bare = QuickWin.objects.exclude(pk=one.pk).get()
    sheet = shown(bare)
    assert sheet.name == "Kelas Ibu"
    assert not sheet.steps
    assert [height for *_box, height in boxes(visual.picture(sheet))]


def test_what_has_no_room_is_counted(one):
    months = [visual.Month(f"M{number}", "Kegiatan", number) for number in range(24)]
    words = [box[4] or "" for box in boxes(visual.picture(visual.Sheet("A", months=months)))]
    listed = sum("Kegiatan" in text for text in words)
    rest = next(int(found[1]) for text in words if (found := re.match(r"\+(\d+)", text)))
    assert listed + rest == 24


def test_the_file_is_one_page_that_a_browser_does_not_open(one, country, client_of):
    answer = client_of(country.operator).get(reverse("quick-win-visual", args=[one.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    done = subprocess.run(["pdfinfo", "-"], input=answer.content, capture_output=True, check=True)
    assert b"Pages:           1" in done.stdout
    assert b"595" in done.stdout


def test_strangers_get_no_page(one, country, client_of):
    assert client_of(country.neighbour).get(reverse("quick-win-visual", args=[one.pk])).status_code == 404
    QuickWin.objects.filter(pk=one.pk).update(withdrawn_at=one.created_at, withdrawn_by=country.coordinator)
    assert client_of(country.operator).get(reverse("quick-win-visual", args=[one.pk])).status_code == 404


def test_the_first_photo_of_the_innovation_is_shown_and_what_is_none_is_left_out(one, country):
    path = country.plan.organisation_path

    def evidence(content, name, kind="photo"):
        stored = store(ContentFile(content, name=name), by=country.coordinator, organisation_path=path)
        return Evidence.objects.create(
            subject="innovations.innovation",
            subject_id=one.innovation_id,
            kind=kind,
            title=name,
            file=stored,
            organisation_path=path,
        )

    evidence(JPEG.getvalue(), "laporan.jpg", "report")
    evidence(b"%PDF-1.4\n%%EOF\n", "foto.pdf")
    assert visual_views.photo_of(one.innovation) is None
    first = evidence(JPEG.getvalue(), "foto.jpg")
    assert visual_views.photo_of(one.innovation) == picture_of(first.file)


def test_the_page_asks_a_constant_number_of_queries(one, django_assert_num_queries):
    shown(one)  # its plan is known from here on
    with CaptureQueriesContext(connection) as asked:
        shown(one)
    for number in (2, 3, 4):
        PlannedMonth.objects.create(quick_win=one, month=datetime.date(2027, number, 1), activity="A", target_percent=1)
        Partner.objects.create(innovation=one.innovation, name=f"Mitra {number}", kind="media")
    with django_assert_num_queries(len(asked)):
        shown(one)
