"""The hand-over sheet as a paper: who hands what over to whom, and where both sign."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from praja.across.handover.contents import Contents
from praja.across.handover.models import Handover
from praja.foundation.accounts.installation import is_demonstration
from praja.foundation.accounts.models import Person, User
from praja.foundation.documents import blocks as b
from praja.foundation.documents.blocks import from_json
from praja.foundation.documents.signatures import signature_of
from praja.foundation.ui.formats import long_date


def paper_of(handover: Handover, contents: Contents) -> b.Letter:
    """The paper in Indonesian, whatever the language of the page; once accepted, exactly what was accepted."""
    if handover.sheet:
        frozen = from_json(handover.sheet)
        assert isinstance(frozen, b.Letter)
        return frozen
    with translation.override(settings.LANGUAGE_CODE):
        return _paper(handover, contents)


def _paper(handover: Handover, contents: Contents) -> b.Letter:
    membership, plan = handover.membership, handover.plan
    organisation, region = membership.organisation, plan.government.region
    assert region is not None
    facts = [
        (_("Role"), membership.office() or membership.role_title),
        (_("Organisation"), organisation.name),
        (_("Handed over by"), str(handover.leaver)),
        (_("Taken on by"), str(handover.successor)),
        (_("Masterplan"), str(plan)),
    ]
    parts: list[b.AnyBlock] = [b.Facts(facts)]
    if handover.note:
        parts += [b.Heading(2, _("What else to know"), numbered=False), b.Paragraph(handover.note)]
    columns = [b.Column(_("No."), 0.3, "number", "left"), b.Column(_("What"), 3), b.Column(_("How it stands"), 1.7)]
    for title, lines in contents.sections:
        rows = [(number, line.title, line.state) for number, line in enumerate(lines, start=1)]
        parts.append(b.Table(title, columns, rows, empty_text=_("None.")))
    place = _("%(place)s, %(day)s") % {"place": region.name, "day": long_date(handover.day)}
    parts += [
        signature_of(place, _("Handed over by,"), _person(handover.leaver)),
        signature_of("", _("Taken on by,"), _person(handover.successor)),
    ]
    return b.Letter(
        title=_("Hand-over sheet"),
        subtitle=f"{membership.role_title}, {organisation.name}",
        region_name=region.name,
        region_kind=str(region.get_kind_display()),
        year=str(handover.day.year),
        made_at=handover.accepted_at or timezone.now(),
        blocks=parts,
        status_text="" if handover.accepted_at else _("DRAFT"),
        is_demonstration=is_demonstration(),
        letterhead=[plan.government.name, organisation.name],
    )


def _person(user: User) -> Person:
    """Who signs; an account without a person stands there by its name."""
    return user.person or Person(name=user.username)
