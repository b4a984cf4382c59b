"""A PDF that has just been signed: what else an update may not do, however right its signature is."""

import io
import re

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from praja.foundation.signing.gateway import fake
from praja.foundation.signing.pdf import judging
from praja.foundation.signing.tests.making import small_pdf

PDF = small_pdf(2)


@pytest.fixture(scope="module")
def authority():
    return fake.Authority()


def signed(pdf, authority, who="seseorang"):
    """With one right signature more."""
    return fake._with_signature(pdf, fake.Asked(who, box=(100, 100, 200, 150)), authority.signer_of(who))


def altered(pdf, alter):
    """With an update that does something to it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    alter(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page_of(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    writer.update_container(page)
    return page


def other_words(writer):
    page_of(writer)["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (lain) Tj ET"))


def other_size(writer):
    page_of(writer)["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 100)))


def a_page_less(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([pages["/Kids"].raw_get(1)])
    pages["/Count"] = generic.NumberObject(1)
    writer.update_container(pages)


def a_note_on_a_page(writer):
    note = generic.DictionaryObject({pdf_name("/Subtype"): pdf_name("/FreeText")})
    page_of(writer)["/Annots"] = generic.ArrayObject([writer.add_object(note)])


def an_action_on_opening(writer):
    writer.root["/OpenAction"] = generic.ArrayObject([])
    writer.update_root()


def another_catalogue(writer):
    root = generic.DictionaryObject({key: writer.root.raw_get(key) for key in writer.root})
    writer._root = writer.add_object(root)


def test_one_signature_after_the_other_is_right(authority):
    first = signed(PDF, authority)
    second = signed(first, authority, "orang lain")
    assert judging.added(PDF, first).certificate["issuer"] == fake.AUTHORITY
    assert judging.added(first, second).field != judging.added(PDF, first).field
    assert (judging.pages_in(second), judging.count_of(second)) == (2, 2)


@pytest.mark.parametrize(
    "alter", [other_words, other_size, a_page_less, a_note_on_a_page, an_action_on_opening, another_catalogue]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_alters_and_signs_in_one_go_is_found(alter, is_first, authority):
    before = PDF if is_first else signed(PDF, authority)
    with pytest.raises(judging.NotOneMore):
        judging.added(before, signed(altered(before, alter), authority))


def test_two_signatures_none_and_an_appended_update_are_found(authority):
    once = signed(PDF, authority)
    for after in (signed(once, authority), PDF + b"\n%%EOF\n", altered(once, other_words), once + b"x", PDF, b""):
        with pytest.raises(judging.NotOneMore):
            judging.added(PDF, after)


def test_beside_a_signature_that_is_not_seen_no_note_is_put_on_a_page(authority, monkeypatch):
    class Noted(IncrementalPdfFileWriter):
        """What it puts on the page is no part of the signature."""

        def register_annotation(self, page_ref, _annot_ref):
            note = generic.DictionaryObject({pdf_name("/Subtype"): pdf_name("/FreeText")})
            super().register_annotation(page_ref, self.add_object(note))

    monkeypatch.setattr("pyhanko.pdf_utils.incremental_writer.IncrementalPdfFileWriter", Noted)
    with pytest.raises(judging.NotOneMore):
        judging.added(PDF, signed(PDF, authority))


def test_a_signature_that_covers_the_page_is_more_than_a_signature(authority):
    over = fake._with_signature(PDF, fake.Asked("dia", box=(0, 0, 595, 842)), authority.signer_of("dia"))
    with pytest.raises(judging.NotOneMore):
        judging.added(PDF, over)
    unseen = fake._with_signature(PDF, fake.Asked("dia"), authority.signer_of("dia"))
    assert judging.added(PDF, unseen).field


def test_an_update_that_goes_around_what_was_there_is_found(authority, monkeypatch):
    first = signed(PDF, authority)
    start = int(re.findall(rb"startxref\n(\d+)", PDF)[-1])

    class Around(IncrementalPdfFileWriter):
        """Its chain of updates leaves the first signature out."""

        def __init__(self, *arguments, **more):
            super().__init__(*arguments, **more)
            self.prev.last_startxref = start
            self.prev.xrefs.last_startxref = start

    monkeypatch.setattr("pyhanko.pdf_utils.incremental_writer.IncrementalPdfFileWriter", Around)
    around = signed(first, authority, "orang lain")
    assert b"/Prev %d" % start in around[len(first) :]
    with pytest.raises(judging.NotOneMore):
        judging.added(first, around)
