"""Parcels of orders that were paid in another currency than the books keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.shop.fulfilment.made import a_line, a_paid_order, in_stock
from tests.shop.made import cny
from zhanggui.base.money import Money
from zhanggui.shop.fulfilment import rules
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Booked, told_lines
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


def test_parcels_of_an_order_in_another_currency_tell_what_the_books_keep() -> None:
    in_stock(CUP=10, POT=10)
    number = a_paid_order(a_line(1, sku="CUP", quantity=2, amount=899), a_line(2, sku="POT", quantity=1, amount=333))
    order = orders.order_by_number(number)
    in_euro = replace(
        order,
        lines=tuple(replace(line, amount=Money(line.amount.minor, "EUR")) for line in order.lines),
        booked=Booked(currency="CNY", rate=Decimal("7.853"), rate_on=date(2026, 11, 22)),
    )
    (draft,) = rules.drafts(in_euro, stock.reservations(number))
    told = told_lines(in_euro.lines, booked=in_euro.booked)
    assert [line.amount for line in draft.lines] == [cny(line.amount_minor) for line in told]
    assert sum(line.amount.minor for line in draft.lines) == 9675
