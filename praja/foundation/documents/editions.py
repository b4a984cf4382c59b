"""Freezing a document as an edition, making its files from exactly what was frozen, and telling whether all is still so."""

import datetime
import json
import zlib
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.audit.chain import append
from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import update_if_unchanged
from praja.foundation.documents.blocks import Deck, Document, from_json, to_json
from praja.foundation.documents.chained import facts_of_edition
from praja.foundation.documents.child import Kind, render_in_child
from praja.foundation.documents.models import Edition
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.workflow.steps import Refused

Status = Edition.Status
# What an edition may become. Nothing goes back: a new edition takes its place.
NEXT = {
    Status.DRAFT: (Status.FINAL, Status.REVOKED),
    Status.FINAL: (Status.ENACTED, Status.REVOKED),
    Status.ENACTED: (Status.AMENDED, Status.REVOKED),
    Status.AMENDED: (Status.REVOKED,),
    Status.REVOKED: (),
}
NEEDS_A_REASON = (Status.AMENDED, Status.REVOKED)
CONTENT_LIMIT = 60_000_000  # characters; pictures are what makes a document heavy
ATTEMPTS = 5  # at the next number, when others freeze at the same moment
PARTS = (
    "typst", "python-docx", "python-pptx", "lxml", "Babel", "fontpkg-plus-jakarta-sans", "fontpkg-source-serif-4",
)  # fmt: skip


def next_number(subject: models.Model, name: str) -> int:
    """The number that the next edition of this document of `subject` has."""
    found = editions_of(subject, name).aggregate(last=models.Max("number"))["last"]
    return (found or 0) + 1


def editions_of(subject: models.Model, name: str = "") -> models.QuerySet[Edition]:
    """The editions of a row's documents, newest first; with a name those of one document."""
    found = Edition.objects.filter(subject=subject._meta.label_lower, subject_id=subject.pk)
    return found.filter(document=name) if name else found


def freeze(  # noqa: PLR0913  everything that an edition is known by
    document: Document,
    *,
    subject: Any,
    name: str,
    number: int | None = None,
    status: str = Status.DRAFT,
    dated_on: datetime.date,
    reason: str = "",
    by: Any,
) -> Edition:
    """Freeze the document as an edition of `subject` (a row with `organisation_path`); its files are made soon after.

    Without a number it takes the next one, also when somebody else takes that first. The document bears the edition's
    number and, as its only time, noon of `dated_on`; its `status_text` is printed as it is. Raises Refused with
    sentences: the number is taken, the reason is lacking, the document is too heavy.
    """
    if status in NEEDS_A_REASON and not reason.strip():
        raise Refused([_("Say why: an edition that is amended or revoked needs a reason.")])
    for _attempt in range(ATTEMPTS):
        chosen = number or next_number(subject, name)
        content = to_json(_dated(document, chosen, dated_on))
        if len(content) > CONTENT_LIMIT:
            raise Refused([_("This document is too heavy to be kept. Use fewer or smaller pictures and try again.")])
        try:
            with transaction.atomic():
                edition = Edition.objects.create(
                    subject=subject._meta.label_lower, subject_id=subject.pk, document=name,
                    organisation_path=subject.organisation_path, number=chosen, title=document.title[:300],
                    status=status, dated_on=dated_on, reason=reason.strip(), content=content,
                    sha256=_digest(content.encode()), created_by=by, updated_by=by,
                )  # fmt: skip
                record(
                    "freeze", edition, by=by, remark=edition.reason,
                    after={"number": chosen, "status": str(status), "sha256": edition.sha256},
                )  # fmt: skip
                later(
                    "documents.make_files", edition.pk, by=by, key=files_key(edition),
                    organisation_path=edition.organisation_path,
                )  # fmt: skip
                append("edition", edition, facts_of_edition(edition))
        except IntegrityError:
            if not editions_of(subject, name).filter(number=chosen).exists():
                raise
            if number is not None:
                raise Refused(
                    [_("Edition %(number)s is there already. Choose another number.") % {"number": number}]
                ) from None
        else:
            return edition
    raise Refused([_("Others are freezing this document at this moment. Please try again.")])


def files_key(edition: Edition) -> str:
    """The key of the job that makes the edition's files."""
    return f"edition-files-{edition.pk}"


def _dated(document: Document, number: int, day: datetime.date) -> Document:
    """The document as it is frozen: with its number, and noon of the day as its only time."""
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=document.made_at.tzinfo or datetime.UTC)
    with translation.override(document.language):
        words = _("Edition %(number)s") % {"number": number}
    return replace(document, made_at=noon, edition=words)


