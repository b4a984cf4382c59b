"""The SWOT: four lists by region and dimension, strategies that cross them, order and history."""

import pytest

from praja.foundation.audit.models import Event
from praja.stages.analysis.models import SwotItem, SwotStrategy
from praja.stages.analysis.swot import codes_of, keywords_of, swot_of

HOME = "/kabupaten-uji/swot/"
NEW_ITEM = "/kabupaten-uji/analisis/butir-swot/baru/"
NEW_STRATEGY = "/kabupaten-uji/analisis/strategi-swot/baru/"


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def item(country, kind="strength", text="Jaringan serat sampai ke semua kecamatan", **values):
    values = {"order": SwotItem.objects.count() + 1, **values}
    return SwotItem.objects.create(plan=country.plan, kind=kind, text=text, **values)


def strategy(country, *items, kind="so", text="Membuka layanan daring di kecamatan", **values):
    one = SwotStrategy.objects.create(plan=country.plan, kind=kind, text=text, **values)
    one.items.set(items)
    return one


def typed(**values):
    return {"version": "0", "kind": "strength", "text": "Jaringan serat", **values}


def test_an_item_is_written_with_history_and_stands_in_its_list(country, coordinator):
    response = coordinator.post(NEW_ITEM, typed(keyword=" terhubung ", source="Diskominfo 2025"))
    one = SwotItem.objects.get()
    assert response.url == f"{HOME}#butir-{one.pk}"
    assert (one.keyword, one.organisation_path) == ("terhubung", country.plan.organisation_path)
    assert Event.objects.about(one).get().verb == "add"
    boxes = coordinator.get(HOME).context["boxes"]
    assert [code for code, _item in boxes[0]["items"]] == ["S1"]


def test_the_same_form_twice_writes_one_item(country, coordinator):
    assert [coordinator.post(NEW_ITEM, typed()).status_code for _time in range(2)] == [302, 302]
    assert SwotItem.objects.count() == 1


def test_an_item_of_a_dimension_stands_on_its_tab_only(country, coordinator):
    living = country.dimension("living")
    response = coordinator.post(f"{NEW_ITEM}?jenis=threat&dimensi=living", typed(kind="threat", dimension=living.pk))
    assert response.url.startswith(f"{HOME}?dimensi=living#")
    assert not any(box["items"] for box in coordinator.get(HOME).context["boxes"])
    assert coordinator.get(f"{HOME}?dimensi=living").context["boxes"][3]["items"]


def test_the_address_fills_kind_and_dimension_in(country, coordinator):
    form = coordinator.get(f"{NEW_ITEM}?jenis=weakness&dimensi=economy").context["form"]
    assert (form["kind"].value(), form["dimension"].value()) == ("weakness", country.dimension("economy").pk)
    form = coordinator.get(f"{NEW_ITEM}?jenis=%00&dimensi=%00x").context["form"]
    assert (form["kind"].value(), form["dimension"].value()) == ("", None)


def test_another_one_can_follow(country, coordinator):
    response = coordinator.post(f"{NEW_ITEM}?jenis=strength", typed(again="1"))
    assert response.url == f"{NEW_ITEM}?jenis=strength"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "x" * 501])
def test_a_wording_that_says_nothing_or_too_much_comes_back(country, coordinator, text):
    response = coordinator.post(NEW_ITEM, typed(text=text))
    assert response.status_code == 422
    assert not SwotItem.objects.exists()


def test_items_go_up_and_down_without_script(country, coordinator):
    first, second, other = item(country), item(country, text="Kedua"), item(country, "threat", "Banjir")
    where = f"/analisis/butir-swot/{second.pk}/urutan/"
    assert coordinator.post(where, {"arah": "naik"}).url == f"{HOME}#butir-{second.pk}"
    assert list(SwotItem.objects.filter(kind="strength")) == [second, first]
    coordinator.post(where, {"arah": "naik"})  # it is first already
    coordinator.post(where, {"arah": "samping"})
    assert [event.verb for event in Event.objects.about(second)] == ["move"]
    assert SwotItem.objects.get(pk=other.pk).order == other.order


def test_rows_that_share_a_place_can_be_moved_too(country, coordinator):
    rows = [item(country, text=text, order=0) for text in "abc"]
    coordinator.post(f"/analisis/butir-swot/{rows[2].pk}/urutan/", {"arah": "naik"})
    assert [one.text for one in SwotItem.objects.all()] == ["a", "c", "b"]


def test_codes_count_over_the_plan_and_leave_withdrawn_items_out(country):
    living = country.dimension("living")
    items = [item(country, dimension=living), item(country), item(country, "threat"), item(country)]
    items[1].withdrawn_at = items[1].created_at
    assert [codes_of(items).get(one.pk, "") for one in items] == ["S2", "", "T1", "S1"]


def test_keywords_are_counted_whatever_their_case(country):
    items = [item(country, keyword=word) for word in ("Maju", "maju", "MAJU ", "Sehat", "")]
    items.append(item(country, "threat", keyword="maju"))
    assert [(one.word, one.times, one.letters) for one in keywords_of(items)] == [("maju", 4, "ST"), ("Sehat", 1, "S")]


