"""What a metric is, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a metric is counted in."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    TIMES = "times"
    DAYS = "days"
    HOURS = "hours"
    SECONDS = "seconds"

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole, so that two are held against each other in points."""
        return self is Unit.RATE


class Better(StrEnum):
    """Which way is good news."""

    UP = "up"
    DOWN = "down"


class Watch(StrEnum):
    """What a metric is watched for: the goal itself, a step on the way to it, a danger, or the rest."""

    NORTH_STAR = "north_star"
    PROCESS = "process"
    WARNING = "warning"
    PLAIN = "plain"


class Owner(StrEnum):
    """Who answers for a metric."""

    TRADE = "trade"
    TRAFFIC = "traffic"
    MEMBERS = "members"
    GOODS = "goods"
    FULFILMENT = "fulfilment"
    CARE = "care"
    FINANCE = "finance"
    SYSTEM = "system"
    RISK = "risk"


class Kind(StrEnum):
    """What may happen to an order, as the daily table of orders names it; BALANCE is the deposit of a presale, which
    counts when its balance is paid.
    """

    PLACED = "placed"
    PAID = "paid"
    BALANCE = "balance"
    REFUNDED = "refunded"


class Who(StrEnum):
    """Whose orders stand behind a number; GENUINE are everybody's but those marked as fake."""

    EVERYBODY = "everybody"
    KNOWN = "known"
    NEW = "new"
    RETURNING = "returning"
    REPEAT = "repeat"
    GENUINE = "genuine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Which orders stand behind a number: those of these people to which one of these things happened in the period."""

    kinds: tuple[Kind, ...]
    who: Who = Who.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric and what it means; a changed meaning is a new version.

    formula      in the keys of other metrics, or in words where it counts something itself
    numerator    key of a measure; denominator too, empty if the metric is a plain count or sum
    is_additive  whether the parts of any split sum to the whole
    evidence     the orders behind it; None where something else stands behind it
    left_out_zh  what is not counted, and left_out_en the same in English; empty if nothing is to be said
    facts        the facts without which there is nothing to count; any of them will do
    """

    key: str
    name_zh: str
    name_en: str
    words_zh: str
    words_en: str
    formula: str
    unit: Unit
    numerator: str
    denominator: str = ""
    is_additive: bool = False
    better: Better = Better.UP
    evidence: Evidence | None = None
    version: int = 1
    watch: Watch = Watch.PLAIN
    owner: Owner = Owner.TRADE
    left_out_zh: str = ""
    left_out_en: str = ""
    facts: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Its name in a language; whatever is not Chinese reads English."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def words(self, language: str) -> str:
        """Its definition in a language."""
        return self.words_zh if language.startswith("zh") else self.words_en

    def left_out(self, language: str) -> str:
        """What it does not count, in a language."""
        return self.left_out_zh if language.startswith("zh") else self.left_out_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A metric that takes more than counting; the analysis that answers it is named.

    answered_by  a shelf of insight; `shop.returns`, the books of our own shop
    """

    key: str
    name_zh: str
    name_en: str
    words_zh: str
    words_en: str
    formula: str
    unit: Unit
    answered_by: str
    better: Better = Better.UP
    version: int = 1
    watch: Watch = Watch.PLAIN
    owner: Owner = Owner.TRADE
    left_out_zh: str = ""
    left_out_en: str = ""

    def name(self, language: str) -> str:
        """Its name in a language; whatever is not Chinese reads English."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def words(self, language: str) -> str:
        """Its definition in a language."""
        return self.words_zh if language.startswith("zh") else self.words_en


PLACED = Evidence(kinds=(Kind.PLACED,))
PAID = Evidence(kinds=(Kind.PAID, Kind.BALANCE))
PAID_ORDERS = Evidence(kinds=(Kind.PAID,))
REFUNDED = Evidence(kinds=(Kind.REFUNDED,))
PAID_AND_BACK = Evidence(kinds=(Kind.PAID, Kind.BALANCE, Kind.REFUNDED))
