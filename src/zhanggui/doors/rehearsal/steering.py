"""The demonstration shop is steered for some weeks, so that whoever opens it sees goals, signals, plays and a review.

Everything is done by the verbs that operators and the clock use: goals are adopted, days looked at, a play is made of
a signal, people are held out, letters leave, days go by, it ends and is measured. Only the weeks are rehearsed, and
what the simulated people answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from zhanggui.base import clock
from zhanggui.base.accounts import actions as accounts_of
from zhanggui.base.accounts import queries as accounts
from zhanggui.base.accounts.rules import handle_of
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, customer, operator
from zhanggui.base.operation.rules import job as the_job
from zhanggui.doors.rehearsal import answering, catalogue
from zhanggui.doors.rehearsal.answering import Answer
from zhanggui.doors.rehearsal.errors import NotHeardYet
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, ZONE, Plan
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import actions as messages
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Filters, Period
from zhanggui.insight.value import actions as value
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as address_books
from zhanggui.shop.customers.rules import Address, Contact, Purpose
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay import actions as relay
from zhanggui.spine.relay import ports as relay_ports
from zhanggui.steer.briefings import actions as briefings
from zhanggui.steer.briefings import queries as reviews
from zhanggui.steer.briefings.rules import Kind
from zhanggui.steer.budgets import actions as budgets
from zhanggui.steer.budgets import queries as books
from zhanggui.steer.goals import actions as goals
from zhanggui.steer.goals import queries as targets
from zhanggui.steer.plays import actions as plays
from zhanggui.steer.plays import queries as board
from zhanggui.steer.plays.rules import Play, State
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import Move

_DAY: Final = timedelta(days=1)
# Ten in the morning, when letters may leave.
_MORNING: Final = timedelta(hours=10)
_BY: Final[Actor] = the_job("rehearsal")
# Those of the goals that come with the product which a shop like this counts, and how much more it wants to sell.
_ADOPTED: Final = ("margin", "returns", "delivery")
_MORE: Final = Decimal("1.15")
# Of a year's sales so much may be spent on bringing them about.
_SPENT: Final = Decimal("0.12")
_YEAR_DAYS: Final = 365
_LOOKED_AT: Final = 7
_MET_DAYS: Final = 56
_LAKE: Final = "insight.lake"
_NAMELESS: Final = "会员"
_SOMEWHERE: Final = Address(
    recipient=_NAMELESS,
    phone="13800000000",
    country="CN",
    region="浙江省",
    city="杭州市",
    district="西湖区",
    street="文三路 90 号",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A play that is made of a kind of signal so many days ago, and how people take it."""

    kind: str
    name: str
    days_ago: int
    answer: Answer


_PLAYS: Final = (
    _Told(kind="second_purchase", name="请第一次买的客人再来", days_ago=41, answer=Answer(rate=0.12, days=12)),
    _Told(kind="sleepers", name="唤回沉睡的好客人", days_ago=8, answer=Answer(rate=0.10, days=12)),
)


def steer(*, shop: str, last_day: str, days: int, sightings: int, orders: int) -> None:
    """Goals, letters, plays and a review of the weeks behind a demonstration shop; queued as `jobs.steer`."""
    plan = Plan(
        shop=shop,
        goods=catalogue.goods(),
        last_day=date.fromisoformat(last_day),
        days=days,
        sightings=sightings,
        orders=orders,
    )
    owner = next((one.id for one in accounts.readers()), None)
    if owner is None:
        return
    value.set_margin(shop=shop, rate=_margin(plan), by=_BY)
    _set_goals(plan, owner=owner)
    asked = [told for told in _PLAYS if told.days_ago < days]
    for told in asked:
        _look(shop, _today(plan) - (told.days_ago + 1) * _DAY)
    for n in range(_LOOKED_AT, 0, -1):
        _look(shop, _today(plan) - n * _DAY, judges=True)
    _write_review(shop)
    proposed = [(told, id) for told in asked if (id := _proposed(plan, told, owner=owner))]
    _know(plan, [(told, id) for told, id in proposed if board.play(shop, id).state is State.APPROVED])
    for told, id in proposed:
        _play(plan, told, id, owner=owner)


