"""Pages of a PDF and scans shown as pictures, and what no page is drawn of."""

import io

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from praja.foundation.files import actions
from praja.foundation.files.pages import WIDTH, PageNotShown, draw, picture
from praja.foundation.files.tests.fixtures import png


def pdf(pages=2):
    """A PDF of empty A4 pages."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    parts = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    parts += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    body = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj{part}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


def photo(size=(3000, 2000), kind="JPEG"):
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, kind)
    return target.getvalue()


def stored(country, content, name):
    upload = ContentFile(content, name=name)
    return actions.store(upload, by=country.operator, organisation_path=country.health.path)


def test_a_page_is_drawn_as_a_picture_of_fitting_width(country):
    drawn = draw(stored(country, pdf(3), "lama.pdf"), 2)
    assert drawn.count == 3
    assert Image.open(io.BytesIO(drawn.jpeg)).width == WIDTH


def test_a_photo_is_made_as_narrow_as_a_page(country):
    drawn = draw(stored(country, photo(), "pindai.jpg"), 1)
    assert Image.open(io.BytesIO(drawn.jpeg)).size == (WIDTH, WIDTH * 2 // 3)


@pytest.mark.parametrize("number", [0, 4, 99])
def test_a_page_that_is_not_there_has_no_picture(country, number):
    assert draw(stored(country, pdf(3), "lama.pdf"), number).jpeg == b""


@pytest.mark.parametrize(
    ("content", "name"), [(b"%PDF-1.7 rusak", "a.pdf"), (png(), "a.png"), (png(40_000, 1_200), "bom.png")]
)
def test_what_cannot_be_drawn_is_told(country, content, name):
    with pytest.raises(PageNotShown):
        draw(stored(country, content, name), 1)


def test_a_page_seen_before_is_not_sent_again(country):
    one = stored(country, pdf(), "lama.pdf")
    first = picture(RequestFactory().get("/"), one, 1)
    again = picture(RequestFactory().get("/", headers={"If-None-Match": first["ETag"]}), one, 1)
    assert (first.status_code, again.status_code) == (200, 304)
    with pytest.raises(Http404):
        picture(RequestFactory().get("/"), one, 9)
