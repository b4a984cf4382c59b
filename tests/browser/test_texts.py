"""The text of a section written with the editor, pasted from Word, and written with signs alone."""

import pytest

from praja.stages.masterplan.models import Narrative
from praja.stages.masterplan.texts.markup import written
from tests.browser.steps import REGION, faults, overflow

PAGE = f"{REGION}/buku/masterplan/uraian/background/"
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  document.querySelector(".writing-page").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
WORD = """<p class=MsoNormal style='color:red'><b>Tempelan</b><o:p></o:p></p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>1.</span>butir</p>"""


def text():
    return written(Narrative.objects.get().content)


def save(page):
    page.click(".form-foot .button-primary")
    page.wait_for_selector(".notice.tone-success")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_text_is_written_with_the_editor(country, visit, width):
    page = visit(country.coordinator, width=width)
    page.goto(PAGE)
    page.click(".writing-page")
    page.keyboard.type("## Umum\nAda ")
    page.click("#put summary")
    page.select_option("#id_reference", "jumlah-dimensi")
    page.click("[data-put=reference]")
    page.keyboard.type(" dimensi.\n- satu\ndua\n\nsela")
    assert (overflow(page), faults(page)) == (0, [])
    save(page)
    assert text() == "## Umum\n\nAda {{ jumlah-dimensi }} dimensi.\n\n- satu\n- dua\n\nsela"
    assert page.locator("form .notice").count() == 0  # the copy on this device is not offered again


def test_a_paste_from_word_keeps_its_shape(country, visit):
    page = visit(country.coordinator)
    page.goto(PAGE)
    page.click(".writing-page")
    page.keyboard.type("Awal. ")
    page.evaluate(PASTE, WORD)
    page.wait_for_selector(".writing-item")
    save(page)
    assert text() == "Awal. **Tempelan**\n\n1. butir"


def test_what_was_typed_and_not_saved_comes_back(country, visit):
    page = visit(country.coordinator)
    page.goto(PAGE)
    page.click(".writing-page")
    with page.expect_response("**/draf/"):
        page.keyboard.type("Belum disimpan")
    page.goto(PAGE)
    page.wait_for_selector(".writing-page")
    assert page.inner_text(".writing-page").strip() == "Belum disimpan"


def test_without_a_script_signs_shape_the_text(country, visit):
    page = visit(country.coordinator, script=False)
    page.goto(PAGE)
    page.fill("[name=text]", "## Umum\n\n**Tebal** dan [^catatan]")
    save(page)
    assert text() == "## Umum\n\n**Tebal** dan [^catatan]"
