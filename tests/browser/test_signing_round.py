"""A signing of thirty: named and opened at a desk, signed on phones and on paper, watched in the hall, checked by anybody."""

import shutil
import subprocess

import pytest

from praja.foundation.jobs.worker import perform_due
from praja.foundation.signing.gateway import fake
from praja.foundation.signing.models import Signatory, Signature, SigningRound
from praja.foundation.signing.tests.making import edition_of, head_of, head_user
from praja.foundation.signing.tests.scanning import jpeg, page_of, photographed, scanned, signed
from praja.foundation.signing.tests.test_electronic import NIK, gateway_at
from tests.browser.steps import REGION, fill, send, well
from tests.country import someone

PHONE = {"width": 360, "touch": True}
SIGNED = "main .page-header .tag.tone-success"
HEADS, IN_INK, PAGES = 30, 10, (5, 6)  # on the last pages of the sheet
WRONG = "Bukan#Sandi"
BOARD = "[data-board-state]"


@pytest.fixture
def gateway(country):
    """A fake gateway that the region signs through."""
    with fake.running() as server:
        gateway_at(server.address, country.government)
        yield server


def test_thirty_heads_sign_and_the_hall_sees_it(country, visit, client_of, gateway, tmp_path):
    for number in range(1, HEADS + 1):
        head_of(country.government, number)
    desk = visit(country.coordinator)
    address = opened(desk, edition_of(country.plan), str(country.plan.today))
    round_ = SigningRound.objects.get()
    assert (round_.state, round_.sheet_pages) == ("open", 6)

    board = visit(country.coordinator)
    board.set_viewport_size({"width": 1920, "height": 1080})
    board.goto(f"{address}layar/")
    board.evaluate("window.isFirstLoad = true")
    well(board)
    assert board.evaluate("document.documentElement.scrollHeight") <= 1080
    assert shown(board) == 0

    heads = list(round_.signatories.select_related("position").order_by("order"))[: HEADS - IN_INK]
    by_notice(visit, round_, heads.pop())
    phone = Phone(visit, client_of, address)
    at_the_same_second(visit, phone, heads.pop(), heads.pop())
    phone.with_wrong_passphrase_first(heads.pop())
    phone.with_a_code(heads.pop())
    counts(board, 5)

    board.context.set_offline(True)
    board.wait_for_selector("[data-board-line].is-lost")
    phone.by_gateway(heads.pop())
    assert shown(board) == 5  # the last state stays
    well(board)
    board.context.set_offline(False)
    counts(board, 6)
    board.wait_for_selector("[data-board-line]:not(.is-lost)")

    for number, one in enumerate(heads):
        (phone.by_own if number % 3 else phone.by_gateway)(one)
    counts(board, HEADS - IN_INK)

    sheet = in_ink(country, visit, address)
    counts(board, HEADS)
    assert board.locator(".board-complete").is_visible()
    assert board.evaluate("window.isFirstLoad")  # it never loaded anew
    well(board)
    round_.refresh_from_db()
    assert (round_.state, round_.revision) == ("complete", HEADS - IN_INK)
    assert not Signatory.objects.exclude(state="signed").exists()
    assert Signature.objects.filter(way="wet").count() == IN_INK

    desk.goto(address)
    with desk.expect_download() as download:
        desk.click("aside a[href$='/dokumen/']")
    document = tmp_path / "bertanda-tangan.pdf"
    download.value.save_as(document)
    by_anybody(visit, sheet, document)
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", "-nocert", document], capture_output=True, text=True, check=True).stdout
        assert said.count("Signature is Valid.") == HEADS - IN_INK


# --- the secretariat --------------------------------------------------------------------------------------------------


def opened(desk, edition, day):
    """The address of a round on an edition that the secretariat prepared, named all heads for, and opened."""
    desk.goto(f"{REGION}/penandatanganan/")
    desk.click("main a.button-primary[href$='/baru/']")
    fill(desk, edition={"value": str(edition.pk)}, title=edition.title, held_on=day, place="Pendopo")
    send(desk)
    desk.click("button[value=heads]")
    desk.wait_for_selector("#daftar")
    address = desk.url
    for part in ("ubah/", "jabatan/", ""):  # there only before the opening
        desk.goto(f"{address}{part}")
        well(desk)
    desk.click("button[value=open]")
    desk.click("dialog button[value=yes]")
    desk.wait_for_selector(".job, a[href$='/layar/']")
    perform_due()
    desk.goto(address)
    desk.wait_for_selector("a[href$='/layar/']")
    well(desk)
    return address


def in_ink(country, visit, address):
    """Print, sign, hand in photos with a phone; a second person compares each box and confirms. Answers the sheet."""
    phone = visit(country.coordinator, **PHONE)
    phone.goto(f"{address}pindaian/")
    well(phone)
    with phone.expect_download() as download:
        phone.tap("main a[href$='/lembar/']")
    sheet = download.value.path().read_bytes()
    papers = [signed(page_of(sheet, page), *range(5)) for page in PAGES]
    photo = jpeg(photographed(papers[0], turn=3, lean=0.05, shadow=0.3, size=(1500, 2000)))
    for name, picture in {"photo": photo, "file": jpeg(scanned(papers[1], turn=180))}.items():
        phone.set_input_files(f"[name={name}]", {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture})
    with phone.expect_response(lambda answer: answer.request.method == "GET" and answer.url.endswith("/pindaian/")):
        phone.tap("#scan button")
    perform_due()

    second = visit(someone("kedua", "Rina Kedua", "coordinator", country.government))
    second.goto(f"{address}pindaian/")
    well(second)
    second.click("main a.button-primary[href*='/pindaian/']")
    for _page in PAGES:
        second.wait_for_selector("#boxes button")
        for tick in second.locator(".sign-tick").all():
            tick.check()
        with second.expect_navigation():
            send(second)
    well(second)
    second.wait_for_url("**/pindaian/")
    return sheet


