"""What presales tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.presale_started")
class PresaleStarted:
    """A presale was put up; deposits are taken from its own start on. Amounts are for one piece."""

    presale_id: str
    sku: str
    quantity: int
    price_minor: int
    first_minor: int
    credit_minor: int
    currency: str


@fact(name="growth.presale_ended")
class PresaleEnded:
    """An operator called a presale off. Not told when its windows are merely over.

    reason  seller_cancelled or force_majeure
    """

    presale_id: str
    sku: str
    reason: str
    reserved_units: int


@fact(name="growth.deposit_paid")
class DepositPaid:
    """A shopper paid the deposit of a reservation. Not told of one whose order was called off at once.

    amount      what is a deposit by law; prepayment: what was paid beyond it
    """

    reservation_id: str
    presale_id: str
    order_number: str
    sku: str
    quantity: int
    amount_minor: int
    prepayment_minor: int = 0
    currency: str


@fact(name="growth.balance_paid")
class BalancePaid:
    """A shopper paid the balance of a reservation: it is an ordinary order now. Told once per reservation.

    amount  of the balance by the terms, before coupons, points and postage
    saved   what all of it, deposit included, costs less than at the list price; 0 where that is not known
    """

    reservation_id: str
    presale_id: str
    order_number: str
    sku: str
    quantity: int
    amount_minor: int
    deposit_minor: int
    saved_minor: int = 0
    currency: str


@fact(name="growth.deposit_forfeited")
class DepositForfeited:
    """The balance was not paid in its window, so the deposit is kept; what was prepaid beyond it goes back."""

    reservation_id: str
    presale_id: str
    order_number: str
    sku: str
    quantity: int
    amount_minor: int
    prepayment_minor: int = 0
    currency: str


@fact(name="growth.deposit_returned")
class DepositReturned:
    """A deposit goes back.

    reason   seller_cancelled, force_majeure, or order_refunded for pieces of a finished order that came back
    amount   deposit and prepayment that go back the way they came
    doubled  what the shop pays on top of it into the wallet, because it broke the contract
    """

    reservation_id: str
    presale_id: str
    order_number: str
    sku: str
    quantity: int
    reason: str
    amount_minor: int
    doubled_minor: int = 0
    currency: str
