"""The pages of decision sheets in the hands of each office."""

import datetime
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from praja.foundation.accounts.sessions import CONFIRMED_AT
from praja.foundation.files.tests.test_page_pictures import pdf
from praja.stages.quick_wins import deciding
from praja.stages.quick_wins.models import DecisionSheet, FoundSet, QuickWin
from praja.stages.quick_wins.offices import Office
from praja.stages.quick_wins.tests.scored import nominee
from praja.stages.quick_wins.tests.sheets import (
    acting_until,
    endorsed,
    fresh,
    ready,
    searched,
    second_coordinator,
    submitted,
)
from praja.stages.quick_wins.tests.test_decide import decided
from tests.country import PASSWORD

ANSWER = {"confirm-answer": "1", "confirm-password": PASSWORD}


@pytest.fixture
def way(country):
    return ready(country)


@pytest.fixture
def sheet(country, way):
    return submitted(country, way)


@pytest.fixture
def quick_cost():
    """The search with a swap, answered at once."""
    with patch("praja.stages.quick_wins.sheet_views.with_swap", return_value={"best": None}) as asked:
        yield asked


def take(client, sheet, **values):
    return client.post(reverse("decision-take", args=[sheet.pk]), {"version": fresh(sheet).version, **values, **ANSWER})


# --- putting a set forward --------------------------------------------------------------------------------------------


def test_the_secretariat_puts_the_best_set_forward(client_of, country, way):
    client = client_of(country.coordinator)
    address = reverse("decision-sheet-new", args=[way.round.pk])
    page = client.get(address).content.decode()
    assert "Antre Daring" in page
    assert "001/TL-QW/" in page
    values = {"version": way.round.version, "number": "7/TL", "do": "best"}
    assert client.post(address, values).status_code == 302
    sheet = DecisionSheet.objects.get()
    assert (sheet.number, sheet.state) == ("7/TL", "on_its_way")
    assert client.get(address).url == reverse("decision-sheet", args=[sheet.pk])


def test_a_set_by_hand_shows_its_cost_and_keeps_what_was_typed(client_of, country, way):
    client = client_of(country.coordinator)
    address = reverse("decision-sheet-new", args=[way.round.pk])
    picked = [way.key("b"), way.key("c")]
    values = {"version": way.round.version, "number": "7/TL", "remark": "Mohon arahan", "pilih": picked}
    page = client.post(address, {**values, "do": "cost"})
    assert page.status_code == 200
    assert page.context["by_hand"]["loss"] == 10_000
    assert not DecisionSheet.objects.exists()
    page = client.post(address, {**values, "do": "hand"})
    assert page.status_code == 422
    assert "Mohon arahan" in page.content.decode()
    assert client.post(address, {**values, "do": "hand", "reason": "Amanat"}).status_code == 302
    assert client_of(country.coordinator).get(f"{address}?pilih={picked[0]}").status_code == 302


def test_without_a_search_the_page_says_what_to_do(client_of, country, way):
    FoundSet.objects.all().delete()
    page = client_of(country.coordinator).get(reverse("decision-sheet-new", args=[way.round.pk]))
    assert page.context["found"] is None
    assert page.status_code == 200


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_who_reaches_a_sheet(client_of, country, way, sheet):
    address = reverse("decision-sheet", args=[sheet.pk])
    seen = (country.coordinator, country.mentor, way.people[Office.HEAD], way.people[Office.COUNCIL])
    assert [client_of(user).get(address).status_code for user in seen] == [200] * 4
    others = (country.operator, country.neighbour, country.assessor)
    assert [client_of(user).get(address).status_code for user in others] == [404] * 3
    decided(endorsed(sheet, way), way)
    assert [client_of(user).get(address).status_code for user in others] == [200, 404, 404]


def test_an_office_endorses_or_sends_back_on_its_page(client_of, country, way, sheet):
    address, speak = (reverse(name, args=[sheet.pk]) for name in ("decision-sheet", "decision-sheet-speak"))
    client = client_of(way.people[Office.WORKING_GROUP])
    assert client.get(address).context["speaks"]
    client.post(speak, {"version": sheet.version, "office": "working_group", "do": "speak"})
    assert fresh(sheet).steps.count() == 1
    client = client_of(country.coordinator)
    client.post(speak, {"version": fresh(sheet).version, "office": "team", "do": "return", "remark": ""})
    assert fresh(sheet).state == "on_its_way"
    client.post(speak, {"version": fresh(sheet).version, "office": "team", "do": "return", "remark": "Ulangi"})
    assert fresh(sheet).state == "returned"


def test_nobody_speaks_for_another_office(client_of, country, way, sheet):
    speak = reverse("decision-sheet-speak", args=[sheet.pk])
    values = {"version": sheet.version, "do": "speak", "remark": "x"}
    client = client_of(country.mentor)
    for office in ("working_group", "council", "secretary", "head", "raja"):
        assert client.post(speak, {**values, "office": office}).status_code == 404
    client.post(speak, {**values, "office": "mentor"})
    assert fresh(sheet).steps.get().office == "mentor"


