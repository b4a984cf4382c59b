"""The ready texts: plain text for messengers, warm and short, that names what lacks, by when, and what to do."""

import hashlib
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.across.reminders.lines import STAGE_OF, Line, Recipient
from praja.foundation.plans.deadlines import Window
from praja.foundation.plans.models import Plan
from praja.foundation.plans.working_days import working_days_between
from praja.foundation.ui.formats import long_date
from praja.stages.preparation.stages import STAGES

TITLES = {stage.key: stage.title for stage in STAGES}
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
            "\n".join(f"- {_up(str(lack))}" for lack in line.open_lacks),
            days_text(line.owed),
            str(line.advice.asks),
            _("Here you go on: %(address)s") % {"address": address},
            _("Thank you and kind regards,") + f"\n{_signature(by)}",
        ]
        return "\n\n".join(part for part in parts if part)


def group_text(plan: Plan, lines: list[Line], *, by: Any, address: str) -> str:
    """One text for the group of all agencies: what each still owes, without blaming anybody."""
    with translation.override(LANGUAGE):
        owed = {what: replace(window, exception=None) for line in lines for what, window in line.owed.items()}
        listed = [
            f"{number}. {line.organisation.short_name}: " + "; ".join(str(lack) for lack in line.open_lacks)
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
            days_text(owed),
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
            days_text(line.owed),
            _("Thank you and kind regards,") + f"\n{_signature(by)}",
        ]
        return "\n\n".join(part for part in parts if part)


def days_text(windows: dict[str, Window]) -> str:
    """By when each thing that is owed has to be there, a line each; "" without deadlines."""
    return "\n".join(filter(None, (_day_text(what, window) for what, window in windows.items())))


def _day_text(what: str, window: Window) -> str:
    if window.last_day is None:
        return ""
    left = working_days_between(window.today, window.last_day)
    values = {"stage": TITLES[STAGE_OF[what]], "day": long_date(window.last_day), "count": left}
    if window.is_over:
        words = _(
            "%(stage)s: the last day was %(day)s. With an exception, asked for in Praja, it can still be handed in."
        )
    elif window.last_day == window.today:
        words = _("%(stage)s: today, %(day)s, is the last day.")
    elif not left:
        words = _("%(stage)s: the last day is %(day)s.")
    else:
        words = ngettext(
            "%(stage)s: the last day is %(day)s, %(count)s working day is left.",
            "%(stage)s: the last day is %(day)s, %(count)s working days are left.",
            left,
        )
    return words % values


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
