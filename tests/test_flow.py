"""The tour: one innovation from what a coordinator asks for to the book, as one story. Read it from top to bottom."""

import io
import re
from urllib.parse import urlparse

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from praja.foundation.accounts.models import Organisation
from praja.foundation.jobs.worker import perform_due
from praja.foundation.plans.models import Plan
from praja.stages.masterplan.actions import render_book

SENTENCE = "Kader desa mendaftarkan pasien lewat radio panggil sehari sebelum puskesmas buka."
MONEY = "Rp1.234.567.000"
REGION = "/kabupaten-uji"


@pytest.mark.django_db(transaction=True)
def test_from_a_question_to_the_book(country, client_of):  # noqa: PLR0915 - one story, read in one go
    coordinator = client_of(country.coordinator)

    # The coordinator sets the plan up, adds an agency and asks it for problems and for innovations in one dimension.
    living = country.dimension("living")
    years = {"year_from": 2026, "year_to": 2030, "horizons": "1, 5", "guide_version": "2023"}
    whole_way = {"head_approves": "on", "dimension_checks": "on"}
    fill_in(coordinator, f"{REGION}/persiapan/", title="Masterplan Uji", **years, **whole_way)
    fill_in(
        coordinator,
        f"{REGION}/perangkat-daerah/baru/",
        name="Dinas Sosial",
        agency_kind="agency",
        **no_lines("heads"),
        **no_lines("officials"),
    )
    agency = Organisation.objects.get(name="Dinas Sosial")
    asked = {f"version-{agency.pk}": 0, f"problems-{agency.pk}": "on", f"innovations-{agency.pk}": "on"}
    fill_in(coordinator, f"{REGION}/permintaan/", **asked, **{f"dimension-{agency.pk}": living.pk})

    # She invites an operator by a link, which he opens in a browser of his own; then the head of his agency, and
    # somebody who checks the rows of one dimension.
    operator = invited(coordinator, agency, "operator", "joko")
    head = invited(coordinator, agency, "agency_head", "bu-kepala")
    checker = invited(coordinator, country.government, "dimension_coordinator", "pak-living", dimensions=["living"])
    assert "Dinas Sosial" in page_of(operator, f"{REGION}/")

    # He writes a problem with two causes, one behind the other.
    where = {"organisation": agency.pk, "dimension": living.pk, "sub_dimension": living.sub_dimensions.first().pk}
    problem = fill_in(operator, f"{REGION}/permasalahan/baru/", title="Pasien antre empat jam", organisation=agency.pk)
    form = urlparse(problem).path.removesuffix("what/")
    words = {"title": "Pasien antre empat jam", "description": "Sejak subuh.", "affected": "3.200 keluarga"}
    fill_in(operator, f"{form}what/", **words, **where)
    fill_in(operator, f"{form}data/", urgency=5, seriousness=4, growth=3)
    why = ({"text": "Loket satu", "kind": "infrastructure"}, {"text": "Anggaran habis", "kind": "budget", "depth": 1})
    fill_in(operator, f"{form}causes/", **lines("causes", *why))
    problem = form.removesuffix("ubah/")
    take(operator, problem, "submit")

    # Then the innovation that answers it, with money and an indicator, one short page after the other.
    start = fill_in(operator, f"{REGION}/inovasi/baru/", title="Radio Panggil", organisation=agency.pk)
    form = start.removesuffix("identity/")
    fill_in(operator, f"{form}identity/", title="Radio Panggil", summary=SENTENCE, is_it="False", **where)
    served = {"problems": problem.strip("/").split("/")[-1], "goal": "Antrean turun", "beneficiaries": "Pasien"}
    fill_in(operator, f"{form}why/", **served)
    fill_in(operator, f"{form}how/", design="Kader mencatat, petugas memanggil.")
    money = {"year": 2027, "source": "apbd_region", "kind": "operation", "stage": "indicative"}
    fill_in(operator, f"{form}money/", **lines("money", {**money, "amount_rupiah": "1,234567 miliar"}))
    target = {"name": "Waktu tunggu", "unit": "menit", "level": "outcome", "target_2027": "62,5"}
    fill_in(operator, f"{form}indicators/", **lines("indicators", target))
    innovation = form.removesuffix("ubah/")
    take(operator, innovation, "submit")

    # The head approves both; the dimension coordinator returns the innovation with a remark on one field, which the
    # operator sees there, mends and answers. Then it goes the whole way, and the problem too.
    take(head, problem, "approve")
    take(head, innovation, "approve")
    checker.post(f"{innovation}catatan/", {"field": "design", "text": "Sebutkan lokasi percobaan"})
    take(checker, innovation, "ask_again")
    asked = operator.get(f"{form}how/").context["form"].fields["design"].remarks[0]
    assert asked.remark.text == "Sebutkan lokasi percobaan"
    mended = {f"{asked.key}-settled": "1", f"{asked.key}-answer": "Sudah ditulis"}
    fill_in(operator, f"{form}how/", design="Kader mencatat di tiga desa, petugas memanggil.", **mended)
    for row, back in ((innovation, [(operator, "submit"), (head, "approve")]), (problem, [])):
        for client, step in (*back, (checker, "check"), (coordinator, "accept")):
            take(client, row, step)
    assert "tiga desa" in page_of(checker, innovation)

    # The history tells all of it in words; the coverage counts the agency as the first that has delivered.
    history = page_of(coordinator, innovation)
    told = ["memulai draf", "mengajukan", "mengembalikan dengan catatan", "menerima"]
    assert [word for word in told if word not in history] == []
    verbs = [line.verb for line in coordinator.get(innovation).context["history"] if line.verb not in ("edit", "start")]
    assert verbs[::-1] == ["submit", "approve", "ask_again", "submit", "approve", "check", "accept"]
    table = coordinator.get(f"{REGION}/cakupan/").context["table"]
    assert [row.organisation for row in table.delivered] == [agency]
    assert len(table.asked) == 3

    # The vision stays open until somebody has set it.
    assert "Visi belum ditetapkan" in page_of(coordinator, f"{REGION}/visi/")
    paper = {"set_by_title": "Bupati Uji", "set_by_name": "H. Asep", "set_by_acting": "definitive", "paper": "SK 12"}
    fill_in(
        coordinator, f"{REGION}/visi/ubah/", text="Uji yang sehat", set_on="1 Mei 2026", **paper, **no_lines("words")
    )

    # What the operator typed once stands in the book: as a web page, as PDF and as Word, and each time once.
    for book in (page_of(coordinator, f"{REGION}/buku/"), text_of_pdf(country.plan), text_of_word(country.plan)):
        assert book.count(SENTENCE) == 1
        assert MONEY in book
        assert "Uji yang sehat" in book

    # A sheet from elsewhere, with other titles: its columns are found, its rows seen, and the chosen ones land.
    rows = [f"Inovasi Luar {number};Smart Living;{number} lembar" for number in range(10)]
    sheet = SimpleUploadedFile("daftar.csv", "\n".join(["Nama Program;Dimensi;Catatan Kami", *rows]).encode())
    columns = coordinator.post(f"{REGION}/impor/", {"file": sheet}).url
    preview = coordinator.get(coordinator.post(columns).url).url
    assert page_of(coordinator, preview).count("Inovasi Luar") >= 10
    coordinator.post(preview, {"action": "all"})
    coordinator.post(preview, {"action": "apply"})
    perform_due()
    tray = page_of(coordinator, f"{REGION}/belum-ada-pengampu/")
    assert tray.count("Inovasi Luar") >= 10


