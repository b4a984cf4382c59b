"""Blind scores are seen by nobody else until every scorer has finished: not on a page, not in a sum, not in a question."""

from decimal import Decimal

import pytest
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from praja.foundation.accounts.models import Membership
from praja.foundation.audit.models import Event
from praja.foundation.notices.models import Notice
from praja.foundation.workflow.steps import Refused
from praja.stages.quick_wins import scoring
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import Round, Score, ScoreSheet
from praja.stages.quick_wins.tests.scored import give, nominee, posted, round_of, sheet_of
from praja.stages.quick_wins.values import values_of
from tests.country import someone

SECRET = "Alasan rahasia Sari"


class Blind:
    """A round with three scorers: the operator has finished with 4 and 1, the mentor and the coordinator have not."""

    def __init__(self, country):
        self.country = country
        self.round = round_of(country, scoring="blind")
        self.one = nominee(country, self.round, "Antre daring")
        self.sheet = sheet_of(country, self.round, scorer=country.operator, position_title="Operator")
        self.other = sheet_of(country, self.round, scorer=country.mentor, position_title="Pembimbing")
        self.third = sheet_of(country, self.round, scorer=country.coordinator, position_title="Koordinator")
        give(self.sheet, self.one, 4, 1)
        Score.objects.update(reason=SECRET)
        scoring.finish(self.sheet, by=country.operator, version=1)

    def finish_all(self):
        """The others give 1 and 1."""
        for sheet in (self.other, self.third):
            give(sheet, self.one, 1, 1)
            scoring.finish(sheet, by=sheet.scorer, version=1)


@pytest.fixture
def blind(country):
    return Blind(country)


def address(sheet):
    return reverse("score-sheet", args=[sheet.pk, "living"])


def test_the_own_sheet_is_seen_and_no_other(country, client_of, blind):
    assert client_of(country.operator).get(address(blind.sheet)).status_code == 200
    for person in (country.mentor, country.coordinator, country.ministry_admin, country.assessor, country.neighbour):
        assert client_of(person).get(address(blind.sheet)).status_code == 404
    assert client_of(country.operator).get(address(blind.other)).status_code == 404


def test_nobody_writes_on_the_sheet_of_another(country, client_of, blind):
    data = posted(blind.other, blind.one, 0, 0)
    for person in (country.operator, country.coordinator, country.ministry_admin):
        client = client_of(person)
        assert client.post(address(blind.other), data).status_code == 404
        assert client.post(reverse("score-draft", args=[blind.other.pk, "living"]), data).status_code == 404
        assert client.post(reverse("score-finish", args=[blind.other.pk]), {"version": 1}).status_code == 404
    assert Score.objects.count() == 2


def test_sums_ranking_and_the_question_for_the_best_set_know_nothing(blind):
    assert values_of(blind.round).scores == {str(blind.one.pk): {}}
    assert asked_of(blind.round).question.values == {}


def every_address(round_, nomination, sheet):
    """Every page below the stage, with the keys of these rows: (name, address)."""
    keys = {"pk": None, "slug": round_.plan.slug, "dimension": "living", "section": "identity"}

    def patterns(found):
        for one in found:
            if isinstance(one, URLPattern):
                yield one
            else:
                yield from patterns(one.url_patterns)

    for one in patterns(get_resolver().url_patterns):
        if "quick_wins" not in getattr(one.callback, "__module__", ""):
            continue
        names = list(one.pattern.converters)
        for pk in (round_.pk, nomination.pk, sheet.pk):
            try:
                yield one.name, reverse(one.name, kwargs={name: {**keys, "pk": pk}.get(name, pk) for name in names})
            except NoReverseMatch:
                continue


def test_no_page_of_the_stage_shows_a_blind_score_or_its_reason(country, client_of, blind):
    Score.objects.filter(sheet=blind.sheet).update(reason=SECRET)
    seen = 0
    head = someone("bupati", "Bima Bupati", "head_of_region", country.government)
    working_group = someone("pokja", "Wati Pokja", "dimension_coordinator", country.government)
    for person in (country.coordinator, country.mentor, country.ministry_admin, head, working_group):
        client = client_of(person)
        for name, url in sorted(set(every_address(blind.round, blind.one, blind.sheet))):
            answer = client.get(url)
            if answer.status_code == 200:
                seen += 1
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert SECRET.encode() not in body, name
                assert "Manfaat: 4" not in body.decode(errors="replace"), name
                assert b"2,50" not in body, name  # the weighted sum
    assert seen > 10


def test_what_pages_are_given_holds_no_blind_score(country, client_of, blind):
    client = client_of(country.coordinator)
    page = client.get(reverse("ranking", args=[blind.round.pk]))
    assert page.context["is_hidden"]
    assert page.context["lines"] == page.context["lacking"] == page.context["drawn"] == []
    spread = client.get(reverse("score-spread", args=[blind.round.pk]))
    assert spread.context["rows"] == []


def test_tried_weights_and_the_fragment_reveal_nothing(country, client_of, blind):
    url = reverse("ranking-table", args=[blind.round.pk])
    answer = client_of(country.coordinator).get(url, {"w-benefit": "100", "w-speed": "0", "semua": "1"})
    assert "4,00" not in answer.content.decode()
    assert answer.context["lines"] == []


