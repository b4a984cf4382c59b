"""How pages look: a few pages as small pictures, compared with those in `pages/`, within a tolerance.

`KEEP_PAGES=1 pytest praja/foundation/documents/tests/test_look.py` keeps new ones; look at them before you commit.
"""

import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from praja.foundation.documents import blocks as b
from praja.foundation.documents import pdf
from praja.foundation.documents.tests import samples

PAGES = Path(__file__).with_name("pages")
WIDTH = 240  # pixels
TOLERANCE = 0.04  # of the ink on the page; another typeface or a lost list is beyond it
DECK = samples.deck(
    b.Heading(1, "Inovasi"), b.KeyFigures([("96", "inovasi"), ("30 dari 32", "OPD")]), samples.table(6, source="DPA")
)


def drawn(document, number):
    page = pypdfium2.PdfDocument(pdf.render(document))[number]
    return page.render(scale=WIDTH / page.get_width()).to_pil().convert("L")


@pytest.mark.parametrize(
    ("name", "document", "number"),
    [
        ("cover", samples.full(), 0),
        ("chapter", samples.full(), 2),
        ("tables", samples.full(), 5),
        ("written", samples.written(), 2),
        ("slide", DECK, 1),
    ],
)
def test_a_page_looks_as_it_did(name, document, number):
    made, kept = drawn(document, number), PAGES / f"{name}.png"
    if os.environ.get("KEEP_PAGES"):
        made.save(kept, optimize=True)
    before = Image.open(kept)
    assert made.size == before.size
    differing, ink = (
        ImageStat.Stat(one).sum[0] for one in (ImageChops.difference(made, before), ImageChops.invert(before))
    )
    assert differing / ink < TOLERANCE
