"""What is said of a file that somebody brings: known, an earlier state, altered and where, unknown."""

from threading import BoundedSemaphore
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as fuzzing
from hypothesis import strategies as st

from praja.foundation.files.models import StoredFile
from praja.foundation.signing.checking import uploads
from praja.foundation.signing.checking.uploads import Kind, of_upload
from praja.foundation.signing.models import SheetScan, Signature, SigningRound
from praja.foundation.signing.tests.making import small_pdf
from praja.foundation.signing.tests.signed import CERTIFICATE, read, signed_round


@pytest.fixture(autouse=True)
def sentences_in_english():
    """The words of the code, whatever is translated."""
    with translation.override("en"):
        yield


@pytest.fixture
def one(country):
    """A round of three: two signed electronically, one in wet ink."""
    return signed_round(country)


def said(verdict):
    """All sentences of a verdict."""
    return " ".join([verdict.sentence, *verdict.details])


def test_the_signed_document_is_known_to_the_last_byte(one):
    found = of_upload(read(one.signed))
    assert (found.kind, found.round) == (Kind.KNOWN, one)
    assert "with all its 2 electronic signatures" in said(found)
    assert "1 more signature stands in wet ink" in said(found)


@pytest.mark.parametrize(
    ("name", "words"),
    [("sheet", "as it was printed, before anybody signed"), ("edition.pdf", "the text of")],
)
def test_printed_sheet_and_text_are_known(one, name, words):
    row = one
    for part in name.split("."):
        row = getattr(row, part)
    found = of_upload(read(row))
    assert found.kind == Kind.KNOWN
    assert words in said(found)


def test_the_original_of_a_round_that_nobody_signed_is_known(country):
    one = signed_round(country, (None,))
    found = of_upload(read(one.original))
    assert (found.kind, "bears no electronic signature" in said(found)) == (Kind.KNOWN, True)


def test_a_scan_is_known_when_it_was_confirmed(one):
    scan = SheetScan.objects.get()
    assert "confirmed by a second person" in said(of_upload(read(scan.file)))
    SheetScan.objects.update(state="refused", reason="Salah lembar")
    assert "proves nothing" in said(of_upload(read(scan.file)))


def test_a_sheet_that_was_set_anew_since_is_told_as_an_earlier_version(one):
    earlier = read(one.sheet)
    one.sheet = one.original
    one.save()
    found = of_upload(earlier)
    assert found.kind == Kind.EARLIER
    assert "(version 1)" in said(found)


def test_a_removed_signature_is_an_earlier_state(one):
    found = of_upload(read(Signature.objects.get(revision=1).file))
    assert found.kind == Kind.EARLIER
    assert "after 1 of 2 electronic signatures" in said(found)
    assert of_upload(read(one.original)).kind == Kind.EARLIER


def test_what_was_appended_is_counted(one):
    found = of_upload(read(one.signed) + b"0123456789")
    assert found.kind == Kind.ALTERED
    assert "Behind it 10 bytes were appended" in said(found)


@pytest.mark.parametrize("behind", [b"\n", b"\r\n", b"x" * 100 + b"\n%%EOF\n"])
def test_appended_updates_and_line_ends_are_alterations_too(one, behind):
    found = of_upload(read(one.signed) + behind)
    assert f"Behind it {len(behind)} byte" in said(found)


def test_another_signature_on_an_earlier_state_differs_in_the_next_signature(one):
    first = read(Signature.objects.get(revision=1).file)
    found = of_upload(first + b"%% tanda tangan palsu dari orang lain\n%%EOF\n")
    assert found.kind == Kind.ALTERED
    assert "the electronic signature of Kepala Dinas Uji 02" in said(found)


def test_one_byte_is_found_wherever_it_stands(one):
    content = read(one.signed)
    texts, pages = one.edition.pdf.size_bytes, one.original.size_bytes
    for at, words in [(20, "the text"), (texts + 5, "the pages for signatures"), (pages + 9, "Kepala Dinas Uji 01")]:
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        found = of_upload(changed)
        assert (found.kind, found.round) == (Kind.ALTERED, one), at
        assert f"from byte {at + 1} " in said(found)
        assert words in said(found)


def test_a_file_that_is_cut_off_says_how_much_is_missing(one):
    content = read(one.signed)
    assert "its last 4 bytes are missing" in said(of_upload(content[:-4]))


