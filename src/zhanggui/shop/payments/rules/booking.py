"""How money is booked: every entry balances in every currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.base.ledger import rules as ledger
from zhanggui.base.ledger.rules import Account, Entry, Posting
from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.orders.rules import Booked, Order
from zhanggui.shop.payments.rules.attempts import Payment
from zhanggui.shop.payments.rules.refunds import Refund
from zhanggui.shop.payments.rules.tenders import Held, Tender, TenderKind

# The account of the house behind each kind of tender.
PURSES: Final = {TenderKind.WALLET: Account.WALLET, TenderKind.GIFT_CARD: Account.GIFT_CARDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What money of an order pays for."""

    goods: Money
    shipping: Money
    tax: Money

    @classmethod
    def of(cls, order: Order) -> Parts:
        """All of an order."""
        return cls(goods=order.goods, shipping=order.shipping, tax=order.tax)

    @classmethod
    def nothing(cls, currency: str) -> Parts:
        """None of anything."""
        zero = Money.zero(currency)
        return cls(goods=zero, shipping=zero, tax=zero)

    @property
    def total(self) -> Money:
        """All of it."""
        return self.goods + self.shipping + self.tax

    def __add__(self, other: Parts) -> Parts:
        return Parts(goods=self.goods + other.goods, shipping=self.shipping + other.shipping, tax=self.tax + other.tax)

    def __sub__(self, other: Parts) -> Parts:
        return Parts(goods=self.goods - other.goods, shipping=self.shipping - other.shipping, tax=self.tax - other.tax)

    def at(self, booked: Booked) -> Parts:
        """The same in the currency of the books, each part rounded by itself."""
        currency = self.goods.currency
        rate = Rate(base=currency, quote=booked.currency, rate=booked.rate, on=booked.rate_on)
        if currency == booked.currency:
            return self
        return Parts(goods=rate.convert(self.goods), shipping=rate.convert(self.shipping), tax=rate.convert(self.tax))


def parts_given_back(amount: Money, *, units: Parts, left: Parts) -> Parts:
    """Which part of a sale a refund takes back: what its pieces paid first, the rest of what is left in proportion.

    units   what the pieces that come back paid; nothing if only money goes back
    left    what was sold less what went back before; together at least the amount
    law     no part exceeds what is left; refunds that come to all take back exactly what was sold
    source  60.00 for pieces that paid 59.90 and 6.00 postage, of 119.80 and 12.00 -> goods 59.90, postage 0.10
    """
    goods = min(amount, units.goods, left.goods)
    tax = min(amount - goods, units.tax, left.tax)
    shipping = min(amount - goods - tax, units.shipping, left.shipping)
    taken = Parts(goods=goods, shipping=shipping, tax=tax)
    rest, open_ = amount - taken.total, left - taken
    if not rest:
        return taken
    more = rest.split([open_.goods.minor, open_.shipping.minor, open_.tax.minor])
    return taken + Parts(goods=more[0], shipping=more[1], tax=more[2])


def sale_entry(order: Order, *, payment: Payment, tenders: Iterable[Held] = ()) -> Entry:
    """The booking of a paid order: what came in and what was held for it, against what was sold, delivered and taxed.

    An order in another currency than the books' is turned at its own rate, over EXCHANGE.

    source  10.00 EUR of goods at 7.8125: cash 10.00 EUR, exchange -10.00 EUR; exchange 78.13 CNY, sales -78.13 CNY
    """
    held = Money.total((one.tender.amount for one in tenders), order.total.currency)
    incoming = (
        ledger.debit(Account.CASH, payment.amount, holder=payment.provider),
        ledger.debit(Account.HELD, held, holder=order.number),
    )
    return _entry(
        order.shop, "payment", payment.id, (*incoming, *_turned(Parts.of(order), order.booked), *_sold(order))
    )


