"""Funnels once more, slow and obvious: every way through the events of one unit is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from zhanggui.insight.funnels.rules import Kind, Question, Step, Unit
from zhanggui.spine.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What happened to a unit at one place of its own order: the steps it can be, and whether a passage may begin."""

    ts_us: int
    first: int
    fits: frozenset[int]
    begins: bool
    value: str

    @property
    def key(self) -> tuple[int, int]:
        return self.ts_us, self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How far a unit came, and when each step was."""

    value: str
    times_us: tuple[int, ...]


def passages(events: Sequence[Envelope], question: Question, *, ts_us, day, value) -> dict[str, Passage]:
    """The passage of each unit that began.

    ts_us, day, value  of an event
    """
    found = {}
    for unit in {_unit(one, question) for one in events} - {""}:
        mine = [one for one in events if _unit(one, question) == unit]
        moments = _moments(mine, question, ts_us=ts_us, day=day, value=value)
        best = {Kind.ORDERED: _ordered, Kind.STRICT: _strict, Kind.UNORDERED: _unordered}[question.funnel.kind](
            moments, question
        )
        if best:
            found[unit] = best
    return found


def _unit(event: Envelope, question: Question) -> str:
    return event.person if question.funnel.unit is Unit.PEOPLE else event.session


def _fits(event: Envelope, step: Step) -> bool:
    on_page = any(event.page.startswith(page[:-1]) if page.endswith("*") else event.page == page for page in step.pages)
    skus = {line.sku for line in event.lines} or {event.sku}
    return (
        event.name == step.event
        and (not step.skus or bool(skus & set(step.skus)))
        and (not step.categories or event.category in step.categories)
        and (not step.pages or on_page)
    )


def _moments(events, question, *, ts_us, day, value) -> list[Moment]:
    """In order; what has the same place in it is one moment."""
    by_key: dict[tuple[int, int], list[tuple[frozenset[int], bool, str]]] = {}
    for event in events:
        fits = frozenset(n for n, step in enumerate(question.funnel.steps) if _fits(event, step))
        if fits:
            begins = question.start <= day(event) < question.end
            if day(event) >= question.start:
                by_key.setdefault((ts_us(event), min(fits)), []).append((fits, begins, value(event)))
    return [
        Moment(
            ts_us=key[0],
            first=key[1],
            fits=frozenset().union(*(fits for fits, _, _ in alike)),
            begins=any(begins for _, begins, _ in alike),
            value=min([value for _, begins, value in alike if begins], default=""),
        )
        for key, alike in sorted(by_key.items())
    ]


def _ordered(moments: list[Moment], question: Question) -> Passage | None:
    for length in range(len(question.funnel.steps), 0, -1):
        ways = [way for way in combinations(moments, length) if _is_way(way, question)]
        if ways:
            # The earliest end; then each step the last one before the next.
            return _passage(min(ways, key=lambda way: (way[-1].key, [_last_first(one.key) for one in way[-2::-1]])))
    return None


def _strict(moments: list[Moment], question: Question) -> Passage | None:
    for length in range(len(question.funnel.steps), 0, -1):
        for start in range(len(moments) - length + 1):
            way = tuple(moments[start : start + length])
            if _is_way(way, question):
                return _passage(way)
    return None


def _unordered(moments: list[Moment], question: Question) -> Passage | None:
    """An event is the first step that it fits; of equal steps, one is as good as another."""
    window_us = question.funnel.window_minutes * 60_000_000
    steps = question.funnel.steps
    tries: list[tuple[int, int, int, str, tuple[int, ...]]] = []
    for start in {one.ts_us for one in moments if one.begins}:
        times: list[int] = []
        for step in dict.fromkeys(steps):
            place = steps.index(step)
            later = {one.ts_us for one in moments if one.first == place and start <= one.ts_us < start + window_us}
            times += sorted(later)[: steps.count(step)]
        value = min(one.value for one in moments if one.ts_us == start and one.begins)
        times.sort()
        tries.append((-len(times), times[-1], -start, value, tuple(times)))
    if not tries:
        return None
    *_, value, times_us = min(tries)
    return Passage(value=value, times_us=times_us)


def _is_way(way: tuple[Moment, ...], question: Question) -> bool:
    window_us = question.funnel.window_minutes * 60_000_000
    return (
        all(n in one.fits for n, one in enumerate(way)) and way[0].begins and way[-1].ts_us - way[0].ts_us < window_us
    )


def _last_first(key: tuple[int, int]) -> tuple[int, int]:
    return -key[0], -key[1]


def _passage(way: Sequence[Moment]) -> Passage:
    return Passage(value=way[0].value, times_us=tuple(one.ts_us for one in way))


def took_us(found: Iterator[Passage], place: int) -> list[int]:
    """How long a step took those who took it."""
    return sorted(one.times_us[place - 1] - one.times_us[place - 2] for one in found if len(one.times_us) >= place)
