"""A workbook goes out, is filled in, comes back and is written: with scripts, without, and on a phone."""

import openpyxl
import pytest

from praja.across.workbooks.tests.test_whole_way import INNOVATIONS, PROBLEMS, row_of, write
from praja.foundation.jobs.worker import perform_due
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.problems.models import Problem
from tests.browser.steps import REGION, faults, overflow


def filled_in(page, tmp_path, innovation):
    """Download the workbook, type into it as a spreadsheet program does, and answer its file."""
    page.goto(f"{REGION}/buku-kerja/")
    with page.expect_download() as download:
        page.click("#content form[action$='/unduh/'] button")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    write(book, PROBLEMS, row_of(book, PROBLEMS, "B1"), Permasalahan="Kapal ambulans rusak", Urgensi="4")
    write(book, PROBLEMS, row_of(book, PROBLEMS, "B2"), Permasalahan="Sinyal hilang", Urgensi="sekali")
    row = row_of(book, INNOVATIONS, innovation.title)
    write(book, INNOVATIONS, row, Tujuan="Dari berkas", Manfaat="Hemat waktu")
    book.save(path)
    return path


def uploaded(page, path, *, script=True):
    """Hand the file in; the page goes on by itself, or is asked again."""
    page.goto(f"{REGION}/buku-kerja/")
    page.set_input_files("input[type=file]", path)
    page.click("#content form[enctype] button")
    page.wait_for_url("**/buku-kerja/*/")
    perform_due()
    if not script:
        page.reload()
    page.wait_for_selector("#content form[data-draft-url]")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_round_trip_of_a_workbook(country, visit, tmp_path, script, width):
    innovation = complete(country)
    page = visit(country.operator, script=script, width=width)
    path = filled_in(page, tmp_path, innovation)
    Innovation.objects.filter(pk=innovation.pk).update(goal="Dari halaman", updated_by=country.coordinator)

    uploaded(page, path, script=script)
    assert "keadaan" not in page.url  # the conflict comes first
    assert overflow(page) == 0
    text = page.inner_text("#content")
    assert "Dari berkas" in text
    assert "Dari halaman" in text
    page.check("input[type=radio][value=mine]")
    page.click("button[value=apply]")
    page.wait_for_load_state()
    perform_due()
    if not script:
        page.reload()
    page.wait_for_selector("#content .key-figures")
    assert overflow(page) == 0
    innovation.refresh_from_db()
    assert (innovation.goal, innovation.benefit) == ("Dari berkas", "Hemat waktu")
    assert list(Problem.objects.values_list("title", flat=True)).count("Kapal ambulans rusak") == 1
    assert page.locator("a[href$='/perbaikan/']").count() == 1  # the row without a number is to be mended

    uploaded(page, path, script=script)
    assert page.locator("button[value=apply]").count() == 0  # the same file says nothing new
    assert Problem.objects.filter(title="Kapal ambulans rusak").count() == 1


def test_ticks_are_kept_while_somebody_chooses_and_the_page_can_be_used_by_everybody(country, visit, tmp_path):
    innovation = complete(country)
    page = visit(country.operator)
    uploaded(page, filled_in(page, tmp_path, innovation))
    assert faults(page) == []
    page.goto(f"{page.url}?keadaan=baru")
    box = page.locator("input[name=row]").first
    box.focus()
    with page.expect_response("**/ketikan/"):
        page.keyboard.press("Space")
    page.goto(f"{REGION}/buku-kerja/")
    assert faults(page) == []
    page.go_back()
    page.reload()
    assert not page.locator("input[name=row]").first.is_checked()
