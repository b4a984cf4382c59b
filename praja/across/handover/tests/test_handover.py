"""An operator leaves: what is open stands on the sheet, the successor accepts, and nothing that was typed is lost."""

import io

import pytest
from django.http import QueryDict
from pypdf import PdfReader

from praja.across.handover import actions
from praja.across.handover.contents import contents_of
from praja.across.handover.models import Handover
from praja.foundation.accounts.models import Membership, User
from praja.foundation.accounts.permissions import Can
from praja.foundation.audit.models import Event
from praja.foundation.drafts import actions as drafts
from praja.foundation.drafts.models import Draft
from praja.foundation.notices.models import Notice
from praja.foundation.remarks.models import Remark
from praja.foundation.sheets.models import Handout
from praja.stages.innovations.models import Innovation
from praja.stages.innovations.tests.test_actions import started
from tests.country import someone


@pytest.fixture
def successor(country):
    return someone("pengganti", "Rini Pengganti", "operator", country.transport)


@pytest.fixture
def role(country):
    return country.operator.memberships.get()


def page_of(row):
    return f"/inovasi/{row.pk}/ubah/how/"


def type_on(address, text, by):
    return drafts.keep(QueryDict(f"version=1&design={text}"), by=by, address=address)


def begun(country, role, successor, **values):
    return actions.begin(role, successor, **{"plan": country.plan, "note": "", "by": country.coordinator, **values})


def test_the_sheet_lists_everything_that_is_open(country, role, successor):
    innovation = started(country, title="Antre dari Rumah")
    handed_in = started(country, title="Sudah diterima")
    Innovation.objects.filter(pk=handed_in.pk).update(state="accepted", dimension=country.dimension())
    type_on(page_of(innovation), "Kader", country.operator)
    type_on("/kabupaten-uji/permasalahan/baru/", "Baru", country.operator)
    path = country.health.organisation_path
    Remark.objects.create(
        subject="innovations.innovation", subject_id=innovation.pk, text="Mana datanya?", organisation_path=path
    )
    Handout.objects.create(
        plan=country.plan,
        organisation=country.health,
        organisation_path=path,
        kind="agency",
        guide="x",
        made_by=country.operator,
    )
    contents = contents_of(begun(country, role, successor))
    assert [line.title for line in contents.rows] == ["Antre dari Rumah"]
    assert len(contents.typed) == 2
    assert [line.title for line in contents.remarks] == ["Mana datanya?"]
    assert len(contents.workbooks) == 1


def test_rows_and_texts_of_other_agencies_are_not_on_it(country, role, successor):
    theirs = started(country, title="Milik Dishub")
    Innovation.objects.filter(pk=theirs.pk).update(
        organisation=country.transport, organisation_path=country.transport.path
    )
    type_on(page_of(theirs), "Rahasia", country.operator)
    contents = contents_of(begun(country, role, successor))
    assert contents.rows == contents.typed == []


def test_accepting_gives_the_role_ends_the_other_and_passes_typed_text_on(client_of, country, role, successor):
    innovation = started(country)
    draft = type_on(page_of(innovation), "Kader mencatat", country.operator)
    theirs = client_of(country.operator)
    handover = begun(country, role, successor, note="Data ada di Bu Ani.")
    client = client_of(successor)
    assert client.post(f"/serah-terima/{handover.pk}/terima/").status_code == 302
    fresh = User.objects.get(pk=successor.pk)
    assert fresh.may(Can.INNOVATION_WRITE, country.health)
    assert not User.objects.get(pk=country.operator.pk).may_anywhere(Can.INNOVATION_WRITE)
    draft.refresh_from_db()
    assert draft.user == successor
    assert "Kader mencatat" in client.get(page_of(innovation)).content.decode()
    assert theirs.get("/profil/").status_code == 302  # without any role left, the leaver is signed out
    assert Event.objects.filter(verb="accept hand-over", by=successor).exists()
    assert {notice.user for notice in Notice.objects.filter(address=f"/serah-terima/{handover.pk}/")} == {
        successor, country.operator, country.coordinator,
    }  # fmt: skip


def test_two_texts_on_one_page_are_both_kept(client_of, country, role, successor):
    Membership.objects.create(user=successor, organisation=country.health, role="operator")
    innovation = started(country)
    type_on(page_of(innovation), "Lama", country.operator)
    type_on(page_of(innovation), "Baru", successor)
    handover = begun(country, role, successor)
    client = client_of(successor)
    client.post(f"/serah-terima/{handover.pk}/terima/")
    assert "Baru" in client.get(page_of(innovation)).content.decode()
    assert "Lama" in client.get(f"/serah-terima/{handover.pk}/").content.decode()
    assert sorted(Draft.objects.filter(user=successor).values_list("kind", flat=True)) == ["conflict", "typed"]


