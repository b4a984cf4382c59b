"""The problems in short: counted by dimension and affair, their causes drawn as trees that lose no word."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from praja.foundation.accounts.models import Affair
from praja.foundation.documents.blocks import Chart, Missing
from praja.foundation.documents.html import safe_svg
from praja.stages.problems.models import Cause, Problem
from praja.stages.problems.tests.test_actions import started
from praja.stages.problems.trees import TALLEST, draw, height_of, lines_of, packed, tree_blocks, tree_of, wrapped

HOME = "/kabupaten-uji/permasalahan/ringkasan/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def cause(pk, parent=None, text="Dokter kurang", kind="people"):
    return SimpleNamespace(pk=pk, parent_id=parent, text=text, kind=kind)


def problem(title="Antrean panjang"):
    return SimpleNamespace(title=title)


def reported(country, *causes, title="Antrean panjang", state="accepted"):
    one = started(country)
    living = country.dimension("living")
    Problem.objects.filter(pk=one.pk).update(
        title=title, dimension=living, affair=Affair.objects.get(code="1.02"), state=state
    )
    for text, kind in causes:
        Cause.objects.create(problem=one, text=text, kind=kind)
    return one


def words_in(svg):
    root = ElementTree.fromstring(svg)
    return " ".join(element.text for element in root.iter("{http://www.w3.org/2000/svg}text"))


def test_no_cause_is_lost_whatever_points_where():
    causes = [cause(1), cause(2, 1), cause(3, 99), cause(4, 5), cause(5, 4)]
    tree = tree_of(problem(), causes)
    assert len(lines_of(tree)) == 5
    assert [depth for depth, _node in lines_of(tree)] == [0, 1, 0, 0, 1]


def test_what_is_deeper_than_the_picture_stands_in_its_last_column():
    tree = tree_of(problem(), [cause(pk, pk - 1 or None, f"Sebab {pk}") for pk in range(1, 151)])
    assert tree.depth() == 5
    assert len(lines_of(tree)) == 150


def test_the_words_wrap_and_all_of_them_can_be_found():
    long = "Tata laksana pengadaan " + "sangat" * 40 + " <script>alert(1)</script> & seterusnya"
    svg = draw([tree_of(problem(long), [cause(1, text=long)])], title="Pohon")
    assert str(safe_svg(svg))
    assert "<script" not in svg
    assert words_in(svg).replace(" ", "").count("seterusnya") == 2
    assert all(len(line) < 60 for line in wrapped(long, 150, 11))


def test_a_tree_that_is_too_tall_goes_on_in_the_next_picture():
    many = tree_of(problem(), [cause(pk, text=f"Sebab {pk} " + "yang panjang " * 12) for pk in range(1, 60)])
    pictures = packed([many, tree_of(problem("Lain"), [cause(1)])])
    assert len(pictures) > 2
    assert all(sum(height_of(tree, 2) + 18 for tree in trees) <= TALLEST + 20 for trees in pictures)
    assert sum(len(tree.children) for trees in pictures for tree in trees) == 60


def test_one_cause_with_very_many_behind_it_says_how_many_more():
    causes = [cause(1), *(cause(pk, 1, f"Sebab {pk}") for pk in range(2, 202))]
    (trees,) = packed([tree_of(problem(), causes)])
    assert trees[0].leaves() == 25
    assert "176" in lines_of(trees[0])[-1][1].text


def test_the_page_counts_by_dimension_and_affair(country, coordinator):
    reported(country, ("Dokter kurang", "people"), ("Loket satu", "infrastructure"), ("Bidan kurang", "people"))
    reported(country, title="Obat habis", state="draft")
    context = coordinator.get(HOME).context
    line = next(line for dimension, _address, line in context["dimension_rows"] if dimension.key == "living")
    assert (line["problems"], line["accepted"], line["causes"]) == (2, 1, 3)
    assert line["kind"].endswith("(2)")
    assert len(context["affair_rows"]) == 1
    assert [figure["value"] for figure in context["figures"]] == [2, 1, 3, 1]
    assert len(coordinator.get(f"{HOME}?keadaan=diterima").context["trees"]) == 1


def test_the_tree_stands_on_the_page_as_picture_and_as_list(country, coordinator):
    reported(country, ("Dokter <b>kurang</b>", "people"))
    page = coordinator.get(f"{HOME}?dimensi=living&halaman=99999999999999").content.decode()
    assert re.search(r'<svg[^>]*role="img"', page)
    assert "&lt;b&gt;" in page
    assert '<ul class="tree">' in page
    assert " style=" not in page


def test_who_sees_which_problems(country, client_of):
    reported(country, ("Dokter kurang", "people"))
    for who, count in (("operator", 1), ("coordinator", 1), ("assessor", 0)):
        assert len(client_of(getattr(country, who)).get(HOME).context["trees"]) == count
    assert client_of(country.neighbour).get(HOME).status_code == 404


def test_nothing_is_there_yet(country, coordinator):
    assert coordinator.get(f"{HOME}?dimensi=%00&keadaan=x").status_code == 200
    assert isinstance(tree_blocks(country.plan)[0], Missing)


def test_the_book_shows_the_trees_in_a_fixed_number_of_queries(country, django_assert_num_queries):
    for number in range(4):
        reported(country, (f"Sebab {number}", "people"), title=f"Masalah {number}")
    reported(country, title="Tanpa sebab")
    with django_assert_num_queries(2):
        blocks = tree_blocks(country.plan)
    chart = next(block for block in blocks if isinstance(block, Chart))
    assert "Masalah 3" in words_in(chart.svg)
    assert len(chart.data.rows) == 4


def test_the_page_asks_the_database_as_often_for_many(country, coordinator, django_assert_num_queries):
    for number in range(6):
        reported(country, (f"Sebab {number}", "people"), title=f"Masalah {number}")
    with django_assert_num_queries(14):
        coordinator.get(HOME)


def test_causes_are_counted_by_kind_and_the_most_frequent_is_darkest(country, coordinator):
    reported(country, ("Dokter kurang", "people"), ("Perawat kurang", "people"), ("Anggaran kecil", "budget"))
    rows = {dimension.key: line for dimension, _url, line in coordinator.get(HOME).context["dimension_rows"]}
    shaded = {number: shade for _kind, number, shade in rows["living"]["shaded"]}
    assert shaded == {0: 0, 1: 2, 2: 4}
    assert {number for _kind, number, _shade in rows["economy"]["shaded"]} == {0}
