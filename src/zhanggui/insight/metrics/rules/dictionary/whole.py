"""All themes together."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.metrics.errors import NoSuchMetric
from zhanggui.insight.metrics.rules.dictionary.buyers import BUYERS
from zhanggui.insight.metrics.rules.dictionary.delivery import DELIVERY
from zhanggui.insight.metrics.rules.dictionary.elsewhere import ELSEWHERE
from zhanggui.insight.metrics.rules.dictionary.kinds import Elsewhere, Metric
from zhanggui.insight.metrics.rules.dictionary.orders import ORDERS
from zhanggui.insight.metrics.rules.dictionary.service import SERVICE
from zhanggui.insight.metrics.rules.dictionary.spending import SPENDING
from zhanggui.insight.metrics.rules.dictionary.stock import STOCK
from zhanggui.insight.metrics.rules.dictionary.visits import VISITS

# Those that `query` answers; ANSWERED_ELSEWHERE are in the dictionary too.
METRICS: Final = {one.key: one for one in (*VISITS, *ORDERS, *SPENDING, *BUYERS, *DELIVERY, *STOCK, *SERVICE)}
ANSWERED_ELSEWHERE: Final = {one.key: one for one in ELSEWHERE}


def metric(key: str) -> Metric:
    """The metric of a key, if `query` answers it.

    refuses  NoSuchMetric
    """
    found = METRICS.get(key)
    if found is None:
        raise NoSuchMetric(key=key)
    return found


def named(key: str) -> Metric | Elsewhere:
    """What the dictionary says of a key, whoever answers it.

    refuses  NoSuchMetric
    """
    found = METRICS.get(key) or ANSWERED_ELSEWHERE.get(key)
    if found is None:
        raise NoSuchMetric(key=key)
    return found
