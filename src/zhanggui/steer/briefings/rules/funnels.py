"""The review of a funnel: where people are lost, who passes a step by, when they come, and what is to be tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from zhanggui.insight.funnels.rules import Answer, Bar, contrasts
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.gathered import FunnelGathered
from zhanggui.steer.briefings.rules.values import (
    Chart,
    Decision,
    Document,
    Finding,
    Kind,
    Number,
    Outcome,
    Section,
    Series,
    Shape,
    Sort,
    Source,
    Table,
    Thing,
    Unit,
)
from zhanggui.steer.briefings.rules.values import Row as TableRow


def funnel(found: FunnelGathered) -> Document:
    """The way of the visitors: the steps, the ways around them, the hours and days, who comes back, what to try."""
    sections = (_way(found), _around(found), _times(found), _back(found), _lacking(found))
    kept = tuple(one for one in sections if one.findings)
    return Document(
        kind=Kind.FUNNEL,
        shop=found.shop,
        shop_name=found.shop_name,
        zone=found.zone,
        currency=found.currency,
        first=found.period.start,
        end=found.period.end,
        until=min(found.until, found.period.end),
        sections=kept,
        decisions=tuple(_decisions(found, [one for section in kept for one in section.findings])),
    )


def _way(found: FunnelGathered) -> Section:
    bars, asked = found.way.bars, _asked(found, found.way)
    first, last = bars[0], bars[-1]
    findings = [
        Finding(
            key="way",
            kind="funnel_whole",
            things=(_step(found.way, first, "first"), _step(found.way, last, "last")),
            numbers=(
                asking.count("began", first.count, asked),
                asking.count("ended", last.count, asked),
                asking.rate("share", last.count, first.count, asked),
            ),
            weight=first.count,
        )
    ]
    steps = sorted(bars[1:], key=lambda bar: (bar.count - bar.before, bar.place))
    findings += [_lost(found, bar, asked, is_worst=bar is steps[0]) for bar in steps if bar.before]
    rows = tuple(
        TableRow(
            thing=_step(found.way, bar, "step"),
            numbers=(
                asking.count("people", bar.count, asked),
                asking.rate("of_before", bar.count, bar.before, asked),
                asking.rate("of_first", bar.count, first.count, asked),
            ),
        )
        for bar in bars
    )
    chart = Chart(
        key="steps",
        shape=Shape.STEPS,
        title=findings[1].key if len(findings) > 1 else "way",
        unit=Unit.COUNT,
        at=tuple(_step(found.way, bar, "step") for bar in bars),
        series=(Series(name="people", sizes=tuple(bar.count for bar in bars)),),
        source=asked,
    )
    table = Table(key="steps", heads=("people", "of_before", "of_first"), rows=rows)
    return Section(key="way", findings=tuple(findings), charts=(chart,), tables=(table,))


def _lost(found: FunnelGathered, bar: Bar, asked: Source, *, is_worst: bool) -> Finding:
    """Who went no further than the step before; how long the others took."""
    numbers = [
        asking.count("lost", bar.before - bar.count, asked),
        asking.count("before", bar.before, asked),
        asking.rate("share", bar.before - bar.count, bar.before, asked),
    ]
    if bar.times is not None:
        minutes = round(bar.times.median / timedelta(minutes=1))
        numbers.append(Number(name="hours", unit=Unit.HOURS, numerator=minutes, denominator=60, source=asked))
    return Finding(
        key=f"lost_{bar.place}",
        kind=("lost_most" if is_worst else "lost") + ("_timed" if bar.times is not None else ""),
        things=(_step(found.way, bar, "step"), _before(found.way, bar)),
        numbers=tuple(numbers),
        weight=bar.before - bar.count,
    )


def _around(found: FunnelGathered) -> Section:
    """Those who came to the end by another way than by all steps, and those who come far less by device."""
    findings = list(_short(found))
    if found.by_device is not None:
        findings += _devices(found, found.by_device)
    return Section(key="around", findings=tuple(findings))


def _short(found: FunnelGathered) -> Iterator[Finding]:
    if found.short is None:
        return
    ended, by_way = found.short.bars[-1].count, found.way.bars[-1].count
    if ended <= by_way:
        return
    asked = _asked(found, found.short)
    yield Finding(
        key="passed_by",
        kind="passed_by",
        things=(_step(found.way, found.way.bars[-1], "last"), _step(found.way, found.way.bars[-2], "step")),
        numbers=(
            asking.count("ended", ended, asked),
            asking.count("by_way", by_way, _asked(found, found.way)),
            asking.count("aside", ended - by_way, asked),
            asking.rate("share", ended - by_way, ended, asked),
        ),
        weight=ended - by_way,
    )


def _devices(found: FunnelGathered, answer: Answer) -> Iterator[Finding]:
    """Values of the split that take a step less often than the others, beyond chance."""
    asked = _asked(found, answer)
    for one in contrasts(answer):
        if one.value and one.is_apart and one.missed > 0:
            yield Finding(
                key=f"device_{one.value}_{one.place}",
                kind="device_behind",
                things=(
                    Thing(name="device", sort=Sort.DEVICE, code=one.value),
                    _step(answer, answer.bars[one.place - 1], "step"),
                ),
                numbers=(
                    asking.rate("share", one.own[0], one.own[1], asked),
                    asking.rate("others", one.others[0], one.others[1], asked),
                    asking.count("missed", round(one.missed), asked),
                ),
                weight=round(one.missed),
            )


def _times(found: FunnelGathered) -> Section:
    """The hours and days of most and of fewest visitors."""
    by_hour: dict[str, int] = {}
    for row in found.hours:
        if isinstance(row.key, datetime):
            by_hour[f"{row.key:%H}"] = by_hour.get(f"{row.key:%H}", 0) + row.of("uv").numerator
    findings, charts = [], []
    if by_hour:
        asked = asking.source(found.shop, "uv", found.period, page="explorer", more=(("by", "hour"),), args=())
        least = min(by_hour, key=lambda hour: (by_hour[hour], hour))
        most = max(by_hour, key=lambda hour: (by_hour[hour], hour))
        findings.append(
            Finding(
                key="hours",
                kind="hours",
                things=(
                    Thing(name="most_at", sort=Sort.HOUR, code=most),
                    Thing(name="least_at", sort=Sort.HOUR, code=least),
                ),
                numbers=tuple(
                    _a_day(name, by_hour[hour], found, asked) for name, hour in (("most", most), ("least", least))
                ),
                weight=by_hour[most],
            )
        )
        hours = sorted(by_hour)
        charts.append(
            Chart(
                key="hours",
                shape=Shape.LINE,
                title="hours",
                unit=Unit.COUNT,
                at=tuple(Thing(name="at", sort=Sort.HOUR, code=hour) for hour in hours),
                series=(Series(name="people", sizes=tuple(by_hour[hour] for hour in hours)),),
                source=asked,
            )
        )
    findings += list(_best_day(found))
    return Section(key="times", findings=tuple(findings), charts=tuple(charts))


def _a_day(name: str, people: int, found: FunnelGathered, asked: Source) -> Number:
    """Visitors of an hour of the day on the average day."""
    days = max(1, len(found.days))
    return Number(name=name, unit=Unit.COUNT, numerator=people, denominator=days, source=asked)


def _best_day(found: FunnelGathered) -> Iterator[Finding]:
    days = [row for row in found.days if isinstance(row.key, date)]
    if len(days) < 3:
        return
    best = max(days, key=lambda row: (row.of("uv").numerator, str(row.key)))
    start = best.key
    assert isinstance(start, date)  # noqa: S101 -- only days are kept above
    asked = asking.source(found.shop, "uv", Period(start, start + timedelta(days=1)))
    yield Finding(
        key="best_day",
        kind="best_day_of_visits",
        things=(Thing(name="at", sort=Sort.DAY, code=start.isoformat()),),
        numbers=(asking.count("now", best.of("uv").numerator, asked),),
        weight=best.of("uv").numerator,
    )


def _back(found: FunnelGathered) -> Section:
    """How many come back the day after and a week later."""
    findings = []
    for day, (people, whole) in sorted(found.back.items()):
        asked = asking.source(found.shop, f"retention_d{day}", found.period, page="retention", args=())
        findings.append(
            Finding(
                key=f"back_d{day}",
                kind=f"back_d{day}",
                numbers=(
                    asking.rate("share", people, whole, asked),
                    asking.count("people", people, asked),
                    asking.count("all", whole, asked),
                ),
                weight=people,
            )
        )
    return Section(key="back", findings=tuple(findings))


def _lacking(found: FunnelGathered) -> Section:
    lacks = [] if found.has_money else ["money"]
    if found.by_device is None:
        lacks.append("devices")
    findings = tuple(
        Finding(key=f"missing_{one}", kind="missing", things=(Thing(name="what", sort=Sort.WORD, code=one),))
        for one in lacks
    )
    return Section(key="lacking", findings=findings)


def _decisions(found: FunnelGathered, findings: list[Finding]) -> Iterator[Decision]:
    """A reminder for those who stopped before the last step, a page test where most are lost, service at the peak."""
    days = Period(found.until, found.until + timedelta(days=28))
    by_key = {one.key: one for one in findings}
    last = by_key.get(f"lost_{found.way.bars[-1].place}")
    worst = next((one for one in findings if one.kind.startswith("lost_most")), None)
    wanted = [
        (last, "play_remind", "message"),
        (worst if worst is not last else None, "play_page", "page"),
        (by_key.get("passed_by"), "play_check_shortcut", "check"),
        (by_key.get("hours"), "play_check_hours", "check"),
    ]
    for because, kind, move in wanted:
        if because is not None:
            yield Decision(
                key=kind,
                outcome=Outcome.PLAY,
                kind=kind,
                because=because.key,
                metric="cvr_paid_visitor",
                move=move,
                things=because.things,
                numbers=because.numbers,
                first=days.start,
                end=days.end,
            )


def _step(answer: Answer, bar: Bar, name: str) -> Thing:
    return Thing(name=name, sort=Sort.EVENT, code=answer.question.funnel.steps[bar.place - 1].event)


def _before(answer: Answer, bar: Bar) -> Thing:
    return Thing(name="before_step", sort=Sort.EVENT, code=answer.question.funnel.steps[bar.place - 2].event)


def _asked(found: FunnelGathered, answer: Answer) -> Source:
    """The page of the funnel with the same steps and window."""
    steps = answer.question.funnel.steps
    more = [(f"event.{place}", step.event) for place, step in enumerate(steps, start=1)]
    if answer.question.by:
        more.append(("by", answer.question.by.value))
    more.append(("window", str(found.window_minutes)))
    return asking.source(found.shop, "funnel", found.period, page="funnel", more=tuple(more), args=())
