"""Whether a line may come back, why not, and who pays for its way.

source  消费者权益保护法 art. 24 and 25, and the measures for seven-day returns (rules.md § 6); Directive 2011/83/EU
        art. 9, 13 and 16, Regulation 1182/71 art. 3; all read in secondary copies
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zhanggui.base.shops.rules import Law
from zhanggui.shop.catalogue.rules import TO_BE_CONFIRMED, NoReason
from zhanggui.shop.orders.rules import STANDS, Line
from zhanggui.shop.orders.rules import State as OrderState

# Counted from the day after it was signed for, so that the last day is the seventh after it.
NO_REASON_DAYS: Final[Mapping[Law, int]] = MappingProxyType({Law.CN: 7, Law.EU: 14})
_FRIDAY: Final = 4
# How long a fault is taken back without anybody asking; after that a person looks at it, and no fault is turned away
# by a clock.
FAULT_DAYS: Final = 30


class Reason(StrEnum):
    """Why a shopper gives something back; the first two need no reason by law.

    LOST  it never arrived; said by us, never by a form
    """

    CHANGED_MIND = "changed_mind"
    NOT_SUITABLE = "not_suitable"
    FAULTY = "faulty"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    NOT_AS_DESCRIBED = "not_as_described"
    INCOMPLETE = "incomplete"
    LOST = "lost"


class Why(StrEnum):
    """Why a line cannot come back, or only if a person says so.

    DIFFERENCE  it is what an exchange cost more, and goes back with the goods of that exchange
    """

    NOT_PAID = "not_paid"
    NOTHING_LEFT = "nothing_left"
    NOT_ARRIVED = "not_arrived"
    WINDOW_OVER = "window_over"
    FAULT_WINDOW_OVER = "fault_window_over"
    NO_GOODS = "no_goods"
    DIFFERENCE = "difference"
    CUSTOM_MADE = "custom_made"
    FRESH = "fresh"
    UNSEALED_MEDIA = "unsealed_media"
    PAPERS = "papers"
    HYGIENE = "hygiene"
    ACTIVATED = "activated"
    FLAWED = "flawed"


class Answer(StrEnum):
    """YES: taken back without asking anybody. ASK: a person decides. NO: not taken back."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


class Payer(StrEnum):
    """Who pays for the way back."""

    SELLER = "seller"
    BUYER = "buyer"


