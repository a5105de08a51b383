"""A tile as it is read: a card, a chart, a table, a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhanggui.doors.console import charts
from zhanggui.doors.console.exporting import Table
from zhanggui.doors.console.figures import Card, Change
from zhanggui.insight.boards.rules import Kind, Tile

# So many rows of a table stand in a tile; its page has the rest.
MOST_LINES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure in a tile's table.

    address  the rows behind it; empty if nothing can be opened for it
    """

    said: str
    change: Change | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a tile's table.

    bar      0 to 100, of the largest; None where lengths mean nothing
    is_open  a cell of time that is not over, or only partly in the period
    """

    name: str
    cells: tuple[Cell, ...]
    bar: int | None = None
    address: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A tile as a table.

    first  the head of the names
    heads  the other heads, each with what it means
    """

    first: str
    heads: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A tile as it is read.

    says      what is counted, over which days
    means     the definition of its metric, with its formula
    address   the page that asks the same
    filters   what only is counted, as sentences
    card      of a number
    behind    the orders behind that number
    why_not   in place of all of it
    has_more  the page behind has more rows
    """

    tile: Tile
    title: str
    says: str = ""
    means: str = ""
    address: str = ""
    filters: tuple[str, ...] = ()
    card: Card | None = None
    behind: str = ""
    chart: charts.Spec | None = None
    grid: Grid | None = None
    has_more: bool = False
    why_not: str = ""
    file: Table | None = None

    @property
    def kind(self) -> Kind:
        """What it shows."""
        return self.tile.asked.kind

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width."""
        return self.kind in (Kind.QUESTION, Kind.FUNNEL, Kind.RETENTION)
