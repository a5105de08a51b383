"""The reviews of days, weeks, months and years: which sections stand in them, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zhanggui.insight.alerts.rules import Normal
from zhanggui.insight.goods.rules import Grade, Region
from zhanggui.insight.metrics.rules import Comparison
from zhanggui.insight.value.rules import Kind as BuyerKind
from zhanggui.steer.briefings.rules import asking, outlook
from zhanggui.steer.briefings.rules.causes import causes, losers, places
from zhanggui.steer.briefings.rules.figures import against, summary
from zhanggui.steer.briefings.rules.gathered import Gathered
from zhanggui.steer.briefings.rules.risks import risks
from zhanggui.steer.briefings.rules.standing import aims, ended, signals
from zhanggui.steer.briefings.rules.values import (
    Chart,
    Decision,
    Document,
    Finding,
    Number,
    Row,
    Section,
    Series,
    Shape,
    Sort,
    Table,
    Thing,
    Unit,
    ranked,
)

MOST_REGIONS: Final = 8


def month(found: Gathered) -> Document:
    """The monthly review: figures, goals, causes, places, what ended, signals, risks, the next month's plan."""
    sections = (
        summary(found),
        aims(found),
        *causes(found),
        places(found),
        ended(found),
        signals(found),
        risks(found),
        outlook.chances(found),
    )
    return _document(found, sections, outlook.next_month(found, _findings(sections)))


def week(found: Gathered) -> Document:
    """A week in short: figures, causes, places, signals."""
    return _document(found, (summary(found), *causes(found)[:1], places(found), signals(found)), ())


def day(found: Gathered, *, normal: Normal | None) -> Document:
    """A day in a line: its money, what the goal wants of it, and whether it lies in the band of what is normal.

    normal   the band of the day's money; None if too little is known
    """
    return _document(found, (Section(key="line", findings=tuple(_line(found, normal))),), ())


def year(found: Gathered) -> Document:
    """The year-end review in six chapters: review, data insight, problems, market, goals, plan and resources."""
    parts = causes(found)
    moved = places(found)
    risky = risks(found, key="problems")
    stood, brought = aims(found), ended(found)
    review = summary(found, "review")
    fallen = losers(found)
    sections = (
        Section(
            key="review",
            findings=(*review.findings, *stood.findings, *brought.findings),
            charts=review.charts,
            tables=(*review.tables, *stood.tables, *brought.tables),
        ),
        Section(
            key="insight",
            findings=(*(one for part in parts[:1] for one in part.findings), *_insight(found)),
            charts=tuple(chart for part in parts[:1] for chart in part.charts),
            tables=tuple(_buyer_tables(found)),
        ),
        Section(
            key="problems",
            findings=ranked([*fallen, *(one for one in risky.findings if one.kind != "no_risks")]),
            charts=_fallen_chart(found, fallen),
            tables=moved.tables,
        ),
        _market(found),
    )
    chances = outlook.chances(found)
    decisions = outlook.next_year(found, [*_findings(sections), *chances.findings])
    goals = Section(key="year_goals", findings=(Finding(key="goals_follow", kind="goals_follow"),))
    plan = Section(key="plan", findings=chances.findings or (Finding(key="plan_follows", kind="plan_follows"),))
    return _document(found, (*sections, goals, plan), decisions)


def _fallen_chart(found: Gathered, fallen: Sequence[Finding]) -> tuple[Chart, ...]:
    """The places that lost most, as bars to the left."""
    lost = [(one, number) for one in fallen if (number := one.number("change")) is not None]
    if not lost:
        return ()
    chart = Chart(
        key="fallen",
        shape=Shape.BARS,
        title=lost[0][0].key,
        unit=Unit.MONEY,
        at=tuple(one.things[0] for one, _number in lost),
        series=(Series(name="change", sizes=tuple(-number.numerator for _one, number in lost)),),
        source=asking.source(found.shop, "gmv_paid", found.period, page="why", compare=Comparison.YEAR, args=()),
    )
    return (chart,)


