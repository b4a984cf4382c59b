"""The stages that a plan may use, in the programme's order, with their names; some can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Stage:
    """One stage: its key as plans and deadlines store it, its name, and whether a region may work without it."""

    key: str
    title: Promise | str
    is_optional: bool = False
    hint: Promise | str = ""


STAGES = (
    Stage(
        "selection",
        gettext_lazy("Selection by the ministry"),
        is_optional=True,
        hint=gettext_lazy("The region takes part in a national intake."),
    ),
    Stage(
        "agreement",
        gettext_lazy("Memorandum of understanding"),
        is_optional=True,
        hint=gettext_lazy("The region and the ministry sign an agreement (MoU)."),
    ),
    Stage(
        "mentor",
        gettext_lazy("Mentor"),
        is_optional=True,
        hint=gettext_lazy("An expert reads along and advises."),
    ),
    Stage("preparation", gettext_lazy("Preparation")),
    Stage("problems", gettext_lazy("Problems")),
    Stage("analysis", gettext_lazy("Analysis and vision")),
    Stage("innovations", gettext_lazy("Innovations")),
    Stage("roadmap", gettext_lazy("Action plan and roadmap")),
    Stage("masterplan", gettext_lazy("Masterplan book")),
)
OPTIONAL = tuple(stage for stage in STAGES if stage.is_optional)


def stages_in_use(keys: Sequence[str]) -> list[Stage]:
    """The stages of a plan in order; those that nobody can leave out are always among them."""
    return [stage for stage in STAGES if not stage.is_optional or stage.key in keys]
