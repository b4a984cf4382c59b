"""What a file is that somebody brings to be checked: known to the last byte, altered and where, or unknown to Praja.

Files are compared byte by byte. What stands inside a file that Praja does not know is read in a process of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from threading import BoundedSemaphore

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from praja.foundation.files.models import StoredFile
from praja.foundation.signing.checking.verification import rounds, state_of
from praja.foundation.signing.models import SheetScan, SheetVersion, Signature, SigningRound, Way
from praja.foundation.signing.pdf.validating import PdfResult, PdfSignature, check

ENDS_AT_MOST = 400  # ends of revisions looked at in one file; 120 signatures need 122
SAME_AT_LEAST = 256  # bytes at the beginning and the end that make a file a copy of another
SAME_MOMENT = timedelta(seconds=2)  # PDFs say the second of a signature
MOST_OF_ONE_SIGNER = 200  # signatures of one certificate that are compared
MOST_IN_WORDS = 20  # signatures of an unknown file that are listed
SECONDS_TO_WAIT = 10.0
_LOOKING = BoundedSemaphore(2)  # files that a process has looked into at the same time: each takes a core and memory
_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")
# The second identifier of a signed PDF begins the hash of the state before (pades.py). Looked for in the last few arrays of
# identifiers only: a search through all of a hostile file would hold the process for half a minute.
_IDENTIFIER = re.compile(rb"/ID\s{0,8}\[[^\]]{0,200}?<([0-9a-fA-F]{32})>\s{0,8}\]")
IDENTIFIERS_AT_MOST = 100


class Kind(StrEnum):
    """What a file turned out to be."""

    KNOWN = "known"  # to the last byte
    EARLIER = "earlier"  # to the last byte, as the document was before later signatures
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """What can be said about a file: one sentence, more sentences, and the round it belongs to."""

    kind: Kind
    sentence: str
    details: list[str]
    round: SigningRound | None = None
    signatures: list[str] = field(default_factory=list)  # of a file that Praja does not know, as it says itself


def of_upload(content: bytes, near: SigningRound | None = None) -> Verdict:
    """What these bytes are: a known file, one that was altered and where, or nothing that Praja knows.

    `near` is the round on whose page the file was brought: what is altered is compared with it first. Nothing is kept.
    """
    digest = sha256(content).hexdigest()
    found = _known(digest)
    if near is not None:  # the same printed sheet or edition may serve several rounds
        found.sort(key=lambda one: one.round != near)
    if found:
        return _borne_out(found[0])
    if altered := _altered(content, near):
        return altered
    inside = _looked_inside(content)
    return (inside and _with_our_signatures(inside)) or _unknown(inside)


def _borne_out(found: Verdict) -> Verdict:
    """The verdict, where rows and papers of the round bear it out: a known file proves nothing when they were altered."""
    assert found.round is not None
    proof = state_of(found.round)
    if proof.is_unchanged:
        return found
    sentence = _("Careful: Praja has this file, but not everything about it is as it was signed.")
    return Verdict(Kind.ALTERED, sentence, [*proof.all_problems, _ask_the_secretariat()], found.round)


def _known(digest: str) -> list[Verdict]:
    """What a file of this hash is, by each round that has it."""
    stored = list(StoredFile.objects.filter(sha256=digest).values_list("pk", flat=True))
    if not stored:
        return []
    own = Q(original__in=stored) | Q(sheet__in=stored) | Q(edition__pdf__in=stored) | Q(edition__word__in=stored)
    own |= Q(pk__in=SheetVersion.objects.filter(file__in=stored).values("round"))
    inside = Q(pk__in=Signature.objects.filter(file__in=stored).values("signatory__round"))
    inside |= Q(pk__in=SheetScan.objects.of_sheets().filter(file__in=stored).values("round"))
    return [_known_in(one, set(stored)) for one in rounds().filter(own | inside)]


def _known_in(one: SigningRound, stored: set[int]) -> Verdict:
    """What the file is in this round."""
    given = {"title": one.title}
    signature = Signature.objects.filter(signatory__round=one, file__in=stored, revision__isnull=False).first()
    if one.revision and signature is not None and signature.revision == one.revision:
        words = ngettext(
            "Unchanged: this is “%(title)s” with its %(count)s electronic signature, to the last byte.",
            "Unchanged: this is “%(title)s” with all its %(count)s electronic signatures, to the last byte.",
            one.revision,
        )
        return Verdict(Kind.KNOWN, words % {**given, "count": one.revision}, _about_wet_ink(one), one)
    if signature is not None:
        words = _(
            "This is an earlier state of “%(title)s”: as it was after %(number)s of %(count)s electronic signatures."
        )
        sentence = words % {**given, "number": signature.revision, "count": one.revision}
        more = _(
            "Nothing in it was altered, but the later signatures are missing. The newest state is with the secretariat."
        )
        return Verdict(Kind.EARLIER, sentence, [more], one)
    if one.original_id in stored and one.revision:
        words = _(
            "This is an earlier state of “%(title)s”: the original before the first of %(count)s electronic signatures."
        )
        return Verdict(Kind.EARLIER, words % {**given, "count": one.revision}, [_("Nothing in it was altered.")], one)
    if one.original_id in stored:
        words = _("Unchanged: this is the original of “%(title)s”. It bears no electronic signature.")
    elif one.sheet_id in stored:
        words = _("Unchanged: this is the signing sheet of “%(title)s” as it was printed, before anybody signed.")
    elif one.edition.pdf_id in stored or one.edition.word_id in stored:
        words = _("Unchanged: this is the text of “%(title)s” as it was frozen, without the pages for signatures.")
    else:
        return _known_earlier_sheet(one, stored) or _known_scan(one, stored)
    return Verdict(Kind.KNOWN, words % given, _about_wet_ink(one), one)


def _known_earlier_sheet(one: SigningRound, stored: set[int]) -> Verdict | None:
    """The sheet as it was printed before further pages were set behind it."""
    version = one.sheet_versions.filter(file__in=stored).first()
    if version is None:
        return None
    words = _(
        "This is an earlier version of the signing sheet of “%(title)s” (version %(number)s), before anybody signed."
    )
    more = _("Signatures in its boxes count. Who came in later has a box on the newest sheet only.")
    return Verdict(Kind.EARLIER, words % {"title": one.title, "number": version.number}, [more], one)


def _known_scan(one: SigningRound, stored: set[int]) -> Verdict:
    """What a scan is that was handed in for this round."""
    states = set(SheetScan.objects.filter(round=one, file__in=stored).values_list("state", flat=True))
    if SheetScan.State.CONFIRMED in states:
        words = _("Unchanged: this is a scan of the signed sheet of “%(title)s”, confirmed by a second person.")
        return Verdict(Kind.KNOWN, words % {"title": one.title}, [], one)
    words = _("This is a scan that was handed in for “%(title)s”, but it is not confirmed, so it proves nothing.")
    return Verdict(Kind.EARLIER, words % {"title": one.title}, [], one)


def _about_wet_ink(one: SigningRound) -> list[str]:
    """A sentence where part of the signatures stand on paper."""
    wet = Signature.objects.filter(signatory__round=one, way=Way.WET).count()
    words = ngettext(
        "%(count)s more signature stands in wet ink on the printed sheet.",
        "%(count)s more signatures stand in wet ink on the printed sheet.",
        wet,
    )
    return [words % {"count": wet}] if wet else []


# --- altered ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A stretch of a signed document: how long the document is up to its end, and what it holds, in words."""

    end: int
    words: str


