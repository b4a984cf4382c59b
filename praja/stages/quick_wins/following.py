"""What goes along when an innovation changes hands: its nominees with their dialogues, and its quick wins."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.evidence.actions import carry_along
from praja.foundation.plans.models import path_of
from praja.foundation.workflow.models import WITH_THE_AGENCY, State
from praja.stages.innovations.models import Innovation
from praja.stages.quick_wins.models import Dialogue, Nomination, QuickWin


def follow(innovation: Innovation) -> None:
    """Give nominees of an innovation, and quick wins that its former agency carried, to the agency that carries it now."""
    path = {"organisation_path": innovation.organisation_path}
    former: dict[int, str] = {}
    for nominee in Nomination.objects.filter(innovation=innovation).exclude(**path):
        former[nominee.pk] = nominee.organisation_path
        Nomination.objects.filter(pk=nominee.pk).update(**path)
        nominee.organisation_path = innovation.organisation_path
        carry_along(nominee)
        for dialogue in Dialogue.objects.filter(nomination=nominee):
            Dialogue.objects.filter(pk=dialogue.pk).update(**path)
            dialogue.organisation_path = innovation.organisation_path
            carry_along(dialogue)
    quick_wins = QuickWin.objects.filter(nomination__in=former).select_related("organisation", "plan", "position")
    for quick_win in quick_wins if former else ():
        # One that the secretariat gave to another agency stays there.
        if quick_win.organisation is None or quick_win.organisation_path == former[quick_win.nomination_id]:
            _hand_over(quick_win, innovation)


def _hand_over(quick_win: QuickWin, innovation: Innovation) -> None:
    """The new agency names who is responsible; a profile that was handed in goes back to it for that."""
    by: Any = innovation.updated_by
    before = {name: getattr(quick_win, name) for name in ("organisation", "position", "state")}
    values: dict[str, Any] = {
        "organisation": innovation.organisation,
        "organisation_path": path_of(innovation.organisation, quick_win.plan),
        "position": None,
    }
    if quick_win.state not in WITH_THE_AGENCY:
        values |= {"state": State.RETURNED, "state_at": timezone.now()}
    update_if_unchanged(quick_win, values, by=by, version=quick_win.version)
    carry_along(quick_win)
    after = {name: getattr(quick_win, name) for name in before}
    remark = _("The innovation changed hands; the agency that carries it now names who is responsible.")
    record("hand over", quick_win, by=by, before=before, after=after, remark=remark)


FOLLOWING = {Innovation._meta.label_lower: follow}
