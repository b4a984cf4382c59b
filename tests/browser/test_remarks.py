"""A returned row mended from a phone, and many rows moved at once; with scripts and without."""

import pytest

from praja.foundation.remarks.models import Remark
from praja.foundation.workflow.models import State
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete
from praja.stages.problems.models import Problem
from praja.stages.problems.tests.test_actions import complete as complete_problem
from tests.browser.steps import REGION, faults, fill, overflow, send

with_and_without = pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])


def remark(page, field, text):
    """Leave a remark on one field of the page of a row."""
    here = page.locator(f"#catatan-{field}")
    here.locator("summary").click()
    here.locator("textarea").fill(text)
    here.locator("button").click()
    page.locator(f"#catatan-{field} .field-remark").wait_for()


def fits(page, *, script):
    """Nothing sticks out, and axe, which is a script itself, finds nothing wrong."""
    if script:
        assert (overflow(page), faults(page)) == (0, [])


@with_and_without
def test_a_returned_row_is_mended_from_a_phone(country, visit, script):
    innovation = complete(country)
    Innovation.objects.filter(pk=innovation.pk).update(state=State.SUBMITTED)
    checker = visit(country.coordinator, script=script)
    checker.goto(f"/inovasi/{innovation.pk}/")
    remark(checker, "goal", "Berapa menit sekarang?")
    remark(checker, "beneficiaries", "Berapa keluarga?")
    checker.goto(f"/inovasi/{innovation.pk}/")
    fits(checker, script=script)
    checker.click("details[data-steps] summary")
    checker.click("button[name=step][value=return]")
    checker.wait_for_load_state()
    assert Innovation.objects.get().state == State.RETURNED

    phone = visit(country.operator, script=script, width=360)
    phone.goto(REGION + "/")
    phone.click(f"a[href='/inovasi/{innovation.pk}/']")
    phone.wait_for_load_state()
    fits(phone, script=script)
    phone.click("main .page-actions a, main a:has-text('Lengkapi')")
    phone.wait_for_url("**/ubah/why/")
    fits(phone, script=script)
    first, second = Remark.objects.order_by("pk")
    assert phone.inner_text(f"#remark-{first.pk}").startswith("Berapa menit")
    fill(phone, goal="Antrean turun dari 240 menjadi 60 menit", beneficiaries="3.200 keluarga")
    for asked in (first, second):
        phone.check(f"#remark-{asked.pk}-settled")
    phone.fill(f"#remark-{second.pk}-answer", "Menurut data desa 2025")
    send(phone)
    phone.wait_for_url("**/ubah/how/")
    assert not Remark.objects.open().exists()
    phone.goto(f"/inovasi/{innovation.pk}/")
    phone.click("button[name=step][value=submit]")
    phone.wait_for_load_state()
    assert Innovation.objects.get().state == State.SUBMITTED

    checker.goto(f"/inovasi/{innovation.pk}/")
    said = checker.inner_text("main")
    assert "Antrean turun dari 240 menjadi 60 menit" in checker.inner_text(".changes")
    assert "Menurut data desa 2025" in said


@with_and_without
def test_many_rows_are_accepted_after_a_preview(country, visit, script):
    rows = [complete_problem(country, state="submitted") for _number in range(3)]
    page = visit(country.coordinator, script=script, dark=True)
    page.goto(f"{REGION}/permasalahan/?giliran=saya")
    if script:
        page.check("[data-picks=row]")
    else:
        for row in rows:
            page.check(f"input[name=row][value='{row.pk}']")
    fits(page, script=script)
    page.click("button[name=step][value=accept]")
    page.wait_for_url("**/serentak/")
    fits(page, script=script)
    page.uncheck(f"#row-{rows[0].pk}")
    page.click("button[name=confirm]")
    page.wait_for_load_state()
    fits(page, script=script)
    assert [row.state for row in Problem.objects.order_by("pk")] == ["submitted", "accepted", "accepted"]
