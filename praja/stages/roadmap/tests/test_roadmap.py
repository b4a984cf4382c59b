"""The roadmap: the page over years, the poster on one sheet, and what the books say."""

import random
import re

import pytest
from django.urls import reverse

from praja.foundation.documents import tables
from praja.foundation.documents.blocks import Chart, Document, Heading, Missing, Table, from_json, to_json
from praja.foundation.plans.models import Indicator, IndicatorTarget
from praja.foundation.ui.charts import text_width
from praja.stages.roadmap import blocks, poster, timeline
from praja.stages.roadmap.models import Action, ActionStage, Programme
from praja.stages.roadmap.poster import Row, Sheet
from praja.stages.roadmap.tests.making import accepted, line, programme_of, started, strategy_of
from praja.stages.roadmap.timeline import Bar, Step

LONG = (
    "Peningkatan kapasitas aparatur dan masyarakat dalam pemanfaatan layanan digital terpadu lintas perangkat daerah "
    * 2
)
PHASES = [phase.value for phase in ActionStage.Phase]


def staged(country, title="Membangun aplikasi", first=2026, phases=("preparation", "building", "running"), **values):
    """An action with one phase a year, the last of which reaches something."""
    action = started(country, accepted(country, title=f"Inovasi {title}"), title=title, **values)
    Action.objects.filter(pk=action.pk).update(start_year=first, end_year=first + len(phases) - 1)
    for place, phase in enumerate(phases):
        told = "Dipakai 24 puskesmas" if place == len(phases) - 1 else ""
        ActionStage.objects.create(action=action, year=first + place, phase=phase, milestone=told)
    return action


def bar(number, *, first=2026, last=2028, steps=(), title=LONG, dimension=1, programme=None):
    found = {year: [Step(year, phase, milestone)] for year, phase, milestone in steps}
    return Bar(number, f"GOV-1.{number}", title, "people", None, dimension, 1, programme, first, last, found)


def texts(svg):
    """(x, width, words) of each text of a picture, by the estimate of the charts."""
    found = re.findall(
        r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)" [^>]*font-size="([\d.]+)" font-weight="(\d+)" text-anchor="(\w+)">([^<]*)</text>',
        svg,
    )
    for x, y, size, weight, anchor, words in found:
        width = text_width(words, float(size), int(weight))
        left = float(x) - (width / 2 if anchor == "middle" else width if anchor == "end" else 0)
        yield left, float(y), width, words


# --- the page


def test_the_page_draws_phases_by_dimension_and_programme(country, client_of):
    action = staged(country)
    programme = programme_of(country)
    Action.objects.filter(pk=action.pk).update(programme=programme)
    page = client_of(country.operator).get(reverse("roadmap", args=[country.plan.slug]) + "?rentang=5").content.decode()
    assert programme.title in page
    assert page.count("phase-running") == 2  # the legend and the cell
    assert "Dipakai 24 puskesmas" in page
    assert reverse("action-detail", args=[action.pk]) in page


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("", range(2026, 2036)),
        ("?rentang=5", range(2026, 2031)),
        ("?rentang=5&dari=2033", range(2031, 2036)),
        ("?rentang=1&dari=2029", [2029]),
        ("?rentang=7", range(2026, 2036)),
        ("?rentang=5&dari=99999", range(2026, 2031)),
        ("?dari=%00&sesudah=x&opd=9999999999999999999999&dimensi='", range(2026, 2036)),
    ],
)
def test_the_address_says_how_many_years_and_from_which(country, client_of, query, years):
    staged(country)
    page = client_of(country.operator).get(reverse("roadmap", args=[country.plan.slug]) + query)
    assert page.context["years"] == list(years)


def test_dimension_and_agency_filter(country, client_of):
    staged(country)
    client, address = client_of(country.operator), reverse("roadmap", args=[country.plan.slug])
    assert client.get(address, {"dimensi": "living"}).context["count"] == 1
    assert client.get(address, {"dimensi": "economy"}).context["count"] == 0
    assert client.get(address, {"opd": country.health.pk}).context["count"] == 1
    assert client.get(address, {"opd": country.transport.pk}).context["count"] == 0


def test_one_picture_of_all_stands_before_the_actions(country, client_of, monkeypatch):
    from praja.stages.roadmap import timeline_views

    monkeypatch.setattr(timeline_views, "ROWS_ON_A_PAGE", 1)
    for first in (2026, 2027):
        staged(country, title=f"Aksi <{first}>", first=first)
    client, address = client_of(country.operator), reverse("roadmap", args=[country.plan.slug])
    page = client.get(address)
    assert [number for _year, number in page.context["overview"]["running"][:4]] == [1, 2, 2, 1]
    assert "2027" in page.context["overview"]["title"]
    assert "Aksi <" not in page.content.decode()
    assert client.get(address, {"sesudah": page.context["following"]}).context["overview"] is None
    assert client.get(address, {"rentang": "1"}).context["overview"] is None
    assert client.get(address, {"rentang": "5", "dari": "2031"}).context["overview"] is None


