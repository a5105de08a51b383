"""Who brought whom, whether it is rewarded, and if not why. Pure.

Law: at most two levels, no entry fee, paid on goods that were kept after the time to return them (rules.md § 7).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.growth.referrals.errors import SchemeNotAllowed
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState

MOST_DEPTH: Final = 2
# Whoever came by a link and buys within so long came by it; the first link within it wins.
REMEMBERED: Final = timedelta(days=30)
MOST_POINTS: Final = 1_000_000
MOST_PER_MONTH: Final = 1000
CODE_BITS: Final = 40
# Further up a chain nobody looks: a loop is closed by then.
FURTHEST: Final = 20
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(StrEnum):
    """How a referral stands.

    WAITING  the order is paid; whether it is kept is not known yet
    """

    WAITING = "waiting"
    REWARDED = "rewarded"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a referral is not rewarded.

    SELF          the same customer
    SAME_CONTACT  the same phone number or mail address
    SAME_DEVICE   in a browser that the referrer used
    SAME_ADDRESS  sent to where the referrer's parcels go
    CIRCLE        the referrer was brought, over one or several steps, by the one who is to be brought
    NOT_NEW       has bought here before
    CALLED_OFF    the order came to nothing
    RETURNED      something of it went back
    CAP           the referrer has had as many rewards this month as there are
    NOTHING_LEFT  the coupons or the points that were promised are not given out any more
    BY_HAND       a colleague looked at it and said no
    """

    SELF = "self"
    SAME_CONTACT = "same_contact"
    SAME_DEVICE = "same_device"
    SAME_ADDRESS = "same_address"
    CIRCLE = "circle"
    NOT_NEW = "not_new"
    CALLED_OFF = "called_off"
    RETURNED = "returned"
    CAP = "cap"
    NOTHING_LEFT = "nothing_left"
    BY_HAND = "by_hand"


# These look like somebody who brings themselves; a person should look at them.
SUSPICIOUS: Final = frozenset({Why.SELF, Why.SAME_CONTACT, Why.SAME_DEVICE, Why.SAME_ADDRESS, Why.CIRCLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How a shop rewards those who bring somebody.

    depth         1: only who brought the new shopper; 2: also who brought that one
    points        for the referrer, if no coupon batch is named
    coupon_batch  whose coupon the referrer gets instead
    second_points for the referrer's referrer; 0 at depth 1
    welcome_batch whose coupon the new shopper gets; empty: none
    per_month     rewards that one referrer can have in a calendar month of the shop's zone
    """

    depth: int = 1
    points: int = 500
    coupon_batch: str = ""
    second_points: int = 0
    welcome_batch: str = ""
    per_month: int = 20
    is_on: bool = True

    def checked(self) -> Scheme:
        """The same, if it can be like this.

        refuses  SchemeNotAllowed with the field
        """
        gives_second = self.depth == MOST_DEPTH
        faults = {
            "depth": not 1 <= self.depth <= MOST_DEPTH,
            "points": not 0 <= self.points <= MOST_POINTS or not (self.points or self.coupon_batch),
            "second_points": not 0 <= self.second_points <= MOST_POINTS or bool(self.second_points) is not gives_second,
            "per_month": not 1 <= self.per_month <= MOST_PER_MONTH,
            "coupon_batch": not _is_id(self.coupon_batch),
            "welcome_batch": not _is_id(self.welcome_batch),
        }
        for field, is_wrong in faults.items():
            if is_wrong:
                raise SchemeNotAllowed(field=field)
        return self

    def points_at(self, level: int) -> int:
        """Points of a reward at a level; 0 where a coupon is given."""
        if level == MOST_DEPTH:
            return self.second_points
        return 0 if self.coupon_batch else self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """What tells two people apart, or shows that they are one.

    persons   all under whom somebody ever walked
    contacts  phone numbers and mail addresses, as they are found again
    devices   browsers that somebody used
    places    where parcels went, as `place_key` writes them
    """

    customers: frozenset[UUID] = frozenset()
    persons: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Somebody came by a link.

    browser  in which it was opened
    """

    referrer: str
    browser: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Somebody who was brought, and what it brought.

    level     1: by the referrer's own link; 2: by that of somebody the referrer had brought
    name      of who was brought, masked
    """

    id: UUID
    referrer: str
    referred: str
    customer_id: UUID
    order_number: str
    level: int
    state: State
    why: str
    points: int
    coupon_batch: str
    made_at: datetime
    decided_at: datetime | None

    @property
    def is_suspicious(self) -> bool:
        """Whether it looks like somebody who brings themselves."""
        return self.why in SUSPICIOUS


def first_of(came: Iterable[Came], *, at: datetime) -> Came | None:
    """The first link somebody came by within 30 days before they bought; None if there is none.

    law  a link that was opened later never takes a referral from an earlier one that still counts
    """
    counting = [one for one in came if at - REMEMBERED < one.at <= at]
    return min(counting, key=lambda one: (one.at, one.referrer), default=None)


def judged(*, referrer: Somebody, referred: Somebody, ancestors: frozenset[str], has_bought: bool) -> Why | None:
    """Why a referral counts for nothing; None if it may be rewarded once the goods are kept.

    ancestors  persons who brought the referrer, over any number of steps
    law        swapping referrer and referred, where both brought each other, refuses as well
    """
    if referrer.customers & referred.customers or referrer.persons & referred.persons:
        return Why.SELF
    if referrer.contacts & referred.contacts:
        return Why.SAME_CONTACT
    if referred.persons & ancestors:
        return Why.CIRCLE
    if referrer.devices & referred.devices:
        return Why.SAME_DEVICE
    if referrer.places & referred.places:
        return Why.SAME_ADDRESS
    return Why.NOT_NEW if has_bought else None


def due(order: Order) -> Why | bool:
    """Whether the reward for an order is due, or why it never will be.

    True once it is completed, that is delivered and past the time to return it, and nothing of it went back.
    """
    if not order.is_paid:
        return Why.CALLED_OFF
    if order.refunded.minor or any(line.returned_units for line in order.lines):
        return Why.RETURNED
    return order.state is OrderState.COMPLETED


def place_key(address: Address) -> str:
    """An address as it is recognised again, however it was typed: letters and figures only, without the recipient.

    source  "龙井路 1 号" and "龙井路1号" are one; so are "12 High St." and "12 high st"
    """
    parts = (address.country, address.region, address.city, address.district, address.street)
    plain = unicodedata.normalize("NFKC", "|".join(parts)).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "|")


def month_of(day: date) -> date:
    """The first of the month in which a reward counts."""
    return day.replace(day=1)


def first_free(used: Iterable[int], *, most: int) -> int | None:
    """The lowest number from 1 that is not used; None if all are.

    source  {1, 3} of 3 -> 2, {1, 2} of 2 -> None
    """
    taken = set(used)
    return next((number for number in range(1, most + 1) if number not in taken), None)


def link_code(noise: int) -> str:
    """The code of an invitation, eight letters.

    noise   40 random bits
    source  0 -> 00000000
    """
    return "".join(_LETTERS[noise >> shift & 31] for shift in range(CODE_BITS - 5, -5, -5))


def _is_id(said: str) -> bool:
    try:
        return not said or bool(UUID(said))
    except ValueError:
        return False