def test_a_stale_page_loses_and_says_so(client_of, country, way, sheet):
    stale = sheet.version
    endorsed(sheet, way, until=Office.TEAM)
    values = {"version": stale, "office": "team", "do": "speak", "remark": "Setuju"}
    page = client_of(country.coordinator).post(reverse("decision-sheet-speak", args=[sheet.pk]), values)
    assert page.status_code == 422
    assert "Setuju" in page.content.decode()
    assert fresh(sheet).steps.count() == 1


def test_a_changed_sheet_says_so_on_its_page(client_of, country, way, sheet):
    address = reverse("decision-sheet", args=[sheet.pk])
    client = client_of(country.coordinator)
    assert client.get(address).context["problems"] == []
    DecisionSheet.objects.update(content=sheet.content.replace("Antre", "Antri"))
    assert client.get(address).context["problems"]
    DecisionSheet.objects.update(content="bukan lembar")
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["problems"]
    head = client_of(way.people[Office.HEAD]).get(reverse("decision", args=[sheet.pk]))
    assert head.url == address


def test_the_code_on_the_paper_leads_to_the_sheet(client_of, country, sheet):
    address = reverse("decision-by-code", args=[sheet.code.lower()])
    assert client_of(country.coordinator).get(address).url == reverse("decision-sheet", args=[sheet.pk])
    assert client_of(country.neighbour).get(address).status_code == 404


def test_the_secretariat_takes_a_sheet_back_on_its_page(client_of, country, sheet):
    address = reverse("decision-sheet-take-back", args=[sheet.pk])
    assert client_of(country.mentor).post(address, {"version": sheet.version, "remark": "x"}).status_code == 404
    client_of(country.coordinator).post(address, {"version": sheet.version, "remark": "Salah"})
    assert fresh(sheet).state == "void"


# --- the decision -----------------------------------------------------------------------------------------------------


def test_the_head_accepts_after_showing_who_it_is(client_of, way, sheet):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    session = client.session
    session[CONFIRMED_AT] = 0  # signed in long ago
    session.save()
    address = reverse("decision-take", args=[sheet.pk])
    page = client.post(address, {"version": sheet.version, "do": "accept"})
    assert page.status_code == 200  # the question whether it is still the same person
    assert fresh(sheet).state == "on_its_way"
    take(client, sheet, do="accept")
    assert fresh(sheet).state == "decided"


def test_the_head_sees_at_once_what_a_swap_costs(client_of, way, sheet):
    sheet = endorsed(sheet, way)
    query = {"keluar": way.key("a"), "masuk": way.key("b")}
    page = client_of(way.people[Office.HEAD]).get(reverse("decision", args=[sheet.pk]), query)
    preview = page.context["preview"]
    assert preview["impossible"]  # the budget forbids every set with it
    assert len(preview["broken"]) == 1
    assert "Rp300.000.000" in page.content.decode()


def test_a_swap_that_breaks_a_rule_asks_for_its_reason_and_keeps_what_was_chosen(client_of, way, sheet, quick_cost):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    swap = {"do": "swap", "keluar": way.key("a"), "masuk": way.key("b")}
    page = take(client, sheet, **swap)
    assert page.status_code == 422
    assert page.context["preview"]["broken"]
    assert take(client, sheet, **swap, reason="Mendesak").status_code == 302
    assert set(QuickWin.objects.values_list("nomination", flat=True)) == {way.b.pk, way.c.pk}


def test_two_swaps_are_decided_together(client_of, way, sheet, quick_cost):
    sheet = endorsed(sheet, way)
    pairs = {"keluar": [way.key("a"), way.key("c")], "masuk": [way.key("b"), way.key("d")]}
    client = client_of(way.people[Office.HEAD])
    assert client.get(reverse("decision", args=[sheet.pk]), pairs).context["preview"]["swaps"][1][1] == way.key("d")
    take(client, sheet, do="swap", reason="Mendesak", **pairs)
    assert set(QuickWin.objects.values_list("nomination", flat=True)) == {way.b.pk, way.d.pk}


def test_a_swapped_set_does_not_claim_the_proof_of_the_one_put_forward(client_of, way, sheet, quick_cost):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    proof = "tidak ada pilihan yang memenuhi semua aturan dengan nilai lebih tinggi"
    address = reverse("decision-sheet", args=[sheet.pk])
    assert proof in client.get(address).content.decode()
    take(client, sheet, do="swap", keluar=way.key("a"), masuk=way.key("b"), reason="Mendesak")
    assert proof not in client.get(address).content.decode()


def test_hostile_swaps_are_answered_kindly(client_of, way, sheet, quick_cost):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    for query in ("keluar=x&masuk=y", "keluar=&masuk=1", "keluar=%00&masuk=%00", "keluar=1&" * 50 + "masuk=2"):
        assert client.get(f"{reverse('decision', args=[sheet.pk])}?{query}").status_code == 200
    assert take(client, sheet, do="swap").status_code == 422
    assert take(client, sheet, do="meledak").status_code == 404


def test_the_head_sends_back(client_of, way, sheet):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    assert take(client, sheet, do="return", reason=" ").status_code == 422
    take(client, sheet, do="return", reason="Kurang mendesak")
    assert fresh(sheet).state == "returned"


