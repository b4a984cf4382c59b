"""A round that is ready to be decided, the people of the way, and a sheet at any place of it, for the tests of deciding."""

import datetime
from dataclasses import dataclass

from praja.foundation.accounts.models import Membership, Person, Position, User
from praja.foundation.audit.actions import record
from praja.foundation.choosing.sets import Best, all_sets
from praja.foundation.plans.models import BudgetLine
from praja.stages.quick_wins import deciding
from praja.stages.quick_wins.choice import asked_of
from praja.stages.quick_wins.models import DecisionSheet, FoundSet, Nomination, Round, SelectionRule
from praja.stages.quick_wins.offices import ORDER, Office
from praja.stages.quick_wins.sheet import chosen_set, content_of, digest
from praja.stages.quick_wins.tests.scored import give, nominee, round_of, sheet_of
from tests.country import someone


@dataclass
class Way:
    """A round that is being chosen, its nominees (a and c are the best set), and who speaks for which office."""

    round: Round
    a: Nomination
    b: Nomination
    c: Nomination
    d: Nomination
    people: dict[str, User]
    head: Position

    def key(self, name):
        """The key of a nominee, as sets name it."""
        return str(getattr(self, name).pk)


def ready(country):
    """One of living and one of society; b is worth less than a and breaks the budget of 2027."""
    round_ = round_of(country, state="scoring")
    a, b = nominee(country, round_, "Antre Daring"), nominee(country, round_, "Posyandu Digital")
    c = nominee(country, round_, "Kelas Ibu", dimension="society")
    d = nominee(country, round_, "Halte Pintar", agency=country.transport, dimension="society")
    living, society = sheet_of(country, round_), sheet_of(country, round_, dimension="society")
    for row, sheet, scores in ((a, living, (4, 4)), (b, living, (3, 3)), (c, society, (3, 4)), (d, society, (2, 2))):
        give(sheet, row, *scores)
    round_.rules.all().delete()
    for key in ("living", "society"):
        SelectionRule.objects.create(
            round=round_, kind="per_dimension", dimension=country.dimension(key), least=1, most=1
        )
    SelectionRule.objects.create(round=round_, kind="budget", year=2027, rupiah=250_000_000)
    for row, amount in ((a, 100_000_000), (b, 300_000_000)):
        BudgetLine.objects.create(innovation=row.innovation, year=2027, source="apbd_region", amount_rupiah=amount)
    Round.objects.filter(pk=round_.pk).update(state="choosing")
    round_.refresh_from_db()
    government = country.government
    people = {
        Office.WORKING_GROUP: someone("pokja", "Dewi Pokja", "dimension_coordinator", government),
        Office.TEAM: country.coordinator,
        Office.MENTOR: country.mentor,
        Office.COUNCIL: someone("dewan", "Darto Dewan", "council", government),
        Office.SECRETARY: someone("sekda", "Sekar Sekda", "secretary", government),
        Office.HEAD: someone("bupati", "Bagus Bupati", "head_of_region", government),
    }
    head = Position.objects.create(
        organisation=government, title="Bupati Uji", person=people[Office.HEAD].person, is_head=True
    )
    searched(round_)
    return Way(round_, a, b, c, d, people, head)


def searched(round_):
    """What a search would have stored of the round as it stands."""
    asked = asked_of(round_)
    sets = sorted(all_sets(asked.question), key=asked.question.value_of, reverse=True)
    best, *others = [Best(one, asked.question.value_of(one), asked.question.value_of(one)).as_json() for one in sets]
    content = {"best": best, "worth": {}, "next": others[:2], "plain": {"chosen": [], "value": 0, "broken": []}}
    return FoundSet.objects.create(round=round_, fingerprint=asked.fingerprint, content=content)


def submitted(country, way, **values):
    """A sheet with the best set, on its way."""
    submission = deciding.Submission("001/TL-QW", **values)
    way.round.refresh_from_db()
    return deciding.submit(
        way.round,
        submission,
        by=country.coordinator,
        version=way.round.version,
        link=lambda code: f"https://uji/{code}",
    )


def fresh(sheet):
    """The sheet as it is stored now."""
    return DecisionSheet.objects.select_related("round__plan__government__region").get(pk=sheet.pk)


def endorsed(sheet, way, until=Office.HEAD):
    """The sheet after every office before `until` has endorsed it."""
    for office in ORDER[: ORDER.index(until)]:
        sheet = fresh(sheet)
        deciding.speak(sheet, office, remark="", by=way.people[office], version=sheet.version)
    return fresh(sheet)


def acting_until(country, way, day):
    """Somebody who acts as head of region until this day, and the secretary beside that."""
    user = way.people[Office.SECRETARY]
    position = Position.objects.create(
        organisation=country.government, title="Bupati Uji", person=user.person, is_head=True, acting="plh",
        decree="SK 9/2026", starts_on=day - datetime.timedelta(days=9), ends_on=day,
    )  # fmt: skip
    Membership.objects.create(
        user=user, organisation=country.government, role="head_of_region", for_position=position, basis="SK 9/2026",
        starts_on=position.starts_on, ends_on=day,
    )  # fmt: skip
    return User.objects.get(pk=user.pk)


def second_coordinator(country):
    """Another person of the secretariat."""
    user = User.objects.create(username="kedua", person=Person.objects.create(name="Dua Sekretariat"))
    Membership.objects.create(user=user, organisation=country.government, role="coordinator")
    return user


def plain_sheet(country, round_, code):
    """A sheet of a round in any state, with nothing put forward: for those who only knock at its pages."""
    asked = asked_of(round_)
    about = {"number": "1/TL-QW", "code": code, "link": "https://uji/", "day": country.plan.today.isoformat()}
    about |= {"title": "Sekretariat", "person": "Budi", "acting": "definitive", "decree": "", "remark": "", "at": ""}
    content = content_of(asked, {}, chosen_set(asked, {}, [], ""), about)
    sheet = DecisionSheet.objects.create(
        round=round_,
        number="1/TL-QW",
        code=code,
        content=content,
        sha256=digest(content),
        created_by=country.coordinator,
    )
    record("submit", sheet, by=country.coordinator, after={"number": sheet.number, "sha256": sheet.sha256})
    return sheet