def document_of(edition: Edition) -> Document:
    """The frozen document; raises ValueError when the stored text is no document (any more)."""
    return from_json(edition.content)


def facts_of(edition: Edition) -> dict[str, Any]:
    """The plain data that was frozen along with the words; {} when there is none, which is quicker than opening it all.

    Raises Refused with a sentence when the stored text is not what was frozen.
    """
    if _digest(edition.content.encode(errors="replace")) != edition.sha256:
        raise Refused([_("The stored text of this edition is not the one that was frozen: its hash differs.")])
    found = json.loads(edition.content).get("facts")
    return found["value"] if found else {}


def opened(edition: Edition) -> tuple[Document | None, list[str]]:
    """The frozen document, None when it can no longer be read, and what is not as it was frozen about its text.

    The text is compared with its hash, and the hash with the history of its freezing: milliseconds also for a large book.
    """
    problems = problems_of_text(edition)
    try:
        return document_of(edition), problems
    except (ValueError, TypeError, KeyError):
        return None, [*problems, _("The stored text of this edition can no longer be read.")]


def problems_of_text(edition: Edition) -> list[str]:
    """What is not as it was frozen about the edition's text, in sentences, without reading the document."""
    return _problems_of_text(edition, _hashes_in_history(edition))


def problems_at_a_glance(edition: Edition) -> list[str]:
    """What is not as it was frozen about text and files, in sentences, without reading the document: milliseconds.

    As with `problems_of_files`, `remembered`.
    """
    named = _hashes_in_history(edition)
    return _problems_of_text(edition, named) + _problems_of_files(edition, named, remembered=True)


def _problems_of_text(edition: Edition, named: dict[str, str]) -> list[str]:
    problems = []
    if _digest(edition.content.encode(errors="replace")) != edition.sha256:
        problems.append(_("The stored text of this edition is not the one that was frozen: its hash differs."))
    if edition.sha256 != named.get("sha256"):
        problems.append(_("The hash of this edition is not the one in the history of its freezing."))
    return problems


# --- files ------------------------------------------------------------------------------------------------------------


def make_files(edition: Edition, *, by: Any) -> None:
    """Make PDF and Word (of a deck PowerPoint) from exactly the stored text; files that are there already stay.

    Raises Refused when the stored text is not what was frozen, NotMade when a file cannot be set.
    """
    attach(edition, made_files(edition, by=by), by=by)


def made_files(edition: Edition, *, by: Any) -> dict[str, StoredFile]:
    """The files that the edition lacks, by the column that is to hold them; their rows are not stored yet."""
    document, problems = opened(edition)
    if document is None or problems:
        raise Refused(problems)
    found = {}
    for column, kind, media in _kinds(document):
        if getattr(edition, f"{column}_id") is None:
            found[column] = keep(
                render_in_child(document, kind), name=_file_name(edition, document), kind=media, by=by,
                organisation_path=edition.organisation_path,
            )  # fmt: skip
    return found


def attach(edition: Edition, files: dict[str, StoredFile], *, by: Any) -> bool:
    """Give the edition its files in one transaction; False when somebody else did so meanwhile, and nothing is changed."""
    if not files:
        return False
    free = {f"{column}__isnull": True for column in files}
    made_with = versions()
    with transaction.atomic():
        for stored in files.values():
            stored.save()
        if not Edition.objects.filter(pk=edition.pk, **free).update(**files, made_with=made_with):
            transaction.set_rollback(True)
            return False
        record("make files", edition, by=by, after={column: stored.sha256 for column, stored in files.items()})
    for column, stored in files.items():
        setattr(edition, column, stored)
    edition.made_with = made_with
    return True


def _kinds(document: Document) -> tuple[tuple[str, Kind, str], ...]:
    """The columns of an edition, which renderer fills each, and its media type."""
    office: tuple[Kind, str] = ("powerpoint", contents.PPTX) if isinstance(document, Deck) else ("word", contents.DOCX)
    return (("pdf", "pdf", contents.PDF), ("word", *office))


def _file_name(edition: Edition, document: Document) -> str:
    """A name that says what it is; its ending follows from its kind."""
    name = f"{document.title[:70]} {document.region_name[:40]} {document.edition}"
    return f"{name} ({edition.dated_on:%d-%m-%Y})".replace("/", "-").replace(".", "")


