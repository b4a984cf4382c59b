"""Every text of the pages is in the catalogues and has its Indonesian words."""

import os
import shutil
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po

from praja.catalogues import LOCALE, compile_catalogues

PRAJA = LOCALE.parent


def read(folder, language):
    with (folder / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(catalogue):
    return {(message.context, message.id) for message in catalogue if message.id}


def test_every_text_has_indonesian_words():
    catalogue = read(LOCALE, "id")
    wanting = [message.id for message in catalogue if message.id and (message.fuzzy or not _is_complete(message))]
    assert wanting == []


def _is_complete(message):
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(words)


def test_placeholders_survive_the_translation():
    catalogue = read(LOCALE, "id")
    mistakes = {m.id: list(m.check(catalogue)) for m in catalogue if m.id and m.python_format}
    assert {text: found for text, found in mistakes.items() if found} == {}


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext")
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_catalogues_hold_exactly_the_texts_of_the_code(language, collected):
    fresh, kept = texts(read(collected, language)), texts(read(LOCALE, language))
    assert fresh - kept == set(), "run make messages and translate"
    assert kept - fresh == set(), "run make messages"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The catalogues as `make messages` would write them, made in a copy of the code."""
    root = tmp_path_factory.mktemp("messages")
    shutil.copytree(PRAJA, root / "praja", ignore=shutil.ignore_patterns("data", "static", "migrations", "*.pyc"))
    command = [sys.executable, "-m", "praja.catalogues"]
    subprocess.run(command, cwd=root, env=os.environ, check=True, capture_output=True)
    return root / "praja" / "locale"


def test_compiling_is_done_once_and_needs_no_tool(tmp_path):
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Save"\nmsgstr "Simpan"\n'
    )
    assert [path.name for path in compile_catalogues(tmp_path)] == ["django.mo"]
    assert b"Simpan" in (folder / "django.mo").read_bytes()
    assert compile_catalogues(tmp_path) == []
