"""Validates the signatures of one PDF in a process of its own: whatever a hostile file does to memory or time ends here.

Run as a script: on standard input a line of JSON (what is trusted, see `Trust`), then the PDF; the answer is a line of JSON
on standard output (see `validating.PdfResult`). It imports nothing of Praja, so that it starts quickly.
"""

import asyncio
import contextlib
import hashlib
import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from asn1crypto import cms, x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DEFAULT_PURPOSE_LIMITS, DecodeLimits, DecodePurpose, StreamDecodeLimits
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffPolicy, DiffResult, SuspiciousModification
from pyhanko.sign.diff_analysis.policy_api import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 60  # of computing; a round of 120 takes a quarter of it, a book of 200 pages eight
LONGEST_TABLE = 2 * 1024 * 1024  # bytes of a table of objects once unpacked; each object takes about seven
MOST_SIGNATURES = 500
MOST_REVISIONS = 1500
LONGEST = 200  # characters of what a file says of itself


@dataclass(slots=True)
class Trust:
    """Whose signatures count: certificates (PEM) of Praja's own authority, of BSrE, of time stamps."""

    own: list[str] = field(default_factory=list)
    bsre: list[str] = field(default_factory=list)
    time_stamps: list[str] = field(default_factory=list)


def judged(pdf: bytes, trust: Trust) -> dict[str, Any]:
    """What is to be said of the PDF's signatures; never raises for what a file does, only for want of memory or time."""
    try:
        reader = Reader(io.BytesIO(pdf))
        if reader.encrypted:
            return _nothing("encrypted")
        if reader.xrefs.total_revisions > MOST_REVISIONS or len(_filled(reader)) > MOST_SIGNATURES:
            return _nothing("too-many")
        return _judged(pdf, reader, Roots(trust))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pyHanko stumbles over damaged files in every way there is; none of them is valid
        return _nothing("unreadable")


def _nothing(problem: str) -> dict[str, Any]:
    return {
        "is_valid": False,
        "is_whole": False,
        "problems": [problem],
        "signatures": [],
        "revisions": [],
        "changes": "",
    }


def _judged(pdf: bytes, reader: PdfFileReader, roots: "Roots") -> dict[str, Any]:
    found = reader.embedded_signatures
    revisions = _revisions(pdf, reader)
    steps = OneByOne(reader)
    signatures = [_signature(pdf, number, each, roots, steps) for number, each in enumerate(_signatures(reader), 1)]
    problems = [problem for each in signatures for problem in each["problems"]]
    if not signatures:
        problems.append("no-signatures")
    if len(found) != len(_filled(reader)):  # pyHanko leaves out what it does not know
        problems.append("unreadable")
    problems += [
        problem for each in found if each.sig_object_type != "/Sig" for problem in _of_stamp(each, roots, steps)
    ]
    if found and found[-1].evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        problems.append("appended")
    about_trust = {"unknown-trust", "expired"}
    return {
        "is_valid": not problems and all(each["is_valid"] for each in signatures),
        "is_whole": not set(problems) - about_trust and all(each["is_whole"] for each in signatures),
        "problems": list(dict.fromkeys(problems)),
        "signatures": signatures,
        "revisions": revisions,
        "changes": _short(steps.changes),
    }


def _signatures(reader: PdfFileReader) -> list[Any]:
    return [each for each in reader.embedded_signatures if each.sig_object_type == "/Sig"]


def _filled(reader: PdfFileReader) -> list[Any]:
    return list(enumerate_sig_fields(reader, filled_status=True))


