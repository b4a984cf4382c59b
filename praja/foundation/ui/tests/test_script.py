"""The scripts: every sentence they say is on the page, and no text ever becomes markup."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).parent.parent
SCRIPTS = sorted((UI / "static" / "ui").glob("*.js"))
SENTENCES = (UI / "templates" / "ui" / "_texts.html").read_text()


def _attribute(key: str) -> str:
    return "data-" + re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", key)


def test_every_sentence_that_a_script_says_is_on_the_page() -> None:
    said = {key for script in SCRIPTS for key in re.findall(r'text\([^()]*?"(\w+)"', script.read_text())}
    assert said
    assert {key for key in said if f'{_attribute(key)}="' not in SENTENCES} == set()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_no_text_becomes_markup_or_code(script: Path) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script.read_text()
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_module_imports_only_its_neighbours(script: Path) -> None:
    for name in re.findall(r'(?:import|from) "\./([a-z]+\.js)"', script.read_text()):
        assert (script.parent / name).exists()