def _margin(plan: Plan) -> Decimal:
    """What goods leave of their prices: the past keeps no cost of its orders, so the shop says it."""
    cost, price = sum(one.cost_minor for one in plan.goods), sum(one.price_minor for one in plan.goods)
    return (1 - Decimal(cost) / price).quantize(Decimal("0.0001"))


def _proposed(plan: Plan, told: _Told, *, owner: int) -> UUID | None:
    """An approved play of letters to the people whom a signal of that day is about; the one that it has already."""
    started = _started(plan, told)
    found = inbox.signals(plan.shop, Period(started - _DAY, started))
    signal = next((one for one in found if one.kind == told.kind), None)
    if signal is None or signal.play_id is not None:
        return signal.play_id if signal else None
    with _morning(started):
        drafted = board.filled_in(signal, at=clock.now(), owner=str(owner))
        if drafted.action.move is not Move.MESSAGE:
            letters = board.blank(
                plan.shop, Move.MESSAGE, audience=drafted.audience, sku="", at=clock.now(), owner=str(owner)
            )
            drafted = replace(letters, expected=drafted.expected)
        by, trail = operator(str(owner)), Trail(shop=plan.shop)
        wanted = replace(drafted, name=told.name)
        id = plays.propose(shop=plan.shop, signal_id=signal.id, plan=wanted, trail=trail, by=by)
        if plays.submit(shop=plan.shop, id=id, by=by) is State.WAITING:
            plays.approve(shop=plan.shop, id=id, is_owner=True, by=by)
    return id


def _play(plan: Plan, told: _Told, id: UUID, *, owner: int) -> None:
    """Start a play on its day and let the weeks since then go by; what was done before goes on."""
    started = _started(plan, told)
    if board.play(plan.shop, id).state is State.APPROVED:
        # At once: the clock's own minute would put letters off that it finds waiting at night.
        with _morning(started), transaction.atomic():
            plays.start(shop=plan.shop, id=id, trail=Trail(shop=plan.shop), by=operator(str(owner)))
            messages.send_due()
    play = board.play(plan.shop, id)
    if play.trial_id is not None:
        treated = trials.members(play.trial_id, Arm.TREATED)
        answers = answering.orders(plan, treated, on=started, answer=told.answer)
        lake.append(f"rehearsal/answers/{id}", answers, shop=plan.shop)
        lake.roll(plan.shop)
    _live_on(plan, play)


def _live_on(plan: Plan, play: Play) -> None:
    """Look at each day of a running play, end it on its day, and measure it once orders no longer count."""
    shop, today = plan.shop, _today(plan)
    day = play.started_on or today
    while day < min(today, play.plan.ends_on):
        day += _DAY
        with _morning(day):
            plays.look(shop=shop, id=play.id, day=day - _DAY, by=_BY)
    if play.plan.ends_on <= today and board.play(shop, play.id).state is State.RUNNING:
        with _morning(play.plan.ends_on):
            plays.end(shop=shop, id=play.id, trail=Trail(shop=shop), by=_BY)
    over = board.play(shop, play.id)
    measured_on = (over.counts_until or today) + _DAY
    if over.state in (State.ENDED, State.STOPPED) and measured_on <= today:
        with _morning(measured_on):
            plays.measure(shop=shop, id=play.id, at=clock.now(), by=_BY)


def _started(plan: Plan, told: _Told) -> date:
    return _today(plan) - told.days_ago * _DAY


def _look(shop: str, day: date, *, judges: bool = False) -> None:
    """What the clock would have found on the morning after a day.

    judges  whether what is normal is looked at as well: that goes forward only
    """
    with _morning(day + _DAY):
        if judges:
            alerts.look(shop=shop, at=clock.now(), by=_BY)
        signals.look(shop=shop, day=day, at=clock.now(), by=_BY)


