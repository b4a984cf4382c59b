"""The navigation: in the programme's order, with the page's own line marked."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest
from django.template import Context, Template

from praja.foundation.ui import navigation
from praja.foundation.ui.navigation import MenuGroup, MenuItem

OFFERS = {
    "praja.across.overview": [MenuItem("Overview", "/contoh/"), MenuItem("Coverage", "/contoh/cakupan/")],
    "praja.stages.problems": [MenuItem("Problems", "/contoh/permasalahan/", count=7)],
    "praja.stages.innovations": [
        MenuItem("Innovations", "/contoh/inovasi/"),
        MenuItem("Tray", "/contoh/tanpa/", is_part=True),
    ],
}


def _groups(path: str, module: str) -> list[MenuGroup]:
    request = HttpRequest()
    request.path = path
    request.resolver_match = SimpleNamespace(func=SimpleNamespace(__module__=module))  # type: ignore[assignment]

    def menu_of(package: str) -> Callable[[HttpRequest], list[MenuItem]] | None:
        return (lambda _request: OFFERS[package]) if package in OFFERS else None

    with patch.object(navigation, "_menu_of", menu_of):
        return navigation.navigation(request)


def _current(path: str, module: str) -> list[str]:
    return [str(item.title) for group in _groups(path, module) for item in group.items if item.is_current]


def test_lines_stand_in_the_order_of_the_programme() -> None:
    titles = [[str(item.title) for item in group.items] for group in _groups("/", "x")]
    assert titles == [["Overview", "Coverage"], ["Problems", "Innovations", "Tray"]]


def test_a_further_page_of_a_stage_takes_no_number() -> None:
    stages = _groups("/", "x")[1].items
    assert [(item.number, item.is_part) for item in stages] == [(1, False), (2, False), (2, True)]


def test_the_line_of_the_page_is_current() -> None:
    assert _current("/contoh/cakupan/", "praja.across.overview.views") == ["Coverage"]
    assert _current("/contoh/tanpa/", "praja.stages.innovations.views") == ["Tray"]


def test_a_row_of_a_stage_marks_its_stage() -> None:
    assert _current("/permasalahan/3/", "praja.stages.problems.views") == ["Problems"]
    assert _current("/contoh/inovasi/baru/", "praja.stages.innovations.views") == ["Innovations"]


def test_a_page_outside_the_programme_marks_nothing() -> None:
    assert _current("/profil/", "praja.foundation.accounts.views") == []


def test_what_waits_and_what_is_closed_is_said_in_words() -> None:
    groups = [
        MenuGroup("Stages", [MenuItem("Problems", "/p/", count=7), MenuItem("Signing", is_available=False)], True)
    ]
    page = Template('{% include "ui/components/side_navigation.html" with groups=groups only %}').render(
        Context({"groups": groups})
    )
    assert "7" in page
    assert page.count('href="/p/"') == 1
    assert "is-unavailable" in page


def _tell(user: Any, number: int) -> None:
    for _ in range(number):
        user.notices.create(text="Satu kabar")


def test_what_waits_is_counted_in_one_query(country: Any, django_assert_num_queries: Any) -> None:
    notices = country.operator.notices
    _tell(country.operator, 3)
    with django_assert_num_queries(1):
        assert navigation.count_together([notices.all(), notices.filter(pk__in=[]), notices.exclude(read_at=None)]) == [
            3,
            0,
            0,
        ]
    with django_assert_num_queries(0):
        assert navigation.count_together([]) == []


def test_counting_stops_where_it_says_no_more(country: Any) -> None:
    _tell(country.operator, 3)
    with patch.object(navigation, "MOST_COUNTED", 2):
        assert navigation.count_together([country.operator.notices.all()]) == [2]
        assert MenuItem("Notices", count=2).count_in_words == "1+"


def test_a_line_that_needs_something_waiting_is_left_out_without(country: Any) -> None:
    nothing = country.operator.notices.none()
    offers = [
        ("a", MenuItem("Hand-over", waiting=nothing, needs_waiting=True)),
        ("b", MenuItem("Notices", waiting=nothing)),
    ]
    assert [item.title for _package, item in navigation._with_counts(offers)[0]] == ["Notices"]
