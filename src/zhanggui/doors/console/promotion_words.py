"""Promotions in words: what each kind is, its sentence in both languages, states, reasons, refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console.words import language
from zhanggui.growth.promotions import errors, queries
from zhanggui.growth.promotions.queries import Called
from zhanggui.growth.promotions.rules import LIST_PRICE, Done, Layer, Payer, Reason, Rejected, Rule, State

KIND_EXAMPLES: Final[Mapping[str, Promise]] = {
    "threshold": lazy("40 off from 300 on, in steps, or again for every 300"),
    "threshold_rate": lazy("a tenth off from 300 on, a fifth from 600"),
    "cross_threshold": lazy("50 off for every 300, the goods of all sellers together"),
    "pieces": lazy("2 pieces a tenth off, 3 pieces a fifth; or the second one at half price"),
    "buy_get": lazy("buy 2 get 1; or a bag with everything above 300"),
    "bundle": lazy("any 3 for 99; or a pot with two cups for 199"),
    "price": lazy("99 each until Sunday; or a fifth off the list price"),
    "member_price": lazy("90 each for gold members"),
    "free_shipping": lazy("no postage from 99 on"),
    "coupon_amount": lazy("10 off from 100 on, for who holds the coupon"),
    "coupon_rate": lazy("a tenth off, at most 50, for who holds the coupon"),
}
STATES: Final[Mapping[State, Promise]] = {
    State.DRAFT: pgettext_lazy("promotion", "Draft"),
    State.ASKED: pgettext_lazy("promotion", "Waits for a second person"),
    State.LIVE: pgettext_lazy("promotion", "Live"),
    State.PAUSED: pgettext_lazy("promotion", "Paused"),
    State.ENDED: pgettext_lazy("promotion", "Ended"),
}
PERIODS: Final[Mapping[str, Promise]] = {
    "on": lazy("On now"),
    "to_come": pgettext_lazy("promotion", "Live, not begun yet"),
    "over": pgettext_lazy("promotion", "Its time is over"),
    "spent": pgettext_lazy("promotion", "Budget spent"),
}
TONES: Final[Mapping[State, str]] = {State.LIVE: "is-good", State.ASKED: "is-watch", State.PAUSED: "is-watch"}
PAYERS: Final[Mapping[Payer, Promise]] = {
    Payer.SHOP: pgettext_lazy("funded by", "the shop"),
    Payer.BRAND: pgettext_lazy("funded by", "the brand"),
    Payer.PLATFORM: pgettext_lazy("funded by", "the platform"),
}
LAYERS: Final[Mapping[Layer, Promise]] = {
    Layer.PRICE: lazy("other prices"),
    Layer.ITEM: lazy("offers by pieces, gifts and bundles"),
    Layer.SHOP_THRESHOLD: lazy("amounts and percentages off from a total on"),
    Layer.SHOP_COUPON: lazy("coupons of the shop"),
    Layer.CROSS_THRESHOLD: lazy("amounts off over several sellers"),
    Layer.PLATFORM_COUPON: lazy("coupons of the platform"),
    Layer.SHIPPING: lazy("free delivery"),
}
DEEDS: Final[Mapping[Done, Promise]] = {
    Done.WRITTEN: pgettext_lazy("promotion", "written"),
    Done.CHANGED: pgettext_lazy("promotion", "changed"),
    Done.TRIED: pgettext_lazy("promotion", "tried on past orders"),
    Done.ASKED: pgettext_lazy("promotion", "asked for a second person"),
    Done.SENT_BACK: pgettext_lazy("promotion", "sent back"),
    Done.STARTED: pgettext_lazy("promotion", "let go live"),
    Done.PAUSED: pgettext_lazy("promotion", "paused"),
    Done.ENDED: pgettext_lazy("promotion", "ended"),
}
SEGMENTS: Final[Mapping[str, Promise]] = {
    "new": lazy("new customers"),
    "comeback": lazy("customers who come back after three months"),
}
WHY_NOT: Final[Mapping[str, Promise]] = {
    Reason.NOT_YET: lazy("It has not begun yet."),
    Reason.OVER: lazy("It is over."),
    Reason.NOTHING_FITS: lazy("It is for other goods."),
    Reason.NOT_FOR_YOU: lazy("It is for other customers."),
    Reason.SIGN_IN: lazy("It is for customers who are signed in."),
    Reason.BELOW_THRESHOLD: lazy("The total is too low."),
    Reason.TOO_FEW_PIECES: lazy("There are too few pieces."),
    Reason.GIFT_NOT_TAKEN: lazy("The gift does not lie in the basket."),
    Reason.USED_UP: lazy("The customer has used it as often as one person can."),
    Reason.BUDGET_SPENT: lazy("Its budget is spent."),
    Reason.EXCLUDED: lazy("Another offer excludes it."),
    Reason.BETTER_ONE: lazy("Another offer saves more."),
    Reason.AT_THE_FLOOR: lazy("The goods are at their lowest price already."),
    Reason.PRICE_TAKES_NONE: lazy("The price of these goods takes no coupons."),
    Reason.NOT_CHOSEN: lazy("The customer chose another coupon."),
    Reason.OTHER_CURRENCY: lazy("It holds for another currency."),
}
# What is wrong with a field; the last part of its name decides.
_FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("It needs a name in Chinese and in English."),
    "kind": lazy("There is no such kind."),
    "from": lazy("From how much on: an amount above nothing, and higher than the step before."),
    "off": lazy("How much is taken off: above nothing, below what is asked for, and more than the step before."),
    "units": lazy("How many pieces: a whole number, and higher than the step before."),
    "steps": lazy("It needs at least one step, and no step takes all off."),
    "which": lazy("Every nth piece is one step, from the second piece on."),
    "is_every": lazy("Only a single step from some amount on can hold again and again."),
    "price": lazy("Give a price, or a percentage, and not both."),
    "buy_units": lazy("Say how many pieces to buy, or for how much, and not both."),
    "get_units": lazy("How many are free: a whole number from 1 on."),
    "gift": lazy("Who buys for an amount gets a gift: name its SKU."),
    "parts": lazy("Name the parts, at least two pieces of different SKUs, or how many pieces of any; not both."),
    "cap": lazy("The most it takes off is an amount above nothing."),
    "budget": lazy("A budget is an amount above nothing."),
    "per_order": lazy("How often per order: a whole number from 1 on."),
    "per_person": lazy("How often per person: a whole number from 1 on."),
    "starts_at": lazy("Say from when on it holds."),
    "ends_at": lazy("It ends after it has begun."),
    "priority": lazy("The priority is a whole number."),
    "layer": lazy("This kind does not work there."),
    "skus": lazy("One of these SKUs is not sold here."),
    "but_skus": lazy("One of these SKUs is not sold here."),
    "currency": lazy("It is not in the shop's currency."),
}
_REFUSALS: Final[Mapping[type[Refused], Promise]] = {
    errors.ChangedMeanwhile: lazy("Somebody else changed it meanwhile. Nothing was written; look at it again."),
    errors.StateNotAllowed: lazy("It is not in a state in which that can be done. Nothing was changed."),
    errors.SecondPersonNeeded: lazy("Somebody else than who asked has to let it go live. Nothing was changed."),
    errors.NoSuchPromotion: lazy("That promotion is not there."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """A sentence in both languages of the shop."""

    zh: str
    en: str

    @property
    def here(self) -> str:
        """In the language of the page."""
        return self.en if language().startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What goods are called, by SKU, in both languages."""

    zh: Mapping[str, str] = field(default_factory=dict)
    en: Mapping[str, str] = field(default_factory=dict)


