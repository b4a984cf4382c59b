"""The demonstration answers every element, with believable figures that all have a source."""

import datetime
import tomllib

from django.conf import settings
from django.utils import timezone

from praja.foundation.audit.models import Event
from praja.foundation.statistics.figures import figures_of
from praja.stages.readiness.demonstration import fill
from praja.stages.readiness.figures import readiness_of


def test_every_element_is_answered_and_every_figure_has_a_source(country):
    content = tomllib.loads((settings.PACKAGE / "data" / "demo" / "readiness.toml").read_text(encoding="utf-8"))
    fill(
        content, country.plan, by=country.coordinator, moment=lambda days, _n: timezone.now() - datetime.timedelta(days)
    )
    found = readiness_of(country.plan)
    assert found.answered == len(found.elements) == 35
    assert not [element.node.key for element in found.elements if element.lacks_source]
    assert all(component.level for component in found.components)
    assert len(figures_of(country.government)) == 14
    assert Event.objects.filter(verb="set").count() == 35 + 14
