"""What the shop's rooms say in codes, said in sentences: reasons of a price, refusals, steps of an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.rates import errors as rates
from zhanggui.base.shops.rules import Law
from zhanggui.growth.flash import errors as flash
from zhanggui.growth.membership import errors as membership
from zhanggui.growth.presale import errors as presale
from zhanggui.growth.promotions import errors as promotions
from zhanggui.growth.teams.errors import SeatGone
from zhanggui.shop.cart import errors as cart
from zhanggui.shop.catalogue.rules import NoReason, Sort
from zhanggui.shop.checkout import errors as checkout
from zhanggui.shop.checkout.rules import Adjustment
from zhanggui.shop.fulfilment import errors as fulfilment
from zhanggui.shop.orders import errors as orders
from zhanggui.shop.orders.rules import Share, State
from zhanggui.shop.payments import errors as payments
from zhanggui.shop.payments.rules import RefundState, Returning
from zhanggui.shop.returns import errors as giving_back
from zhanggui.supply.stock import errors as stock

SORTS: Final = {
    Sort.SALES: lazy("Best selling"),
    Sort.NEWEST: lazy("Newest"),
    Sort.CHEAPEST: lazy("Price: low to high"),
    Sort.DEAREST: lazy("Price: high to low"),
    Sort.RATING: lazy("Best rated"),
}

_REASONS: Final = {
    "flat_rate": lazy("Delivery fee"),
    "free_from": lazy("Free delivery"),
    "points": lazy("Points"),
    "presale": lazy("Presale, with what was paid first"),
    "sale": lazy("Limited-time price"),
    "tax_on_top": lazy("Tax"),
}

_RETURNS: Final = {
    NoReason.NONE: lazy("Seven days to return it, counted from the day after it arrives."),
    NoReason.CUSTOM_MADE: lazy("Made to your order, so it can only be returned if it is faulty."),
    NoReason.FRESH: lazy("Fresh, so it can only be returned if something is wrong with it."),
    NoReason.UNSEALED_MEDIA: lazy("Can be returned within seven days while its seal is whole."),
    NoReason.PAPERS: lazy("Once delivered it can only be returned if it is faulty."),
    NoReason.HYGIENE: lazy("For hygiene it can be returned within seven days only unopened."),
    NoReason.ACTIVATED: lazy("Can be returned within seven days as long as it was not activated."),
    NoReason.FLAWED: lazy("Sold with the flaw that is named here; for that it cannot be returned."),
}
_FOURTEEN: Final = lazy("Fourteen days to withdraw, counted from the day after the last goods of the order arrive.")
# Of the same goods where European law is kept; the others are said in the same words.
_WITHDRAWN: Final = {
    NoReason.NONE: _FOURTEEN,
    NoReason.UNSEALED_MEDIA: lazy("You can withdraw within fourteen days as long as its seal is whole."),
    NoReason.HYGIENE: lazy("For hygiene you can withdraw within fourteen days only while it is sealed."),
    NoReason.ACTIVATED: _FOURTEEN,
    NoReason.FLAWED: _FOURTEEN,
}

_STEPS: Final = {
    "shop.order_placed": lazy("Order placed"),
    "shop.payment_started": lazy("Payment started"),
    "shop.payment_settled": lazy("Payment received"),
    "shop.difference_placed": lazy("Payment of the difference begun"),
    "shop.difference_settled": lazy("Difference paid"),
    "shop.difference_refunded": lazy("Difference paid back"),
    "shop.difference_cancelled": lazy("Payment of the difference called off"),
    "shop.difference_expired": lazy("Difference not paid in time; its order was closed"),
    "shop.payment_failed": lazy("Payment did not go through"),
    "shop.order_cancelled": lazy("Order cancelled"),
    "shop.order_expired": lazy("Not paid in time; the order was closed"),
    "shop.parcel_shipped": lazy("Parcel shipped"),
    "shop.parcel_delivered": lazy("Parcel delivered"),
    "shop.parcel_lost": lazy("Parcel lost on the way"),
    "shop.parcel_sent_back": lazy("Parcel on its way back to us"),
    "shop.return_requested": lazy("Return asked for"),
    "shop.return_accepted": lazy("Return accepted"),
    "shop.exchange_due": lazy("A difference is to be paid for the exchange"),
    "shop.exchange_lapsed": lazy("The exchange became a refund"),
    "shop.return_received": lazy("Return received"),
    "shop.refund_settled": lazy("Refund paid out"),
}

_STATES: Final = {
    State.AWAITING_PAYMENT: lazy("Awaiting payment"),
    State.PAID: pgettext_lazy("payment", "Paid"),
    State.SHIPPING: lazy("Partly shipped"),
    State.SHIPPED: lazy("On its way"),
    State.DELIVERED: lazy("Delivered"),
    State.COMPLETED: lazy("Completed"),
    State.CANCELLED: lazy("Cancelled"),
    State.EXPIRED: lazy("Closed, not paid in time"),
}

_BACK: Final = {
    RefundState.DUE: (lazy("Refund decided, %(way)s is told in a moment"), "", "clock", "watch"),
    RefundState.ASKED: (
        lazy("Refund asked for at %(way)s"),
        lazy("Usually accepted within minutes."),
        "clock",
        "watch",
    ),
    RefundState.ACCEPTED: (
        lazy("Refund under way at %(way)s"),
        lazy("Depending on the bank it takes one to seven days."),
        "clock",
        "watch",
    ),
    RefundState.DONE: (lazy("Given back by %(way)s"), "", "good", "good"),
    RefundState.REFUSED: (
        lazy("%(way)s could not give it back"),
        lazy("We see to it that it reaches you another way, and write to you."),
        "warning",
        "bad",
    ),
}

_PROVIDERS: Final = {
    "sandbox": (lazy("Trial payment"), lazy("A practice gateway: nothing is charged")),
    "alipay": (lazy("Alipay"), ""),
    "wechat": (lazy("WeChat Pay"), ""),
    "stripe": (lazy("Bank card"), ""),
}


def reason(adjustment: Adjustment | Share) -> str:
    """Why a sum is what it is, as the name of its line; a reason that has no words yet keeps its code."""
    return str(_REASONS.get(adjustment.reason, adjustment.reason.replace("_", " ")))


def returns(exception: str, *, law: Law, needs_shipping: bool = True) -> str:
    """What can be returned and when, in one sentence.

    exception  why it cannot be returned without a reason; empty if it can
    law        that the shop keeps
    """
    if law is Law.EU and not needs_shipping:
        return _("Fourteen days to withdraw, unless you ask that it begins at once.")
    return str((_RETURNS | (_WITHDRAWN if law is Law.EU else {}))[NoReason(exception)])


def step(name: str) -> str:
    """What happened to an order; empty for what a shopper need not know."""
    return str(_STEPS.get(name, ""))


def state(state: State) -> str:
    """How an order stands."""
    return str(_STATES[state])


def provider(name: str) -> tuple[str, str]:
    """What a way to pay is called, and what there is to say about it."""
    title, note = _PROVIDERS.get(name, (name, ""))
    return str(title), str(note)


def refusal(refused: Refused) -> str:
    """Why the shop said no, what was kept, and what to do.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    say = _REFUSALS.get(type(refused))
    if say is None:
        raise refused
    return say(refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money on its way back, in words.

    at    when it arrived; None while it is on its way
    more  what to expect until then
    """

    amount: Money
    words: str
    at: datetime | None
    more: str
    sign: str
    tone: str


def returning(part: Returning) -> Back:
    """How money that goes back stands: by which way, and whether it has arrived."""
    way = provider(part.provider)[0] if part.provider else _("your wallet or gift card")
    said, more, sign, tone = _BACK[part.state]
    return Back(
        amount=part.amount, words=str(said) % {"way": way}, at=part.arrived_at, more=str(more), sign=sign, tone=tone
    )


def amount(money: Money) -> str:
    """An amount in the language of the page."""
    return formats.money(money, language=get_language() or "en")


def _quantity(refused: Refused) -> str:
    return _("Of one item, 1 to 99 pieces fit in the cart. Nothing was changed.")


def _not_for_sale(refused: Refused) -> str:
    return _("This item is no longer sold. Nothing was changed.")


def _full(refused: Refused) -> str:
    return _("The cart is full: it holds 100 different items. Take something out first.")


def _moved(refused: Refused) -> str:
    return _("The cart has changed since this page was shown. Nothing was ordered; please check it once more.")


def _empty(refused: Refused) -> str:
    return _("There is nothing in the cart yet.")


def _points_gone(refused: Refused) -> str:
    return _("Your points have changed since. Please look at the new sum; nothing was ordered.")


def _offer_gone(refused: Refused) -> str:
    return _("An offer or coupon in this price has just ended or is used up. Nothing was ordered; this is the new sum.")


def _gone(refused: Refused) -> str:
    return _("Something in the cart can no longer be bought. Nothing was ordered; take it out to continue.")


def _short(refused: Refused) -> str:
    shortages = refused.data["shortages"]
    left = shortages[0].free_units if len(shortages) == 1 else 0
    if left:
        return ngettext(
            "Only %(left)s piece is left of one item. Nothing was ordered; please take fewer.",
            "Only %(left)s pieces are left of one item. Nothing was ordered; please take fewer.",
            left,
        ) % {"left": left}
    return _("Something in the cart has just sold out. Nothing was ordered; your cart is kept.")


def _changed(refused: Refused) -> str:
    total = amount(refused.data["total"])
    return _("The total is now %(total)s. Nothing was ordered; please check the sum and place the order again.") % {
        "total": total
    }


def _no_option(refused: Refused) -> str:
    return _("That way of delivery does not go there. Nothing was ordered; please choose another.")


def _split(refused: Refused) -> str:
    return _("The pieces given to the addresses are not those in the cart. Please give each piece to one address.")


def _tender(refused: Refused) -> str:
    return _("More was to be paid from the wallet or a gift card than the order costs. Nothing was ordered.")


def _no_rate(refused: Refused) -> str:
    return _("This currency is not taken today. Please choose another.")


def _no_provider(refused: Refused) -> str:
    return _("That way to pay is not offered here. Nothing was charged; please choose another.")


def _not_enough(refused: Refused) -> str:
    return _("The wallet or gift card holds less by now. Nothing was ordered; please look at the sum again.")


def _not_payable(refused: Refused) -> str:
    return _("There is nothing left to pay for this order.")


def _transition(refused: Refused) -> str:
    return _("The order has moved on and can no longer be changed. This is how it stands now.")


def _has_left(refused: Refused) -> str:
    return _("A part of the order has left already. You can return what you do not want once it is there.")


def _no_invoice(refused: Refused) -> str:
    if refused.data["reason"] == "tax_id":
        return _("A tax number has 5 to 40 letters and digits. Nothing was made out yet.")
    return _("Please say whom the invoice is made out to, in up to 200 letters. Nothing was made out yet.")


def _unbelieved(refused: Refused) -> str:
    return _("The answer of the payment provider could not be verified. If you have paid, it will show here shortly.")


def _no_entry(refused: Refused) -> str:
    return _("Many want in at once: stand in line on the flash sale's page first. Your cart is kept.")


def _flash_gone(refused: Refused) -> str:
    return _("The pieces at the flash price are taken. Nothing was ordered; please look at the new total.")


def _seat_gone(refused: Refused) -> str:
    return _("Your seat in the team was not ordered in time. Nothing was ordered; please look at the new total.")


def _flash_limit(refused: Refused) -> str:
    return _("You have as many pieces at the flash price as one person may have. Nothing was ordered.")


def _balance_asked(refused: Refused) -> str:
    return _("This balance is being paid already, or its time is over. Your orders and presales show which.")


def _balance_not_whole(refused: Refused) -> str:
    units = refused.data["units"]
    return ngettext(
        "You have reserved %(n)d piece. Put it into the cart to pay its balance.",
        "The balance is paid for all %(n)d pieces that you reserved at once: put %(n)d into the cart.",
        units,
    ) % {"n": units}


_REFUSALS: Final[dict[type[Refused], Callable[[Refused], str]]] = {
    SeatGone: _seat_gone,
    cart.QuantityNotAllowed: _quantity,
    cart.NotForSale: _not_for_sale,
    cart.CartFull: _full,
    cart.CartMoved: _moved,
    checkout.CartEmpty: _empty,
    checkout.NotDeliverable: _gone,
    checkout.QuoteChanged: _changed,
    checkout.NoSuchOption: _no_option,
    checkout.SplitNotAllowed: _split,
    checkout.TenderNotAllowed: _tender,
    promotions.CouponGone: _offer_gone,
    promotions.PromotionGone: _offer_gone,
    membership.NotEnoughPoints: _points_gone,
    rates.NoRate: _no_rate,
    stock.OutOfStock: _short,
    flash.NoEntry: _no_entry,
    flash.QuotaGone: _flash_gone,
    flash.LimitReached: _flash_limit,
    presale.BalanceAsked: _balance_asked,
    presale.BalanceNotWhole: _balance_not_whole,
    payments.NoSuchProvider: _no_provider,
    payments.NotPayable: _not_payable,
    payments.NotEnough: _not_enough,
    payments.GiftCardEnded: _not_enough,
    payments.Forged: _unbelieved,
    payments.Stale: _unbelieved,
    payments.Unreadable: _unbelieved,
    orders.TransitionRefused: _transition,
    orders.InvoiceNotAllowed: _no_invoice,
    fulfilment.AlreadyLeft: _has_left,
    giving_back.CannotCallOff: _has_left,
}
