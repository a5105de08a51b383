"""Money that goes back, as values, and when a provider may be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Booked, in_books
from zhanggui.shop.payments.rules.attempts import Payment, State
from zhanggui.shop.payments.rules.port import Limits
from zhanggui.spine import envelope

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)


class RefundState(StrEnum):
    """How a refund stands.

    DUE       decided; the provider does not know yet
    ASKED     the provider is being told, or could not be reached
    ACCEPTED  the provider has taken it on; the money is not back yet
    DONE      the money is back
    REFUSED   the provider will not; a person decides how else it goes back
    """

    DUE = "due"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


OPEN: Final = (RefundState.DUE, RefundState.ASKED, RefundState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """What of an order line a refund gives back: whole pieces and what was paid for their goods."""

    position: int
    sku: str
    category: str
    units: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money on its way back to a shopper.

    amount          all that goes back; a provider's adapter gets the refund with its own part here
    by_provider     the part that the provider gives back; the rest went to wallet and cards at once
    transaction_id  the money that goes back; another than its payment's if the shopper paid twice
    reference       what it is for, such as a return's number; one refund per order and reference
    is_stray        money that no order took: too late, twice, unknown
    is_by_wallet    the provider would not, so its part went to the shopper's wallet
    next_at         when the provider is told or asked next
    """

    id: str
    shop: str
    order_number: str
    payment_id: str
    provider: str
    transaction_id: str
    amount: Money
    by_provider: Money
    state: RefundState
    reason: str
    reference: str
    is_stray: bool
    lines: tuple[RefundLine, ...]
    started_at: datetime
    ended_at: datetime | None
    tries: int = 0
    refusal: str = ""
    is_by_wallet: bool = False
    next_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the money is still on its way."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """A part of a refund, as its shopper is told: by which way it goes back, how it stands.

    provider    by which it goes; empty for what goes into the wallet and onto gift cards
    since       when it was decided
    arrived_at  when it was back; None while it is not
    """

    amount: Money
    provider: str
    state: RefundState
    since: datetime
    arrived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a refund's row says how it stands; amounts in minor units."""

    amount_minor: int
    provider_minor: int
    currency: str
    provider: str
    state: RefundState
    is_by_wallet: bool
    started_at: datetime
    ended_at: datetime | None


def returning(refund: Standing) -> tuple[Returning, ...]:
    """The parts of a refund by their ways: what its provider gives back, and what went to wallet and cards at once.

    source  10.00, of which 7.00 by Alipay that has accepted -> 7.00 by Alipay, accepted; 3.00 into the wallet, done
    """
    parts = (
        Returning(
            amount=Money(refund.provider_minor, refund.currency),
            provider="" if refund.is_by_wallet else refund.provider,
            state=refund.state,
            since=refund.started_at,
            arrived_at=refund.ended_at if refund.state is RefundState.DONE else None,
        ),
        Returning(
            amount=Money(refund.amount_minor - refund.provider_minor, refund.currency),
            provider="",
            state=RefundState.DONE,
            since=refund.started_at,
            arrived_at=refund.started_at,
        ),
    )
    return tuple(part for part in parts if part.amount)


def for_provider(refund: Refund) -> Refund:
    """A refund as the provider's adapter gets it: its amount is the provider's part."""
    return replace(refund, amount=refund.by_provider)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries before the provider is told or asked again: doubling up to 6 hours.

    source  1 -> 1 min, 2 -> 2 min, 5 -> 16 min, 10 and more -> 360 min
    """
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(tries - 1, 20)))


def may_ask_at(limits: Limits, *, earlier: Sequence[datetime], paid_at: datetime, at: datetime) -> datetime | None:
    """When a provider may be told to give a part back; None if it never will.

    earlier  when it was told of the parts before
    source   WeChat Pay: a minute apart, at most 50 parts, within 365 days
    """
    if len(earlier) >= limits.parts or at >= paid_at + limits.within:
        return None
    return max([at, *(told + limits.apart for told in earlier)])


def told_back(lines: Sequence[RefundLine], *, booked: Booked) -> tuple[envelope.Line, ...]:
    """Lines of a refund as facts tell them: pieces and amounts above zero, as the books keep them."""
    return tuple(
        envelope.Line(
            sku=line.sku,
            category=line.category,
            quantity=line.units,
            amount_minor=in_books(line.amount, booked).minor,
        )
        for line in lines
    )


def lines_given(lines: Sequence[RefundLine], *, goods_minor: int) -> tuple[RefundLine, ...]:
    """Lines with what is really given back for their goods: in proportion to what they paid, never more than that."""
    paid = [line.amount.minor for line in lines]
    if goods_minor >= sum(paid):
        return tuple(lines)
    shares = Money(goods_minor, lines[0].amount.currency).split(paid)
    return tuple(replace(line, amount=share) for line, share in zip(lines, shares, strict=True))


def money_of(refund: Refund, *, payment: Payment | None) -> Payment:
    """The payment that a refund gives back of, under the transaction that the refund names.

    payment  the attempt it belongs to; None if nobody knows it: then what the provider told of it must do
    """
    if payment is not None:
        return replace(payment, transaction_id=refund.transaction_id, amount=_whole(refund, payment))
    return Payment(
        id=refund.payment_id,
        shop=refund.shop,
        order_number=refund.order_number,
        provider=refund.provider,
        amount=refund.amount,
        state=State.REFUND_DUE,
        transaction_id=refund.transaction_id,
        started_at=refund.started_at,
        ended_at=refund.started_at,
        refunded=Money.zero(refund.amount.currency),
    )


def _whole(refund: Refund, payment: Payment) -> Money:
    """What came with the transaction: a stray one may be another amount than the attempt asked for."""
    return refund.amount if refund.is_stray else payment.amount
