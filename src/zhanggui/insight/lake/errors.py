"""Refusals and failures of the lake."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from zhanggui.base.errors import Refused, Unreachable


class BatchKnown(Refused):
    """That delivery stands in the lake already."""

    shop: str
    batch: str


class OutsideTransaction(Refused):
    """Segments were to be added outside a transaction; they could stand without what they belong to."""

    shop: str


class NoSuchEvent(Refused):
    """Neither the lake nor the log has an event of that id."""

    shop: str
    id: UUID


class CausesCircle(Refused):
    """Following the causes of an event leads back to an event already seen."""

    shop: str
    id: UUID


class LakeFull(Unreachable):
    """No space is left for the lake's files; nothing was kept. Make room, what waits is taken up by itself.

    wanted_bytes  0 where nobody can tell: a question that needed room to sort in
    """

    path: Path
    wanted_bytes: int


class LakeUnwritable(Unreachable):
    """The lake's folder cannot be written; nothing was kept. Mend the folder, what waits is taken up by itself."""

    path: Path
    wanted_bytes: int
    reason: str


class LakeBroken(Unreachable):
    """A file that the lake's manifest names is missing or damaged; bring it back from a copy of the lake's folder."""

    path: Path
    reason: str
