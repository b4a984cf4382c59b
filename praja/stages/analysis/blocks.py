"""What the analysis says in the books: the vision, once it is set."""

from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import AnyBlock, Bullets, Facts, Missing, Paragraph, Run
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.stages.analysis.models import Vision


def vision_blocks(plan: Plan) -> list[AnyBlock]:
    """The vision with its acronym, by whom and when it was set; a calm notice while it is not set."""
    vision = Vision.objects.filter(plan=plan).first()
    if vision is None:
        return [Missing(_("The vision has not been set yet."))]
    blocks: list[AnyBlock] = [Paragraph(vision.text, style="lead")]
    if vision.words:
        blocks.append(Paragraph(_("%(acronym)s stands for:") % {"acronym": vision.acronym}))
        blocks.append(Bullets([(Run(f"{pair['letter']}: ", bold=True), Run(pair["word"])) for pair in vision.words]))
    blocks.append(
        Facts(
            [
                (_("Set by"), f"{vision.set_by_title_in_full}, {vision.set_by_name}"),
                (_("Date"), long_date(vision.set_on)),
                (_("Paper"), vision.paper),
            ]
        )
    )
    return blocks
