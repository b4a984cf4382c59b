"""Whatever happens to a signed PDF is found: a byte, an update, a signature taken away; and whose the signatures are."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import HistoricalResolver

from praja.foundation.accounts.models import Person
from praja.foundation.files import contents
from praja.foundation.files.actions import keep
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing.models import CertificateAuthority, PdfCheck, SignerCertificate
from praja.foundation.signing.pdf import authority, pades, validating
from praja.foundation.signing.pdf.pdf_process import Reader
from praja.foundation.signing.tests import pdfs


def test_signatures_in_series_are_all_valid():
    said = pdfs.said_of(pdfs.signed(4))
    assert said["is_valid"]
    assert said["problems"] == []
    assert [each["field"] for each in said["signatures"]] == ["TTD-001", "TTD-002", "TTD-003", "TTD-004"]
    first, *_, last = said["signatures"]
    assert (first["modified"], last["modified"]) == ("form_filling", "none")
    assert first["trust"] == "own"
    assert first["certificate"] == pdfs.signer().facts
    assert first["at"] == pdfs.NOW.isoformat()


def test_revisions_are_the_states_that_the_file_has_been_in():
    states = [pdfs.edition(), pdfs.original(), pdfs.signed(1), pdfs.signed(2)]
    said = pdfs.said_of(states[-1])["revisions"]
    assert [each["sha256"] for each in said] == [hashlib.sha256(each).hexdigest() for each in states]
    assert [each["length"] for each in said] == [len(each) for each in states]
    assert [each["field"] for each in said] == ["", "", "TTD-001", "TTD-002"]


@pytest.mark.slow
def test_sixty_in_series_are_valid():
    said = pdfs.said_of(pdfs.signed(60))
    assert said["is_valid"]
    assert len(said["signatures"]) == 60


@rules(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 255))
def test_one_altered_byte_is_found_wherever_it_is(place, other):
    altered = bytearray(pdfs.signed(2))
    altered[place % len(altered)] ^= other
    said = pdfs.said_of(bytes(altered))
    assert not said["is_valid"]
    assert not said["is_whole"]
    assert said["problems"]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("edge", ["begin", "before the gap", "behind the gap", "end"])
def test_the_edges_of_what_is_signed_are_signed(number, edge):
    signature = pdfs.said_of(pdfs.signed(2))["signatures"][number - 1]
    _zero, gap, start, length = signature["ranges"]
    place = {"begin": 9, "before the gap": gap - 1, "behind the gap": start, "end": start + length - 1}[edge]
    altered = bytearray(pdfs.signed(2))
    altered[place] ^= 1
    said = pdfs.said_of(bytes(altered))
    assert not said["is_valid"]
    assert {"altered", "unreadable"} & set(said["problems"])


def test_what_was_signed_says_itself_that_it_was_altered():
    place = pdfs.signed(2).index(b"stream\n") + 20
    altered = bytearray(pdfs.signed(2))
    altered[place] ^= 1
    said = pdfs.said_of(bytes(altered))
    assert [each["integrity"] for each in said["signatures"]] == [False, False]
    assert said["problems"][0] == "altered"


@pytest.mark.parametrize(("digit", "change"), [(52, 1), (59, 1), (None, 0x20)])  # of a letter: small for capital
def test_what_stands_around_a_signature_is_held_to_how_it_is_written(digit, change):
    pdf = pdfs.signed(2)
    _zero, gap, start, _length = pdfs.said_of(pdf)["signatures"][1]["ranges"]
    place = gap + digit if digit else next(at for at in range(gap + 1, start) if chr(pdf[at]).isalpha())
    said = pdfs.said_of(pdf[:place] + bytes([pdf[place] ^ change]) + pdf[place + 1 :])
    assert said["problems"] == ["altered"]
    assert [each["integrity"] for each in said["signatures"]] == [True, False]


def test_a_page_that_comes_later_changes_what_was_signed():
    said = pdfs.said_of(pades.with_pages(pdfs.signed(2), pdfs.pages()))
    assert not said["is_valid"]
    assert not said["is_whole"]
    assert {"changed", "appended"} <= set(said["problems"])
    assert said["changes"]
    assert all(each["integrity"] for each in said["signatures"])


def test_a_page_between_two_signatures_is_held_against_the_first():
    said = pdfs.said_of(pdfs.sign(pades.with_pages(pdfs.signed(1), pdfs.pages()), 2).pdf)
    assert [each["is_valid"] for each in said["signatures"]] == [False, True]
    assert not said["is_valid"]
    assert not said["is_whole"]


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"%PDF-1.7 another"])
def test_bytes_behind_the_last_signature_are_found(tail):
    said = pdfs.said_of(pdfs.signed(2) + tail)
    assert not said["is_valid"]
    assert {"appended", "unreadable"} & set(said["problems"])


def test_a_signature_that_was_cut_off_leaves_a_valid_file_with_one_less():
    whole = pdfs.said_of(pdfs.signed(3))
    said = pdfs.said_of(pdfs.signed(3)[: whole["revisions"][-2]["length"]])
    assert said["is_valid"]
    assert len(said["signatures"]) == 2
    assert said["revisions"] == whole["revisions"][:-1]


def test_two_signatures_that_changed_places_are_not_valid():
    start, first, second = (len(pdfs.signed(count)) for count in (0, 1, 2))
    pdf = pdfs.signed(2)
    said = pdfs.said_of(pdf[:start] + pdf[first:second] + pdf[start:first])
    assert not said["is_valid"]
    assert not said["is_whole"]


def test_a_signature_of_another_document_is_not_valid_here():
    other = pades.with_pages(pdfs.edition(), pdfs.pages(2))
    update = pdfs.signed(1)[len(pdfs.original()) :]
    assert not pdfs.said_of(other + update)["is_valid"]


def test_another_authority_is_whole_but_unknown():
    said = pdfs.said_of(pdfs.sign(pdfs.signed(1), 2, by=pdfs.signer(above="Lain")).pdf)
    assert [each["trust"] for each in said["signatures"]] == ["own", "unknown"]
    assert [each["is_valid"] for each in said["signatures"]] == [True, False]
    assert said["problems"] == ["unknown-trust"]
    assert (said["is_valid"], said["is_whole"]) == (False, True)


def test_an_authority_of_the_same_name_is_not_ours():
    impostor = pdfs.signer(above="Praja ")
    said = pdfs.said_of(pdfs.sign(pdfs.original(), 1, by=impostor).pdf)
    assert said["problems"] == ["unknown-trust"]


def test_bsre_is_trusted_where_its_roots_are_known():
    pdf = pdfs.sign(pdfs.signed(1), 2, by=pdfs.signer(above="BSrE")).pdf
    said = pdfs.said_of(pdf, bsre=[pdfs.root("BSrE").decode()])
    assert said["is_valid"]
    assert [each["trust"] for each in said["signatures"]] == ["own", "bsre"]


def test_an_expired_certificate_is_not_valid_but_known():
    said = pdfs.said_of(pdfs.sign(pdfs.original(), 1, by=pdfs.signer(begins=-30, ends=-1)).pdf)
    assert (said["is_valid"], said["is_whole"]) == (False, True)
    assert not said["signatures"][0]["is_valid"]
    assert "expired" in said["problems"]
    assert said["signatures"][0]["trust"] == "own"


def test_a_pdf_without_signatures_is_not_valid():
    said = pdfs.said_of(pdfs.original())
    assert (said["is_valid"], said["problems"]) == (False, ["no-signatures"])


def test_users_of_an_object_are_the_same_when_only_what_leads_to_them_is_read():
    reader = Reader(io.BytesIO(pdfs.signed(3)))
    for revision in range(reader.xrefs.total_revisions - 1):
        quick, thorough = reader.get_historical_resolver(revision), HistoricalResolver(reader, revision)
        quick._load_reverse_xref_cache()
        thorough._load_reverse_xref_cache()
        for reference in reader.xrefs.explicit_refs_in_revision(revision + 1):
            found, all_there_are = (each._get_usages_of_ref(reference) for each in (quick, thorough))
            assert {each.path for each in found} == {each.path for each in all_there_are}


@pytest.fixture
def trusted(monkeypatch, db):
    """The root of the tests' signers is the installation's own."""
    monkeypatch.setattr(authority, "own_roots", lambda: [pdfs.root()])


def test_what_was_found_is_kept_by_hash(trusted, monkeypatch):
    content = pdfs.signed(2)
    sha256 = hashlib.sha256(content).hexdigest()
    result = validating.remembered(sha256, lambda: content)
    assert result.is_valid
    monkeypatch.setattr(validating, "_judged", lambda _pdf: pytest.fail("asked again"))
    assert validating.remembered(sha256, lambda: b"") == validating.known_of(sha256) == result


def test_what_was_found_counts_no_more_with_other_roots(trusted, monkeypatch):
    PdfCheck.objects.create(sha256="a" * 64, made_with=validating._made_with(), result=_result().as_json())
    assert validating.known_of("a" * 64) == _result()
    monkeypatch.setattr(authority, "own_roots", lambda: [pdfs.root("Lain")])
    assert validating.known_of("a" * 64) is None


@pytest.mark.parametrize(("days", "problems"), [(-1, ["revoked"]), (1, [])])
def test_a_certificate_that_was_taken_back_counts_for_what_it_signed_before(trusted, days, problems):
    content = pdfs.signed(1)
    sha256 = hashlib.sha256(content).hexdigest()
    assert validating.remembered(sha256, lambda: content).is_valid
    facts = pdfs.signer().facts
    SignerCertificate.objects.create(
        serial=facts["serial"], certificate="", key="", not_before=facts["not_before"], not_after=facts["not_after"],
        authority=CertificateAuthority.objects.create(certificate="", key=""), person=Person.objects.create(name="Siti"),
        revoked_at=pdfs.NOW + timedelta(days=days),
    )  # fmt: skip
    found = validating.known_of(sha256)
    assert (found.is_valid, found.is_whole, found.problems) == (not problems, True, problems)
    assert validating.check(content) == found


@pytest.mark.parametrize("at", ["", "2026-11-22T10:00:00", "kemarin"])
def test_a_moment_that_cannot_be_compared_breaks_nothing(at):
    end = datetime(2026, 1, 1, tzinfo=UTC)
    one = SimpleNamespace(trust="own", certificate={"serial": "1"}, at=at, time_stamp={})
    assert validating._is_too_late(one, {"1": end})


def test_what_was_found_counts_until_the_first_certificate_ends(trusted):
    content = pdfs.signed(1)
    sha256 = hashlib.sha256(content).hexdigest()
    validating.remembered(sha256, lambda: content)
    assert PdfCheck.objects.get().counts_until.isoformat() == pdfs.signer().facts["not_after"]
    PdfCheck.objects.update(counts_until=pdfs.NOW - timedelta(days=1))
    assert validating.known_of(sha256) is None


def test_content_of_another_hash_is_not_kept(trusted):
    with pytest.raises(validating.NotThatContent):
        validating.remembered("a" * 64, lambda: pdfs.signed(1))
    assert not PdfCheck.objects.exists()


def test_a_result_survives_json():
    result = validating.PdfResult.from_json(pdfs.said_of(pdfs.signed(2)))
    assert validating.PdfResult.from_json(result.as_json()) == result


def test_the_job_keeps_what_it_found(trusted, country):
    stored = keep(
        pdfs.signed(1), name="a.pdf", kind=contents.PDF, by=None, organisation_path=country.plan.organisation_path
    )
    stored.save()
    job = later("signing.check_pdf", stored.pk)
    assert perform_due() == 1
    job.refresh_from_db()
    assert job.result == {"sha256": stored.sha256, "is_valid": True}
    assert validating.known_of(stored.sha256).is_valid


def _result():
    return validating.PdfResult(is_valid=False, is_whole=False, problems=["no-signatures"])