# --- what a person does with a page -----------------------------------------------------------------------------------


def fill_in(client, address, **values):
    """Open a form, fill it in, save it; answers where that leads."""
    page = client.get(address)
    response = client.post(address, {"version": page.context.get("version", 0), **values})
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def invited(coordinator, organisation, role, username, **more):
    """The browser of somebody who opened the link of an invitation and made an account."""
    invitation = coordinator.post(
        f"{REGION}/undangan/baru/", {"organisation": organisation.pk, "role": role, "name": username, **more}
    )
    link = urlparse(re.search(r"http\S+/undangan/\S+/", invitation.context["text"])[0]).path
    client, password = Client(), "kuda lumping menari"
    account = {"name": username, "username": username, "new_password": password, "new_password_again": password}
    fill_in(client, link, **account)
    assert Client().get(link).status_code == 410  # a link works once
    return client


def lines(prefix, *rows):
    """Repeatable rows as a form sends them."""
    values = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    return values | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def no_lines(prefix):
    """None of them."""
    return lines(prefix)


def take(client, address, step, **remark):
    """Press a step's button on the page of a row."""
    page = client.get(address)
    row = page.context.get("innovation") or page.context["problem"]
    client.post(f"{address}langkah/", {"step": step, "version": row.version, **remark})
    before, row.state = row.state, None
    row.refresh_from_db()
    assert row.state != before


def page_of(client, address):
    """The words of a page without its markup."""
    text = client.get(address, follow=True).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def text_of_pdf(plan):
    """The words of the book's PDF."""
    pages = PdfReader(io.BytesIO(render_book(Plan.objects.get(pk=plan.pk), "pdf"))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def text_of_word(plan):
    """The words of the book's Word file, tables included."""
    body = docx.Document(io.BytesIO(render_book(Plan.objects.get(pk=plan.pk), "docx"))).element.body
    return " ".join(Paragraph(one, None).text for one in body.iter(qn("w:p")))
