"""The archive of a region, and the tool that checks it without Praja: any change of any byte is found, never a traceback."""

import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzzing
from hypothesis import strategies as st

from praja.foundation.audit import chain
from praja.foundation.audit.roots import note_day
from praja.foundation.signing.checking import export
from praja.foundation.signing.models import SignerCertificate, SigningRound
from praja.foundation.signing.tests.making import round_of
from praja.foundation.signing.tests.signed import electronically, signed_round, with_a_certificate

TOOL = settings.PACKAGE.parent / "tools" / "verify_export.py"
MANY = fuzzing(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def tool():
    """The tool as a module; nothing of Praja is in it."""
    spec = importlib.util.spec_from_file_location("verify_export", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made():
    """What the first test of this file makes for all: keys take seconds."""
    return {}


@pytest.fixture
def archive(made, request):
    """The archive of a region with one round: two real electronic signatures and one in wet ink."""
    if "archive" not in made:
        country = request.getfixturevalue("country")
        note_day(signed_round(country, ("real", "real", "wet", None)).plan.today)
        made["archive"] = written(country.plan)
    return made["archive"]


def written(plan):
    """The archive of a plan's region."""
    target = io.BytesIO()
    export.write(plan, target, lambda one: f"%PDF bukti {one.code}".encode(), lambda _done, _total: None)
    return target.getvalue()


def members(archive):
    """{name: content} of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(parts):
    """An archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def forged(parts):
    """The archive of somebody who also brings manifest and its hash in line with the changed members."""
    manifest = json.loads(parts["manifest.json"])
    for name in manifest["files"]:
        manifest["files"][name] = {"sha256": sha256(parts[name]).hexdigest(), "bytes": len(parts[name])}
    return packed(with_manifest(parts, manifest))


def with_manifest(parts, manifest):
    """The members with another manifest and its hash."""
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return {**parts, "manifest.json": text, "manifest.sha256": f"{sha256(text).hexdigest()}\n".encode()}


@pytest.fixture
def run(tool, tmp_path, capsys):
    """A function that runs the tool on an archive; returns (code, what it said)."""

    def checked(content):
        path = tmp_path / "a.zip"
        path.write_bytes(content)
        code = tool.main([str(path)])
        said = capsys.readouterr()
        assert not said.err
        return code, said.out

    return checked


def test_an_untouched_archive_is_all_right(run, archive):
    code, said = run(archive)
    assert code == 0, said
    assert "ALL RIGHT: 1 signings are as they were signed." in said
    assert "0 certified, 2 of Praja's own (not certified), 1 in wet ink, of 4 places" in said
    assert "Praja's own authority, not certified: " in said
    assert "1 daily roots stand on all these" in said


def test_the_tool_runs_by_itself(archive, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(archive)
    done = subprocess.run([sys.executable, "-I", TOOL, path], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "praja" not in {line.split()[1] for line in TOOL.read_text().splitlines() if line.split()[:1] == ["import"]}


def test_the_same_rows_give_the_same_archive(country):
    signed_round(country)
    assert written(country.plan) == written(country.plan)


def test_a_round_that_is_being_prepared_is_left_out(country):
    signed_round(country)
    SigningRound.objects.update(state="prepared")
    assert json.loads(members(written(country.plan))["manifest.json"])["rounds"] == []


def test_one_byte_anywhere_is_found(run, archive):
    parts = members(archive)

    @MANY
    @given(data=st.data())
    def flip(data):
        name = data.draw(st.sampled_from(sorted(name for name, content in parts.items() if content)))
        at = data.draw(st.integers(0, len(parts[name]) - 1))
        bit = 1 << data.draw(st.integers(0, 7))
        content = bytearray(parts[name])
        content[at] ^= bit
        code, said = run(packed({**parts, name: bytes(content)}))
        assert (code, "DIFFERENT: " in said) == (1, True), name

    flip()


def test_one_byte_in_a_paper_is_found_also_with_a_forged_manifest(run, archive):
    parts = members(archive)
    papers = [name for name in parts if name.startswith(("editions/", "rounds/", "log/entries"))]
    papers = [name for name in papers if "evidence" not in name]  # says again what stands elsewhere

    @MANY
    @given(data=st.data())
    def flip(data):
        name = data.draw(st.sampled_from(papers))
        at = data.draw(st.integers(0, len(parts[name]) - 1))
        content = bytearray(parts[name])
        content[at] ^= 1 << data.draw(st.integers(0, 7))
        code, said = run(forged({**parts, name: bytes(content)}))
        assert (code, "DIFFERENT: " in said) == (1, True), name

    flip()


def test_a_member_that_is_missing_or_too_much_is_found(run, archive):
    parts = members(archive)
    for name in parts:
        assert run(packed({other: content for other, content in parts.items() if other != name}))[0] == 1, name
    assert "does not name: tambahan.txt" in run(packed({**parts, "tambahan.txt": b"x"}))[1]


def test_a_manifest_in_another_order_is_found(run, archive):
    parts = members(archive)
    manifest = json.loads(parts["manifest.json"])
    turned = json.dumps(dict(reversed(manifest.items()))).encode()
    hashed = f"{sha256(turned).hexdigest()}\n".encode()
    said = run(packed({**parts, "manifest.json": turned, "manifest.sha256": hashed}))[1]
    assert "not written as Praja writes it" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one["signatures"][0].update(name="Orang Lain"), "is not the one in the log"),
        (lambda one: one["signatures"][0]["facts"].update(office="Bupati"), "The log does not hold"),
        (lambda one: one["signatures"][0]["facts"].update(way="gateway"), "The log does not hold"),
        (lambda one: one["signatures"].pop(0), "does not follow the one before it"),
        (lambda one: one["signatures"].pop(1), "goes on behind its last signature"),
        (lambda one: one["signatures"].pop(2), "A signature was taken out"),
        (lambda one: one["signatures"].append(one["signatures"][2]), "stands twice"),
        (lambda one: one["signatures"][1].update(state=9), "is not the one that was stored"),
        (lambda one: one["signatures"][0].update(certificate={"serial": "1"}), "is not the one in the log"),
        (lambda one: one["signatures"][2].update(entry=1), "The log does not hold"),
        (lambda one: one.update(signed=one["original"]), "is not the one that was stored"),
    ],
)
def test_changed_facts_are_found_also_with_a_forged_manifest(run, archive, change, words):
    parts = members(archive)
    manifest = json.loads(parts["manifest.json"])
    change(manifest["rounds"][0])
    code, said = run(packed(with_manifest(parts, manifest)))
    assert (code, words in said) == (1, True), said


def test_another_authority_is_found(run, archive, tmp_path):
    parts = members(archive)
    manifest = json.loads(parts["manifest.json"])
    manifest["authorities"] = []
    assert "does not come from the authority" in run(packed(with_manifest(parts, manifest)))[1]


def test_a_certified_signature_of_an_authority_elsewhere_is_whole_and_said_to_be_so(run, country):
    one = signed_round(country, (None,))
    with_a_certificate(one.signatories.get(), way="gateway")
    parts = members(written(country.plan))
    manifest = json.loads(parts["manifest.json"])
    manifest["authorities"] = []
    code, said = run(packed(with_manifest(parts, manifest)))
    assert (code, "Ask BSrE whose they are" in said, "0 certified, 0 of" in said) == (0, True, True), said


def test_what_was_signed_with_a_certificate_after_it_was_taken_back_is_found(run, country):
    signed_round(country, ("real", "real"))
    SignerCertificate.objects.update(revoked_at=timezone.now() + timedelta(days=1))
    code, said = run(written(country.plan))
    assert (code, "2 certificates of Praja's own were taken back" in said) == (0, True), said
    SignerCertificate.objects.update(revoked_at=timezone.now() - timedelta(days=1))
    code, said = run(written(country.plan))
    assert (code, "had been taken back" in said) == (1, True), said


def test_entries_of_others_stand_between_as_hashes_and_the_root_on_them(run, country):
    one = signed_round(country, ("own",))
    with transaction.atomic():
        chain.append("edition", country.government, {"sha256": "0" * 64})
    electronically(round_of(country.plan, count=1).signatories.get())
    with transaction.atomic():
        last = chain.append("edition", country.government, {"sha256": "1" * 64})
    note_day(one.plan.today)
    lines = members(written(country.plan))["log/entries.txt"].decode().splitlines()
    assert lines[-1] == f"{last.hash} {last.seq}"
    assert [len(line.split(" ", 1)[1]) < 10 for line in lines].count(True) == 2
    parts = members(written(country.plan))
    said = run_log(run, parts)[1]
    assert "2 entries of others stand between them with their hash alone; 1 daily roots stand on all these." in said
    assert "this archive cannot show" in said
    other = "\n".join("f" * 64 + line[64:] if line.endswith(f" {last.seq - 3}") else line for line in lines) + "\n"
    assert "does not follow from the one before it" in run_log(run, {**parts, "log/entries.txt": other.encode()})[1]
    other = "\n".join([*lines[:-1], f"{'f' * 64} {last.seq}"]) + "\n"
    assert "is not entry" in run_log(run, {**parts, "log/entries.txt": other.encode()})[1]


def run_log(run, parts):
    """What the tool says of an archive whose PDFs hold no real signatures: the log comes before them."""
    return run(forged(parts))


def test_archives_that_contradict_each_other_are_found(tool, archive, tmp_path, capsys):
    parts = members(archive)
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    first.write_bytes(archive)
    second.write_bytes(archive)
    assert tool.main([str(first), str(second)]) == 0
    assert "ALL RIGHT: 2 signings" in capsys.readouterr().out
    last = parts["log/roots.txt"].decode().split()
    line = "f" * 64 + f" {int(last[1]) + 1}\n"
    second.write_bytes(forged({**parts, "log/entries.txt": parts["log/entries.txt"] + line.encode()}))
    third = tmp_path / "c.zip"
    third.write_bytes(forged({**parts, "log/entries.txt": parts["log/entries.txt"] + line.replace("f", "e").encode()}))
    assert tool.main([str(second)]) == 0
    assert tool.main([str(second), str(third)]) == 1
    assert "The archives contradict each other" in capsys.readouterr().out


def test_certified_is_what_leads_to_a_root_of_bsre_in_the_archive(run, country):
    one = signed_round(country, (None,))
    with_a_certificate(one.signatories.get(), way="gateway")
    parts = members(written(country.plan))
    manifest = json.loads(parts["manifest.json"])
    manifest["authorities"], manifest["bsre"] = [], manifest["authorities"]
    assert "1 certified, 0 of Praja's own" in run(packed(with_manifest(parts, manifest)))[1]


def test_a_file_that_was_lost_is_named(run, archive):
    parts = members(archive)
    manifest = json.loads(parts["manifest.json"])
    manifest["lost"] = ["rounds/x/original.pdf"]
    assert "had lost a file" in run(packed(with_manifest(parts, manifest)))[1]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"%PDF-1.7", bytes(1000)])
