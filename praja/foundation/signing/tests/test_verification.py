"""What the public check says of a round: unchanged, or which of its papers, rows and entries is not as it was."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation

from praja.foundation.audit.models import ChainEntry, Event
from praja.foundation.audit.verifying import Altered, verify
from praja.foundation.documents.models import Edition
from praja.foundation.signing.checking.verification import rounds, state_of
from praja.foundation.signing.facts import of_signature
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.signing.tests.signed import signed_round


@pytest.fixture
def one(country):
    """A round of three: two signed electronically, one in wet ink."""
    return signed_round(country)


def said(one):
    """All that is not as it was."""
    return " ".join(state_of(rounds().get(pk=one.pk)).all_problems)


@pytest.fixture(autouse=True)
def sentences_in_english():
    """The words of the code, whatever is translated."""
    with translation.override("en"):
        yield


@pytest.fixture
def spoil():
    """A function that changes one byte of a stored file, until the test ends: equal files of other tests lie there too."""
    kept = {}

    def change(stored, at=-3):
        path = Path(default_storage.path(stored.storage_name))
        content = bytearray(kept.setdefault(path, path.read_bytes()))
        content[at] ^= 1
        path.write_bytes(content)

    yield change
    for path, content in kept.items():
        path.write_bytes(content)


@pytest.fixture
def lose():
    """A function that takes a stored file away until the test ends."""
    kept = {}

    def take(stored):
        path = Path(default_storage.path(stored.storage_name))
        kept[path] = path.read_bytes()
        path.unlink()

    yield take
    for path, content in kept.items():
        path.write_bytes(content)


def test_a_round_that_nobody_touched_is_unchanged(one):
    found = state_of(rounds().get(pk=one.pk))
    assert (found.all_problems, found.is_unchanged) == ([], True)
    assert [place.signature.way for place in found.signed] == ["wet", "own", "own"]


def test_who_has_not_signed_has_a_place_without_a_signature(country):
    found = state_of(rounds().get(pk=signed_round(country, ("own", None)).pk))
    assert [bool(place.signature) for place in found.places] == [True, False]
    assert found.is_unchanged


def test_a_round_without_electronic_signatures_is_unchanged(country):
    assert not said(signed_round(country, ("wet", "wet")))


@pytest.mark.parametrize("at", [3, 700, -3])
def test_one_byte_in_the_signed_document_is_found(one, spoil, at):
    spoil(one.signed, at)
    assert "The signed document is not the one that was stored" in said(one)


def test_one_byte_in_a_scan_is_found(one, spoil):
    spoil(Signature.objects.get(way="wet").file)
    assert "The scan of this signature is not the one" in said(one)


def test_one_byte_in_the_pdf_of_the_edition_is_found(one, spoil):
    spoil(one.edition.pdf)
    assert "The PDF of this edition is not the one that was made of it" in said(one)


def test_files_that_are_lost_are_named(one, lose):
    lose(one.signed)
    lose(Signature.objects.get(way="wet").file)
    assert "The signed document is lost" in said(one)
    assert "The scan of this signature is lost" in said(one)


def test_a_changed_text_of_the_edition_is_found(one):
    Edition.objects.update(content="{}")
    assert "The stored text of this edition is not the one that was frozen" in said(one)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("person_name", "Orang Lain"),
        ("position_title", "Bupati"),
        ("acting", "plt"),
        ("decree", "SK 1/2026"),
        ("way", "gateway"),
        ("signed_at", "2026-01-01T00:00:00Z"),
        ("certificate", {"serial": "00"}),
    ],
)
def test_a_fact_that_differs_from_the_chain_is_found(one, column, value):
    Signature.objects.filter(revision=2).update(**{column: value})
    assert "This signature is not as it was entered in the log" in said(one)


def test_what_people_type_enters_the_log_as_a_hash_alone(one):
    signature = Signature.objects.first()
    signature.decree, signature.basis = "SK Bupati atas nama Ratna", "Surat kuasa Ratna"
    facts = of_signature(signature)
    assert "Ratna" not in str(facts)
    assert facts["decree"] != of_signature(Signature.objects.first())["decree"]
    signature.decree = signature.basis = ""
    assert (of_signature(signature)["decree"], of_signature(signature)["basis"]) == ("", "")


def test_hashes_that_do_not_follow_each_other_are_found(one):
    Signature.objects.filter(revision=2).update(hash_before="0" * 64)
    assert "The signatures do not follow each other" in said(one)


def test_a_signature_that_points_at_another_state_is_found(one):
    Signature.objects.filter(revision=1).update(file=one.original)
    assert "The signatures do not follow each other" in said(one)


def test_a_signature_that_was_taken_out_is_found(one):
    first = Signature.objects.get(revision=1)
    Signature.objects.filter(pk=first.pk)._raw_delete("default")
    found = said(one)
    assert "The signatures do not follow each other" in found
    assert "contradict each other" in found


def test_a_head_that_is_not_the_last_signature_is_found(one):
    SigningRound.objects.update(signed=Signature.objects.get(revision=1).file)
    assert "The signed document does not end with the last signature" in said(one)


def test_an_original_that_does_not_begin_with_the_edition_is_found(one):
    Edition.objects.update(pdf=one.sheet)
    assert "The signed document does not begin with the document that was frozen" in said(one)


def test_a_wet_signature_of_another_edition_is_found(one):
    Signature.objects.filter(way="wet").update(hash_before="0" * 64)
    assert "This signature was given to another edition" in said(one)


def test_a_signature_without_its_entry_is_found(one):
    entry = ChainEntry.objects.filter(kind="signature").first()
    ChainEntry.objects.filter(pk=entry.pk)._raw_delete("default")
    assert "This signature does not stand in the log" in said(one)


def test_an_entry_that_was_changed_is_found(one):
    entry = ChainEntry.objects.filter(kind="signature").first()
    ChainEntry.objects.filter(pk=entry.pk).update(facts="{}")
    assert "The entry of this signature in the log was changed" in said(one)


def test_an_entry_that_was_exchanged_with_a_new_hash_is_found(one):
    entry = ChainEntry.objects.filter(kind="signature").first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_chainentry SET hash = %s WHERE seq = %s", ["1" * 64, entry.seq])
    assert "The entry of this signature in the log was changed" in said(one)


def test_a_place_that_says_signed_without_a_signature_is_found(country):
    one = signed_round(country, ("own", None))
    Signatory.objects.update(state="signed")
    assert "contradict each other" in said(one)


def test_reading_writes_nothing_and_asks_little(one, django_assert_num_queries):
    row, events = rounds().get(pk=one.pk), Event.objects.count()
    with django_assert_num_queries(5):
        state_of(row)
    assert Event.objects.count() == events


def test_a_round_that_is_being_prepared_is_not_told(one):
    SigningRound.objects.update(state="prepared")
    assert not rounds().exists()


def test_who_verifies_the_whole_log_finds_papers_of_signatures(one, spoil):
    assert verify().rows >= 4
    spoil(one.signed)
    with pytest.raises(Altered, match="has been altered since"):
        verify()


def test_who_verifies_the_whole_log_finds_rows_of_signatures(one):
    Signature.objects.filter(revision=2).update(decree="SK 9/2026")
    with pytest.raises(Altered):
        verify()
