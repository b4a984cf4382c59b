"""One changed byte of a mixed round's signed PDF is found by all three: the page of the QR code, the upload, the tool without Praja."""

import importlib.util
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from praja.foundation.signing.checking import export
from praja.foundation.signing.models import SigningRound
from praja.foundation.signing.tests.signed import on_paper, read, signed_round, with_a_certificate


def test_one_byte_is_found_by_the_page_the_upload_and_the_tool(client, country, tmp_path, capsys):
    one = mixed(country)
    whole, path = read(one.signed), Path(default_storage.path(one.signed.storage_name))
    archive = io.BytesIO()
    export.write(country.plan, archive, lambda _one: b"%PDF bukti", lambda _done, _total: None)
    assert told(client, one) == "is as it was"
    assert tool_of(tmp_path, archive.getvalue()) == 0
    try:
        for part, (at, words) in places(one, whole).items():
            altered = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            path.write_bytes(altered)
            assert told(client, one) == "altered", part
            path.write_bytes(whole)
            said = sent(client, one, altered)
            assert "Altered: this file comes from" in said, part
            assert f"It differs from byte {at + 1} of {len(whole)} on: in {words}." in said, part
            capsys.readouterr()
            assert tool_of(tmp_path, with_signed(archive.getvalue(), one, altered)) == 1, part
            assert "DIFFERENT: " in capsys.readouterr().out
    finally:
        path.write_bytes(whole)


def mixed(country) -> SigningRound:
    """Signed through the gateway, with Praja's own certificate, and in ink."""
    one = signed_round(country, (None, None, None))
    first, second, third = one.signatories.all()
    with_a_certificate(first, way="gateway")
    with_a_certificate(second)
    third.round = SigningRound.objects.get(pk=one.pk)
    on_paper(third, country)
    return SigningRound.objects.get(pk=one.pk)


def places(one, whole):
    """{part: (a byte in it, what the upload calls it)}."""
    edition, original = one.edition.pdf.size_bytes, one.original.size_bytes
    states = sorted(row.signature.file.size_bytes for row in one.signatories.filter(signature__revision__gt=0))
    contents = whole.index(b"/Contents <", original) + 200
    return {
        "the edition": (edition // 2, "the text of the document"),
        "a signing page": ((edition + original) // 2, "the pages for signatures"),
        "inside a signature": (contents, "the electronic signature of Kepala Dinas Uji 01"),
        "the last update": (states[-1] - 3, "the electronic signature of Kepala Dinas Uji 02"),
    }


def told(client, one):
    """What the page of the QR code says."""
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        text = client.get(reverse("verify", args=[one.code])).content.decode()
    assert ("Careful: not everything is as it was signed." in text) != ("Unchanged: the document" in text)
    return "altered" if "The signed document is not the one that was stored" in text else "is as it was"


def sent(client, one, content):
    """What is said of a file that somebody brings."""
    with translation.override("en"):
        file = SimpleUploadedFile("a.pdf", content, "application/pdf")
        return client.post(reverse("verify", args=[one.code]), {"file": file}).content.decode()


def with_signed(archive, one, content):
    """The archive with another signed PDF, and a manifest that names it so."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    name = f"rounds/{one.code}/signed.pdf"
    assert parts[name] != content
    parts[name] = content
    manifest = json.loads(parts["manifest.json"])
    manifest["files"][name] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    manifest["rounds"][0]["signed"]["sha256"] = sha256(content).hexdigest()
    parts["manifest.json"] = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    parts["manifest.sha256"] = f"{sha256(parts['manifest.json']).hexdigest()}\n".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for member, value in parts.items():
            made.writestr(member, value)
    return target.getvalue()


def tool_of(folder, archive):
    """How the tool ends on this archive."""
    spec = importlib.util.spec_from_file_location("verify_export", settings.PACKAGE.parent / "tools/verify_export.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    (folder / "a.zip").write_bytes(archive)
    return tool.main([str(folder / "a.zip")])
