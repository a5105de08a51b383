"""Answers about large shops laid into files that every process of this installation reads.

Only for answers that cost a good part of a second: a small shop's are worked out sooner than a file is written. A file
is read back only whole, by the code that wrote it, and counts only for the very files of the daily tables that it was
worked out from; whatever is wrong with it, the answer is worked out anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Final, Generic, TypeVar

import zhanggui
from zhanggui.base import clock, ids
from zhanggui.base.home import shelf
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries.kept import Kept, keeper

T = TypeVar("T")

# Rows of all daily tables together; ten million events make about eight million.
LARGE_ROWS: Final = 3_000_000
# Older figures are not worth showing while new ones are worked out.
OLDEST: Final = timedelta(hours=1)
_DIGEST_BYTES: Final = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """An answer; `as_of` says since when it is outdated at the earliest, None if it holds now."""

    answer: T
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid(Generic[T]):
    """What lies in a file.

    mark     the daily tables, as `lake.tables` names them before the work began
    moment   what besides the tables the answer depends on
    made_at  when the work began
    """

    shop: str
    question: Hashable
    moment: Hashable
    mark: str
    made_at: datetime
    answer: T


def is_large(shop: str) -> bool:
    """Whether answers about a shop are laid into files."""
    return lake.tables(shop).rows >= LARGE_ROWS


class Shelf(Generic[T]):
    """Answers of one kind: in this process for as long as the tables stand, and those of large shops in files.

    most  so many files at once; the one written first goes first
    """

    def __init__(self, answers: type[T], *, name: str, most: int) -> None:
        self._kept: Kept[T] = keeper(answers, most=most)
        self._name = name
        self._most = most

    def get(
        self,
        shop: str,
        question: Hashable,
        moment: Hashable,
        work_out: Callable[[], T],
        *,
        version: int,
        may_be_former: bool = False,
    ) -> Told[T]:
        """The answer to a question, kept, laid or worked out.

        question       the same in every process: plain frozen values that say all of themselves in their `repr`
        moment         what besides the tables the answer depends on, such as the minute of asking
        version        of the shop's tables, asked for just now
        may_be_former  rather than wait, take what was laid for other tables or another moment within the last hour
        """
        key = (shop, question, moment)
        if may_be_former and not self._kept.has(key, version=version):
            laid = self._laid(shop, question)
            if laid is not None and not self._holds(laid, moment) and clock.now() - laid.made_at < OLDEST:
                return Told(laid.answer, laid.made_at)
        work = partial(self._found, shop, question, moment, work_out)
        return Told(self._kept.get(shop, key, work, version=version))

    def _found(self, shop: str, question: Hashable, moment: Hashable, work_out: Callable[[], T]) -> T:
        tables, made_at = lake.tables(shop), clock.now()
        if tables.rows < LARGE_ROWS:
            return work_out()
        laid = self._laid(shop, question)
        if laid is not None and (laid.mark, laid.moment) == (tables.mark, moment):
            return laid.answer
        answer = work_out()
        self._lay(_Laid(shop=shop, question=question, moment=moment, mark=tables.mark, made_at=made_at, answer=answer))
        return answer

    def _holds(self, laid: _Laid[T], moment: Hashable) -> bool:
        return (laid.mark, laid.moment) == (lake.tables(laid.shop).mark, moment)

    def _path(self, shop: str, question: Hashable) -> Path:
        said = repr((_code(), shop, question)).encode()
        return shelf("kept") / f"{self._name}-{hashlib.sha256(said).hexdigest()}"

    def _laid(self, shop: str, question: Hashable) -> _Laid[T] | None:
        """What lies there, if it is whole and answers this question."""
        try:
            written = self._path(shop, question).read_bytes()
        except OSError:
            return None
        digest, body = written[:_DIGEST_BYTES], written[_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            return None
        laid: _Laid[T] = pickle.loads(body)  # noqa: S301 - our own, in a folder that only we may write to
        return laid if (laid.shop, laid.question) == (shop, question) else None

    def _lay(self, laid: _Laid[T]) -> None:
        """Put an answer in place at once; without room for it, it is worked out again next time."""
        body = pickle.dumps(laid)
        path = self._path(laid.shop, laid.question)
        draft = path.with_name(f"{path.name}.{ids.uuid7()}")
        try:
            draft.write_bytes(hashlib.sha256(body).digest() + body)
            draft.replace(path)
            self._clear_away()
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _clear_away(self) -> None:
        """Drop what was written first, drafts of processes that were killed included."""
        with os.scandir(shelf("kept")) as entries:
            names = [entry.path for entry in entries if entry.name.startswith(f"{self._name}-")]
        if len(names) > self._most:
            for path in sorted(map(Path, names), key=_written_at)[: -self._most]:
                path.unlink(missing_ok=True)


def _written_at(path: Path) -> int:
    """When a file was written; one that somebody else has just dropped comes first."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@cache
def _code() -> str:
    """The code that works answers out, as it lay here when this process first asked."""
    root = Path(zhanggui.__file__).parent
    found = sorted(root.rglob("*.py"))
    said = [(str(path), stat.st_size, stat.st_mtime_ns) for path in found for stat in (path.stat(),)]
    return hashlib.sha256(repr(said).encode()).hexdigest()
