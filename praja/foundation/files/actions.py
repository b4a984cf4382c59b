"""What can be done with files: store one that somebody hands in, withdraw it."""

import hashlib
import os
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from praja.foundation.audit.actions import record
from praja.foundation.files import contents
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile

ARMS_PIXELS = (100, 4000)  # shortest and longest side of a coat of arms: sharp in print, light on a page
ARMS_BYTES = 4 * 1024 * 1024


def store(upload: File, *, by: Any, organisation_path: str) -> StoredFile:
    """The upload as a stored file of the organisation; raises FileRefused with a sentence for its sender.

    The content is written once under its hash, whole or not at all; call it outside of transactions.
    """
    contents.check_size(upload.size)
    kind = contents.kind_of(upload)
    stored = StoredFile(
        sha256=_digest(upload),
        size_bytes=upload.size,
        kind=kind,
        name=safe_name(upload.name or "", kind),
        organisation_path=organisation_path,
        created_by=by,
    )
    _keep(upload, stored)
    with transaction.atomic():
        stored.save()
        record("store", stored, by=by, after={"name": stored.name, "sha256": stored.sha256})
    return stored


def keep(content: bytes, *, name: str, kind: str, by: Any, organisation_path: str) -> StoredFile:
    """A file that Praja itself has made, with its content in place; its row is not stored yet.

    Call it before the transaction and `save()` the row inside, so that work that is done twice leaves one row. Raises
    FileRefused when the storage has no room.
    """
    return keep_file(ContentFile(content), name=name, kind=kind, by=by, organisation_path=organisation_path)


def keep_file(made: File, *, name: str, kind: str, by: Any, organisation_path: str) -> StoredFile:
    """As `keep`, of a file that is too large for the memory."""
    stored = StoredFile(
        sha256=_digest(made),
        size_bytes=made.size,
        kind=kind,
        name=safe_name(name, kind),
        organisation_path=organisation_path,
        created_by=by,
    )
    _keep(made, stored)
    return stored


def store_arms(upload: File, *, by: Any, organisation_path: str) -> StoredFile:
    """The upload as a stored coat of arms: a PNG, JPEG or WebP of fitting size; raises FileRefused."""
    kind = contents.kind_of(upload)
    if kind not in contents.IMAGES:
        raise FileRefused(_("A coat of arms is a picture. Please send a PNG, JPEG or WebP file."))
    if upload.size > ARMS_BYTES:
        raise FileRefused(_("This picture is larger than 4 MB. Please make it smaller."))
    sides = contents.dimensions(upload, kind)
    if min(sides) < ARMS_PIXELS[0] or max(sides) > ARMS_PIXELS[1]:
        raise FileRefused(
            _(
                "This picture measures %(width)d by %(height)d pixels. Each side must have from %(least)d to %(most)d pixels."
            )
            % {"width": sides[0], "height": sides[1], "least": ARMS_PIXELS[0], "most": ARMS_PIXELS[1]}
        )
    return store(upload, by=by, organisation_path=organisation_path)


def withdraw(stored: StoredFile, *, by: Any) -> None:
    """Take the file out of sight; its content stays, because editions may quote it."""
    with transaction.atomic():
        if StoredFile.objects.present().filter(pk=stored.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by):
            record("withdraw", stored, by=by)


def safe_name(name: str, kind: str) -> str:
    """The name without folders and unprintable characters, at most 150 long, with an ending of its kind."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(character for character in name if character.isprintable() and character not in '<>:"|?*;%')
    stem, dot, ending = name.strip(" .").rpartition(".")
    if f".{ending.lower()}" not in contents.ENDINGS[kind] or not dot:
        stem, ending = name.strip(" ."), contents.ENDINGS[kind][0][1:]
    return f"{stem.strip(' .')[: 149 - len(ending)] or 'berkas'}.{ending.lower()}"


def _digest(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _keep(upload: File, stored: StoredFile) -> None:
    """Writes the content to its place, once; a full disk leaves nothing behind."""
    name = stored.storage_name
    try:
        if default_storage.exists(name):
            return
        try:
            place = Path(default_storage.path(name))
        except NotImplementedError:  # a remote storage, which takes a file whole or not at all
            upload.seek(0)
            default_storage.save(name, upload)
        else:
            _write_whole(upload, place)
    except OSError as problem:
        raise FileRefused(
            _(
                "The server could not store this file; nothing was kept. Please tell the administrator and try again later."
            )
        ) from problem


def _write_whole(upload: File, place: Path) -> None:
    """Writes beside the place and renames: the place holds the whole content or does not exist, also after a crash."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
