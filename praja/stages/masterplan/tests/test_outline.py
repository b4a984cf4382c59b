"""A region arranges its books: order, titles, what a book has, own parts; two people at once; back to the guide."""

import pytest
from django.urls import reverse

from praja.foundation.audit.models import Event
from praja.foundation.audit.rows import TooLate
from praja.foundation.documents.blocks import Heading
from praja.stages.masterplan.actions import book_document
from praja.stages.masterplan.models import Chapter, Narrative
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.masterplan.outlines.changes import Step, Typed, change_outline, reset_outline, taken_out
from praja.stages.masterplan.outlines.outline import outline_of


@pytest.fixture
def book(country):
    return book_of(country.plan, "masterplan")


@pytest.fixture
def change(country, book):
    """Do one thing with the outline of Buku 2 and get the new one."""

    def do(verb="save", key="", *, title="", place="chapter", typed=None):
        outline = outline_of(country.plan, book)
        step = Step(verb, key, title, place)
        return change_outline(
            country.plan, book, by=country.coordinator, mark=outline.mark, typed=typed or {}, step=step
        )

    return do


def chapters(plan, key="masterplan"):
    return [block.text for block in book_document(plan, key).walk(Heading) if block.level == 1 and block.numbered]


def test_a_book_follows_its_guide_until_somebody_changes_it(country, book, change):
    assert [part.key for part in outline_of(country.plan, book).chapters][:3] == ["introduction", "vision", "strategy"]
    assert not Chapter.objects.exists()
    change()
    assert not Chapter.objects.exists()
    change("down", "vision")
    assert [part.key for part in outline_of(country.plan, book).chapters][:3] == ["introduction", "strategy", "vision"]


def test_titles_and_ticks_are_kept_and_numbers_follow(country, change):
    outline = change(typed={"vision": Typed("Cita-cita", is_shown=True), "coverage": Typed("", is_shown=False)})
    assert outline.by_key["vision"].title == "Cita-cita"
    assert outline.by_key["coverage"].title == "Cakupan Masukan Perangkat Daerah"
    assert outline.numbers["closing"] == "7"
    assert "Cita-cita" in chapters(country.plan)
    assert "Cakupan Masukan Perangkat Daerah" not in chapters(country.plan)


def test_a_section_at_the_edge_goes_over_to_the_next_chapter(change):
    outline = change("up", "short")
    assert outline.by_key["actions"].sections[-1].key == "short"
    assert change("down", "short").by_key["roadmap"].sections[0].key == "short"


def test_a_chapter_never_changes_places_with_an_appendix(change):
    outline = change("down", "closing")
    assert outline.chapters[-1].key == "closing"
    assert change("up", "introduction").chapters[0].key == "introduction"


def test_an_own_part_holds_text_and_comes_back_after_it_was_taken_out(country, book, change):
    outline = change("add", title="Kanvas Layanan Cerdas", place="strategy")
    own = outline.by_key["strategy"].sections[-1]
    assert own.is_own
    outline = change("take_out", own.key)
    assert own.key not in outline.by_key
    assert [row.title for row in taken_out(country.plan, book, outline)] == ["Kanvas Layanan Cerdas"]
    outline = change("add", own.key, title="Kanvas Layanan Cerdas", place="appendix")
    assert outline.appendices[-1].key == own.key


def test_whoever_saw_an_older_outline_is_told(country, book, change):
    old = outline_of(country.plan, book).mark
    change("down", "vision")
    with pytest.raises(TooLate):
        change_outline(country.plan, book, by=country.coordinator, mark=old, typed={}, step=Step("up", "vision"))


def test_what_another_book_compiles_can_stand_here(country, change):
    outline = change("add", "analysis:legal_basis", title="Peraturan", place="vision")
    assert outline.by_key["vision"].sections[-1].key == "analysis:legal_basis"
    spoken = [block for block in book_document(country.plan).walk(Heading) if block.text == "Peraturan"]
    assert spoken[0].level == 2


def test_going_back_to_the_guide_keeps_texts_and_says_so_in_the_history(country, book, change):
    outline = change("add", title="Bab sendiri")
    key = next(part.key for part in outline.chapters if part.is_own)
    Narrative.objects.create(plan=country.plan, book="masterplan", key=key, content=[])
    reset_outline(country.plan, book, by=country.coordinator)
    assert not outline_of(country.plan, book).is_own
    assert Narrative.objects.filter(key=key).exists()
    verbs = Event.objects.about(country.plan).values_list("verb", flat=True)
    assert {"change outline", "reset outline"} <= set(verbs)