def test_only_the_successor_accepts_and_only_once(client_of, country, role, successor):
    handover = begun(country, role, successor)
    for user in (country.operator, country.coordinator):
        assert client_of(user).post(f"/serah-terima/{handover.pk}/terima/").status_code == 404
    client = client_of(successor)
    client.post(f"/serah-terima/{handover.pk}/terima/")
    client.post(f"/serah-terima/{handover.pk}/terima/")
    assert Membership.objects.filter(user=successor, organisation=country.health, ended_at=None).count() == 1
    assert Event.objects.filter(verb="accept hand-over").count() == 1


@pytest.mark.parametrize("who", ["neighbour", "assessor", "mentor"])
def test_strangers_do_not_see_it(client_of, country, role, successor, who):
    handover = begun(country, role, successor)
    client = client_of(getattr(country, who))
    assert client.get(f"/serah-terima/{handover.pk}/").status_code == 404
    assert client.get(f"/serah-terima/{handover.pk}/lembar.pdf").status_code == 404
    assert client.get(f"/serah-terima/peran/{role.pk}/").status_code == 404
    assert client.post(f"/serah-terima/{handover.pk}/batalkan/").status_code == 404


def test_who_leaves_hands_over_to_a_colleague_but_gives_nobody_a_role(country, role, successor):
    with pytest.raises(actions.Refused, match="give"):
        begun(country, role, successor, by=country.operator)
    colleague = someone("rekan", "Rekan Kerja", "operator", country.health)
    assert begun(country, role, colleague, by=country.operator)


@pytest.mark.parametrize(("reason", "values"), [("self", {"to": "operator"}), ("open", {"twice": True})])
def test_what_cannot_be_is_refused(country, role, successor, reason, values):
    if values.get("twice"):
        begun(country, role, successor)
    with pytest.raises(actions.Refused, match=reason):
        begun(country, role, country.operator if values.get("to") else successor)


def test_a_role_that_ended_meanwhile_is_not_taken_on(client_of, country, role, successor):
    handover = begun(country, role, successor)
    Membership.objects.filter(pk=role.pk).update(ended_at=country.plan.created_at)
    client_of(successor).post(f"/serah-terima/{handover.pk}/terima/")
    assert not User.objects.get(pk=successor.pk).may(Can.INNOVATION_WRITE, country.health)
    assert Handover.objects.open().exists()


def test_called_off_changes_nothing_and_begins_anew(client_of, country, role, successor):
    handover = begun(country, role, successor)
    assert client_of(country.operator).post(f"/serah-terima/{handover.pk}/batalkan/").status_code == 302
    client_of(successor).post(f"/serah-terima/{handover.pk}/terima/")
    role.refresh_from_db()
    assert role.ended_at is None
    assert begun(country, role, successor)


def test_the_paper_names_both_and_stays_as_it_was_accepted(client_of, country, role, successor):
    started(country, title="Antre dari Rumah")
    handover = begun(country, role, successor, note="Data ada di Bu Ani.")
    client = client_of(successor)
    client.post(f"/serah-terima/{handover.pk}/terima/")
    started(country, title="Datang kemudian")
    text = (
        "".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(client.get(f"/serah-terima/{handover.pk}/lembar.pdf").content)).pages
        )
        .replace("\n", "")
        .replace(" ", "")
    )
    for words in ("SariOperator", "RiniPengganti", "AntredariRumah", "DataadadiBuAni."):
        assert words in text
    assert "Datangkemudian" not in text


def test_the_form_asks_for_a_successor(client_of, country, role, successor):
    client = client_of(country.coordinator)
    where = f"/serah-terima/peran/{role.pk}/"
    assert client.get(where).status_code == 200
    assert client.post(where, {"note": "x"}).status_code == 422
    assert client.post(where, {"successor": country.operator.pk}).status_code == 422
    assert client.post(where, {"successor": successor.pk, "note": "x"}).status_code == 302
    assert client_of(successor).get("/serah-terima/").context["handovers"]


def test_the_sheet_asks_the_database_little(
    client_of, country, role, successor, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("praja.foundation.ui.context.navigation", lambda request: [])
    for number in range(5):
        started(country, title=f"Inovasi {number}")
    handover = begun(country, role, successor)
    client = client_of(successor)
    client.get(f"/serah-terima/{handover.pk}/")
    with django_assert_num_queries(13):
        client.get(f"/serah-terima/{handover.pk}/")