def test_what_was_put_in_is_found_beside_its_own_round(one):
    content = read(one.signed)
    found = of_upload(content[:40] + b"selundupan" + content[40:], one)
    assert found.kind == Kind.ALTERED
    assert "from byte 41 " in said(found)


def test_a_name_inside_leads_to_the_round(one):
    content = read(one.signed)
    identifier = Signature.objects.get(revision=2).hash_before[:32].encode()
    found = of_upload(content[:40] + b"/ID [<00><" + identifier + b">]" + content[40:])
    assert (found.kind, found.round) == (Kind.ALTERED, one)


@pytest.mark.parametrize("content", [b"", b"x", b"%PDF-1.7", b"%%EOF" * 3000, b"\x00" * 5000, b"/ID[<" * 90_000])
def test_rubbish_is_unknown(one, content):
    assert of_upload(content, one).kind == Kind.UNKNOWN


def test_another_document_is_unknown_also_beside_a_round(one):
    other = small_pdf(40, 999)
    assert of_upload(other, one).kind == Kind.UNKNOWN


def test_a_round_that_is_being_prepared_is_not_told(one):
    SigningRound.objects.update(state="prepared")
    assert of_upload(read(one.signed)).kind == Kind.UNKNOWN


def test_nothing_is_kept(one):
    before = StoredFile.objects.count()
    of_upload(b"%PDF-1.7 apa ini %%EOF")
    assert StoredFile.objects.count() == before


def test_a_pdf_of_somebody_else_tells_what_its_own_signatures_say(country):
    one = signed_round(country, ("real",))
    content = read(one.signed)
    SigningRound.objects.update(state="prepared")  # nobody's news any more
    found = of_upload(content)
    assert found.kind == Kind.UNKNOWN
    assert found.signatures == ["Pejabat 01: by Praja's own authority, not certified; nothing was changed since."]


def test_a_signature_of_ours_around_which_all_was_changed_is_told(country, monkeypatch):
    one = signed_round(country, ("real",))
    monkeypatch.setattr("praja.foundation.signing.checking.uploads._altered", lambda *_parts: None)
    found = of_upload(read(one.signed) + b" ")
    assert (found.kind, found.round) == (Kind.ALTERED, one)
    assert "The signature of Kepala Dinas Uji 01 is in it" in said(found)


@pytest.mark.parametrize("at", ["", "2026-11-22T10:00:00", "kemarin", "0001-01-01T00:00:00+14:00"])
def test_a_moment_without_time_zone_or_none_is_no_moment_of_a_signature(one, monkeypatch, at):
    forged = SimpleNamespace(
        certificate={"serial": CERTIFICATE["serial"]}, at=at, name="", field="x", is_whole=True, trust=""
    )
    monkeypatch.setattr(uploads, "check", lambda _content: SimpleNamespace(signatures=[forged]))
    assert of_upload(b"%PDF-1.7 palsu").kind == Kind.UNKNOWN


def test_when_many_look_inside_a_file_is_just_unknown(one, monkeypatch):
    monkeypatch.setattr("praja.foundation.signing.checking.uploads.SECONDS_TO_WAIT", 0.01)
    monkeypatch.setattr("praja.foundation.signing.checking.uploads._LOOKING", BoundedSemaphore(1))
    with uploads._LOOKING:
        assert of_upload(b"%PDF-1.7 lain").kind == Kind.UNKNOWN


def test_a_known_file_proves_nothing_when_its_rows_were_altered(one):
    Signature.objects.filter(revision=2).update(person_name="Orang Lain")
    found = of_upload(read(one.signed))
    assert found.kind == Kind.ALTERED
    assert "This signature is not as it was entered in the log" in said(found)


def test_whatever_is_changed_it_is_never_called_unchanged(one, monkeypatch):
    monkeypatch.setattr(
        "praja.foundation.signing.checking.uploads.check", lambda _content: None
    )  # takes a process each
    content = read(one.signed)
    states = {content, read(one.original), read(one.edition.pdf), read(Signature.objects.get(revision=1).file)}

    @fuzzing(max_examples=40, deadline=None)
    @given(at=st.integers(0, len(content)), out=st.integers(0, 400), into=st.binary(max_size=60))
    def change(at, out, into):
        changed = content[:at] + into + content[at + out :]
        if changed not in states:
            assert of_upload(changed, one).kind in (Kind.ALTERED, Kind.UNKNOWN)

    change()
