"""Where the typefaces of the books lie: Plus Jakarta Sans for headings, tables and charts, Source Serif 4 for text."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

SANS = "Plus Jakarta Sans"
SERIF = "Source Serif 4"
PACKAGES = ("fontpkg_plus_jakarta_sans", "fontpkg_source_serif_4")


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
