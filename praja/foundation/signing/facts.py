"""What of a signature enters the audit chain, and so can be told from what its row says later."""

from datetime import UTC, date, datetime
from typing import Any

from praja.foundation.signing.models import Signature


def of_signature(signature: Signature) -> dict[str, Any]:
    """The facts that make a signature what it is, as JSON can hold them: never a NIK, NIP, secret or picture."""
    signatory = signature.signatory
    return {
        "round": signatory.round.code,
        "edition": signatory.round.edition.sha256,
        "signatory": str(signatory.uid),
        "role": str(signatory.role),
        "order": signatory.order,
        "way": str(signature.way),
        "signed_at": _utc(signature.signed_at),
        "name": signature.person_name,
        "office": signature.position_title,
        "acting": str(signature.acting),
        "decree": signature.decree,
        "on_behalf": signature.is_on_behalf,
        "basis": signature.basis,
        "basis_from": _text(signature.basis_from),
        "basis_until": _text(signature.basis_until),
        "hash_before": signature.hash_before,
        "hash_after": signature.hash_after,
        "revision": signature.revision,
        "certificate": signature.certificate,
        "time_stamp": signature.time_stamp,
    }


def _utc(moment: datetime) -> str:
    """A moment as text that is the same on both databases."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