@cache
def versions() -> dict[str, str]:
    """The versions of everything that a file's bytes depend on."""
    found = {part: metadata.version(part) for part in PARTS}
    try:
        found["praja"] = metadata.version("praja")
    except metadata.PackageNotFoundError:  # run from a checkout
        found["praja"] = ""
    own = Path(__file__).parent
    sources = sorted((*own.glob("*.py"), *own.glob("templates_typst/*.typ")))
    found["renderers"] = _digest(b"".join(source.read_bytes() for source in sources))[:16]
    found["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    return found


# --- proof ------------------------------------------------------------------------------------------------------------


def verify(edition: Edition, *, again: bool = False) -> list[str]:
    """What is not as it was when the edition was frozen, in sentences; empty when all is sound.

    The text is compared with its hash, the hash with the history, each file with its hash and the history. With `again`
    the files are also made anew, which takes seconds; a file made with other versions is not compared.
    """
    document, problems = opened(edition)
    problems += problems_of_files(edition)
    if again and document is not None and not problems and is_made_with_these_versions(edition):
        for column, kind, _media in _kinds(document):
            stored = getattr(edition, column)
            if stored is not None and _digest(render_in_child(document, kind)) != stored.sha256:
                problems.append(_("Made again from the frozen text, the %(file)s differs.") % {"file": stored.name})
    return problems


def is_made_with_these_versions(edition: Edition) -> bool:
    """Whether the files would be byte for byte the same if they were made again here."""
    return edition.made_with == versions()


def problems_of_files(edition: Edition, *, remembered: bool = False) -> list[str]:
    """What is not as it was when the files were made, in sentences.

    Each file is hashed, and its hash compared with its row and with the history. With `remembered` a file is hashed
    again only when the storage says that its size or time of change is another: for pages that are visited often.
    """
    return _problems_of_files(edition, _hashes_in_history(edition), remembered=remembered)


def _problems_of_files(edition: Edition, named: dict[str, str], *, remembered: bool) -> list[str]:
    problems = []
    for column, word in (("pdf", "PDF"), ("word", _("Word or PowerPoint file"))):
        stored = getattr(edition, column)
        if stored is not None:
            problems += _problems_of_file(stored, word, named.get(column, ""), remembered=remembered)
        elif column in named:
            problems.append(_("The %(file)s of this edition has been taken away.") % {"file": word})
    return problems


def _problems_of_file(stored: StoredFile, word: str, named: str, *, remembered: bool) -> list[str]:
    try:
        found = _remembered_digest(stored) if remembered else _digest_in_storage(stored.storage_name)
    except FileNotFoundError:
        return [_("The %(file)s of this edition is lost from the storage.") % {"file": word}]
    if found != stored.sha256 or stored.sha256 != named:
        return [
            _("The %(file)s of this edition is not the one that was made of it: its hash differs.") % {"file": word}
        ]
    return []


def _remembered_digest(stored: StoredFile) -> str:
    """The hash of a file in the storage; raises FileNotFoundError when it is lost."""
    name = stored.storage_name
    if not default_storage.exists(name):
        raise FileNotFoundError(name)
    return _digest_at(name, default_storage.size(name), default_storage.get_modified_time(name))


@lru_cache(maxsize=1024)
def _digest_at(name: str, _size: int, _changed_at: datetime.datetime) -> str:
    """The hash of a file as it lay there at that time with that size."""
    return _digest_in_storage(name)


def _digest_in_storage(name: str) -> str:
    with default_storage.open(name) as file:
        return _digest(file.read())


def _hashes_in_history(edition: Edition) -> dict[str, str]:
    """The hashes that the history names: of the text ("sha256") and of each file ("pdf", "word")."""
    found: dict[str, str] = {}
    for event in Event.objects.about(edition).filter(verb__in=("freeze", "make files")):
        for name in ("sha256", "pdf", "word"):
            if name in event.changes:
                found[name] = event.changes[name][1]
    return found


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


# --- status -----------------------------------------------------------------------------------------------------------


def set_status(edition: Edition, status: str, *, reason: str = "", by: Any, version: int) -> None:
    """Say how binding the edition is now. Raises Refused with a sentence, TooLate when somebody changed it meanwhile."""
    if status not in NEXT[Status(edition.status)]:
        raise Refused([_("An edition cannot go back. Freeze a new edition instead.")])
    if status in NEEDS_A_REASON and not reason.strip():
        raise Refused([_("Say why: an edition that is amended or revoked needs a reason.")])
    before = edition.status
    values = {"status": status} | ({"reason": reason.strip()} if reason.strip() else {})
    with transaction.atomic():
        update_if_unchanged(edition, values, by=by, version=version)
        record(
            "set edition status", edition, by=by, before={"status": before}, after={"status": str(status)},
            remark=reason.strip(),
        )  # fmt: skip
