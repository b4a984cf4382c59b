"""The documents say what is so: commands, links, settings, permissions, terms and folders are compared with the code."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from praja.cli import COMMANDS
from praja.foundation.accounts.permissions import Can
from praja.foundation.sheets.reading import read_table
from praja.stages.innovations.sheet import INNOVATION_SHEET

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|source)\b[^>]*?\bsrc(?:set)?=\"([^\"]+)\"")
TEXT = {
    ".md",
    ".py",
    ".toml",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".txt",
    ".csv",
    ".svg",
    ".typ",
    ".po",
    ".cfg",
    ".yml",
    "",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def in_git():
    """Every file that is in the repository or about to be; skips the test outside a checkout."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode:
        pytest.skip("not a checkout")
    return [ROOT / name for name in found.stdout.splitlines() if (ROOT / name).is_file()]


def test_commands_of_the_documents_exist():
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    django = {"migrate", "load_regions", "build_regions", "search"}
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets, path
        assert set(re.findall(r"(?:`|^|bin/)praja ([a-z_]+)", text, re.MULTILINE)) <= {*COMMANDS, *django}, path


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    for match in LINK.finditer(path.read_text(encoding="utf-8")):
        target, _, anchor = (match[1] or match[2]).partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), f"{target}#{anchor}"


def anchors(file):
    """The headings of a document as code hosts name them."""
    titles = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_variable_of_the_environment_is_described_and_no_other():
    code = "".join(path.read_text(encoding="utf-8") for path in settings.PACKAGE.glob("*.py"))
    used = set(re.findall(r"environ(?:\.get\(|\[)\"(PRAJA_[A-Z_]+)\"", code))
    described = set(re.findall(r"^\| `(PRAJA_[A-Z_]+)`", read("docs/operations.md"), re.MULTILINE))
    assert described == used


def test_nothing_but_settings_reads_the_environment_of_praja():
    others = [path for path in settings.PACKAGE.rglob("*.py") if path.name != "settings.py"]
    reading = re.compile(r"environ[^\n]*\bPRAJA_")
    assert [path for path in others if reading.search(path.read_text(encoding="utf-8"))] == []


def test_every_permission_stands_on_the_help_page(country, client_of):
    page = client_of(country.operator).get(reverse("who-may")).content.decode()
    assert [can for can in Can if escape(str(can.label)) not in page] == []


def test_every_model_stands_in_the_terms():
    terms = read("docs/terms.md")
    models = [model for app in apps.get_app_configs() if app.name.startswith("praja.") for model in app.get_models()]
    assert [model.__name__ for model in models if f"`{model.__name__}`" not in terms] == []


def test_the_list_of_folders_is_current():
    text = read("docs/architecture.md").partition("<!-- folders -->")[2].partition("<!-- /folders -->")[0]
    assert text.strip() == folders()


def folders():
    """The list of folders as docs/architecture.md has to show it."""
    lines = []
    for part, names in (("foundation", settings.FOUNDATION), ("stages", settings.STAGES), ("across", settings.ACROSS)):
        lines += [
            f"**`{part}/`** {sentence(settings.PACKAGE / part)}",
            "",
            "| folder | what lives there |",
            "|---|---|",
        ]
        lines += [f"| `{name}` | {sentence(settings.PACKAGE / part / name)} |" for name in names]
        lines.append("")
    return "\n".join(lines).strip()


def sentence(folder):
    return ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))).splitlines()[0]


def test_every_decision_is_in_the_list():
    folder = ROOT / "docs" / "decisions"
    files = sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")
    assert re.findall(r"\(([0-9]{4}-[a-z0-9-]+\.md)\)", read("docs/decisions/README.md")) == files


@pytest.mark.parametrize(("name", "rows"), [("inovasi-satu-daerah.csv", 7), ("inovasi-banyak-daerah.csv", 10)])
def test_sheets_for_trying_are_understood(name, rows):
    with (ROOT / "docs" / "contoh" / name).open("rb") as file:
        table = read_table(file, name, known=INNOVATION_SHEET.known_names)
    found = {proposal.key for proposal in INNOVATION_SHEET.propose_mapping(table.header).values()}
    assert {"title", "agency", "dimension", "summary", "budget", "budget_year", "budget_source"} <= found
    assert len(table.rows) == rows


def test_pictures_are_small():
    assert [path for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 150_000] == []


def test_no_file_names_a_registry_or_a_machine():
    registry = re.compile(r"pypi[.]org|python[h]osted|registry[.]npmjs|crates[.]io|proxy[.]golang")
    machine = re.compile(r"(?<![\w/.])/(?:home|root|work|Users|tmp)/[\w.-]+/")
    found = []
    for path in in_git():
        if path.suffix in TEXT and path.stat().st_size < 5_000_000:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [(path.relative_to(ROOT).as_posix(), match[0]) for match in registry.finditer(text)]
            found += [(path.relative_to(ROOT).as_posix(), match[0]) for match in machine.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "panduan").glob("*.md")), ids=lambda path: path.name)
def test_words_of_the_guide_stand_on_the_pages(path):
    with (settings.PACKAGE / "locale" / "id" / "LC_MESSAGES" / "django.po").open("rb") as file:
        on_pages = {
            word
            for message in read_po(file)
            for word in ([message.string] if isinstance(message.string, str) else message.string)
        }
    text = path.read_text(encoding="utf-8")
    quoted = {re.sub(r"\s+", " ", words) for words in re.findall(r"\*\*([^*]+)\*\*", text)} - {"tebal"}
    assert [
        words for words in sorted(quoted) if words not in on_pages and words[0].lower() + words[1:] not in on_pages
    ] == []
