"""Candidates for the vision made of the SWOT's keywords, one taken over as the vision, and the missions."""

import pytest

from praja.foundation.audit.models import Event
from praja.stages.analysis.models import Mission, MissionGoal, SwotItem, Vision, VisionCandidate
from praja.stages.targets.models import DevelopmentMission, DevelopmentPlan

CANDIDATES = "/kabupaten-uji/visi/calon/"
MISSIONS = "/kabupaten-uji/misi/"
PAIRS = [("S", "Sehat"), ("M", "Maju")]


@pytest.fixture
def coordinator(country, client_of):
    return client_of(country.coordinator)


def typed(pairs=PAIRS, **values):
    data = {"version": "0", "text": "Kabupaten Uji yang SM", "acronym": "SM",
            "words-TOTAL_FORMS": str(len(pairs)), "words-INITIAL_FORMS": "0", **values}  # fmt: skip
    for number, (letter, word) in enumerate(pairs):
        data |= {f"words-{number}-letter": letter, f"words-{number}-word": word, f"words-{number}-id": ""}
    return data


def goals(*lines, **values):
    data = {"version": "0", "goals-TOTAL_FORMS": str(len(lines)), "goals-INITIAL_FORMS": "0", **values}
    for number, (text, target) in enumerate(lines):
        data |= {f"goals-{number}-text": text, f"goals-{number}-target": target, f"goals-{number}-id": ""}
    return data


def rpjmd(country, *texts):
    plan = DevelopmentPlan.objects.create(plan=country.plan, title="RPJMD 2025–2029")
    return [DevelopmentMission.objects.create(development_plan=plan, text=text) for text in texts]


def test_the_page_counts_keywords_and_who_takes_them_up(country, coordinator):
    for word in ("sehat", "Sehat", "maju"):
        SwotItem.objects.create(plan=country.plan, kind="strength", text="x", keyword=word)
    VisionCandidate.objects.create(plan=country.plan, text="Uji sehat", keywords=["SEHAT"])
    keywords = coordinator.get(CANDIDATES).context["keywords"]
    assert [(one.word.lower(), one.times, taken) for one, taken in keywords] == [("sehat", 2, 1), ("maju", 1, 0)]


def test_a_candidate_is_written_with_its_letters_and_keywords(country, coordinator):
    SwotItem.objects.create(plan=country.plan, kind="strength", text="x", keyword="maju")
    where = "/kabupaten-uji/analisis/calon-visi/baru/"
    assert coordinator.post(where, typed(PAIRS[:1])).status_code == 422
    assert coordinator.post(where, typed(keywords=["mundur"])).status_code == 422
    assert coordinator.post(where, typed(keywords=["maju"])).status_code == 302
    one = VisionCandidate.objects.get()
    assert (one.keywords, [pair["word"] for pair in one.words]) == (["maju"], ["Sehat", "Maju"])
    assert Event.objects.about(one).get().verb == "add"


def test_a_keyword_that_nobody_names_any_more_stays_chosen(country, coordinator):
    one = VisionCandidate.objects.create(plan=country.plan, text="Uji sehat", keywords=["sehat"])
    edit = f"/analisis/calon-visi/{one.pk}/ubah/"
    assert coordinator.get(edit).context["form"]["keywords"].value() == ["sehat"]
    values = typed([], version="1", acronym="", keywords=["sehat"], text="Uji yang sehat")
    assert coordinator.post(edit, values).status_code == 302
    one.refresh_from_db()
    assert one.keywords == ["sehat"]


def test_a_candidate_is_taken_over_into_the_form_of_the_vision(country, coordinator):
    one = VisionCandidate.objects.create(
        plan=country.plan, text="Uji SM", acronym="SM", words=[{"letter": a, "word": b} for a, b in PAIRS]
    )
    edit = f"/kabupaten-uji/visi/ubah/?calon={one.pk}"
    page = coordinator.get(edit)
    assert page.context["form"]["text"].value() == "Uji SM"
    assert "Sehat" in page.content.decode()
    paper = {
        "set_by_title": "Bupati",
        "set_by_name": "Asep",
        "set_by_acting": "pj",
        "set_on": "1 Mei 2026",
        "paper": "SK",
    }
    assert coordinator.post(edit, typed(text="Uji SM", **paper)).status_code == 302
    assert Vision.objects.get().text == "Uji SM"
    assert [is_vision for _one, is_vision in coordinator.get(CANDIDATES).context["candidates"]] == [True]


