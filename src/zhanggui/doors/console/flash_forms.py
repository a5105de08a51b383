"""A flash sale as the console's form says it, what it would take and cost, and why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.growth.flash import errors
from zhanggui.growth.flash.rules import MOST_PICKS, Pick, Plan
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card, Words
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

_FIRST_ROWS: Final = 3
_NAME: Final = 80

_FIELDS: Final = {
    "name": lazy("The sale needs a Chinese name of at most 80 characters."),
    "period": lazy("It must end after it begins, in the future, and last at most a week."),
    "starts_at": lazy("Say when it begins."),
    "ends_at": lazy("Say when it ends."),
    "entries": lazy("Shoppers a second are a whole number from 1 to 10,000, or nothing."),
    "picks": lazy("Name 1 to 40 articles."),
    "twice": lazy("%(sku)s stands there twice."),
    "sku": lazy("%(sku)s is no article that this shop sells."),
    "kind": lazy(
        "%(sku)s cannot be set aside: only goods that lie in stock as they are, no bundles, files or services."
    ),
    "units": lazy("Pieces of %(sku)s are a whole number from 1 to 100,000."),
    "per_person": lazy("Pieces per person of %(sku)s are a whole number, at most as many as there are."),
    "price": lazy("The flash price of %(sku)s is an amount below its list price."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the form, as it was typed."""

    number: int
    sku: str
    price: str
    units: str
    per_person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a SKU of a plan takes and costs.

    off        what a piece costs less than at the list price
    most_off   all its pieces together
    earns      what the flash price leaves of a piece above what it cost us; may be below zero
    free, free_after  pieces on sale before and after
    """

    pick: Pick
    card: Card
    off: Money
    most_off: Money
    earns: Money
    free: int
    free_after: int


def rows_of(form: Mapping[str, str]) -> list[Row]:
    """The rows that are filled, and a few to fill."""
    filled = fields.rows(form, "sku", "sku.{}", "price.{}")
    shown = sorted({*filled, *range(max(_FIRST_ROWS, max(filled, default=0) + 2))})[:MOST_PICKS]
    return [
        Row(number=n, **{name: form.get(f"{name}.{n}", "") for name in ("sku", "price", "units", "per_person")})
        for n in shown
    ]


def plan_of(form: Mapping[str, str], *, shop: Shop) -> Plan:
    """The plan that a form says.

    refuses  Unfit with the field, SaleNotAllowed where a row cannot be read
    """
    filled = [row for row in rows_of(form) if row.sku.strip()]
    return Plan(
        name=Words(zh=form.get("name_zh", "").strip()[:_NAME], en=form.get("name_en", "").strip()[:_NAME]),
        starts_at=_moment(form, "starts_at", shop.zone),
        ends_at=_moment(form, "ends_at", shop.zone),
        entries_per_second=_entries(form.get("entries", "").strip()),
        picks=tuple(_pick(row, form, shop.currency) for row in filled),
    )


def foreseen(plan: Plan) -> list[Foreseen]:
    """What a plan takes out of the stock and gives away at most; articles nobody knows are left out. Two statements."""
    skus = [pick.sku for pick in plan.picks]
    cards, free = catalogue.products(skus), stock.free(skus)
    return [
        Foreseen(
            pick=pick,
            card=cards[pick.sku],
            off=cards[pick.sku].price - pick.price,
            most_off=(cards[pick.sku].price - pick.price) * pick.units,
            earns=pick.price - cards[pick.sku].cost,
            free=free[pick.sku],
            free_after=free[pick.sku] - pick.units,
        )
        for pick in plan.picks
        if pick.sku in cards
    ]


def refusal(refused: Refused | Unfit) -> str:
    """Why a sale cannot be set up.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, Unfit):
        return str(_FIELDS[refused.field])
    if isinstance(refused, errors.SaleNotAllowed):
        return str(_FIELDS[refused.field]) % {"sku": refused.sku}
    if isinstance(refused, errors.SalesOverlap):
        return _("%(sku)s is in another flash sale at that time.") % {"sku": refused.sku}
    if isinstance(refused, OutOfStock):
        each = refused.shortages[0]
        said = {"sku": each.sku, "free": each.free_units, "asked": each.asked_units}
        return _("Of %(sku)s only %(free)s pieces are free, %(asked)s were asked for.") % said
    raise refused


def _pick(row: Row, form: Mapping[str, str], currency: str) -> Pick:
    sku = row.sku.strip()[:60]
    try:
        price = fields.money(form, f"price.{row.number}", currency)
    except Unfit:
        price = None
    if price is None:
        raise errors.SaleNotAllowed(field="price", sku=sku)
    units, per_person = _whole(row.units), _whole(row.per_person or "1")
    return Pick(sku=sku, price=price, units=units, per_person=per_person)


def _moment(form: Mapping[str, str], name: str, zone: str) -> datetime:
    try:
        said = fields.moment(form, name, zone)
    except Unfit as unfit:
        raise Unfit(name, "moment") from unfit
    if said is None:
        raise Unfit(name, "missing")
    return said


def _entries(said: str) -> int | None:
    if not said:
        return None
    if not _whole(said):
        raise Unfit("entries", "whole")
    return _whole(said)


def _whole(said: str) -> int:
    """A whole number; 0, which no field takes, for what is none."""
    plain = said.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else 0
