"""What the console needs of another door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.functional import Promise

from zhanggui.shop.catalogue.rules.exchange import Form, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something besides promotions that stands in the calendar of campaigns, such as a flash sale.

    kind   what it is, in a word
    route  the console's page about it, by its id
    skus   goods it is about, for the overlaps
    """

    id: str
    name_zh: str
    name_en: str
    kind: Promise
    route: str
    starts_at: datetime
    ends_at: datetime
    is_on: bool
    skus: frozenset[str] = frozenset()

    def name(self, language: str) -> str:
        """What it is called."""
        return (self.name_en or self.name_zh) if language.startswith("en") else (self.name_zh or self.name_en)


# Who has what happens in a shop in a time, half open. Plugged in by config.wiring.
calendars: list[Callable[[str, datetime, datetime], Sequence[Happening]]] = []
# Opens a product file, whatever its form and encoding; refuses one that it cannot read. Plugged in by config.wiring.
file_openers: list[Callable[[Path], AbstractContextManager[tuple[Form, Iterator[Row]]]]] = []
