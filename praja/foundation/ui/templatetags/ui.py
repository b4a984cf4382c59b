"""Filters for numbers, money and dates, and the tags `icon`, `field`, `component`, `piece`, `still` and `query`; loaded for every template."""

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import QueryDict
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from praja.foundation.ui import formats, icons

register = template.Library()

# A change of filter or order starts at the first page again.
CURSORS = ("after", "before", "page", "sesudah")

register.simple_tag(icons.icon, name="icon")
register.simple_tag(formats.percent, name="percent")


@register.filter
def rupiah(amount: int | None) -> str:
    """`{{ line.amount_rupiah|rupiah }}`: "Rp1.250.000.000", a dash for nothing."""
    return formats.NOTHING if amount is None or amount == "" else formats.rupiah(amount)


@register.filter
def rupiah_short(amount: int | None) -> str:
    """`{{ total|rupiah_short }}`: "Rp1,25 miliar", a dash for nothing."""
    return formats.NOTHING if amount is None or amount == "" else formats.rupiah_short(amount)


@register.filter
def decimal(value: formats.Number | str | None, places: int | None = None) -> str:
    """`{{ value|decimal }}` or `{{ value|decimal:2 }}`; what is no number is shown as it is."""
    if value is None or value == "":
        return formats.NOTHING
    try:
        return formats.decimal(Decimal(str(value)), places)
    except InvalidOperation:
        return str(value)


@register.filter
def long_date(day: datetime.date | None) -> str:
    """`{{ deadline.closes_on|long_date }}`: "21 November 2026"."""
    return formats.long_date(_local(day)) if day else formats.NOTHING


@register.filter
def short_date(day: datetime.date | None) -> str:
    """`{{ row.updated_at|short_date }}`: "21 Nov 2026"."""
    return formats.short_date(_local(day)) if day else formats.NOTHING


@register.filter
def date_time(moment: datetime.datetime | None) -> str:
    """`{{ event.at|date_time }}`: "21 November 2026, 10.42 WIB" in the time zone that is active."""
    return formats.date_time(moment, timezone.get_current_timezone_name()) if moment else formats.NOTHING


@register.filter
def days_until(day: datetime.date) -> int:
    """Days from today in the active time zone to `day`; negative when it has passed."""
    return (day - timezone.localdate()).days


@register.filter
def minus(value: int, other: int) -> int:
    """`{{ days|minus:1 }}`; `{{ 0|minus:days }}` turns the sign."""
    return value - other


@register.filter
def of(key: Any, mapping: Mapping[Any, Any] | None) -> Any:
    """`{{ choice.value|of:hints }}`: the entry of a mapping, nothing where it has none."""
    return (mapping or {}).get(key, "")


@register.filter
def initials(name: Any) -> str:
    """`{{ person.name|initials }}`: the first letters of the first and the last word."""
    words = [word for word in str(name).split(",")[0].split() if word[0].isalpha() and not word.endswith(".")]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


@register.filter
def have_errors(forms: Any) -> bool:
    """`{% if forms|have_errors %}`: whether any form of a list has something to mend."""
    return any(form.errors for form in forms or ())


@register.simple_tag
def query(parameters: QueryDict, name: str, value: Any = None) -> str:
    """`href="{% query request.GET "sort" "title" %}"`: the address with one parameter changed, or removed without value."""
    changed = parameters.copy()
    for key in (name, *CURSORS):
        changed.pop(key, None)
    if value is not None and value != "":
        changed[name] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def field(bound: BoundField, **parameters: Any) -> str:
    """`{% field form.title %}`: label, hint, control and error; parameters as on top of components/field.html."""
    return get_template("ui/components/field.html").render({"field": bound, **parameters})


@register.simple_tag
def piece(name: str, **parameters: Any) -> str:
    """`{% piece "status" state=… label=… %}`: a component that a list repeats on each row, made once and remembered.

    Only for components that say the same for the same parameters; lazy texts count as their words.
    """
    settled = tuple((key, str(value) if isinstance(value, Promise) else value) for key, value in parameters.items())
    return _made_once(f"ui/components/{name}.html", get_language() or "", settled)


@register.simple_tag
def still(template_name: str) -> str:
    """`{% still "ui/_texts.html" %}`: a part that says the same on every page, made once in each language."""
    return _made_once(template_name, get_language() or "", ())


@lru_cache(maxsize=512)
def _made_once(template_name: str, language: str, parameters: tuple[tuple[str, Any], ...]) -> str:
    del language  # part of the key: words differ
    return get_template(template_name).render(dict(parameters))


class ComponentNode(template.Node):
    """Renders a component around the markup that stands between the tags."""

    def __init__(self, name: FilterExpression, parameters: dict[str, FilterExpression], inside: NodeList) -> None:
        self.name, self.parameters, self.nodelist = name, parameters, inside

    def render(self, context: template.Context) -> SafeString:
        """The component with its named parameters, `inside`, and nothing else but request and token."""
        values = {key: value.resolve(context) for key, value in self.parameters.items()}
        values["inside"] = self.nodelist.render(context)
        values["csrf_token"] = context.get("csrf_token")
        values["request"] = context.get("request")
        page = get_template(f"ui/components/{self.name.resolve(context)}.html").render(values)
        return mark_safe(page)  # noqa: S308  a template escaped it


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "panel" title=_("Money") %} … {% endcomponent %}`: a component with markup inside."""
    _, name, *rest = token.split_contents()
    parameters = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"component: not a named parameter: {rest[0]}")
    inside = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), parameters, inside)


def _local(day: datetime.date) -> datetime.date:
    """A moment as the local date it falls on; a date as it is."""
    return timezone.localtime(day) if isinstance(day, datetime.datetime) and timezone.is_aware(day) else day
