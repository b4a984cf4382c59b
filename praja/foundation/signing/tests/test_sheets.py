"""The signing sheet: whose box is where, the same bytes for the same rows, and words that keep within their room."""

import io

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from praja.foundation.files.actions import store_arms
from praja.foundation.signing.models import Signatory
from praja.foundation.signing.paper import layout
from praja.foundation.signing.paper.sheets import page_count, places, sheet_pdf
from praja.foundation.signing.tests.making import round_of


@pytest.mark.parametrize("slot", range(layout.SLOTS_PER_PAGE))
def test_boxes_lie_on_the_page_beside_their_names_and_away_from_the_codes(slot):
    box, text = layout.box(slot), layout.text(slot)
    assert 0 < box.x0 < box.x1 < layout.WIDTH
    assert text.x1 < box.x0
    for code in layout.CODES.values():
        assert code.y0 >= box.y1 + 10 or code.y1 <= box.y0 - 10
    if slot:
        assert layout.box(slot - 1).y0 > box.y1


@pytest.mark.parametrize("slot", [-1, layout.SLOTS_PER_PAGE])
def test_a_page_has_no_other_box(slot):
    with pytest.raises(ValueError, match="slots"):
        layout.box(slot)


def test_witnesses_come_after_all_signatories():
    rows = [Signatory(pk=pk, order=pk, role=Signatory.Role.WITNESS if pk == 1 else "signatory") for pk in range(1, 8)]
    found = places(rows)
    assert found[2] == (1, 0)
    assert found[7] == (2, 0)
    assert found[1] == (2, 1)
    assert page_count(rows) == 2


def test_the_same_rows_make_the_same_bytes(country):
    round_ = round_of(country.plan, count=6)
    rows = list(round_.signatories.select_related("position__person"))
    made = sheet_pdf(round_, rows)
    assert made == sheet_pdf(round_, rows)
    assert made != sheet_pdf(round_, rows, address="https://praja.example")
    assert len(pypdfium2.PdfDocument(made)) == 2


def test_the_coat_of_arms_stands_on_the_sheet(country):
    arms = io.BytesIO()
    Image.new("RGB", (120, 140), "green").save(arms, "PNG")
    upload = ContentFile(arms.getvalue(), name="lambang.png")
    round_ = round_of(country.plan, count=1)
    round_.plan.arms = store_arms(upload, by=None, organisation_path=country.plan.organisation_path)
    page = pypdfium2.PdfDocument(sheet_pdf(round_, list(round_.signatories.all())))[0]
    assert [one for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_the_sheet_names_the_edition_the_office_and_its_holder(country):
    round_ = round_of(country.plan, count=1)
    words = words_of(sheet_pdf(round_, list(round_.signatories.all())))
    for expected in (
        round_.code,
        round_.edition.sha256[:8],
        "Kepala Dinas Uji 01",
        "Pejabat 01",
        "NIP 1970010119900310",
    ):
        assert expected in words


def test_a_rank_never_stands_below_another_name(country):
    round_ = round_of(country.plan, count=1)
    round_.signatories.update(printed_name="Orang Lain")
    words = words_of(sheet_pdf(round_, list(round_.signatories.all())))
    assert "Orang Lain" in words
    assert "NIP" not in words


@pytest.mark.parametrize("office", ["A" * 200, "Kepala " * 30, '#panic("x") $ @ref *_`</script>', "\u200b"])
def test_no_words_leave_their_room(country, office):
    round_ = round_of(country.plan, count=5)
    round_.title = ("Komitmen " * 40)[:300]
    round_.place, round_.number = "Y" * 200, "N" * 80
    rows = list(round_.signatories.select_related("position__person"))
    for one in rows:
        one.printed_title = one.printed_name = office
    document = pypdfium2.PdfDocument(io.BytesIO(sheet_pdf(round_, rows)))
    assert len(document) == 1
    page = document[0].get_textpage()
    for slot in range(layout.SLOTS_PER_PAGE):
        box = layout.box(slot)
        assert page.get_text_bounded(box.x0 - 6, box.y0, box.x1, box.y1).strip() == ""
    for code in layout.CODES.values():
        assert page.get_text_bounded(*code.grown(2)).strip() == ""


def words_of(pdf):
    """All words of a PDF on one line."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
