"""What the tamper-evident log says of a signature, and whether its paper is the one that was stored."""

from django.db.models import Q

from praja.foundation.audit.declared import Chained
from praja.foundation.signing import facts
from praja.foundation.signing.checking.verification import digests
from praja.foundation.signing.models import Signature


def _altered_paper(signature: Signature) -> str:
    stored = signature.file
    try:
        found = digests(stored)[stored.size_bytes]
    except (FileNotFoundError, KeyError):
        return f"the file of signing.signature {signature.pk} is lost or cut off"
    is_whole = found == stored.sha256 == signature.hash_after
    return "" if is_whole else f"the file of signing.signature {signature.pk} has been altered"


CHAINED = [
    Chained(
        "signature",
        Signature,
        facts.of_signature,
        _altered_paper,
        once=True,
        entered=Q(),
        related=("signatory__round__edition", "file"),
        at_once=50,
    )
]
