"""The page's form and the workbook judge alike: the same verdict, the same sentence, the same value."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praja.across.workbooks.cells import EMPTY
from praja.across.workbooks.comparing import Judging
from praja.across.workbooks.making import entry_sheets
from praja.across.workbooks.recognising import recognise
from praja.across.workbooks.verdicts import Status
from praja.foundation.plans.budget import BudgetForm
from praja.foundation.plans.indicators import IndicatorForm
from praja.foundation.sheets.entries import ChoiceColumn, ParsedColumn, RowColumn, RowsColumn, YesNoColumn
from praja.foundation.sheets.reading import Row, Table
from praja.foundation.sheets.values import cleaned
from praja.stages.innovations.forms import SECTIONS as INNOVATION_SECTIONS
from praja.stages.innovations.forms import PartnerForm, target_years
from praja.stages.innovations.models import Innovation
from praja.stages.problems import actions as problems
from praja.stages.problems.forms import SECTIONS as PROBLEM_SECTIONS
from praja.stages.problems.forms import CauseForm
from praja.stages.problems.models import Problem
from praja.stages.targets.tests.growing import tree

# What a file holds is cleaned before it is judged; a page sends what was typed.
TEXT = st.text(st.characters(codec="utf-8"), max_size=12).map(lambda text: cleaned(text)[0])
LONG = st.sampled_from([39, 40, 41, 60, 61, 100, 101, 200, 201, 300, 301, 400, 401, 500, 501]).map(
    lambda size: "x" * size
)
NUMBERS = st.sampled_from(
    [
        "0",
        "-1",
        "1.500",
        "1,5",
        "2026",
        "1989",
        "2101",
        "Rp 1,5 M",
        "dua",
        "101",
        "100",
        "12,1234567",
        "1.5",
        "1e3",
        "-",
        "٣",
        "99999999999",
        "9" * 30,
    ]
)
TEXTS = TEXT | LONG | NUMBERS | st.just("")
FORMS = {"problems": (Problem, PROBLEM_SECTIONS), "innovations": (Innovation, INNOVATION_SECTIONS)}


@pytest.fixture
def sheets(country):
    """The sheets of the operator of the health agency, with two problems to answer and two targets to serve."""
    tree(country)
    for title, agency in (("Antre", country.health), ("Macet", country.transport)):
        problems.start(country.plan, by=country.coordinator, title=title, organisation=agency)
    return entry_sheets(country.plan, country.operator)


@st.composite
def entries(draw, columns):
    """{key: what is typed or chosen} for some of the columns; rows and choices by what a form posts."""
    found = {}
    for column in columns:
        if not draw(st.booleans()):
            continue
        if isinstance(column, RowsColumn):
            found[column.key] = draw(st.lists(st.sampled_from(sorted(column.rows.rows)), unique=True, max_size=2))
        elif isinstance(column, RowColumn):
            allowed = sorted(column.allowed or column.rows.rows)
            found[column.key] = draw(st.sampled_from(allowed))
        elif isinstance(column, YesNoColumn):
            found[column.key] = draw(st.booleans())
        elif isinstance(column, ChoiceColumn):
            found[column.key] = draw(st.sampled_from(sorted(column._texts, key=str)))
        else:
            found[column.key] = draw(NUMBERS | TEXTS if isinstance(column, ParsedColumn) else TEXTS)
    return found


def posted(column, value):
    """As the page sends it."""
    if isinstance(column, RowsColumn):
        return [str(pk) for pk in value]
    if isinstance(column, YesNoColumn):
        return "on" if value else ""
    return str(value)


def cell(column, value):
    """As the workbook says it."""
    if isinstance(column, RowsColumn):
        return column.text(frozenset(value))
    if isinstance(column, RowColumn | ChoiceColumn | YesNoColumn):
        return column.text(value)
    return value


def in_the_workbook(country, sheets, key, entry, parent=None):
    """The verdict on a new row that says `entry`, and what it would store."""
    sheet = sheets[key]
    header, cells = ["No."], ["B1"]
    if parent:
        header.append(str(sheet.parent_title))
        cells.append(parent)
    for column in sheet.columns:
        header.append(column.title)
        cells.append((cell(column, entry[column.key]) or None) if column.key in entry else None)
    tables = [Table(header, [Row(3, tuple(cells))])]
    if parent:
        above = sheets[sheet.parent.key]
        row = tuple("Induk" if column.key == "title" else None for column in above.columns)
        tables.insert(0, Table([column.title for column in above.columns], [Row(3, row)]))
    book = recognise(tables, [], sheets, plan=country.plan, by=country.operator)
    assert set(book.found) >= {key}
    rows = [row for row in Judging(country.plan, country.operator, sheets, book).rows() if row.sheet == key]
    return rows[0] if rows else None


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(FORMS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_row_is_judged_as_the_pages_judge_it(country, sheets, key, data):
    sheet = sheets[key]
    model, sections = FORMS[key]
    entry = {"title": "Uji", **data.draw(entries(sheet.columns)), "organisation": country.health.pk}
    if not any(value for name, value in entry.items() if name != "organisation"):
        return
    errors, values = {}, {}
    instance = model.objects.get_or_create(plan=country.plan, organisation=country.health, title="Di halaman")[0]
    for _title, form_class in sections.values():
        sent = {
            name: posted(sheet.by_key[name], value) for name, value in entry.items() if name in form_class.base_fields
        }
        form = form_class(sent, instance=instance, user=country.operator)
        form.full_clean()
        errors |= {name: " ".join(found) for name, found in form.errors.items()}
        values |= form.cleaned_data
    row = in_the_workbook(country, sheets, key, entry)
    assert {found.key: found.problem for found in row.cells if found.status == Status.WRONG} == errors
    if not errors:
        plain = {name: sheet.by_key[name].plain(value) for name, value in values.items()}
        assert row.work.changes == {name: value for name, value in plain.items() if value not in (None, *EMPTY)}


BELOW = {
    "causes": lambda _plan, data: CauseForm(data),
    "budget": lambda _plan, data: BudgetForm({"stage": "indicative"} | data),
    "indicators": lambda plan, data: IndicatorForm(
        {"level": "output"} | data, years=target_years(Innovation(plan=plan))
    ),
    "partners": lambda _plan, data: PartnerForm(data),
}


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(BELOW))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_line_is_judged_as_the_page_judges_it(country, sheets, key, data):
    sheet = sheets[key]
    entry = data.draw(entries([column for column in sheet.columns if column.key != "order"]))
    sent = {name: posted(sheet.by_key[name], value) for name, value in entry.items()}
    form = BELOW[key](country.plan, sent)
    form.full_clean()
    row = in_the_workbook(country, sheets, key, entry, parent="Induk")
    if row is None:  # nothing stands in the row
        assert not any(entry[name] for name in entry if cell(sheet.by_key[name], entry[name]))
        return
    wrong = {found.key: found.problem for found in row.cells if found.status == Status.WRONG}
    assert wrong == {name: " ".join(found) for name, found in form.errors.items()}
    if not wrong:
        values = {name: value for name, value in form.cleaned_data.items() if name in sheet.by_key}
        plain = {name: sheet.by_key[name].plain(value) for name, value in values.items()}
        assert row.work.changes == {name: value for name, value in plain.items() if value not in (None, *EMPTY)}
