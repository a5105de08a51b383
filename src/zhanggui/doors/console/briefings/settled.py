"""Office files that are the same, byte for byte, whenever they are made."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
_MADE: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_SETTLED: Final = rb"\g<1>2000-01-01T00:00:00Z\g<2>"


def settled(content: bytes) -> bytes:
    """A file made of a zip without the moment at which it was made, the workbooks of its charts included."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = made.read(name)
            if name.endswith(".xlsx"):
                part = settled(part)
            elif name == "docProps/core.xml":
                part = _MADE.sub(_SETTLED, part)
            kept.writestr(zipfile.ZipInfo(name, _BEGINNING), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
