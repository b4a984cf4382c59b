"""Charts: well-formed pictures that say their figures in words, hold any text, and use attributes only."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praja.foundation.ui import charts
from praja.foundation.ui.palette import STATE_COLOURS

STATES = ("delivered", "partial", "none", "not_asked")
SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=120
)


def heat(label="Dinas Kesehatan", column="Smart Living"):
    return charts.heat_map(
        [label], [column] * 4, [[charts.HeatCell(state, "1/2") for state in STATES]], title="Cakupan"
    )


def titles(svg):
    return [element.text for element in ElementTree.fromstring(svg).iter(f"{SVG}title")]


def test_a_picture_has_a_role_and_a_title():
    root = ElementTree.fromstring(heat())
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Cakupan"


def test_every_cell_of_a_heat_map_says_its_state_in_words():
    assert [title for title in titles(heat()) if title.startswith("Dinas Kesehatan, Smart Living")][3].endswith("1/2")
    assert len({title for title in titles(heat()) if title.startswith("Dinas")}) == 4


def test_states_differ_by_shape_and_none_of_them_is_red():
    cells = ElementTree.fromstring(heat()).findall(f"{SVG}g")[:4]
    assert (
        len(
            {
                tuple(child.tag + str(child.get("d", ""))[-6:] + str(child.get("fill")) for child in cell)
                for cell in cells
            }
        )
        == 4
    )
    for state in STATES:
        red, green, blue = (int(STATE_COLOURS[state][0][place : place + 2], 16) for place in (1, 3, 5))
        assert red <= max(green, blue)


def test_bars_stand_in_proportion_and_carry_their_total():
    svg = charts.bars([charts.Bar("2026", [10]), charts.Bar("2027", [20])], title="t", write=lambda n: f"Rp{n}")
    one, two = (float(bar.get("width")) for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    assert abs(two / one - 2) < 0.02
    assert "Rp20" in svg


def test_bars_of_a_whole_do_not_fill_the_width_before_it_is_reached():
    def width(**more):
        svg = charts.bars([charts.Bar("Maret", [25])], title="t", **more)
        return float(next(ElementTree.fromstring(svg).iter(f"{SVG}rect")).get("width"))

    assert abs(width() / width(most=100) - 4) < 0.1
    assert width(most=20) == width()


def test_stacked_bars_name_each_part():
    svg = charts.bars([charts.Bar("2026", [10, 5])], title="t", series=["APBD", "CSR"])
    assert "2026, CSR: 5" in titles(svg)


def test_asked_and_accepted_stand_side_by_side():
    svg = charts.asked_against_accepted([charts.Pair("living", "Smart Living", 12, 8)], title="t")
    assert [title.split(": ")[1][:2].strip() for title in titles(svg)[1:]] == ["12", "8"]


def test_no_figures_at_all_still_make_a_picture():
    for svg in (
        charts.heat_map([], [], [], title="t"),
        charts.bars([], title="t"),
        charts.bars([charts.Bar("2026", [0])], title="t"),
        charts.asked_against_accepted([], title="t"),
        charts.asked_against_accepted([charts.Pair("x", "y", 0, 0)], title="t"),
    ):
        ElementTree.fromstring(svg)


@given(WORDS)
def test_any_text_stays_text(text):
    for svg in (
        heat(text, text),
        charts.bars([charts.Bar(text, [1, 2])], title=text, series=[text, text]),
        charts.risk_matrix([charts.RiskMark(1, text, 2, 3)], title=text),
    ):
        assert {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()} <= {
            "svg", "title", "g", "rect", "text", "circle", "path",
        }  # fmt: skip
        assert "style" not in {name for element in ElementTree.fromstring(svg).iter() for name in element.attrib}


def risks(*places):
    return [charts.RiskMark(number, f"Risiko {number}", *place) for number, place in enumerate(places, 1)]


def test_a_risk_stands_in_the_cell_of_its_likelihood_and_impact():
    svg = charts.risk_matrix(risks((3, 2), (1, 1), (3, 2)), title="t")
    cells = [title for title in titles(svg)[1:] if not title.endswith(("no risk", "tidak ada risiko"))]
    assert ["Risiko" in title and title.split(": ")[1] for title in cells] == ["1 Risiko 1; 3 Risiko 3", "2 Risiko 2"]
    assert "6" in cells[0].split(": ")[0]


def test_each_cell_of_the_matrix_says_its_value_beside_its_colour():
    root = ElementTree.fromstring(charts.risk_matrix([], title="t"))
    cells = root.findall(f"{SVG}g")
    assert [cell.find(f"{SVG}text").text for cell in cells] == ["3", "6", "9", "2", "4", "6", "1", "2", "3"]
    colours = {cell.find(f"{SVG}text").text: cell.find(f"{SVG}rect").get("fill") for cell in cells}
    assert len({colours["1"], colours["3"], colours["6"]}) == 3
    assert (colours["2"], colours["4"], colours["9"]) == (colours["1"], colours["3"], colours["6"])


@pytest.mark.parametrize(("many", "last"), [(10, "10"), (11, "+2"), (200, "+191")])
def test_a_cell_counts_the_risks_that_it_cannot_hold(many, last):
    root = ElementTree.fromstring(charts.risk_matrix(risks(*[(2, 2)] * many), title="t"))
    cell = root.findall(f"{SVG}g")[4]
    assert cell.findall(f"{SVG}text")[-1].text == last
    box = cell.find(f"{SVG}rect")
    right, bottom = (float(box.get(at)) + float(box.get(size)) for at, size in (("x", "width"), ("y", "height")))
    for ring in cell.findall(f"{SVG}circle"):
        assert float(ring.get("cx")) + 12 < right
        assert float(ring.get("cy")) + 12 < bottom


def test_the_matrix_in_words_begins_with_the_greatest_risk():
    words = charts.risk_words(risks((1, 1), (3, 3)))
    assert words.index("Risiko 2") < words.index("Risiko 1")
    assert charts.risk_words([])


@given(WORDS, st.floats(20, 300))
def test_a_label_keeps_within_its_width(text, width):
    for line in charts._wrapped(text, width, 2):
        assert charts.text_width(line) <= width or len(line) <= 1


@pytest.mark.parametrize(
    ("number", "most", "shade"), [(0, 9, 0), (1, 9, 1), (5, 9, 3), (9, 9, 4), (3, 0, 0), (-1, 4, 0)]
)
def test_a_cell_is_as_dark_as_its_share_of_the_largest(number, most, shade):
    assert charts.shade(number, most) == shade
