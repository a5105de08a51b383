"""Where published tables lie, and which files of the lake belong into them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from zhanggui.base.home import shelf
from zhanggui.insight.lake.queries import places, standing
from zhanggui.insight.lake.queries.standing import Held, unsettled_days
from zhanggui.insight.outgrown.rules import TABLES, Piece

__all__ = ["location", "pieces", "unsettled_days"]


def location(shop: str, table: str) -> Path:
    """The folder of a shop's published table."""
    return shelf("published") / places.shop_folder(shop).name / table


def pieces(shop: str, *, today: date, unsettled: frozenset[date]) -> dict[str, list[Piece]]:
    """The live files of all tables that hold closed days only, by table.

    today      the shop's business day that is not over; a file that reaches into it waits for another night
    unsettled  days whose events wait
    """
    found: dict[str, list[Piece]] = {table: [] for table in TABLES}
    for held in standing.segments(shop, before=today):
        if held.first_day not in unsettled:
            found[held.table].append(_piece(held))
    for held in standing.daily_tables(shop, before=today):
        if held.table in found:
            found[held.table].append(_piece(held))
    return found


def _piece(held: Held) -> Piece:
    return Piece(
        path=held.path,
        rows=held.rows,
        size_bytes=held.size_bytes,
        first_day=held.first_day,
        last_day=held.last_day,
        added_at=held.added_at,
    )