def _document(found: Gathered, sections: tuple[Section, ...], decisions: tuple[Decision, ...]) -> Document:
    known = {one.key for one in _findings(sections)}
    return Document(
        kind=found.kind,
        shop=found.shop,
        shop_name=found.shop_name,
        zone=found.zone,
        currency=found.currency,
        first=found.period.start,
        end=found.period.end,
        until=min(found.until, found.period.end),
        sections=tuple(one for one in sections if one.findings),
        decisions=tuple(_grounded(one, known) for one in decisions),
        effects=tuple(one.play_id for one in found.effects),
    )


def _grounded(decision: Decision, known: set[str]) -> Decision:
    """A proposal whose ground is not in the document, such as a year that is not known, stands on the first finding."""
    if decision.because in known:
        return decision
    stands_on = "gmv_paid_before" if "gmv_paid_before" in known else "gmv_paid_alone"
    return Decision(**{name: getattr(decision, name) for name in decision.__slots__} | {"because": stands_on})


def _findings(sections: tuple[Section, ...]) -> list[Finding]:
    return [one for section in sections for one in section.findings]


def _line(found: Gathered, normal: Normal | None) -> Iterator[Finding]:
    asked = asking.source(found.shop, "gmv_paid", found.period)
    now = asking.number("now", found.now.of("gmv_paid"), asked)
    goal = next((one for one in found.goals if one.metric == "gmv_paid"), None)
    if goal is not None and goal.target[0] > 0:
        share = Number(
            name="share",
            unit=Unit.RATE,
            numerator=goal.actual[0] * goal.target[1],
            denominator=goal.actual[1] * goal.target[0],
            source=asking.source(found.shop, "gmv_paid", goal.period),
        )
        target = Number(name="target", unit=Unit.MONEY, numerator=goal.target[0], denominator=goal.target[1])
        kind = "day_goal_met" if goal.is_met else "day_goal_behind"
        yield Finding(key="line_goal", kind=kind, numbers=(share, target), weight=goal.stake_minor)
    if normal is None:
        yield Finding(key="line", kind="day_alone", numbers=(now,), weight=now.numerator)
    else:
        band = asking.source(found.shop, "gmv_paid", found.period, page="normal", args=("gmv_paid",))
        kind = "day_low" if now.numerator < normal.low else "day_high" if now.numerator > normal.high else "day_inside"
        numbers = (now, asking.money("low", normal.low, band), asking.money("high", normal.high, band))
        yield Finding(key="line", kind=kind, numbers=numbers, weight=now.numerator)
    if one := against(found, "gmv_paid", Comparison.PREVIOUS):
        yield one


def _insight(found: Gathered) -> Iterator[Finding]:
    """Season, goods and buyers of the year."""
    whole = found.now.of("gmv_paid").numerator
    months = sorted(found.course.now, key=lambda row: -row.of("gmv_paid").numerator)[:3]
    if whole and len(found.course.now) > 3:
        asked = asking.source(found.shop, "gmv_paid", found.period, compare=Comparison.YEAR)
        minor = sum(row.of("gmv_paid").numerator for row in months)
        names = [str(row.key)[:10] for row in sorted(months, key=lambda row: str(row.key))]
        yield Finding(
            key="season",
            kind="season",
            things=tuple(Thing(name=f"at{n}", sort=Sort.MONTH, code=name) for n, name in enumerate(names, start=1)),
            numbers=(asking.rate("share", minor, whole, asked), asking.money("now", minor, asked)),
            weight=minor,
        )
    if found.assortment and found.assortment.amount:
        asked = asking.source(found.shop, "goods_paid", found.period, page="goods", args=())
        best, minor = found.assortment.of(Grade.A), found.assortment.amount_of(Grade.A).minor
        yield Finding(
            key="grades",
            kind="grades",
            numbers=(
                asking.count("goods", len(best), asked),
                asking.count("all", len(found.assortment.goods), asked),
                asking.rate("share", minor, found.assortment.amount.minor, asked),
            ),
            weight=minor,
        )
    yield from _champions(found)
    if one := against(found, "repurchase_rate", Comparison.YEAR):
        yield one


