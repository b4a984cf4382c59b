"""What the analysis says in the books: the vision, once it is set, and what becomes of the earlier masterplan."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from praja.foundation.documents.blocks import AnyBlock, Bullets, Column, Facts, Missing, Paragraph, Run, Table
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date
from praja.stages.analysis.models import EarlierItem, EarlierPlan, Vision

Decision = EarlierItem.Decision


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


def earlier_blocks(plan: Plan) -> list[AnyBlock]:
    """The earlier masterplan, its numbers, and each of its programmes with what becomes of it; nothing without one."""
    earlier = EarlierPlan.objects.filter(plan=plan).first()
    if earlier is None:
        return []
    # Asked by the name of the relation: innovations come later in the programme. The book prints accepted ones.
    accepted = plan.innovations.accepted().only("title", "earlier_item")
    items = list(
        earlier.items.in_service()
        .select_related("organisation", "dimension")
        .prefetch_related(Prefetch("innovations", accepted, to_attr="taken_up_by"))
    )
    if not items:
        return []
    counts = {value: sum(item.decision == value for item in items) for value in ("", *Decision.values)}
    about = ", ".join(filter(None, (earlier.title, earlier.years, earlier.regulation)))
    sentence = _(
        "The earlier masterplan (%(about)s) held %(total)d programmes: %(continue)d continue, %(change)d change, "
        "%(stop)d stop; %(open)d are not decided yet."
    ) % {"about": about, "total": len(items), "open": counts[""], **counts}
    columns = [
        Column(_("No."), 0.6),
        Column(_("Programme"), 3),
        Column(_("Agency (OPD)"), 1.6),
        Column(_("What becomes of it"), 1.2),
        Column(_("Reason, or what continues it"), 3),
    ]
    rows = [
        (
            item.number or str(number),
            item.title,
            item.organisation.short_name if item.organisation else item.agency_text,
            item.get_decision_display() or _("not decided yet"),
            _outcome(item),
        )
        for number, item in enumerate(items, start=1)
    ]
    caption = _("Programmes of the earlier masterplan and what becomes of them")
    return [Paragraph(sentence), Table(caption, columns, rows, source=about, key="tabel-masterplan-lama")]


def _outcome(item: EarlierItem) -> str:
    titles = [innovation.title for innovation in item.taken_up_by]  # type: ignore[attr-defined]
    continued = _("Innovation: %(titles)s") % {"titles": "; ".join(titles)} if titles else ""
    return "\n".join(filter(None, (item.reason, continued)))
