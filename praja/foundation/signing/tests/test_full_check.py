"""The full validation of a round: asked for with each signature, made of the newest state, told on the pages; and what is certified."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from praja.foundation.accounts import installation
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing import electronic
from praja.foundation.signing.checking import evidence_file, full_check
from praja.foundation.signing.checking.full_check import Certified
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import PdfCheck, Signature, SigningRound
from praja.foundation.signing.pdf import judging, validating
from praja.foundation.signing.pdf.validating import PdfResult, PdfSignature
from praja.foundation.signing.tests.making import head_user, round_of
from praja.foundation.signing.tests.signed import CERTIFICATE, signed_round

pytestmark = pytest.mark.usefixtures("in_english")


def kept(one, *trusts, problems=(), is_whole=True):
    """The validation of the round's PDF as if it had been made: signatures of these authorities, in their order."""
    signatures = [
        PdfSignature(
            field=f"TTD-{at}", name="Pejabat", position=at, at=timezone.now().isoformat(), ranges=[], covers_whole=True,
            integrity=is_whole, modified="none", trust=trust, certificate=CERTIFICATE, time_stamp={}, is_whole=is_whole,
            is_valid=is_whole and trust != "unknown", problems=["unknown-trust"] if trust == "unknown" else [],
        )
        for at, trust in enumerate(trusts, 1)
    ]  # fmt: skip
    found = [*problems, *(["unknown-trust"] if "unknown" in trusts else [])]
    result = PdfResult(is_valid=not found, is_whole=is_whole, problems=found, signatures=signatures)
    PdfCheck.objects.create(sha256=one.head.sha256, result=result.as_json(), made_with=validating._made_with())
    return full_check.of_round(one)


def page(client, one):
    return client.get(reverse("verify", args=[one.code])).content.decode()


def found_of(check):
    rows = Signature.objects.filter(signatory__round=check.round).order_by("signatory__order")
    return [check.certified(row) for row in rows]


def test_each_signature_asks_for_it_and_the_newest_state_alone_is_validated(country, monkeypatch):
    round_ = round_of(country.plan, count=2, way="own")
    for signatory in round_.signatories.all():
        electronic.sign(signatory, by=head_user(signatory), way="own")
    jobs = Job.objects.filter(name=full_check.JOB)
    assert jobs.filter(state="queued", due_at__gt=timezone.now()).count() == 2
    jobs.update(due_at=timezone.now())
    looked_at, judged = [], validating._judged
    monkeypatch.setattr(validating, "_judged", lambda pdf: looked_at.append(len(pdf)) or judged(pdf))
    perform_due()
    check = full_check.of_round(SigningRound.objects.get(pk=round_.pk))
    assert looked_at == [check.round.head.size_bytes]
    assert check.result.is_valid
    assert check.sentence() == "The validation found all 2 electronic signatures valid."
    assert found_of(check) == [Certified.NO, Certified.NO]


