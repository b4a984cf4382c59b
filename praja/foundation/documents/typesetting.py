"""Typst with the typefaces of the books: Plus Jakarta Sans for headings, tables and charts, Source Serif 4 for text."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PIXELS_AN_INCH = 170  # of a picture in an office's file: sharp in print, light enough to send
PACKAGES = ("fontpkg_plus_jakarta_sans", "fontpkg_source_serif_4")


def typeset(files: dict[str, bytes], **options: Any) -> Any:
    """Return what Typst makes of `files["main"]`: bytes, or a list of bytes for several pages as pictures.

    `files` are all texts; `options` are those of `typst.compile`. Only the books' own typefaces are used, so that the
    result is the same on every machine.
    """
    import typst

    compiled: Any = typst.compile  # its annotations leave out that files may be handed over in memory
    return compiled(files, font_paths=list(folders()), ignore_system_fonts=True, **options)


def drawn(pictures: list[bytes], width: str) -> list[bytes]:
    """Return SVG pictures as PNG files of the width given."""
    pages = "".join(f'#page(image("{number}.svg", width: {width}))\n' for number in range(len(pictures)))
    files = {f"{number}.svg": picture for number, picture in enumerate(pictures)}
    files["main"] = f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}".encode()
    made = typeset(files, format="png", ppi=PIXELS_AN_INCH)
    return made if isinstance(made, list) else [made]


@cache
def folders() -> tuple[str, ...]:
    """Return the folders of the font files; raise RuntimeError when a package or its italics are missing."""
    found = []
    for package in PACKAGES:
        spec = find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else None
        if folder is None or not any("Italic" in file.name for file in folder.rglob("*.ttf")):
            raise RuntimeError(f"The fonts of books are missing: install the package {package.replace('_', '-')}.")
        found.append(str(folder))
    return tuple(found)
