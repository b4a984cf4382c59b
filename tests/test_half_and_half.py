"""Thirty agencies at once, half of them on pages and half in workbooks: nothing is lost, nothing is there twice."""

import http.client
import io
import re
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import openpyxl
import pytest

from benchmarks.client import header_of, sign_in
from benchmarks.country import PASSWORD, USERNAME
from benchmarks.server import serving
from tests.served import PLAN, part, together

AGENCIES, EACH, TYPING = 30, 3, 6
HEAD = 2  # the row of the titles in a workbook


class Browser:
    """What a browser does for one person: forms, a file, following where it is sent."""

    def __init__(self, port, cookies):
        self.port, self.cookies = port, cookies

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, values, file=None):
        values = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **values}
        if file is None:
            return self._ask("POST", path, urlencode(values), "application/x-www-form-urlencoded")
        edge = uuid.uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in values.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="buku.xlsx"\r\n\r\n'
        body = "".join([*parts, head]).encode() + file + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(self, method, path, body=None, kind=""):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=120)
        headers = {"Cookie": header_of(self.cookies), "Origin": f"http://localhost:{self.port}"}
        connection.request(method, path, body, headers | ({"Content-Type": kind} if kind else {}))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers.get("Location", ""), content


def type_on_pages(browser, slug, agency, titles):
    """The agency begins its innovations one by one."""
    for title in titles:
        status, _place, _page = browser.post(f"/{slug}/inovasi/baru/", {"title": title, "organisation": agency})
        assert status == 302


def bring_a_workbook(browser, slug, agency, titles):
    """The agency takes its workbook, writes below the rows that are there, hands it in and has it applied."""
    status, _place, data = browser.post(f"/{slug}/buku-kerja/unduh/", {"organisation": agency})
    assert status == 200
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Inovasi"]
    column = next(cell.column for cell in sheet[HEAD] if str(cell.value).startswith("Nama"))
    free = next(row for row in range(HEAD + 1, sheet.max_row + 2) if not sheet.cell(row, column).value)
    for row, title in enumerate(titles, start=free):
        sheet.cell(row, column).value = title
    content = io.BytesIO()
    book.save(content)
    status, place, _page = browser.post(f"/{slug}/buku-kerja/", {}, content.getvalue())
    assert status == 302
    page = wait_for(browser, place, rb'name="version" value="(\d+)"')
    assert browser.post(place, {"version": page[1].decode(), "action": "apply-all"})[0] == 302
    wait_for(browser, place, b"Yang ditulis")


def wait_for(browser, path, pattern):
    """The page once it says so; the worker has five minutes for all workbooks."""
    until = time.monotonic() + 300
    while time.monotonic() < until:
        content = browser.get(path)[2]
        if found := re.search(pattern, content):
            return found
        wait_for_job(browser, content, until)
    raise AssertionError(f"{path} never said {pattern}: {content[-2000:]}")


def wait_for_job(browser, page, until):
    """As the script of the page does: ask for the little that says how far the work is, until it has ended."""
    job = re.search(rb'data-job-url="([^"]+)"', page)
    while time.monotonic() < until:
        time.sleep(1)  # who asks more often only takes the time of the others
        if job is None or b"data-job-url" not in browser.get(job[1].decode())[2]:
            return


@together
@pytest.mark.slow
def test_thirty_agencies_fill_the_plan_half_on_pages_half_in_workbooks(home):
    agencies = part("agencies", PLAN)["pks"][:AGENCIES]
    wanted = {pk: [f"Isian {place} dari OPD {pk}" for place in range(EACH)] for pk in agencies}
    with serving(home) as server:
        browser = Browser(server.port, sign_in(server.port, "/masuk/", USERNAME, PASSWORD))
        with ThreadPoolExecutor(TYPING) as people:
            ways = [type_on_pages, bring_a_workbook]
            done = [people.submit(ways[place % 2], browser, PLAN, pk, wanted[pk]) for place, pk in enumerate(agencies)]
            for one in done:
                one.result()
    stored = part("titles", PLAN, "Isian ")["rows"]
    assert Counter(map(tuple, stored)) == Counter((title, pk) for pk, titles in wanted.items() for title in titles)
