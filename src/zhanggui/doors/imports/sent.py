"""Files that were sent, not named on a command line: what they are and where they go, from what was said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from zhanggui.base.operation.rules import Actor
from zhanggui.doors.imports import actions, homes
from zhanggui.doors.imports.columns import Writing
from zhanggui.doors.imports.files.tables import Wish
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.rules import mapping, sights
from zhanggui.doors.imports.rules.moments import Dates
from zhanggui.doors.imports.rules.numbers import Decimals
from zhanggui.doors.imports.sources.order_lines import OrderLines
from zhanggui.doors.imports.sources.recognised import Ready, source_of
from zhanggui.doors.imports.sources.sightings import Sightings
from zhanggui.doors.imports.watching import Watch

ORDERS: Final = "orders"
EVENTS: Final = "events"


def bring_in(
    path: Path,
    *,
    by: Actor,
    dry_run: bool,
    watch: Watch,
    kind: str = "",
    columns: str = "",
    shop: str = "",
    name: str = "",
    zone: str = "",
    currency: str = "",
    dates: str = "",
    decimals: str = "",
    encoding: str = "",
) -> Report:
    """Take a file or a folder in, or say what would come of it.

    kind            ORDERS or EVENTS, whose columns are said; empty: it is found out
    columns         what they mean, as `order=Number,at=Date,price=Sum`
    zone, currency  of a shop that does not stand yet
    refuses, fails  as `actions.bring_in`; ShopUnknown, MapUnclear, FormatUnknown
    """
    wish = Wish(encoding=encoding or None, delimiter=None)
    writing = Writing(dates=Dates(dates) if dates else None, decimals=Decimals(decimals) if decimals else None)
    with actions.explained():
        ready = _ready(path, kind=kind, columns=columns, wish=wish, writing=writing)
        if ready.shop is not None:
            home = homes.usual(ready.shop, code=shop, name=name)
        else:
            home = homes.said(code=shop, name=name, zone=zone, currency=currency, maps=(ready.format,))
        (report,) = actions.bring_in([ready.source], shop=home, by=by, dry_run=dry_run, watch=watch)
    return report


def _ready(path: Path, *, kind: str, columns: str, wish: Wish, writing: Writing) -> Ready:
    if kind == ORDERS:
        meant = mapping.columns_said((columns,), presets=mapping.PRESETS)
        lines = OrderLines(path=path, columns=meant, wish=wish, writing=writing)
        return Ready(format=columns, source=lines, shop=None)
    if kind == EVENTS:
        seen = mapping.columns_said((columns,), presets=sights.PRESETS, fields=sights.Sight)
        events = Sightings(path=path, columns=seen, wish=wish, writing=writing)
        return Ready(format=columns, source=events, shop=None)
    return source_of(path, wish=wish, writing=writing)