def _signature(pdf: bytes, number: int, embedded: Any, roots: "Roots", steps: "OneByOne") -> dict[str, Any]:
    """One signature; whatever goes wrong while it is validated makes it not valid."""
    said: dict[str, Any] = {
        "field": _short(embedded.field_name),
        "name": "",
        "position": number,
        "at": "",
        "ranges": [],
        "covers_whole": False,
        "integrity": False,
        "modified": "unknown",
        "trust": "unknown",
        "certificate": {},
        "time_stamp": {},
        "is_valid": False,
        "is_whole": False,
        "problems": [],
    }
    try:
        said["ranges"] = [int(edge) for edge in embedded.byte_range][:8]
        said["certificate"] = _facts(embedded.signer_cert)
        said["name"] = _common_name(embedded.signer_cert.subject)
        at = embedded.self_reported_timestamp
        said["at"] = at.isoformat() if at else ""
        context, stamps = roots.context(), roots.context(stamps=True)
        validation = async_validate_pdf_signature(embedded, context, stamps, diff_policy=steps)
        status = asyncio.run(validation)
        said["integrity"] = bool(status.intact and status.valid) and _gap_is_clean(pdf, embedded)
        said["covers_whole"] = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        said["modified"] = status.modification_level.name.lower() if status.modification_level else "other"
        stamp = status.timestamp_validity
        if stamp is not None:
            said["time_stamp"] = {
                "at": stamp.timestamp.isoformat(),
                "authority": _common_name(stamp.signing_cert.subject),
                "is_trusted": bool(stamp.valid and stamp.intact and stamp.trusted),
            }
        said["trust"], is_over = roots.trust_of(embedded)
        said["is_whole"] = said["integrity"] and said["covers_whole"] and bool(status.docmdp_ok)
        said["is_valid"] = said["is_whole"] and bool(status.bottom_line) and said["trust"] != "unknown"
        for is_so, problem in (
            (not said["integrity"], "altered"),
            (not said["covers_whole"], "not-covered"),
            (not status.docmdp_ok, "changed"),
            (stamp is not None and not said["time_stamp"]["is_trusted"], "time-stamp"),
            (said["trust"] == "unknown", "unknown-trust"),
            (is_over, "expired"),
        ):
            if is_so:
                said["problems"].append(problem)
        if not said["is_valid"] and not said["problems"]:
            said["problems"].append("not-valid")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what cannot be validated is not valid
        said["problems"].append("altered")
        said["is_valid"] = said["is_whole"] = False
    return said


def _of_stamp(embedded: Any, roots: "Roots", steps: "OneByOne") -> list[str]:
    """What is wrong with a time stamp of the whole document."""
    try:
        validation = async_validate_pdf_timestamp(embedded, roots.context(stamps=True), diff_policy=steps)
        status = asyncio.run(validation)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above
        return ["time-stamp"]
    is_whole = status.coverage is not None and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    is_unchanged = status.modification_level is not None and status.modification_level < ModificationLevel.OTHER
    holds = status.valid and status.intact and status.trusted and is_whole and is_unchanged
    return [] if holds else ["time-stamp"]


def _gap_is_clean(pdf: bytes, embedded: Any) -> bool:
    """Whether the gap between the signed ranges holds the signature and zeros behind it, as signers write it.

    No signature guards what stands around itself: how its digits are written, what fills the room, which methods it announces.
    """
    _zero, end, start, _length = (int(edge) for edge in embedded.byte_range)
    gap = pdf[end:start].decode("ascii")
    content = bytes.fromhex(gap[1:-1])
    message = cms.ContentInfo.load(content).dump()
    is_written = gap in (f"<{content.hex()}>", f"<{content.hex().upper()}>")
    is_alone = content.startswith(message) and not content[len(message) :].strip(b"\0")
    announced = [each.dump() for each in embedded.signed_data["digest_algorithms"]]
    is_announced = announced == [embedded.signer_info["digest_algorithm"].dump()]
    is_of_version = embedded.signed_data["version"].native == embedded.signer_info["version"].native
    return is_written and is_alone and is_announced and is_of_version


def _revisions(pdf: bytes, reader: PdfFileReader) -> list[dict[str, Any]]:
    """Each state that the file has been in, oldest first: how long it was, its sha256, and which field was signed by it."""
    signed = {int(each.byte_range[2]) + int(each.byte_range[3]): each.field_name for each in reader.embedded_signatures}
    ends = []
    for revision in range(reader.xrefs.total_revisions):
        end = pdf.find(b"%%EOF", reader.xrefs.get_startxref_for_revision(revision))
        if end < 0:
            continue
        end += 5
        end += 2 if pdf[end : end + 2] == b"\r\n" else 1 if pdf[end : end + 1] in (b"\n", b"\r") else 0
        ends.append(end)
    digest, found, done = hashlib.sha256(), [], 0
    for end in sorted(set(ends)):
        digest.update(memoryview(pdf)[done:end])
        done = end
        found.append({"length": end, "sha256": digest.hexdigest(), "field": _short(signed.get(end, ""))})
    return found


