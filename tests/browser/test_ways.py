"""The operator's whole way and the coordinator's whole way, with scripts and without."""

import re

import pytest

from praja.foundation.jobs.worker import perform_due
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.problems.models import Problem
from tests.browser.steps import REGION, fill, send, sign_in

with_and_without = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
FIRST = {"index": 1}


@with_and_without
def test_the_way_of_an_operator(country, visit, script):
    page = visit(script=script)
    sign_in(page, "operator")

    page.goto(f"{REGION}/permasalahan/baru/")
    fill(page, title="Pasien antre empat jam")
    send(page)
    living = str(country.dimension("living").pk)
    sub = str(country.dimension("living").sub_dimensions.first().pk)
    where = {"dimension": {"value": living}, "sub_dimension": {"value": sub}}
    fill(page, description="Sejak subuh.", affected="3.200 keluarga", **where)
    send(page)
    fill(page, figure="37,5", unit="menit", figure_year="2025", figure_source="Survei", urgency="5", seriousness="4")
    fill(page, growth="3")
    send(page)
    fill(page, **{"causes-0-text": "Loket hanya satu", "causes-0-kind": {"value": "infrastructure"}})
    if script:
        page.click("[data-rows-add]")
        fill(page, **{"causes-1-text": "Anggaran habis", "causes-1-kind": {"value": "budget"}})
    send(page)
    page.click("button[name=step][value=submit]")
    page.wait_for_load_state()
    problem = Problem.objects.get()
    assert problem.state == State.SUBMITTED
    assert problem.causes.count() == (2 if script else 1)

    page.goto(f"{REGION}/inovasi/baru/")
    fill(page, title="Radio Panggil")
    send(page)
    fill(page, summary="Kader mendaftarkan pasien.", is_it="False", **where)
    send(page)
    fill(page, problems=str(problem.pk), goal="Antrean turun", beneficiaries="Pasien")
    send(page)
    fill(page, design="Kader mencatat, petugas memanggil.")
    send(page)
    fill(page, legal_basis="Peraturan Bupati Nomor 3", start_year="2026", end_year="2028")
    send(page)
    fill(page, **{"money-0-year": "2027", "money-0-source": {"value": "apbd_region"}})
    fill(page, **{"money-0-kind": {"value": "operation"}, "money-0-amount_rupiah": "Rp 1,5 miliar"})
    send(page)
    fill(
        page, **{"indicators-0-name": "Waktu tunggu", "indicators-0-unit": "menit", "indicators-0-target_2027": "62,5"}
    )
    send(page)
    fill(page, **{"partners-0-name": "PT Radio", "partners-0-kind": FIRST})
    send(page)
    page.click("button[name=step][value=submit]")
    page.wait_for_load_state()
    innovation = Innovation.objects.get()
    assert innovation.state == State.SUBMITTED
    assert innovation.budget_lines.get().amount_rupiah == 1_500_000_000


@with_and_without
def test_the_way_of_a_coordinator(country, visit, script, tmp_path):  # noqa: PLR0915 - one way, walked in one go
    innovation = complete(country)
    Innovation.objects.filter(pk=innovation.pk).update(state=State.SUBMITTED)
    page = visit(script=script)
    sign_in(page, "koordinator")

    page.goto(f"{REGION}/persiapan/")
    fill(page, title="Masterplan Kabupaten Uji", year_from="2026", year_to="2030")
    page.click("main form:has([name=year_from]) button.button-primary")
    page.goto(f"{REGION}/perangkat-daerah/baru/")
    fill(page, name="Dinas Sosial", abbreviation="Dinsos")
    send(page)
    page.goto(f"{REGION}/permintaan/")
    page.locator("[name^=problems-]").last.check(force=True)
    send(page)
    page.goto(f"{REGION}/jadwal/")
    fill(page, **{"problems-opens_on": "2026-11-02", "problems-closes_on": "2026-12-21"})
    send(page)

    page.goto(f"{REGION}/undangan/baru/")
    fill(page, organisation={"label": "Dinas Sosial"}, role={"value": "operator"}, name="Joko")
    send(page)
    assert re.search(r"http://\S+/undangan/\S+/", page.inner_text(".copy-text"))
    if script:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.click("[data-copy]")
        assert page.evaluate("navigator.clipboard.readText()").strip() == page.inner_text(".copy-text").strip()

    page.goto(f"/inovasi/{innovation.pk}/")
    page.click("details[data-steps] summary")
    page.fill("#remark-return", "Sebutkan lokasi")
    page.click("button[name=step][value=return]")
    page.wait_for_load_state()
    Innovation.objects.filter(state=State.RETURNED).update(state=State.SUBMITTED)
    page.goto(f"/inovasi/{innovation.pk}/")
    page.click("button[name=step][value=accept]")
    page.wait_for_load_state()
    assert Innovation.objects.get().state == State.ACCEPTED

    page.goto(f"{REGION}/visi/ubah/")
    paper = {"set_by_title": "Bupati Uji", "set_by_name": "H. Asep", "set_on": "1 Mei 2026", "paper": "SK 12"}
    fill(page, text="Uji yang sehat", **paper)
    send(page)
    assert "Uji yang sehat" in page.inner_text("main")
    page.goto(f"{REGION}/cakupan/")
    assert "Dinas Sosial" in page.inner_text("main") or "Dinsos" in page.inner_text("main")

    page.goto(f"{REGION}/impor/")
    sheet = tmp_path / "daftar.csv"
    sheet.write_text("Nama Program;Dimensi\n" + "".join(f"Inovasi Luar {n};Smart Living\n" for n in range(10)))
    page.set_input_files("[type=file]", sheet)
    send(page)
    page.wait_for_url("**/kolom/")
    send(page)
    page.wait_for_url("**/pratinjau/")
    page.click("button[value=all]")
    page.wait_for_load_state()
    page.click("button[value=apply]")
    page.wait_for_load_state()
    perform_due()
    page.goto(f"{REGION}/belum-ada-pengampu/")
    assert page.inner_text("main").count("Inovasi Luar") == 10

    page.goto(f"{REGION}/buku/")
    assert "Uji yang sehat" in page.inner_text("main")
    page.click("button[name=kind][value=pdf]")
    page.wait_for_selector(".job progress")
    perform_due()
    if not script:
        page.reload()
    page.wait_for_selector(".job a.button-primary")
    with page.expect_download() as download:
        page.click(".job a.button-primary")
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_from_signing_in_to_submitting_by_keyboard_alone(country, visit):
    innovation = complete(country)
    page = visit()
    page.goto(f"/inovasi/{innovation.pk}/")
    typed(page, "[name=username]", "operator")
    typed(page, "[name=password]", "uji-uji-uji-1")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=step]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    reach(page, "button[name=step][value=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Innovation.objects.get().state == State.SUBMITTED


def typed(page, selector, text):
    """Move to a field by the Tab key and type."""
    reach(page, selector)
    page.keyboard.type(text)


def reach(page, selector):
    """Press Tab until the element has the focus, and see that the focus is visible there."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", selector
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"No way to {selector} by keyboard")
