"""Whatever file is brought: by its first line, the way to read it and the shop that it usually goes into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports.columns import Writing
from zhanggui.doors.imports.errors import FormatUnknown
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.files.tables import Wish
from zhanggui.doors.imports.rules import mapping, sights
from zhanggui.doors.imports.rules.formats import FORMATS, recognised
from zhanggui.doors.imports.rules.mapping import Columns
from zhanggui.doors.imports.sources import cdnow, olist, online_retail
from zhanggui.doors.imports.sources.cdnow import Cdnow
from zhanggui.doors.imports.sources.olist import Olist
from zhanggui.doors.imports.sources.online_retail import OnlineRetail
from zhanggui.doors.imports.sources.order_lines import OrderLines
from zhanggui.doors.imports.sources.sightings import Sightings
from zhanggui.doors.imports.sources.source import Source

_OLIST = "olist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file and the way to read it.

    format  what kind of file it is
    shop    that such files come from; None if every shop has such files and its zone and currency must be said
    """

    format: str
    source: Source
    shop: Shop | None


def source_of(path: Path, *, wish: Wish | None = None, writing: Writing | None = None) -> Ready:
    """The way to read a file, or the folder of Olist's tables, whatever it is called.

    refuses  FileMissing, FileBroken, FormatUnknown with a mapping to try
    """
    wish, writing = wish or Wish(), writing or Writing()
    if path.is_dir():
        return Ready(format=_OLIST, source=Olist(folder=path), shop=olist.SHOP)
    first = tables.head(path)
    found = recognised(first)
    if found is None:
        known = (*(one.key for one in FORMATS), _OLIST)
        guess = mapping.guessed(first, columns=Columns(named={}))
        raise FormatUnknown(path=str(path), known=known, present=tuple(first), guess=guess)
    key = found.key
    if key == "online-retail":
        retail = OnlineRetail(path=path, wish=wish, writing=writing)
        return Ready(format=key, source=retail, shop=online_retail.SHOP)
    if key == "cdnow":
        return Ready(format=key, source=Cdnow(path=path, wish=wish, writing=writing), shop=cdnow.SHOP)
    if key in sights.PRESETS:
        events = Sightings(path=path, columns=sights.PRESETS[key], wish=wish, writing=writing)
        return Ready(format=key, source=events, shop=None)
    lines = OrderLines(path=path, columns=mapping.PRESETS[key], wish=wish, writing=writing)
    return Ready(format=key, source=lines, shop=None)
