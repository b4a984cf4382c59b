"""A text on its way to Word and back: shape kept, what comes from data locked, a stranger's file read, hostile ones refused."""

import io
import re
import zipfile

import docx
import pytest
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings

from praja.foundation.files.contents import FileRefused
from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.outlines.books import book_of
from praja.stages.masterplan.outlines.outline import outline_of
from praja.stages.masterplan.tests.texts import contents
from praja.stages.masterplan.texts.markup import read, written
from praja.stages.masterplan.texts.narratives import validated
from praja.stages.masterplan.texts.references import Values, values_of
from praja.stages.masterplan.texts.word_round_trip import chapter_file, mark_of, places_of, read_file

FULL = (
    "## Kondisi umum\n\nTeks **tebal**, _miring_ dan [tautan](https://uji.go.id/a?b=c)[^Sumber: BPS, 2025.] serta {{ jumlah-inovasi }} inovasi.\n\n"
    "- satu\n  - anak\n    1. cucu\n- dua\n\nsela\n\n1. pertama\n2. kedua\n\n> Kutipan orang.\n\n### Anak judul\n\n"
    "[tabel: Jumlah | BPS 2025]\n| Tahun | Nilai |\n| 2025 | 12 |\n\n![](grafik:anggaran-per-tahun)"
)


@pytest.fixture
def chapter(country):
    """The chapter "introduction" of the masterplan with a text of its own and one in its first section."""
    outline = outline_of(country.plan, book_of(country.plan))
    part = outline.by_key["introduction"]
    for key, text in (("introduction", "Pengantar bab."), ("background", FULL)):
        Narrative.objects.create(plan=country.plan, book="masterplan", key=key, content=validated(read(text)))
    return country.plan, outline, part


def taken(plan, outline, part):
    return chapter_file(plan, outline, part, values_of(plan))