def _altered(content: bytes, near: SigningRound | None) -> Verdict | None:
    """What was altered, when the file can be told to be one that Praja knows."""
    beginning = _known_beginning(content)
    if beginning is not None:
        one, length = beginning
        return _compared(content, one, _bytes_of(one.head), agreed=length)
    for stored, one in _like(content, near):
        kept = _bytes_of(stored)
        if _same_document(content, kept):
            return _compared(content, one, kept)
    return None


def _known_beginning(content: bytes) -> tuple[SigningRound, int] | None:
    """The round that has the longest beginning of the file as one of its states, and the length of that beginning."""
    ends = {}
    digest, place = sha256(), 0
    for found in islice(_END.finditer(content), ENDS_AT_MOST):
        # Whatever line end follows belongs to a state or to what was appended: both are tried.
        for length in range(found.start() + 5, found.end() + 1):
            digest.update(content[place:length])
            place = length
            ends[digest.copy().hexdigest()] = length
    files = StoredFile.objects.filter(sha256__in=list(ends)).values_list("pk", "sha256")
    lengths = {pk: ends[name] for pk, name in files}
    if not lengths:
        return None
    signatures = Signature.objects.filter(file__in=lengths, revision__isnull=False)
    states = Q(original__in=lengths) | Q(edition__pdf__in=lengths) | Q(pk__in=signatures.values("signatory__round"))
    found_in = []
    for one in rounds().filter(states):
        own = {one.original_id, one.edition.pdf_id}
        own |= set(signatures.filter(signatory__round=one).values_list("file", flat=True))
        found_in.append((max(lengths[pk] for pk in own if pk in lengths), one.pk, one))
    if not found_in:
        return None
    length, _pk, one = max(found_in)
    return one, length


