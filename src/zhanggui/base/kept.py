"""Answers kept for a moment: for what hardly ever changes and is asked for with every page.

Each process keeps its own; a change made elsewhere is seen after the time is over, one made here at once, because the
verb that makes it calls `forget`.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_MOST_ANSWERS = 1000
_all: list[Forgetful] = []


class Forgetful(Protocol):
    """Keeps something that it can ask for again."""

    def forget(self) -> None:
        """Ask anew from now on."""


class Kept(Generic[P, R]):
    """A question whose answers are kept; its arguments must be hashable."""

    def __init__(self, ask: Callable[P, R], *, seconds: float) -> None:
        functools.update_wrapper(self, ask)
        self._ask = ask
        self._seconds = seconds
        self._answers: dict[Any, tuple[float, R]] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The kept answer, or a fresh one."""
        key = (args, tuple(sorted(kwargs.items()))) if kwargs else args
        found = self._answers.get(key)
        now = time.monotonic()
        if found is not None and now < found[0]:
            return found[1]
        answer = self._ask(*args, **kwargs)
        if len(self._answers) >= _MOST_ANSWERS:
            self._answers.clear()
        self._answers[key] = (now + self._seconds, answer)
        return answer

    def forget(self) -> None:
        """Ask anew from now on."""
        self._answers.clear()


def kept(*, seconds: float) -> Callable[[Callable[P, R]], Kept[P, R]]:
    """Keep each answer of a question for so long."""

    def keep(ask: Callable[P, R]) -> Kept[P, R]:
        question = Kept(ask, seconds=seconds)
        _all.append(question)
        return question

    return keep


def forget_too(keeper: Forgetful) -> None:
    """Let `forget_all` reach something that keeps answers in its own way."""
    _all.append(keeper)


def forget_all() -> None:
    """Ask everything anew; for tests, whose database forgets as well."""
    for question in _all:
        question.forget()