def test_once_all_have_finished_everybody_who_sees_the_round_sees_them(country, client_of, blind):
    blind.finish_all()
    client = client_of(country.coordinator)
    assert client.get(address(blind.sheet)).status_code == 200
    assert values_of(blind.round).sums == {str(blind.one.pk): Decimal("1.5")}
    page = client.get(reverse("score-spread", args=[blind.round.pk]) + "?dimensi=living").content.decode()
    assert "Sari Operator: 4" in page
    assert SECRET in page
    assert client_of(country.neighbour).get(address(blind.sheet)).status_code == 404
    assert client_of(country.operator).get(reverse("score-spread", args=[blind.round.pk])).status_code == 404


def test_another_way_of_scoring_reveals_nothing(country, client_of, blind):
    with pytest.raises(Refused):
        scoring.choose_way(blind.round, "consensus", by=country.coordinator, version=blind.round.version)
    Round.objects.update(scoring="consensus")
    assert client_of(country.coordinator).get(address(blind.sheet)).status_code == 404
    assert values_of(Round.objects.get()).sums == {}
    page = client_of(country.coordinator).get(reverse("score-spread", args=[blind.round.pk]))
    assert page.context["rows"] == []


def test_an_opened_sheet_hides_all_again(country, client_of, blind):
    blind.finish_all()
    client = client_of(country.coordinator)
    url = reverse("score-reopen", args=[blind.sheet.pk])
    assert client_of(country.operator).post(url, {"version": 2, "remark": "Lihat lain"}).status_code == 404
    client.post(url, {"version": 2, "remark": "Salah baca kriteria"})
    assert values_of(blind.round).sums == {}
    assert client.get(address(blind.other)).status_code == 404


def test_a_scorer_who_has_seen_nothing_yet_opens_the_own_sheet_again(country, client_of, blind):
    client_of(country.operator).post(reverse("score-reopen", args=[blind.sheet.pk]), {"version": 2, "remark": "Keliru"})
    blind.sheet.refresh_from_db()
    assert blind.sheet.finished_at is None


def test_after_all_have_finished_no_scorer_comes_or_goes(country, blind):
    blind.finish_all()
    membership = Membership.objects.get(user=country.operator)
    with pytest.raises(Refused):
        scoring.name_scorer(blind.round, membership, by=country.coordinator)
    with pytest.raises(Refused):
        scoring.take_out(blind.sheet, reason="Terlalu tinggi", by=country.coordinator, version=2)


def test_a_scorer_is_named_by_position_told_and_named_once(country, client_of):
    round_ = round_of(country, scoring="blind", state="nominating")
    client, url = client_of(country.coordinator), reverse("scorer-new", args=[round_.pk])
    data = {"person": str(country.operator.pk), "dimension": ""}
    client.post(url, data)
    client.post(url, data)
    sheet = ScoreSheet.objects.get()
    assert "Dinas Kesehatan" in sheet.position_title
    assert Notice.objects.get(user=country.operator).address == reverse("scoring", args=[round_.pk])
    assert client_of(country.operator).post(url, data).status_code == 404


def test_nobody_of_another_region_is_named(country, client_of):
    round_ = round_of(country, scoring="blind")
    data = {"person": str(country.neighbour.pk), "dimension": ""}
    client_of(country.coordinator).post(reverse("scorer-new", args=[round_.pk]), data)
    assert not ScoreSheet.objects.exists()


def test_doing_without_a_scorer_needs_a_reason_and_leaves_the_sheet_in_the_history(country, client_of, blind):
    client, url = client_of(country.coordinator), reverse("scorer-withdraw", args=[blind.other.pk])
    client.post(url, {"version": 1, "remark": ""})
    blind.other.refresh_from_db()
    assert blind.other.withdrawn_at is None
    client.post(url, {"version": 1, "remark": "Pindah tugas"})
    blind.other.refresh_from_db()
    assert blind.other.withdrawn_at
    assert Event.objects.about(blind.other).first().remark == "Pindah tugas"
    assert client_of(country.mentor).get(address(blind.other)).status_code == 404


def test_a_blind_scorer_who_steps_back_may_leave_that_nominee_out(country, client_of, blind):
    sheet = blind.other
    own = nominee(country, blind.round, "Milik sendiri")
    data = posted(sheet, blind.one, 3, 3) | {f"who-{own.pk}": "Prita", f"because-{own.pk}": "Penggagas"}
    client_of(country.mentor).post(address(sheet), data)
    sheet.refresh_from_db()
    scoring.finish(sheet, by=country.mentor, version=sheet.version)
    assert sheet.finished_at


def test_a_scorer_of_an_agency_sees_the_own_sheet_alone_in_the_home_of_scoring(country, client_of, blind):
    url = reverse("scoring", args=[blind.round.pk])
    page = client_of(country.operator).get(url).content.decode()
    assert address(blind.sheet) in page
    assert "Prita" not in page
    ScoreSheet.objects.filter(scorer=country.operator).update(scorer=country.assessor)
    assert client_of(country.operator).get(url).status_code == 404


def test_queries_of_the_spread_do_not_grow(country, client_of, blind, django_assert_num_queries):
    for number in range(4):
        give(blind.sheet, nominee(country, blind.round, f"Nominasi {number}"), 2, 2)
    ScoreSheet.objects.exclude(pk=blind.sheet.pk).update(withdrawn_at=blind.sheet.finished_at)
    client, url = client_of(country.coordinator), reverse("score-spread", args=[blind.round.pk])
    assert client.get(url).context["rows"] is not None
    with django_assert_num_queries(12):
        client.get(url, {"dimensi": "living"})
