"""What every way of reading has in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import documents, facts, rows
from zhanggui.doors.imports.documents import Outlook
from zhanggui.doors.imports.files.tables import Loaded
from zhanggui.doors.imports.stage import Stage
from zhanggui.insight.sources.rules import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A file that lies in the workbench, ready to be judged.

    reading  how it was understood, for a person
    parts    its tables, by the part that fates and refusals name
    writing  options that say how numbers and dates are written, for a file of few lines out of this one
    """

    reading: str
    parts: Mapping[str, Loaded]
    writing: tuple[str, ...] = ()


class Source(Protocol):
    """A file, or a folder of files, and the way to read it."""

    @property
    def name(self) -> str:
        """Of the way of reading, such as `online-retail`."""

    @property
    def title(self) -> str:
        """Of the file or folder, without the way to it."""

    @property
    def asked(self) -> str:
        """What a person said about how to read it; the same file read otherwise is another import."""

    def files(self) -> Sequence[Path]:
        """The files that are read, in an order that never changes.

        refuses  FileMissing, TableMissing
        """

    def lay_out(self, stage: Stage, shop: Shop) -> Laid:
        """Read the files into the workbench."""

    def judge(
        self, stage: Stage, shop: Shop, *, known: Iterable[bytes], before: Sequence[Known], chunk_lines: int
    ) -> None:
        """Say what is new and cut it into chunks."""

    def outlook(self, stage: Stage, shop: Shop) -> Outlook:
        """Count what would be brought."""

    def events_of(self, stage: Stage, shop: Shop, *, chunk: int, received_us: int) -> pa.Table:
        """The rows of the lake of one chunk."""

    def documents_of(self, stage: Stage, *, chunk: int | None = None) -> list[Known]:
        """What is known once a chunk, or all of them, is in the lake."""


class OfOrders:
    """What the ways of reading orders share: documents, each new or known, told as the shop's facts."""

    @property
    def name(self) -> str:
        """Of the way of reading."""
        raise NotImplementedError

    def judge(
        self, stage: Stage, shop: Shop, *, known: Iterable[bytes], before: Sequence[Known], chunk_lines: int
    ) -> None:
        """Say which documents are new and cut them into chunks, each whole."""
        documents.remember(stage, known)
        documents.also_known(stage, before)
        documents.judge(stage, chunk_lines=chunk_lines)
        facts.prepare(stage)

    def outlook(self, stage: Stage, shop: Shop) -> Outlook:
        """Count what would be brought."""
        return documents.outlook(stage, zone=shop.zone)

    def events_of(self, stage: Stage, shop: Shop, *, chunk: int, received_us: int) -> pa.Table:
        """The facts of one chunk."""
        facts.tell(stage, self._teller(shop), chunk=chunk)
        return rows.events_of(stage, shop, received_us=received_us)

    def documents_of(self, stage: Stage, *, chunk: int | None = None) -> list[Known]:
        """What is known once a chunk, or all of them, is in the lake."""
        return documents.documents_of(stage, chunk=chunk)

    def _teller(self, shop: Shop) -> facts.Teller:
        return facts.Teller(shop=shop.code, currency=shop.currency, source=self.name)
