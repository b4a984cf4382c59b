"""The public page of a round and the check of files: for anybody, in clear sentences, and without personal data."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from praja.foundation.accounts.models import Person
from praja.foundation.documents.models import Edition
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.signing.tests.signed import read, signed_round

pytestmark = pytest.mark.usefixtures("in_english")


@pytest.fixture
def one(country):
    """A round of three: two signed electronically, one in wet ink."""
    return signed_round(country)


def page(client, one, **data):
    """The page of a round as text."""
    return client.get(reverse("verify", args=[one.code]), data).content.decode()


def sent(client, content, one=None):
    """The answer to a file."""
    address = reverse("verify", args=[one.code]) if one else reverse("verify-upload")
    return client.post(address, {"file": SimpleUploadedFile("a.pdf", content, "application/pdf")})


def test_anybody_sees_what_was_signed_by_whom_and_how(client, one):
    text = page(client, one, h="1", s="a")
    for words in (
        one.title, "Kabupaten Uji", "Unchanged: the document and its signatures", "3 of 3 offices have signed",
        "not certified", "Signatures in wet ink", "Kepala Dinas Uji 01", "Pejabat 03", "Pendopo", one.edition.sha256[:8],
    ):  # fmt: skip
        assert words in text, words
    assert "Certified electronic signatures" not in text


def test_each_way_stands_apart_and_says_what_it_is(client, country):
    text = page(client, signed_round(country, ("gateway", "own", "wet")))
    parts = text.split('class="signed-way')[1:]
    titles = ("signatures: being checked", "own electronic signatures: not certified", "Signatures in wet ink")
    assert [[title in part for title in titles] for part in parts] == [
        [True, False, False], [False, True, False], [False, False, True]
    ]  # fmt: skip
    assert all("<svg" in part for part in parts)


def test_what_is_wrong_is_said_in_one_big_sentence(client, one):
    Signature.objects.filter(revision=2).update(person_name="Orang Lain")
    text = page(client, one)
    assert "Careful: not everything is as it was signed." in text
    assert "This signature is not as it was entered in the log" in text
    assert "Unchanged" not in text


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "going on"), ("closed", "closed before all had signed"), ("cancelled", "bind nobody")],
)
def test_how_the_signing_stands_is_told(client, one, state, words):
    SigningRound.objects.update(state=state, end_reason="Alasan yang tidak diumumkan")
    text = page(client, one)
    assert words in text
    assert "tidak diumumkan" not in text


def test_nothing_personal_is_public(client, one):
    Person.objects.update(nip="197001011990031001", phone="081234567890", rank="Pembina Utama")
    Signatory.objects.update(decline_reason="Sakit keras")
    text = page(client, one)
    answers = [text, sent(client, read(one.signed), one).content.decode(), sent(client, b"x").content.decode()]
    for secret in (
        "197001011990031001",
        "081234567890",
        "Pembina Utama",
        "Sakit keras",
        "@",
        "/berkas/",
        "<img",
        "NIK",
        "NIP",
    ):
        for answer in answers:
            assert secret not in answer, secret


def test_the_page_is_light_and_asks_little(client, country, django_assert_num_queries):
    one = signed_round(country, ("own",) * 20 + ("wet",) * 5)
    with django_assert_num_queries(9):
        answer = client.get(reverse("verify", args=[one.code]))
    assert len(gzip.compress(answer.content)) < 10_000
    assert len(answer.content) < 30_000
    assert b"<script" not in answer.content.partition(b"<body")[2]


@pytest.mark.parametrize("how", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_is_found_however_it_is_typed(client, one, how):
    answer = client.get(reverse("verify-upload"), {"kode": how(one.code)})
    assert answer.url == reverse("verify", args=[one.code])
    assert client.get(reverse("verify", args=[one.code.lower()])).url == reverse("verify", args=[one.code])


@pytest.mark.parametrize("code", ["K7QM-3XPD", "..", "x" * 200, "O0I1", "%00"])
def test_a_wrong_code_is_told_kindly(client, one, code):
    answers = [client.get(reverse("verify-upload"), {"kode": code}), client.get(f"/v/{code}/")]
    for answer in answers:
        assert answer.status_code == 404
    assert b"No document has this code" in answers[0].content
    assert b"with or without the dash" in answers[0].content


def test_a_round_that_is_being_prepared_has_no_page(client, one):
    SigningRound.objects.update(state="prepared")
    assert client.get(reverse("verify", args=[one.code])).status_code == 404


def test_a_file_is_checked_on_the_page_of_its_round_and_without_one(client, one):
    for beside in (one, None):
        assert b"with all its 2 electronic signatures" in sent(client, read(one.signed), beside).content
        assert b"Altered" in sent(client, read(one.signed) + b"x", beside).content
        assert b"Unknown: Praja does not know this file" in sent(client, b"apa saja", beside).content
    assert reverse("verify", args=[one.code]) in sent(client, read(one.signed)).content.decode()


def test_no_file_an_empty_one_and_one_too_large_are_refused_with_a_sentence(client, one, settings):
    assert client.post(reverse("verify-upload")).status_code == 422
    settings.UPLOAD_LIMIT_BYTES = 10
    answer = sent(client, read(one.signed), one)
    assert answer.status_code == 422
    assert b"larger than" in answer.content


def test_very_many_files_from_one_place_wait(client, one, monkeypatch):
    monkeypatch.setattr("praja.foundation.signing.pages.verify_views.ratelimit.consume", lambda *_args, **_names: False)
    assert b"Very many files were checked from here" in sent(client, b"x").content


def test_the_document_is_handed_out_when_it_is_final(client, one):
    address = reverse("verify-document", args=[one.code])
    assert client.get(address).status_code == 404
    assert address not in page(client, one)
    Edition.objects.update(status="final")
    assert address in page(client, one)
    assert b"".join(client.get(address).streaming_content) == read(one.edition.pdf)
    Edition.objects.update(pdf=None)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["197001011990031001", "19700101 199003 1 001", "3205010101700001"])
def test_a_document_that_names_a_personal_number_is_handed_to_nobody(client, one, number):
    address = reverse("verify-document", args=[one.code])
    Edition.objects.update(status="final", content=one.edition.content + f'"NIP/NIK {number}"')
    assert client.get(address).status_code == 404
    assert address not in page(client, one)
