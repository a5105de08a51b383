"""Small factories: plans, people in the lake who agreed to mail, and a signal about them."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.growth.messages.made import many
from tests.insight.metrics.events import bought, line, remember
from tests.shop.made import SHOP, cny
from zhanggui.base import clock
from zhanggui.base.operation.rules import job, operator
from zhanggui.base.shops import queries as shops
from zhanggui.growth.messages.rules import Wording
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.segments.rules import Source
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays import actions, handlers
from zhanggui.steer.plays.rules import Action, Audience, HoldOut, Plan, Purpose, State
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import ports as detecting
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Signal, Size

STAFF = operator("7")
BOSS = operator("1")
CLOCK = job("steer.plays")
DESK = Trail(shop=SHOP)
DAY = timedelta(days=1)
# Noon of a day in Shanghai is four in the morning in Greenwich.
TODAY = date(2026, 11, 22)
EVERYBODY = Source(kind="named", terms={"prefix": "p-"})
WORDS = Wording(
    subject_zh="{name}，好久不见",
    subject_en="{name}, it has been a while",
    words_zh="{name}，回来看看：{link}",
    words_en="{name}, come and see: {link}",
)
HALF = HoldOut(bp=5000, purpose=Purpose.HALF, people=100, baseline=0.0, deviation=1.0, expected=0.0, least=1.0)


def named(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The people whose ids begin alike."""
    known = f"select number as person from {lake.people(shop)}"
    return f"{known} where starts_with(person, {quoted(terms['prefix'])})"


def a_plan(move: Move = Move.MESSAGE, **said: Any) -> Plan:
    """Two weeks of a message to everybody who is meant, half of them held out, unless it says otherwise."""
    action = {"discount_bp": 1000 if move in (Move.COUPON, Move.PROMOTION, Move.PRICE) else 0}
    action |= {"wording": WORDS if move is Move.MESSAGE else None, "task": "look" if move is Move.CHECK else ""}
    is_people = move in (Move.MESSAGE, Move.COUPON)
    usual: dict[str, Any] = {
        "name": "Wake them",
        "hypothesis": "They come back.",
        "metric": "gmv_paid",
        "audience": Audience(source=EVERYBODY) if is_people else Audience(),
        "action": Action(move=move, **(action | said.pop("action", {}))),
        "hold_out": HALF if is_people else None,
        "cost_cap": cny(500_000),
        "fixed_cost": cny(0),
        "area": Area.MEMBERS,
        "owner": "7",
        "starts_on": TODAY,
        "ends_on": TODAY + 14 * DAY,
        "after_days": 3,
    }
    return Plan(**(usual | said))


def an_approved_play(plan: Plan | None = None) -> UUID:
    """A play that may be started."""
    id = actions.propose(shop=SHOP, signal_id=None, plan=plan or a_plan(), trail=DESK, by=STAFF)
    if actions.submit(shop=SHOP, id=id, by=STAFF) is State.WAITING:
        actions.approve(shop=SHOP, id=id, is_owner=True, by=BOSS)
    return id


def a_running_play(plan: Plan | None = None) -> UUID:
    id = an_approved_play(plan)
    actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
    return id


def at(day: date, hour: int = 4) -> str:
    return f"{day.isoformat()}T{hour:02}:00"


def customers_with_orders(count: int, *, rate: float, days: Sequence[date], seed: int = 1) -> list[str]:
    """People who agreed to mail, each of whom has bought once long ago and may buy on some days."""
    persons = many(count)
    long_ago = min(days) - 200 * DAY
    first = [bought(f"A{n}", at(long_ago), line("CUP", 1, 5990), person=p, shop=SHOP) for n, p in enumerate(persons)]
    remember(shops.shop(SHOP), *first, *_orders("B", persons, rate=rate, days=days, rng=random.Random(seed)))
    return persons


def time_passes(
    persons: Collection[str], lifted: Collection[str], *, rate: float, lift: float, days: Sequence[date], seed: int = 2
) -> int:
    """Everybody buys at a rate a day, those who are lifted oftener; what came on top of it in truth, in minor units."""
    rng = random.Random(seed)
    more = _orders("D", sorted(lifted), rate=rate * lift, days=days, rng=rng)
    remember(shops.shop(SHOP), *_orders("C", sorted(persons), rate=rate, days=days, rng=rng), *more)
    return len(more) * 6000


def _orders(mark: str, persons: Sequence[str], *, rate: float, days: Sequence[date], rng: random.Random) -> list[Any]:
    return [
        bought(f"{mark}{day:%m%d}-{person}", at(day), line("CUP", 1, 6000), person=person, shop=SHOP)
        for day in days
        for person in persons
        if rng.random() < rate
    ]


def a_signal(
    move: Move = Move.MESSAGE,
    *,
    kind: str = "sleepers",
    minor: int = 400_000,
    subject: str = "segment:p",
    **proposal: Any,
) -> Signal:
    """Money to be won among everybody, found yesterday."""
    day = clock.day_of(clock.now(), "Asia/Shanghai") - DAY
    audience = EVERYBODY if move in (Move.MESSAGE, Move.COUPON) else None
    found = Finding(
        kind=kind,
        subject=subject,
        day=day,
        size=Size(low_minor=minor // 2, expected_minor=minor, high_minor=2 * minor, currency="CNY"),
        confidence=0.95,
        evidence=(Evidence(what="sleepers", numbers={"people": 9}, page="value", query=""),),
        proposal=Proposal(move=move, metric="gmv_paid", audience=audience, **proposal),
    )
    detecting.detectors[f"by_hand_{subject}"] = lambda shop, day, *, at: [found]
    signals.look(shop=SHOP, day=day, at=clock.now(), by=CLOCK)
    return next(one for one in inbox.inbox(SHOP, at=clock.now()) if one.subject == subject)


def tend() -> None:
    """What the clock does every hour."""
    handlers.tend_shop(shops.shop(SHOP), at=clock.now(), by=CLOCK)


def told(name: str) -> list[Entry]:
    return list(Entry.objects.filter(name=name).order_by("seq"))