JAWA_TENGAH = (  # a province's study as it was published: method.md 9.3
    ("Pendahuluan", ("legal_basis", "method")),
    ("Tinjauan Smart City, Desa, Kabupaten, dan Provinsi", ()),
    ("Asesmen, Survei, dan Inisiatif yang Ada", ("readiness_result", "masterplan:innovation_list")),
    ("Kondisi Provinsi, Visi-Misi, dan Program Unggulan", ("regional_direction", "sectors", "figures")),
    ("Arah Strategis dan Strategi Implementasi", ("masterplan:policy", "masterplan:infrastructure")),
    ("Perubahan Pola Pikir dan Masyarakat Digital", ("masterplan:people",)),
    ("Peta Jalan", ("masterplan:roadmap", "masterplan:short", "masterplan:long")),
    ("Penguatan Koordinasi dengan Kabupaten/Kota", ("masterplan:coverage",)),
    ("Pola Penganggaran", ("masterplan:money",)),
    ("Kanvas Layanan Cerdas", ()),
    ("Struktur Rancangan Perda", ()),
)


def test_the_real_outline_of_a_province_is_set_up_on_the_page_alone(country, client_of):
    client, page = client_of(country.coordinator), reverse("book-outline", args=[country.plan.slug, "analysis"])
    book = book_of(country.plan, "analysis")

    def press(step, **typed):
        mark = outline_of(country.plan, book).mark
        assert client.post(page, {"mark": mark, "step": step, **typed}).status_code == 302

    for part in outline_of(country.plan, book).parts:  # the last one stays until there are others
        press(f"take_out {part.key}")
    assert len(outline_of(country.plan, book).parts) == 1
    for title, parts in JAWA_TENGAH:
        press("add", add_title=title, add_place="chapter")
        chapter = outline_of(country.plan, book).chapters[-1].key
        for key in parts:
            press("add", add_key=key, add_place=chapter)
    press("take_out missing")
    press("add", add_key="closing", add_place="chapter")
    assert chapters(country.plan, "analysis") == [title for title, _parts in JAWA_TENGAH] + ["Penutup"]
    assert outline_of(country.plan, book).numbers["masterplan:short"] == "7.2"


# ---------------------------------------------------------------- the page


def test_the_page_moves_a_chapter_and_keeps_what_was_typed_beside_it(country, client_of):
    client, page = client_of(country.coordinator), reverse("book-outline", args=[country.plan.slug, "masterplan"])
    mark = outline_of(country.plan, book_of(country.plan)).mark
    typed = {"title-money": "Pendanaan", "shown-money": "on", "mark": mark, "step": "up money"}
    assert client.post(page, typed).url.endswith("#bagian-money")
    outline = outline_of(country.plan, book_of(country.plan))
    assert outline.by_key["money"].title == "Pendanaan"
    assert outline.numbers["money"] == "5"


def test_a_late_page_comes_back_with_both_titles_and_writes_nothing(country, client_of, change):
    page = reverse("book-outline", args=[country.plan.slug, "masterplan"])
    change(typed={"money": Typed("Pendanaan", is_shown=True)})
    answer = client_of(country.coordinator).post(page, {"mark": "old", "title-money": "Anggaran", "shown-money": "on"})
    assert answer.status_code == 409
    assert "Anggaran" in answer.content.decode()
    assert "Pendanaan" in answer.content.decode()
    assert outline_of(country.plan, book_of(country.plan)).by_key["money"].title == "Pendanaan"


def test_wrong_input_is_answered_with_a_sentence(country, client_of):
    client, page = client_of(country.coordinator), reverse("book-outline", args=[country.plan.slug, "masterplan"])
    mark = outline_of(country.plan, book_of(country.plan)).mark
    for typed in ({"step": "add"}, {"title-money": "x" * 201}, {"step": "add", "add_key": "../x", "add_title": "x"}):
        assert client.post(page, {"mark": mark, **typed}).status_code == 422
    assert client.post(page, {"mark": mark, "step": "explode x"}).status_code == 302
    assert not Chapter.objects.exists()
    assert client.get(reverse("book-outline", args=[country.plan.slug, "nothing"])).status_code == 404


def test_going_back_needs_a_tick(country, client_of, change):
    change("down", "vision")
    client, page = client_of(country.coordinator), reverse("book-outline-reset", args=[country.plan.slug, "masterplan"])
    client.post(page)
    assert outline_of(country.plan, book_of(country.plan)).is_own
    client.post(page, {"sure": "1"})
    assert not outline_of(country.plan, book_of(country.plan)).is_own


def test_only_who_writes_books_arranges_them(country, client_of):
    page = reverse("book-outline", args=[country.plan.slug, "masterplan"])
    assert client_of(country.operator).get(page).status_code == 404
    assert client_of(country.neighbour).get(page).status_code == 404
    assert client_of(country.coordinator).get(page).status_code == 200


def test_the_page_asks_a_constant_number_of_queries(country, client_of, change, django_assert_max_num_queries):
    change("down", "vision")
    client, page = client_of(country.coordinator), reverse("book-outline", args=[country.plan.slug, "masterplan"])
    client.get(page)
    with django_assert_max_num_queries(20):
        client.get(page)
