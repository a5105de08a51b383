"""What to do next: chances that the figures show, and proposals that become goals, plays and budgets if accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.value.rules import Kind as BuyerKind
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.gathered import Gathered, Quarter
from zhanggui.steer.briefings.rules.values import (
    Decision,
    Finding,
    Kind,
    Number,
    Outcome,
    Section,
    Sort,
    Source,
    Thing,
    Unit,
    ranked,
)

# metrics.md, default goals: the first quarter a tenth more, the second a quarter, then as the year grew.
QUARTER_GROWTH: Final = (Decimal("0.10"), Decimal("0.25"))
USUAL_GROWTH: Final = Decimal("0.10")
# The proposals of a year's plan that make one tree: the year, and its quarters.
YEAR_KEY: Final = "goal_year"
QUARTER_KEY: Final = "goal_q"
# metrics.md and ST4: marketing at most so much of the revenue, and how it is shared out.
MARKETING_RATE: Final = Decimal("0.12")
AREAS: Final = (("traffic", 40), ("content", 25), ("members", 15), ("supply", 20))
_CHANCES: Final = {
    BuyerKind.TO_KEEP: ("play_win_back", "message"),
    BuyerKind.TO_GROW: ("play_second_order", "coupon"),
}


def chances(found: Gathered, *, key: str = "plan") -> Section:
    """Buyers worth writing to: large and frequent ones gone quiet, and large new ones without a second order."""
    if found.buyers is None:
        return Section(key=key, findings=())
    findings = []
    for segment in found.buyers.segments():
        if segment.kind not in _CHANCES or not segment.people:
            continue
        asked = asking.source(found.shop, "rfm", found.period, page="value")
        findings.append(
            Finding(
                key=f"chance_{segment.kind}",
                kind=f"chance_{segment.kind}",
                things=(Thing(name="kind", sort=Sort.BUYER_KIND, code=segment.kind),),
                numbers=(
                    asking.count("people", segment.people, asked),
                    asking.money("amount", segment.amount.minor, asked),
                ),
                weight=segment.amount.minor,
            )
        )
    return Section(key=key, findings=ranked(findings))


def next_month(found: Gathered, findings: Sequence[Finding]) -> tuple[Decision, ...]:
    """What is proposed for the month after: goals by its own season, and an answer to what the review found."""
    days = _following(found.period)
    return (
        *_money_goal(found, days),
        *_refund_goal(found, findings, days),
        *_newcomer_goal(found, findings, days),
        *_plays(findings, days),
    )


def next_year(found: Gathered, findings: Sequence[Finding]) -> tuple[Decision, ...]:
    """What is proposed for the year after: goals by quarter and their sum, answers to the problems, a budget."""
    days = Period(found.period.end, date(found.period.end.year + 1, 1, 1))
    quarters = tuple(_quarter_goals(found))
    target = sum(aim.numerator for one in quarters if (aim := one.number("target")) is not None)
    return (
        *_year_goal(found, quarters, target, days),
        *quarters,
        *_refund_goal(found, findings, days),
        *_newcomer_goal(found, findings, days),
        *_plays(findings, Period(days.start, _following(Period(days.start, days.start.replace(month=2))).end)),
        *_budget(found, target, days),
    )


def grown(minor: int, rate: Decimal) -> int:
    """An amount so much larger, half up to the minor unit, then to a figure one can remember: three digits.

    source   100,000.00 and 10 % -> 110,000.00; 1,234,567 minor and 0 % -> 1,230,000
    """
    exact = Money(minor, "XXX").times(1 + rate).minor
    step: int = 10 ** max(0, len(str(abs(exact))) - 3)
    return step * ((abs(exact) + step // 2) // step) * (1 if exact >= 0 else -1)


def _money_goal(found: Gathered, days: Period) -> Iterator[Decision]:
    """The money of the next month: as it was a year before, and as much above as this month is above its own."""
    now = found.now.of("gmv_paid").numerator
    if now <= 0:
        return
    asked = asking.source(found.shop, "gmv_paid", found.period)
    before = found.following.of("gmv_paid").numerator if found.following else 0
    year = found.year.of("gmv_paid").numerator if found.year else 0
    if before > 0 and year > 0:
        rate = Decimal(now - year) / year
        season = asking.source(found.shop, "gmv_paid", Period(*_year_back(days)))
        numbers = (
            asking.money("baseline", before, season),
            asking.money("target", grown(before, rate), None),
            Number(name="rate", unit=Unit.RATE, numerator=now - year, denominator=year, source=asked),
        )
        yield _goal("goal_gmv", "goal_by_season", "gmv_paid", numbers, days, because="gmv_paid_year")
        return
    numbers = (
        asking.money("baseline", now, asked),
        asking.money("target", grown(now, USUAL_GROWTH), None),
        Number(name="rate", unit=Unit.RATE, numerator=10, denominator=100),
    )
    yield _goal("goal_gmv", "goal_plus", "gmv_paid", numbers, days, because="gmv_paid_before")


def _refund_goal(found: Gathered, findings: Sequence[Finding], days: Period) -> Iterator[Decision]:
    """Refunds back to what is usual, where they stood far above it; of a year, a fifth less than in this one."""
    high = _named(findings, "refunds_high")
    if high is None:
        return
    if found.kind is Kind.YEAR:
        back, paid = found.now.of("refund_amount").numerator, found.now.of("gmv_paid").numerator
        asked = asking.source(found.shop, "refund_amount_rate", found.period)
        year = (asking.rate("baseline", back, paid, asked), asking.rate("target", 8 * back, 10 * paid, None))
        yield _goal("goal_refunds", "goal_refunds_year", "refund_amount_rate", year, days, because=high.key)
        return
    now, usual = high.number("now"), high.number("usual")
    if now is None or usual is None:
        return
    numbers = (_called(now, "baseline"), _called(usual, "target"))
    yield _goal("goal_refunds", "goal_refunds", "refund_amount_rate", numbers, days, because=high.key)


def _newcomer_goal(found: Gathered, findings: Sequence[Finding], days: Period) -> Iterator[Decision]:
    """As many new buyers as the same days had a year before, where fewer came.

    The baseline is what comes if the next days lose as much against theirs as these have. Nothing is proposed where the
    books are too young to know who was new then.
    """
    fewer = _named(findings, "newcomers_fewer")
    row = found.year if found.kind is Kind.YEAR else found.following
    if fewer is None or row is None or found.year is None or found.is_young:
        return
    now, then, target = (one.of("new_buyers").numerator for one in (found.now, found.year, row))
    span = found.year_ago if found.kind is Kind.YEAR else Period(*_year_back(days))
    if not then or not target or span is None:
        return
    asked = asking.source(found.shop, "new_buyers", found.period)
    numbers = (
        asking.count("baseline", target * now // then, asked),
        asking.count("target", target, asking.source(found.shop, "new_buyers", span)),
    )
    yield _goal("goal_newcomers", "goal_newcomers", "new_buyers", numbers, days, because=fewer.key)


def _plays(findings: Sequence[Finding], days: Period) -> Iterator[Decision]:
    """Plays that answer what was found: buyers gone quiet, the place that lost most, the long tail, refunds."""
    for kind, (play, move) in _CHANCES.items():
        if one := _named(findings, f"chance_{kind}"):
            yield _play(one, play, move, days, "repurchase_rate")
    lost = [one for one in findings if one.kind in ("place_down", "place_gone")]
    for sort in (Sort.SKU, Sort.REGION, Sort.CHANNEL, Sort.CATEGORY):
        if one := next((one for one in lost if one.things[0].sort is sort), None):
            yield _play(one, f"play_check_{sort}", "check", days, "gmv_paid")
    if one := _named(findings, "refunds_high"):
        yield _play(one, "play_check_refunds", "check", days, "refund_amount_rate")
    if one := _named(findings, "tail"):
        yield _play(one, "play_delist", "delist", days, "gross_margin_rate")


def _quarter_goals(found: Gathered) -> Iterator[Decision]:
    """Each quarter of the next year against the same quarter of this one."""
    year = found.year.of("gmv_paid").numerator if found.year else 0
    now = found.now.of("gmv_paid").numerator
    growth = max(Decimal(0), Decimal(now - year) / year).quantize(Decimal("0.001")) if year > 0 else USUAL_GROWTH
    for place, quarter in enumerate(found.quarters):
        rate = QUARTER_GROWTH[place] if place < len(QUARTER_GROWTH) else growth
        baseline = quarter.counted_minor + quarter.borrowed_minor
        if baseline <= 0:
            continue
        yield _quarter_goal(found, quarter, baseline, rate)


def _quarter_goal(found: Gathered, quarter: Quarter, baseline: int, rate: Decimal) -> Decision:
    days = Period(_year_on(quarter.period.start), _year_on(quarter.period.end))
    asked = asking.source(found.shop, "gmv_paid", quarter.period)
    numbers = [
        asking.money("baseline", baseline, asked),
        asking.money("target", grown(baseline, rate), None),
        Number(name="rate", unit=Unit.RATE, numerator=int(rate * 1000), denominator=1000),
    ]
    if quarter.borrowed_minor:
        numbers.append(asking.money("borrowed", quarter.borrowed_minor, asked))
    kind = "goal_quarter_borrowed" if quarter.borrowed_minor else "goal_quarter"
    thing = Thing(name="quarter", sort=Sort.QUARTER, code=days.start.isoformat())
    key = f"{QUARTER_KEY}{(days.start.month + 2) // 3}"
    return _goal(key, kind, "gmv_paid", tuple(numbers), days, because="gmv_paid_year", things=(thing,))


def _year_goal(found: Gathered, quarters: Sequence[Decision], target: int, days: Period) -> Iterator[Decision]:
    if not quarters:
        return
    baselines = [one.number("baseline") for one in quarters]
    asked = asking.source(found.shop, "gmv_paid", found.period)
    numbers = (
        asking.money("baseline", sum(one.numerator for one in baselines if one), asked),
        asking.money("target", target, None),
    )
    yield _goal(YEAR_KEY, "goal_year", "gmv_paid", numbers, days, because="gmv_paid_year")


def _budget(found: Gathered, target: int, days: Period) -> Iterator[Decision]:
    """Marketing at most 12 % of the revenue aimed at, by area; the shares sum to the whole."""
    if target <= 0:
        return
    whole = Money(target, found.currency).times(MARKETING_RATE)
    shares = whole.split([weight for _area, weight in AREAS])
    rate = Number(name="rate", unit=Unit.RATE, numerator=12, denominator=100)
    yield Decision(
        key="budget",
        outcome=Outcome.BUDGET,
        kind="budget",
        because="gmv_paid_year",
        metric="marketing_rate",
        numbers=(
            asking.money("target", whole.minor, None),
            rate,
            *(asking.money(area, share.minor, None) for (area, _weight), share in zip(AREAS, shares, strict=True)),
        ),
        first=days.start,
        end=days.end,
    )


def _goal(
    key: str,
    kind: str,
    metric: str,
    numbers: tuple[Number, ...],
    days: Period,
    *,
    because: str,
    things: tuple[Thing, ...] = (),
) -> Decision:
    return Decision(
        key=key,
        outcome=Outcome.GOAL,
        kind=kind,
        because=because,
        metric=metric,
        things=(Thing(name="metric", sort=Sort.METRIC, code=metric), *things),
        numbers=numbers,
        first=days.start,
        end=days.end,
    )


def _play(because: Finding, kind: str, move: str, days: Period, metric: str) -> Decision:
    return Decision(
        key=f"{kind}_{because.things[0].code}" if because.things else kind,
        outcome=Outcome.PLAY,
        kind=kind,
        because=because.key,
        metric=metric,
        move=move,
        things=because.things,
        numbers=because.numbers,
        first=days.start,
        end=days.end,
    )


def _named(findings: Sequence[Finding], key: str) -> Finding | None:
    return next((one for one in findings if one.key == key), None)


def _called(number: Number, name: str) -> Number:
    source: Source | None = number.source
    return Number(
        name=name, unit=number.unit, numerator=number.numerator, denominator=number.denominator, source=source
    )


def _following(period: Period) -> Period:
    """The calendar month after the first day of a month's period."""
    start = period.end
    return Period(start, date(start.year + start.month // 12, start.month % 12 + 1, 1))


def _year_on(day: date) -> date:
    return day.replace(year=day.year + 1)


def _year_back(period: Period) -> tuple[date, date]:
    return period.start.replace(year=period.start.year - 1), period.end.replace(year=period.end.year - 1)
