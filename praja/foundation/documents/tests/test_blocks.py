"""Blocks: JSON there and back, frozen lists, clean texts."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html
from praja.foundation.documents.outline import placed
from praja.foundation.documents.tests import samples


def test_every_block_comes_back_from_json():
    document = samples.full()
    assert b.from_json(b.to_json(document)) == document


def test_equal_documents_have_equal_json():
    assert b.to_json(samples.full()) == b.to_json(samples.full())


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_comes_back_from_json_and_fits_into_utf8(text):
    document = samples.document(b.Paragraph(text), b.Facts([(text, text)]))
    again = b.from_json(b.to_json(document).encode().decode())
    assert again == document


def test_control_characters_are_dropped_and_line_ends_become_newlines():
    assert b.Heading(1, "a\x00b\x1b\ud800c").text == "abc"
    assert b.Paragraph("satu\r\ndua\rtiga\tempat").text == "satu\ndua\ntiga\tempat"


def test_lists_become_tuples_so_that_a_block_stays_as_it_is():
    assert b.Bullets(["a"]).items == ("a",)
    assert b.Table("t", [b.Column("x")], [["1"]]).rows == (("1",),)


def test_a_lazy_translation_is_settled_when_the_block_is_made():
    assert type(b.Heading(1, gettext_lazy("Contents")).text) is str


def test_a_row_with_too_few_values_is_named():
    with pytest.raises(ValueError, match=r"“Daftar”.*1 values for 2 columns"):
        b.Table("Daftar", [b.Column("a"), b.Column("b")], [["only one"]])


def test_an_accent_that_is_no_colour_is_refused():
    with pytest.raises(ValueError, match="accent colour"):
        samples.document(accent="red; }")


@pytest.mark.parametrize(
    "text", ['{"is":"Script"}', '{"is":"Heading"}', '{"is":"Heading","level":1,"text":"a"}', "[]", "1"]
)
def test_json_that_is_no_document_is_refused(text):
    json.loads(text)
    with pytest.raises(ValueError, match=r"part|document"):
        b.from_json(text)


def test_a_document_frozen_before_keeps_its_json_and_its_hash():
    frozen = Path(__file__).with_name("frozen_2026_11.json").read_text()
    assert sha256(frozen.encode()).hexdigest() == "537eac303a1a74e3b8898b50084210a5db56ce9382e1ea2be849500df6308040"
    assert b.to_json(b.from_json(frozen)) == frozen


def test_what_came_later_stands_in_the_json_only_where_it_says_something():
    plain = samples.document(b.Paragraph([b.Run("a")]), b.Bullets(["b"]))
    told = samples.document(
        b.Paragraph([b.Run("a", note="n")], key="k"), b.Bullets(["b"], ordered=True), edition="Edisi 1"
    )
    assert not {"link", "note", "ordered", "key", "edition"} & set(json.loads(b.to_json(plain)))
    assert all(f'"{name}":' not in b.to_json(plain) for name in ("link", "note", "ordered", "key", "edition"))
    assert all(f'"{name}":' in b.to_json(told) for name in ("note", "ordered", "key", "edition"))
    assert b.from_json(b.to_json(told)) == told


@pytest.mark.parametrize("link", ["https://go.id/a?b=c#d", "http://localhost/", "mailto:diskominfo@contoh.go.id"])
def test_a_text_may_lead_to_the_web_and_to_mail(link):
    assert b.Run("sini", link=link).link == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//go.id",
        "/masuk/",
        "https://a b",
        'https://a"b',
        "https:a",
        "ftp://a",
    ],
)
def test_a_text_leads_nowhere_else(link):
    with pytest.raises(ValueError, match="link"):
        b.Run("sini", link=link)


@pytest.mark.parametrize(
    ("content", "share"), [(b"<svg/>", 1), (samples.PIXEL + bytes(2_000_000), 1), (samples.PIXEL, 0)]
)
def test_a_picture_that_no_book_can_carry_is_refused(content, share):
    with pytest.raises(ValueError, match="“Loket”"):
        b.Picture("Loket", content, "Loket", share=share)


def test_lists_within_lists_count_their_own_points():
    deeper = ((0, True), (1, True), (1, True), (2, False), (1, True), (0, True), (1, False), (1, True))
    bullets = b.Bullets(list("abcdefgh"), ordered=True, deeper=deeper)
    assert [(point.text, point.depth, point.number) for point in b.points(bullets)] == [
        ("a", 0, 1), ("b", 1, 1), ("c", 1, 2), ("d", 2, 0), ("e", 1, 3), ("f", 0, 2), ("g", 1, 0), ("h", 1, 1)
    ]  # fmt: skip
    (whole,) = b.nested(b.points(bullets))
    assert [text for text, _inside in whole.points] == ["a", "f"]
    assert [len(one.points) for one in whole.points[1][1]] == [1, 1]  # a bullet, then a list that counts from 1
    assert b.from_json(b.to_json(samples.document(bullets))).blocks[0] == bullets


@pytest.mark.parametrize(
    "deeper", [((0, False),), ((1, False), (0, False)), ((0, False), (2, False)), ((0, True), (-1, True))]
)
def test_depths_that_no_list_has_are_refused(deeper):
    with pytest.raises(ValueError, match="depths"):
        b.Bullets(["a", "b"], deeper=deeper)


def test_a_heading_gives_its_colour_to_what_stands_below_it():
    document = samples.document(
        b.Heading(2, "Smart Living", color_key="living"), samples.table(1), b.Heading(2, "Lain"), samples.table(1)
    )
    colours = [part.colour for part in placed(document)]
    assert colours[0] == colours[1] != colours[2] == colours[3] == document.accent


def test_facts_come_back_from_json_as_plain_data_and_change_the_hash():
    document = samples.document()
    told = replace(
        document, facts={"janji": [{"tahun": (2026, 2027), "judul": "Antre\x00", "is": "Heading"}], "kosong": None}
    )
    assert told.facts == {"janji": [{"tahun": [2026, 2027], "judul": "Antre", "is": "Heading"}], "kosong": None}
    assert b.from_json(b.to_json(told)) == told
    assert b.to_json(told) != b.to_json(document)
    assert hash(told) == hash(document)  # a document with facts can still be a key


def test_a_document_without_facts_says_nothing_of_them():
    assert '"facts"' not in b.to_json(samples.full())


@pytest.mark.parametrize("value", [1.5, object(), {1: "a"}, b"x", {"a": {2}}])
def test_facts_are_what_json_has_words_for(value):
    with pytest.raises(TypeError, match="facts"):
        samples.document(facts={"x": value})


def test_nobody_draws_facts():
    document = samples.full()
    told = replace(document, facts={"rahasia": "tidak tercetak"})
    assert html.render(told) == html.render(document)
