"""Promotions, the baskets they look at and what they come to, as values.

Law: prices and promotions work in layers; each layer sees what the layers before have made. In a layer the rules of
one group exclude each other, and whatever does not apply says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Protocol

from zhanggui.base.money import Money


class Layer(IntEnum):
    """Where in the pipeline a promotion works."""

    PRICE = 1  # exactly one of member, limited-time, flash, group or presale price
    ITEM = 2  # n pieces n off, buy X get Y, gift, bundle
    SHOP_THRESHOLD = 3
    SHOP_COUPON = 4
    CROSS_THRESHOLD = 5
    PLATFORM_COUPON = 6
    POINTS = 7
    SHIPPING = 8


class Base(StrEnum):
    """What a promotion's threshold and rate look at: the list price, or what the layers before have left."""

    LIST = "list"
    CURRENT = "current"


class Payer(StrEnum):
    """Who pays for what is taken off."""

    SHOP = "shop"
    BRAND = "brand"
    PLATFORM = "platform"


class PriceSource(StrEnum):
    """Where a price other than the list price comes from."""

    LIMITED = "limited"
    MEMBER = "member"
    FLASH = "flash"
    GROUP = "group"
    PRESALE = "presale"
    LIVE = "live"


# Whoever buys at such a price may use neither coupons nor points on that line, unless the offer says so.
CLOSED_SOURCES = frozenset({PriceSource.FLASH, PriceSource.LIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOffer:
    """A price of one piece that stands instead of the list price, in a basket of its currency.

    id              of the offer: a promotion, a flash sale, a team
    units           pieces of a SKU it holds for at most, over all lines; None: any number
    takes_coupons   whether coupons and points may come on top; None: as its source has it
    """

    id: str
    source: PriceSource
    price: Money
    units: int | None = None
    takes_coupons: bool | None = None
    funded_by: Payer = Payer.SHOP

    @property
    def is_open(self) -> bool:
        """Whether coupons and points may come on top."""
        return self.source not in CLOSED_SOURCES if self.takes_coupons is None else self.takes_coupons


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a basket, with all that promotions look at.

    id          position in the basket; ties are broken by it
    list_price  of one piece, > 0
    product     handle of the product that the SKU is a variant of
    categories  keys from the top of the tree down to its own
    floor       of one piece; nothing takes a line below it. None: one minor unit a piece
    prices      what it might cost instead of the list price
    """

    id: int
    sku: str
    quantity: int
    list_price: Money
    product: str = ""
    categories: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    seller: str = ""
    floor: Money | None = None
    prices: tuple[PriceOffer, ...] = ()

    @property
    def listed(self) -> Money:
        """All its pieces at the list price."""
        return self.list_price * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is to be priced: all lines together, wherever they go to."""

    shop: str
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """What promotions may know of a shopper; all of it open to everybody who qualifies (rules § 7).

    tier      key of the tier of membership; empty for guests
    segments  keys of the groups of people that the shopper belongs to, such as new or comeback
    used      how often each promotion was used before, by its id; only those used at all
    """

    person: str = ""
    is_signed_in: bool = False
    tier: str = ""
    segments: frozenset[str] = frozenset()
    used: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which lines a promotion looks at: those that any of the names fit, or all if there are none; some left out."""

    skus: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    sellers: frozenset[str] = frozenset()
    but_skus: frozenset[str] = frozenset()
    but_categories: frozenset[str] = frozenset()

    @property
    def is_everything(self) -> bool:
        """Whether it names nothing, so that every line may fit."""
        return not (self.skus or self.products or self.categories or self.tags or self.sellers)

    def fits(self, line: Line) -> bool:
        """Whether a line is one of those."""
        if line.sku in self.but_skus or not self.but_categories.isdisjoint(line.categories):
            return False
        return (
            self.is_everything
            or line.sku in self.skus
            or line.product in self.products
            or line.seller in self.sellers
            or not self.categories.isdisjoint(line.categories)
            or not self.tags.isdisjoint(line.tags)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may use a promotion: everybody, or who has one of the tiers or is in one of the segments.

    is_signed_in_only  whether guests are left out
    """

    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    is_signed_in_only: bool = False


class Terms(Protocol):
    """What is particular to one kind of promotion, such as the steps of a ladder; a frozen value of the kind's file."""

    @property
    def currency(self) -> str:
        """That its amounts are in; empty if it names none."""
        ...

    def as_json(self) -> dict[str, Any]:
        """As it is kept; the kind reads the same value from it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A promotion as the quote sees it.

    kind        key of its kind, which knows what to do with the terms
    group       in a layer, at most one rule of a group applies; empty: it stands alone
    excludes    ids or groups of rules, or `layer:4` for a whole layer, that may not apply together with it
    priority    higher goes first within a layer; the tie-breaks of the law only decide among equals
    cap         most it takes off in one order; None: no cap
    per_order   most often it applies in one order, where its kind can repeat; None: as often as it fits
    per_person  most orders of one person that may use it; None: any number
    budget_left what may still be given away; None: no budget
    coupon      id of the shopper's coupon that brings it; empty: it applies by itself
    claimed_at  when that coupon was taken; earlier ones go first in a tie
    """

    id: str
    kind: str
    terms: Terms
    layer: Layer
    target: Target = Target()
    audience: Audience = Audience()
    group: str = ""
    excludes: frozenset[str] = frozenset()
    priority: int = 0
    base: Base = Base.CURRENT
    cap: Money | None = None
    funded_by: Payer = Payer.SHOP
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    per_order: int | None = None
    per_person: int | None = None
    budget_left: Money | None = None
    coupon: str = ""
    claimed_at: datetime | None = None


# What `Rejected.by` says of a price that is not below the list price.
LIST_PRICE = "list_price"


class Reason(StrEnum):
    """Why a promotion did not apply."""

    NOT_YET = "not_yet"
    OVER = "over"
    NOTHING_FITS = "nothing_fits"
    NOT_FOR_YOU = "not_for_you"
    SIGN_IN = "sign_in"
    BELOW_THRESHOLD = "below_threshold"  # `missing` says how much money
    TOO_FEW_PIECES = "too_few_pieces"  # `missing_units` says how many
    GIFT_NOT_TAKEN = "gift_not_taken"  # the gift does not lie in the basket; `missing_units` says how many pieces
    USED_UP = "used_up"  # by this person
    BUDGET_SPENT = "budget_spent"
    EXCLUDED = "excluded"  # `by` says by which rule
    BETTER_ONE = "better_one"  # another of its group saves more; `by` says which, or LIST_PRICE
    AT_THE_FLOOR = "at_the_floor"  # nothing may be taken off any more
    PRICE_TAKES_NONE = "price_takes_none"  # all lines it fits stand at a price that takes no coupons
    NOT_CHOSEN = "not_chosen"  # the shopper chose another coupon
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A promotion that took something off.

    amount  signed: below zero
    shares  one per line of the basket, in its order, summing to the amount
    times   how often it applied; of a price: to how many pieces
    missing, missing_units  up to its next step or its next time; None and 0 if there is none
    lost    what it would have taken off more, had there been no floors
    """

    rule: str
    kind: str
    layer: Layer
    amount: Money
    shares: tuple[Money, ...]
    times: int = 1
    funded_by: Payer = Payer.SHOP
    coupon: str = ""
    missing: Money | None = None
    missing_units: int = 0
    lost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A promotion that did not apply, and what would have to be otherwise."""

    rule: str
    kind: str
    layer: Layer
    reason: Reason
    missing: Money | None = None
    missing_units: int = 0
    by: str = ""
    coupon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDue:
    """Pieces of a SKU that would cost nothing if they were put into the basket."""

    rule: str
    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """What a line comes to.

    listed  all its pieces at the list price
    amount  what they cost after all layers
    source  where its price comes from; None at the list price
    open_amount  what of the amount stands at a price that takes coupons and points
    """

    id: int
    sku: str
    quantity: int
    listed: Money
    amount: Money
    source: PriceSource | None = None
    open_amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What promotions make of a basket: the same for the same input, whatever the order of the rules.

    applied   in the order of the layers
    rejected  every rule that was found for the basket and did not apply, in the same order
    """

    lines: tuple[PricedLine, ...]
    applied: tuple[Applied, ...]
    rejected: tuple[Rejected, ...]
    gifts: tuple[GiftDue, ...] = ()

    @property
    def goods(self) -> Money:
        """What all lines cost."""
        return Money.total((line.amount for line in self.lines), self.lines[0].amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What promotions make of the postage.

    postage  one amount per line of the basket, in its order
    """

    postage: tuple[Money, ...]
    applied: tuple[Applied, ...]
    rejected: tuple[Rejected, ...]
