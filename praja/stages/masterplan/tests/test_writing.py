"""The page of a text: saved beside what others wrote, kept as versions, seen who is here, pictures, Word, and wrong input."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from praja.foundation.drafts.models import Draft
from praja.foundation.files.models import StoredFile
from praja.stages.masterplan.models import Narrative, NarrativeVersion, Presence
from praja.stages.masterplan.tests.test_word_round_trip import strangers
from praja.stages.masterplan.texts.markup import read, written
from praja.stages.masterplan.texts.narratives import blocks_of, validated
from praja.stages.masterplan.texts.references import values_of

KEY = "background"


@pytest.fixture
def client(country, client_of):
    return client_of(country.coordinator)


@pytest.fixture
def where(country):
    """The address of the page, or of one below it."""

    def address(name="narrative", *more):
        return reverse(name, args=[country.plan.slug, "masterplan", KEY, *more])

    return address


def text():
    return written(Narrative.objects.get(key=KEY).content)


def picture(width, height, kind="PNG"):
    made = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", (width, height)).save(made, kind)
    return SimpleUploadedFile(f"foto.{kind.lower()}", made.getvalue())


def test_a_text_is_saved_as_a_version_and_stands_in_the_book(country, client, where):
    answer = client.post(
        where(), {"text": "## Umum\n\nAda {{ jumlah-perangkat-daerah }} OPD.", "version": "0", "reason": "Awal"}
    )
    assert answer.status_code == 302
    assert list(NarrativeVersion.objects.values_list("number", "reason")) == [(1, "Awal")]
    chapter = client.get(reverse("book-chapter", args=[country.plan.slug, "masterplan", "introduction"]))
    assert "Ada 2 OPD." in chapter.content.decode()


def test_nodes_of_the_editor_come_before_the_markup(client, where):
    nodes = json.dumps([{"is": "paragraph", "text": [{"text": "dari penyunting", "bold": True}]}])
    client.post(where(), {"text": "lama", "nodes": nodes, "version": "0"})
    assert text() == "**dari penyunting**"


def test_saving_the_same_text_makes_no_version(client, where):
    for version in ("0", "2"):
        client.post(where(), {"text": "Sama.", "version": version})
    assert NarrativeVersion.objects.count() == 1


def test_two_people_see_both_texts_and_nothing_is_lost(country, client, where):
    client.post(where(), {"text": "Kalimat pertama tetap.", "version": "0"})
    client.post(where(), {"text": "Kalimat pertama mereka.", "version": "2"})
    late = client.post(where(), {"text": "Kalimat pertama saya.", "version": "2"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "<del>mereka</del>" in page
    assert "<ins>saya</ins>" in page
    assert 'name="version" value="3"' in page
    assert Draft.objects.get(kind="conflict").values["text"] == ["Kalimat pertama saya."]
    assert text() == "Kalimat pertama mereka."
    assert client.post(where(), {"text": "Kalimat pertama saya.", "version": "3"}).status_code == 302


def test_what_is_typed_is_kept_and_offered_again(client, where):
    client.post(where("narrative-draft"), {"text": "belum selesai", "version": "0"})
    page = client.get(where()).content.decode()
    assert "belum selesai" in page
    client.post(where("narrative-draft"), {"discard": "1"})
    assert "belum selesai" not in client.get(where()).content.decode()


def test_a_draft_of_the_editor_is_offered_as_markup_too(client, where):
    nodes = json.dumps([{"is": "heading", "level": 1, "text": [{"text": "Judul draf"}]}])
    client.post(where("narrative-draft"), {"nodes": nodes, "text": "", "version": "0"})
    assert "## Judul draf" in client.get(where()).content.decode()


def test_others_who_are_here_are_named(country, client_of, client, where):
    other = client_of(country.ministry_admin)
    assert "Budi" not in other.get(where()).content.decode()
    client.post(where("narrative-here"), {"version": "0"})
    assert "Budi Koordinator" in other.get(where()).content.decode()
    assert "Budi Koordinator" in other.post(where("narrative-here"), {"version": "0"}).content.decode()
    Presence.objects.update(seen_at="2020-01-01T00:00Z")
    assert "Budi" not in other.get(where()).content.decode()


def test_the_page_learns_that_a_newer_text_was_saved(client, where):
    client.post(where(), {"text": "Baru.", "version": "0"})
    assert "writing-newer" in client.post(where("narrative-here"), {"version": "1"}).content.decode()
    assert "writing-newer" not in client.post(where("narrative-here"), {"version": "2"}).content.decode()


def test_a_version_is_brought_back_as_a_new_one(client, where):
    client.post(where(), {"text": "Satu.", "version": "0"})
    client.post(where(), {"text": "Dua.", "version": "2"})
    assert "<del>Satu</del>" in client.get(where("narrative-version", 2)).content.decode()
    client.post(where("narrative-restore", 1), {"version": "3", "reason": "lebih baik"})
    assert text() == "Satu."
    newest = NarrativeVersion.objects.first()
    assert newest.number == 3
    assert newest.reason.endswith("lebih baik")
    client.post(where("narrative-restore", 2), {"version": "3"})
    assert text() == "Satu."


def test_only_who_writes_the_books_reaches_the_page(country, client_of, where):
    for user in (country.operator, country.mentor, country.neighbour):
        assert client_of(user).get(where()).status_code == 404
        assert client_of(user).post(where(), {"text": "x", "version": "0"}).status_code == 404
    assert not Narrative.objects.exists()


def test_without_a_script_things_are_put_at_the_end(country, client, where):
    page = client.post(where(), {"text": "Awal.", "version": "0", "do": "reference", "reference": "jumlah-inovasi"})
    assert "Awal.\n\n{{ jumlah-inovasi }}" in page.content.decode()
    assert not NarrativeVersion.objects.exists()
    more = {"do": "picture", "picture": picture(40, 30), "picture_caption": "Peta | kota", "picture_source": "Bappeda"}
    page = client.post(where(), {"text": "Awal.", "version": "0", **more})
    assert "![Peta \\| kota |  | Bappeda](gambar:" in page.content.decode()


def test_a_picture_is_made_light_and_stands_in_the_book(country, client, client_of, where):
    uid = client.post(where("narrative-picture-new"), {"picture": picture(2000, 10, "JPEG")}).json()["picture"]
    content = validated(read(f"![Foto](gambar:{uid})"))
    values = values_of(country.plan)
    values.also({uid})
    (block,) = blocks_of(content, values)
    assert block.content.startswith(b"\xff\xd8\xff")
    shown = reverse("narrative-picture", args=[country.plan.slug, uid])
    assert client_of(country.mentor).get(shown)["Content-Type"] == "image/jpeg"
    assert client_of(country.neighbour).get(shown).status_code == 404
    assert values_of(country.neighbour_plan).picture(uid) is None


@pytest.mark.parametrize(
    "upload", [picture(8000, 5000), SimpleUploadedFile("x.png", b"<svg><script>1</script></svg>"), None]
)
def test_a_picture_of_forty_megapixels_and_what_is_none_are_refused_kindly(client, where, upload):
    answer = client.post(where("narrative-picture-new"), {"picture": upload} if upload else {})
    assert answer.status_code == 422
    assert answer.json()["problems"][0].endswith(".")
    page = client.post(where(), {"text": "Tetap ada.", "version": "0", "do": "picture"})
    assert "Tetap ada." in page.content.decode()
    assert not StoredFile.objects.exists()


HOSTILE = [
    {"text": "x" * 1_000_000},
    {"nodes": json.dumps([{"is": "paragraph", "text": [{"text": "y", "link": "javascript:alert(1)"}]}])},
    {"nodes": "{"},
    {"nodes": "[" * 100_000},
    {"nodes": json.dumps([{"is": "paragraph", "text": [{"text": "y"}]}] * 6000)},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_what_cannot_be_saved_is_answered_in_sentences_and_kept(client, where, data):
    answer = client.post(where(), {**data, "version": "0"})
    assert answer.status_code == 422
    assert not NarrativeVersion.objects.exists()
    assert client.get(where()).status_code == 200
    assert Draft.objects.get().values[next(iter(data))][0] == next(iter(data.values()))


def test_typesetting_markup_and_scripts_stand_in_the_book_as_text(country, client, where):
    typed = "#set text(red) $x^2$ \\LaTeX <script>alert(1)</script> {% include x %}"
    client.post(where(), {"text": typed, "version": "0"})
    page = client.get(reverse("book-chapter", args=[country.plan.slug, "masterplan", "introduction"])).content.decode()
    assert "#set text(red) $x^2$ \\LaTeX &lt;script&gt;alert(1)&lt;/script&gt; {% include x %}" in page


def test_a_reference_to_a_deleted_row_is_shown_as_broken(country, client, where):
    client.post(where(), {"text": "Ada {{ inovasi-dimensi-hilang }} inovasi.", "version": "0"})
    chapter = reverse("book-chapter", args=[country.plan.slug, "masterplan", "introduction"])
    assert "inovasi-dimensi-hilang" in client.get(chapter).content.decode()
    check = client.get(reverse("book-check", args=[country.plan.slug, "masterplan"])).content.decode()
    assert "inovasi-dimensi-hilang" in check
    assert where() in check


def test_pasted_html_comes_back_clean(client, where):
    answer = client.post(where("narrative-paste"), {"html": "<p onclick=x><b>a</b><script>1</script>"}).json()
    assert answer == {"nodes": [{"is": "paragraph", "text": [{"text": "a", "bold": True}]}], "text": "**a**"}


def test_a_word_file_is_looked_at_and_taken_in(country, client, where):
    client.post(where(), {"text": "Lama.", "version": "0"})
    upload = SimpleUploadedFile("bab.docx", strangers().getvalue())
    preview = client.post(where("narrative-word-in"), {"file": upload}).url
    page = client.get(preview).content.decode()
    assert "Geografi" in page
    assert text() == "Lama."
    client.post(preview, {f"take-{KEY}": "on", f"version-{KEY}": "2"})
    assert "### Geografi" in text()
    client.post(where(), {"text": "Diubah lagi.", "version": "3"})
    assert client.post(preview, {f"take-{KEY}": "on", f"version-{KEY}": "3"}).url == preview
    assert text() == "Diubah lagi."


def test_a_word_file_can_be_fetched(client, where):
    client.post(where(), {"text": "Isi.", "version": "0"})
    answer = client.get(where("narrative-word"))
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer.content.startswith(b"PK")


def test_what_is_no_word_file_is_refused_on_the_page(client, where):
    answer = client.post(where("narrative-word-in"), {"file": SimpleUploadedFile("x.docx", b"halo")})
    assert answer.status_code == 422
    assert client.post(where("narrative-word-in"), {}).status_code == 422


def test_the_number_of_queries_of_each_page_stays_the_same(country, client, where, django_assert_max_num_queries):
    client.post(where(), {"text": "Satu.", "version": "0"})
    client.post(where(), {"text": "Dua.", "version": "2"})
    pages = [
        (where(), 55),
        (where("narrative-versions"), 32),
        (where("narrative-version", 2), 36),
        (where("narrative-word-in"), 30),
    ]
    pages.append((reverse("book-check", args=[country.plan.slug, "masterplan"]), 130))
    for address, most in pages:
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
