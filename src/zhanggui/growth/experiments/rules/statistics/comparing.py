"""The difference between who was held out and who was treated, with its interval. Pure, from sums only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.growth.experiments.rules.statistics.values import Estimate, Sample, by_normal, by_student, gap
from zhanggui.growth.experiments.rules.tails import chdtrc

ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A share of two sums over people, such as money per order: the sums of both, and of their product.

    below  must not sum to 0
    """

    above: Sample
    below: Sample
    products: float

    @property
    def value(self) -> float:
        """The sum above over the sum below."""
        return self.above.total / self.below.total

    @property
    def error(self) -> float:
        """The variance of `value`, by the delta method.

        source  Deng, Knoblich & Lu, Applying the Delta Method in Metric Analytics (KDD 2018), eq. 4:
                (var a - 2 r cov + r² var b) / (n · mean b²); above 1, 2, 3, below 1, 1, 2 -> 1.5, variance 0.046875
        """
        n, value = self.above.n, self.value
        covariance = (self.products - self.above.total * self.below.total / n) / (n - 1)
        spread = self.above.variance - 2 * value * covariance + value**2 * self.below.variance
        return max(spread, 0.0) / (n * self.below.mean**2)


def difference(held_out: Sample, treated: Sample, *, alpha: float = ALPHA) -> Estimate:
    """How much more a treated person brings than one who was held out; at least two people on each side.

    source  Welch, Biometrika 34 (1947) 28-35. GrowthBook's own figure: A Σ 1396.87, Σ² 52377.9767, n 3407,
            B Σ 2422.7, Σ² 134698.29, n 3461 -> 0.29, 0.04538 ... 0.53462, p 0.02016
    """
    value, error = gap(held_out, treated), math.sqrt(held_out.error + treated.error)
    return by_student(value, error=error, freedom=welch(held_out, treated), alpha=alpha)


def relative(held_out: Sample, treated: Sample, *, alpha: float = ALPHA) -> Estimate:
    """The same over what a person brings who was held out, which must not be 0: 0.1 is 10 % more.

    source  the delta method, variance v_b / a² + v_a · b² / a⁴ of means a, b with variances v; the people of
            `difference` -> 0.70732, -0.03526 ... 1.44989, error 0.37879, p 0.06191
    """
    return by_student(
        treated.mean / held_out.mean - 1,
        error=math.sqrt(relative_error(held_out, treated)),
        freedom=welch(held_out, treated),
        alpha=alpha,
    )


def relative_error(held_out: Sample, treated: Sample) -> float:
    """The variance of one mean over another, by the delta method."""
    base, mean = held_out.mean, treated.mean
    return treated.error / base**2 + held_out.error * mean**2 / base**4


def proportions(held_out: tuple[int, int], treated: tuple[int, int], *, alpha: float = ALPHA) -> Estimate:
    """How much more often something happens to the treated, over how often it does to the held out.

    held_out, treated  to how many it happened, of how many; more than nobody of the held out
    source             a yes is a figure of 1; GrowthBook's own figure: 14 of 28 against 16 of 30 -> 0.06667,
                       -0.47767 ... 0.61101, p 0.80707
    """
    return relative(of_proportion(*held_out), of_proportion(*treated), alpha=alpha)


def of_proportion(yes: int, n: int) -> Sample:
    """So many of so many as sums whose variance is p(1 - p), as the binomial has it."""
    share = yes / n
    return Sample(n=n, total=yes, squares=yes * share + (n - 1) * share * (1 - share))


def shares(held_out: tuple[int, int], treated: tuple[int, int], *, alpha: float = ALPHA) -> Estimate:
    """By how much the share is higher among the treated to whom something happens, in points of 1.

    held_out, treated  to how many it happened, of how many
    source             Agresti & Caffo, The American Statistician 54 (2000) 280-288: one more to whom it did and one to
                       whom it did not on each side, so that none of a few people is not certain to be none of all;
                       48 of 80 against 56 of 70 -> 0.1941, 0.0525 ... 0.3358
    """
    value, error = share_error(held_out, treated)
    return by_normal(value, error=error, alpha=alpha)


def share_error(held_out: tuple[int, int], treated: tuple[int, int]) -> tuple[float, float]:
    """That difference and its standard error."""
    sides = [((yes + 1) / (n + 2), n + 2) for yes, n in (held_out, treated)]
    return sides[1][0] - sides[0][0], math.sqrt(sum(share * (1 - share) / n for share, n in sides))


def ratios(held_out: Ratio, treated: Ratio, *, alpha: float = ALPHA) -> Estimate:
    """How much higher a share of two sums is among the treated, such as money per order.

    source  the delta method on each side; above 1, 2, 3, below 1, 1, 2 on both -> 0, -0.60011 ... 0.60011, p 1
    """
    return by_normal(treated.value - held_out.value, error=math.sqrt(held_out.error + treated.error), alpha=alpha)


def srm(counts: Sequence[int], weights: Sequence[float]) -> float:
    """How likely sides are as uneven as these by chance: p of the chi-square test against the shares they should have.

    source  Pearson; Fabijan et al., Diagnosing Sample Ratio Mismatch (KDD 2019); GrowthBook's own figures: 1000, 1200
            at one to one -> 0.000020079; 135, 115 -> 0.205903211; 310, 98 at 75 to 25 -> 0.647434186
    """
    people, whole = sum(counts), sum(weights)
    if not people:
        return 1.0
    meant = [people * weight / whole for weight in weights]
    apart = sum((count - one) ** 2 / one for count, one in zip(counts, meant, strict=True))
    return chdtrc(len(counts) - 1, apart)


def welch(one: Sample, other: Sample) -> float:
    """The degrees of freedom that the variances of two unequal sides have together (Welch 1947)."""
    below = one.error**2 / (one.n - 1) + other.error**2 / (other.n - 1)
    return (one.error + other.error) ** 2 / below if below else float(one.n + other.n - 2)
