"""What people do on the pages, in the words of the ways that they go."""

from axe_playwright_python.sync_playwright import Axe

from tests.country import PASSWORD

REGION = "/kabupaten-uji"
AXE = Axe().axe_script


def sign_in(page, username):
    """User name and password."""
    page.goto("/masuk/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=password]) button")
    page.wait_for_url("**/kabupaten-uji/")


def send(page):
    """The one primary button of a form."""
    page.click("main form button.button-primary")


def fill(page, **values):
    """Type into fields, choose from lists, tick cards; names as the form has them."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']").first
        kind = field.evaluate("field => field.type")
        if kind == "select-one":
            field.select_option(**value)
        elif kind in ("radio", "checkbox"):
            page.locator(f"main [name='{name}'][value='{value}']").check(force=True)
        else:
            field.fill(value)


def faults(page, *rules):
    """What axe-core finds wrong on this page, as (rule, first element); only those rules where any are named."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    if not page.evaluate("'axe' in window"):  # it is half a megabyte
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def overflow(page):
    """By how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def well(page):
    """See that the page has no faults and stays within its window."""
    assert (faults(page), overflow(page)) == ([], 0), page.url
