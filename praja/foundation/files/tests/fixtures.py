"""Small files of every kind, made by hand: pictures, older Office files, archives."""

import io
import struct
import zipfile
import zlib

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def png(width=200, height=200):
    """A PNG whose header claims this size."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def jpeg(width=200, height=200):
    """The head of a JPEG: an application segment, then the frame with its size."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = [(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xC0, frame)]
    return b"\xff\xd8" + b"".join(struct.pack(">BBH", 0xFF, k, len(d) + 2) + d for k, d in segments) + b"\xff\xd9"


def webp(width=200, height=200):
    """The head of an extended WebP."""
    body = (
        b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\0" * 4
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def archive(parts):
    """A zip of {name: content}."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def docx(**more):
    """The parts that make an archive a Word document."""
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>", **more})


def ods(table, **more):
    """An OpenDocument sheet "Data" of this table content."""
    spaces = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    body = f'<office:body><office:spreadsheet><table:table table:name="Data">{table}</table:table></office:spreadsheet></office:body>'
    content = f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:document-content>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
    return archive({"mimetype": ODS, "META-INF/manifest.xml": manifest, "content.xml": content, **more})


def ole(**streams):
    """A compound file of these streams, each padded to 4096 bytes so that it needs no small sectors."""
    sector, sectors, fat, entries = 512, [], [], []
    for name, content in streams.items():
        data = content.ljust(4096, b"\0")
        data += b"\0" * (-len(data) % sector)
        start, count = len(sectors), len(data) // sector
        sectors += [data[i : i + sector] for i in range(0, len(data), sector)]
        fat += [*range(start + 1, start + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, start, len(data)))
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1), *entries]
    for number in range(1, len(entries) - 1):  # each stream is the right sibling of the one before
        entries[number] = entries[number][:72] + struct.pack("<I", number + 1) + entries[number][76:]
    directory = b"".join(entries).ljust(sector, b"\0")
    directory_start = len(sectors)
    sectors.append(directory[:sector])
    fat += [0xFFFFFFFE, 0xFFFFFFFD]
    sectors.append(struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, directory_start, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", len(sectors) - 1, *[0xFFFFFFFF] * 108)
    return header + b"".join(sectors)


def _entry(name, kind, start, size, child=0xFFFFFFFF):
    encoded = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1) + links
    return entry + b"\0" * 36 + struct.pack("<IQ", start, size)


def xls(rows):
    """An Excel 97 workbook of one sheet; texts and numbers."""

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                cells += record(0x204, struct.pack("<HHHHB", r, c, 0, len(value), 1) + text)
            else:
                cells += record(0x203, struct.pack("<HHHd", r, c, 0, value))
    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    sheet = record(0x809, begin[:2] + b"\x10\0" + begin[4:]) + record(0x200, size) + cells + record(0x0A)
    name = record(0x85, struct.pack("<IHBB", 0, 0, 4, 0) + b"Data")
    offset = len(record(0x809, begin) + name + record(0x0A))
    name = record(0x85, struct.pack("<IHBB", offset, 0, 4, 0) + b"Data")
    return ole(Workbook=record(0x809, begin) + name + record(0x0A) + sheet)
