"""A shop that is steered: goals, a budget, signals, risks, plays in every state, messages and briefings, all filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import translation

from tests.insight.metrics.events import an_event
from tests.shop.made import SHOP, cny
from tests.steer.goals.made import an_operator
from tests.steer.plays.made import (
    CLOCK,
    DAY,
    DESK,
    EVERYBODY,
    STAFF,
    TODAY,
    a_plan,
    a_running_play,
    customers_with_orders,
    tend,
    time_passes,
)
from zhanggui.base import clock
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import actions as postman
from zhanggui.growth.messages import queries as messages
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.steer.briefings import actions as briefings
from zhanggui.steer.briefings import queries as written
from zhanggui.steer.briefings.rules import Kind, Verdict
from zhanggui.steer.budgets import actions as budgets
from zhanggui.steer.budgets import handlers as books
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.goals import actions as goals
from zhanggui.steer.goals.rules import Part
from zhanggui.steer.plays import actions as plays
from zhanggui.steer.plays import queries as board
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import ports as detecting
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import READY, Evidence, Finding, Move, Proposal, Size

RATE = 0.03
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
DECEMBER = Period(date(2026, 12, 1), date(2027, 1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What stands on the pages, by what it is."""

    goal: UUID
    year_goal: UUID
    signal: UUID
    draft: UUID
    running: UUID
    measured: UUID
    step: UUID
    month: UUID
    year: UUID


def steered(wait: Callable[[timedelta], datetime]) -> Steered:
    """Four months of a shop, until the seventeenth of December; the clock is left there."""
    with translation.override("zh-hans"):
        return _steered(wait)


def _steered(wait: Callable[[timedelta], datetime]) -> Steered:
    persons = customers_with_orders(240, rate=RATE, days=[TODAY - n * DAY for n in range(1, 70)])
    measured = _a_measured_play(wait, persons)
    goal, year_goal = _goals()
    _budget()
    signal = _signals()
    draft, running = _plays(signal)
    month, year = _briefings()
    return Steered(
        goal=goal,
        year_goal=year_goal,
        signal=signal,
        draft=draft,
        running=running,
        measured=measured,
        step=messages.steps(SHOP, limit=1)[0][0].id,
        month=month,
        year=year,
    )


def _a_measured_play(wait: Callable[[timedelta], datetime], persons: list[str]) -> UUID:
    """Letters to half of the people, who then buy more; and an offer to all, which only the season judges."""
    woken = a_running_play(a_plan(name="唤醒沉睡老客 · 双十一之后的第一封信", hypothesis="他们会回来。"))
    trial = board.play(SHOP, woken).trial_id
    assert trial is not None
    a_running_play(a_plan(Move.PRICE, name="杯子小降价", action={"sku": "CUP"}))
    postman.send_due()
    days = [TODAY + n * DAY for n in range(1, 26)]
    time_passes(persons, trials.members(trial, Arm.TREATED), rate=RATE, lift=1.0, days=days)
    for _ in range(5):
        wait(5 * DAY)
        tend()
    return woken


