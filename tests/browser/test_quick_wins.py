"""Quick wins from the first nominee to the decision: on a desk, on a phone, and without scripts."""

import re

from django.utils import timezone

from praja.foundation.files.tests.test_page_pictures import pdf
from praja.foundation.jobs.worker import perform_due
from praja.stages.quick_wins.models import DecisionSheet, Nomination, QuickWin, Round, ScoreSheet
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.tests.scored import give, sheet_of
from praja.stages.quick_wins.tests.sheets import endorsed, fresh, ready, submitted
from praja.stages.roadmap.tests.making import accepted, sub_dimension
from tests.browser.steps import REGION, fill, send, well
from tests.country import someone

OTHERS = ("governance", "branding", "economy", "society", "environment")
STEADY, BRIGHT = "Posyandu Digital", "Antre Daring"  # two of living; the bright one is all benefit and little else
MEETING = {"held_on": "2026-11-02", "members": "Sari, Dinkes", "minutes": "Sepakat."}
SLIDE = """(slider, value) => { slider.value = value; slider.dispatchEvent(new Event("input", { bubbles: true })); }"""


def innovations(country):
    """Two accepted innovations of each dimension; the bright one of living is the dearest."""
    for key in OTHERS:
        sub = sub_dimension(country, key)
        for title in (f"Unggul {key}", f"Biasa {key}"):
            accepted(country, title, [100_000_000], dimension=sub.dimension, sub_dimension=sub)
    accepted(country, STEADY, [100_000_000])
    accepted(country, BRIGHT, [300_000_000])


def finished_by_others(country, round_):
    """The sheets of all working groups but that of living; the first nominee of each is worth twice the second."""
    for key in OTHERS:
        sheet = sheet_of(
            country, round_, dimension=key, finished_at=timezone.now(), finished_by=country.coordinator, **MEETING
        )
        for nomination in round_.nominations.filter(innovation__dimension__key=key).select_related("innovation"):
            value = 4 if nomination.innovation.title.startswith("Unggul") else 2
            give(sheet, nomination, *[value] * 12)


def key_of(title):
    """The key of a nominee, as lists of choices name it."""
    return str(Nomination.objects.get(innovation__title=title).pk)


def step(page, state):
    """Take the round to a state."""
    page.click(f"form:has([name=step][value={state}]) button")
    page.wait_for_load_state()


def answered(page, answer, *, script=True):
    """Do what was asked for, and go to its answer, unless it was quick and stands on the page already."""
    page.wait_for_selector(f".job, {answer}")
    if page.locator(".job").count() == 0:
        return
    perform_due()
    if not script:
        page.reload()
        return
    page.click(".job a.button-primary")
    page.wait_for_selector(answer)


def places(page):
    """The nominees of the ranking, the first first."""
    return page.locator("#standing [data-nominee] th").all_inner_texts()


def place_of(page, title):
    """At which line of the ranking a nominee stands."""
    return next(number for number, text in enumerate(places(page)) if title in text)