def test_before_the_turn_of_the_head_nothing_is_offered(client_of, way, sheet):
    client = client_of(way.people[Office.HEAD])
    page = client.get(reverse("decision", args=[sheet.pk]))
    assert not page.context["is_turn"]
    assert "decision-take" not in page.content.decode()
    assert take(client, sheet, do="accept").status_code == 422


def test_who_was_acting_head_until_yesterday_reads_why_nothing_happened(client_of, country, way, sheet):
    sheet = endorsed(sheet, way)
    acting = acting_until(country, way, country.plan.today - datetime.timedelta(days=1))
    client = client_of(acting)
    page = client.get(take(client, sheet, do="accept").url)
    assert "Plh. Bupati Uji" in page.content.decode()
    assert fresh(sheet).state == "on_its_way"


def test_nobody_else_decides(client_of, country, way, sheet):
    sheet = endorsed(sheet, way)
    for user in (country.coordinator, country.mentor, way.people[Office.SECRETARY], country.operator):
        assert client_of(user).get(reverse("decision", args=[sheet.pk])).status_code == 404
        assert take(client_of(user), sheet, do="accept").status_code == 404


# --- the paper --------------------------------------------------------------------------------------------------------


def test_the_signed_paper_is_entered_by_one_and_confirmed_by_another(client_of, country, way, sheet):
    first, second = client_of(country.coordinator), client_of(second_coordinator(country))
    address = reverse("decision-paper", args=[sheet.pk])
    assert first.get(address).status_code == 200
    values = {
        "version": sheet.version, "code": sheet.code.lower(), "day": country.plan.today.strftime("%d/%m/%Y"),
        "head": way.head.pk, "verdict": "swapped", "reason": "Mendesak", "keluar": way.key("a"), "masuk": way.key("b"),
        "signed_working_group": "Dewi", "signed_team": "Budi", "signed_council": "Darto", "signed_secretary": "Sekar",
    }  # fmt: skip
    page = first.post(address, {**values, "code": "XXXX", "file": ContentFile(pdf(2), name="a.pdf")})
    assert page.status_code == 422
    assert "Darto" in page.content.decode()
    assert first.post(address, {**values, "file": ContentFile(pdf(2), name="a.pdf")}).status_code == 302
    shown = second.get(reverse("decision-sheet", args=[sheet.pk])).context
    assert shown["may_confirm"]
    assert shown["entered"]["swaps"] == [("Antre Daring", "Posyandu Digital")]
    confirm = reverse("decision-paper-confirm", args=[sheet.pk])
    first.post(confirm, {"version": fresh(sheet).version, **ANSWER})
    assert fresh(sheet).state == "on_its_way"
    second.post(confirm, {"version": fresh(sheet).version, **ANSWER})
    assert fresh(sheet).state == "decided"
    assert first.get(reverse("decision-scan-page", args=[sheet.pk, 2])).status_code == 200
    assert first.get(reverse("decision-scan-file", args=[sheet.pk])).status_code == 200
    assert client_of(country.mentor).get(reverse("decision-scan-file", args=[sheet.pk])).status_code == 404


def test_a_second_person_refuses_a_scan_with_a_reason(client_of, country, way, sheet):
    said = {"working_group": "A", "team": "B", "council": "C", "secretary": "D"}
    disposition = deciding.Disposition(sheet.code, country.plan.today, way.head.pk, "accepted", signed=said)
    upload = ContentFile(pdf(1), name="a.pdf")
    deciding.enter_paper(sheet, upload, disposition, by=country.coordinator, version=sheet.version)
    client = client_of(second_coordinator(country))
    address = reverse("decision-paper-refuse", args=[sheet.pk])
    client.post(address, {"version": fresh(sheet).version, "reason": ""})
    assert fresh(sheet).scan is not None
    client.post(address, {"version": fresh(sheet).version, "reason": "Kabur"})
    assert fresh(sheet).scan is None


# --- queries ----------------------------------------------------------------------------------------------------------


def test_the_pages_ask_a_constant_number_of_queries(
    client_of, country, way, sheet, quick_cost, django_assert_num_queries
):
    sheet = endorsed(sheet, way)
    client = client_of(way.people[Office.HEAD])
    swap = {"keluar": way.key("a"), "masuk": way.key("b")}
    for address, number in (
        (reverse("decision-sheet", args=[sheet.pk]), 13),
        (reverse("decision", args=[sheet.pk]), 14),
        (reverse("decision-sheet-list", args=[country.plan.slug]), 7),
    ):
        client.get(address)
        with django_assert_num_queries(number):
            client.get(address, swap)


def test_putting_a_set_forward_asks_as_often_for_many_nominees_as_for_few(
    client_of, country, way, django_assert_num_queries
):
    client = client_of(country.coordinator)
    address = reverse("decision-sheet-new", args=[way.round.pk])
    client.get(address)
    with django_assert_num_queries(17) as few:
        client.get(address)
    for number in range(5):
        nominee(country, way.round, f"Calon {number}")
    searched(way.round)
    with django_assert_num_queries(len(few)):
        client.get(address)
