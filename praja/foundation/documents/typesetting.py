"""Typst with the typefaces of the books: Plus Jakarta Sans for headings, tables and charts, Source Serif 4 for text."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGES = ("fontpkg_plus_jakarta_sans", "fontpkg_source_serif_4")


def typeset(files: dict[str, bytes], **options: Any) -> Any:
    """Return what Typst makes of `files["main"]`: bytes, or a list of bytes for several pages as pictures.

    `files` are all texts; `options` are those of `typst.compile`. Only the books' own typefaces are used, so that the
    result is the same on every machine.
    """
    import typst

    compiled: Any = typst.compile  # its annotations leave out that files may be handed over in memory
    return compiled(files, font_paths=list(folders()), ignore_system_fonts=True, **options)


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
