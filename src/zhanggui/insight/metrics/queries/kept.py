"""Answers kept in this process for as long as the shop's daily tables have not changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, cast

from zhanggui.insight.lake import queries as lake

T = TypeVar("T")


class Kept(Generic[T]):
    """The answers asked for last, at most so many; those of an older version of the tables are never given.

    most  a bound on memory: one answer of a year by week with ten metrics is about 100 kB
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, shop: str, question: Hashable, work_out: Callable[[], T], *, version: int | None = None) -> T:
        """The kept answer, or a new one, which is then kept.

        version  of the shop's tables, if it was just asked for
        """
        version = lake.version(shop) if version is None else version
        with self._lock:
            known = self._answers.get(question)
            if known is not None and known[0] == version:
                self._answers.move_to_end(question)
                return known[1]
        answer = work_out()
        with self._lock:
            self._answers[question] = (version, answer)
            self._answers.move_to_end(question)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer

    def has(self, question: Hashable, *, version: int) -> bool:
        """Whether an answer of this version is kept."""
        with self._lock:
            known = self._answers.get(question)
        return known is not None and known[0] == version

    def forget(self) -> None:
        """Drop all, for a measurement of what an answer costs."""
        with self._lock:
            self._answers.clear()


_all: list[Kept[object]] = []


def keeper(answers: type[T], *, most: int) -> Kept[T]:
    """A place for answers of one kind, which `forget_all` empties too."""
    place: Kept[T] = Kept(most=most)
    _all.append(cast("Kept[object]", place))
    return place


def forget_all() -> None:
    """Drop every kept answer of this process."""
    for place in _all:
        place.forget()
