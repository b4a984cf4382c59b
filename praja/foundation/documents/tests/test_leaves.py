"""A document leaf by leaf: every block on one page, numbers and anchors of the whole, an address for each row and picture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, outline
from praja.foundation.documents.leaves import HEAVY, Leaves
from praja.foundation.documents.tests import samples

levels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=14)


def book(*sections):
    """A document: a heading of each level (0: none) with a text of so many thirds of what one leaf carries."""
    parts = []
    for number, (level, thirds) in enumerate(sections):
        parts += [b.Heading(level, f"Bagian {number}")] if level else []
        parts += [b.Paragraph("x" * (HEAVY // 3 * thirds))]
    return samples.document(*parts)


@settings(deadline=None, max_examples=60)
@given(levels)
def test_every_block_stands_on_one_leaf_in_order_and_each_chapter_begins_one(sections):
    leaves = Leaves(book(*sections))
    places = [place for leaf in leaves.all for place in range(leaf.first, leaf.end)]
    assert places == list(range(len(leaves.parts)))
    chapters = [place for place, part in enumerate(leaves.parts) if getattr(part.block, "level", 0) == 1]
    assert set(chapters) <= {leaf.first for leaf in leaves.all}
    assert len({leaf.place for leaf in leaves.all}) == len(leaves.all)


def test_a_heavy_chapter_is_cut_at_its_sections_and_a_light_one_is_not():
    assert len(Leaves(book((1, 1), (2, 1), (2, 0), (1, 1))).all) == 2
    assert [leaf.title for leaf in Leaves(book((1, 2), (2, 2), (2, 2))).all] == ["Bagian 0", "Bagian 1", "Bagian 2"]


def test_a_large_picture_makes_no_chapter_heavy():
    picture = b.Picture("Foto", b"\xff\xd8\xff" + bytes(HEAVY), "Sebuah foto")
    document = samples.document(b.Heading(1, "Bab"), b.Paragraph("x"), b.Heading(2, "Subbab"), picture)
    assert len(Leaves(document).all) == 1


def test_small_sections_of_a_heavy_chapter_share_a_leaf():
    assert [leaf.title for leaf in Leaves(book((1, 0), (2, 1), (2, 1), (2, 1), (2, 1))).all] == ["Bagian 0", "Bagian 3"]


def test_numbers_and_anchors_are_those_of_the_whole_document():
    document = samples.document(b.Heading(1, "Satu"), samples.table(), b.Heading(1, "Dua"), samples.table(key="daftar"))
    leaves = Leaves(document)
    page = leaves.render(leaves.all[1], str)
    assert 'id="daftar"' in page
    assert "Tabel 2" in page
    assert ">2</span> Dua" in page
    assert "Satu" not in page


def test_an_anchor_of_a_chapter_table_row_or_footnote_finds_its_leaf():
    note = b.Paragraph([b.Run("a", note="satu")])
    leaves = Leaves(samples.document(b.Paragraph("muka"), note, b.Heading(1, "A", "a"), samples.table(), note))
    front, chapter = leaves.all
    assert [leaves.at(anchor) for anchor in ("awal", "catatan-1")] == [front, front]
    assert [leaves.at(anchor) for anchor in ("a", "tabel-1", "tabel-1-baris-2", "acuan-2")] == [chapter] * 4
    assert leaves.at("catatan-3") is None
    assert leaves.at("tidak-ada") is None


def test_footnotes_are_counted_through_the_whole_document():
    chapter = (b.Heading(1, "Bab"), b.Paragraph([b.Run("a", note="isi catatan")]), b.Bullets([[b.Run("b", note="x")]]))
    leaves = Leaves(samples.document(*chapter, *chapter))
    page = leaves.render(leaves.all[1], str)
    assert '<ol start="3">' in page
    assert 'id="catatan-3"' in page
    assert 'href="#catatan-4"' in page
    assert 'id="catatan-1"' not in page


def test_tables_and_rows_link_to_themselves():
    leaves = Leaves(samples.document(b.Heading(1, "Bab"), samples.table(2)))
    page = leaves.render(leaves.all[0], str)
    assert 'href="#tabel-1">Tabel 1</a>' in page
    assert '<tr id="tabel-1-baris-2"><td><a class="book-here" href="#tabel-1-baris-2">Inovasi nomor 2</a></td>' in page


def test_a_picture_is_fetched_from_an_address_of_its_own():
    picture = b.Picture("Loket", samples.PIXEL, "Loket")
    leaves = Leaves(samples.document(b.Heading(1, "Bab"), picture))
    page = leaves.render(leaves.all[0], lambda anchor: f"/gambar/{anchor}/?a&b")
    assert 'src="/gambar/gambar-1/?a&amp;b"' in page
    assert "base64" not in page
    assert leaves.picture("gambar-1") == samples.PIXEL
    assert leaves.picture("tabel-1") is None


@pytest.mark.parametrize("document", [samples.full(), samples.written()])
def test_all_leaves_together_hold_what_the_whole_page_holds(document):
    leaves = Leaves(document)
    pages = "".join(leaves.render(leaf, str) for leaf in leaves.all)
    whole = html.render(document)
    for part in outline.placed(document):
        if part.anchor:
            assert f'id="{part.anchor}"' in pages
            assert f'id="{part.anchor}"' in whole


def test_what_people_typed_stays_text():
    nasty = '<td onclick="x"></td><script>'
    table = b.Table(nasty, [b.Column(nasty)], [(nasty,)], key="t")
    leaves = Leaves(samples.document(b.Heading(1, nasty), b.Paragraph([b.Run(nasty, note=nasty)]), table))
    assert "<script" not in leaves.render(leaves.all[0], str)
    assert "<td onclick" not in leaves.render(leaves.all[0], str)
