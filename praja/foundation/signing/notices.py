"""Who is told what about signing: those whose signature a round waits for, and the secretariat that runs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.standing import held_on
from praja.foundation.notices.actions import holders, tell
from praja.foundation.plans.models import Plan
from praja.foundation.signing.models import Gateway, Signatory, SigningRound
from praja.foundation.signing.standing import offices_of, who_holds
from praja.foundation.ui.formats import long_date

LANGUAGE = "id"  # of texts that are copied into messengers


def sign_address(signatory: Signatory) -> str:
    """Where a signatory signs."""
    round_ = signatory.round
    return reverse("signing-sign", args=[round_.plan.slug, round_.pk, signatory.pk])


def round_address(round_: SigningRound) -> str:
    """The page of the round."""
    return reverse("signing-round", args=[round_.plan.slug, round_.pk])


def asked_to_sign(round_: SigningRound, signatories: Iterable[Signatory], *, by: Any) -> None:
    """The accounts of those who can sign now."""
    _tell_each(round_, signatories, gettext_noop("“%(title)s” waits for your signature as %(office)s."), by=by)


def reminded(round_: SigningRound, signatories: Iterable[Signatory], *, by: Any) -> None:
    """The same people once more."""
    _tell_each(
        round_,
        signatories,
        gettext_noop("A reminder: “%(title)s” still waits for your signature as %(office)s."),
        by=by,
    )


def turn_has_come(round_: SigningRound, *, by: Any) -> None:
    """In a series, whoever comes next."""
    from praja.foundation.signing.rounds import waiting_now

    if round_.order == SigningRound.Order.SERIES:
        asked_to_sign(round_, [one for one in waiting_now(round_) if one.role == Signatory.Role.SIGNATORY], by=by)


def declined(signatory: Signatory, reason: str, *, by: Any) -> None:
    """The secretariat, when somebody says no."""
    round_ = signatory.round
    users = [user for user in holders(round_.plan.government, "coordinator") if user != by]
    text = gettext_noop("%(office)s declined to sign “%(title)s”: %(reason)s")
    values = {"office": str(signatory)[:80], "title": round_.title[:100], "reason": reason[:150]}
    tell(users, text, values=values, address=round_address(round_))


def gateway_was_set(plan: Plan, gateway: Gateway, *, by: Any) -> None:
    """The rest of the secretariat: passphrases go to this address from now on."""
    users = [user for user in holders(plan.government, "coordinator") if user.pk != by.pk]
    text = gettext_noop(
        "%(person)s set %(address)s as the address of the e-sign gateway. Passphrases go there: please check that it is right."
    )
    values = {"person": str(by)[:60], "address": gateway.address[:150]}
    tell(users, text, values=values, address=reverse("signing-gateway", args=[plan.slug]))


def _tell_each(round_: SigningRound, signatories: Iterable[Signatory], text: str, *, by: Any) -> None:
    rows = list(signatories)
    users = users_of(round_, rows)
    for one in rows:
        values = {"title": round_.title[:150], "office": str(one)[:120]}
        tell([user for user in users[one.pk] if user != by], text, values=values, address=sign_address(one))


def users_of(round_: SigningRound, signatories: Sequence[Signatory]) -> dict[int, list[User]]:
    """The accounts that may sign for each signatory today, by its key: four queries for a whole round."""
    offices = offices_of([one.position for one in signatories])
    day, zone = round_.plan.today, round_.plan.time_zone
    keys = {row.pk for rows in offices.values() for row in rows}
    delegated: dict[int | None, list[User]] = {}
    for membership in Membership.objects.filter(for_position__in=keys, ended_at=None).select_related("user"):
        begun = membership.starts_on is None or membership.starts_on <= day
        if begun and (membership.ends_on is None or membership.ends_on >= day):
            delegated.setdefault(membership.for_position_id, []).append(membership.user)
    found: dict[int, list[User]] = {}
    for one in signatories:
        rows = offices[one.position_id]
        people = [row.person for row in held_on(rows, day, zone)]
        users = [person.user for person in people if person is not None and hasattr(person, "user")]
        users += [user for row in rows for user in delegated.get(row.pk, [])]
        found[one.pk] = [user for user in dict.fromkeys(users) if user.is_active]
    return found


# --- ready texts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """A text for one signatory: who it goes to, whether they have an account, and when they were reminded last."""

    signatory: Signatory
    person: str
    has_account: bool
    was_today: bool
    text: str


def texts_for(round_: SigningRound, signatories: Sequence[Signatory], *, address: str, by: Any) -> list[Ready]:
    """What somebody sends to each signatory by messenger; `address` is where this Praja is reached."""
    offices, users = offices_of([one.position for one in signatories]), users_of(round_, signatories)
    found = []
    for one in signatories:
        held = who_holds(one.position, offices[one.position_id], round_.plan.today, round_.plan.time_zone)
        name = held.person_name if held else str(one)
        office = held.title if held else one.position.title_in_full
        at = one.reminded_at
        was_today = at is not None and timezone.localdate(at, round_.plan.time_zone) == round_.plan.today
        text = _text_for(one, name, office, address=address, by=by)
        found.append(Ready(one, name, bool(users[one.pk]), was_today, text))
    return found


def _text_for(signatory: Signatory, name: str, office: str, *, address: str, by: Any) -> str:
    round_ = signatory.round
    with translation.override(LANGUAGE):
        return _joined(
            _("Dear %(name)s,") % {"name": name},
            _("“%(title)s” waits for your signature as %(office)s.") % {"title": round_.title, "office": office},
            _day_and_place(round_),
            _("Read and sign here: %(address)s") % {"address": f"{address}{sign_address(signatory)}"},
            _("Whoever prefers ink signs on the printed sheet, which the secretariat brings along."),
            _("Thank you and kind regards,") + f"\n{by}",
        )


def group_text(round_: SigningRound, signatories: Sequence[Signatory], *, address: str, by: Any) -> str:
    """One text for a messenger's group: who has not signed yet, without blaming anybody."""
    with translation.override(LANGUAGE):
        listed = "\n".join(f"{number}. {one}" for number, one in enumerate(signatories, 1))
        return _joined(
            _("Good day, colleagues of %(region)s.") % {"region": round_.plan.government.region},
            _("“%(title)s” still waits for the signature of:") % {"title": round_.title},
            listed,
            _day_and_place(round_),
            _("Read and sign here: %(address)s") % {"address": address + round_address(round_)},
            _("Thank you and kind regards,") + f"\n{by}",
        )


def _day_and_place(round_: SigningRound) -> str:
    if round_.held_on is None:
        return ""
    values = {"day": long_date(round_.held_on), "place": round_.place}
    if round_.place:
        return _("The signing is on %(day)s at %(place)s.") % values
    return _("The signing is on %(day)s.") % values


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
