"""Where a person signs, as papers name the person: with titles, rank and grade, and personal number."""

from praja.foundation.accounts.models import Person
from praja.foundation.documents.blocks import Signature


def signature_of(place_and_date: str, words: str, person: Person) -> Signature:
    """The place of one signature below some words, such as "Handed over by,"."""
    rank = f"{person.rank} ({person.grade})" if person.rank and person.grade else person.rank
    return Signature(place_and_date, [words], person.full_name, rank=rank, nip=person.nip)
