"""What a file really is, told from its bytes and never from its name, and what makes a file unwelcome."""

import re
import struct
import zipfile
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

Readable = BinaryIO | File

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
WEBP = "image/webp"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
TEXT = "text/plain"
ZIP = "application/zip"  # made by Praja alone; nobody hands one in
# Each kind with the endings that its names may have; the first is given to names without any of them.
ENDINGS = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    WEBP: (".webp",),
    XLSX: (".xlsx",),
    XLS: (".xls",),
    ODS: (".ods",),
    DOCX: (".docx",),
    PPTX: (".pptx",),
    TEXT: (".txt", ".csv", ".tsv"),
    ZIP: (".zip",),
}
IMAGES = (PNG, JPEG, WEBP)

PIXEL_LIMIT = 50_000_000
ARCHIVE_ENTRIES = 5_000
ARCHIVE_BYTES = 300 * 1024 * 1024  # of everything inside, unpacked
ARCHIVE_RATIO = 300  # unpacked to packed, of one part above a megabyte; real sheets stay below 100
_CHUNK = 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MARKUP = re.compile(
    r"<(?:!doctype|!--|\?xml|\?php|html|head|body|svg|script|iframe|math|object|embed|link|meta)", re.IGNORECASE
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DECLARATIONS = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


class FileRefused(ValueError):
    """A file that is not taken; its text is a sentence that says why and what to do."""


def kind_of(file: Readable) -> str:
    """The media type of a seekable file after every check of its kind; raises FileRefused."""
    size = file.seek(0, 2)
    check_size(size)
    file.seek(0)
    head = file.read(32)
    if head.startswith(b"PK"):
        kind = _archive_kind(file)
    elif head.startswith(_OLE):
        kind = _ole_kind(file)
    elif head.startswith(b"%PDF-"):
        kind = PDF
    elif (image := _image_kind(head)) is not None:
        width, height = dimensions(file, image)
        if width * height > PIXEL_LIMIT:
            raise FileRefused(_("This picture has more than 50 million pixels. Please make it smaller."))
        kind = image
    else:
        file.seek(0)
        decoded(file.read())
        kind = TEXT
    file.seek(0)
    return kind


def check_size(size: int) -> None:
    """Refuses an empty file and one above settings.UPLOAD_LIMIT_BYTES."""
    if size == 0:
        raise FileRefused(_("This file is empty. Please choose another one."))
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise FileRefused(
            _("This file is larger than %(limit)d MB. Please make it smaller or split it.")
            % {"limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)}
        )


# --- text -------------------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> tuple[str, str]:
    """The text of the bytes and the encoding that fits: UTF-8, UTF-16 or Windows-1252; refuses markup and what is not text."""
    if data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif (guess := _utf16_without_mark(data)) is not None:
        encodings = [guess]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise _unknown_kind()
    if len(_CONTROLS.findall(text[:100_000])) > len(text[:100_000]) // 100 + 2 or text.count("\x00") > 10:
        raise _unknown_kind()
    if _MARKUP.match(text[:1000].lstrip("\ufeff \t\r\n")):
        raise FileRefused(
            _(
                "This file is a web page, SVG or XML, whatever its name says. Open it, save it as XLSX or PDF and send that one."
            )
        )
    return text, encoding


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by its zero bytes: in mostly Latin text every second byte is zero."""
    sample = data[:2000]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _unknown_kind() -> FileRefused:
    return FileRefused(
        _(
            "This kind of file is not accepted. Please send a PDF, a picture (PNG, JPEG, WebP), a workbook (XLSX, ODS, XLS), a Word document (DOCX) or CSV."
        )
    )


# --- pictures ---------------------------------------------------------------------------------------------------------


def _image_kind(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return None


def dimensions(file: Readable, kind: str) -> tuple[int, int]:
    """Width and height of a PNG, JPEG or WebP in pixels; refuses a picture whose header is damaged."""
    file.seek(0)
    head = file.read(64)
    try:
        if kind == PNG and head[12:16] == b"IHDR":
            size = struct.unpack(">II", head[16:24])
        elif kind == JPEG:
            size = _jpeg_dimensions(file)
        elif kind == WEBP:
            size = _webp_dimensions(head)
        else:
            size = (0, 0)
    except (struct.error, IndexError):
        size = (0, 0)
    if not size[0] or not size[1]:
        raise FileRefused(_("This picture is damaged. Please save it again and send it once more."))
    return size[0], size[1]


def _jpeg_dimensions(file: Readable) -> tuple[int, int]:
    file.seek(2)
    # Each segment: marker, length, content; the frame header (C0 to CF but three) holds the size.
    while (marker := file.read(2)) and marker[0] == 0xFF:
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">3xHH", file.read(7))
            return width, height
        (length,) = struct.unpack(">H", file.read(2))
        file.seek(max(length - 2, 0), 1)
    return 0, 0


def _webp_dimensions(head: bytes) -> tuple[int, int]:
    form = head[12:16]
    if form == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


# --- office files -----------------------------------------------------------------------------------------------------


def _archive_kind(file: Readable) -> str:
    """The kind of a zip-based file, after the checks against bombs, macros, passwords and declared entities."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _checked_archive(archive)
    except (FileRefused, MemoryError):
        raise
    except Exception as problem:  # damaged archives make zipfile raise a dozen kinds of errors
        raise FileRefused(
            _("This file is damaged and cannot be opened. Please save it again and send it once more.")
        ) from problem


def _checked_archive(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    lowered = {name.lower() for name in names}
    if (
        len(parts) > ARCHIVE_ENTRIES
        or sum(part.file_size for part in parts) > ARCHIVE_BYTES
        or any(map(_is_bomb, parts))
    ):
        raise FileRefused(
            _("This file unpacks to far more than it should. Copy the table into a new workbook and send that one.")
        )
    if len(lowered) != len(names) or any(part.compress_type not in {0, 8} for part in parts):
        raise FileRefused(_("This file is damaged and cannot be opened. Please save it again and send it once more."))
    if "xl/workbook.bin" in lowered:
        raise FileRefused(_("Binary workbooks (XLSB) are not accepted. Please save the file as XLSX."))
    if "xl/workbook.xml" in lowered:
        kind = XLSX
    elif "word/document.xml" in lowered:
        kind = DOCX
    elif "mimetype" in names and archive.read("mimetype")[:100].strip() == ODS.encode():
        kind = ODS
    else:
        raise _unknown_kind()
    if any(part.flag_bits & 1 for part in parts) or _is_encrypted_opendocument(archive, names):
        raise encrypted()
    if any(
        name.endswith("vbaproject.bin") or "/macrosheets/" in name or name.startswith(("basic/", "scripts/"))
        for name in lowered
    ):
        raise macros()
    if "[Content_Types].xml" in names and b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise macros()
    for part in parts:
        _check_part(archive, part)
    return kind


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _CHUNK and part.file_size > ARCHIVE_RATIO * max(part.compress_size, 1)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpacks one part to see that it holds what its header says and, when XML, declares no entities."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_xml and any(word in before + chunk for word in _DECLARATIONS):
                raise FileRefused(
                    _(
                        "This file declares XML entities, which workbooks never need. Please save it again from Excel or LibreOffice."
                    )
                )
            before = chunk[-32:]


def _is_encrypted_opendocument(archive: zipfile.ZipFile, names: list[str]) -> bool:
    return "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml")


def _ole_kind(file: Readable) -> str:
    """The kind of an older Office file: a workbook without password and macros, or refused."""
    file.seek(0)
    data = file.read()
    if _has_stream(data, "EncryptedPackage"):
        raise encrypted()
    if _has_stream(data, "_VBA_PROJECT_CUR") or _has_stream(data, "_VBA_PROJECT"):
        raise macros()
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return XLS
    if _has_stream(data, "WordDocument"):
        raise FileRefused(_("Older Word documents (DOC) are not accepted. Please save the file as DOCX or PDF."))
    raise _unknown_kind()


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE file, whose entries stand every 128 bytes, names this stream."""
    entry = name.encode("utf-16-le") + b"\0\0"
    position = data.find(entry)
    while position != -1 and position % 128:
        position = data.find(entry, position + 1)
    return position != -1


def encrypted() -> FileRefused:
    """The refusal of a file with a password."""
    return FileRefused(_("This file is protected with a password. Please remove the password and send it once more."))


def macros() -> FileRefused:
    """The refusal of a file with macros."""
    return FileRefused(
        _("This file contains macros. Please save it without macros (XLSX or DOCX) and send it once more.")
    )
