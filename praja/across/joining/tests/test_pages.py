"""Pages of similar rows and of changing hands: who sees what, and that nobody decides about a text unseen."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from praja.across.joining import actions, alike
from praja.across.joining.kinds import INNOVATION, PROBLEM
from praja.across.joining.models import KeptApart, Transfer
from praja.across.joining.tasks import consents_awaited
from praja.foundation.similarity.tests.test_likeness import WEIGHTS
from praja.stages.innovations.models import Innovation
from praja.stages.problems.models import Problem
from tests.country import someone

LIST, TYPING = "/kabupaten-uji/serupa/", "/kabupaten-uji/serupa/saat-mengetik/"


@pytest.fixture
def driver(country):
    """The operator of Dinas Perhubungan."""
    return someone("dishub", "Dedi Dishub", "operator", country.transport)


@pytest.fixture
def rows(country):
    """A problem of Dinas Kesehatan, one of Dinas Perhubungan that says the same, and one that does not."""
    alike._kept.clear()
    values = {"plan": country.plan, "dimension": country.dimension()}
    mine = Problem.objects.create(
        organisation=country.health, title="Antrean pasien rawat jalan RSUD terlalu panjang", **values
    )
    theirs = Problem.objects.create(
        organisation=country.transport, title="Pasien poliklinik rumah sakit menunggu lama", state="submitted", **values
    )
    Problem.objects.create(organisation=country.transport, title="Trayek angkutan desa mati", **values)
    return mine, theirs


def pair_address(rows, tail=""):
    return f"/kabupaten-uji/serupa/permasalahan/{rows[0].pk}/{rows[1].pk}/{tail}"


def versions(*found):
    return ".".join(str(type(row).objects.get(pk=row.pk).version) for row in found)


# --- what says the same -----------------------------------------------------------------------------------------------


def test_the_list_shows_the_pair_to_the_coordinator(country, client_of, rows):
    page = client_of(country.coordinator).get(LIST)
    (couple,) = page.context["couples"]
    assert (couple.left.pk, couple.right.pk) == (rows[0].pk, rows[1].pk)
    assert couple.url == pair_address(rows)


def test_an_operator_reads_title_and_agency_of_another_agencys_row_and_no_more(country, client_of, rows):
    client = client_of(country.operator)
    (couple,) = client.get(LIST).context["couples"]
    assert (couple.left.url, couple.right.url, couple.right.state) == (f"/permasalahan/{rows[0].pk}/", "", "")
    page = client.get(pair_address(rows))
    assert (page.context["may_read"], page.context["parts"]) == (False, [])


def test_a_draft_of_another_agency_is_told_to_nobody(country, client_of, rows):
    Problem.objects.filter(pk=rows[1].pk).update(state="draft")
    client = client_of(country.operator)
    assert client.get(LIST).context["couples"] == []
    assert client.get(TYPING, {"title": "Pasien poliklinik menunggu lama di rumah sakit"}).context["found"] != []
    assert "Dinas Perhubungan" not in client.get(TYPING, {"title": "Pasien poliklinik rumah sakit"}).content.decode()
    assert client.get(pair_address(rows)).status_code == 404


def test_a_pair_of_two_other_agencies_is_not_shown(country, client_of, rows):
    Problem.objects.filter(pk=rows[0].pk).update(
        organisation=country.transport, organisation_path=country.transport.path
    )
    client = client_of(country.operator)
    assert client.get(LIST).context["couples"] == []
    assert client.get(pair_address(rows)).status_code == 404


def test_while_typing_similar_rows_are_offered(country, client_of, rows):
    found = client_of(country.operator).get(TYPING, {"title": "Pasien RSUD antre rawat jalan"}).context["found"]
    assert {side.pk for side, _address in found} == {rows[0].pk, rows[1].pk}


def test_of_a_title_one_shared_word_is_enough(country, client_of, rows):
    found = client_of(country.coordinator).get(TYPING, {"title": "Angkutan pedesaan"}).context["found"]
    assert [side.title for side, _address in found] == ["Trayek angkutan desa mati"]


def test_a_row_is_not_offered_to_itself(country, client_of, rows):
    found = client_of(country.coordinator).get(TYPING, {"baris": rows[0].pk}).context["found"]
    assert [(side.pk, address) for side, address in found] == [(rows[1].pk, pair_address(rows))]


def test_rows_of_another_region_are_never_compared(country, client_of, rows):
    Problem.objects.create(plan=country.neighbour_plan, organisation=country.neighbour_agency, title=rows[0].title)
    assert len(client_of(country.coordinator).get(LIST).context["couples"]) == 1


@pytest.mark.parametrize("title", ["", "   ", "\0", "x" * 5_000, "<script>", "👩‍👩‍👧", "dan yang di"])
def test_whatever_is_typed_is_answered(country, client_of, rows, title):
    assert client_of(country.operator).get(TYPING, {"title": title, "baris": "٣", "jenis": "?"}).status_code == 200


def test_the_fragment_is_no_whole_page(country, client_of, rows):
    assert "<html" not in client_of(country.operator).get(TYPING, {"title": "Antre"}).content.decode()


@pytest.mark.parametrize("where", ["permasalahan/baru/", "inovasi/baru/"])
def test_pages_of_new_rows_ask_for_it_and_link_to_the_list_without_script(country, client_of, where):
    page = client_of(country.operator).get(f"/kabupaten-uji/{where}").content.decode()
    assert f'hx-get="{TYPING}?jenis=' in page
    assert f'href="{LIST}?jenis=' in page


def test_keeping_both_silences_the_pair_until_a_text_changes_much(country, client_of, rows):
    client = client_of(country.coordinator)
    assert client.post(pair_address(rows, "tetap-dua/"), {"reason": "Loket dan poli"}).status_code == 302
    assert client.get(LIST).context["couples"] == []
    Problem.objects.filter(pk=rows[0].pk).update(title="Antrean pasien rawat jalan RSUD panjang", version=2)
    assert client.get(LIST).context["couples"] == []
    Problem.objects.filter(pk=rows[0].pk).update(title="Poliklinik sore rumah sakit sepi dokter", version=3)
    assert [couple.left.pk for couple in client.get(LIST).context["couples"]] == [rows[0].pk]


def test_keeping_both_needs_a_reason(country, client_of, rows):
    response = client_of(country.coordinator).post(pair_address(rows, "tetap-dua/"), {"reason": " \0"})
    assert response.status_code == 422
    assert not KeptApart.objects.exists()


def test_the_mentor_reads_and_decides_nothing(country, client_of, rows):
    client = client_of(country.mentor)
    assert client.get(pair_address(rows)).context["may_decide"] is False
    assert client.post(pair_address(rows, "tetap-dua/"), {"reason": "x"}).status_code == 404
    values = {"stays": rows[0].pk, "reason": "x", "versions": versions(*rows)}
    assert client.post(pair_address(rows, "gabung/"), values).status_code == 404


def test_both_texts_stand_side_by_side_and_the_chosen_one_is_taken_over(country, client_of, rows, driver):
    Problem.objects.filter(pk=rows[0].pk).update(description="Antre sejak subuh")
    Problem.objects.filter(pk=rows[1].pk).update(description="Menunggu tiga jam")
    client = client_of(country.coordinator)
    page = client.get(pair_address(rows))
    assert [part["name"] for part in page.context["parts"]] == ["part-title", "part-description"]
    values = {"stays": rows[1].pk, "reason": "Sama", "versions": versions(*rows), "part-description": rows[0].pk}
    response = client.post(pair_address(rows, "gabung/"), values)
    transfer = Transfer.objects.get()
    assert (response.url, transfer.taken_over) == (f"/pindah-tangan/{transfer.pk}/", ["description"])
    for person in (country.operator, driver):
        answer(client_of(person), transfer, "agree")
    rows[1].refresh_from_db()
    assert (rows[1].description, list(rows[1].others.all())) == ("Antre sejak subuh", [country.health])


def test_nobody_joins_a_text_that_changed_since_the_page_was_opened(country, client_of, rows):
    values = {"stays": rows[0].pk, "reason": "Sama", "versions": versions(*rows)}
    Problem.objects.filter(pk=rows[1].pk).update(version=2)
    client_of(country.coordinator).post(pair_address(rows, "gabung/"), values)
    assert not Transfer.objects.exists()


def test_an_operator_fills_what_is_empty_and_nothing_else(country, client_of, rows):
    Problem.objects.filter(pk=rows[0].pk).update(description="Milik Dinkes", affected="Pasien")
    Problem.objects.filter(pk=rows[1].pk).update(description="Milik Dishub", location="Sukamaju")
    values = {"stays": rows[0].pk, "reason": "Sama", "versions": versions(*rows), "part-title": rows[1].pk}
    client_of(country.operator).post(pair_address(rows, "gabung/"), values)
    assert set(Transfer.objects.get().taken_over) == {"location", "causes", "evidence"}


@pytest.mark.parametrize("values", [{}, {"stays": "1e9"}, {"stays": "", "reason": "x"}, {"stays": "\0", "reason": "x"}])
def test_a_joining_without_choice_or_reason_keeps_the_page(country, client_of, rows, values):
    response = client_of(country.coordinator).post(
        pair_address(rows, "gabung/"), {"versions": versions(*rows), **values}
    )
    assert response.status_code == 422
    assert not Transfer.objects.exists()


# --- changing hands ---------------------------------------------------------------------------------------------------


def answer(client, transfer, word, note="", **changed):
    """Press a button of the page as it stands."""
    page = client.get(f"/pindah-tangan/{transfer.pk}/").content.decode()
    values = dict(re.findall(r'type="hidden" name="(version|seen|agency)" value="([^"]*)"', page))
    return client.post(f"/pindah-tangan/{transfer.pk}/jawaban/", {**values, "answer": word, "note": note, **changed})


def proposed(country, client_of, rows, person=None):
    """The coordinator proposes that the row of Dinas Kesehatan goes to Dinas Perhubungan."""
    client_of(person or country.coordinator).post(
        f"/kabupaten-uji/pindah-tangan/permasalahan/{rows[0].pk}/",
        {"receiving": country.transport.pk, "reason": "Tupoksi"},
    )
    return Transfer.objects.get()


def test_both_agencies_agree_on_their_page(country, client_of, rows, driver):
    transfer = proposed(country, client_of, rows)
    for person in (country.operator, driver):
        assert answer(client_of(person), transfer, "agree").url == f"/pindah-tangan/{transfer.pk}/"
    rows[0].refresh_from_db()
    assert rows[0].organisation == country.transport
    assert client_of(country.operator).get(f"/permasalahan/{rows[0].pk}/").status_code == 404
    assert client_of(driver).get(f"/permasalahan/{rows[0].pk}/").status_code == 200


def test_declining_without_a_reason_keeps_the_page(country, client_of, rows, driver):
    transfer = proposed(country, client_of, rows)
    assert answer(client_of(driver), transfer, "decline").status_code == 422
    assert answer(client_of(driver), transfer, "decline", note="Bukan kami").status_code == 302
    transfer.refresh_from_db()
    assert transfer.state == "declined"


@pytest.mark.parametrize(
    "changed", [{"seen": "9.9"}, {"version": "9"}, {"agency": "0"}, {"answer": "yes"}, {"version": ""}]
)
def test_an_answer_to_another_page_changes_nothing(country, client_of, rows, driver, changed):
    transfer = proposed(country, client_of, rows)
    word = changed.pop("answer", "agree") if "answer" in changed else "agree"
    assert answer(client_of(driver), transfer, word, **changed).status_code == 302
    assert not transfer.consents.exists()


def test_a_receiving_agency_may_ask_for_a_row_only_for_itself(country, client_of, rows):
    where = f"/kabupaten-uji/pindah-tangan/permasalahan/{rows[1].pk}/"
    client = client_of(country.operator)
    assert list(client.get(where).context["form"].fields["receiving"].queryset) == [country.health]
    assert client.post(where, {"receiving": country.transport.pk, "reason": "x"}).status_code == 422
    client.post(where, {"receiving": country.health.pk, "reason": "Urusan kesehatan"})
    transfer = Transfer.objects.get()
    assert [word.organisation for word in transfer.consents.all()] == [country.health]


def test_the_secretariat_records_a_paper_with_its_file(country, client_of, rows, driver):
    transfer = proposed(country, client_of, rows, country.operator)
    paper = SimpleUploadedFile("nota.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
    values = {"word-organisation": country.transport.pk, "word-agrees": "1", "word-manner": "paper",
              "word-note": "Nota dinas 12/2026", "word-file": paper, "version": transfer.version}  # fmt: skip
    client_of(country.coordinator).post(f"/pindah-tangan/{transfer.pk}/persetujuan/", values)
    transfer.refresh_from_db()
    word = transfer.consents.get(manner="paper")
    assert (transfer.state, word.file.organisation_path) == ("done", country.transport.path)
    assert "Nota dinas 12/2026" in client_of(driver).get(f"/pindah-tangan/{transfer.pk}/").content.decode()


def test_a_refused_file_keeps_the_page(country, client_of, rows):
    transfer = proposed(country, client_of, rows)
    values = {"word-organisation": country.health.pk, "word-agrees": "1", "word-manner": "paper", "word-note": "Nota",
              "word-file": SimpleUploadedFile("virus.exe", b"MZ\x90"), "version": transfer.version}  # fmt: skip
    response = client_of(country.coordinator).post(f"/pindah-tangan/{transfer.pk}/persetujuan/", values)
    assert response.status_code == 422
    assert not transfer.consents.exists()


def test_an_operator_records_nothing_for_others(country, client_of, rows, driver):
    transfer = proposed(country, client_of, rows)
    assert client_of(driver).post(f"/pindah-tangan/{transfer.pk}/persetujuan/", {}).status_code == 404


def test_agencies_that_are_not_concerned_and_neighbours_do_not_reach_it(country, client_of, rows):
    transfer = proposed(country, client_of, rows)
    third = someone("lain", "Lain", "operator", country.neighbour_agency)
    for person in (third, country.neighbour, country.assessor):
        assert client_of(person).get(f"/pindah-tangan/{transfer.pk}/").status_code == 404


def test_the_list_says_whose_word_is_needed(country, client_of, rows, driver):
    proposed(country, client_of, rows, country.operator)
    (line,) = client_of(driver).get("/kabupaten-uji/pindah-tangan/").context["waiting"]
    assert (line["is_mine"], line["missing"]) == (True, [country.transport])
    assert [task["title"] for task in consents_awaited(country.plan, country.transport)] == [rows[0].title]
    assert consents_awaited(country.plan, country.health) == []


def test_undoing_stands_on_the_page_while_it_can_be_done(country, client_of, rows, driver):
    transfer = actions.propose_join(PROBLEM, rows[0], into=rows[1], taken_over=(), by=country.operator, reason="Sama")
    answer(client_of(driver), transfer, "agree")
    page = client_of(country.coordinator).get(f"/permasalahan/{rows[0].pk}/").content.decode()
    assert rows[1].title in page
    merged = (
        client_of(country.coordinator).get(f"/kabupaten-uji/pindah-tangan/permasalahan/{rows[1].pk}/").context["merged"]
    )
    assert [side.pk for side in merged] == [rows[0].pk]
    transfer.refresh_from_db()
    client_of(country.coordinator).post(f"/pindah-tangan/{transfer.pk}/pembatalan/", {"version": transfer.version})
    rows[0].refresh_from_db()
    assert (rows[0].withdrawn_at, rows[0].merged_into) == (None, None)


def test_a_joined_row_is_not_brought_back_behind_the_other_one(country, client_of, rows, driver):
    transfer = actions.propose_join(PROBLEM, rows[0], into=rows[1], taken_over=(), by=country.operator, reason="Sama")
    answer(client_of(driver), transfer, "agree")
    assert (
        client_of(country.coordinator).post(f"/permasalahan/{rows[0].pk}/pemulihan/", {"version": 2}).status_code == 404
    )


# --- cost and consistency ---------------------------------------------------------------------------------------------


def test_what_is_compared_is_what_the_likeness_was_chosen_on():
    assert {"problem": PROBLEM.weights, "innovation": INNOVATION.weights} == WEIGHTS


@pytest.mark.parametrize(
    ("where", "number"),
    [(LIST, 9), (TYPING + "?title=Antrean+pasien+RSUD", 6), ("{pair}", 12), ("/kabupaten-uji/pindah-tangan/", 8),
     ("/pindah-tangan/{transfer}/", 11), ("/kabupaten-uji/pindah-tangan/permasalahan/{row}/", 9)],
)  # fmt: skip
def test_queries_without_navigation(country, client_of, rows, django_assert_num_queries, monkeypatch, where, number):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    transfer = proposed(country, client_of, rows)
    client = client_of(country.coordinator)
    where = where.format(pair=pair_address(rows), transfer=transfer.pk, row=rows[0].pk)
    client.get(LIST)  # the rows are weighed
    with django_assert_num_queries(number):
        assert client.get(where).status_code == 200


def test_rows_are_weighed_once(country, client_of, rows, django_assert_num_queries):
    alike.weighed(PROBLEM, country.plan)
    with django_assert_num_queries(1):
        assert alike.weighed(PROBLEM, country.plan).pairs
    Problem.objects.filter(pk=rows[0].pk).update(title="Lampu jalan padam", version=2)
    with django_assert_num_queries(2):
        assert alike.weighed(PROBLEM, country.plan).pairs == []


def test_a_plan_that_an_import_has_filled_is_compared_by_its_newest_rows(country, rows, monkeypatch):
    monkeypatch.setattr(alike, "MOST_ROWS", 2)
    assert sorted(alike.weighed(PROBLEM, country.plan).vectors) == [rows[1].pk, rows[1].pk + 1]


def test_a_region_without_rows_has_no_pair(country, client_of):
    page = client_of(country.coordinator).get(LIST, {"jenis": "inovasi", "sesudah": "zz"})
    assert (page.status_code, page.context["couples"]) == (200, [])
    assert not Innovation.objects.exists()
