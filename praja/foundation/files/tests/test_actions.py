"""Storing: whole or not at all, once for equal contents, under a safe name."""

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from praja.foundation.audit.models import Event
from praja.foundation.files import actions, contents
from praja.foundation.files.contents import FileRefused
from praja.foundation.files.models import StoredFile
from praja.foundation.files.tests import fixtures

PATH = "/1/12/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


def upload(data=b"%PDF-1.7 isi", name="surat.pdf"):
    return ContentFile(data, name=name)


def files_in(folder):
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def test_a_file_is_stored_with_its_hash_and_a_line_of_history(db):
    stored = actions.store(upload(), by=None, organisation_path=PATH)
    assert (stored.kind, stored.size_bytes, stored.name) == (contents.PDF, 12, "surat.pdf")
    assert stored.open().read() == b"%PDF-1.7 isi"
    assert Event.objects.get(subject="files.storedfile", subject_id=stored.pk).verb == "store"


def test_equal_contents_lie_in_one_place(db, tmp_path):
    first = actions.store(upload(), by=None, organisation_path=PATH)
    second = actions.store(upload(name="salinan.pdf"), by=None, organisation_path="/1/13/")
    assert first.pk != second.pk
    assert files_in(tmp_path) == [first.sha256]


def test_a_refused_file_leaves_nothing(db, tmp_path):
    with pytest.raises(FileRefused):
        actions.store(upload(b"<svg/>", "gambar.png"), by=None, organisation_path=PATH)
    assert files_in(tmp_path) == []
    assert not StoredFile.objects.exists()


def test_a_disk_that_fills_up_leaves_no_half_file(db, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with translation.override("en"), pytest.raises(FileRefused, match="nothing was kept"):
        actions.store(upload(), by=None, organisation_path=PATH)
    assert files_in(tmp_path) == []
    assert not StoredFile.objects.exists()


def test_a_real_limit_of_the_system_leaves_no_half_file(tmp_path):
    script = f"""
        import resource, sys
        import django
        from django.conf import settings
        settings.STORAGES["default"]["OPTIONS"]["location"] = {str(tmp_path)!r}
        django.setup()
        from django.core.files.base import ContentFile
        from praja.foundation.files import actions, contents
        from praja.foundation.files.models import StoredFile
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            actions._keep(ContentFile(b"a" * 5000), StoredFile(sha256="ab" * 32))
        except contents.FileRefused:
            print("refused")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        cwd=project.PACKAGE.parent,
    )
    assert done.stdout == "refused\n"
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("../../etc/passwd", contents.TEXT, "passwd.txt"),
        ("C:\\Users\\Sari\\data.csv", contents.TEXT, "data.csv"),
        ("laporan.exe", contents.PDF, "laporan.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", contents.PDF, "aSet-Cookie x.pdf"),
        ("\u202egpj.exe", contents.PNG, "gpj.exe.png"),
        ("", contents.PDF, "berkas.pdf"),
        ("...", contents.PDF, "berkas.pdf"),
        (".pdf", contents.PDF, "pdf.pdf"),
        ("Surat Édaran 1.PDF", contents.PDF, "Surat Édaran 1.pdf"),
        ("a" * 400 + ".jpeg", contents.JPEG, "a" * 145 + ".jpeg"),
    ],
)
def test_names_are_made_safe(name, kind, safe):
    assert actions.safe_name(name, kind) == safe


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "picture"),
        (fixtures.png(99, 200), "99 by 200"),
        (fixtures.png(4001, 200), "4001 by 200"),
        (fixtures.png() + b"\0" * actions.ARMS_BYTES, "4 MB"),
    ],
)
def test_arms_are_pictures_of_fitting_size(db, data, words):
    with translation.override("en"), pytest.raises(FileRefused, match=words):
        actions.store_arms(upload(data), by=None, organisation_path=PATH)
    assert (
        actions.store_arms(upload(fixtures.webp(), "lambang"), by=None, organisation_path=PATH).name == "lambang.webp"
    )


def test_withdrawing_twice_is_one_line_of_history(country):
    stored = actions.store(upload(), by=None, organisation_path=PATH)
    actions.withdraw(stored, by=country.operator)
    actions.withdraw(stored, by=country.operator)
    assert not StoredFile.objects.present().exists()
    assert Event.objects.filter(verb="withdraw", subject_id=stored.pk, subject="files.storedfile").count() == 1
    assert default_storage.exists(stored.storage_name)
