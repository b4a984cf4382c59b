"""Compiling the catalogues (.po to .mo) with Babel, so that no gettext tool is needed where Praja runs or is built."""

from pathlib import Path

LOCALE = Path(__file__).resolve().parent / "locale"


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Compile each catalogue that is newer than what was made of it; answers the files written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        # Written beside and renamed: a process that starts meanwhile reads the old one or the new one, never half.
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(target)
        written.append(target)
    return written


def collect_messages() -> None:
    """Write every text of the code and the templates into the catalogues (for developers; needs gettext)."""
    from praja.cli import main

    languages = [word for folder in sorted(LOCALE.iterdir()) if folder.is_dir() for word in ("--locale", folder.name)]
    ignored = [word for name in (".venv", "tests", "benchmarks", "docs", "conftest.py") for word in ("--ignore", name)]
    main(["makemessages", *languages, *ignored, "--no-location", "--no-obsolete", "--no-wrap"])


if __name__ == "__main__":
    collect_messages()
