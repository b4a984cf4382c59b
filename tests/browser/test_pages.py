"""Every page for every eye: no faults for assistive technology, nothing beyond the edge of a phone, little to load."""

import gzip

import pytest

from praja.foundation.plans.models import BudgetLine
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import complete
from tests.browser.steps import REGION, faults, overflow
from tests.test_access import address, lines, rows  # noqa: F401 - rows is a fixture

FIRST_VISIT = 150_000  # bytes, compressed
LATER = 30_000
WIDTHS = (360, 768, 1280)
SHARES = 6  # of the pages, one test each
# Answers that are no pages.
FILES = {
    "agency-template", "file-download", "book-file", "coverage-picture", "import-wrong-rows", "arms", "job-state",
    "earlier-pdf", "earlier-page-picture", "earlier-template", "workbook-wrong-rows", "proposal-file",
    "proposal-paper-page", "handover-paper", "similar-typing", "readiness-template", "statistic-template",
    "development-template", "development-contents", "analysis-workbook", "roadmap-poster-svg", "roadmap-poster-pdf",
    "budget-code-options", "narrative-word", "ranking-table", "set-question-ranking", "set-question-set",
    "quick-win-visual", "position-handover-paper", "signing-sheet", "signing-document", "signing-board-state",
    "signing-scan-page", "signing-scan-box", "signing-scan-file", "verify-document", "public-log-roots",
}  # fmt: skip


@pytest.fixture
def pages(country, rows):  # noqa: F811
    """The address of every page that the coordinator reaches, with something to show on them."""
    innovation = complete(country)
    Innovation.objects.filter(pk=innovation.pk).update(state="accepted")
    BudgetLine.objects.create(innovation=innovation, year=2027, source="dak", amount_rupiah=1_234_567_890)
    table = {line.values[1]: line.values[2]["coordinator"] for line in lines() if line.values[0] == "GET"}
    names = [name for name, status in table.items() if status in ("200", "302") and name not in FILES]
    return [address(name, rows) for name in names] + [f"/inovasi/{innovation.pk}/"]


def weight(response):
    """How many bytes an answer is, compressed."""
    return len(gzip.compress(response.body()))


@pytest.mark.parametrize("share", range(SHARES))
def test_pages_are_light_fit_every_width_and_have_no_faults(country, visit, pages, share):
    page = visit(country.coordinator)
    loaded = []
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - a method cannot be marked
    page.goto(f"{REGION}/", wait_until="networkidle")  # with the fonts
    sizes = {response.url: weight(response) for response in loaded}
    assert 0 < sum(sizes.values()) < FIRST_VISIT, sizes
    wrong = {}
    for where in pages[share::SHARES]:
        size = weight(page.goto(where))  # the rest is kept by the browser since the first visit
        found = [("bytes", size)] if size > LATER else []
        found += faults(page)
        page.emulate_media(color_scheme="dark")
        found += faults(page, "color-contrast")
        page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found += [(f"{width} px", pixels)] if (pixels := overflow(page)) else []
        if found:
            wrong[where] = found
    assert wrong == {}
