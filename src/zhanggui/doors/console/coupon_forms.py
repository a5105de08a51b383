"""Coupons as forms of the console say them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import QueryDict

from zhanggui.base import clock
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.promotions.queries import SEGMENTS
from zhanggui.growth.promotions.rules import Offering, Way

# Codes are made while the page is waited for; more of them are another batch.
MOST_CODES: Final = 50_000
MOST_NAMED: Final = 5_000
# A coupon that comes with an occasion comes as often as the occasion does.
_EVERY_TIME: Final = frozenset({Way.BIRTHDAY, Way.COMEBACK})
_MOST_EACH: Final = 99


def offering_of(form: QueryDict, *, zone: str, tiers: Collection[str], at: datetime) -> Offering:
    """How coupons are given out; the form's days are whole ones in the shop's zone, the last one included.

    refuses  Unfit
    """
    way = form.get("way", "")
    if way not in tuple(Way):
        raise Unfit("way")
    claim_from = _day(form, "claim_from", zone) or at
    claim_until = _day(form, "claim_until", zone, is_last=True)
    ends_at = _day(form, "ends_at", zone, is_last=True)
    if claim_until is not None and claim_until <= claim_from:
        raise Unfit("claim_until")
    if ends_at is not None and ends_at <= at:
        raise Unfit("ends_at")
    stock_units = _whole(form, "stock_units", most=10**9)
    if way == Way.CODE and (stock_units is None or stock_units > MOST_CODES):
        raise Unfit("stock_units")
    return Offering(
        way=Way(way),
        stock_units=stock_units,
        per_person=_MOST_EACH if way in _EVERY_TIME else _whole(form, "per_person", most=_MOST_EACH) or 1,
        claim_from=claim_from,
        claim_until=claim_until,
        days=_whole(form, "days", most=3650),
        ends_at=ends_at,
        segment=_one_of(form.get("segment", ""), SEGMENTS, "segment"),
        tiers=tuple(_one_of(key, tiers, "tiers") for key in form.getlist("tiers")),
    )


def named(text: str) -> tuple[str, ...]:
    """The numbers and addresses of a pasted list, one a line or with commas between; each once.

    refuses  Unfit for more than can be looked up at once, or none
    """
    words = dict.fromkeys(
        word.strip()[:120] for line in text.splitlines() for word in line.replace("，", ",").split(",")
    )
    found = tuple(word for word in words if word)
    if not 0 < len(found) <= MOST_NAMED:
        raise Unfit("people")
    return found


def _whole(form: QueryDict, name: str, *, most: int) -> int | None:
    plain = form.get(name, "").strip().replace(",", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 10 and 0 < int(plain) <= most):
        raise Unfit(name)
    return int(plain)


def _day(form: QueryDict, name: str, zone: str, *, is_last: bool = False) -> datetime | None:
    """The beginning of a day, or its end if it is the last one."""
    plain = form.get(name, "").strip()
    if not plain:
        return None
    try:
        day = date.fromisoformat(plain)
    except ValueError as unreadable:
        raise Unfit(name) from unreadable
    return datetime.combine(day + timedelta(days=int(is_last)), time(), clock.zone(zone))


def _one_of(said: str, known: Collection[str], field: str) -> str:
    if said and said not in known:
        raise Unfit(field)
    return said
