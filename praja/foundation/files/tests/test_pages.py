"""Who may download, and how the answer looks."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from praja.foundation.files import actions
from praja.foundation.files.models import StoredFile


@pytest.fixture
def stored(country):
    upload = ContentFile(b"%PDF-1.7 isi", name='surat "édaran".pdf')
    return actions.store(upload, by=country.operator, organisation_path=country.health.path)


def address(stored):
    return reverse("file-download", args=[stored.pk])


def test_the_owner_gets_an_attachment_that_no_browser_guesses(client_of, country, stored):
    response = client_of(country.operator).get(address(stored))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 isi"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''surat%20%C3%A9daran.pdf")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_coordinator_of_the_region_reaches_it(client_of, country, stored):
    assert client_of(country.coordinator).get(address(stored)).status_code == 200


def test_a_stranger_gets_404(client_of, country, stored):
    assert client_of(country.neighbour).get(address(stored)).status_code == 404


def test_an_anonymous_visitor_is_asked_to_sign_in(client, stored):
    assert client.get(address(stored)).status_code == 302


def test_a_withdrawn_file_is_gone(client_of, country, stored):
    actions.withdraw(stored, by=country.operator)
    assert client_of(country.operator).get(address(stored)).status_code == 404


def test_content_that_the_storage_lost_is_404(client_of, country, stored):
    StoredFile.objects.filter(pk=stored.pk).update(sha256="0" * 64)
    assert client_of(country.operator).get(address(stored)).status_code == 404
