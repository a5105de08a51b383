"""Offers to buy together and rewards for referrals as the console's forms say them, and why they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.growth.referrals import errors as referral_errors
from zhanggui.growth.referrals.rules import Scheme, State, Why
from zhanggui.growth.teams import errors
from zhanggui.growth.teams.rules import Offer

_FIELDS: Final[dict[str, Promise]] = {
    "sku": lazy("The SKU must be on sale in this shop, and no other offer for it may be live."),
    "price": lazy("The group price is an amount below the list price."),
    "size": lazy("A team has 2 to 50 people."),
    "hours": lazy("A team has 1 to 336 hours to fill up."),
    "per_person": lazy("Seats per person are a whole number from 1 to 50."),
    "most_units": lazy("Pieces per seat are a whole number from 1 to 99."),
    "most_teams": lazy("The number of teams is a whole number from 1 up, or nothing."),
    "starts_at": lazy("The moment cannot be read."),
    "ends_at": lazy("It must end after it begins."),
    "depth": lazy("Rewards reach one level or two, never more."),
    "points": lazy("Points are a whole number up to 1,000,000 in a shop that has points, or name coupons instead."),
    "second_points": lazy("Points for the second level are needed at two levels, and only there."),
    "per_month": lazy("Rewards in a month are a whole number from 1 to 1,000."),
    "coupon_batch": lazy("The reward's coupons are not given out now, or have codes."),
    "welcome_batch": lazy("The welcome coupons are not given out now, or have codes."),
}
STATES: Final[dict[State, Promise]] = {
    State.WAITING: pgettext_lazy("referral", "Waiting"),
    State.REWARDED: pgettext_lazy("referral", "Rewarded"),
    State.REFUSED: pgettext_lazy("referral", "No reward"),
}
WHYS: Final[dict[Why, Promise]] = {
    Why.SELF: lazy("The same customer"),
    Why.SAME_CONTACT: lazy("The same phone number or email address"),
    Why.SAME_DEVICE: lazy("The same browser"),
    Why.SAME_ADDRESS: lazy("The same address"),
    Why.CIRCLE: lazy("They brought each other"),
    Why.NOT_NEW: lazy("Had bought before"),
    Why.CALLED_OFF: lazy("Order called off"),
    Why.RETURNED: lazy("Something was returned"),
    Why.CAP: lazy("Month's rewards used up"),
    Why.NOTHING_LEFT: lazy("Nothing left to give"),
    Why.BY_HAND: lazy("Refused by a colleague"),
}


def offer_of(form: Mapping[str, str], *, shop: Shop) -> Offer:
    """An offer to buy together; without a beginning it begins now.

    refuses  Unfit
    """
    price = fields.money(form, "price", shop.currency)
    if price is None:
        raise Unfit("price", "price")
    return Offer(
        id=ids.uuid7(),
        sku=form.get("sku", "").strip()[:60],
        price=price,
        size=_whole(form, "size"),
        hours=_whole(form, "hours"),
        starts_at=fields.moment(form, "starts_at", shop.zone) or clock.now(),
        ends_at=fields.moment(form, "ends_at", shop.zone),
        per_person=_whole(form, "per_person"),
        most_units=_whole(form, "most_units"),
        most_teams=_whole(form, "most_teams") if form.get("most_teams", "").strip() else None,
    )


def scheme_of(form: Mapping[str, str]) -> Scheme:
    """How referrals are rewarded.

    refuses  Unfit
    """
    return Scheme(
        depth=_whole(form, "depth"),
        points=_whole(form, "points"),
        coupon_batch=form.get("coupon_batch", "").strip(),
        second_points=_whole(form, "second_points"),
        welcome_batch=form.get("welcome_batch", "").strip(),
        per_month=_whole(form, "per_month"),
        is_on=form.get("is_on") == "1",
    )


def refusal(refused: Refused | Unfit) -> str:
    """Why a form was refused.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, Unfit):
        said = _FIELDS[refused.field]
    elif isinstance(refused, (errors.OfferNotAllowed, referral_errors.SchemeNotAllowed)):
        said = _FIELDS[refused.data["field"]]
    else:
        raise refused
    return f"{said} {_('Nothing was changed.')}"


def _whole(form: Mapping[str, str], field: str) -> int:
    said = form.get(field, "").strip() or "0"
    if not (said.isascii() and said.isdigit() and len(said) < 8):
        raise Unfit(field, "whole")
    return int(said)