def test_rubbish_gets_a_sentence(run, content):
    code, said = run(content)
    assert (code, "DIFFERENT: " in said) == (1, True)


def test_rubbish_inside_gets_a_sentence(run, archive):
    parts = members(archive)
    vouched_by_nothing = [
        name for name in parts if name.endswith(("evidence.pdf", ".txt", ".sha256")) and "entries" not in name
    ]

    @MANY
    @given(data=st.data())
    def spoil(data):
        name = data.draw(st.sampled_from([name for name in parts if name not in vouched_by_nothing]))
        content = data.draw(
            st.one_of(st.binary(max_size=50), st.sampled_from([b"null", b"[]", b"{}", b'{"format": 1}', b"[" * 9999]))
        )
        assert run(forged_or_packed({**parts, name: content}))[0] == 1

    spoil()


def forged_or_packed(parts):
    """With a manifest that fits, where the manifest itself can still be read."""
    try:
        return forged(parts)
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError):
        hashed = f"{sha256(parts['manifest.json']).hexdigest()}\n".encode()
        return packed({**parts, "manifest.sha256": hashed})


def test_bytes_of_the_archive_itself_may_change_without_a_traceback(run, archive):
    @MANY
    @given(at=st.integers(0, len(archive) - 1), byte=st.integers(0, 255))
    def flip(at, byte):
        content = bytearray(archive)
        content[at] = byte
        assert run(bytes(content))[0] in (0, 1)

    flip()
    assert run(archive[: len(archive) // 2])[0] == 1
