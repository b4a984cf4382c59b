"""The ready texts: plain text for messengers, warm and short, that names what lacks, by when, and what to do."""

import hashlib
import re
from typing import Any
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.across.reminders.lines import Line, Recipient
from praja.foundation.plans.models import Plan
from praja.foundation.ui.formats import long_date

LANGUAGE = "id"  # of texts that go to several people


def language_of(recipient: Recipient | None) -> str:
    """The language in which somebody is reminded."""
    return (recipient.user.language if recipient and recipient.user else "") or LANGUAGE


def reminder_text(line: Line, recipient: Recipient | None, *, by: Any, address: str) -> str:
    """What one person of an agency is told; without `recipient` it goes to the agency as such."""
    with translation.override(language_of(recipient)):
        name = recipient.person.full_name if recipient else _("the head of %(agency)s") % {"agency": line.organisation}
        parts = [
            _("Dear %(name)s,") % {"name": name},
            _("Thank you for the work of %(agency)s on the smart-city masterplan of %(region)s. Still open:")
            % {"agency": line.organisation, "region": line.plan.government.region},
            "\n".join(f"- {_up(str(lack))}" for lack in line.lacks),
            deadline_text(line),
            str(line.advice.asks),
            _("Here you go on: %(address)s") % {"address": address},
            _("Thank you and kind regards,") + f"\n{_signature(by)}",
        ]
        return "\n\n".join(part for part in parts if part)


def group_text(plan: Plan, lines: list[Line], *, by: Any, address: str) -> str:
    """One text for the group of all agencies: what each still owes, without blaming anybody."""
    with translation.override(LANGUAGE):
        day = next((line for line in lines if line.day), None)
        listed = [
            f"{number}. {line.organisation.short_name}: " + "; ".join(str(lack) for lack in line.lacks)
            for number, line in enumerate(lines, start=1)
        ]
        parts = [
            _("Good day, colleagues of %(region)s.") % {"region": plan.government.region},
            ngettext(
                "For our smart-city masterplan we still wait for %(count)s agency:",
                "For our smart-city masterplan we still wait for %(count)s agencies:",
                len(lines),
            )
            % {"count": len(lines)},
            "\n".join(listed),
            deadline_text(day) if day else "",
            _("Whoever is held up: please say the reason in Praja, and we help. Here you go on: %(address)s")
            % {"address": address},
            _("Thank you and kind regards,") + f"\n{_signature(by)}",
        ]
        return "\n\n".join(part for part in parts if part)


def data_text(line: Line, *, by: Any) -> str:
    """What to ask whoever has the data that an agency lacks."""
    with translation.override(LANGUAGE):
        holder = (line.reason.holder if line.reason else "") or _("colleagues")
        parts = [
            _("Dear %(name)s,") % {"name": holder},
            _(
                "%(agency)s is writing its part of the smart-city masterplan of %(region)s and lacks data that you may "
                "have."
            )
            % {"agency": line.organisation, "region": line.plan.government.region},
            line.reason.note if line.reason else "",
            _("Could you give them, or tell us who can? A figure with its year and source is enough."),
            deadline_text(line),
            _("Thank you and kind regards,") + f"\n{_signature(by)}",
        ]
        return "\n\n".join(part for part in parts if part)


def deadline_text(line: Line) -> str:
    """By when, with the working days that are left; "" without a deadline."""
    day = line.day
    if day is None:
        return ""
    values = {"day": long_date(day), "count": line.working_days}
    if line.days is not None and line.stages_closed:
        return _("The last day was %(day)s; hand it in as soon as you can, or ask for an exception in Praja.") % values
    if not line.working_days:
        return _("The last day is %(day)s.") % values
    return (
        ngettext(
            "The last day is %(day)s: %(count)s working day is left.",
            "The last day is %(day)s: %(count)s working days are left.",
            line.working_days,
        )
        % values
    )


def whatsapp_url(phone: str, text: str) -> str:
    """A link that opens WhatsApp with the text filled in; "" where the number is none."""
    digits = re.sub(r"[\s().-]", "", phone)
    if digits.startswith("0"):
        digits = f"62{digits[1:]}"
    digits = digits.removeprefix("+")
    return f"https://wa.me/{digits}?text={quote(text)}" if re.fullmatch(r"[1-9][0-9]{7,14}", digits) else ""


def digest(*texts: str) -> str:
    """A short mark of texts, by which a page that is sent tells which texts it showed."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _signature(by: Any) -> str:
    return f"{by}\n{by.acting_as}".strip()


def _up(text: str) -> str:
    return text[:1].upper() + text[1:]
