"""The one page of a quick win: everything within it and nothing over another, whatever was typed; its figures; the PDF."""

import datetime
import io
import re
import subprocess
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from praja.foundation.documents.pictures import picture_of
from praja.foundation.evidence.models import Evidence
from praja.foundation.files.actions import store
from praja.foundation.plans.models import Indicator
from praja.stages.quick_wins import visual, visual_views
from praja.stages.quick_wins.blocks import with_profile as loaded
from praja.stages.quick_wins.models import PlannedMonth, QuickWin
from praja.stages.quick_wins.tests.decided import decided, with_profile
from praja.stages.roadmap import drawing

SVG = "{http://www.w3.org/2000/svg}"
JPEG = io.BytesIO()
Image.new("RGB", (40, 30), "#884422").save(JPEG, "JPEG")
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="WMagi .\n", max_size=900),
    st.lists(st.sampled_from(["Pelayanan", "x" * 90, "di", "RSUD\n", "1."]), max_size=120).map(" ".join),
)
MONTHS = st.lists(
    st.builds(visual.Month, st.text(max_size=9), TEXTS, st.none() | st.integers(0, 100)), max_size=visual.MOST_MONTHS
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


@given(SHEETS)
def test_the_page_is_a_picture_of_a4_without_scripts_and_foreign_addresses(sheet):
    root = ElementTree.fromstring(visual.picture(sheet))
    assert root.get("viewBox") == "0 0 595.28 842"
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "g", "title", "text", "rect", "circle", "path", "image", "line"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name or value.startswith("data:image/")
