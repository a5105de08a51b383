"""What would have come if nobody had been treated, where everybody was: the weaker evidence. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.growth.experiments.rules.statistics import Estimate
from zhanggui.growth.experiments.rules.tails import stdtr, stdtrit
from zhanggui.insight.campaigns.rules import CONFIDENCE, HISTORY_DAYS, Ahead, Baseline, baseline

MOST_DAYS = HISTORY_DAYS


def beyond_season(
    history: Sequence[float | None],
    actual: Sequence[float],
    *,
    beside: tuple[Sequence[float | None], Sequence[float]] | None = None,
) -> Estimate | None:
    """How much more the days of an action brought than the weeks before it let expect; None if those say too little.

    history  of the days before, oldest first, as `baseline` takes them; actual: of its days, at most MOST_DAYS
    beside   the same two of neighbours that were not treated, such as the other categories. What moved them too is no
             effect: so many times them as they were in the weeks before are taken off, if that makes the days before
             scatter less
    source   `insight.campaigns.rules.baseline`: weekdays and a trend, the interval of a sum of new days, in it the
             scatter of the days and the error of the fit; eight weeks of 100 a day, ten days of 110 -> 100 more
    """
    if not actual or len(actual) > MOST_DAYS:
        return None
    alone = baseline(history)
    if alone is None:
        return None
    held, shift = _against(history, beside[0]) if beside else (None, 0.0)
    if beside is None or held is None or held[1].spread >= alone.spread:
        return _estimate(sum(actual), alone.ahead(0, len(actual)), alone.freedom)
    share, left = held
    rest = sum(actual) - share * sum(beside[1]) + shift * len(actual)
    return _estimate(rest, left.ahead(0, len(actual)), left.freedom)


def _against(
    history: Sequence[float | None], beside: Sequence[float | None]
) -> tuple[tuple[float, Baseline] | None, float]:
    """How many times the neighbours a day is, and the line through what is left of the days without them.

    What is left may be below 0, which the line never is: all of it is moved up, and the days of the action with it.
    """
    both = [
        (mine, other) for mine, other in zip(history, beside, strict=True) if mine is not None and other is not None
    ]
    whole = sum(other for _, other in both)
    if not whole:
        return None, 0.0
    share = sum(mine for mine, _ in both) / whole
    rest = [
        None if mine is None or other is None else mine - share * other
        for mine, other in zip(history, beside, strict=True)
    ]
    shift = 100 * max(abs(one) for one in rest if one is not None)
    left = baseline([None if one is None else one + shift for one in rest])
    return (None, 0.0) if left is None else ((share, left), shift)


def _estimate(actual: float, ahead: Ahead, freedom: int) -> Estimate:
    value, half = actual - ahead.total, ahead.half
    if half <= 0:
        return Estimate(value=value, low=value, high=value, p=0.0 if value else 1.0)
    errors = abs(value) / half * stdtrit(freedom, (1 + CONFIDENCE) / 2)
    return Estimate(value=value, low=value - half, high=value + half, p=2 * stdtr(freedom, -errors))
