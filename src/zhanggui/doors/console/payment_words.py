"""What codes of payments mean to whoever works with them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.ledger.rules import Account
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.shop.payments import errors
from zhanggui.shop.payments.rules import (
    Fault,
    Gap,
    GapState,
    Outcome,
    RefundState,
    Source,
    State,
    TenderKind,
    TenderState,
)

PROVIDERS: Final = {
    "alipay": lazy("Alipay"),
    "wechat": lazy("WeChat Pay"),
    "stripe": lazy("Stripe"),
    "sandbox": lazy("Sandbox"),
    "balance": lazy("Wallet and gift cards"),
}

STATES: Final = {
    State.STARTED: pgettext_lazy("payment", "Waits for money"),
    State.SETTLED: pgettext_lazy("payment", "Paid"),
    State.FAILED: pgettext_lazy("payment", "Ended without money"),
    State.REFUND_DUE: pgettext_lazy("payment", "Came too late, goes back"),
}

OUTCOMES: Final = {
    Outcome.PAID: pgettext_lazy("message", "accepted"),
    Outcome.DECLINED: pgettext_lazy("message", "no money"),
    Outcome.QUARANTINED: pgettext_lazy("message", "does not fit"),
    Outcome.REFUNDED: pgettext_lazy("message", "about a refund"),
}

SOURCES: Final = {
    Source.TOLD: lazy("the provider told us"),
    Source.ASKED: lazy("we asked"),
    Source.CLOSED: lazy("we closed the attempt"),
    Source.BILL: lazy("the daily bill says so"),
}

FAULTS: Final = {
    Fault.UNKNOWN_PAYMENT: lazy("It names a payment that nobody started."),
    Fault.UNKNOWN_REFUND: lazy("It names a refund that nobody asked for, or another amount of it."),
    Fault.REFUND_RETURNED: lazy("A refund that was paid out came back: the shopper is to get it another way."),
    Fault.OTHER_SHOP: lazy("The payment belongs to another of our shops."),
    Fault.OTHER_MERCHANT: lazy("It was paid to somebody else's merchant number."),
    Fault.OTHER_ORDER: lazy("It names another order than the payment was started for."),
    Fault.OTHER_CURRENCY: lazy("It was paid in another currency."),
    Fault.OTHER_AMOUNT: lazy("It is another amount than was asked for."),
    Fault.ORDER_EXPIRED: lazy("The order's time was over."),
    Fault.ORDER_CANCELLED: lazy("The order had been called off."),
    Fault.ORDER_PAID: lazy("The order was paid already."),
}

REFUNDS: Final = {
    RefundState.DUE: pgettext_lazy("refund", "To be told to the provider"),
    RefundState.ASKED: pgettext_lazy("refund", "Being told to the provider"),
    RefundState.ACCEPTED: pgettext_lazy("refund", "Accepted, not paid out yet"),
    RefundState.DONE: pgettext_lazy("refund", "Paid out"),
    RefundState.REFUSED: pgettext_lazy("refund", "Refused by the provider"),
}

TENDERS: Final = {TenderKind.WALLET: lazy("Wallet"), TenderKind.GIFT_CARD: lazy("Gift card")}

TENDER_STATES: Final = {
    TenderState.HELD: pgettext_lazy("tender", "held for the order"),
    TenderState.TAKEN: pgettext_lazy("tender", "paid with"),
    TenderState.RETURNED: pgettext_lazy("tender", "given back"),
}

GAPS: Final = {
    Gap.MISSING_HERE: lazy("On the bill, not in our books"),
    Gap.MISSING_THERE: lazy("In our books, not on the bill"),
    Gap.OTHER_AMOUNT: lazy("Another amount"),
}

GAP_STATES: Final = {
    GapState.OPEN: pgettext_lazy("difference", "waits for a person"),
    GapState.REPAIRED: pgettext_lazy("difference", "mended by itself"),
    GapState.CLOSED: pgettext_lazy("difference", "explained"),
}

INCIDENTS: Final = {
    "forged": lazy("The signature is not the provider's."),
    "stale": lazy("It is older than its provider's messages are believed."),
    "unreadable": lazy("It does not have the shape of its provider's messages."),
}

ACCOUNTS: Final = {
    Account.CASH: lazy("Money at the provider"),
    Account.SALES: lazy("Sales"),
    Account.SHIPPING_INCOME: lazy("Delivery income"),
    Account.TAX_DUE: lazy("Tax due"),
    Account.REFUNDS: lazy("Sales given back"),
    Account.REFUNDS_DUE: lazy("Owed to shoppers"),
    Account.WALLET: lazy("Wallets"),
    Account.GIFT_CARDS: lazy("Gift cards"),
    Account.HELD: lazy("Held for open orders"),
    Account.DEPOSITS: lazy("Presale deposits"),
    Account.PREPAYMENTS: lazy("Presale prepayments"),
    Account.GOODWILL: lazy("Given away"),
    Account.EXCHANGE: lazy("Currency exchange"),
}

MOVES: Final = {
    "hold": lazy("Paid for an order"),
    "unhold": lazy("Back from an order that was not paid"),
    "refund": lazy("Refund of an order"),
    "refund_paid": lazy("Refund of an order"),
    "redeem": lazy("Gift card redeemed"),
    "goodwill": lazy("By the shop"),
}


def provider(name: str) -> str:
    """A provider's name; one without words keeps its code."""
    return str(PROVIDERS.get(name, name))


def refusal(refused: Refused) -> str:
    """Why it was not done, and that nothing was changed.

    refuses  a refusal without words is raised again: it is a gap in this table
    """
    if isinstance(refused, errors.NothingToDecide):
        return _("Somebody decided this before, or it needs a reason. Nothing was changed.")
    if isinstance(refused, errors.NotEnough):
        short = formats.money(Money(refused.short_minor, refused.currency), language=get_language() or "en")
        return _("The balance is %(short)s too small. Nothing was changed.") % {"short": short}
    if isinstance(refused, errors.AmountNotAllowed):
        return _("This amount or number cannot be given at once. Nothing was changed.")
    if isinstance(refused, errors.IssuedAlready):
        return _(
            "These cards were issued when the form was sent first, and their codes shown then. Nothing was changed."
        )
    if isinstance(refused, KeyReused):
        return _("This form was sent before with other words. Please open it anew. Nothing was changed.")
    if isinstance(refused, errors.NoSuchGiftCard):
        return _("There is no such gift card.")
    if isinstance(refused, errors.NoSuchRefund):
        return _("There is no such refund.")
    raise refused
