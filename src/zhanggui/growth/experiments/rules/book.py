"""The published figures of experiments, and ours, for the self-check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from zhanggui.growth.experiments.rules.statistics import (
    Estimate,
    Sample,
    always_valid,
    bayes,
    difference,
    of_proportion,
    proportions,
    relative,
    srm,
)
from zhanggui.growth.experiments.rules.statistics.comparing import relative_error
from zhanggui.insight.selfcheck.rules import Published

_TESTS: Final = "GrowthBook, gbstats, frequentist/test_tests"
_BAYES: Final = "GrowthBook, gbstats, bayesian/test_tests"
_RATIO: Final = "GrowthBook, sample ratio mismatch; Fabijan et al., KDD 2019"

_A: Final = Sample(n=3407, total=1396.87, squares=52377.9767)
_B: Final = Sample(n=3461, total=2422.7, squares=134698.29)
_FEWER: Final = Sample(n=3000, total=1396.87, squares=52377.9767)
_TUNED_FOR: Final = 1000
_FIVE: Final = "0.000005"
_NINE: Final = "0.0000000005"


def _one(key: str, name_zh: str, name_en: str, source: str, said: str, tolerance: str) -> Published:
    return Published(
        key=f"experiments.{key}",
        name_zh=f"实验：{name_zh}",
        name_en=f"Experiments: {name_en}",
        source=source,
        figures=tuple(Decimal(one) for one in said.split()),
        tolerance=Decimal(tolerance),
    )


BOOK: Final[tuple[Published, ...]] = (
    _one(
        "relative",
        "相对差异、区间两端、p 值",
        "relative difference, both ends, p",
        _TESTS,
        "0.70732 -0.03526 1.44989 0.06191",
        _FIVE,
    ),
    _one(
        "absolute",
        "绝对差异、区间两端、p 值",
        "difference, both ends, p",
        _TESTS,
        "0.29 0.04538 0.53462 0.02016",
        _FIVE,
    ),
    _one(
        "binomial",
        "比率的相对差异（14/28 与 16/30）",
        "relative difference of proportions, 14/28 and 16/30",
        _TESTS,
        "0.06667 -0.47767 0.61101 0.80707",
        _FIVE,
    ),
    _one(
        "sequential",
        "可随时查看的区间与 p 值",
        "interval and p that may be looked at any time",
        _TESTS,
        "0.50336 -0.55844 1.56516 1",
        _FIVE,
    ),
    _one(
        "bayes",
        "贝叶斯：提升、胜出概率",
        "Bayes, flat prior: lift and chance to win",
        _BAYES,
        "0.04082 0.60918",
        _FIVE,
    ),
    _one(
        "risk",
        "贝叶斯：不做与全做的风险",
        "Bayes: risk of nobody and of everybody",
        _BAYES,
        "0.0814 0.04058",
        "0.00005",
    ),
    _one(
        "srm",
        "样本比例：三组人数的 p 值",
        "sample ratio: p of three counts",
        _RATIO,
        "0.000020079 0.205903211 0.647434186",
        _NINE,
    ),
)


def worked_out() -> Mapping[str, tuple[float, ...]]:
    """Our figures, by the keys of the book."""
    belief = bayes(of_proportion(49, 100), of_proportion(51, 100))
    found: dict[str, tuple[float, ...]] = {
        "relative": _row(relative(_A, _B)),
        "absolute": _row(difference(_A, _B)),
        "binomial": _row(proportions((14, 28), (16, 30))),
        "sequential": _row(
            always_valid(
                _B.mean / _FEWER.mean - 1,
                error=math.sqrt(relative_error(_FEWER, _B)),
                seen=_FEWER.n + _B.n,
                tuned_for=_TUNED_FOR,
            )
        ),
        "bayes": (belief.lift, belief.chance_to_win),
        "risk": belief.risk,
        "srm": (srm([1000, 1200], [1, 1]), srm([135, 115], [1, 1]), srm([310, 98], [75, 25])),
    }
    return {f"experiments.{key}": figures for key, figures in found.items()}


def _row(estimate: Estimate) -> tuple[float, ...]:
    return (estimate.value, estimate.low, estimate.high, estimate.p)
