"""What a number will come to, and between what bounds: a level that wanders, seen through the noise of weeks."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from zhanggui.steer.goals.rules.season import WEEK
from zhanggui.steer.goals.rules.standing import SURE

# How restless a level may be: the variance of its steps from week to week over that of the noise of a week. Which of
# these a shop is, its own weeks say; beforehand all are as likely.
_RESTLESS: Final = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
# What is not known without a year behind it, as parts of the level: how far the time of the year lifts and lowers it in
# the mean square (a wave of 14 % to either side), and by how much the shop grows or shrinks in a year. With these nine
# of ten intervals hold over the made-up shops of tests/steer/goals/test_forecast.py.
_SWING: Final = 0.10
_GROWTH: Final = 0.22
_YEAR_WEEKS: Final = 365.25 / WEEK
# Beyond, Student's t is the normal distribution to a hundredth.
_MOST_FREEDOM: Final = 120
# Fewer weeks say nothing of how far they lie apart.
LEAST_WEEKS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is to be expected of the days to come, as a distribution: Student's t around `expected`.

    spread   its scale; 0 if there is nothing to come
    freedom  its degrees of freedom, whole
    """

    expected: float
    spread: float
    freedom: int

    def bound(self, sure: float = SURE) -> float:
        """How far on either side it lies, with that confidence."""
        return self.spread * t_reach(sure, self.freedom)

    def chance_below(self, number: float) -> float:
        """How likely it comes to less than that."""
        if not self.spread:
            return 0.0 if number <= self.expected else 1.0
        return t_below((number - self.expected) / self.spread, self.freedom)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How a level that is so restless is learnt from so many weeks, whatever they bring.

    gains, widths  of each week after the first: what part of a surprise the level takes over, and its variance
    bits   the logarithms of the widths together
    turn  where in the year the weeks that the level is learnt from lie, as a point in the circle of the year of which
          now is 1; age: how many years before now
    """

    gains: tuple[float, ...]
    widths: tuple[float, ...]
    doubt: float
    bits: float
    turn: complex
    age: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the weeks say if the level were so restless; `turn` and `age` as of the way it was learnt in."""

    restless: float
    weight: float
    level: float
    doubt: float
    noise: float
    turn: complex
    age: float


def outlook(ratios: Sequence[float], to_come: Sequence[float], *, is_year_known: bool) -> Outlook | None:
    """What the weeks to come bring together; None with less than four weeks to learn from.

    A week's ratio is what it brought over what its days weigh: a level and noise. The level of a week is that of the
    week before and a step. The weeks are filtered once for each of some ways to be restless; what each expects counts
    as much as it would have foretold the weeks that came.

    ratios   of the weeks that are over, oldest first
    to_come  what the days of each week to come weigh, soonest first
    is_year_known  whether the weights know the time of the year; if not, a season nobody has seen yet is allowed for
    source   local level model: Durbin and Koopman, Time Series Analysis by State Space Methods, 2nd ed., ch. 2; mixed
             over a grid as in Hoeting et al., Statistical Science 14 (1999) 382-417. Eight weeks 95, 105, 95, 105, …
             and one week of seven days to come -> 703 expected, 623 to 782 with 90 %
    """
    if len(ratios) < LEAST_WEEKS:
        return None
    seen = [_filtered(ratios, restless) for restless in _RESTLESS]
    most = max(one.weight for one in seen)
    weights = [math.exp(one.weight - most) for one in seen]
    whole = sum(weights)
    far = sum(to_come)
    expected = sum(weight * one.level for weight, one in zip(weights, seen, strict=True)) / whole
    learnt, unseen = 0.0, 0.0
    for weight, one in zip(weights, seen, strict=True):
        learnt += weight / whole * (_variance(one, to_come) + (far * (one.level - expected)) ** 2)
        unseen += 0.0 if is_year_known else weight / whole * expected * expected * _unseen(one, to_come)
    freedom = _freedom(len(ratios) - 1, learnt=learnt, known=unseen)
    return Outlook(expected=far * expected, spread=math.sqrt(learnt + unseen), freedom=freedom)


def weeks(days: Sequence[float], weights: Sequence[float], *, most: int) -> list[float]:
    """What each whole week back from the last day brought over what its days weigh, oldest first.

    Weeks whose days weigh nothing say nothing.
    """
    found = []
    for end in range(len(days), WEEK - 1, -WEEK):
        weight = sum(weights[end - WEEK : end])
        if weight > 0:
            found.append(sum(days[end - WEEK : end]) / weight)
        if len(found) == most:
            break
    return found[::-1]


def ahead(weights: Sequence[float]) -> list[float]:
    """What the days of each week to come weigh together, the last week cut short."""
    return [sum(weights[n : n + WEEK]) for n in range(0, len(weights), WEEK)]


