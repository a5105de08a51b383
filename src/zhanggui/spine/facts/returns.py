"""What the shop tells about goods that come back. The goods' arrival is `shop.return_received`, the money's
`shop.refund_settled`.
"""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="shop.return_requested")
class ReturnRequested:
    """A shopper wants to give goods back, or to have others for them. Told when it is asked for, whoever then decides.

    reason        changed_mind, not_suitable, faulty, damaged, wrong_item, not_as_described, incomplete or lost; a
                  code, never the shopper's words
    wish          refund or exchange
    amount_minor  what would go back for these lines
    """

    order_number: str
    return_number: str
    lines: tuple[Line, ...]
    reason: str
    wish: str
    amount_minor: int
    currency: str


@fact(name="shop.return_accepted")
class ReturnAccepted:
    """Goods may come back, or stay with the shopper whose money goes back. Told once per return, whoever decided.

    is_kept       nothing has to be sent back
    amount_minor  what is to go back as things stand; for an exchange what it costs less
    """

    order_number: str
    return_number: str
    is_kept: bool
    amount_minor: int
    currency: str


@fact(name="shop.return_closed")
class ReturnClosed:
    """Nothing more will happen to a return. Told once per return, however it ended.

    outcome       refunded, exchanged, rejected, refused or withdrawn
    lines         what was taken back; none if it was refused or withdrawn
    amount_minor  what goes back to the shopper; 0 unless it is refunded or exchanged for something cheaper
    """

    order_number: str
    return_number: str
    outcome: str
    lines: tuple[Line, ...]
    amount_minor: int
    currency: str


@fact(name="shop.refund_late")
class RefundLate:
    """Goods have lain with us for as long as we promise the money within, or the time that the law gives is over, and
    it has not gone back. Told once.

    hours         since the goods arrived; since they left if they have not
    amount_minor  what was expected to go back
    """

    order_number: str
    return_number: str
    hours: int
    amount_minor: int
    currency: str


@fact(name="shop.exchange_due")
class ExchangeDue:
    """An exchange was agreed to that costs more than what comes back. Told when the goods were set aside for it; not
    told at the same or a lower price.

    amount_minor  what the shopper has to pay, tax and all
    """

    order_number: str
    return_number: str
    amount_minor: int
    currency: str


@fact(name="shop.exchange_lapsed")
class ExchangeLapsed:
    """The difference of an exchange was not paid in time: what was set aside is on sale again, and the return goes on
    as a refund. Told once per return at most.

    amount_minor  what would have had to be paid
    """

    order_number: str
    return_number: str
    amount_minor: int
    currency: str


@fact(name="shop.difference_placed")
class DifferencePlaced:
    """A shopper began to pay what an exchange costs more, with an order of its own. Told instead of
    shop.order_placed: nothing new is bought.

    order_number   of the order that asks for it
    difference_of  the order whose goods are exchanged
    lines          what is sent instead and what it costs more, without tax; the goods are counted with the exchange
    amount_minor   what is to be paid, tax and all
    """

    order_number: str
    difference_of: str
    customer_id: str
    lines: tuple[Line, ...]
    amount_minor: int
    currency: str


@fact(name="shop.difference_cancelled")
class DifferenceCancelled:
    """The order that asks for what an exchange costs more was called off unpaid, by its shopper, the shop, or because
    the exchange came to nothing. Told instead of shop.order_cancelled: nothing that was bought is called off.

    order_number, difference_of, amount_minor  as in shop.difference_placed
    """

    order_number: str
    difference_of: str
    reason: str
    amount_minor: int
    currency: str


@fact(name="shop.difference_expired")
class DifferenceExpired:
    """The order that asks for what an exchange costs more was not paid in time. Told instead of shop.order_expired.

    The exchange stands on, and another order may ask for it, until shop.exchange_lapsed.

    order_number, difference_of, amount_minor  as in shop.difference_placed
    """

    order_number: str
    difference_of: str
    amount_minor: int
    currency: str


@fact(name="shop.difference_settled")
class DifferenceSettled:
    """What an exchange costs more is paid. Told instead of shop.payment_settled: it is money of an order that was paid
    before, and neither an order nor a piece more.

    order_number, difference_of, lines, amount_minor  as in shop.difference_placed
    """

    order_number: str
    difference_of: str
    payment_id: str
    provider: str
    lines: tuple[Line, ...]
    amount_minor: int
    currency: str


@fact(name="shop.difference_refunded")
class DifferenceRefunded:
    """What was paid for an exchange, or a part of it, went back. Told instead of shop.refund_settled.

    order_number, difference_of  as in shop.difference_placed
    """

    order_number: str
    difference_of: str
    refund_id: str
    reason: str
    amount_minor: int
    currency: str