def _like(content: bytes, near: SigningRound | None) -> Iterator[tuple[StoredFile, SigningRound]]:
    """Files that the content may be an altered copy of: of the round at hand, of the same name inside, of the same length."""
    named = Q()
    for identifier in _identifiers(content):
        named |= Q(hash_before__startswith=identifier)
    by_name = rounds().filter(pk__in=Signature.objects.filter(named).values("signatory__round")) if named else []
    for one in [*([near] if near else []), *by_name]:
        for stored in (one.head, one.original, one.sheet, one.edition.pdf):
            if stored is not None:
                yield stored, one
    same = list(StoredFile.objects.filter(size_bytes=len(content)).values_list("pk", flat=True)[:50])
    own = Q(original__in=same) | Q(sheet__in=same) | Q(edition__pdf__in=same) | Q(signed__in=same)
    inside = Q(pk__in=Signature.objects.filter(file__in=same).values("signatory__round"))
    for one in rounds().filter(own | inside):
        files = [one.original, one.sheet, one.edition.pdf]
        files += [
            row.file for row in Signature.objects.filter(signatory__round=one, file__in=same).select_related("file")
        ]
        yield from ((stored, one) for stored in files if stored is not None and stored.pk in same)


def _identifiers(content: bytes) -> list[str]:
    """The last three identifiers that the file gives to states of itself, the newest first."""
    found: dict[str, None] = {}
    place = len(content)
    for _time in range(IDENTIFIERS_AT_MOST):
        place = content.rfind(b"/ID", 0, place)
        if place < 0 or len(found) == 3:
            break
        if match := _IDENTIFIER.match(content, place):
            found[match[1].decode().lower()] = None
    return list(found)


