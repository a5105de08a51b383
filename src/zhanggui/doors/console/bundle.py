"""Finds the script that draws charts, `console/vega.js`, and makes it when it is missing.

It comes out of the vl-convert wheel, so that page and paper are drawn by the same versions; it is never committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import vl_convert
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

from zhanggui.base.home import shelf

NAME: Final = "console/vega.js"


class VegaFinder(BaseFinder):
    """Offers the one file to collectstatic and to the development server."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be set wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Where the file lies, if it is this one that is wanted."""
        found = [str(made())] if path == NAME else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The file and where it comes from."""
        folder = made().parent.parent
        yield NAME, FileSystemStorage(location=folder)


def made() -> Path:
    """The file, made once for each version of the wheel."""
    folder = shelf("vega") / version("vl-convert-python") / "console"
    path = folder / "vega.js"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".vega.{os.getpid()}.js"
        fresh.write_text(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
        fresh.replace(path)
    return path
