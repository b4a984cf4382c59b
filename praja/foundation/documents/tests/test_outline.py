"""The numbers, anchors, colours and widths that all renderers share."""

from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import outline, tables
from praja.foundation.documents.tests import samples
from praja.foundation.ui.palette import DIMENSION_COLOURS


def test_headings_are_numbered_within_each_other_and_tables_throughout():
    parts = outline.placed(samples.full())
    numbers = {getattr(part.block, "text", "") or getattr(part.block, "name", ""): part.number for part in parts}
    assert numbers["Ringkasan"] == "1"
    assert numbers["Smart Living"] == "2.1"
    assert numbers["Kesehatan"] == "2.1.1"
    assert numbers["Penyelarasan"] == ""
    assert [part.number for part in parts if isinstance(part.block, b.Table)] == ["1", "2", "3", "4"]


def test_a_dimension_colours_what_follows_until_the_next_heading_of_its_level():
    parts = outline.placed(
        samples.document(b.DimensionPage("living", 1, "Living"), samples.table(), b.Heading(2, "Lain"), samples.table())
    )
    assert [part.colour for part in parts] == [DIMENSION_COLOURS["living"]] * 2 + ["#1F4E79"] * 2


def test_anchors_are_never_given_twice():
    parts = outline.placed(samples.document(*(b.Heading(1, "Bab", "sama") for _ in range(3)), b.Heading(1, "x")))
    assert [part.anchor for part in parts] == ["sama", "sama-2", "sama-3", "bagian-4"]


def test_values_are_written_by_the_kind_of_their_column():
    table = b.Table(
        "t",
        [b.Column("a"), b.Column("b", kind="number"), b.Column("c", kind="rupiah"), b.Column("d", kind="year")],
        [("teks", 12500, 1_250_000_000, 2026), (None, None, None, None)],
    )
    assert tables.written(table)[0] == [["teks", "12.500", "Rp1.250.000.000", "2026"], ["–"] * 4]


@given(st.lists(st.tuples(st.floats(0, 9), st.text(max_size=60)), min_size=1, max_size=12))
def test_widths_always_fill_the_room_and_hold_the_longest_word_where_there_is_room(columns):
    table = b.Table("t", [b.Column(title, share) for share, title in columns], [])
    wanted = tables.needs(table, [])
    found = tables.widths(table, wanted, 459)
    assert abs(sum(found) - 459) < 0.01
    if sum(wanted) < 459:
        assert all(width >= need - 0.01 for width, need in zip(found, wanted, strict=True))


def test_only_words_that_are_too_long_get_places_to_break():
    assert tables.breakable("kata biasa", 5) == "kata biasa"
    assert tables.breakable("x" * 20, 10) == "x" * 8 + "\u200b" + "x" * 8 + "\u200b" + "x" * 4