FAULTS: Final = frozenset(
    {
        Reason.FAULTY,
        Reason.DAMAGED,
        Reason.WRONG_ITEM,
        Reason.NOT_AS_DESCRIBED,
        Reason.INCOMPLETE,
        Reason.LOST,
    }
)
SHOPPER_REASONS: Final = tuple(reason for reason in Reason if reason is not Reason.LOST)
# Never taken back without a reason, whatever the buyer was told.
NEVER: Final[Mapping[Law, Mapping[str, Why]]] = MappingProxyType(
    {
        Law.CN: {key.value: Why(key) for key in NoReason if key and key not in TO_BE_CONFIRMED},
        Law.EU: {key.value: Why(key) for key in (NoReason.CUSTOM_MADE, NoReason.FRESH, NoReason.PAPERS)},
    }
)
# Not taken back without a reason only if the buyer said to know that, for this very purchase. In Europe nobody gives
# the right up for goods: a seal is looked at when they arrive, and what is activated, flawed or near its date has it.
IF_CONFIRMED: Final[Mapping[Law, Mapping[str, Why]]] = MappingProxyType(
    {Law.CN: {key.value: Why(key) for key in NoReason if key in TO_BE_CONFIRMED}, Law.EU: {}}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether a line may come back.

    whys   why not, or why a person must look; empty for YES
    until  the last day on which it may, in the shop's zone; None where no day counts
    """

    answer: Answer
    whys: tuple[Why, ...] = ()
    until: date | None = None


def is_fault(reason: Reason) -> bool:
    """Whether the reason lies with us and not with the shopper."""
    return reason in FAULTS


def last_day(arrived_on: date, *, days: int) -> date:
    """The last day of a window that is counted from the day after something was signed for.

    source   signed on 1 November, seven days -> 8 November
    """
    return arrived_on + timedelta(days=days)


def last_day_without_reason(begins_on: date, *, law: Law) -> date:
    """The last day on which a purchase can be given up without a reason; in Europe never a Saturday or a Sunday.

    source   signed on Sunday 1 November 2026 -> 8 November in China, Monday 16 November in Europe
    """
    until = last_day(begins_on, days=NO_REASON_DAYS[law])
    is_rest = law is Law.EU and until.weekday() > _FRIDAY
    return until + timedelta(days=7 - until.weekday()) if is_rest else until


def begins_on(line: Line, *, of: Iterable[Line], arrived: Mapping[int, date], law: Law) -> date | None:
    """The day after which the time to give a line up is counted; None before.

    In China the day the line itself arrived, in Europe the day the last goods of its order did.

    of       all lines of the order
    arrived  when each line arrived, by position
    """
    if law is Law.CN or not line.needs_shipping:
        return arrived.get(line.position)
    goods = [each.position for each in of if each.needs_shipping]
    return max(arrived[each] for each in goods) if all(each in arrived for each in goods) else None


def has_to_be_confirmed(exception: str, *, needs_shipping: bool, law: Law) -> bool:
    """Whether the buyer is asked to say, for this purchase, that it does not come back without a reason.

    exception  why it does not, if so
    law        in Europe only what is no goods: begun at once because the buyer asks for that
    """
    return exception in TO_BE_CONFIRMED if law is Law.CN else not needs_shipping


def payer_of(reason: Reason) -> Payer:
    """Who pays for the way back: the seller for a fault (and the way out too), else the buyer."""
    return Payer.SELLER if is_fault(reason) else Payer.BUYER


def judge(
    line: Line,
    *,
    state: OrderState,
    reason: Reason,
    law: Law,
    arrived_on: date | None,
    counted_from: date | None,
    today: date,
    left_units: int,
) -> Judgement:
    """Whether pieces of a line may come back for that reason on that day.

    A fault is taken back whatever kind of goods it is: at once within its own window, by a person's word after it,
    and by a person's word where nothing can come back (a file, a service). Without a fault the days of the law count,
    and its exceptions: some always, some only if the buyer confirmed them for this purchase.

    state         of the order
    arrived_on    the day it was signed for, in the shop's zone; of what is not shipped, the day it was paid;
                  None if it is not there yet
    counted_from  the day after which the time without a reason is counted (`begins_on`); None if it does not run yet
    left_units    pieces that are neither back nor on their way back
    """
    if state not in STANDS:
        return Judgement(answer=Answer.NO, whys=(Why.NOT_PAID,))
    if left_units < 1:
        return Judgement(answer=Answer.NO, whys=(Why.NOTHING_LEFT,))
    if arrived_on is None:
        return Judgement(answer=Answer.NO, whys=(Why.NOT_ARRIVED,))
    if is_fault(reason):
        return _of_a_fault(line, arrived_on=arrived_on, today=today)
    until = last_day_without_reason(counted_from, law=law) if counted_from else None
    whys = (*_exceptions(line, law=law), *((Why.WINDOW_OVER,) if until and today > until else ()))
    if not whys and law is Law.EU and not line.needs_shipping:
        return Judgement(answer=Answer.ASK, whys=(Why.NO_GOODS,), until=until)
    return Judgement(answer=Answer.NO if whys else Answer.YES, whys=whys, until=until)


def _of_a_fault(line: Line, *, arrived_on: date, today: date) -> Judgement:
    until = last_day(arrived_on, days=FAULT_DAYS)
    whys = (
        *(() if line.needs_shipping else (Why.NO_GOODS,)),
        *((Why.FAULT_WINDOW_OVER,) if today > until else ()),
    )
    return Judgement(answer=Answer.ASK if whys else Answer.YES, whys=whys, until=until)


def _exceptions(line: Line, *, law: Law) -> tuple[Why, ...]:
    key, is_confirmed = line.no_reason_exception, line.exception_confirmed_at is not None
    if key in NEVER[law]:
        return (NEVER[law][key],)
    if key in IF_CONFIRMED[law] and is_confirmed:
        return (IF_CONFIRMED[law][key],)
    return (Why.NO_GOODS,) if not line.needs_shipping and (law is Law.CN or is_confirmed) else ()
