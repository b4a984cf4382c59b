"""Texts of people: the closed grammar, the light markup, what is pasted, live references, and the blocks of a book."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents.blocks import Document, from_json, to_json
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.tests.texts import contents, letters
from praja.stages.masterplan.texts.differences import compare, count, words_between
from praja.stages.masterplan.texts.markup import read, written
from praja.stages.masterplan.texts.narratives import (
    NO_VALUES,
    NarrativeRefused,
    blocks_of,
    numbers_of,
    plain_text,
    validated,
    words_of,
)
from praja.stages.masterplan.texts.pasting import read_html
from praja.stages.masterplan.texts.references import CHARTS, values_of


def paragraph(*parts):
    return {"is": "paragraph", "text": list(parts)}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents)
def test_markup_of_any_content_reads_as_that_content(content):
    checked = validated(content)
    assert validated(checked) == checked
    assert validated(read(written(checked))) == checked


@settings(max_examples=150, deadline=None)
@given(st.lists(letters, max_size=6).map("\n".join))
def test_whatever_is_typed_is_a_text_and_none_of_its_words_is_lost(text):
    content = validated(read(text))
    assert validated(read(written(content))) == content
    kept = "".join(letter for letter in plain_text(content) if letter.isalpha())
    assert [letter for letter in text if letter.isalpha() and letter not in kept and letter.isprintable()] == []


TYPED = [
    ("## Latar\n\nTeks **tebal** dan _miring_.", ["heading", "paragraph"]),
    ("Ada:\n- satu\n- dua\n  1. anak\n\nLalu", ["paragraph", "item", "item", "item", "paragraph"]),
    ("> kata orang\n> lagi", ["quote"]),
    ("| a | b |\n|---|---|\n| 1 | 2 |", ["table"]),
    ("[tabel: Judul | BPS]\n| a |\n| 1 |", ["table"]),
    ("![](grafik:anggaran-per-tahun)", ["figure"]),
]


@pytest.mark.parametrize(("text", "kinds"), TYPED)
def test_signs_shape_the_text(text, kinds):
    assert [node["is"] for node in validated(read(text))] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "#set text(red) #let x = 1",
        r"\LaTeX{} \begin{document} $x^2$",
        "<script>alert(1)</script> <b>x</b>",
        "[klik](javascript:alert(1)) [x](data:text/html,1)",
        "{{ settings.SECRET_KEY }} {% include x %} ${x}",
        "file_nama_panjang 2 * 3 * 4 a*b",
        "1) tanpa spasi? 3.14 -5 #1",
    ],
)
def test_what_is_no_sign_stays_what_was_typed(text):
    assert (
        plain_text(validated(read(text))) == text.lstrip("1) ")
        if text.startswith("1) ")
        else plain_text(read(text)) == text
    )


WRONG = [
    "no list",
    [{"is": "script", "text": []}],
    [{"is": "paragraph", "text": [{"text": "x", "style": "color:red"}]}],
    [paragraph({"text": "x", "link": "javascript:alert(1)"})],
    [paragraph({"text": "x", "link": 'https://x.id/" onclick="y'})],
    [paragraph({"text": "x", "note": "y"})],
    [paragraph({"data": "../../etc"})],
    [paragraph("x")],
    [{"is": "heading", "level": 3, "text": [{"text": "x"}]}],
    [{"is": "heading", "level": True, "text": [{"text": "x"}]}],
    [{"is": "figure", "picture": "17"}],
    [{"is": "figure", "chart": {"a": 1}}],
    [{"is": "table", "rows": [["a"] * 21]}],
    [{"is": "table", "rows": [[{"a": 1}]]}],
    [{"is": "item", "ordered": "ja", "level": 0, "text": [{"text": "x"}]}],
    [{"is": ["paragraph"]}],
    [None],
    [paragraph({"text": "x"})] * 5001,
    [paragraph({"text": "x" * 400_001})],
]


@pytest.mark.parametrize("content", WRONG)
def test_what_the_grammar_does_not_know_is_refused_in_sentences(content):
    with pytest.raises(NarrativeRefused) as refused:
        validated(content)
    assert all(sentence.endswith(".") for sentence in refused.value.sentences)


def test_blocks_carry_emphasis_links_footnotes_lists_and_tables():
    text = "## A\n\na **b** [c](https://c.id)[^catatan]\n\n1. x\n2. y\n  - z\n\n> q\n\n[tabel: T | S]\n| h |\n| 1 |"
    heading, words, points, quote, table = blocks_of(validated(read(text)), NO_VALUES)
    assert heading == b.Heading(3, "A")
    assert [(run.bold, run.link, run.note) for run in words.text][1:4:2] == [
        (True, "", ""),
        (False, "https://c.id", "catatan"),
    ]
    assert points.ordered
    assert [b.plain(item) for item in points.items] == ["x", "y", "z"]
    assert points.deeper == ((0, True), (0, True), (1, False))
    assert quote.style == "quote"
    assert (table.caption, table.source, table.rows) == ("T", "S", (("1",),))


def test_numbered_points_count_within_their_level():
    text = "1. a\n2. b\n  1. c\n  2. d\n3. e\n\nteks\n\n1. f"
    assert numbers_of(validated(read(text))) == [1, 2, 1, 2, 3, 0, 1]


@pytest.fixture
def innovations(country):
    for place, dimension in enumerate(["living", "living", "economy"]):
        Innovation.objects.create(
            plan=country.plan,
            organisation=country.health,
            dimension=country.dimension(dimension),
            title=f"Inovasi {place}",
            is_it=place == 0,
            state="accepted",
        )
    return country


def test_references_say_what_the_data_say(innovations):
    values = values_of(innovations.plan)
    assert values["jumlah-inovasi"].text == "3"
    assert (values["inovasi-dimensi-living"].number, values["inovasi-nonti"].number) == (2, 2)
    assert values["nama-daerah"].text == "Kabupaten Uji"
    content = validated(read("Ada {{ jumlah-inovasi }} inovasi dan {{ tidak-ada }}."))
    text = b.plain(blocks_of(content, values)[0].text)
    assert text.startswith("Ada 3 inovasi dan [")
    assert "tidak-ada" in text


def test_the_number_of_queries_does_not_grow_with_the_plan(innovations, django_assert_num_queries):
    with django_assert_num_queries(25):
        values_of(innovations.plan)
    for place in range(20):
        Innovation.objects.create(plan=innovations.plan, title=f"Lagi {place}")
    with django_assert_num_queries(25):
        values_of(innovations.plan)


def test_every_chart_can_be_asked_for_in_an_empty_plan(country):
    values = values_of(country.plan)
    for key in CHARTS:
        values.chart(key)
    missing = blocks_of(
        [{"is": "figure", "chart": "hilang"}, {"is": "figure", "picture": "0" * 8 + "-0000-0000-0000-" + "0" * 12}],
        values,
    )
    assert all(isinstance(block, b.Missing) for block in missing)


def test_a_book_with_every_kind_of_node_travels_through_json(innovations):
    content = validated(read("## A\n\nx [^n]\n\n- a\n- b\n\n> q\n\n| a |\n| b |\n\n![](grafik:faktor-penyebab)"))
    Narrative.objects.create(plan=innovations.plan, book="masterplan", key="background", content=content)
    made = Document(
        "T",
        "R",
        "kabupaten",
        "2026",
        innovations.plan.updated_at,
        blocks=blocks_of(content, values_of(innovations.plan)),
    )
    assert from_json(to_json(made)) == made


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body>
<h2>Kondisi <i>daerah</i></h2><p class=MsoNormal><b><span style='font-size:14pt'>Tebal<o:p></o:p></span></b> biasa</p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·</span><![endif]>Satu</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level2 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1)</span><![endif]>Dua<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a></p>
<table><tr><td><p>A</p></td><td>B</td></tr></table><p>Klik <a href="javascript:alert(1)">sini</a><script>alert(1)</script><img src=x onerror=alert(1)></p>
<div style='mso-element:footnote-list'><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1">[1]</a> BPS 2025.</p></div></div></body></html>"""
DOCS = """<b style="font-weight:normal;" id="docs-internal-guid-1"><h1><span style="font-weight:400">Judul</span></h1>
<p><span style="font-weight:700">tebal</span><span style="font-weight:400;font-style:italic"> miring</span> biasa</p><ul><li><p>satu</p></li><ul><li><p>anak</p></li></ul></ul></b>"""


