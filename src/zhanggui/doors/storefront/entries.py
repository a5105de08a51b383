"""What the account page leads to. A room that has something for signed-in shoppers puts its page into this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.visit import Visit
from zhanggui.growth.membership import queries as membership
from zhanggui.shop.payments import queries as payments


def _nothing(visit: Visit) -> str:
    return ""


def _in_wallet(visit: Visit) -> str:
    shop = visit.shop
    return words.amount(payments.wallet(shop.code, str(visit.customer_id), currency=shop.currency))


def _in_points(visit: Visit) -> str:
    shop = visit.shop.code
    if membership.scheme(shop) is None:
        return ""
    has = membership.purse(shop, visit.visitor, at=clock.now()).has
    figure = formats.number(has, language=get_language() or "en")
    return ngettext("%(n)s point", "%(n)s points", has) % {"n": figure}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page for signed-in shoppers.

    route  its name among the shop's addresses
    note   a figure or a word beside its name, such as what lies in the wallet; at most one statement
    """

    name: Promise
    hint: Promise
    icon: str
    route: str
    note: Callable[[Visit], str] = _nothing


ENTRIES: Final = (
    Entry(
        name=lazy("Membership"),
        hint=lazy("Tier, points, points shop"),
        icon="star",
        route="member",
        note=_in_points,
    ),
    Entry(name=lazy("Coupons"), hint=lazy("Yours, and those to be claimed"), icon="growth", route="my_coupons"),
    Entry(name=lazy("Orders"), hint=lazy("Track, return, buy again"), icon="box", route="orders"),
    Entry(
        name=lazy("Presales"),
        hint=lazy("Deposits, balances, what is next"),
        icon="calendar",
        route="presales_mine",
    ),
    Entry(name=lazy("My teams"), hint=lazy("What you buy together with others"), icon="people", route="my_teams"),
    Entry(name=lazy("Invite friends"), hint=lazy("Your link, and what it has earned"), icon="growth", route="invite"),
    Entry(name=lazy("Returns"), hint=lazy("Steps, codes and money"), icon="return", route="returns"),
    Entry(name=lazy("Wallet"), hint=lazy("Balance, gift cards, refunds"), icon="card", route="wallet", note=_in_wallet),
    Entry(name=lazy("Addresses"), hint=lazy("Where parcels go"), icon="pin", route="addresses"),
    Entry(name=lazy("Name, phone, email"), hint=lazy("How we reach you"), icon="person", route="contact_ways"),
    Entry(
        name=lazy("Privacy and consent"),
        hint=lazy("What you agreed to, and switches"),
        icon="shield",
        route="consent",
    ),
    Entry(
        name=lazy("My data"),
        hint=lazy("Take a copy along, or close the account"),
        icon="report",
        route="own_data",
    ),
)
