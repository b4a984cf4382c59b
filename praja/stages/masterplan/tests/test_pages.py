"""The book as a page, its files, and who may have them."""

import pytest
from django.urls import reverse

from praja.foundation.jobs.models import Job
from praja.foundation.jobs.worker import perform_due
from praja.stages.innovations.models import Innovation
from praja.stages.masterplan.models import BookFile
from praja.stages.masterplan.outlines.books import all_books_of


@pytest.fixture
def innovation(country):
    return Innovation.objects.create(
        plan=country.plan,
        organisation=country.health,
        dimension=country.dimension(),
        title="Piring <b>Pesisir</b>",
        summary="=HYPERLINK(1) #set {{ document }} <script>alert(1)</script> \x07\x0b",
        state="accepted",
    )


def test_everybody_of_the_region_reads_the_book(country, client_of, innovation):
    for user in (country.operator, country.coordinator, country.assessor, country.mentor, country.ministry_admin):
        page = client_of(user).get(reverse("book", args=[country.plan.slug]))
        assert page.status_code == 200
        assert "Piring &lt;b&gt;Pesisir&lt;/b&gt;" in page.content.decode()
        assert "<script>alert" not in page.content.decode()


def test_a_stranger_gets_404_for_page_building_and_file(country, client_of, innovation):
    stranger = client_of(country.neighbour)
    assert stranger.get(reverse("book", args=[country.plan.slug])).status_code == 404
    assert stranger.post(reverse("book-build", args=[country.plan.slug]), {"kind": "pdf"}).status_code == 404
    made = a_file(country, client_of)
    assert stranger.get(reverse("book-file", args=[country.plan.slug, made.pk])).status_code == 404
    assert stranger.get(reverse("book-file", args=[country.neighbour_plan.slug, made.pk])).status_code == 404
    assert stranger.get(reverse("file-download", args=[made.file_id])).status_code == 404


def test_an_operator_fetches_the_file_of_the_region(country, client_of, innovation):
    made = a_file(country, client_of)
    answer = client_of(country.operator).get(reverse("book-file", args=[country.plan.slug, made.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_building_asks_for_a_job_and_twice_for_the_same(country, client_of, innovation):
    client = client_of(country.coordinator)
    first = client.post(reverse("book-build", args=[country.plan.slug]), {"kind": "pdf"})
    assert client.post(reverse("book-build", args=[country.plan.slug]), {"kind": "pdf"}).url == first.url
    assert Job.objects.count() == 1
    Innovation.objects.update(title="Nama lain")
    assert client.post(reverse("book-build", args=[country.plan.slug]), {"kind": "pdf"}).url != first.url


def test_an_unknown_kind_makes_nothing(country, client_of):
    client_of(country.coordinator).post(reverse("book-build", args=[country.plan.slug]), {"kind": "exe"})
    assert not Job.objects.exists()


def test_the_page_says_whether_the_data_changed_since_a_file_was_made(country, client_of, innovation):
    a_file(country, client_of)
    client = client_of(country.coordinator)
    address = reverse("book", args=[country.plan.slug])
    assert "tone-success" in client.get(address).content.decode()
    Innovation.objects.update(summary="Kalimat lain.")
    assert "tone-warning" in client.get(address).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_plan(country, client_of, django_assert_max_num_queries):
    client = client_of(country.coordinator)
    address = reverse("book", args=[country.plan.slug])
    client.get(address)
    make(country, 2)
    with django_assert_max_num_queries(96) as few:
        client.get(address)
    make(country, 30)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_every_book_has_its_page_with_all_books_as_tabs(country, client_of, innovation):
    client = client_of(country.operator)
    for book in all_books_of(country.plan):
        page = client.get(reverse("book-of", args=[country.plan.slug, book.key]))
        assert page.status_code == 200
        assert page.content.decode().count('class="tab"') == len(all_books_of(country.plan))
    assert client.get(reverse("book-of", args=[country.plan.slug, "nothing"])).status_code == 404


def test_slides_are_made_as_powerpoint_and_books_are_not(country, client_of):
    client, page = client_of(country.coordinator), reverse("book-build", args=[country.plan.slug])
    client.post(page, {"kind": "pptx"})
    assert not Job.objects.exists()
    client.post(page, {"kind": "pptx", "book": "slides_selection"})
    assert perform_due() == 1
    assert BookFile.objects.get().file.name.endswith(".pptx")


def test_a_chapter_alone_has_its_number_of_the_book(country, client_of, innovation):
    client = client_of(country.operator)
    page = client.get(reverse("book-chapter", args=[country.plan.slug, "masterplan", "money"])).content.decode()
    assert '<span class="book-number">6</span>' in page
    assert (
        client.get(reverse("book-chapter", args=[country.plan.slug, "masterplan", "dimension-living"])).status_code
        == 200
    )
    assert client.get(reverse("book-chapter", args=[country.plan.slug, "masterplan", "nothing"])).status_code == 404


def test_a_chapter_asks_less_than_the_book_and_a_constant_number_of_queries(
    country, client_of, django_assert_max_num_queries
):
    client = client_of(country.coordinator)
    address = reverse("book-chapter", args=[country.plan.slug, "masterplan", "introduction"])
    client.get(address)
    make(country, 2)
    with django_assert_max_num_queries(42) as few:
        client.get(address)
    make(country, 30)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def make(country, number):
    Innovation.objects.bulk_create(
        Innovation(
            plan=country.plan,
            organisation=country.health,
            organisation_path=country.health.path,
            dimension=country.dimension(),
            title=f"Inovasi {place}",
            state=("accepted", "submitted")[place % 2],
        )
        for place in range(number)
    )


def a_file(country, client_of):
    client_of(country.coordinator).post(reverse("book-build", args=[country.plan.slug]), {"kind": "pdf"})
    assert perform_due() == 1
    return BookFile.objects.get()
