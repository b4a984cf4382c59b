"""Whether a round and its papers are still as they were signed, told from files, rows and the audit chain."""

import datetime
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from praja.foundation.audit import chain
from praja.foundation.audit.models import ChainEntry
from praja.foundation.documents import editions
from praja.foundation.files.models import StoredFile
from praja.foundation.signing import facts
from praja.foundation.signing.models import Signatory, Signature, SigningRound, Way

State = SigningRound.State
PUBLIC = (State.OPEN, State.COMPLETE, State.CLOSED, State.CANCELLED)  # a round that is being prepared is nobody's news
CHUNK = 1024 * 1024


def rounds() -> QuerySet[SigningRound]:
    """The rounds that anybody may ask about, with all that their page says."""
    return SigningRound.objects.filter(state__in=PUBLIC, withdrawn_at=None).select_related(
        "edition__pdf", "edition__word", "original", "signed", "sheet", "plan__government__region"
    )


# --- a round ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An entry of the audit chain, and whether its hash and those of its neighbours fit."""

    row: ChainEntry
    is_linked: bool


@dataclass(frozen=True)
class Place:
    """A place in a round, with its signature or None, and what is not as it was about it, in sentences."""

    signatory: Signatory
    signature: Signature | None
    problems: list[str]


@dataclass(frozen=True)
class Proof:
    """How a round stands: its places, and all that is not as it was, in sentences; empty when everything is."""

    round: SigningRound
    places: list[Place]
    problems: list[str]
    entries: dict[int, Entry]  # signature -> its entry in the audit chain

    @property
    def is_unchanged(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.problems and not any(place.problems for place in self.places)

    @property
    def signed(self) -> list[Place]:
        """The places that hold a signature, as they were given."""
        found = [place for place in self.places if place.signature]
        return sorted(found, key=lambda place: (place.signature.signed_at, place.signature.pk))  # type: ignore[union-attr]

    @property
    def all_problems(self) -> list[str]:
        """Every sentence once, those of the papers first."""
        return list(dict.fromkeys([*self.problems, *(text for place in self.places for text in place.problems)]))


def state_of(signing_round: SigningRound) -> Proof:
    """How the round stands now: text, files, the row of hashes, and the audit chain; five queries, milliseconds.

    A file is hashed again only when the storage says that its size or time of change is another.
    """
    edition = signing_round.edition
    problems = editions.problems_at_a_glance(edition)
    signatories = {one.pk: one for one in signing_round.signatories.order_by("order", "pk")}
    signatures = list(
        Signature.objects.filter(signatory__in=list(signatories))
        .select_related("file")
        .defer("validation")
        .order_by("revision", "pk")
    )
    for signature in signatures:
        signature.signatory = signatories[signature.signatory_id]
        signature.signatory.round = signing_round
    by_signatory: dict[int, Signature | None] = {signature.signatory_id: signature for signature in signatures}
    entries = entries_of(signatures)
    problems += _problems_of_papers(signing_round, [one for one in signatures if one.revision is not None])
    wrong = {
        one.pk: [*_problems_of_scan(one, edition.sha256), *_problems_in_chain(one, entries.get(one.pk))]
        for one in signatures
    }
    places = []
    for signatory in signatories.values():
        if signatory.state == Signatory.State.REPLACED:
            continue
        own = by_signatory.pop(signatory.pk, None)
        found = wrong[own.pk] if own else []
        if (signatory.state == Signatory.State.SIGNED) != (own is not None):
            found = [*found, _("The place of this office and its signature contradict each other.")]
        places.append(Place(signatory, own, found))
    if by_signatory:
        problems.append(_("There are signatures of places that were replaced."))
    return Proof(signing_round, places, problems, entries)


def _problems_of_papers(signing_round: SigningRound, signed: list[Signature]) -> list[str]:
    """What is not right about the electronic original: its beginning, each signature on top of the one before, its end."""
    original, head, edition_pdf = signing_round.original, signing_round.head, signing_round.edition.pdf
    if original is None:
        return [_("The original of this round is missing.")]
    problems = []
    steps = [original.sha256, *(one.hash_after for one in signed)]
    is_in_row = all(one.hash_before == before for one, before in zip(signed, steps, strict=False))
    is_in_row &= [one.revision for one in signed] == list(range(1, len(signed) + 1))
    is_in_row &= all(one.hash_after == one.file.sha256 for one in signed)
    if not is_in_row:
        problems.append(_("The signatures do not follow each other: one was taken out, put in or exchanged."))
    if head.sha256 != steps[-1] or signing_round.revision != len(signed):
        problems.append(_("The signed document does not end with the last signature."))
    # The document grows only at its end, so every earlier state is its beginning.
    states = [*([edition_pdf] if edition_pdf else []), original, *(one.file for one in signed)]
    try:
        found = digests(head, tuple(sorted({one.size_bytes for one in states})))
    except FileNotFoundError:
        return [*problems, _("The signed document is lost from the storage.")]
    if found.get(head.size_bytes) != head.sha256:
        problems.append(_("The signed document is not the one that was stored: its hash differs."))
    elif any(found.get(one.size_bytes) != one.sha256 for one in states):
        problems.append(_("The signed document does not begin with the document that was frozen."))
    return problems


def _problems_of_scan(signature: Signature, edition_hash: str) -> list[str]:
    """What is not right about a signature in wet ink: it is bound to the edition, and its scan is the one handed in."""
    if signature.way != Way.WET:
        return []
    stored = signature.file
    try:
        is_whole = digests(stored).get(stored.size_bytes) == stored.sha256 == signature.hash_after
    except FileNotFoundError:
        return [_("The scan of this signature is lost from the storage.")]
    problems = (
        [] if is_whole else [_("The scan of this signature is not the one that was handed in: its hash differs.")]
    )
    if signature.hash_before != edition_hash:
        problems.append(_("This signature was given to another edition."))
    return problems


def _problems_in_chain(signature: Signature, entry: Entry | None) -> list[str]:
    """What the audit chain says against the signature's row."""
    if entry is None:
        return [_("This signature does not stand in the log.")]
    if not entry.is_linked:
        return [_("The entry of this signature in the log was changed afterwards.")]
    if entry.row.facts != chain.canonical(facts.of_signature(signature)):
        return [_("This signature is not as it was entered in the log.")]
    return []


def entries_of(signatures: list[Signature]) -> dict[int, Entry]:
    """The first entry of each signature in the audit chain, with its neighbours."""
    found: dict[int, ChainEntry] = {}
    wanted = ChainEntry.objects.filter(
        subject=Signature._meta.label_lower, kind="signature", subject_id__in=[one.pk for one in signatures]
    )
    for entry in wanted.order_by("seq"):
        found.setdefault(entry.subject_id, entry)
    beside = {seq for entry in found.values() for seq in (entry.seq - 1, entry.seq + 1)}
    hashes = {
        seq: pair
        for seq, *pair in ChainEntry.objects.filter(seq__in=beside).values_list("seq", "previous_hash", "hash")
    }
    return {pk: Entry(entry, _stands(entry, hashes)) for pk, entry in found.items()}


def _stands(entry: ChainEntry, beside: dict[int, list[str]]) -> bool:
    """Whether the entry's hash is its own, and the entries before and behind it name it as they should."""
    before = beside.get(entry.seq - 1, ["", chain.NO_HASH if entry.seq == 1 else ""])[1]
    behind = beside.get(entry.seq + 1, [entry.hash])[0]
    return chain.hash_of(entry) == entry.hash == behind and entry.previous_hash == before


def digests(stored: StoredFile, lengths: tuple[int, ...] = ()) -> dict[int, str]:
    """The hashes of a stored file's beginnings of these lengths, and of the whole, by length.

    Lengths beyond the end are left out. Raises FileNotFoundError when the storage has lost the file.
    """
    name = stored.storage_name
    if not default_storage.exists(name):
        raise FileNotFoundError(name)
    size = default_storage.size(name)
    wanted = tuple(length for length in lengths if length < size)
    return _digests_at(name, size, default_storage.get_modified_time(name), wanted)


@lru_cache(maxsize=1024)
def _digests_at(name: str, size: int, _changed_at: datetime.datetime, lengths: tuple[int, ...]) -> dict[int, str]:
    """The hashes of the beginnings and of the whole, of the file as it lay there at that time with that size."""
    found, digest, place = {}, sha256(), 0
    with default_storage.open(name) as file:
        for length in (*lengths, size):
            while place < length and (chunk := file.read(min(CHUNK, length - place))):
                digest.update(chunk)
                place += len(chunk)
            found[length] = digest.copy().hexdigest()
    return found