class Roots:
    """The certificates that are trusted, and what follows from them."""

    def __init__(self, trust: Trust) -> None:
        self.own = [each for pem in trust.own for each in load_certs_from_pemder_data(pem.encode())]
        self.bsre = [each for pem in trust.bsre for each in load_certs_from_pemder_data(pem.encode())]
        self.stamps = [each for pem in trust.time_stamps for each in load_certs_from_pemder_data(pem.encode())]

    def context(self, *, stamps: bool = False, moment: datetime | None = None) -> ValidationContext:
        """What pyHanko validates against; it asks nobody over the network."""
        trusted = [*self.bsre, *self.stamps] if stamps else [*self.own, *self.bsre]
        return ValidationContext(trust_roots=trusted, allow_fetching=False, moment=moment)

    def trust_of(self, embedded: Any) -> tuple[str, bool]:
        """("own", "bsre" or "unknown"; whether a certificate is over by now), whatever the signature itself is worth."""
        certificate, now = embedded.signer_cert, datetime.now(UTC)
        for name, roots in (("own", self.own), ("bsre", self.bsre)):
            for moment in (now, certificate.not_valid_before):
                context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment)
                validator = CertificateValidator(certificate, embedded.other_embedded_certs, context)
                with contextlib.suppress(PathError, ValidationError, ValueError):  # no path, or one that does not hold
                    asyncio.run(validator.async_validate_path())
                    return name, moment is not now
        return "unknown", False


class OneByOne(DiffPolicy):
    """Whether what came after a signature is allowed: each update is held against the state before it, once.

    pyHanko holds every later state against every signed one, which grows with the square of the signatures. Steps that are
    each allowed are allowed together: what one signature made is there before the next step, which may not touch it.
    A signature that forbids more than others (DocMDP, FieldMDP) has its own steps.
    """

    def __init__(self, reader: PdfFileReader) -> None:
        self.reader = reader
        self.known: dict[Any, DiffResult | SuspiciousModification] = {}
        self.changes = ""

    def apply(self, old: Any, new: Any, field_mdp_spec: Any = None, doc_mdp: Any = None) -> DiffResult:
        """One step, by pyHanko's rules; raises SuspiciousModification."""
        return DEFAULT_DIFF_POLICY.apply(old, new, field_mdp_spec, doc_mdp)

    def review_file(
        self, reader: PdfFileReader, base_revision: Any, field_mdp_spec: Any = None, doc_mdp: Any = None
    ) -> DiffResult | SuspiciousModification:
        """All steps from a revision to the last."""
        base = base_revision if isinstance(base_revision, int) else base_revision.revision
        fields: set[str] = set()
        level = ModificationLevel.NONE
        limits = (repr(field_mdp_spec), doc_mdp)
        for revision in range(base + 1, reader.xrefs.total_revisions):
            if (revision, limits) not in self.known:
                self.known[revision, limits] = self._step(revision, field_mdp_spec, doc_mdp)
            step = self.known[revision, limits]
            if isinstance(step, SuspiciousModification):
                self.changes = self.changes or str(step)
                return step
            level, fields = max(level, step.modification_level), fields | step.changed_form_fields
        return DiffResult(level, fields)

    def _step(self, revision: int, field_mdp_spec: Any, doc_mdp: Any) -> DiffResult | SuspiciousModification:
        old, new = (self.reader.get_historical_resolver(each) for each in (revision - 1, revision))
        try:
            return self.apply(old, new, field_mdp_spec, doc_mdp)
        except SuspiciousModification as problem:
            return problem


class References:
    """Which object of the file names which, in any of its states: found once, instead of for each signature anew."""

    def __init__(self, reader: PdfFileReader) -> None:
        self.reader = reader

    def leading_to(self, targets: set[Any]) -> set[Any]:
        """The objects from which one of the targets can be reached, and the nodes of the page tree."""
        found, waiting = set(targets), list(targets)
        while waiting:
            for reference in self._named_by.get(waiting.pop(), ()):
                if reference not in found:
                    found.add(reference)
                    waiting.append(reference)
        return found | self._page_tree

    @cached_property
    def _everything(self) -> list[tuple[Any, Any]]:
        """(reference, object) of each state of each object."""
        xrefs = self.reader.xrefs
        newest: set[Any] = set()
        found = []
        for revision in reversed(range(xrefs.total_revisions)):
            for reference in xrefs.explicit_refs_in_revision(revision):
                is_newest = reference not in newest
                newest.add(reference)
                found.append((reference, self.reader.get_object(reference, None if is_newest else revision)))
        return found

    @cached_property
    def _named_by(self) -> dict[Any, set[Any]]:
        found: dict[Any, set[Any]] = {}
        for reference, value in self._everything:
            for named in _named(value):
                found.setdefault(named, set()).add(reference)
        return found

    @cached_property
    def _page_tree(self) -> set[Any]:
        found = set()
        for reference, value in self._everything:
            if isinstance(value, generic.DictionaryObject) and "/Kids" in value:
                found.add(reference)
                kids = value.raw_get("/Kids")
                if isinstance(kids, generic.IndirectObject):
                    found.add(kids.reference)
        return found