def test_a_long_roadmap_is_paged_and_takes_no_more_queries(
    country, client_of, django_assert_max_num_queries, monkeypatch
):
    from praja.stages.roadmap import timeline_views

    monkeypatch.setattr(timeline_views, "ROWS_ON_A_PAGE", 3)
    for number in range(7):
        staged(country, title=f"Aksi {number}")
    client, address = client_of(country.operator), reverse("roadmap", args=[country.plan.slug])
    seen, after = [], ""
    client.get(address)
    for _page in range(3):
        with django_assert_max_num_queries(18):
            page = client.get(address, {"sesudah": after} if after else {})
        seen += [row["bar"].title for group in page.context["groups"] for row in group["rows"]]
        after = page.context["following"]
    assert sorted(seen) == [f"Aksi {number}" for number in range(7)]
    assert after == ""


def test_an_empty_plan_says_what_to_do(country, client_of):
    page = client_of(country.operator).get(reverse("roadmap", args=[country.plan.slug]))
    assert reverse("action-list", args=[country.plan.slug]) in page.content.decode()


# --- the poster


def test_the_poster_of_an_empty_plan_is_a_sheet_too(country):
    svg = poster.of_plan(country.plan)
    assert 'viewBox="0 0 1190.55 842"' in svg
    assert "Kabupaten Uji" in svg


def test_every_text_of_the_poster_stays_in_its_place(country):
    random.seed(4)
    rows = []
    for place in range(18):
        many = 400 if place == 0 else place % 4
        own = [
            bar(
                n,
                first=2026 + n % 8,
                last=2030,
                steps=[(2026 + n % 8, PHASES[n % 6], random.choice([LONG, "", "a" * 90]))],
            )
            for n in range(many)
        ]
        rows.append(Row(f"Dimensi {place // 3} {LONG}", "living", LONG, [LONG, "Program"] * 9, own))
    sheet = Sheet(LONG, LONG, range(2026, 2036), rows, [(LONG, range(2026, 2036))], LONG, LONG)
    svg = poster.poster(sheet)
    assert len(list(texts(svg))) > 100
    for left, y, width, words in texts(svg):
        assert left + width <= poster.WIDTH - poster.MARGIN + 1, words
        assert 0 <= y <= poster.HEIGHT - poster.MARGIN + 8, words
        column = next((n for n in range(10) if sheet.x_of(n) <= left < sheet.x_of(n + 1)), None)
        if column is not None and poster.TOP < y < poster.BOTTOM:
            assert left + width <= sheet.x_of(column + 1) + 0.5, words
    assert "lagi" in svg or "more" in svg


@pytest.mark.parametrize("count", [1, 10, 25, 60])
def test_as_many_years_as_there_are_fit(count):
    sheet = Sheet(
        "Peta Jalan", "", range(2020, 2020 + count), [Row("D", "living", "S", [], [bar(1, first=2020, last=2080)])]
    )
    assert 1 <= len(sheet.columns) <= timeline.MOST_COLUMNS
    assert [year for column in sheet.columns for year in column] == list(sheet.years)
    assert "<svg" in poster.poster(sheet)


def test_typed_markup_and_controls_stay_words():
    own = [bar(1, title="<script>alert(1)</script>\x00", steps=[(2026, "trial", "a & b <b>\x0b#set page()")])]
    svg = poster.poster(Sheet("<x>", "&", [2026], [Row("<d>", "", "s\x00", ["<p>"], own)]))
    assert "<script>" not in svg
    assert "\x00" not in svg
    assert "a &amp; b" in svg


def test_the_pdf_is_one_page_of_a3_with_its_typefaces(country, client_of):
    import pypdfium2

    staged(country)
    answer = client_of(country.operator).get(reverse("roadmap-poster-pdf", args=[country.plan.slug]))
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [1191, 842]
    words = document[0].get_textpage().get_text_range()
    assert "Kabupaten Uji" in words
    assert "Dipakai 24" in words
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+(\w+)", answer.content))
    assert not fonts or {name.split(b"-")[0] for name in fonts} == {b"PlusJakartaSans"}
    assert b"/FontFile2" in answer.content or b"/FontFile3" in answer.content or b"/ObjStm" in answer.content


