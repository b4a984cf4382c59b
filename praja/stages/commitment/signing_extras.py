"""What a head of an agency sees beside the joint commitment or an addendum to sign: the promises of the own agency."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from praja.foundation.signing.extras import Extra, Line
from praja.foundation.signing.models import Signatory
from praja.foundation.ui.formats import rupiah_short
from praja.stages.commitment.models import AgencyList, Obligation

# In an addendum, what is taken out is signed as well; what was dropped is in no paper.
NOT_SIGNED = (Obligation.State.DROPPED,)


def extras(signatory: Signatory) -> list[Extra]:
    """The list of the signatory's agency in the paper that is signed; none when the paper is another."""
    edition = signatory.round.edition_id
    in_paper = Q(addendum=None, commitment__document=edition) | Q(addendum__document=edition)
    rows = AgencyList.objects.in_service().filter(in_paper, organisation=signatory.organisation_id)
    return [_extra(row, signatory) for row in rows.prefetch_related("obligations")]


def _extra(row: AgencyList, signatory: Signatory) -> Extra:
    address = reverse("obligation-list", args=[signatory.round.plan.slug, row.pk])
    promises = [one for one in row.obligations.all() if one.state not in NOT_SIGNED]
    return Extra(
        _("What %(agency)s promises") % {"agency": row.organisation},
        _("These lines stand in the annex under the hash %(hash)s.") % {"hash": row.sha256[:16]} if row.sha256 else "",
        [Line(one.title, _note(one), address) for one in promises],
    )


def _note(one: Obligation) -> str:
    years = "–".join(dict.fromkeys(str(year) for year in (one.year_from, one.year_to) if year))
    money = rupiah_short(one.money_rupiah) if one.money_rupiah else ""
    change = str(one.get_change_display()) if one.change else ""
    return " · ".join(filter(None, [change, years, money]))
