"""Pages that are made once and told many times: bytes with holes for what belongs to one shopper.

A document is rendered without a request, so nothing of anybody can get into it; `{% hole %}` leaves the places that
are filled for each shopper. It is kept in the memory of each web process by itself, up to a number of bytes, the
longest unused thrown out first.

What may change at any moment, the catalogue's rows and the stock, is asked for every time that a document is told, by
one statement each: a document that shows something else is made anew. So a price or the last piece is on the page at
once. What is only counted or ordered (how many goods a shelf has, which sells best) may be as old as `LISTS_FOR`, what
comes from elsewhere (what delivery costs) as old as `PAGES_FOR`.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from zhanggui.base import kept
from zhanggui.doors.storefront.rules import Seen

LISTS_FOR: Final = timedelta(seconds=30)
PAGES_FOR: Final = timedelta(minutes=1)
CARDS_FOR: Final = timedelta(hours=1)
_MARK: Final = re.compile("\x00([a-z_]+)\x00")
# What a document weighs besides its bytes: the objects around them.
_OBJECTS_BYTES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page without its shopper.

    parts       the page as bytes, cut at its holes; one more than there are holes
    holes       their names, in order
    versions    of the catalogue's rows that stand on it, by SKU
    stocks      what it says of the stock, by SKU
    good_until  when it is made anew in any case
    """

    parts: tuple[bytes, ...]
    holes: tuple[str, ...]
    versions: Mapping[str, int] = field(default_factory=dict)
    stocks: Mapping[str, Seen] = field(default_factory=dict)
    good_until: datetime

    @property
    def size_bytes(self) -> int:
        """What it takes of the memory, about."""
        return _OBJECTS_BYTES + sum(map(len, self.parts)) + 300 * len(self.versions)

    def told(self, fill: Callable[[str], bytes]) -> bytes:
        """The whole page, its holes filled."""
        whole = [self.parts[0]]
        for name, part in zip(self.holes, self.parts[1:], strict=True):
            whole.append(fill(name))
            whole.append(part)
        return b"".join(whole)


class Shelf:
    """Documents by their keys, up to so many bytes; the longest unused goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Document] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, *, at: datetime) -> Document | None:
        """The document of that key, unless its time is over."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.good_until <= at:
                return None
            self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, document: Document, *, most_bytes: int) -> None:
        """Keep a document in the place of the one before; what no longer fits is thrown out."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += document.size_bytes - (before.size_bytes if before else 0)
            self._kept[key] = document
            while self._bytes > most_bytes and self._kept:
                self._bytes -= self._kept.popitem(last=False)[1].size_bytes

    def forget(self) -> None:
        """Throw everything out."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)


shelf: Final = Shelf()
# What stands on every page alike is no page: it is kept even where no pages are.
standing: Final = Shelf()
STANDING_BYTES: Final = 4_000_000
kept.forget_too(standing)


def keep(key: Hashable, document: Document) -> None:
    """Keep a document, unless the installation keeps none."""
    if settings.PAGES_BYTES:
        shelf.put(key, document, most_bytes=settings.PAGES_BYTES)


def lists_for() -> timedelta:
    """How old what is counted and ordered may be; not at all where an installation keeps no pages."""
    return LISTS_FOR if settings.PAGES_BYTES else timedelta(0)


def mark(name: str) -> str:
    """The place of a hole in a page; no text of a shop can hold it, since PostgreSQL keeps no NUL."""
    return f"\x00{name}\x00"


def cut(html: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """A page cut at its holes: its parts and their names."""
    pieces = _MARK.split(html)
    return tuple(piece.encode() for piece in pieces[::2]), tuple(pieces[1::2])
