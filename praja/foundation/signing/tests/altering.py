"""One byte of a round's signed PDF is changed, and what the three who check it say: the page, the upload, the tool without Praja."""

import contextlib
import importlib.util
import io
import json
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.foundation.signing.checking import export
from praja.foundation.signing.models import Signature
from praja.foundation.signing.tests.signed import read


def found_in(one, client) -> dict[str, list[bool]]:
    """{part of the PDF: [the page, the upload and the tool say that it is altered]}, "nothing" for the untouched one.

    The upload has to name byte and part as well, in English. The stored file is as it was afterwards.
    """
    whole, path = read(one.signed), Path(default_storage.path(one.signed.storage_name))
    archive = io.BytesIO()
    export.write(one.plan, archive, lambda _one: b"%PDF bukti", lambda _done, _total: None)
    found = {
        "nothing": [_page_warns(client, one), "Altered" in _told(client, one, whole), _tool_warns(archive.getvalue())]
    }
    for part, (at, words) in _places(one, whole).items():
        altered = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        try:
            path.write_bytes(altered)
            warns = _page_warns(client, one)
        finally:
            path.write_bytes(whole)
        said = _told(client, one, altered)
        is_named = (
            "Altered: this file comes from" in said
            and f"It differs from byte {at + 1} of {len(whole)} on: in {words}." in said
        )
        found[part] = [warns, is_named, _tool_warns(_with_signed(archive.getvalue(), one, altered))]
    return found


def _places(one, whole):
    """{part: (a byte in it, what the upload calls it)}."""
    edition, original = one.edition.pdf.size_bytes, one.original.size_bytes
    rows = Signature.objects.filter(signatory__round=one, revision__isnull=False).order_by("revision")
    first, last = rows.first(), rows.last()
    return {
        "the edition": (edition // 2, "the text of the document"),
        "a signing page": ((edition + original) // 2, "the pages for signatures"),
        "inside a signature": (
            whole.index(b"/Contents <", original) + 200,
            f"the electronic signature of {first.position_title}",
        ),
        "the last update": (len(whole) - 3, f"the electronic signature of {last.position_title}"),
    }


def _page_warns(client, one):
    """Whether the page of the QR code says that the signed document is another."""
    text = client.get(f"/v/{one.code}/").content.decode()
    assert ("Careful: not everything is as it was signed." in text) != ("Unchanged: the document" in text)
    return "The signed document is not the one that was stored" in text


def _told(client, one, content):
    """What is said of a file that somebody brings."""
    file = SimpleUploadedFile("a.pdf", content, "application/pdf")
    return client.post(f"/v/{one.code}/", {"file": file}).content.decode()


def _with_signed(archive, one, content):
    """The archive with another signed PDF, and a manifest that names it so."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    name = f"rounds/{one.code}/signed.pdf"
    assert parts[name] != content
    parts[name] = content
    manifest = json.loads(parts["manifest.json"])
    manifest["files"][name] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    next(each for each in manifest["rounds"] if each["code"] == one.code)["signed"]["sha256"] = sha256(
        content
    ).hexdigest()
    parts["manifest.json"] = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    parts["manifest.sha256"] = f"{sha256(parts['manifest.json']).hexdigest()}\n".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for member, value in parts.items():
            made.writestr(member, value)
    return target.getvalue()


def _tool_warns(archive):
    """Whether the tool finds a difference in this archive."""
    spec = importlib.util.spec_from_file_location("verify_export", settings.PACKAGE.parent / "tools/verify_export.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    said = io.StringIO()
    with tempfile.NamedTemporaryFile(suffix=".zip") as file, contextlib.redirect_stdout(said):
        file.write(archive)
        file.flush()
        is_different = tool.main([file.name]) == 1
    assert is_different == ("DIFFERENT: " in said.getvalue())
    return is_different