def _named(value: Any) -> Iterator[Any]:
    """The references in an object. "/Parent" is left out: pyHanko does not go that way when it asks who uses an object."""
    if isinstance(value, generic.IndirectObject):
        yield value.reference
    elif isinstance(value, generic.DictionaryObject):
        for name in value:
            if name != "/Parent":
                yield from _named(value.raw_get(name))
    elif isinstance(value, generic.ArrayObject):
        for at in range(len(value)):
            yield from _named(value.raw_get(at))


class Reader(PdfFileReader):
    """A PDF with all its former states, of which each is read once."""

    def __init__(self, stream: io.BytesIO) -> None:
        table = StreamDecodeLimits(max_output_size=LONGEST_TABLE)
        limits = {**DEFAULT_PURPOSE_LIMITS, DecodePurpose.XREF_STREAM: table}
        super().__init__(stream, decode_limits=DecodeLimits(per_purpose=limits))
        self.references = References(self)
        self.former: dict[int, Resolver] = {}
        # Asked for each object at each signature.
        self.xrefs.get_last_change = cache(self.xrefs.get_last_change)  # type: ignore[method-assign]

    def get_historical_resolver(self, revision: int) -> "Resolver":
        """The state after that many updates."""
        if revision not in self.former:
            self.former[revision] = Resolver(self, revision)
        return self.former[revision]


class Resolver(HistoricalResolver):
    """A former state of the file. Asked who uses the objects that the next update wrote, it goes only where that can lead.

    pyHanko goes through the whole document for each signature. Where none of these objects can be reached there is nothing to
    be found, so that the answer is the same.
    """

    def __init__(self, reader: Reader, revision: int) -> None:
        super().__init__(reader, revision)
        self.references = reader.references
        self.open: set[Any] | None = None

    def get_object(self, ref: Any, as_metadata_stream: bool = False) -> Any:  # noqa: FBT001, FBT002 - pyHanko's
        """The object; an empty one where it is not worth while to go on."""
        if self.open is not None and ref not in self.open:
            return generic.DictionaryObject()
        return super().get_object(ref, as_metadata_stream)

    def _load_reverse_xref_cache(self) -> None:
        if self._indirect_object_access_cache is not None:
            return
        self.open = self.references.leading_to(self.reader.xrefs.explicit_refs_in_revision(self.revision + 1))
        try:
            super()._load_reverse_xref_cache()
        finally:
            self.open = None


def _facts(certificate: x509.Certificate) -> dict[str, str]:
    """What a Signature keeps of a certificate, in the words of `authority.facts_of`."""
    validity = certificate["tbs_certificate"]["validity"]
    return {
        "subject": _said(certificate.subject),
        "issuer": _said(certificate.issuer),
        "serial": f"{certificate.serial_number:x}"[:50],
        "not_before": validity["not_before"].native.isoformat(),
        "not_after": validity["not_after"].native.isoformat(),
    }


def _said(name: x509.Name) -> str:
    parts = (_part(name, "common_name"), _part(name, "organization_name"))
    return ", ".join(part for part in parts if part)


def _common_name(name: x509.Name) -> str:
    return _part(name, "common_name") or _part(name, "organization_name")


def _part(name: x509.Name, key: str) -> str:
    value = name.native.get(key, "")
    return _short(value[0] if isinstance(value, list) and value else value or "")


def _short(text: Any) -> str:
    """At most LONGEST printable characters."""
    return "".join(letter for letter in str(text)[:LONGEST] if letter.isprintable())


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    line, _newline, content = sys.stdin.buffer.read().partition(b"\n")
    answer = judged(content, Trust(**json.loads(line)))
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
