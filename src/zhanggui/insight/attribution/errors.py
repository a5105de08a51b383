"""Refusals about attribution and spend."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class FileUnreadable(Refused):
    """A file of spend is no text with the columns day, channel and spend."""

    name: str
    missing: str


class FileTooLong(Refused):
    """A file of spend has more lines than are taken at once."""

    name: str
    most_lines: int


class NoSuchFile(Refused):
    """No file of spend has that id."""

    id: str
