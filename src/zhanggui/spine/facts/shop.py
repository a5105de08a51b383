"""What the shop tells."""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="shop.product_listed")
class ProductListed:
    """A product can be bought from now on, or stands in the catalogue with other words than before.

    Not told for a change of price or stock. Amount: the price of one piece.
    """

    sku: str
    title: str
    title_en: str = ""
    category: str = ""
    amount_minor: int
    currency: str


@fact(name="shop.product_delisted")
class ProductDelisted:
    """A product can no longer be bought. Not told when it is merely out of stock."""

    sku: str


@fact(name="shop.price_changed")
class PriceChanged:
    """The list price of a SKU is another from now on. Not told for offers that lower what a basket costs."""

    sku: str
    was_minor: int
    amount_minor: int
    currency: str


@fact(name="shop.customer_registered")
class CustomerRegistered:
    """Somebody became a customer: by an account, or by a first order as a guest. Told once per customer."""

    customer_id: str


@fact(name="shop.cart_changed")
class CartChanged:
    """A shopper put a SKU into the cart, took it out, or changed how many. Quantity: pieces of it from now on.

    Not told when carts are merged, nor when an order empties the cart.
    """

    cart_id: str
    sku: str
    category: str = ""
    quantity: int
    amount_minor: int
    currency: str


@fact(name="shop.order_placed")
class OrderPlaced:
    """A shopper committed to buy. Told before any money moved; most are paid within minutes, some never.

    lines         amounts after every share of discount, without shipping and tax
    amount_minor  what is to be paid: goods + shipping + tax
    """

    order_number: str
    customer_id: str
    lines: tuple[Line, ...]
    goods_minor: int
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0
    amount_minor: int
    currency: str


@fact(name="shop.order_cancelled")
class OrderCancelled:
    """An order was called off by the shopper or the shop. Not told when time ran out: that is OrderExpired."""

    order_number: str
    reason: str
    amount_minor: int
    currency: str


@fact(name="shop.order_expired")
class OrderExpired:
    """An order was not paid in time and its stock went back on sale."""

    order_number: str
    amount_minor: int
    currency: str


@fact(name="shop.payment_started")
class PaymentStarted:
    """A shopper was sent to a payment provider. Told per attempt; no money has moved."""

    order_number: str
    payment_id: str
    provider: str
    amount_minor: int
    currency: str


@fact(name="shop.payment_settled")
class PaymentSettled:
    """An order is paid in full. Told once per order, with the lines as frozen at that moment.

    lines         what was paid for, amounts after every share of discount, without shipping and tax
    amount_minor  all that was paid, postage included
    """

    order_number: str
    payment_id: str
    provider: str
    lines: tuple[Line, ...]
    amount_minor: int
    currency: str


@fact(name="shop.payment_failed")
class PaymentFailed:
    """A payment attempt ended without money: refused by the provider or given up by the shopper."""

    order_number: str
    payment_id: str
    provider: str
    reason: str
    amount_minor: int
    currency: str


@fact(name="shop.payment_quarantined")
class PaymentQuarantined:
    """A provider told of money that does not fit: another amount, currency, merchant or an order that is closed.

    Told once per provider's message. No order changes; a person must look.
    """

    order_number: str
    payment_id: str
    provider: str
    reason: str
    amount_minor: int
    currency: str


@fact(name="shop.parcel_shipped")
class ParcelShipped:
    """A parcel left for the shopper. Told per parcel."""

    order_number: str
    parcel_id: str
    carrier: str = ""
    lines: tuple[Line, ...] = ()


@fact(name="shop.parcel_delivered")
class ParcelDelivered:
    """A parcel was signed for. Told per parcel."""

    order_number: str
    parcel_id: str


@fact(name="shop.return_received")
class ReturnReceived:
    """Goods came back. Told when they arrive, before the money goes back."""

    order_number: str
    return_number: str
    lines: tuple[Line, ...]
    reason: str = ""


@fact(name="shop.refund_settled")
class RefundSettled:
    """Money went back to the shopper. Lines and amounts are positive: what was given back.

    Not told for an order that was never paid.
    """

    order_number: str
    refund_id: str
    lines: tuple[Line, ...]
    reason: str = ""
    amount_minor: int
    currency: str


@fact(name="shop.review_published")
class ReviewPublished:
    """A shopper's review of a SKU can be read by others. Rating: 1 to 5."""

    sku: str
    rating: int
    order_number: str = ""
