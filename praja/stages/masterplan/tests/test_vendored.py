"""What others made and the editor uses is byte for byte what NOTICE.md says."""

import gzip
import hashlib
import json
import re
from pathlib import Path

MASTERPLAN = Path(__file__).parent.parent
VENDOR = MASTERPLAN / "static" / "masterplan" / "vendor"


def test_vendored_files_are_as_noted():
    notice = (VENDOR / "NOTICE.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", notice, re.MULTILINE)
    assert [name for name, _digest in rows] == ["prosemirror.min.js"]
    for name, digest in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_the_recipe_names_the_versions_of_the_notice():
    notice = (VENDOR / "NOTICE.md").read_text()
    recipe = json.loads((MASTERPLAN / "texts" / "editor" / "package.json").read_text())["devDependencies"]
    for name, version in recipe.items():
        assert version in notice, name


def test_the_editor_evaluates_no_text_and_stays_light():
    code = (VENDOR / "prosemirror.min.js").read_text()
    assert not re.search(r"\beval\(|new Function", code)
    assert len(gzip.compress(code.encode(), 9)) < 70_000
