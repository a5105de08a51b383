"""Scores of buyers and the names of what they add up to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Answer, Row
from zhanggui.insight.value.errors import CellUnclear

BUYER_METRICS: Final = ("new_buyers", "returning_buyers", "gmv_new", "gmv_returning", "gmv_paid")


class Scale(StrEnum):
    """Into how many scores buyers are told apart."""

    TERCILES = "terciles"
    QUINTILES = "quintiles"

    @property
    def most(self) -> int:
        """The best score; the worst is 1."""
        return 3 if self is Scale.TERCILES else 5


class Kind(StrEnum):
    """The eight kinds of buyers by whether recency, frequency and money are high."""

    CHAMPION = "champion"
    TO_KEEP = "to_keep"
    TO_GROW = "to_grow"
    TO_WIN_BACK = "to_win_back"
    REGULAR = "regular"
    QUIET_REGULAR = "quiet_regular"
    NEWCOMER = "newcomer"
    PASSING = "passing"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindName:
    """What a kind of buyers is called, and what to do about them."""

    zh: str
    en: str
    advice_zh: str
    advice_en: str

    def name(self, language: str) -> str:
        """Its name in a language; whatever is not Chinese reads English."""
        return self.zh if language.startswith("zh") else self.en

    def advice(self, language: str) -> str:
        """What to do, in a language."""
        return self.advice_zh if language.startswith("zh") else self.advice_en


NAMES: Final = {
    Kind.CHAMPION: KindName(
        zh="重要价值客户",
        en="Champions",
        advice_zh="近期来过、常来、花得多：优先服务，不必打折",
        advice_en="Recent, frequent, large: serve first, no discounts needed",
    ),
    Kind.TO_KEEP: KindName(
        zh="重要保持客户",
        en="Big regulars gone quiet",
        advice_zh="常来、花得多，最近没来：主动联系",
        advice_en="Frequent and large, not seen lately: get in touch",
    ),
    Kind.TO_GROW: KindName(
        zh="重要发展客户",
        en="Big newcomers",
        advice_zh="近期来过、花得多、次数少：促成第二单",
        advice_en="Recent and large, seldom: win the second order",
    ),
    Kind.TO_WIN_BACK: KindName(
        zh="重要挽留客户",
        en="Big spenders slipping away",
        advice_zh="花得多、次数少、久未来：召回",
        advice_en="Large, seldom, long ago: win back",
    ),
    Kind.REGULAR: KindName(
        zh="一般价值客户",
        en="Regulars with small baskets",
        advice_zh="近期来过、常来、花得少：搭配推荐",
        advice_en="Recent and frequent, small: suggest what goes with it",
    ),
    Kind.QUIET_REGULAR: KindName(
        zh="一般保持客户",
        en="Small regulars gone quiet",
        advice_zh="常来、花得少，最近没来：提醒补货",
        advice_en="Frequent and small, not seen lately: remind",
    ),
    Kind.NEWCOMER: KindName(
        zh="一般发展客户",
        en="Small newcomers",
        advice_zh="近期来过、次数少、花得少：介绍品牌",
        advice_en="Recent, seldom, small: introduce the shop",
    ),
    Kind.PASSING: KindName(
        zh="一般挽留客户",
        en="Passing trade",
        advice_zh="久未来、次数少、花得少：不必投入",
        advice_en="Long ago, seldom, small: spend nothing on them",
    ),
}

# recency, frequency, money: high or not
_KINDS: Final = {
    (True, True, True): Kind.CHAMPION,
    (False, True, True): Kind.TO_KEEP,
    (True, False, True): Kind.TO_GROW,
    (False, False, True): Kind.TO_WIN_BACK,
    (True, True, False): Kind.REGULAR,
    (False, True, False): Kind.QUIET_REGULAR,
    (True, False, False): Kind.NEWCOMER,
    (False, False, False): Kind.PASSING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Buyers with the same three scores.

    A score says how many buyers are strictly worse: 1 + floor(most * worse / all). Equal buyers get equal scores,
    so nothing depends on an order among equals; where many are equal, the scores between are left out.

    recency    by the last day with a paid order, the later the better
    frequency  by paid orders
    money      by what was paid less what went back
    amount     of these buyers together
    source     paid orders 1, 1, 1, 2, 9 in quintiles -> scores 1, 1, 1, 4, 5
    """

    recency: int
    frequency: int
    money: int
    people: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a score stands for: the least and the most of it among the buyers who have it.

    least, most  days since the last paid order, paid orders, or minor units
    """

    score: int
    people: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """All buyers of a kind."""

    kind: Kind
    people: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Recency, frequency and money of all buyers known up to a day.

    as_of  days are counted back from here; orders of this day and later do not count
    cells  by scores, the best first; only those with people
    """

    as_of: date
    currency: str
    scale: Scale
    cells: tuple[Cell, ...]
    recency: tuple[Band, ...]
    frequency: tuple[Band, ...]
    money: tuple[Band, ...]

    @property
    def people(self) -> int:
        """All buyers."""
        return sum(cell.people for cell in self.cells)

    @property
    def amount(self) -> Money:
        """All that they paid less what they got back."""
        return Money.total((cell.amount for cell in self.cells), self.currency)

    def segments(self) -> tuple[Segment, ...]:
        """The eight kinds, those without people included, in the order of their names' list."""
        by_kind: dict[Kind, list[Cell]] = {kind: [] for kind in NAMES}
        for cell in self.cells:
            by_kind[kind_of(cell, self.scale)].append(cell)
        return tuple(
            Segment(
                kind=kind,
                people=sum(cell.people for cell in cells),
                amount=Money.total((cell.amount for cell in cells), self.currency),
            )
            for kind, cells in by_kind.items()
        )

    def people_at(self, recency: int, frequency: int) -> int:
        """Buyers with these two scores, whatever their money."""
        return sum(c.people for c in self.cells if (c.recency, c.frequency) == (recency, frequency))


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """New and returning buyers of a cell of time.

    new      people whose first paid order lies in the cell; returning: all others who paid in it
    unknown  money of orders that belong to nobody known
    """

    start: date
    new_people: int
    returning_people: int
    new: Money
    returning: Money
    unknown: Money
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyersAsked:
    """Which buyers are meant: those of a kind, those with certain scores, or both; 0 is any score.

    as_of    orders of this day and later do not count; the day of asking if not given
    refuses  CellUnclear if nothing is asked for, or a score that there is not
    """

    kind: Kind | None = None
    recency: int = 0
    frequency: int = 0
    money: int = 0
    scale: Scale = Scale.QUINTILES
    as_of: date | None = None

    def __post_init__(self) -> None:
        scores = (self.recency, self.frequency, self.money)
        if not (self.kind or any(scores)) or not all(0 <= score <= self.scale.most for score in scores):
            raise CellUnclear(kind=self.kind or "", scores="/".join(map(str, scores)))


