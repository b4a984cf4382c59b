"""Everything about the signing of one region as one ZIP, which tools/verify_export.py checks without Praja.

`manifest.json` names every file with its hash, the editions, the rounds with their signatures and where each stands in the
log; `log/entries.txt` holds the lines of the log that speak of the region, as they were hashed, each behind its hash. Of entries
about others between and behind them, up to the newest daily root, it holds hash and number alone.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db.models import Max, Min, Model, Q, QuerySet

from praja.foundation.accounts.reach import under
from praja.foundation.audit import chain, roots
from praja.foundation.audit.declared import chained
from praja.foundation.audit.models import ChainEntry, DailyRoot
from praja.foundation.documents.models import Edition
from praja.foundation.files.contents import ENDINGS
from praja.foundation.files.models import StoredFile
from praja.foundation.plans.models import Plan
from praja.foundation.signing import facts
from praja.foundation.signing.models import SheetScan, Signatory, Signature, SignerCertificate, SigningRound, Way
from praja.foundation.signing.pdf import authority

FORMAT = "praja-export-1"
TIME = (1980, 1, 1, 0, 0, 0)  # of every member, so that the same content is the same bytes
CHUNK = 1024 * 1024
READ_ME = """Berkas ini memuat seluruh dokumen, tanda tangan, dan catatan penandatanganan satu daerah dari Praja.
This archive holds the documents, signatures and log entries of the signings of one region.

Check it without Praja:  python verify_export.py <this file>   (needs Python 3.11 and: pip install pyhanko)
manifest.json lists every file with its SHA-256 and says what each is.
"""

Report = Callable[[int, int], None]


def write(plan: Plan, target: IO[bytes], evidence: Callable[[SigningRound], bytes], report: Report) -> None:
    """Write the archive of a plan's region; one file at a time is in memory at most.

    `evidence` makes the evidence file of a round; `report` is told how many rounds of how many are done. A file that the
    storage has lost is named in the manifest under "lost".
    """
    rounds = list(
        SigningRound.objects.filter(plan=plan)
        .exclude(state=SigningRound.State.PREPARED)
        .select_related("edition", "original", "signed", "sheet", "plan__government__region")
        .order_by("pk")
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        made = _Archive(archive)
        made.add("README.txt", READ_ME.encode())
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "region": {
                "code": plan.government.region.code if plan.government.region else "",
                "name": plan.government.name,
            },
            "editions": [_edition(made, edition) for edition in _editions(plan)],
            "rounds": [],
            "authorities": [made.add(f"authorities/{at}.pem", pem) for at, pem in enumerate(authority.own_roots(), 1)],
            "bsre": [made.add("authorities/bsre.pem", pem) for pem in _bsre()],
            "revoked": made.add_lines("authorities/revoked.txt", _revoked(plan)),
        }
        for number, one in enumerate(rounds):
            report(number, len(rounds))
            manifest["rounds"].append(_round(made, one, evidence))
        manifest["log"] = made.add_lines("log/entries.txt", _entries(plan))
        manifest["roots"] = made.add_lines("log/roots.txt", roots.lines())
        manifest |= {"files": made.files, "lost": made.lost}
        text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        made.add("manifest.json", text)
        made.add("manifest.sha256", f"{sha256(text).hexdigest()}\n".encode())


class _Archive:
    """The archive under way: what is in it by name, with size and hash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, dict[str, Any]] = {}
        self.lost: list[str] = []

    def add(self, name: str, content: bytes) -> str:
        """Add a file; returns its name."""
        with self._member(name) as write:
            write(content)
        return name

    def add_lines(self, name: str, lines: Iterator[str]) -> str:
        """Add a text line by line; returns its name."""
        with self._member(name) as write:
            for line in lines:
                write(line.encode())
        return name

    def add_stored(self, name: str, stored: StoredFile | None) -> dict[str, Any] | None:
        """Add a stored file below a name without its ending; returns where it stands, with the hash that its row says."""
        if stored is None:
            return None
        path = f"{name}{PurePosixPath(stored.name).suffix or ENDINGS[stored.kind][0]}"
        try:
            with stored.open() as file, self._member(path) as write:
                while chunk := file.read(CHUNK):
                    write(chunk)
        except FileNotFoundError:
            self.lost.append(path)
        return {"file": path, "sha256": stored.sha256, "bytes": stored.size_bytes}

    @contextmanager
    def _member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        digest, size = sha256(), 0
        info = zipfile.ZipInfo(name, TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        with self.archive.open(info, "w", force_zip64=True) as member:

            def write(content: bytes) -> None:
                nonlocal size
                digest.update(content)
                size += len(content)
                member.write(content)

            yield write
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}


def _editions(plan: Plan) -> Iterator[Edition]:
    """The editions of the region, one after the other: their texts may be large."""
    keys = Edition.objects.filter(under(plan.organisation_path)).order_by("pk").values_list("pk", flat=True)
    for pk in list(keys):
        yield Edition.objects.select_related("pdf", "word").get(pk=pk)


def _edition(made: _Archive, edition: Edition) -> dict[str, Any]:
    folder = f"editions/{edition.pk}"
    return {
        "id": edition.pk,
        "uid": str(edition.uid),
        "document": edition.document,
        "title": edition.title,
        "number": edition.number,
        "status": edition.status,
        "dated_on": edition.dated_on.isoformat(),
        "sha256": edition.sha256,
        "content": made.add(f"{folder}/content.json", edition.content.encode(errors="replace")),
        "pdf": made.add_stored(f"{folder}/edition", edition.pdf),
        "word": made.add_stored(f"{folder}/edition-word", edition.word),
    }


