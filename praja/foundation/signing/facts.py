"""What of a signature enters the audit chain, and so can be told from what its row says later."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from praja.foundation.signing.models import Signature


def of_signature(signature: Signature) -> dict[str, Any]:
    """The facts that make a signature what it is, as the chain can hold them: without personal data.

    Who signed stands in it as `signer`, a hash over the place in the round, the name and the certificate; decree and basis
    as hashes too, since people type them.
    """
    signatory = signature.signatory
    return {
        "round": signatory.round.code,
        "edition": signatory.round.edition.sha256,
        "signatory": str(signatory.uid),
        "role": str(signatory.role),
        "order": signatory.order,
        "way": str(signature.way),
        "signed_at": _moment(signature.signed_at),
        "office": signature.position_title,
        "acting": str(signature.acting),
        "decree": paper(str(signatory.uid), signature.decree),
        "on_behalf": signature.is_on_behalf,
        "basis": paper(str(signatory.uid), signature.basis),
        "basis_from": _day(signature.basis_from),
        "basis_until": _day(signature.basis_until),
        "hash_before": signature.hash_before,
        "hash_after": signature.hash_after,
        "revision": signature.revision,
        "signer": signer(str(signatory.uid), signature.person_name, signature.certificate),
    }


def signer(signatory_uid: str, name: str, certificate: dict[str, Any]) -> str:
    """The hash that stands for who signed: of the JSON array of its three parts, in ASCII, sorted, without spaces."""
    return _hash([signatory_uid, name, certificate])


def paper(signatory_uid: str, text: str) -> str:
    """The hash that stands for a decree or basis as it was typed, which may name a person; "" where there is none."""
    return _hash([signatory_uid, text]) if text else ""


def _hash(parts: list[Any]) -> str:
    return sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _moment(moment: datetime) -> str:
    """A moment as text that is the same on both databases."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
