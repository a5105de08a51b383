"""The published figures, each with its source, and those that are not checked."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from zhanggui.insight.selfcheck.rules.checks import Published, Unchecked, Why

_ORDERING: Final = "Fader, Hardie & Lee, Marketing Science 24 (2005), CDNOW"
_SPENDING: Final = "Fader & Hardie, The Gamma-Gamma model (2013), CDNOW"
_COHORTS: Final = "PostHog, test_retention: person 1 on days 0, 1, 2, 5, 5, 6, person 2 on days 1, 2, 3, 6"
_FUNNEL: Final = "PostHog, test_funnel_time_to_convert: signup, paid, movie"
_INDEX: Final = "B. W. Ang, Energy Policy 32 (2004) 1131-1139: L(x, y) = (y - x) / ln(y / x)"
_TREE: Final = "B. W. Ang, Energy Policy 86 (2015) 233-238: LMDI-I leaves no residual"
_STOCK: Final = "Cost of goods sold / average inventory at cost; 365 / turnover"

# Weeks ahead, and the repeat orders that are expected of a new buyer in them.
_NEWCOMER: Final = (
    ("0.1429", "0.0078"),
    ("1", "0.0532"),
    ("3", "0.1506"),
    ("31.8571", "1.0405"),
    ("32", "1.0437"),
    ("78", "1.8576"),
)
_ROWS: Final = ("1 1 1 0 0 1 1", "2 2 1 0 1 2", "2 1 0 1 2", "1 0 0 1", "0 0 0", "1 1", "2")
_TIMES: Final = (
    ("2", "mean", "平均", "6000"),
    ("2", "median", "中位数", "7200"),
    ("3", "mean", "平均", "5400"),
    ("3", "median", "中位数", "5400"),
)


def _one(key: str, name_zh: str, name_en: str, source: str, said: str, tolerance: str = "0") -> Published:
    return Published(
        key=key,
        name_zh=name_zh,
        name_en=name_en,
        source=source,
        figures=tuple(Decimal(one) for one in said.split()),
        tolerance=Decimal(tolerance),
    )


BOOK: Final[tuple[Published, ...]] = (
    *(
        _one(
            f"newcomer.{weeks}",
            f"新顾客未来 {weeks} 周的预期复购次数",
            f"Repeat orders expected of a new buyer; weeks ahead: {weeks}",
            _ORDERING,
            said,
            "0.001",
        )
        for weeks, said in _NEWCOMER
    ),
    _one(
        "buyer.orders",
        "复购 2 次的顾客，未来 39 周的预期订单数",
        "Orders expected in 39 weeks of a buyer with 2 repeats (t_x 30.43, T 38.86)",
        _ORDERING,
        "1.226",
        "0.001",
    ),
    _one(
        "buyer.alive",
        "同一顾客仍会下单的概率",
        "The chance that this buyer orders again",
        _ORDERING,
        "0.7266",
        "0.0001",
    ),
    _one("spending.mean", "每单平均金额", "The mean of an order over all buyers", _SPENDING, "35.17", "0.01"),
    *(
        _one(
            f"cohort.{place}",
            f"按天留存，第 {place} 天的同期群",
            f"Retention by exact day, the cohort of day {place}",
            _COHORTS,
            said,
        )
        for place, said in enumerate(_ROWS)
    ),
    *(
        _one(
            f"funnel.{step}.{kind}",
            f"漏斗第 {step} 步耗时（{kind_zh}，秒）",
            f"Seconds to step {step} of a funnel, {kind}",
            _FUNNEL,
            said,
        )
        for step, kind, kind_zh, said in _TIMES
    ),
    _one("tree.mean", "2 与 1 的对数平均", "The logarithmic mean of 2 and 1", _INDEX, "1.442695", "0.000001"),
    _one(
        "tree.whole",
        "四个因素的分解之和等于总变化（分）",
        "Four factors' parts sum to the whole change, in cents",
        _TREE,
        "120000",
    ),
    _one("stock.turnover", "库存周转率：成本 200,000，库存 40,000", "Turnover of 200,000 at 40,000", _STOCK, "5"),
    _one("stock.days", "库存周转天数", "Days of stock", _STOCK, "73"),
)


def _not(name_zh: str, name_en: str, source: str, why: Why) -> Unchecked:
    return Unchecked(name_zh=name_zh, name_en=name_en, source=source, why=why)


UNCHECKED: Final[tuple[Unchecked, ...]] = (
    _not("下单模型的参数拟合（r、α、a、b）", "The fit of r, alpha, a, b", _ORDERING, Why.ROWS),
    _not("消费模型的参数拟合（p、q、v）", "The fit of p, q, v", _SPENDING, Why.ROWS),
    _not("推荐：HR@10、NDCG@10", "Recommenders: HR@10, NDCG@10", "MovieLens-1M", Why.NOT_BUILT),
    _not("预测：WRMSSE", "Forecasts: WRMSSE", "M5", Why.NOT_BUILT),
    _not("再订货点：96.45 → 97", "Reorder point: 96.45, so 97", "Silver, Pyke & Thomas", Why.NOT_BUILT),
    _not("抽样检验方案", "Acceptance sampling plans", "ISO 2859-1, GB/T 2828.1", Why.NOT_BUILT),
    _not("风险识别", "Risk", "-", Why.NOT_AGREED),
)
