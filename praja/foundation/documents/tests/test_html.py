"""The web page: anchors, contents, tables, charts, and texts that cannot become markup."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.documents import blocks as b
from praja.foundation.documents import html
from praja.foundation.documents.tests import samples
from praja.foundation.ui import charts


class Reader(HTMLParser):
    """Collects the tags, ids, links and texts of a fragment."""

    def __init__(self, fragment):
        super().__init__()
        self.tags, self.ids, self.links, self.texts, self.attributes = [], [], [], [], set()
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        values = dict(attrs)
        self.attributes |= set(values)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []

    def handle_data(self, data):
        self.texts.append(data)


def test_every_link_of_the_contents_leads_somewhere():
    page = Reader(html.render(samples.full()))
    assert len(set(page.ids)) == len(page.ids)
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_tables_charts_and_their_figures_stand_in_the_page():
    fragment = html.render(samples.full())
    page = Reader(fragment)
    assert page.tags.count("svg") == 1
    assert page.tags.count("table") == 4  # three tables and the figures behind the chart; an empty one is a sentence
    assert "Rp7.500.000" in page.texts
    assert "DRAF" in page.texts
    assert "Belum ada inovasi." in page.texts


def test_nothing_carries_a_style_or_a_script():
    page = Reader(html.render(samples.full()))
    assert "style" not in page.attributes
    assert not {"style", "script"} & set(page.tags)


@given(st.text(alphabet=st.characters(codec=None), min_size=1))
def test_any_text_stays_text(text):
    hostile = f'"><script>{text}</script><img src=x onerror=1>'
    plain = Reader(html.render(samples.document(b.Heading(1, "a"), b.Paragraph("b"), samples.table(1))))
    page = Reader(
        html.render(
            samples.document(
                b.Heading(1, hostile, hostile), b.Paragraph(hostile), samples.table(1, hostile, key=hostile), title=hostile
            )
        )
    )  # fmt: skip
    assert [tag for tag in page.tags if tag != "br"] == plain.tags


@pytest.mark.parametrize(
    "svg",
    [
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:1"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect style="fill:red"/></svg>',
        '<!DOCTYPE x [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(http://x)"/></svg>',
        "not xml",
    ],
)
def test_a_picture_that_is_no_chart_is_refused(svg):
    with pytest.raises(ValueError, match=r"[Cc]hart"):
        html.safe_svg(svg)


def test_every_chart_is_let_through():
    cells = [[charts.HeatCell(state) for state in ("delivered", "partial", "none", "not_asked")]]
    heat = charts.heat_map(["Dinas <b>"], list("abcd"), cells, title="t", column_keys=["living"])
    for svg in (heat, samples.CHART, charts.asked_against_accepted([charts.Pair("living", "Living", 3, 2)], title="t")):
        assert html.safe_svg(svg) == svg


def test_the_file_stands_alone_and_has_one_title():
    page = Reader(html.render_file(samples.full()))
    assert page.tags.count("h1") == 1
    assert {"html", "title", "style"} <= set(page.tags)
    assert Reader(html.render(samples.full())).tags.count("h1") == 0
