"""Answers the readiness of the demonstration's regency, with evidence, history and the figures of the region."""

import datetime
from collections.abc import Callable
from typing import Any

from praja.foundation.audit.actions import build
from praja.foundation.audit.models import Event
from praja.foundation.evidence.models import Evidence
from praja.foundation.instruments.models import Answer
from praja.foundation.plans.models import Plan
from praja.foundation.statistics.actions import SAID, own_key
from praja.foundation.statistics.models import Statistic
from praja.stages.readiness.figures import instrument_of

TEXTS = ("condition", "figure", "unit", "source", "recommendation", "note")


def fill(content: dict[str, Any], plan: Plan, *, by: Any, moment: Callable[[int, int], datetime.datetime]) -> None:
    """Everything that praja/data/demo/readiness.toml says; `moment`: so many days ago, with a number that varies it."""
    events = [*_answers(content["answer"], plan, by, moment), *_statistics(content["statistic"], plan, by, moment)]
    Event.objects.bulk_create(sorted(events, key=lambda event: event.at))


def _answers(rows: list[dict[str, Any]], plan: Plan, by: Any, moment: Any) -> list[Event]:
    instrument = instrument_of(plan)
    assert instrument is not None
    nodes = {node.key: node for node in instrument.nodes.all()}
    owner = {"organisation_path": plan.organisation_path, "created_by": by, "updated_by": by}
    made = []
    for number, row in enumerate(rows):
        at = moment(row["days"], number)
        answer = Answer(
            node=nodes[row["key"]],
            subject=plan._meta.label_lower,
            subject_id=plan.pk,
            organisation=plan.government,
            state=row.get("state", Answer.State.GIVEN),
            level=row.get("level", ""),
            year=row.get("year"),
            created_at=at,
            updated_at=at,
            **owner,
            **{name: row.get(name, "") for name in TEXTS},
        )
        made.append(answer)
    Answer.objects.bulk_create(made)
    Evidence.objects.bulk_create(
        Evidence(
            subject=answer._meta.label_lower,
            subject_id=answer.pk,
            kind=Evidence.Kind.REPORT,
            title=row["link_title"],
            link=row["link"],
            **owner,
        )
        for row, answer in zip(rows, made, strict=True)
        if "link" in row
    )
    return [_event("set", answer, by, {"level": answer.level, "condition": answer.condition}) for answer in made]


def _statistics(rows: list[dict[str, Any]], plan: Plan, by: Any, moment: Any) -> list[Event]:
    made = []
    for number, row in enumerate(rows):
        at = moment(row["days"], number)
        figure = Statistic(
            organisation=plan.government,
            organisation_path=plan.organisation_path,
            key=row.get("key") or own_key(row["name"]),
            name=row.get("name", ""),
            is_prefilled=row.get("prefilled", False),
            status=row.get("status", Statistic.Status.FINAL),
            created_at=at,
            updated_at=at,
            created_by=by,
            updated_by=by,
            **{name: row[name] for name in ("value", "unit", "year", "source")},
        )
        made.append(figure)
    Statistic.objects.bulk_create(made)
    return [
        _event("prefill" if figure.is_prefilled else "set", figure, by, {name: getattr(figure, name) for name in SAID})
        for figure in made
    ]


def _event(verb: str, row: Any, by: Any, after: dict[str, Any]) -> Event:
    event = build(verb, row, by=by, after=after)
    event.at = row.created_at
    return event