def test_a_signature_that_is_not_stored_asks_for_nothing(country, monkeypatch):
    signatory = round_of(country.plan, count=1, way="own").signatories.get()
    monkeypatch.setattr(electronic.rounds, "store_signature", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        electronic.sign(signatory, by=head_user(signatory), way="own")
    assert not Job.objects.filter(name=full_check.JOB).exists()


def test_the_clock_asks_once_a_day_where_nothing_is_kept_that_counts(country):
    one = signed_round(country)
    SigningRound.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    full_check.ask_again()
    full_check.ask_again()
    assert [job.arguments for job in Job.objects.filter(name=full_check.JOB)] == [[one.signed_id]]
    Job.objects.all().delete()
    kept(one, "own", "own")
    full_check.ask_again()
    assert not Job.objects.filter(name=full_check.JOB).exists()


def test_until_then_the_pages_say_that_it_is_being_checked(client, client_of, country):
    one = signed_round(country, ("gateway", "own", "wet"))
    assert found_of(full_check.of_round(one)) == [Certified.PENDING, Certified.NO, Certified.INK]
    address = reverse("signing-round", args=[country.plan.slug, one.pk])
    for text in (page(client, one), client_of(country.coordinator).get(address).content.decode()):
        assert "The electronic signatures are being checked" in text
        assert "ertified electronic signatures (BSrE)" not in text


def test_then_they_say_what_was_found_and_when(client, client_of, country):
    one = signed_round(country)
    kept(one, "own", "own")
    address = reverse("signing-round", args=[country.plan.slug, one.pk])
    for text in (page(client, one), client_of(country.coordinator).get(address).content.decode()):
        assert "The validation found all 2 electronic signatures valid." in text
    assert "Validated " in page(client, one)


@pytest.mark.parametrize(
    ("problems", "trusts", "words"),
    [
        (["altered"], ("own", "own"), "a signature is damaged"),
        (["appended"], ("own", "own"), "bytes stand behind the last signature"),
        ([], ("own",), "1 signatures instead of 2"),
    ],
)
def test_what_is_wrong_is_said_and_the_page_warns(client, country, problems, trusts, words):
    one = signed_round(country)
    kept(one, *trusts, problems=problems, is_whole=not problems)
    text = page(client, one)
    assert words in text
    assert "Careful: not everything is as it was signed." in text


def test_certified_is_what_leads_to_a_root_of_bsre(client, country):
    one = signed_round(country, ("gateway", "own", "wet"))
    assert found_of(kept(one, "bsre", "own")) == [Certified.YES, Certified.NO, Certified.INK]
    text = page(client, one)
    assert "Certified electronic signatures (BSrE)" in text
    assert "Given electronically, through the e-sign gateway." in text


def test_the_gateways_way_alone_certifies_nothing(client, country, settings):
    one = signed_round(country, ("gateway", "own", "wet"))
    settings.BSRE_ROOTS = None
    assert found_of(kept(one, "unknown", "own")) == [Certified.UNKNOWN, Certified.NO, Certified.INK]
    text = page(client, one)
    assert "whether they are certified could not be confirmed" in text
    assert "has not been given the root certificates of BSrE" in text
    assert "Careful" not in text
    assert "Certified electronic signatures (BSrE)" not in text


def test_a_signature_of_the_gateway_from_praja_s_own_authority_is_not_certified(country):
    one = signed_round(country, ("gateway",))
    assert found_of(kept(one, "own")) == [Certified.NO]


def test_another_certificate_than_the_stored_one_is_not_confirmed(country):
    one = signed_round(country, ("gateway",))
    Signature.objects.update(certificate={**CERTIFICATE, "serial": "2b"})
    assert found_of(kept(one, "bsre")) == [Certified.UNKNOWN]


def test_the_gateway_of_the_demonstration_is_named_an_imitation(client, country, monkeypatch):
    one = signed_round(country, ("gateway",))
    Signature.objects.update(certificate={**CERTIFICATE, "issuer": fake.AUTHORITY})
    assert found_of(kept(one, "unknown")) == [Certified.UNKNOWN]
    monkeypatch.setitem(installation._known, "is_demonstration", True)
    assert found_of(full_check.of_round(one)) == [Certified.IMITATION]
    assert "Imitation of certified electronic signatures" in page(client, one)


def test_the_evidence_tells_way_and_worth_apart_and_the_name_that_differs(client_of, client, country):
    one = signed_round(country, ("gateway", "own", "wet"))
    validation = {"name": "differs", "certificate_name": "Orang Lain"}
    Signature.objects.filter(way="gateway").update(validation=validation)
    said = repr(evidence_file.document_of(kept(one, "bsre", "own"), address="http://praja.example"))
    for words in (
        "electronically, through the e-sign gateway (certified (BSrE))", "with Praja's own certificate (not certified)",
        "'in wet ink on the printed sheet'", "Name in the certificate differs: Orang Lain",
    ):  # fmt: skip
        assert words in said, words
    address = reverse("signing-round", args=[country.plan.slug, one.pk])
    assert "Name in the certificate differs: Orang Lain" in client_of(country.coordinator).get(address).content.decode()
    assert "Orang Lain" not in client_of(country.operator).get(address).content.decode()
    assert "Orang Lain" not in page(client, one)


@pytest.mark.parametrize(
    ("name", "nik", "match"),
    [("PEJABAT 01", "", "same"), ("Orang Lain", "", "differs"), ("", "", "empty"), ("Pejabat 01", "1" * 16, "number")],
)
def test_how_the_certificates_name_fits_is_stored_with_the_signature(country, name, nik, match, monkeypatch):
    signatory = round_of(country.plan, count=1, way="gateway").signatories.get()
    added = judging.Added("BSrE_1", CERTIFICATE, {}, name, nik)
    monkeypatch.setattr(judging, "added", lambda _before, _after: added)

    class Client:
        def sign(self, pdf, *_parts, **_names):
            return pdf + b"%"

    monkeypatch.setattr(electronic, "_client_for", lambda _round: Client())
    typed = electronic.Secrets(nik=electronic_secret("3205010101700001"))
    signature = electronic.sign(signatory, by=head_user(signatory), way="gateway", secrets=typed)
    assert (signature.validation["name"], signature.validation["certificate_name"]) == (match, name)
    assert "3205010101700001" not in str(signature.validation)


def electronic_secret(words):
    from praja.foundation.signing.gateway.secret import Secret

    return Secret(words)