@pytest.mark.parametrize(
    ("html", "markup"),
    [
        (
            WORD,
            "## Kondisi _daerah_\n\n**Tebal** biasa\n\n- Satu\n  1. Dua[^BPS 2025.]\n\n[tabel: ]\n| A | B |\n\nKlik sini",
        ),
        (DOCS, "## Judul\n\n**tebal** _miring_ biasa\n\n- satu\n  - anak"),
        ("<p>a<p>b<svg><text>c</text></svg><style>p{}</style>", "a\n\nb"),
    ],
)
def test_what_is_pasted_keeps_its_shape_and_nothing_else(html, markup):
    assert written(validated(read_html(html))) == markup


def test_a_paste_of_a_megabyte_is_read(django_assert_num_queries):
    html = "<p class=MsoNormal><span lang=IN>kata kata kata</span></p>" * 4_000
    content = validated(read_html(html))
    assert words_of(content) == 12_000


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>/abpliu=\"' &;#ftn1tdr"), max_size=120))
def test_any_html_gives_a_text(html):
    validated(read_html(html))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents, contents)
def test_comparing_loses_no_paragraph(old, new):
    old, new = validated(old), validated(new)
    changes = compare(old, new)
    assert len([one for one in changes if one.kind != "removed"]) == len(new)
    assert len([one for one in changes if one.kind != "added"]) == len(old)
    assert (old == new) == (sum(count(changes).values()) == 0)


def test_a_changed_paragraph_shows_its_words():
    old, new = (validated(read(text)) for text in ("Ada 96 inovasi baru.\n\nTetap", "Ada 97 inovasi.\n\nTetap"))
    changed, same = compare(old, new)
    assert [(piece.kind, piece.text) for piece in changed.pieces if piece.kind != "same"] == [
        ("removed", "96"), ("added", "97"), ("removed", " baru"),
    ]  # fmt: skip
    assert same.kind == "same"
    assert "".join(piece.text for piece in words_between("a b", "a c") if piece.kind != "removed") == "a c"
