"""Refusals about boards."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchBoard(Refused):
    """No board has that id, or it is another operator's own."""

    id: str


class NoSuchTile(Refused):
    """The board has no such tile, perhaps because somebody has just removed it."""

    id: str


class NameUnfit(Refused):
    """A board's name has 1 to 80 characters."""

    name: str


class NameTaken(Refused):
    """The same operator has a board of that name in the shop already, whatever its capitals."""

    name: str


class BoardFull(Refused):
    """A board holds no more tiles than a page can count quickly."""

    most: int


class BoardChanged(Refused):
    """Somebody else has changed it since it was looked at; nothing was written."""

    id: str


class NotYours(Refused):
    """Only whose board it is may close it or let it go."""

    id: str


class TileUnfit(Refused):
    """A tile cannot show that."""

    reason: str


class ScheduleUnfit(Refused):
    """A mail leaves at a whole hour, of every day, of a day of the week, or of one of the first 28 of the month."""

    rhythm: str
    hour: int
    day: int