def sentences(rule: Rule, titles: Titles | None = None) -> Both:
    """The terms of a promotion as shoppers read them, in Chinese and in English."""
    known = titles or Titles()
    return Both(
        zh=queries.sentence(rule, language="zh-hans", titles=known.zh),
        en=queries.sentence(rule, language="en", titles=known.en),
    )


def sentence(rule: Rule) -> str:
    """The terms in the language of the page."""
    return queries.sentence(rule, language=language(), titles={})


def amount(money: Money) -> str:
    """An amount in a short line: whole units without zeros behind the point."""
    return queries.amount(money, language=language())


def field_fault(name: str) -> str:
    """What is wrong with a field of the terms, such as `steps.0.off`, or of the form, such as `step_0_off`."""
    plain = re.sub(r"^(?:step|part)s?[._][0-9]+[._]", "", name)
    return str(_FIELDS.get(plain, _("This cannot be read.")))


def refusal(refused: Refused) -> str:
    """Why nothing was done.

    refuses  what it has no words for, by raising it again
    """
    if type(refused) not in _REFUSALS:
        raise refused
    return str(_REFUSALS[type(refused)])


def why_not(rejected: Rejected, names: Mapping[str, Called]) -> str:
    """Why a promotion takes nothing off a basket, with what is missing or who stands in the way."""
    said = str(WHY_NOT[rejected.reason])
    if rejected.missing:
        return _("%(missing)s more and it applies.") % {"missing": amount(rejected.missing)}
    if rejected.missing_units:
        n = rejected.missing_units
        return ngettext("%(n)d piece more and it applies.", "%(n)d pieces more and it applies.", n) % {"n": n}
    if rejected.by == LIST_PRICE:
        return _("It would not make the price any lower.")
    if rejected.by in names:
        return f"{said} ({names[rejected.by].to(language())})"
    return said
