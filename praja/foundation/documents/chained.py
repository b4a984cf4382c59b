"""What the tamper-evident log says of an edition; how binding it is may change and is no part of it."""

from hashlib import file_digest, sha256
from typing import Any

from django.db.models import Q

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


def _altered(edition: Edition) -> str:
    if sha256(edition.content.encode(errors="replace")).hexdigest() != edition.sha256:
        return f"the text of documents.edition {edition.pk} has been altered"
    for stored in filter(None, (edition.pdf, edition.word)):
        try:
            with stored.open() as file:
                digest = file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return f"the file “{stored.name}” of documents.edition {edition.pk} has been lost"
        if digest != stored.sha256:
            return f"the file “{stored.name}” of documents.edition {edition.pk} has been altered"
    return ""


CHAINED = [
    Chained("edition", Edition, facts_of_edition, _altered, once=True, entered=Q(), joined=("pdf", "word"), at_once=5)
]