def _same_document(content: bytes, kept: bytes) -> bool:
    """Whether two files agree over most of the one that was brought, at its beginning and its end together."""
    agreed = _first_difference(content, kept)
    agreed += _first_difference(content[agreed:][::-1], kept[agreed:][::-1])
    return agreed >= max(SAME_AT_LEAST, len(content) // 2)


def _compared(content: bytes, one: SigningRound, kept: bytes, agreed: int = 0) -> Verdict:
    """What differs between the file and the one that is kept."""
    given = {"title": one.title}
    sentence = _("Altered: this file comes from “%(title)s”, but it is not the document that was signed.") % given
    place = _first_difference(content, kept)
    if place == len(kept):
        words = ngettext(
            "It begins with the whole document. Behind it %(count)s byte was appended that the document does not have.",
            "It begins with the whole document. Behind it %(count)s bytes were appended that the document does not have.",
            len(content) - place,
        )
        details = [words % {"count": len(content) - place}]
    elif place == len(content):
        words = ngettext(
            "It is cut off: its last %(count)s byte is missing.",
            "It is cut off: its last %(count)s bytes are missing.",
            len(kept) - place,
        )
        details = [words % {"count": len(kept) - place}]
    else:
        words = _("It differs from byte %(place)s of %(count)s on: in %(part)s.")
        details = [words % {"place": place + 1, "count": len(kept), "part": _part_at(one, place)}]
    if agreed and place < len(kept):
        details.append(_("Up to byte %(place)s it is a state of the document that Praja knows.") % {"place": agreed})
    details.append(_ask_the_secretariat())
    return Verdict(Kind.ALTERED, sentence, details, one)


def _first_difference(left: bytes, right: bytes) -> int:
    """The number of bytes that both begin with."""
    low, high = 0, min(len(left), len(right))
    while low < high:  # halving: comparing stretches is a thousand times faster than comparing bytes
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _part_at(one: SigningRound, place: int) -> str:
    """What stands in the document at this byte, in words."""
    signatures = Signature.objects.filter(signatory__round=one, revision__isnull=False).order_by("revision")
    parts = [Part(one.edition.pdf.size_bytes, _("the text of the document"))] if one.edition.pdf else []
    if one.original is not None:
        parts.append(Part(one.original.size_bytes, _("the pages for signatures")))
    parts += [
        Part(row.file.size_bytes, _("the electronic signature of %(office)s") % {"office": row.position_title})
        for row in signatures.select_related("file")
    ]
    return next((part.words for part in parts if place < part.end), _("what was appended"))


def _bytes_of(stored: StoredFile) -> bytes:
    """The content of a file; nothing when the storage has lost it."""
    try:
        with stored.open() as file:
            return bytes(file.read())
    except FileNotFoundError:
        return b""


# --- what stands inside -----------------------------------------------------------------------------------------------


def _looked_inside(content: bytes) -> PdfResult | None:
    """What the file's own signatures say; None when it is no PDF, or when others are being looked at just now."""
    if not content.startswith(b"%PDF-") or not _LOOKING.acquire(timeout=SECONDS_TO_WAIT):
        return None
    try:
        return check(content)
    finally:
        _LOOKING.release()


def _with_our_signatures(result: PdfResult) -> Verdict | None:
    """The file bears a signature that Praja has stored, but is none of the files that it was stored with."""
    for found in {(one.at, one.certificate.get("serial")): one for one in result.signatures}.values():
        serial = found.certificate.get("serial")
        rows = Signature.objects.filter(certificate__serial=serial) if serial else Signature.objects.none()
        for row in rows.filter(signatory__round__in=rounds()).select_related("signatory")[:MOST_OF_ONE_SIGNER]:
            if _is_moment(found.at, row.signed_at):
                return _bearing(row)
    return None


def _is_moment(said: str, moment: datetime) -> bool:
    """Whether a signature says that it was made at this moment; one without time zone or with rubbish does not."""
    try:
        return abs(moment - datetime.fromisoformat(said)) < SAME_MOMENT
    except (ValueError, TypeError):
        return False


def _bearing(row: Signature) -> Verdict:
    one = rounds().get(pk=row.signatory.round_id)
    sentence = _("Altered: this file bears a signature of “%(title)s”, but it is not the document that was signed.")
    more = _("The signature of %(office)s is in it; all around it differs too much to say what was changed.")
    details = [more % {"office": row.position_title}, _ask_the_secretariat()]
    return Verdict(Kind.ALTERED, sentence % {"title": one.title}, details, one)


def _ask_the_secretariat() -> str:
    return _("Trust only the document itself: ask the secretariat of the region for it.")


def _unknown(result: PdfResult | None) -> Verdict:
    """A file that Praja does not know, with what its own signatures say when it is a PDF that has some."""
    details = [
        _("It may be a document of somebody else, a printout that was scanned anew, or a copy that a program has saved again."),
        _("Bring the file as you received it, without opening and saving it."),
    ]  # fmt: skip
    signatures = [_in_words(found) for found in result.signatures[:MOST_IN_WORDS]] if result else []
    return Verdict(Kind.UNKNOWN, _("Unknown: Praja does not know this file."), details, signatures=signatures)


def _in_words(found: PdfSignature) -> str:
    """One signature of a file that is not ours, as the file says it."""
    whole = _("nothing was changed since") if found.is_whole else _("something was changed since, or it is damaged")
    trust = {
        "own": _("by Praja's own authority, not certified"),
        "bsre": _("certified by BSrE"),
        "unknown": _("by an authority that this Praja does not know"),
    }
    name = found.name or found.field
    return f"{name}: {trust.get(found.trust, trust['unknown'])}; {whole}."
