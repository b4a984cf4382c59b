"""Making a file survives being done twice and being cut short."""

import pytest

from praja.foundation.documents.child import NotMade
from praja.foundation.files.models import StoredFile
from praja.foundation.jobs.actions import later
from praja.foundation.jobs.models import Job
from praja.foundation.jobs.progress import LeaseLost, Progress
from praja.foundation.jobs.worker import perform_due
from praja.stages.masterplan import actions, jobs
from praja.stages.masterplan.models import BookFile


@pytest.fixture
def quick(monkeypatch):
    """Instead of a real book, its size in words: fast."""
    monkeypatch.setattr(actions, "file_of", lambda document, kind: f"{kind} {len(document.blocks)}".encode())


def test_the_job_leaves_one_file_with_its_address(country, quick):
    job = later("masterplan.build_book", country.plan.pk, "word", by=country.operator)
    assert perform_due() == 1
    job.refresh_from_db()
    made = BookFile.objects.get()
    assert job.state == "done"
    assert job.address.endswith(f"/buku/berkas/{made.pk}/")
    assert made.made_by == country.operator
    assert made.file.name.endswith(".docx")


def test_a_worker_that_lost_its_lease_leaves_nothing_and_the_next_one_makes_one_file(country, quick):
    job = later("masterplan.build_book", country.plan.pk, "pdf")
    with pytest.raises(LeaseLost):  # nobody gave this worker the job
        jobs.build_book(Progress(job), country.plan.pk, "pdf")
    assert not BookFile.objects.exists()
    assert not StoredFile.objects.exists()
    assert perform_due() == 1
    assert perform_due() == 0
    assert BookFile.objects.count() == StoredFile.objects.count() == 1


def test_a_book_that_cannot_be_set_says_so_in_a_sentence(country, monkeypatch):
    def fails(_document, _kind):
        raise NotMade("secret details")

    monkeypatch.setattr(actions, "file_of", fails)
    later("masterplan.build_book", country.plan.pk, "pdf")
    perform_due()
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.error
    assert "secret" not in job.error