def test_from_the_first_nominee_to_the_sheet_at_a_desk(country, visit):  # noqa: PLR0915 - one way, walked in one go
    innovations(country)
    page = visit(country.coordinator)
    page.goto(f"{REGION}/quick-win/")
    page.click("#content a[href$='/putaran-baru/']")
    send(page)
    page.wait_for_url("**/quick-win/putaran/*/")
    desk, round_ = page.url, Round.objects.get()

    page.click("a.button-primary[href$='/nominasi/baru/']")
    page.check("[data-picks=row]")
    send(page)
    page.wait_for_url("**/nominasi/")
    assert round_.nominations.count() == 12
    page.get_by_role("link", name=STEADY).click()
    page.click("a.button-primary[href*='/ubah/']")
    fill(page, done="Antrean daring di lima puskesmas.", responsible="Kepala Bidang", means="Server yang ada.")
    send(page)
    fill(page, money="dpa", starts_on={"value": "2027-01"}, finishes_on={"value": "2027-12"})
    send(page)
    page.click("#dialog a.button")
    fill(page, held_on="2 November 2026", people="64", place="Balai Desa", outcome="Ingin tanpa aplikasi.")
    page.set_input_files("[name=minutes]", {"name": "notulen.pdf", "mimeType": "application/pdf", "buffer": pdf(1)})
    send(page)
    page.wait_for_selector("#dialog .panel")
    stated = Nomination.objects.get(innovation__title=STEADY)
    assert (stated.money, stated.dialogues.get().people) == ("dpa", 64)

    page.goto(desk)
    step(page, "scoring")
    finished_by_others(country, round_)
    score(visit(someone("pokja", "Dewi Pokja", "dimension_coordinator", country.government)), round_)

    page.goto(f"{desk}bobot/")
    page.locator(".weight-list input").first.fill("2")
    send(page)
    page.wait_for_load_state()
    page.goto(f"{desk}peringkat/")
    well(page)
    assert place_of(page, STEADY) < place_of(page, BRIGHT)
    with page.expect_response("**/peringkat/tabel/**"):
        page.locator("[name=w-benefit]").evaluate(SLIDE, "100")
    page.wait_for_function("title => document.querySelector('#standing [data-nominee]:nth-child(6)').innerText.includes(title)", arg=BRIGHT)  # fmt: skip
    assert place_of(page, BRIGHT) < place_of(page, STEADY)

    page.goto(desk)
    step(page, "choosing")
    page.goto(f"{desk}aturan/baru/budget/")
    fill(page, year={"value": "2027"}, rupiah="Rp 700 juta")
    send(page)
    page.wait_for_url("**/aturan/")
    page.click("a.button-primary[href$='/pilihan/']")
    page.click("form[action$='/pencarian/'] button")
    answered(page, "#chosen")
    well(page)
    chosen = page.inner_text("[aria-labelledby=chosen]")
    assert STEADY in chosen
    assert BRIGHT not in chosen

    page.select_option("#why-nominee", key_of(BRIGHT))
    page.click("form[action$='/mengapa/'] button")
    page.wait_for_url("**/mengapa/**")
    assert "700.000.000" in page.inner_text("#content .panel")  # the rule that keeps it out
    well(page)
    page.click("#content .panel a[href*='/tukar/']")
    page.select_option("#swap-out", key_of(STEADY))
    send(page)
    page.wait_for_selector("#cost")
    assert "700.000.000" in page.inner_text("[aria-labelledby=cost]")
    well(page)

    page.goto(f"{desk}pilihan/uji/")
    page.locator("[name=w-benefit]").evaluate(SLIDE, "100")
    with page.expect_response(re.compile("uji/pilihan/.*tanpa=")) as answer:
        page.locator("[name=tanpa]").last.check()
    assert BRIGHT in answer.value.text()
    page.wait_for_selector("#what-if-answer .card")
    well(page)
    page.goto(f"{desk}pilihan/ketahanan/")
    page.click("form[action$='/ketahanan/pencarian/'] button")
    answered(page, "#content figure")
    assert STEADY in page.locator("#content table").text_content()
    well(page)

    page.goto(f"{desk}lembar-keputusan/")
    fill(page, number="001/TL-QW/2026")
    page.click("button[value=best]")
    page.wait_for_url("**/lembar-keputusan/*/")
    assert STEADY in page.inner_text("[aria-labelledby=set-title]")
    well(page)
    assert DecisionSheet.objects.get().state == "on_its_way"
    assert Round.objects.get().state == "submitted"


def score(page, round_):
    """The working group of living scores its two nominees, writes its minutes and finishes."""
    page.goto(f"/quick-win/putaran/{round_.pk}/penilaian/")
    page.click("form[action$='/mulai/living/'] button")
    page.wait_for_url("**/dimensi/living/")
    benefit = round_.criteria.get(key="benefit").pk
    for title, (best, others) in {STEADY: ("1", "4"), BRIGHT: ("4", "2")}.items():
        line = page.locator("tr.score-line", has_text=title)
        for field in line.locator("input").all():
            field.fill(best if field.get_attribute("name").endswith(f"-{benefit}") else others)
    fill(page, **MEETING)
    send(page)
    page.wait_for_selector("form[action$='/selesai/'] button")
    well(page)
    page.click("form[action$='/selesai/'] button")
    page.click("dialog button[value=yes]")
    page.wait_for_load_state()
    page.wait_for_selector("form[action$='/selesai/']", state="detached")
    sheet = ScoreSheet.objects.get(dimension__key="living")
    assert sheet.finished_at
    assert sheet.recusals  # an agency took part that proposes


