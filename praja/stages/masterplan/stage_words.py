"""What the stages before this one write for the books."""

from importlib import import_module
from typing import Any


def _of(module: str, name: str) -> Any:
    try:
        return getattr(import_module(f"praja.stages.{module}.blocks"), name)
    except (ImportError, AttributeError):
        return lambda _plan, *_more: []


candidate_blocks = _of("analysis", "candidate_blocks")
gap_blocks = _of("analysis", "gap_blocks")
mission_blocks = _of("analysis", "mission_blocks")
swot_blocks = _of("analysis", "swot_blocks")
tree_blocks = _of("problems", "tree_blocks")
vision_blocks = _of("analysis", "vision_blocks")
earlier_blocks = _of("analysis", "earlier_blocks")
readiness_blocks = _of("readiness", "readiness_blocks")
statistics_blocks = _of("readiness", "statistics_blocks")
target_blocks = _of("targets", "target_blocks")
alignment_blocks = _of("targets", "alignment_blocks")
strategy_blocks = _of("roadmap", "strategy_blocks")
action_blocks = _of("roadmap", "action_blocks")
roadmap_blocks = _of("roadmap", "roadmap_blocks")
warning_blocks = _of("roadmap", "warning_blocks")
