"""The orders behind a number as a table: which ones, in which columns, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.console.scope import Query, Scope
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.queries import Asked, OrderLine, OrderPage, Sort
from zhanggui.insight.metrics.rules import Kind, Metric

USUAL: Final = "orders_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWords:
    """What a file needs to know of the page it was asked for on: it is written after the page is forgotten."""

    zone: str
    unknown: str

    def moment(self, at: datetime) -> str:
        """A moment on the shop's clock."""
        return at.astimezone(clock.zone(self.zone)).isoformat(sep=" ", timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the table.

    amount  what to take of an order where it is money; its sum stands in the foot
    of      the cell as plain text, for a file
    """

    sort: Sort
    name: Promise
    of: Callable[[OrderLine, FileWords], str]
    amount: Callable[[OrderLine], Money] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column: where a click sorts by it, and how it is sorted now, as aria-sort says it.

    is_aside  left out where there is little room
    """

    name: Promise
    address: str
    order: str
    is_figure: bool
    is_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """An order in the table, with its amounts in the order of the columns."""

    line: OrderLine
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The table of the orders behind a metric."""

    metric: Metric
    asked: Asked
    scope: Scope
    columns: tuple[Column, ...]

    @property
    def address(self) -> str:
        """The query part of an address that shows this table from its first page on."""
        return self.scope.query(number=self.metric.key, sort=self.asked.sort, dir=_direction(self.asked.is_descending))

    def headings(self) -> tuple[Heading, ...]:
        """The heads of its columns."""
        return tuple(
            Heading(
                name=column.name,
                address=self._sorted_by(column.sort),
                order=self._order_of(column.sort),
                is_figure=column.amount is not None or column.sort is Sort.UNITS,
                is_aside=column.sort in (Sort.REGION, Sort.UNITS),
            )
            for column in self.columns
        )

    def rows(self, lines: Iterable[OrderLine]) -> tuple[SheetRow, ...]:
        """Orders as rows of the table."""
        amounts = [column.amount for column in self.columns if column.amount]
        return tuple(SheetRow(line=line, amounts=tuple(amount(line) for amount in amounts)) for line in lines)

    def totals(self, found: OrderPage) -> tuple[Money, ...]:
        """The sums over all orders, in the order of the columns."""
        sums = {
            Sort.PLACED: found.placed,
            Sort.GOODS: found.goods,
            Sort.PAID: found.paid,
            Sort.REFUNDED: found.refunded,
        }
        return tuple(sums[column.sort] for column in self.columns if column.amount)

    def _sorted_by(self, sort: Sort) -> str:
        is_same = sort == self.asked.sort
        is_descending = not self.asked.is_descending if is_same else sort is not Sort.ORDER
        return self.scope.query(number=self.metric.key, sort=sort, dir=_direction(is_descending))

    def _order_of(self, sort: Sort) -> str:
        if sort != self.asked.sort:
            return "none"
        return "descending" if self.asked.is_descending else "ascending"


def _amount(sort: Sort, name: Promise, amount: Callable[[OrderLine], Money]) -> Column:
    return Column(sort=sort, name=name, of=lambda line, _: str(amount(line).major), amount=amount)


_AT = Column(sort=Sort.AT, name=lazy("Time"), of=lambda line, words: words.moment(line.at))
_ORDER = Column(sort=Sort.ORDER, name=lazy("Order"), of=lambda line, _: line.order_number)
_REGION = Column(sort=Sort.REGION, name=lazy("Region"), of=lambda line, words: line.region or words.unknown)
_UNITS = Column(sort=Sort.UNITS, name=lazy("Pieces"), of=lambda line, _: str(line.units))
_PLACED = _amount(Sort.PLACED, lazy("Goods ordered"), lambda line: line.placed)
_GOODS = _amount(Sort.GOODS, lazy("Goods paid"), lambda line: line.goods)
_PAID = _amount(Sort.PAID, lazy("Paid"), lambda line: line.paid)
_REFUNDED = _amount(Sort.REFUNDED, lazy("Refunded"), lambda line: line.refunded)
# The deposit of a presale is money of the order that paid its balance.
_BY_KIND: Final = {Kind.PLACED: (_PLACED,), Kind.PAID: (_PAID, _GOODS), Kind.BALANCE: (), Kind.REFUNDED: (_REFUNDED,)}


def sheet_of(query: Query, scope: Scope) -> Sheet:
    """The table that an address asks for; orders paid, newest first, if it does not say."""
    found = rules.METRICS.get(query.get("number", USUAL))
    metric = found if found and found.evidence else rules.metric(USUAL)
    evidence = metric.evidence or rules.Evidence(kinds=(Kind.PAID,))
    said = query.get("sort", Sort.AT)
    columns = (_ORDER, _AT, _REGION, _UNITS, *(column for kind in evidence.kinds for column in _BY_KIND[kind]))
    sort = Sort(said) if said in [column.sort for column in columns] else Sort.AT
    asked = Asked(
        shop=scope.shop.code,
        evidence=evidence,
        period=scope.period,
        where=scope.where,
        sort=sort,
        is_descending=query.get("dir", "desc") != "asc",
    )
    return Sheet(metric=metric, asked=asked, scope=scope, columns=columns)


def _direction(is_descending: bool) -> str:
    return "desc" if is_descending else "asc"
