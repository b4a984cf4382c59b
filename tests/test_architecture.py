"""The layout holds: imports point back along the order of settings, packages hold a docstring, modules say what they are."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ORDER = (
    [f"praja.foundation.{name}" for name in settings.FOUNDATION]
    + [f"praja.stages.{name}" for name in settings.STAGES]
    + [f"praja.across.{name}" for name in settings.ACROSS]
)
FILES = sorted(path for path in settings.PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def app_of(dotted):
    """The folder that a module belongs to, None outside the three parts."""
    return next((app for app in ORDER if dotted == app or dotted.startswith(app + ".")), None)


def imports(path):
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def dotted(path):
    return ".".join(path.relative_to(settings.PACKAGE.parent).with_suffix("").parts)


@pytest.mark.parametrize(
    "path", [path for path in FILES if app_of(dotted(path)) and "tests" not in path.parts], ids=dotted
)
def test_imports_point_back_along_the_order(path):
    own = ORDER.index(app_of(dotted(path)))
    later = [name for name in imports(path) if app_of(name) and ORDER.index(app_of(name)) > own]
    assert not later, f"{dotted(path)} imports {later}, which stand later in settings"


def test_the_root_of_the_package_is_imported_by_nobody_below():
    roots = {"praja.urls", "praja.cli", "praja.wsgi", "praja.clock"}
    below = [path for path in FILES if app_of(dotted(path)) and "tests" not in path.parts]
    assert not [dotted(path) for path in below if roots & set(imports(path))]


def test_packages_hold_their_docstring_and_nothing_else():
    for path in settings.PACKAGE.rglob("__init__.py"):
        if "migrations" in path.parts or "management" in path.parts:
            continue
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) <= 1, path


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_every_module_begins_with_one_sentence(path):
    if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
        return
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, path


def test_the_folders_are_those_of_settings():
    for part, names in (("foundation", settings.FOUNDATION), ("stages", settings.STAGES), ("across", settings.ACROSS)):
        found = {path.name for path in (settings.PACKAGE / part).iterdir() if (path / "__init__.py").exists()}
        assert found == set(names)


def test_every_template_is_used():
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in [*settings.PACKAGE.rglob("*.html"), *FILES]
        if "tests" not in path.parts
    }
    by_django = {"400.html", "403.html", "403_csrf.html", "404.html", "413.html", "500.html"}
    unused = []
    for template in settings.PACKAGE.rglob("templates/**/*.html"):
        name = str(template).split("/templates/", 1)[1]
        used = any(name in text for path, text in texts.items() if path != template)
        component = name.startswith("ui/components/")
        if not used and not component and Path(name).name not in by_django:
            unused.append(name)
    assert not unused
