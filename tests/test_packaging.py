"""The wheel alone, in an empty environment and another folder, fills the demonstration and serves it."""

import os
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def praja(wheel, tmp_path_factory):
    """A function that starts `praja` of that wheel in a folder of its own, with a state folder of its own.

    What Praja depends on is lent by this environment; Praja itself comes from the wheel.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    site = next((folder / "venv" / "lib").glob("python3.*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    program = folder / "venv" / "bin" / "python"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PRAJA_", "PYTEST", "DJANGO"))
    }
    environment["PRAJA_HOME"] = str(folder / "state")

    def start(*words):
        return subprocess.Popen(
            [program, "-m", "praja", *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "praja/data/regions.csv",
        "praja/locale/id/LC_MESSAGES/django.mo",
        "praja/foundation/ui/static/ui/app.css",
    ):
        assert name in names
    assert [name for name in names if "/tests/" in name or name.endswith(".po") or name.startswith("tests/")] == []


def test_the_demonstration_is_filled_and_served_from_another_folder(praja):
    filling = praja("demo")
    output, _ = filling.communicate(timeout=300)
    assert filling.returncode == 0, output
    server = praja("serve", "--port", "18400")
    try:
        address = address_of(server)
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.status == 200
            assert "Praja" in answer.read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=60)
    assert server.returncode == 0, output


def address_of(server):
    """The address that `praja serve` prints once it answers."""
    lines = []
    deadline = time.monotonic() + 120
    for line in server.stdout:
        lines.append(line)
        if "http://localhost:" in line:
            return line.split()[-1]
        assert time.monotonic() < deadline
    raise AssertionError("".join(lines))