def _champions(found: Gathered) -> Iterator[Finding]:
    if found.buyers is None or not found.buyers.people or not found.buyers.amount:
        return
    asked = asking.source(found.shop, "rfm", found.period, page="value")
    best = next(one for one in found.buyers.segments() if one.kind is BuyerKind.CHAMPION)
    yield Finding(
        key="champions",
        kind="champions",
        things=(Thing(name="kind", sort=Sort.BUYER_KIND, code=best.kind),),
        numbers=(
            asking.count("people", best.people, asked),
            asking.rate("people_share", best.people, found.buyers.people, asked),
            asking.rate("share", best.amount.minor, found.buyers.amount.minor, asked),
        ),
        weight=best.amount.minor,
    )


def _buyer_tables(found: Gathered) -> Iterator[Table]:
    if found.buyers is None or not found.buyers.people:
        return
    asked = asking.source(found.shop, "rfm", found.period, page="value")
    rows = tuple(
        Row(
            thing=Thing(name="kind", sort=Sort.BUYER_KIND, code=one.kind),
            numbers=(
                asking.count("people", one.people, asked),
                asking.rate("people_share", one.people, found.buyers.people, asked),
                asking.money("amount", one.amount.minor, asked),
            ),
        )
        for one in found.buyers.segments()
    )
    yield Table(key="buyer_kinds", heads=("people", "people_share", "amount"), rows=rows)


def _market(found: Gathered) -> Section:
    """What the shop knows of its market: where its buyers are, by which channel they come, and how many are new."""
    findings, tables = [], []
    charts: list[Chart] = []
    whole = found.now.of("gmv_paid").numerator
    regions = [one for one in (found.assortment.regions if found.assortment else ()) if one.region and one.amount]
    if regions and whole:
        findings.append(_first_region(found, regions, whole))
        charts += _other_regions(found, regions[1 : MOST_REGIONS + 1])
        tables.append(_regions(found, whole))
    findings += [one for key in ("new_buyers", "gmv_new") if (one := against(found, key, Comparison.YEAR))]
    missing = ["competitors", "market_size"]
    if "uv" in found.silent or not found.now.of("uv").numerator:
        missing.append("visits")
    if "spend" in found.silent:
        missing.append("spend")
    findings += [
        Finding(key=f"missing_{one}", kind="missing", things=(Thing(name="what", sort=Sort.WORD, code=one),))
        for one in missing
    ]
    return Section(key="market", findings=tuple(findings), charts=tuple(charts), tables=tuple(tables))


def _first_region(found: Gathered, regions: Sequence[Region], whole: int) -> Finding:
    """Where most of the money comes from, and how much of it."""
    first = regions[0]
    asked = asking.source(found.shop, "gmv_paid", found.period, cut="region", cell=first.region)
    return Finding(
        key="market_regions",
        kind="market_regions",
        things=(Thing(name="place", sort=Sort.REGION, code=first.region),),
        numbers=(
            asking.count("regions", len(regions), asked),
            asking.rate("share", first.amount.minor, whole, asked),
            asking.rate("rest", whole - first.amount.minor, whole, asked),
        ),
        weight=first.amount.minor,
    )


def _other_regions(found: Gathered, regions: Sequence[Region]) -> Iterator[Chart]:
    if regions:
        yield Chart(
            key="regions",
            shape=Shape.BARS,
            title="market_regions",
            unit=Unit.MONEY,
            at=tuple(Thing(name="place", sort=Sort.REGION, code=one.region) for one in regions),
            series=(Series(name="now", sizes=tuple(one.amount.minor for one in regions)),),
            source=asking.source(found.shop, "gmv_paid", found.period, page="goods", args=()),
        )


def _regions(found: Gathered, whole: int) -> Table:
    regions = [one for one in (found.assortment.regions if found.assortment else ()) if one.region]
    rows = []
    for one in regions[: 2 * MOST_REGIONS]:
        asked = asking.source(found.shop, "gmv_paid", found.period, cut="region", cell=one.region)
        rows.append(
            Row(
                thing=Thing(name="place", sort=Sort.REGION, code=one.region),
                numbers=(
                    asking.money("now", one.amount.minor, asked),
                    asking.rate("share", one.amount.minor, whole, asked),
                    asking.count("orders", one.orders, asked),
                ),
            )
        )
    return Table(key="regions", heads=("now", "share", "orders"), rows=tuple(rows))