def test_ticked_items_lead_to_the_strategy_that_crosses_them(country, coordinator):
    weak, threat = item(country, "weakness", "Dokter kurang"), item(country, "threat", "Wabah")
    page = coordinator.get(f"{NEW_STRATEGY}?butir={weak.pk}&butir={threat.pk}&butir=99999999999999999999&butir=x")
    form = page.context["form"]
    assert form["kind"].value() == "wt"
    assert sorted(form["items"].value()) == [weak.pk, threat.pk]
    assert [is_open for _letter, _title, _boxes, is_open in form.item_lists] == [True, True]
    text = page.content.decode()
    assert "W1 Dokter kurang" in text
    assert "T1 Wabah" in text


def test_a_strategy_rests_on_items_of_its_two_lists(country, coordinator):
    strong, chance, weak = item(country), item(country, "opportunity"), item(country, "weakness", "Dokter kurang")
    values = {"version": "0", "kind": "so", "text": "Membuka layanan", "items": [strong.pk, weak.pk]}
    response = coordinator.post(NEW_STRATEGY, values)
    assert "Dokter kurang" in str(response.context["form"].errors["items"])
    assert coordinator.post(NEW_STRATEGY, {**values, "items": [strong.pk, chance.pk]}).status_code == 302
    one = SwotStrategy.objects.get()
    assert set(one.items.all()) == {strong, chance}
    assert Event.objects.about(one).get().changes["items"][1]


def test_a_withdrawn_item_is_shown_as_such_and_stays_chosen(country, coordinator):
    strong, chance = item(country, text="Serat optik"), item(country, "opportunity")
    one = strategy(country, strong, chance)
    where = f"/analisis/butir-swot/{strong.pk}/"
    assert coordinator.post(f"{where}penarikan/", {"version": "1", "remark": "Sudah usang"}).url == HOME
    page = coordinator.get(f"{HOME}strategi/").content.decode()
    assert "<del" in page
    assert "Serat optik" in page
    edit = f"/analisis/strategi-swot/{one.pk}/ubah/"
    form = coordinator.get(edit).context["form"]
    assert strong.pk in [
        int(str(box.data["value"])) for _letter, _title, boxes, _is_open in form.item_lists for box in boxes
    ]
    values = {"version": "1", "kind": "so", "text": "Baru", "items": [strong.pk, chance.pk]}
    assert coordinator.post(edit, values).status_code == 302
    assert one.items.count() == 2
    assert coordinator.post(f"{where}pemulihan/", {"version": "2"}).status_code == 302
    assert SwotItem.objects.in_service().filter(pk=strong.pk).exists()


def test_an_item_of_another_plan_cannot_be_chosen(country, coordinator):
    foreign = SwotItem.objects.create(plan=country.neighbour_plan, kind="strength", text="Asing")
    values = {"version": "0", "kind": "so", "text": "Membuka layanan", "items": [foreign.pk]}
    assert coordinator.post(NEW_STRATEGY, values).status_code == 422


def test_two_people_who_change_an_item_at_once_see_both_texts(country, coordinator):
    one = item(country)
    edit = f"/analisis/butir-swot/{one.pk}/ubah/"
    coordinator.post(edit, typed(version="1", text="Naskah pertama"))
    response = coordinator.post(edit, typed(version="1", text="Naskah kedua"))
    assert response.status_code == 409
    assert "Naskah pertama" in response.content.decode()


def test_what_was_typed_is_kept(country, coordinator):
    coordinator.post(f"{NEW_ITEM}draf/", typed(text="Setengah jadi"))
    assert "Setengah jadi" in coordinator.get(NEW_ITEM).content.decode()


@pytest.mark.parametrize("entry", ["butir-swot", "strategi-swot", "kesenjangan", "calon-visi", "misi"])
def test_who_may_begin_each_kind(country, client_of, entry):
    expected = {"operator": 404, "assessor": 404, "neighbour": 404, "coordinator": 200, "ministry_admin": 200}
    for who, code in expected.items():
        assert client_of(getattr(country, who)).get(f"/kabupaten-uji/analisis/{entry}/baru/").status_code == code


def test_a_kind_that_is_none_is_not_there(country, coordinator):
    one = item(country)
    assert coordinator.get("/kabupaten-uji/analisis/apa/baru/").status_code == 404
    for where in (f"/analisis/misi/{one.pk + 99}/", f"/analisis/apa/{one.pk}/", f"/analisis/misi/{10**30}/"):
        assert coordinator.get(where).status_code == 404


def test_the_pages_ask_the_database_as_often_for_many_rows(country, coordinator, django_assert_num_queries):
    living = country.dimension("living")
    for number in range(6):
        pair = item(country, dimension=living if number % 2 else None), item(country, "opportunity")
        strategy(country, *pair, dimension=living)
    assert len(swot_of(country.plan).items) == 12
    for where, count in ((HOME, 10), (f"{HOME}strategi/?dimensi=living", 10)):
        with django_assert_num_queries(count):
            coordinator.get(where)