def test_the_svg_is_handed_out_but_never_shown(country, client_of):
    staged(country)
    answer = client_of(country.operator).get(reverse("roadmap-poster-svg", args=[country.plan.slug]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_of(country.neighbour).get(reverse("roadmap-poster-svg", args=[country.plan.slug])).status_code == 404


# --- the books


def test_strategies_say_targets_programmes_and_innovations_by_dimension(country):
    assert blocks.strategy_blocks(country.plan) == []
    programme = programme_of(country)
    programme.innovations.add(accepted(country, "Antre dari Rumah"), accepted(country, "Draf", state="draft"))
    heading, _lead, table, missing = blocks.strategy_blocks(country.plan)
    assert (heading.level, heading.key) == (3, "strategi-living")
    assert table.rows[0][2:] == ("Layanan dekat dengan warga", "Program Layanan Dekat: Antre dari Rumah")
    assert isinstance(missing, Missing)
    assert len(missing.items) == 2


def test_a_programme_with_400_innovations_names_some_and_counts_the_rest(country):
    programme = programme_of(country)
    programme.innovations.add(*[accepted(country, f"Inovasi {number:03}") for number in range(40)])
    cell = blocks.strategy_blocks(country.plan)[2].rows[0][3]
    assert cell.count(";") == blocks.MOST_NAMES
    assert "28" in cell


def test_the_actions_of_a_family_stand_in_one_table_with_their_money(country):
    action = staged(country, family="application")
    staged(country, title="Melatih kader", family="people")
    line(1_000_000, action=action, innovation=action.innovation)
    line(500_000, action=action, innovation=action.innovation, stage="realised")
    indicator = Indicator.objects.create(
        action=action, name="Waktu tunggu", unit="menit", baseline="95", baseline_year=2025
    )
    IndicatorTarget.objects.create(indicator=indicator, year=2028, value="30")
    _lead, table = blocks.action_blocks(blocks.ActionMaterial(country.plan), "application")
    code, words, _output, indicators, agency, years, money = table.rows[0]
    assert (code, words.splitlines()[0], agency, years, money) == (
        action.code,
        "Membangun aplikasi",
        "Dinkes",
        "2026–2028",
        1_000_000,
    )
    assert indicators == "Waktu tunggu: 95 (2025) → 30 menit (2028)"
    assert (table.total[-1], table.landscape, len(table.rows)) == (1_000_000, True, 1)


def test_a_family_without_actions_says_so(country):
    assert isinstance(blocks.action_blocks(blocks.ActionMaterial(country.plan), "policy")[0], Missing)


def test_a_horizon_has_charts_and_milestones_and_one_year_only_a_table(country):
    staged(country)
    staged(country, title="Jauh", first=2033)
    long, short = blocks.roadmap_blocks(country.plan, 10), blocks.roadmap_blocks(country.plan, 1)
    assert [type(block).__name__ for block in long] == ["Paragraph", "Chart", "Paragraph", "Table"]
    assert len(long[-1].rows) == 2
    assert [type(block).__name__ for block in short] == ["Paragraph", "Missing"]  # nothing is in use in the first year
    later = blocks.roadmap_blocks(country.plan, 10, 5)
    assert [row[0] for row in later[-1].rows] == [2035]
    assert isinstance(blocks.roadmap_blocks(country.plan)[1], Chart)  # the whole opens with one picture


def test_an_empty_roadmap_says_so(country):
    assert [type(block) for block in blocks.roadmap_blocks(country.plan, 5)] == [Missing]
    assert blocks.warning_blocks(country.plan) == []


def test_charts_stay_on_one_page_however_many_actions_there_are():
    groups = [(f"P{n}", [bar(n)]) for n in range(90)]
    many = timeline.summary([("D", "living", groups), ("E", "", groups)], range(2026, 2036), title="x")
    few = timeline.gantt([("Program", [bar(n) for n in range(blocks.MOST_BARS)])], range(2026, 2036), title="x")
    height = {
        name: float(re.search(r'viewBox="0 0 \d+ (\d+)"', svg)[1]) for name, svg in (("many", many), ("few", few))
    }
    assert height["many"] * tables.PORTRAIT / timeline.UPRIGHT < tables.CHART_HEIGHT * 1.06
    assert height["few"] * tables.LANDSCAPE / timeline.WIDTH < tables.CHART_HEIGHT_LANDSCAPE * 1.15
    for left, _y, width, words in [*texts(many), *texts(few)]:
        assert left + width <= timeline.WIDTH + 1, words


def test_milestones_are_what_comes_into_use(country):
    action = staged(country)
    ActionStage.objects.filter(action=action, phase="preparation").update(milestone="Rapat persiapan")
    lone = staged(country, title="Hanya menyiapkan", phases=("preparation",))
    rows = blocks.roadmap_blocks(country.plan, 10)[-1].rows
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (2026, "Dipakai 24 puskesmas", f"{lone.code} Hanya menyiapkan"),
        (2028, "Dipakai 24 puskesmas", f"{action.code} Membangun aplikasi"),
    ]


def test_what_the_books_say_survives_json_and_loads_with_constant_queries(country, django_assert_max_num_queries):
    def everything():
        plan = country.plan
        found = [*blocks.strategy_blocks(plan), *blocks.roadmap_blocks(plan), *blocks.warning_blocks(plan)]
        return found + blocks.action_blocks(blocks.ActionMaterial(plan), "application")

    for number in range(8):
        action = staged(country, title=f"Aksi {number} {LONG[:120]}", family="application")
        Programme.objects.create(plan=country.plan, strategy=strategy_of(country), title=f"P{number}").innovations.add(
            action.innovation
        )
    with django_assert_max_num_queries(40):
        found = everything()
    made_at = country.plan.created_at
    document = Document(title="x", region_name="x", region_kind="x", year="2026", made_at=made_at, blocks=found)
    assert from_json(to_json(document)) == document
    assert all(block.level >= 3 for block in found if isinstance(block, Heading))
    assert all(table.rows for table in found if isinstance(table, Table))
