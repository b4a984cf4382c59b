"""Redlines: what differs is found in reading order, applying it gives the new document, page and change table say it."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html, pdf, word
from praja.foundation.documents.redline import applied, compare, compared_words
from praja.foundation.documents.redline_blocks import redline_document
from praja.foundation.documents.redline_html import redline_html
from praja.foundation.documents.tests import samples

texts = st.text(alphabet="abc ,.1\n", max_size=12)
cells = st.tuples(texts, texts, st.none() | st.integers(0, 3))
tables = st.builds(
    lambda caption, rows, key: b.Table(caption, [b.Column("a"), b.Column("b"), b.Column("c", 1, "number")], rows, key=key),
    texts, st.lists(cells, max_size=5), st.sampled_from(["", "t1", "t2"]),
)  # fmt: skip
some_blocks = st.lists(
    st.one_of(
        st.builds(b.Heading, st.integers(1, 3), texts, st.sampled_from(["", "h1", "h2"])),
        st.builds(b.Paragraph, texts),
        st.builds(lambda text, note: b.Paragraph([b.Run(text, note=note)]), texts, texts),
        st.builds(b.Bullets, st.lists(texts, max_size=3)),
        st.builds(b.Facts, st.lists(st.tuples(texts, texts), max_size=2)),
        st.just(b.PageBreak()),
        tables,
    ),
    max_size=9,
)


numbers = st.none() | st.integers(-5, 5) | st.decimals(-5, 5, places=2)
columns = st.sampled_from(
    [(b.Column("Nama"), b.Column("Nilai", 1, "number")), (b.Column("Nama", 2), b.Column("Rupiah", 1, "rupiah"))]
)
rich_tables = st.builds(
    lambda columns, rows, total, unit, landscape: b.Table("Tabel", columns, rows, total, unit, landscape=landscape),
    columns, st.lists(st.tuples(texts, numbers), max_size=6), st.none() | st.tuples(texts, numbers), texts, st.booleans(),
)  # fmt: skip
rich_blocks = st.lists(
    st.one_of(
        rich_tables,
        st.builds(b.Heading, st.integers(1, 4), texts, st.just(""), st.booleans()),
        st.builds(b.Paragraph, texts, st.sampled_from(["body", "lead", "note", "quote"])),
        st.builds(lambda items: b.Bullets(items, deeper=[(0, True)] * len(items)), st.lists(texts, max_size=3)),
        st.builds(lambda text, data: b.Chart(text, "<svg/>", text, data=data), texts, st.none() | rich_tables),
        st.builds(b.KeyFigures, st.lists(st.tuples(texts, texts), max_size=2)),
        st.builds(b.Missing, texts, st.lists(texts, max_size=2)),
        st.builds(b.DimensionPage, st.sampled_from(["living", "economy"]), st.integers(1, 2), texts),
        st.builds(b.Signature, texts, st.lists(texts, max_size=2), texts),
    ),
    max_size=7,
)


@st.composite
def edits(draw, blocks):
    """The blocks as somebody leaves them: some gone, moved, come; rows gone, moved, come; numbers and words others."""
    edited = []
    for block in blocks:
        fate = draw(st.sampled_from(["keep", "keep", "keep", "drop", "edit"]))
        if fate == "drop":
            continue
        part = block
        if fate == "edit" and isinstance(block, b.Table):
            rows = [row for row in draw(st.permutations(block.rows)) if draw(st.booleans())]
            rows = [(row[0], draw(numbers)) if draw(st.booleans()) else row for row in rows]
            part = replace(block, rows=rows + draw(st.lists(st.tuples(texts, numbers), max_size=2)))
        elif fate == "edit" and isinstance(block, b.Paragraph):
            part = replace(block, text=f"{b.plain(block.text)} {draw(texts)}")
        edited.append(part)
    if draw(st.booleans()):
        edited = draw(st.permutations(edited))
    return [*edited, *draw(rich_blocks)[:2]]


def told_alone(redline):
    """The redline with nothing in it but what differs: neither the two documents nor the blocks that stayed."""
    nothing = samples.document()
    changes = [one if one.kind == "added" else replace(one, block=b.PageBreak()) for one in redline.changes]
    rows = [
        replace(one, rows=tuple(replace(row, after=None) if row.kind == "same" else row for row in one.rows))
        for one in changes
    ]
    return replace(redline, old=nothing, new=nothing, changes=tuple(rows))


def row(number, title="Antre dari rumah", agency="Dinas Kesehatan", amount=1_000_000):
    return (number, title, agency, amount)


def table(*rows, **changes):
    columns = [
        b.Column("No.", 0.5, "number"),
        b.Column("Inovasi", 3),
        b.Column("OPD", 2),
        b.Column("Anggaran", 2, "rupiah"),
    ]
    return b.Table("Daftar inovasi", columns, rows, **changes)


def only(old, new):
    """The one change between two documents."""
    changes = [one for one in compare(old, new).changes if one.kind != "same" or one.moved]
    assert len(changes) == 1
    return changes[0]


@settings(deadline=None)
@given(some_blocks, some_blocks, texts)
def test_applying_what_differs_to_the_old_gives_the_new(old, new, title):
    before, after = samples.document(*old), samples.document(*new, title=title)
    redline = compare(before, after)
    assert applied(redline, before) == after
    assert sorted(one.old for one in redline.changes if one.old is not None) == list(
        range(len(old))
    )  # each is spoken of
    for one in redline.changes:
        if one.rows:
            assert sorted(line.old for line in one.rows if line.old is not None) == list(range(len(old[one.old].rows)))


@settings(deadline=None)
@given(some_blocks, st.data())
def test_applying_gives_the_new_after_small_edits_too(blocks, data):
    before = samples.document(*blocks)
    order = data.draw(st.permutations(range(len(blocks))))
    edited = [blocks[place] for place in order if data.draw(st.booleans())] + data.draw(some_blocks)[:1]
    after = samples.document(*edited)
    assert applied(compare(before, after), before) == after


@settings(deadline=None)
@given(rich_blocks, st.data())
def test_what_differs_alone_makes_the_new_from_the_old(blocks, data):
    before = samples.document(*blocks)
    after = samples.document(*data.draw(edits(blocks)), title=data.draw(texts), edition=data.draw(texts))
    assert applied(told_alone(compare(before, after)), before) == after
    assert compare(before, before).is_empty


@settings(deadline=None)
@given(st.lists(st.integers(0, 39), max_size=8, unique=True), st.data())
def test_what_nobody_touched_is_not_spoken_of(touched, data):
    blocks = [
        b.Paragraph(f"Alinea {number} tentang hal{number} dan pokok{number} saja") if number % 2
        else table(*(row(place, f"Inovasi {number}.{place}") for place in range(3)), key=f"tabel-{number}")
        for number in range(40)
    ]  # fmt: skip
    after = list(blocks)
    for number in touched:
        is_gone = data.draw(st.booleans())
        after[number] = None if is_gone else (
            replace(blocks[number], text=f"{blocks[number].text} sekarang") if number % 2
            else replace(blocks[number], rows=[*blocks[number].rows[1:], row(9, "Pasar baru")])
        )  # fmt: skip
    redline = compare(samples.document(*blocks), samples.document(*filter(None, after)))
    spoken_of = {one.old for one in redline.changes if one.kind != "same" or one.moved}
    assert spoken_of == set(touched)
    assert all(one.old is not None for one in redline.changes)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_words_that_stayed_and_went_are_the_old_text_and_those_that_stayed_and_came_the_new(before, after):
    pieces = compared_words(before, after)
    assert "".join(text for kind, text in pieces if kind != "added") == before
    assert "".join(text for kind, text in pieces if kind != "removed") == after


def test_a_document_differs_not_from_itself():
    assert compare(samples.full(), samples.full()).is_empty
    assert "<ins" not in redline_html(compare(samples.full(), samples.full()))


def test_words_change_in_phrases_and_a_number_is_one_word():
    assert compared_words("ada 1.250 OPD ikut", "ada 1.300 perangkat daerah ikut") == (
        ("same", "ada "), ("removed", "1.250 OPD"), ("added", "1.300 perangkat daerah"), ("same", " ikut"),
    )  # fmt: skip


def test_a_line_that_went_goes_as_a_line():
    pieces = compared_words("Antre (Dinkes)\nAmbulans (Dinkes)\nPasar (Disdag)", "Antre (Dinkes)\nPasar (Disdag)")
    assert pieces == (("same", "Antre (Dinkes)\n"), ("removed", "Ambulans (Dinkes)\n"), ("same", "Pasar (Disdag)"))


def test_a_part_with_the_same_key_is_the_same_part_however_it_reads_now():
    old, new = (samples.document(b.Paragraph(text, key="visi")) for text in ("Satu dua tiga", "Empat lima enam"))
    assert only(old, new).kind == "changed"


def test_a_part_that_reads_alike_is_changed_and_one_that_does_not_is_another():
    text = "Pelayanan kesehatan di daerah terpencil belum merata"
    assert (
        only(samples.document(b.Paragraph(text)), samples.document(b.Paragraph(f"{text} pada 2026"))).kind == "changed"
    )
    found = compare(samples.document(b.Paragraph(text)), samples.document(b.Paragraph("Anggaran naik dua kali")))
    assert [one.kind for one in found.changes] == ["added", "removed"]


def test_a_section_that_stands_elsewhere_now_was_moved():
    parts = [b.Heading(1, f"Bab tentang pokok bahasan {number}") for number in range(4)]
    change = only(samples.document(*parts), samples.document(parts[3], *parts[:3]))
    assert (change.kind, change.moved, change.block) == ("same", True, parts[3])


def test_rows_are_known_by_their_name_when_numbers_and_order_change():
    old = table(row(1, "Antre"), row(2, "Ambulans"), row(3, "Posyandu"))
    new = table(row(1, "Ambulans", amount=5), row(2, "Antre"), row(3, "Pasar"))
    found = only(samples.document(old), samples.document(new)).rows
    assert {(one.kind, (one.after or one.before)[1]) for one in found} == {
        ("changed", "Ambulans"), ("changed", "Antre"), ("added", "Pasar"), ("removed", "Posyandu"),
    }  # fmt: skip


def test_a_row_keeps_its_name_when_all_else_has_changed():
    old = table(row(1, "Antre"), row(2, "Ambulans"))
    new = table(row(5, "Antre", "Dinas Perhubungan", 9), row(2, "Ambulans"))
    assert [one.kind for one in only(samples.document(old), samples.document(new)).rows] == ["changed", "same"]


def test_renamed_rows_are_known_among_many_others_by_most_of_their_words():
    old = table(*(row(place, f"Pasar digital kecamatan nomor {place}", amount=place) for place in range(30)))
    new = table(*(row(place, f"Pasar digital desa nomor {place}", amount=place) for place in range(30)))
    found = only(samples.document(old), samples.document(new)).rows
    assert [(one.kind, one.old) for one in found] == [("changed", place) for place in range(30)]


def test_a_renamed_row_is_changed_and_not_another():
    old, new = table(row(1, "Antre dari rumah")), table(row(1, "Antre dari balai desa"))
    assert [one.kind for one in only(samples.document(old), samples.document(new)).rows] == ["changed"]


def test_equal_numbers_of_changed_rows_are_counted():
    old, new = table(row(1), row(2, "Lain")), table(row(1, amount=2_000_000), row(2, "Lain"))
    counts = compare(samples.document(old), samples.document(new)).counts()
    assert (counts["rows changed"], counts["numbers changed"], counts["changed"]) == (1, 1, 1)


def test_a_table_that_repeats_in_each_chapter_is_compared_with_its_own_chapters():
    def book(amount):
        return samples.document(
            *(
                part
                for number in range(9)
                for part in (b.Heading(1, f"Bab {number}"), table(row(1, amount=amount if number == 5 else 1)))
            )
        )

    change = only(book(1), book(2))
    assert change.old == change.new == 11


def test_the_page_shows_before_and_after_with_the_row_and_says_it_in_words():
    old = samples.document(b.Heading(1, "Anggaran"), table(row(1), row(2, "Lain")))
    new = samples.document(b.Heading(1, "Anggaran"), table(row(1, amount=2_000_000), row(2, "Lain")))
    fragment = redline_html(compare(old, new))
    assert re.search(
        r"<del><span[^>]*>[^<]+</span>Rp1\.000\.000</del> <ins><span[^>]*>[^<]+</span>Rp2\.000\.000</ins>", fragment
    )
    assert "1 Anggaran</h3>" in fragment
    assert "Lain" not in fragment


@pytest.mark.parametrize("beside", [False, True])
def test_every_text_of_a_redline_is_escaped(beside):
    hostile = '<script>alert(1)</script>"><img src=x>'
    old = samples.document(b.Paragraph(f"Satu dua tiga {hostile}"), table(row(1)), b.Heading(1, "x"), foot_note="a")
    new = samples.document(
        b.Paragraph(f"Satu dua empat {hostile}"), table(row(1, hostile)), b.Heading(1, hostile), foot_note=hostile, title=hostile
    )  # fmt: skip
    fragment = redline_html(compare(old, new), beside=beside)
    assert "<script" not in fragment
    assert "<img" not in fragment


def test_no_two_parts_of_a_redline_have_one_address():
    old, new = samples.full(), samples.document(*samples.full().blocks[::-1], table(row(1)))
    found = re.findall(r' id="([^"]+)"', redline_html(compare(old, new), beside=True))
    assert len(found) == len(set(found))


def test_the_change_table_names_part_row_before_and_after_and_the_difference():
    old = samples.document(b.Heading(1, "Anggaran"), b.Paragraph("Ada 12 inovasi."), table(row(1)))
    new = samples.document(b.Heading(1, "Anggaran"), b.Paragraph("Ada 13 inovasi."), table(row(1, amount=2_500_000)))
    document = redline_document(compare(old, new), title="Tabel perubahan", made_at=new.made_at)
    changes, numbers = document.walk(b.Table)
    assert [line[0] for line in changes.rows] == [1, 2]
    assert changes.rows[0][3:] == ("Ada 12 inovasi.", "Ada 13 inovasi.")
    assert changes.rows[1][1].endswith("Antre dari rumah")
    assert "Rp2.500.000 (+Rp1.500.000)" in changes.rows[1][4]
    assert numbers.rows[0][-3:] == ("Rp1.000.000", "Rp2.500.000", "+Rp1.500.000")


def test_a_long_text_is_quoted_around_its_changes():
    long = "kata " * 200
    old, new = (samples.document(b.Paragraph(f"{long}{number} {long}")) for number in ("seratus", "dua ratus"))
    table_of_changes = next(redline_document(compare(old, new), title="t", made_at=new.made_at).walk(b.Table))
    before, after = table_of_changes.rows[0][3:]
    assert len(after) < 200
    assert "seratus" in before
    assert "dua ratus" in after


def test_the_change_table_is_a_document_like_any_other():
    old, new = samples.full(), replace(samples.full(), blocks=samples.full().blocks[3:], title="Lain")
    for one in (
        redline_document(compare(old, new), title="Perubahan", made_at=new.made_at),
        redline_document(compare(old, old), title="a", made_at=old.made_at),
    ):
        assert pdf.render(one).startswith(b"%PDF")
        assert io.BytesIO(word.render(one)).read(2) == b"PK"
        assert html.render(one)