def _round(made: _Archive, one: SigningRound, evidence: Callable[[SigningRound], bytes]) -> dict[str, Any]:
    folder = f"rounds/{one.code}"
    scans = list(SheetScan.objects.filter(round=one).of_sheets().select_related("file"))
    stored = {
        scan.file_id: made.add_stored(f"{folder}/scans/{scan.file_id}", scan.file) for scan in _first_pages(scans)
    }
    signatures = Signature.objects.filter(signatory__round=one).select_related("signatory", "file").order_by("pk")
    return {
        "code": one.code,
        "title": one.title,
        "number": one.number,
        "state": one.state,
        "place": one.place,
        "held_on": one.held_on.isoformat() if one.held_on else "",
        "end_reason": one.end_reason,
        "edition": one.edition_id,
        "revision": one.revision,
        "original": made.add_stored(f"{folder}/original", one.original),
        "signed": made.add_stored(f"{folder}/signed", one.signed),
        "sheet": made.add_stored(f"{folder}/sheet", one.sheet),
        "evidence": made.add(f"{folder}/evidence.pdf", evidence(one)),
        "scans": [_scan(scan, stored[scan.file_id]) for scan in scans],
        "places": [_place(place) for place in one.signatories.select_related("position", "organisation")],
        "signatures": [_signature(one, signature, stored) for signature in signatures],
    }


def _first_pages(scans: list[SheetScan]) -> list[SheetScan]:
    """One scan for each file: several pages may have come in one."""
    return list({scan.file_id: scan for scan in scans}.values())


def _scan(scan: SheetScan, file: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": scan.pk,
        "file": file,
        "file_page": scan.file_page,
        "sheet_page": scan.sheet_page,
        "state": scan.state,
        "reason": scan.reason,
    }


def _place(place: Signatory) -> dict[str, Any]:
    return {
        "uid": str(place.uid),
        "role": place.role,
        "order": place.order,
        "agency": place.organisation.name,
        "office": str(place),
        "state": place.state,
        "decline_reason": place.decline_reason,
    }


def _signature(one: SigningRound, signature: Signature, scans: dict[int, Any]) -> dict[str, Any]:
    """All facts of a signature; `facts` are those of the log, `state` is how long the PDF was with it."""
    signature.signatory.round = one
    electronic = signature.revision is not None
    entry = chain.entries_of(signature).first()
    return {
        "facts": facts.of_signature(signature),
        "name": signature.person_name,
        "certificate": signature.certificate,
        "time_stamp": signature.time_stamp,
        "validation": signature.validation,
        "confirmed_at": signature.confirmed_at.isoformat() if signature.confirmed_at else "",
        "scan": None if electronic else scans.get(signature.file_id),
        "state": signature.file.size_bytes if electronic else None,
        "entry": entry.seq if entry else None,
    }


def _entries(plan: Plan) -> Iterator[str]:
    """The lines of the log about the region's rows, and of sealed events, which name no row: each behind its hash.

    From the first of them to the last, or to the newest daily root, the entries of others stand as hash and number.
    """
    about = Q(kind="events")
    for one in chained().values():
        rows: QuerySet[Any]
        if one.model is Signature:
            rows = Signature.objects.filter(signatory__round__plan=plan)
        elif column := _path_column(one.model):
            rows = one.model._default_manager.filter(under(plan.organisation_path, column))
        else:
            continue
        about |= Q(kind=one.kind, subject=one.subject, subject_id__in=rows.values("pk"))
    own = ChainEntry.objects.filter(about).order_by("seq")
    ends = own.aggregate(first=Min("seq"), last=Max("seq"))
    if ends["first"] is None:
        return
    root = DailyRoot.objects.aggregate(last=Max("seq"))["last"] or 0
    others = ChainEntry.objects.filter(seq__range=(ends["first"], max(ends["last"], root))).order_by("seq")
    between = others.values_list("seq", "hash").iterator(chunk_size=5000)
    for entry in own.iterator(chunk_size=500):
        columns = entry.seq, chain.moment(entry.at), entry.kind, entry.subject, entry.subject_id, entry.subject_uid
        for seq, value in between:
            if seq >= entry.seq:
                break
            yield f"{value} {seq}\n"
        yield f"{entry.hash} {chain.line(*columns, entry.facts, entry.previous_hash).decode()}\n"
    for seq, value in between:
        yield f"{value} {seq}\n"


def _path_column(model: type[Model]) -> str:
    """Where the rows of a model say whose they are: in themselves, or in what they belong to; "" where nothing does."""
    if _has_path(model):
        return "organisation_path"
    above = (field for field in model._meta.get_fields() if field.many_to_one and _has_path(field.related_model))
    return next((f"{field.name}__organisation_path" for field in above), "")


def _has_path(model: Any) -> bool:
    return any(field.name == "organisation_path" for field in model._meta.get_fields())


def _bsre() -> list[bytes]:
    """The certificates that certified signatures are traced back to, where they are set up."""
    path = settings.BSRE_ROOTS
    return [path.read_bytes()] if path and path.exists() else []


def _revoked(plan: Plan) -> Iterator[str]:
    """The certificates of Praja's own that signed here and were taken back: serial number and when."""
    signatures = Signature.objects.filter(signatory__round__plan=plan, way=Way.OWN)
    serials = {one.get("serial", "") for one in signatures.values_list("certificate", flat=True)}
    rows = SignerCertificate.objects.filter(serial__in=serials).exclude(revoked_at=None).order_by("serial")
    for serial, at in rows.values_list("serial", "revoked_at"):
        yield f"{serial} {chain.moment(at)}\n"  # type: ignore[arg-type]  # none is without a moment