def _goals() -> tuple[UUID, UUID]:
    """The goal of a year in quarters, the last of them in channels; one of December that is behind, one that is met."""
    whose = {"shop": SHOP, "owner": an_operator(), "trail": DESK, "by": STAFF}
    year = goals.set_goal(metric="gmv_paid", baseline=12_000_000, target=18_000_000, period=YEAR, **whose)
    quarters = [Period(date(2026, n, 1), date(2026 + n // 10, (n + 3) % 12, 1)) for n in (1, 4, 7, 10)]
    parts = [Part(period=one, where=EVERYTHING, baseline=3_000_000, target=4_500_000) for one in quarters]
    last = goals.split(id=year, parts=parts, trail=DESK, by=STAFF)[-1]
    ways = [Filters(channel=(name,)) for name in ("search", "social")]
    goals.split(
        id=last,
        parts=[Part(period=quarters[-1], where=way, baseline=1_500_000, target=2_250_000) for way in ways],
        trail=DESK,
        by=STAFF,
    )
    behind = goals.set_goal(metric="gmv_paid", baseline=900_000, target=3_000_000, period=DECEMBER, **whose)
    goals.set_goal(metric="orders_paid", baseline=100, target=120, period=DECEMBER, **whose)
    return behind, year


def _budget() -> None:
    """A budget of December with one area full, one nearly, and a promise."""
    id = budgets.set_budget(shop=SHOP, period=DECEMBER, total=cny(6_000_000), trail=DESK, by=STAFF)
    budgets.move(shop=SHOP, id=id, source=Area.CONTENT, target=Area.MEMBERS, amount=cny(300_000), trail=DESK, by=STAFF)
    for n, (channel, minor) in enumerate((("paid_search", 1_250_000), ("social", 650_000), ("paid_search", 130_000))):
        body = {"import_id": "f", "channel": channel, "campaign": f"winter-{n}", "amount_minor": minor}
        spent = an_event("insight.spend_recorded", "2026-12-03T04:00", shop=SHOP, body=body | {"currency": "CNY"})
        books.book([spent])
    budgets.commit(
        shop=SHOP,
        area=Area.MEMBERS,
        amount=cny(160_000),
        reference="winter-letters",
        on=date(2026, 12, 9),
        trail=DESK,
        by=STAFF,
    )


def _signals() -> UUID:
    """One of each thing that can become of a signal, and risks of which one has come true."""
    day = clock.day_of(clock.now(), "Asia/Shanghai") - DAY
    found = [
        _found(
            "sleepers",
            "",
            day,
            400_000,
            Evidence(what="asleep", numbers={"people": 86, "gaps": 2, "back_bp": 1_200}, page="value", query=""),
            Proposal(move=Move.MESSAGE, metric="gmv_paid", audience=EVERYBODY),
        ),
        _found(
            "return_spike",
            "sku:CUP",
            day,
            90_000,
            Evidence(
                what="comes_back",
                numbers={"sku": "CUP", "returned": 19, "of": 60, "days": 14, "usual_tenths": 48},
                page="returns",
                query="",
            ),
            Proposal(move=Move.CHECK, metric="refund_rate", sku="CUP"),
            confidence=0.993,
        ),
        _found(
            "zero_results",
            "query:teapot",
            day,
            30_000,
            Evidence(
                what="finds_nothing",
                numbers={"words": "紫砂壶 teapot", "searches": 48, "people": 40, "nothing": 48},
                page="searching",
                query="",
            ),
            Proposal(move=Move.CHECK, metric="search_exit_rate"),
            confidence=0.88,
        ),
        *(
            _found(
                "stockout_ahead",
                f"sku:CUP-0{n}",
                day,
                20_000 + n,
                Evidence(
                    what="runs_out",
                    numbers={"sku": f"CUP-0{n}", "free": 4, "wanted": 31, "days": 9},
                    page="stock",
                    query="",
                ),
                Proposal(move=Move.RESTOCK, metric="gmv_paid", sku=f"CUP-0{n}"),
            )
            for n in (1, 2, 3)
        ),
    ]
    playbook = "1. 先停售。\n2. 再退款。"
    whose = {"owner": an_operator(), "by": STAFF}
    risk = signals.adopt(shop=SHOP, ready=READY[1].key, name="差评成风", playbook=playbook, **whose)
    pulled = {"name": "差评成风", "metric": "refund_rate", "actual": 120_000, "days": 3}
    found.append(
        _found(
            "risk_trigger",
            f"risk:{risk}",
            day,
            60_000,
            Evidence(what="trigger_pulled", numbers=pulled, page="risks", query=f"risk={risk}"),
            Proposal(move=Move.CHECK, metric="refund_rate"),
        )
    )
    detecting.detectors["by_hand"] = lambda shop, day, *, at: found
    signals.look(shop=SHOP, day=day, at=clock.now(), by=CLOCK)
    raised = {one.subject: one.id for one in inbox.inbox(SHOP, at=clock.now())}
    signals.snooze(id=raised["sku:CUP-01"], until=day + 7 * DAY, by=STAFF)
    signals.dismiss(id=raised["sku:CUP-02"], is_useful=False, words="已经在路上了", by=STAFF)
    return raised[""]


def _found(
    kind: str,
    subject: str,
    day: date,
    minor: int,
    shown: Evidence,
    proposal: Proposal,
    *,
    confidence: float = 0.97,
) -> Finding:
    return Finding(
        kind=kind,
        subject=subject,
        day=day,
        size=Size(low_minor=minor // 2, expected_minor=minor, high_minor=2 * minor, currency="CNY"),
        confidence=confidence,
        evidence=(shown,),
        proposal=proposal,
    )


def _plays(signal: UUID) -> tuple[UUID, UUID]:
    """A draft of a signal, one that waits for approval, one that runs with people held out."""
    today = clock.day_of(clock.now(), "Asia/Shanghai")
    days = {"starts_on": today, "ends_on": today + 14 * DAY}
    plan = board.filled_in(inbox.signal(signal), at=clock.now(), owner=str(an_operator()))
    draft = plays.propose(shop=SHOP, signal_id=signal, plan=plan, trail=DESK, by=STAFF)
    dear = a_plan(Move.PROMOTION, name="年终大促", cost_cap=cny(9_000_000), **days)
    plays.submit(shop=SHOP, id=plays.propose(shop=SHOP, signal_id=None, plan=dear, trail=DESK, by=STAFF), by=STAFF)
    running = a_running_play(
        a_plan(Move.MESSAGE, name="冬日来信", hypothesis="他们会回来。", metric="orders_paid", **days)
    )
    postman.send_due()
    return draft, running


def _briefings() -> tuple[UUID, UUID]:
    """The review of November with words of its own and a decision, that of the year, and a week that is published."""
    month = briefings.write(shop=SHOP, kind=Kind.MONTH, period=NOVEMBER, by=STAFF)
    found = written.briefing(month, language="zh-hans").document
    first = found.sections[0].findings[0].key
    briefings.say(id=month, key=first, language="zh-hans", words="比上个月好得多。", by=STAFF)
    briefings.decide(id=month, key=found.decisions[0].key, verdict=Verdict.ACCEPT, worded={}, trail=DESK, by=STAFF)
    week = Period(date(2026, 12, 7), date(2026, 12, 14))
    briefings.publish(
        id=briefings.write(shop=SHOP, kind=Kind.WEEK, period=week, by=STAFF), worded={}, trail=DESK, by=STAFF
    )
    return month, briefings.write(shop=SHOP, kind=Kind.YEAR, period=YEAR, by=STAFF)
