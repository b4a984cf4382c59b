"""Components: all in the gallery, each with its parameters on top, nothing inline, icons known."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from praja.foundation.ui.gallery import ExampleForm
from praja.foundation.ui.icons import icon, icon_names

TEMPLATES = Path(__file__).parent.parent / "templates"
COMPONENTS = sorted((TEMPLATES / "ui" / "components").glob("*.html"))
PAGES = sorted(file for file in Path(settings.PACKAGE).rglob("templates/**/*.html") if "typst" not in str(file))
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|hx-on|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


def _render(text: str, **context: Any) -> str:
    return Template(text).render(Context(context))


@pytest.mark.django_db
def test_the_gallery_shows_every_component(client: Client) -> None:
    page = client.get(reverse("gallery"))
    assert page.status_code == 200
    shown = set(re.findall(r"[a-z_]+", (TEMPLATES / "ui" / "gallery.html").read_text()))
    assert {file.stem for file in COMPONENTS} <= shown


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_names_its_parameters_on_top(file: Path) -> None:
    assert file.read_text().startswith("{# ")


def test_no_page_has_inline_style_or_script() -> None:
    # The book as one file is no page: it is read from a disk, where no style sheet stands beside it.
    files = [file for file in PAGES if file.name != "standalone.html"]
    found = [str(file.relative_to(settings.PACKAGE)) for file in files if INLINE.search(file.read_text())]
    assert not found


def test_no_page_names_an_icon_that_is_not_there() -> None:
    named = {name for file in PAGES for name in re.findall(r'(?:{% icon |\bicon=)"([^"]+)"', file.read_text())}
    assert named <= icon_names()


def test_an_icon_named_by_data_never_breaks_a_page() -> None:
    assert icon("../../secret") == icon("circle-dot")


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    form = ExampleForm({"title": "", "dimension": "<b>"})
    page = _render("{% field form.title %}{% field form.dimension %}", form=form)
    assert 'for="id_title"' in page
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'id="id_title_helptext"' in page
    assert 'id="id_title_error"' in page
    assert "<b>" not in page


def test_the_error_summary_links_to_each_field() -> None:
    summary = '{% include "ui/components/error_summary.html" with form=form forms=more only %}'
    assert 'href="#id_title"' in _render(summary, form=ExampleForm({}))
    assert 'href="#id_title"' in _render(summary, form=ExampleForm(), more=[ExampleForm({})])
    assert "error-summary" not in _render(summary, form=ExampleForm())


def test_a_query_changes_one_parameter_and_starts_at_the_first_page() -> None:
    given = QueryDict("dimensi=living&sort=title&after=17&dimensi=society")
    assert (
        _render('{% query given "sort" "-title" %}', given=given)
        == "?dimensi=living&amp;dimensi=society&amp;sort=-title"
    )
    assert _render('{% query given "dimensi" %}', given=given) == "?sort=title"


def test_a_component_tag_passes_markup_and_escapes_values() -> None:
    page = _render('{% component "notice" title=title %}<p>{{ title }}</p>{% endcomponent %}', title="<i>")
    assert page.count("&lt;i&gt;") == 2
    assert "<p>" in page


def test_a_step_that_lacks_something_cannot_be_pressed() -> None:
    step = {"key": "submit", "title": "Ajukan", "is_main": True}
    page = _render(
        '{% include "ui/components/steps.html" with choices=choices url="/x/" version=3 csrf_token="t" only %}',
        choices=[{"step": step, "missing": ["Sumber data"]}],
    )
    assert "disabled" in page
    assert "Sumber data" in page
    assert 'name="version" value="3"' in page


def test_a_deadline_says_how_long_it_is_still() -> None:
    page = _render('{% include "ui/components/deadline.html" with day=day only %}', day=timezone.localdate())
    assert "tone-attention" in page
