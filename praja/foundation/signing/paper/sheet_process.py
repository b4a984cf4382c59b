"""Sets the signing sheet in a process of its own, so that its memory returns when the process ends.

Run as a module: the standard input holds JSON: the sheet's data, its QR codes by name as SVG, its coat of arms as base64;
the standard output takes the PDF.
"""

import base64
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from praja.foundation.documents.typesetting import typeset

TEMPLATE = Path(__file__).parent / "templates_typst" / "sheet.typ"
NICENESS = 5  # as other papers: setting pages uses every core there is


def made(sheet: dict[str, Any]) -> bytes:
    """The PDF of `{"data": ..., "codes": {name: svg}, "arms": base64 or ""}`; the same bytes for the same sheet."""
    files = {"main": TEMPLATE.read_bytes(), "data.json": json.dumps(sheet["data"], ensure_ascii=False).encode()}
    files |= {f"{name}.svg": svg.encode() for name, svg in sheet["codes"].items()}
    with TemporaryDirectory() as folder:
        # Files handed over in memory must be text, so the arms lie in a folder.
        (Path(folder) / "arms").write_bytes(base64.b64decode(sheet["arms"]))
        pdf: bytes = typeset(files, root=folder, format="pdf", timestamp=sheet["data"]["moment"])
    return pdf


if __name__ == "__main__":
    os.nice(NICENESS)
    sys.stdout.buffer.write(made(json.loads(sys.stdin.buffer.read())))
