"""What the tamper-evident log says of an edition; how binding it is may change and is no part of it."""

from hashlib import sha256
from typing import Any

from praja.foundation.audit.declared import Chained
from praja.foundation.documents.models import Edition


def facts_of_edition(edition: Edition) -> dict[str, Any]:
    """Of what it is which edition, and the hash of its text."""
    return {
        "subject": edition.subject,
        "subject_id": edition.subject_id,
        "document": edition.document,
        "number": edition.number,
        "dated_on": edition.dated_on.isoformat(),
        "sha256": edition.sha256,
    }


def _altered_text(edition: Edition) -> str:
    if sha256(edition.content.encode(errors="replace")).hexdigest() == edition.sha256:
        return ""
    return f"the text of documents.edition {edition.pk} has been altered"


CHAINED = [Chained("edition", Edition, facts_of_edition, _altered_text, at_once=5)]
