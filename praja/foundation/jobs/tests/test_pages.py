"""The page of a job is for who asked for it, for who may see the region's jobs, and for nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from praja.foundation.jobs import leases
from praja.foundation.jobs.models import Job


@pytest.fixture
def job(country):
    return Job.objects.create(
        name="jobs.clear_sessions", created_by=country.operator, organisation_path=country.plan.organisation_path
    )


def address(name, job):
    return reverse(name, kwargs={"uid": job.uid})


def test_who_asked_and_the_coordinator_see_it_and_the_neighbour_does_not(country, job, client_of):
    for user, answer in ((country.operator, 200), (country.coordinator, 200), (country.neighbour, 404)):
        assert client_of(user).get(address("job-detail", job)).status_code == answer
        assert client_of(user).get(address("job-state", job)).status_code == answer
    assert client_of(country.neighbour).post(address("job-retry", job)).status_code == 404


def test_the_script_gets_the_same_part_of_the_page_anew(country, job, client_of):
    leases.renew(leases.claim(), done=3, total=4, note="Baris 3")
    part = client_of(country.operator).get(address("job-state", job)).content.decode()
    assert 'value="75"' in part
    assert "Baris 3" in part
    assert f'data-job-url="{address("job-state", job)}"' in part
    assert "<main" not in part


def test_the_page_works_without_a_script(country, job, client_of):
    page = client_of(country.operator).get(address("job-detail", job)).content.decode()
    assert 'href=""' in page  # loads the page again
    assert "http-equiv" not in page


def test_a_finished_job_leads_to_its_result(country, job, client_of):
    Job.objects.update(state="done", finished_at=timezone.now(), result={"address": "/hasil/"})
    assert 'href="/hasil/"' in client_of(country.operator).get(address("job-detail", job)).content.decode()


def test_a_failed_job_can_be_begun_anew(country, job, client_of):
    Job.objects.update(state="failed", finished_at=timezone.now(), error="Pilih berkas lain.")
    client = client_of(country.operator)
    assert "Pilih berkas lain." in client.get(address("job-detail", job)).content.decode()
    assert client.post(address("job-retry", job)).status_code == 302
    job.refresh_from_db()
    assert job.state == "queued"