def test_the_head_of_region_swaps_and_decides_on_a_phone(country, visit):
    way = ready(country)
    sheet = submitted(country, way)
    phone = {"width": 360, "dark": True, "touch": True}
    mentor = visit(country.mentor, **phone)
    mentor.goto(f"/lembar-keputusan/{sheet.pk}/")
    mentor.fill("#opinion", "Dahulukan Posyandu.")
    mentor.tap("form:has(#opinion) button")
    mentor.wait_for_selector(".quote")
    endorsed(sheet, way)
    head = visit(way.people[Office.HEAD], **phone)
    head.goto("/pemberitahuan/")
    head.locator(".task-list a, .task-list button").first.tap()
    head.wait_for_url(f"**/lembar-keputusan/{sheet.pk}/keputusan/")
    text = head.inner_text("main")
    assert "Antre Daring" in text
    assert "Dahulukan Posyandu." in text
    well(head)
    head.tap("#tukar summary")
    head.select_option("#out-1", way.key("a"))
    head.select_option("#into-1", way.key("b"))
    head.tap("#tukar button")
    head.wait_for_selector("#biaya")
    assert "Rp300.000.000" in head.inner_text("#biaya")
    well(head)
    head.fill("#swap-reason", "Banjir kemarin merusak posyandu.")
    head.tap("button[value=swap]")
    head.wait_for_url(f"**/lembar-keputusan/{sheet.pk}/")
    assert set(QuickWin.objects.values_list("nomination", flat=True)) == {way.b.pk, way.c.pk}
    perform_due()
    head.reload()
    text = head.inner_text("main")
    assert "Banjir kemarin merusak posyandu." in text
    well(head)
    with head.expect_download() as download:
        head.tap("a[href$='/berkas/pdf/']")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert head.locator(".tone-danger").count() == 0
    DecisionSheet.objects.update(content=fresh(sheet).content.replace("Posyandu", "Posyantu"))
    head.reload()
    assert head.locator(".tone-danger").count() == 1
    well(head)


def test_without_scripts_the_same_forms_answer(country, visit):
    way = ready(country)
    address = f"/quick-win/putaran/{way.round.pk}/"
    Round.objects.update(state="scoring")
    page = visit(country.coordinator, script=False)
    accepted(country, "Sekolah Siaga")
    page.goto(f"{address}nominasi/baru/")
    page.get_by_label("Sekolah Siaga").check()
    send(page)
    fill(page, done="Selesai setahun.", responsible="Kepala Bidang", means="Kader.")
    send(page)
    assert Nomination.objects.get(innovation__title="Sekolah Siaga").done

    page.goto(f"{address}peringkat/?w-benefit=0&w-speed=100")
    assert place_of(page, "Kelas Ibu") < place_of(page, "Posyandu Digital")
    page.goto(f"{address}bobot/")
    page.locator(".weight-list input").first.fill("nol")
    send(page)
    assert page.locator("[aria-invalid=true]").input_value() == "nol"
    page.goto(address)
    step(page, "choosing")
    page.goto(f"{address}pilihan/uji/?tanpa={way.round.rules.get(kind='budget').pk}&cari=1")
    assert "Antre Daring" in page.locator("#what-if-answer > section").last.inner_text()

    page.goto(f"{address}pilihan/")
    page.click("form[action$='/pencarian/'] button")
    answered(page, "#chosen", script=False)
    page.goto(f"{address}lembar-keputusan/")
    page.click("details:has([name=pilih]) summary")
    page.check(f"#pick-{way.b.pk}")
    page.check(f"#pick-{way.c.pk}")
    page.click("button[value=cost]")
    assert page.locator(".notice-title").count() == 1
    assert page.is_checked(f"#pick-{way.b.pk}")
    fill(page, number="7/TL", reason="Amanat warga")
    page.click("button[value=hand]")
    sheet = DecisionSheet.objects.get()
    endorsed(sheet, way)
    head = visit(way.people[Office.HEAD], script=False)
    head.goto(f"/lembar-keputusan/{sheet.pk}/keputusan/")
    head.click("details:has(#return-reason) summary")
    head.fill("#return-reason", "Jelaskan biayanya")
    head.click("button[value=return]")
    head.goto(f"/lembar-keputusan/{sheet.pk}/")
    assert "Jelaskan biayanya" in head.inner_text("main")
    assert fresh(sheet).state == "returned"
