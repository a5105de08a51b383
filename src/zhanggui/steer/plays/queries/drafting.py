"""A plan with every field filled, from a signal or from nothing; whoever plans may change all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments.rules import USUAL_PARTS, Part, Version
from zhanggui.growth.messages.rules import READY, Ready, Wording
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays import rules
from zhanggui.steer.plays.queries import counting
from zhanggui.steer.plays.queries.ledger import expected
from zhanggui.steer.plays.rules import (
    Action,
    Audience,
    Basis,
    Expected,
    Habit,
    HoldOut,
    Occasion,
    Plan,
    Pooled,
    StopRules,
)
from zhanggui.steer.signals.rules import Move, Signal

# How many days a play of a kind usually takes: long enough for whole weeks, as short as its effect allows.
_DAYS: Final[Mapping[Move, int]] = {
    Move.COUPON: 14,
    Move.MESSAGE: 14,
    Move.PROMOTION: 7,
    Move.PAGE: 14,
    Move.PRICE: 28,
    Move.DELIST: 28,
    Move.RESTOCK: 14,
    Move.CHECK: 14,
}
# Where facts book most of what it costs, as `budgets.rules.AREA_OF` has it.
_AREAS: Final[Mapping[Move, Area]] = {
    Move.COUPON: Area.TRAFFIC,
    Move.MESSAGE: Area.MEMBERS,
    Move.PROMOTION: Area.TRAFFIC,
    Move.PAGE: Area.CONTENT,
    Move.CHECK: Area.CONTENT,
}
# A play may cost three tenths of what it is expected to bring, and never less than can be spent at all.
_CAP_RATE: Final = Decimal("0.3")
_LEAST_CAP_MAJOR: Final = 100
_USUAL_DISCOUNT_BP: Final = 1_000
# Two of a hundred who were reached and withdraw are too many.
_MOST_REFUSED_BP: Final = 200
_AFTER_DAYS: Final = 7

NAMES: Final[Mapping[Move, Promise]] = {
    Move.COUPON: lazy("Coupon"),
    Move.MESSAGE: lazy("Message"),
    Move.PROMOTION: lazy("Promotion for all"),
    Move.PAGE: lazy("Another page"),
    Move.PRICE: lazy("Another price"),
    Move.DELIST: lazy("Taking off the shelf"),
    Move.RESTOCK: lazy("Restocking"),
    Move.CHECK: lazy("Having a look"),
}
# What has happened, as a plan is named by it.
OCCASIONS: Final[Mapping[Occasion, Promise]] = {
    Occasion.LEFT_CART: lazy("a cart was left"),
    Occasion.BIRTHDAY: lazy("a birthday comes"),
    Occasion.ASLEEP: lazy("a buyer has been silent"),
    Occasion.BALANCE_OPEN: lazy("a balance is open"),
}
_ON_OCCASION: Final[Mapping[Occasion, Ready]] = {
    Occasion.LEFT_CART: Ready.ABANDONED_CART,
    Occasion.BIRTHDAY: Ready.BIRTHDAY,
    Occasion.ASLEEP: Ready.SLEEPING,
    Occasion.BALANCE_OPEN: Ready.BALANCE_DUE,
}
# Few come at a time, so it goes on for four weeks; then it is measured, and planned anew by what it brought.
_OCCASION_DAYS: Final = 28
_OCCASION_BP: Final = 2_000
_COUPON_WORDS: Final = Wording(
    subject_zh="{name}，送你一张优惠券",
    subject_en="{name}, a coupon for you",
    words_zh="{name}，你好！\n\n我们为你准备了一张优惠券：{coupon}。\n去看看：{link}\n\n{shop}",
    words_en="Hello {name},\n\nhere is a coupon for you: {coupon}.\nHave a look: {link}\n\n{shop}",
)
# What can be checked and what buyers say, before what we say.
_PROOF_FIRST: Final = Version(
    parts=(Part.PROOF, Part.REVIEWS, *(part for part in USUAL_PARTS if part not in (Part.PROOF, Part.REVIEWS)))
)
# Which of the ready words fit what a signal is about; to others we say that it has been a while.
_READY: Final[Mapping[str, Ready]] = {
    "second_purchase": Ready.SECOND_PURCHASE,
    "balances_due": Ready.BALANCE_DUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worth:
    """What is at stake by a signal, in minor units; nothing without one."""

    low: int
    value: int
    high: int


_NOTHING: Final = _Worth(low=0, value=0, high=0)
# The size of these is what a whole shop misses, and not what one play among some people could win.
_MISSING_IN_ALL: Final = frozenset({"goal_at_risk", "metric_band", "risk_trigger"})


def filled_in(signal: Signal, *, at: datetime, owner: str = "") -> Plan:
    """The play that a signal proposes, with every field filled.

    What is expected comes from the ledger of plays like it if there is one, else from the signal where its size is what
    such a play could win, else nothing is; the hold-out from what that takes to be seen among these people.

    owner    who shall answer for it
    refuses  NoSuchShop, TermsUnfit if the people can no longer be found
    """
    proposal = signal.proposal
    move = _move(proposal.move, is_somebody=proposal.audience is not None)
    action = _action(move, discount_bp=proposal.discount_bp, sku=proposal.sku, kind=signal.kind)
    audience = Audience(source=proposal.audience) if move in rules.TREATS_PEOPLE else Audience()
    size = signal.size
    worth = _Worth(low=size.low_minor, value=size.expected_minor, high=size.high_minor)
    subject = signal.subject.partition(":")[2] or signal.subject
    return _plan(
        signal.shop,
        action=action,
        audience=audience,
        metric=proposal.metric,
        kind=signal.kind,
        worth=_NOTHING if signal.kind in _MISSING_IN_ALL else worth,
        about=subject,
        owner=owner,
        at=at,
    )


def blank(shop: str, move: Move, *, audience: Audience, sku: str, at: datetime, owner: str) -> Plan:
    """A plan without a signal: the usual figures of such a play, to be changed.

    refuses  NoSuchShop, NoSuchSegment, TermsUnfit, PageUnfit
    """
    action = _action(move, discount_bp=0, sku=sku, kind="")
    return _plan(
        shop,
        action=action,
        audience=audience,
        metric="gmv_paid",
        kind="",
        worth=_NOTHING,
        about=sku,
        owner=owner,
        at=at,
    )


def on_occasion(shop: str, occasion: Occasion, *, n: int | None, at: datetime, owner: str) -> Plan:
    """A plan that writes to whom something happens, day after day while it runs: a ready message, a fifth of them held
    out until a play like it was measured.

    n        hours of a cart, days of a birthday or a buyer; the usual if none is said
    refuses  NoSuchShop, PlanUnfit with occasion
    """
    audience = Audience(source=rules.source_of(occasion, n), takes_late_comers=True)
    ready = _ON_OCCASION[occasion]
    plan = _plan(
        shop,
        action=Action(move=Move.MESSAGE, wording=READY[ready]),
        audience=audience,
        metric="balance_paid_rate" if occasion is Occasion.BALANCE_OPEN else "gmv_paid",
        kind=occasion,
        worth=_NOTHING,
        about=str(OCCASIONS[occasion]),
        owner=owner,
        at=at,
        days=_OCCASION_DAYS,
    )
    if plan.expected is not None or plan.hold_out is None:
        return plan
    habit = _habit(shop, plan.action, audience, days=plan.days, at=at)
    return replace(plan, hold_out=rules.hold_out(habit, expected=0.0, bp=_OCCASION_BP))


def power(shop: str, plan: Plan, *, at: datetime) -> HoldOut | None:
    """What the hold-out of a plan can show among the people it is for; None where nobody is held out.

    refuses  NoSuchSegment, TermsUnfit
    """
    if plan.hold_out is None or not (plan.audience.is_somebody or plan.treats_visitors):
        return plan.hold_out
    habit = _habit(shop, plan.action, plan.audience, days=plan.days, at=at)
    return rules.hold_out(habit, expected=plan.hold_out.expected, bp=plan.hold_out.bp)


def _plan(
    shop: str,
    *,
    action: Action,
    audience: Audience,
    metric: str,
    kind: str,
    worth: _Worth,
    about: str,
    owner: str,
    at: datetime,
    days: int | None = None,
) -> Plan:
    books = shops.shop(shop)
    days = days or _DAYS[action.move]
    taught = expected(shop, move=action.move, metric=metric, signal_kind=kind, currency=books.currency)
    hold_out = None
    if audience.is_somebody or action.move in rules.TREATS_VISITORS:
        hold_out = _hold_out(_habit(shop, action, audience, days=days, at=at), taught=taught, worth=worth)
    units = round(hold_out.people * (1 - hold_out.bp / 10_000)) if hold_out else days
    share = 1 - hold_out.bp / 10_000 if hold_out else 1.0
    hoped = _expected(taught, units=units, worth=worth, share=share, currency=books.currency)
    cap = _cap(hoped, books.currency)
    today = clock.day_of(at, books.zone)
    return Plan(
        name=_name(action, about),
        hypothesis=_hypothesis(action, hoped, today + days * timedelta(days=1)),
        metric=metric,
        audience=audience,
        action=action,
        hold_out=hold_out,
        cost_cap=cap,
        fixed_cost=Money.zero(books.currency),
        area=_AREAS.get(action.move, Area.SUPPLY),
        owner=owner,
        starts_on=today,
        ends_on=today + timedelta(days=days),
        after_days=_AFTER_DAYS,
        stop_rules=StopRules(most_loss=cap, most_refused_bp=_MOST_REFUSED_BP if action.wording else None),
        expected=hoped,
    )


def _move(wanted: Move, *, is_somebody: bool) -> Move:
    """What everybody gets is a promotion; where nobody is named who could be written to, somebody has to look."""
    if wanted not in rules.TREATS_PEOPLE or is_somebody:
        return wanted
    return Move.PROMOTION if wanted is Move.COUPON else Move.CHECK


def _action(move: Move, *, discount_bp: int, sku: str, kind: str) -> Action:
    has_discount = move in (Move.COUPON, Move.PROMOTION, Move.PRICE)
    plain = READY[_READY.get(kind, Ready.SLEEPING)]
    wording = {Move.COUPON: _COUPON_WORDS, Move.MESSAGE: plain}.get(move)
    tasks = {
        Move.RESTOCK: _("Order what runs out, and say here when it has arrived."),
        Move.CHECK: _("Find out what is behind it, mend it, and say here what it was."),
    }
    return Action(
        move=move,
        discount_bp=(discount_bp or _USUAL_DISCOUNT_BP) if has_discount else 0,
        sku=sku,
        wording=wording,
        task=tasks.get(move, ""),
        version=_PROOF_FIRST if move is Move.PAGE else None,
    )


def _habit(shop: str, action: Action, audience: Audience, *, days: int, at: datetime) -> Habit:
    """What those bring whom it is about: an audience, or the visitors of some pages."""
    if action.move in rules.TREATS_VISITORS:
        return counting.visitors_habit(shop, action, days=days, at=at)
    return counting.habit(shop, audience, channel=action.channel, days=days, at=at)


def _hold_out(habit: Habit, *, taught: Pooled | None, worth: _Worth) -> HoldOut:
    each = taught.value if taught else worth.value / habit.people if habit.people else 0.0
    return rules.hold_out(habit, expected=max(each, 0.0))


def _expected(taught: Pooled | None, *, units: int, worth: _Worth, share: float, currency: str) -> Expected | None:
    if taught is not None:
        low, value, high = (Money(round(each * units), currency) for each in (taught.low, taught.value, taught.high))
        return Expected(basis=Basis.LEDGER, low=low, value=value, high=high, plays=taught.plays)
    if not worth.value:
        return None
    low, value, high = (Money(round(each * share), currency) for each in (worth.low, worth.value, worth.high))
    return Expected(basis=Basis.SIGNAL, low=low, value=value, high=high)


def _cap(hoped: Expected | None, currency: str) -> Money:
    """What it may cost, in whole hundreds of major units."""
    major = hoped.value.times(_CAP_RATE).major if hoped else Decimal(0)
    hundreds = max(-(-major // _LEAST_CAP_MAJOR), Decimal(1))
    return Money.of(hundreds * _LEAST_CAP_MAJOR, currency)


def _name(action: Action, about: str) -> str:
    name = str(NAMES[action.move])
    said = _("%(what)s: %(about)s") % {"what": name, "about": about} if about else name
    return said[: rules.LONGEST_NAME]


def _hypothesis(action: Action, hoped: Expected | None, until: date) -> str:
    """What is believed, so that it can turn out wrong."""
    language = get_language() or "en"
    day = formats.day(until, language=language)
    more = formats.money(hoped.value, language=language) if hoped else ""
    rate = formats.percent(Decimal(abs(action.discount_bp)) / 10_000, language=language, decimals=0)
    if action.move is Move.COUPON:
        what = _("With a coupon of %(rate)s off, these people buy more before %(day)s than those who get none.")
    elif action.move is Move.MESSAGE:
        what = _("Reminded of us, these people buy more before %(day)s than those who hear nothing.")
    elif action.move is Move.PAGE:
        what = _("Shown the second version, visitors buy more before %(day)s than those who see the page as it is.")
    elif action.move is Move.PROMOTION:
        what = _("With %(rate)s off for everybody, the shop sells more before %(day)s than the season lets expect.")
    elif action.move is Move.PRICE and action.discount_bp > 0:
        what = _("With %(rate)s off its price, it sells enough more before %(day)s to bring more in all.")
    elif action.move is Move.PRICE:
        what = _("With %(rate)s on top of its price, it brings more before %(day)s although fewer are sold.")
    elif action.move is Move.DELIST:
        what = _("Without it on the shelf, the shop sells no less before %(day)s and its stock costs less.")
    elif action.move is Move.RESTOCK:
        what = _("With enough of it in stock, no sale is missed before %(day)s.")
    else:
        what = _("Once what is behind it is mended, the shop sells more before %(day)s than it does now.")
    said = what % {"rate": rate, "day": day}
    return said + " " + _("Expected on top: %(money)s.") % {"money": more} if more else said