def t_below(number: float, freedom: int) -> float:
    """How likely Student's t is below a number.

    source   Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3-4; 2.015 with 5 degrees -> 0.950
    """
    angle = math.atan2(abs(number), math.sqrt(freedom))
    sine, squared = math.sin(angle), math.cos(angle) ** 2
    if freedom % 2:
        term, series = math.cos(angle), 0.0
        for n in range(1, freedom, 2):
            series += term
            term *= squared * (n + 1) / (n + 2)
        both = 2 / math.pi * (angle + (sine * series if freedom > 1 else 0.0))
    else:
        term, series = 1.0, 0.0
        for n in range(0, freedom, 2):
            series += term
            term *= squared * (n + 1) / (n + 2)
        both = sine * series
    return 0.5 + math.copysign(both / 2, number)


@cache
def t_reach(sure: float, freedom: int) -> float:
    """Within which distance of the middle Student's t lies with that confidence.

    source   Abramowitz and Stegun, table 26.10; 0.9 with 5 degrees -> 2.015
    """
    low, high = 0.0, 1e6
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if 2 * t_below(middle, freedom) - 1 < sure else (low, middle)
    return high


def _filtered(ratios: Sequence[float], restless: float) -> _Seen:
    """Kalman's filter from the first week on, with the noise's variance taken out of the likelihood."""
    way = _way(len(ratios), restless)
    level, squares = ratios[0], 0.0
    for ratio, gain, width in zip(ratios[1:], way.gains, way.widths, strict=True):
        surprise = ratio - level
        squares += surprise * surprise / width
        level += gain * surprise
    free = len(ratios) - 1
    scale = sum(ratios) / len(ratios)
    noise = max(squares / free, (1e-6 * scale) ** 2, 1e-12)
    weight = -0.5 * (free * math.log(noise) + way.bits)
    return _Seen(
        restless=restless, weight=weight, level=level, doubt=way.doubt, noise=noise, turn=way.turn, age=way.age
    )


@cache
def _way(count: int, restless: float) -> _Way:
    doubt, bits = 1.0, 0.0
    gains: list[float] = []
    widths: list[float] = []
    turn, age = _point(-count), (count - 0.5) / _YEAR_WEEKS
    for back in range(count - 1, 0, -1):
        doubt += restless
        width = doubt + 1.0
        bits += math.log(width)
        gain = doubt / width
        turn += gain * (_point(-back) - turn)
        age += gain * ((back - 0.5) / _YEAR_WEEKS - age)
        doubt *= 1 - gain
        gains.append(gain)
        widths.append(width)
    return _Way(gains=tuple(gains), widths=tuple(widths), doubt=doubt, bits=bits, turn=turn, age=age)


def _variance(seen: _Seen, to_come: Sequence[float]) -> float:
    """Of the sum of the weeks to come: doubt about the level, its steps, and the noise of each week.

    A large week scatters in proportion to what it weighs; a few days scatter more than a week, for their part of it.
    """
    far = sum(to_come)
    noise = sum(max(weight, WEEK) * weight for weight in to_come)
    return seen.noise * (seen.doubt * far * far + seen.restless * _steps(to_come) + noise)


def _freedom(weeks_less_one: int, *, learnt: float, known: float) -> int:
    """Degrees of freedom of a sum of two variances, of which one is learnt from few weeks and the other is given.

    source   Satterthwaite, Biometrics Bulletin 2 (1946) 110-114; 4 learnt with 7 degrees and 4 given -> 28
    """
    if not known or not learnt:
        return weeks_less_one
    return min(_MOST_FREEDOM, round(weeks_less_one * ((learnt + known) / learnt) ** 2))


def _unseen(seen: _Seen, to_come: Sequence[float]) -> float:
    """By how much the variance of the sum grows, over the level's square, while nobody has seen a year.

    Two things are open: a wave of a year whose place nobody knows, held against where it stood in the weeks that the
    level is learnt from, and a growth that goes on in the same way.

    source   a wave of random place and mean square v moves a sum of weights w at the points z of the circle by
             v |sum of w (z - turn)|^2 in the mean square; a year of 52 weeks of 1, learnt from now alone -> v 52^2
    """
    far = sum(to_come)
    points = sum(weight * _point(n) for n, weight in enumerate(to_come))
    years = sum(weight * (n + 0.5) / _YEAR_WEEKS for n, weight in enumerate(to_come))
    return (_SWING * abs(points - far * seen.turn)) ** 2 + (_GROWTH * (years + far * seen.age)) ** 2


def _point(week: int) -> complex:
    """The middle of a week in the circle of the year; 0 is the next one."""
    return cmath.exp(2j * math.pi * (week + 0.5) / _YEAR_WEEKS)


def _steps(to_come: Sequence[float]) -> float:
    """By how much the variance of the sum grows with that of a weekly step, which moves all weeks behind it."""
    left, steps = 0.0, 0.0
    for weight in reversed(to_come):
        left += weight
        steps += left * left
    return steps