def test_a_later_choice_is_compared_with_what_was_set_before(country, coordinator):
    one = VisionCandidate.objects.create(plan=country.plan, text="Uji baru")
    paper = {
        "set_by_title": "Bupati",
        "set_by_name": "Asep",
        "set_by_acting": "pj",
        "set_on": "1 Mei 2026",
        "paper": "SK",
    }
    coordinator.post("/kabupaten-uji/visi/ubah/", typed(**paper))
    edit = f"/kabupaten-uji/visi/ubah/?calon={one.pk}"
    version = coordinator.get(edit).context["version"]
    assert (
        coordinator.post(edit, typed([], acronym="", text="Uji baru", **paper) | {"version": version}).status_code
        == 302
    )
    event = Event.objects.about(Vision.objects.get()).first()
    assert event.changes["text"] == ["Kabupaten Uji yang SM", "Uji baru"]


@pytest.mark.parametrize("calon", ["0", "x", "99999999999999999999", "-1"])
def test_a_candidate_that_is_none_is_not_there(country, coordinator, calon):
    assert coordinator.get(f"/kabupaten-uji/visi/ubah/?calon={calon}").status_code == 404
    foreign = VisionCandidate.objects.create(plan=country.neighbour_plan, text="Asing")
    assert coordinator.get(f"/kabupaten-uji/visi/ubah/?calon={foreign.pk}").status_code == 404


def test_a_mission_is_written_with_goals_while_the_rpjmd_is_empty(country, coordinator):
    where = "/kabupaten-uji/analisis/misi/baru/"
    assert "serves" not in coordinator.get(where).context["form"].fields
    data = goals(("Layanan mudah", "Waktu tunggu 30 menit"), ("Data terbuka", ""), text="Mewujudkan layanan")
    assert coordinator.post(where, data).url.startswith(f"{MISSIONS}#")
    one = Mission.objects.get()
    assert list(one.goals.values_list("text", "order")) == [("Layanan mudah", 0), ("Data terbuka", 1)]
    assert len(Event.objects.about(one).get().changes["goals"][1]) == 2


def test_a_mission_serves_missions_of_the_rpjmd(country, coordinator):
    first, second = rpjmd(country, "Pelayanan prima", "Ekonomi tumbuh")
    data = goals(text="Mewujudkan layanan", serves=[first.pk])
    assert coordinator.post("/kabupaten-uji/analisis/misi/baru/", data).status_code == 302
    context = coordinator.get(MISSIONS).context
    assert context["unserved"] == [second]
    assert context["missions"][0].served == [first]


def test_a_goal_is_changed_and_taken_away(country, coordinator):
    mission = Mission.objects.create(plan=country.plan, text="Mewujudkan layanan")
    kept = MissionGoal.objects.create(mission=mission, text="Satu", order=0)
    gone = MissionGoal.objects.create(mission=mission, text="Dua", order=1)
    data = goals(("Satu diubah", ""), ("Dua", ""), text="Mewujudkan layanan", version="1")
    data |= {"goals-0-id": kept.pk, "goals-1-id": gone.pk, "goals-1-DELETE": "on", "goals-INITIAL_FORMS": "2"}
    assert coordinator.post(f"/analisis/misi/{mission.pk}/ubah/", data).status_code == 302
    assert list(mission.goals.filter(withdrawn_at=None).values_list("text", flat=True)) == ["Satu diubah"]


def test_missions_go_up_and_down(country, coordinator):
    first, second = (
        Mission.objects.create(plan=country.plan, text=text, order=number) for number, text in enumerate("ab")
    )
    assert coordinator.post(f"/analisis/misi/{first.pk}/urutan/", {"arah": "turun"}).status_code == 302
    assert list(Mission.objects.all()) == [second, first]


def test_the_pages_ask_the_database_as_often_for_many(country, coordinator, django_assert_num_queries):
    served = rpjmd(country, "Satu", "Dua")
    for number in range(5):
        mission = Mission.objects.create(plan=country.plan, text=f"Misi {number}")
        mission.serves.set(served)
        MissionGoal.objects.create(mission=mission, text="Tujuan")
        VisionCandidate.objects.create(plan=country.plan, text=f"Calon {number}", keywords=["maju"])
    for where, count in ((MISSIONS, 10), (CANDIDATES, 9)):
        with django_assert_num_queries(count):
            coordinator.get(where)
