"""Pictures that people hand in become light JPEGs without hidden data; what is none is refused with a sentence."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from praja.foundation.documents import blocks as b
from praja.foundation.documents import pdf
from praja.foundation.documents.pictures import picture_of
from praja.foundation.documents.tests import samples
from praja.foundation.files.actions import store
from praja.foundation.files.contents import FileRefused


def stored(country, content, name="foto.png"):
    return store(
        ContentFile(content, name=name), by=country.coordinator, organisation_path=country.plan.organisation_path
    )


def drawn(width, height, kind="PNG", **more):
    made = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height), "#cc8844").save(made, kind, **more)
    return made.getvalue()


@pytest.mark.once
def test_a_picture_of_forty_megapixels_becomes_one_that_a_book_can_carry(country):
    content = picture_of(stored(country, drawn(8000, 5000)))
    assert Image.open(io.BytesIO(content)).size[0] == 1100
    assert pdf.render(samples.document(b.Picture("Foto", content, "Foto"))).startswith(b"%PDF")


def test_where_a_photo_was_taken_is_left_out(country):
    exif = Image.Exif()
    exif[0x010F] = "Kamera rahasia"
    content = picture_of(stored(country, drawn(300, 200, "JPEG", exif=exif), "foto.jpg"))
    assert b"Kamera" not in content


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%%EOF\n", drawn(300, 200)[:200]])
def test_what_is_no_picture_is_refused_with_a_sentence(country, content):
    with pytest.raises(FileRefused, match=r"\w+ \w+"):
        picture_of(stored(country, content, "foto.png"))
