"""A presale as a form of the console says it, its sums, and why something was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import amounts, fields
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.presale import errors
from zhanggui.growth.presale.rules import Phase, State, Terms

STATES: Final[dict[State, Promise]] = {
    State.DEPOSIT_DUE: lazy("Deposit due"),
    State.DEPOSIT_PAID: lazy("Deposit paid"),
    State.BALANCE_OPEN: lazy("Balance open"),
    State.BALANCE_PAID: lazy("Balance paid"),
    State.BALANCE_EXPIRED: lazy("Balance expired"),
    State.FORFEITED: lazy("Deposit forfeited"),
    State.SELLER_CANCELLED: lazy("Called off by us, deposit back twice"),
    State.FORCE_MAJEURE: lazy("Force majeure, deposit back"),
    State.LAPSED: lazy("Deposit not paid"),
}
PHASES: Final[dict[Phase, Promise]] = {
    Phase.SOON: lazy("Coming"),
    Phase.DEPOSIT: lazy("Takes deposits"),
    Phase.BETWEEN: lazy("Between deposit and balance"),
    Phase.BALANCE: lazy("Takes balances"),
    Phase.OVER: lazy("Over"),
}
_FIELDS: Final[dict[str, Promise]] = {
    "sku": lazy("The SKU must be one of this shop that is sold and shipped."),
    "price": lazy("The price is above nothing, in the currency of the shop."),
    "first": lazy("What is paid first is above nothing."),
    "credit": lazy("What it is worth is at least what is paid first, and less than the price."),
    "quantity": lazy("So many pieces cannot be reserved."),
    "per_person": lazy("One person reserves at least one piece and at most all."),
    "deposit_from": lazy("Say when deposits begin."),
    "deposit_until": lazy("Deposits end after they begin, and in the future."),
    "balance_from": lazy("Balances begin once deposits have ended."),
    "balance_until": lazy("Balances end after they begin."),
    "ship_by": lazy("It leaves once balances are taken, on a day that you name."),
}


def terms_of(form: Mapping[str, str], *, shop: Shop) -> Terms:
    """The terms of a presale; the moments on the clock of the shop.

    refuses  Unfit with the field
    """
    return Terms(
        sku=form.get("sku", "").strip()[:60],
        price=_amount(form, "price", shop.currency),
        first=_amount(form, "first", shop.currency),
        credit=_amount(form, "credit", shop.currency),
        quantity=_whole(form, "quantity"),
        per_person=_whole(form, "per_person"),
        deposit_from=_moment(form, "deposit_from", shop.zone),
        deposit_until=_moment(form, "deposit_until", shop.zone),
        balance_from=_moment(form, "balance_from", shop.zone),
        balance_until=_moment(form, "balance_until", shop.zone),
        ship_by=_day(form, "ship_by"),
    )


def sums_of(form: Mapping[str, str], *, currency: str) -> tuple[Money, Money, Money] | None:
    """Price, first payment and what it is worth, as far as they can be read and can be right; None if they cannot."""
    found = [amounts.typed_or_none(form.get(name, ""), currency) for name in ("price", "first", "credit")]
    price, first, credit = found
    if price is None or first is None or credit is None or not 0 < first.minor <= credit.minor < price.minor:
        return None
    return price, first, credit


def refusal(refused: Refused | Unfit) -> str:
    """Why a presale cannot be so, or why nothing was done.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, Unfit):
        return str(_FIELDS[refused.field])
    if isinstance(refused, errors.PresaleNotAllowed):
        return str(_FIELDS[refused.data["field"]])
    if isinstance(refused, errors.StateNotAllowed):
        return _("It cannot be ended that way any more: its balance is paid or being paid, or it has ended.")
    raise refused


def _amount(form: Mapping[str, str], name: str, currency: str) -> Money:
    found = amounts.typed_or_none(form.get(name, ""), currency)
    if found is None:
        raise Unfit(name)
    return found


def _whole(form: Mapping[str, str], name: str) -> int:
    said = form.get(name, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 7):
        raise Unfit(name)
    return int(said)


def _moment(form: Mapping[str, str], name: str, zone: str) -> datetime:
    try:
        found = fields.moment(form, name, zone)
    except fields.Unfit as unfit:
        raise Unfit(name) from unfit
    if found is None:
        raise Unfit(name)
    return found


def _day(form: Mapping[str, str], name: str) -> date:
    try:
        found = fields.day(form, name)
    except fields.Unfit as unfit:
        raise Unfit(name) from unfit
    if found is None:
        raise Unfit(name)
    return found
