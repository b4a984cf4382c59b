"""The book of quick-win profiles: by which criteria, how they were chosen, and each one; a frame until a round is decided."""

from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import Bullets, Missing, Paragraph
from praja.stages.masterplan.contents.material import Blocks, Material, Place, Write
from praja.stages.problems.blocks import bold_start
from praja.stages.quick_wins.blocks import choice_blocks, choice_lead, profile_blocks, quick_win_table


def criteria(_material: Material, _place: Place) -> Blocks:
    """The ten headings by which the ministry's instrument looks at quick wins."""
    points = (
        (_("Formulation:"), _("all parties take part, and strategic problems of the RPJMD are addressed.")),
        (_("Attraction:"), _("residents, government and outsiders find it attractive.")),
        (_("Benefit:"), _("people really feel the benefit.")),
        (_("Uniqueness:"), _("it has something new or creative.")),
        (_("Partnership:"), _("it opens a partnership with outsiders.")),
        (_("Growth:"), _("it can be developed further.")),
        (_("Keeping it running:"), _("there is a strategy for that.")),
        (_("Resources:"), _("people, money and equipment are available.")),
        (_("Risk:"), _("risks are identified and their mitigation is planned.")),
        (_("Continuity:"), _("those of the year before still run, and new ones are added.")),
    )
    return [
        Paragraph(
            _(
                "A quick win answers a problem of the region within six to twelve months, and people feel it. The "
                "ministry's instrument looks at it under ten headings:"
            )
        ),
        Bullets([bold_start(start, text) for start, text in points], ordered=True),
    ]


def choice(material: Material, _place: Place) -> Blocks:
    """The way from the nominees to the decision; nothing until a round is decided."""
    return choice_blocks(material.quick_wins)


def profiles(material: Material, _place: Place) -> Blocks:
    """All of them in a table, then one by one; until a round is decided, what each profile will hold."""
    found = material.quick_wins
    if not found.quick_wins:
        return _frame()
    return [Paragraph(choice_lead(found)), *quick_win_table(found), *profile_blocks(found, material.money.total)]


def _frame() -> Blocks:
    """That the profiles are still to come, and what each will hold."""
    return [
        Missing(
            _("The profiles stand here as soon as the quick wins are chosen. Each one will say:"),
            [
                _("name, full name, agency, dimension and sub-dimension"),
                _("the problem with its figures, the purpose, and whom it serves"),
                _("how it works, what is new, and what attracts"),
                _("benefit and impact with statistics and pictures"),
                _("partners, further development, what keeps it running, resources"),
                _("risks: identified, analysed, handled and mitigated"),
                _("the plan by month or quarter, with target and progress in per cent"),
                _("money, its source and the legal basis"),
                _("indicators of success, from baseline to target"),
            ],
        )
    ]


WRITERS: dict[str, Write] = {"criteria": criteria, "choice": choice, "profiles": profiles}
