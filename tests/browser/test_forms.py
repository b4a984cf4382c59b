"""Nothing typed is lost, and what a script adds to a form."""

import re

from playwright.sync_api import expect

from praja.foundation.accounts.models import Session
from praja.foundation.drafts.models import Draft
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started
from tests.browser.steps import fill, send, sign_in


def form_of(country, section):
    return f"/inovasi/{started(country).pk}/ubah/{section}/"


def test_a_page_that_was_closed_comes_back_with_what_was_typed(country, visit):
    where = form_of(country, "how")
    page = visit(country.operator)
    page.goto(where)
    page.fill("[name=design]", "Kader mencatat dari rumah ke rumah.")
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"\d\d.\d\d"))
    page.close()
    again = visit(country.operator)  # another device
    again.goto(where)
    assert again.input_value("[name=design]") == "Kader mencatat dari rumah ke rumah."
    assert Innovation.objects.get().design == ""


def test_a_page_closed_at_once_keeps_the_text_too(country, visit):
    where = form_of(country, "how")
    page = visit(country.operator)
    page.goto(where)
    page.fill("[name=design]", "Kader mencatat.")
    page.close(run_before_unload=True)
    again = page.context.new_page()
    again.goto(where)
    kept = again.input_value("[name=design]") or again.locator(".notice button").first.inner_text()
    assert kept


def test_a_form_sent_after_the_session_died_waits_behind_the_sign_in(country, visit):
    where = form_of(country, "how")
    for script in (True, False):
        page = visit(script=script)
        sign_in(page, "operator")
        page.goto(where)
        page.fill("[name=design]", f"Diketik saat sesi mati {script}")
        Session.objects.all().delete()
        page.context.clear_cookies(name="sessionid")
        send(page)
        page.fill("[name=username]", "operator")
        page.fill("[name=password]", "uji-uji-uji-1")
        page.click("main form:has([name=password]) button")
        page.wait_for_selector("[name=design]")
        assert page.input_value("[name=design]") == f"Diketik saat sesi mati {script}"
        send(page)
        page.wait_for_selector("[name=legal_basis]")
        assert Innovation.objects.get().design == f"Diketik saat sesi mati {script}"


def test_two_browsers_on_one_row_both_keep_their_text(country, visit):
    where = form_of(country, "how")
    one, other = visit(country.operator), visit(country.coordinator)
    one.goto(where)
    other.goto(where)
    one.fill("[name=design]", "Teks operator")
    other.fill("[name=design]", "Teks koordinator")
    send(one)
    one.wait_for_selector("[name=legal_basis]")
    send(other)
    shown = other.wait_for_selector(".comparison").inner_text()
    assert "Teks operator" in shown
    assert "Teks koordinator" in shown
    assert other.input_value("[name=design]") == "Teks koordinator"
    assert Innovation.objects.get().design == "Teks operator"
    assert Draft.objects.get(kind="conflict").values["design"] == ["Teks koordinator"]
    send(other)  # having seen both, she decides
    other.wait_for_selector("[name=legal_basis]")
    assert Innovation.objects.get().design == "Teks koordinator"


def test_rows_are_added_and_taken_away(country, visit):
    page = visit(country.operator)
    page.goto(form_of(country, "partners"))
    for number in range(3):
        if number:
            page.click("[data-rows-add]")
        name, kind = f"partners-{number}-name", f"partners-{number}-kind"
        fill(page, **{name: f"Mitra {number}", kind: {"index": 1}})
    page.locator("[data-row-remove]").nth(1).click()
    send(page)
    page.wait_for_selector("button[name=step]")
    partners = Innovation.objects.get().partners.filter(withdrawn_at=None)
    assert list(partners.values_list("name", flat=True)) == ["Mitra 0", "Mitra 2"]


def test_only_the_sub_dimensions_of_the_chosen_dimension_are_offered(country, visit):
    page = visit(country.operator)
    page.goto(form_of(country, "identity"))
    for key in ("living", "economy"):
        dimension = country.dimension(key)
        fill(page, dimension={"value": str(dimension.pk)})
        offered = page.eval_on_selector_all(
            "[name=sub_dimension] option",
            "options => options.filter(one => one.value && !one.hidden && !one.disabled).map(one => one.value)",
        )
        assert offered == [str(pk) for pk in dimension.sub_dimensions.values_list("pk", flat=True)]
