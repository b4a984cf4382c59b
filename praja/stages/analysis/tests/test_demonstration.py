"""The demonstration's analysis is whole: every reference in the file meets a row, every strategy crosses its lists."""

import tomllib

from praja.stages.analysis import demonstration
from praja.stages.analysis.forms import mismatch
from praja.stages.analysis.gap_forms import GapForm, levels_rise
from praja.stages.analysis.models import Gap, Mission, SwotItem, SwotStrategy, VisionCandidate
from praja.stages.analysis.swot import CROSSED, keywords_of
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started


def test_the_analysis_is_filled_once_and_fits_the_rules(country):
    innovation = started(country)
    Innovation.objects.filter(pk=innovation.pk).update(title="Sapa Ujung")
    for _time in range(2):
        demonstration.fill(country.plan, country.coordinator)
    assert (SwotItem.objects.count(), SwotStrategy.objects.count(), Mission.objects.count()) == (34, 11, 4)
    for strategy in SwotStrategy.objects.prefetch_related("items"):
        assert {item.kind for item in strategy.items.all()} == set(CROSSED[strategy.kind]), strategy
    assert Gap.objects.values("sub_dimension").distinct().count() == 16
    assert all(gap.wanted_year in country.plan.years for gap in Gap.objects.all())
    assert list(innovation.gaps.values_list("element", flat=True)) == [Gap.objects.order_by("order").first().element]


def test_the_candidates_spell_their_letters_and_take_up_keywords(country):
    demonstration.fill(country.plan, country.coordinator)
    words = {one.word for one in keywords_of(SwotItem.objects.all())}
    for candidate in VisionCandidate.objects.all():
        assert mismatch(candidate.acronym, candidate.words) == ""
        assert set(candidate.keywords) <= words


def test_every_gap_would_pass_its_form(country):
    demonstration.fill(country.plan, country.coordinator)
    for gap in Gap.objects.all():
        values = {field.name: getattr(gap, field.attname) for field in Gap._meta.concrete_fields} | {
            "closed_by": gap.closed_by
        }
        form = GapForm(
            {**values, "sub_dimension": gap.sub_dimension_id}, instance=Gap(plan=country.plan), user=country.coordinator
        )
        assert form.is_valid(), form.errors
        assert not list(levels_rise(values))


def test_every_innovation_that_the_file_names_is_in_the_demonstration():
    content = tomllib.loads(demonstration.FILE.read_text(encoding="utf-8"))
    files = demonstration.FILE.parent.glob("innovations-*.toml")
    titles = {row["title"] for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))["innovation"]}
    assert {title for gap in content["gap"] for title in gap["innovations"]} <= titles