def refund_entry(order: Order, *, refund: Refund, tenders: Sequence[Tender], parts: Parts, before: Parts) -> Entry:
    """The booking of money that goes back: sales, postage and tax taken back, tenders filled, the rest owed.

    tenders  each tender's share of the refund
    parts    what the refund takes back; `before`: what refunds took back before it
    law      at the order's rate; once all is refunded, the books show nothing of the sale and no gain or loss
    """
    booked = (before + parts).at(order.booked)
    earlier = before.at(order.booked)
    back = booked - earlier
    taken = (
        ledger.debit(Account.REFUNDS, back.goods),
        ledger.debit(Account.SHIPPING_INCOME, back.shipping),
        ledger.debit(Account.TAX_DUE, back.tax),
    )
    outgoing = (
        *(ledger.credit(PURSES[one.kind], one.amount, holder=one.holder) for one in tenders),
        ledger.credit(Account.REFUNDS_DUE, refund.by_provider, holder=order.number),
    )
    turned: tuple[Posting, ...] = ()
    if order.booked.currency != refund.amount.currency:
        turned = (
            ledger.debit(Account.EXCHANGE, refund.amount),
            ledger.credit(Account.EXCHANGE, back.total),
        )
    return _entry(order.shop, "refund", refund.id, (*taken, *turned, *outgoing))


def refund_paid_entry(refund: Refund, *, to: Posting | None = None) -> Entry:
    """The booking of a provider's part that is back with the shopper: nothing is owed any more, and the money is gone.

    to  where it went if the provider did not give it back; its cash stays with the provider then
    """
    paid = to or ledger.credit(Account.CASH, refund.by_provider, holder=refund.provider)
    owed = ledger.debit(Account.REFUNDS_DUE, refund.by_provider, holder=refund.order_number)
    return _entry(refund.shop, "refund_paid", refund.id, (owed, paid))


def stray_entry(refund: Refund) -> Entry:
    """The booking of money that no order can take: it is at the provider, and we owe it back."""
    cash = ledger.debit(Account.CASH, refund.amount, holder=refund.provider)
    owed = ledger.credit(Account.REFUNDS_DUE, refund.amount, holder=refund.order_number)
    return _entry(refund.shop, "refund_due", f"{refund.provider}/{refund.transaction_id}", (cash, owed))


def hold_entry(shop: str, *, order_number: str, reference: str, tenders: Iterable[Tender]) -> Entry:
    """The booking of what wallets and cards hold ready for an order that is not paid yet."""
    postings = [
        posting
        for one in tenders
        for posting in (
            ledger.debit(PURSES[one.kind], one.amount, holder=one.holder),
            ledger.credit(Account.HELD, one.amount, holder=order_number),
        )
    ]
    return _entry(shop, "hold", reference, tuple(postings))


def unhold_entry(shop: str, *, order_number: str, reference: str, tenders: Iterable[Tender]) -> Entry:
    """The booking of what goes back to wallets and cards because its order was never paid."""
    held = hold_entry(shop, order_number=order_number, reference=reference, tenders=tenders)
    return _entry(
        shop,
        "unhold",
        reference,
        tuple(Posting(account=one.account, amount=-one.amount, holder=one.holder) for one in held.postings),
    )


def _sold(order: Order) -> tuple[Posting, ...]:
    sold = Parts.of(order).at(order.booked)
    return (
        ledger.credit(Account.SALES, sold.goods),
        ledger.credit(Account.SHIPPING_INCOME, sold.shipping),
        ledger.credit(Account.TAX_DUE, sold.tax),
    )


def _turned(parts: Parts, booked: Booked) -> tuple[Posting, ...]:
    """What passes through EXCHANGE when an order is not in the currency of the books."""
    if parts.goods.currency == booked.currency:
        return ()
    return (ledger.credit(Account.EXCHANGE, parts.total), ledger.debit(Account.EXCHANGE, parts.at(booked).total))


def _entry(shop: str, kind: str, reference: str, postings: Iterable[Posting]) -> Entry:
    return Entry(
        shop=shop, kind=kind, reference=reference, postings=tuple(posting for posting in postings if posting.amount)
    )
