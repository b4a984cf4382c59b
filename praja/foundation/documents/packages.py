"""Files of offices (DOCX, PPTX) are zip packages: here they get fixed times, so that equal documents are equal bytes."""

import io
import zipfile


def with_fixed_times(made: io.BytesIO) -> bytes:
    """Return the package with one fixed time for all its parts."""
    result = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()