def edited(data, change):
    """The file after somebody changed its body's XML."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if name == "word/document.xml" else content)
    return io.BytesIO(result.getvalue())


def test_a_chapter_that_nobody_edited_changes_nothing(chapter):
    places = places_of(*chapter, read_file(io.BytesIO(taken(*chapter))))
    assert [place.part.key for place in places][:2] == ["introduction", "background"]
    assert not any(place.is_changed for place in places)


def test_what_is_edited_in_word_comes_back_and_nothing_else(chapter):
    file = edited(
        taken(*chapter), lambda xml: xml.replace("Kutipan orang.", "Kutipan lain.").replace("Pengantar", "Pembuka")
    )
    changed = {
        place.part.key: written(place.content) for place in places_of(*chapter, read_file(file)) if place.is_changed
    }
    assert changed == {"introduction": "Pembuka bab.", "background": FULL.replace("orang", "lain")}


def test_what_is_typed_into_a_place_made_from_data_is_left_out(chapter):
    file = edited(taken(*chapter), lambda xml: re.sub("Disusun dari data|Made from data:", "DIUBAH", xml))
    assert not any(place.is_changed for place in places_of(*chapter, read_file(file)))


def test_a_program_that_drops_the_controls_changes_nothing(chapter):
    row = Narrative.objects.get(key="background")
    row.content = validated(read(FULL + "\n\nDan **{{ jumlah-inovasi }}** lagi {{ tahun-awal }}."))
    row.save()
    bare = edited(taken(*chapter), lambda xml: re.sub("<w:sdt>.*?<w:sdtContent>|</w:sdtContent></w:sdt>", "", xml))
    assert not any(place.is_changed for place in places_of(*chapter, read_file(bare)))


@pytest.mark.once
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents)
def test_any_content_survives_the_way_to_word_and_back(chapter, content):
    plan, outline, part = chapter
    content = validated(content)
    row = Narrative.objects.get(plan=plan, key="background")
    row.content = content
    row.save()
    data = chapter_file(plan, outline, part, Values(plan))
    place = next(
        one for one in places_of(plan, outline, part, read_file(io.BytesIO(data))) if one.part.key == "background"
    )
    assert place.content == content


def strangers(**more):
    """A chapter as somebody writes it in Word, without any of our marks."""
    made = docx.Document()
    made.add_heading("BAB II Gambaran Umum", level=1)
    made.add_heading("Geografi", level=2)
    words = made.add_paragraph("Kabupaten ini ")
    words.add_run("luas").bold = True
    run = words.add_run(" sekali")
    run.italic, run.font.size = True, Pt(20)
    made.add_paragraph("satu", style="List Bullet")
    made.add_paragraph("dua", style="List Number")
    made.add_paragraph("Tabel 2. Penduduk", style="Caption")
    table = made.add_table(rows=2, cols=2)
    for place, text in enumerate(["Tahun", "Jiwa", "2025", "12"]):
        table.cell(place // 2, place % 2).text = text
    result = io.BytesIO()
    made.save(result)
    result.seek(0)
    return result


def test_a_chapter_that_somebody_else_wrote_goes_in_unharmed(chapter):
    plan, outline, part = chapter
    (place,) = places_of(plan, outline, part, read_file(strangers()))
    assert written(place.content) == (
        "## BAB II Gambaran Umum\n\n### Geografi\n\nKabupaten ini **luas** *sekali*\n\n- satu\n1. dua\n\n"
        "[tabel: Penduduk]\n| Tahun | Jiwa |\n| 2025 | 12 |"
    ).replace("*sekali*", "_sekali_")
    Narrative.objects.filter(key="introduction").update(content=place.content)
    again = places_of(plan, outline, part, read_file(io.BytesIO(taken(plan, outline, part))))
    assert not any(one.is_changed for one in again)


def test_headings_by_direct_formatting_are_read_as_headings(chapter):
    document = docx.Document()
    sizes = (
        ("Latar", 20, True),
        ("Tujuan", 14, True),
        ("Kalimat tebal.", 14, True),
        ("Biasa", 11, True),
        ("Besar", 16, False),
    )
    for words, size, is_bold in sizes:
        run = document.add_paragraph().add_run(words)
        run.font.size, run.bold = Pt(size), is_bold
    file = io.BytesIO()
    document.save(file)
    found = read_file(file)
    assert [(node["is"], node.get("level")) for node in found.texts[""]] == [
        ("heading", 1), ("heading", 2), ("paragraph", None), ("paragraph", None), ("paragraph", None),
    ]  # fmt: skip
    assert not any(part.get("bold") for part in found.texts[""][0]["text"])
    assert len(found.warnings) == 1


def test_tracked_changes_are_accepted_and_comments_are_told(chapter):
    plan, outline, part = chapter
    change = (
        '<w:ins w:id="1" w:author="A"><w:r><w:t>masuk</w:t></w:r></w:ins><w:del w:id="2" w:author="A"><w:r><w:delText>keluar'
        "</w:delText></w:r></w:del>"
    )
    file = edited(
        taken(plan, outline, part),
        lambda xml: xml.replace('<w:r><w:t xml:space="preserve">Pengantar bab.</w:t></w:r>', change),
    )
    found = read_file(file)
    place = places_of(plan, outline, part, found)[0]
    assert written(place.content) == "masuk"
    assert any("1" in warning for warning in found.warnings)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no word file", b"%PDF-1.7 x"])
def test_what_is_no_word_file_is_refused_kindly(content):
    with pytest.raises(FileRefused) as refused:
        read_file(io.BytesIO(content))
    assert str(refused.value).endswith(".")


def test_a_bomb_and_a_broken_body_are_refused(chapter):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"<a>" + b"0" * 50_000_000)
    for file in (bomb, edited(taken(*chapter), lambda xml: xml[: len(xml) // 2])):
        with pytest.raises(FileRefused):
            read_file(file)


def test_the_marks_are_names_that_word_takes():
    assert re.fullmatch("[0-9a-f]{16}", mark_of("analysis:swot-living"))