# --- the heads --------------------------------------------------------------------------------------------------------


class Phone:
    """A phone that goes from hand to hand: each head finds the own session in it, on the page to sign."""

    def __init__(self, visit, client_of, address):
        self.page, self.client_of, self.address = visit(**PHONE), client_of, address

    def of(self, signatory):
        """The page to sign, in the hands of this head."""
        cookie = self.client_of(head_user(signatory)).cookies["sessionid"].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])
        self.page.goto(f"{self.address}tanda-tangan/{signatory.pk}/")
        return self.page

    def by_own(self, signatory):
        """With Praja's own certificate."""
        page = self.of(signatory)
        choose(page, "own")
        page.tap("button[value=own]")
        page.wait_for_selector(SIGNED)

    def by_gateway(self, signatory):
        """With NIK and passphrase."""
        page = self.of(signatory)
        choose(page, "gateway")
        sign_certified(page, fake.PASSPHRASE)

    def with_wrong_passphrase_first(self, signatory):
        """A wrong passphrase is told and stands nowhere; the right one signs."""
        page = self.of(signatory)
        choose(page, "gateway")
        type_certified(page, WRONG)
        page.wait_for_selector("[role=alert]")
        assert WRONG not in page.content()
        assert NIK not in page.content()
        well(page)
        sign_certified(page, fake.PASSPHRASE)

    def with_a_code(self, signatory):
        """A one-time code is asked for, comes, and signs."""
        page = self.of(signatory)
        choose(page, "gateway")
        page.fill("[name=nik]", NIK)
        with page.expect_navigation():
            page.tap("button[value=code]")
        page.fill("[name=code]", fake.CODE)
        sign_certified(page, "")


def choose(page, way):
    """Open the panel of a way to sign, unless it stands open."""
    if not page.locator(f"button[value={way}]").is_visible():
        page.tap(f"details:has(button[value={way}]) summary")


def type_certified(page, passphrase):
    """Type NIK and passphrase, and press the button."""
    page.fill("[name=nik]", NIK)
    page.fill("[name=passphrase]", passphrase)
    page.tap("button[value=gateway]")


def sign_certified(page, passphrase):
    """The same, and see that it is signed."""
    type_certified(page, passphrase)
    page.wait_for_selector(SIGNED)


def by_notice(visit, round_, signatory):
    """From the notice to the signature, without knowing any address."""
    page = visit(head_user(signatory), **PHONE)
    page.goto("/pemberitahuan/")
    page.locator(".task-list a, .task-list button").first.tap()
    page.wait_for_url(f"**/tanda-tangan/{signatory.pk}/")
    assert round_.edition.sha256[:8] in page.inner_text("main")
    choose(page, "own")
    well(page)
    page.tap("button[value=own]")
    page.wait_for_selector(SIGNED)
    well(page)


def at_the_same_second(visit, phone, first, second):
    """Two press the button, neither waits for the other; both have signed, one after the other."""
    other = visit(head_user(second), **PHONE)
    other.goto(f"{phone.address}tanda-tangan/{second.pk}/")
    pages = [phone.of(first), other]
    for page in pages:
        page.evaluate("document.querySelector('button[value=own]').click()")
    for page in pages:
        page.wait_for_selector(SIGNED)
    one, next_ = Signature.objects.filter(signatory__in=[first, second]).order_by("revision")
    assert one.hash_after == next_.hash_before


# --- the hall, and everybody ------------------------------------------------------------------------------------------


def shown(board):
    """How many have signed, as the board says it now."""
    return int(board.inner_text(".board-count strong"))


def counts(board, number):
    """The board comes to this number by itself, and marks as many places."""
    board.wait_for_function(
        "number => document.querySelector('.board-count strong').textContent === String(number)", arg=number
    )
    assert board.locator(".board-place.has-signed").count() == number


def by_anybody(visit, sheet, document):
    """The code on the paper leads to the public page; it says complete and unchanged, and so of the document."""
    import zxingcpp

    link = zxingcpp.read_barcodes(page_of(sheet, PAGES[0]))[0].text
    phone = visit(**PHONE)
    phone.goto(link)
    well(phone)
    text = phone.inner_text("main")
    assert phone.locator(".verdict.tone-success").count() == 1
    assert phone.inner_text(".verdict").count(str(HEADS)) == 2  # 30 of 30
    assert "19700101" not in text  # no NIP
    phone.set_input_files("[name=file]", document)
    send(phone)
    phone.wait_for_selector("#hasil.tone-success")
    assert str(HEADS - IN_INK) in phone.inner_text("#hasil")
    well(phone)