def buyers_in(answer: Answer) -> tuple[Buyers, ...]:
    """New and returning buyers of each cell of time in an answer that holds BUYER_METRICS."""
    return tuple(_buyers(row, answer.question.currency) for row in answer.rows)


def is_high(points: int, scale: Scale) -> bool:
    """Whether a score is in the upper part: 4 and 5 of five, 3 of three."""
    return 2 * points > scale.most + 1


def kind_of(cell: Cell, scale: Scale) -> Kind:
    """The kind that three scores make."""
    return _KINDS[is_high(cell.recency, scale), is_high(cell.frequency, scale), is_high(cell.money, scale)]


def cells_of(kind: Kind, scale: Scale) -> tuple[tuple[int, int, int], ...]:
    """All scores of recency, frequency and money that make a kind, whether or not anybody has them."""
    scores = range(1, scale.most + 1)
    return tuple(
        three
        for three in itertools.product(scores, scores, scores)
        if _KINDS[is_high(three[0], scale), is_high(three[1], scale), is_high(three[2], scale)] is kind
    )


def _buyers(row: Row, currency: str) -> Buyers:
    if not isinstance(row.key, date):
        raise TypeError("new and returning buyers are asked for by day, week or month")
    counted = {key: row.of(key).numerator for key in BUYER_METRICS}
    known_minor = counted["gmv_new"] + counted["gmv_returning"]
    return Buyers(
        start=row.key,
        new_people=counted["new_buyers"],
        returning_people=counted["returning_buyers"],
        new=Money(counted["gmv_new"], currency),
        returning=Money(counted["gmv_returning"], currency),
        unknown=Money(counted["gmv_paid"] - known_minor, currency),
        is_complete=row.is_complete,
    )
