"""The people behind a cell of the table of recency, frequency and money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.segments.rules import question_of
from zhanggui.insight.value.queries.scores import SCORED
from zhanggui.insight.value.rules import BuyersAsked, cells_of

RFM_CELL: Final = "rfm_cell"


def people_of_cell(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The port `people`: buyers of a kind, or with certain scores, before the day of asking.

    terms    as `BuyersAsked`
    refuses  TermsUnfit, NoSuchShop
    """
    asked = question_of(RFM_CELL, terms, BuyersAsked)
    as_of = asked.as_of or clock.day_of(at, shops.shop(shop).zone)
    orders = lake.rollup(shop, "orders", (date.min, as_of))
    scored = SCORED.format(as_of=as_of, orders=orders, most=asked.scale.most)
    return f"select person from ({scored}) where {_condition(asked)}"


def _condition(asked: BuyersAsked) -> str:
    scores = {"r": asked.recency, "f": asked.frequency, "m": asked.money}
    conditions = [f"{name} = {score:d}" for name, score in scores.items() if score]
    if asked.kind:
        of_kind = ", ".join(str(three) for three in cells_of(asked.kind, asked.scale))
        conditions.append(f"(r, f, m) in ({of_kind})")
    return " and ".join(conditions)
