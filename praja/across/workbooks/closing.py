"""Which stages have closed for an agency: what comes back after that is stored, but submitting needs an exception."""

import datetime

from praja.foundation.plans.deadlines import Windows
from praja.foundation.plans.models import Plan
from praja.stages.preparation.stages import stages_in_use

STAGES = ("problems", "innovations")


def closed_stages(plan: Plan, path: str) -> list[tuple[str, datetime.date]]:
    """(name of the stage, its last day) of those that are over for the agency at `path`, its exceptions included."""
    windows, titles = Windows(plan), {stage.key: str(stage.title) for stage in stages_in_use(plan.stages)}
    found = {key: windows.of(key, _key_of(path)) for key in STAGES}
    return [(titles[key], window.last_day) for key, window in found.items() if window.is_over and window.last_day]


def _key_of(path: str) -> int | None:
    last = path.strip("/").rpartition("/")[2]
    return int(last) if last.isdecimal() else None
