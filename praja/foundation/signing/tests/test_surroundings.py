"""A process that reads hostile files is told no key of this installation."""

import contextlib
import subprocess

import pytest

from praja.foundation.files import actions, contents, pages
from praja.foundation.signing.paper import scans
from praja.foundation.signing.pdf import validating


def drawn():
    """A page of a stored file, as a picture."""
    stored = actions.keep(b"%PDF-1.7 x", name="a.pdf", kind=contents.PDF, by=None, organisation_path="/1/")
    pages.draw(stored, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("look", [drawn, lambda: scans.read(b"%PDF-1.7 x"), lambda: validating.check(b"%PDF-1.7 x")])
def test_no_key_reaches_a_process_that_reads_hostile_files(look, monkeypatch):
    given = {}

    def run(_command, **options):
        given.update(options)
        raise subprocess.TimeoutExpired("x", 1)

    monkeypatch.setenv("PRAJA_SECRET_KEY", "kunci")
    monkeypatch.setattr(subprocess, "run", run)
    with contextlib.suppress(pages.PageNotShown, scans.ScanNotRead):
        look()
    assert "kunci" not in given["env"].values()