def _know(plan: Plan, proposed: Sequence[tuple[_Told, UUID]]) -> None:
    """Let the people of these plays sign in with an address and agree to letters, some on each of the days before.

    Who has signed in is somebody else to insight than the browser of before, so it has to hear of that first.

    refuses  NotHeardYet if the relay was at it just then; nobody signs in twice
    """
    strangers: set[str] = set()
    for told, id in proposed:
        persons = _strangers(plan, told, id)
        a_day = -(-len(persons) // min(plan.days, _MET_DAYS))
        for n in range(0, len(persons), max(1, a_day)):
            with _morning(_started(plan, told) - (n // a_day + 1) * _DAY), transaction.atomic():
                for person in persons[n : n + a_day]:
                    _know_one(shop=plan.shop, person=person, idempotency_key=f"rehearsal/{plan.shop}/{person}")
        strangers.update(persons)
    if strangers:
        for reader in relay_ports.readers:
            if reader.name == _LAKE:
                relay.drain(reader)
        lake.roll(plan.shop)
    if any(strangers.intersection(_strangers(plan, told, id)) for told, id in proposed):
        raise NotHeardYet(shop=plan.shop)


def _strangers(plan: Plan, told: _Told, id: UUID) -> list[str]:
    """Those whom a play is meant for and who have no account."""
    with _morning(_started(plan, told)):
        persons = board.people(plan.shop, board.play(plan.shop, id).plan.audience, at=clock.now())
    known = address_books.reachable(plan.shop, persons, Purpose.MARKETING_EMAIL)
    return [person for person in persons if person not in known]


@operation
def _know_one(*, shop: str, person: str, idempotency_key: str) -> None:
    """Who bought as a guest signs in with the same address: insight and the counter call them the same then."""
    mail = f"{person[-12:]}@example.com"
    contact = Contact(name=_NAMELESS, email=mail)
    trail, by = Trail(shop=shop, person=person), customer(person)
    known = customers.recognise(contact=contact, address=_SOMEWHERE, trail=trail, by=by)
    handle = handle_of(mail)
    if handle is None:
        raise ValueError(f"{mail} is no address")
    account_id = accounts_of.open_for(handle=handle)
    accounts_of.prove(account_id=account_id, handle=handle)
    customers.welcome(account_id=account_id, phone="", email=mail, visitor_id=person, trail=trail, by=by)
    customers.consent(
        customer_id=known.customer_id,
        purpose=Purpose.MARKETING_EMAIL,
        is_given=True,
        language="zh",
        how="sign_in",
        trail=trail,
        by=by,
    )


def _set_goals(plan: Plan, *, owner: int) -> None:
    """Goals of the quarter, and what may be spent in the year; unless somebody has set some."""
    shop, now, by = plan.shop, clock.now(), operator(str(owner))
    trail, today = Trail(shop=shop), clock.day_of(now, ZONE)
    if not targets.goals(shop, on=today):
        for key in _ADOPTED:
            offer = targets.offer(shop, key, figure=None, at=now)
            if offer is not None and offer.lack is None and offer.baseline is not None:
                goals.adopt(shop=shop, key=key, owner=owner, at=now, trail=trail, by=by)
        _set_sales_goal(shop, today=today, owner=owner, at=now, by=by)
    if books.budget(shop, today) is None:
        sold = metrics.query(shop, ("gmv_paid",), Period(today - _YEAR_DAYS * _DAY, today), at=now).whole.figures[0]
        total = Money(sold.numerator, CURRENCY).times(_SPENT)
        year = Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        budgets.set_budget(shop=shop, period=year, total=total, trail=trail, by=by)
    goals.judge(shop=shop, at=now, by=_BY)


def _set_sales_goal(shop: str, *, today: date, owner: int, at: datetime, by: Actor) -> None:
    """More sales in the quarter that runs than before it."""
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    quarter = Period(first, date(first.year + first.month // 10, (first.month + 3 - 1) % 12 + 1, 1))
    known = targets.baseline(shop, "gmv_paid", Filters(), quarter, at=at)
    if known is not None:
        goals.set_goal(
            shop=shop,
            metric="gmv_paid",
            baseline=known[0],
            target=round(known[0] * _MORE),
            period=quarter,
            owner=owner,
            trail=Trail(shop=shop),
            by=by,
        )


def _write_review(shop: str) -> None:
    """The review of the month before, as a draft to be read, worded and published."""
    now = clock.now()
    briefings.write(shop=shop, kind=Kind.MONTH, period=reviews.last_month(shop, at=now), at=now, by=_BY)


def _today(plan: Plan) -> date:
    return plan.last_day + _DAY


def _morning(day: date) -> AbstractContextManager[None]:
    return clock.rehearsed(clock.span_of(day, ZONE)[0] + _MORNING)
