"""What the sandbox charges, what it says about it, and the ways in which it can go wrong on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhanggui.base.money import Money

LANGUAGES = ("zh-hans", "en")
CNY = "CNY"


class Method(StrEnum):
    """Whose protocol a charge came by; PLAIN is our own, a signed address."""

    PLAIN = "sandbox"
    STRIPE = "stripe"
    ALIPAY = "alipay"
    WECHAT = "wechat"


class State(StrEnum):
    """How a charge stands; only OPEN and DECLINED ones can still be paid in the ordinary way."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    CLOSED = "closed"


class RefundState(StrEnum):
    """How a refund stands: taken in, paid out, or refused by the bank."""

    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


class Choice(StrEnum):
    """What whoever stands before the page may do; all but the first two are ways to try the shop.

    PAY_LATE           pay although the deadline is past, or the shop has cancelled
    PAY_TWICE          two transactions for one payment
    PAY_AND_LEAVE      pay and close the window: only the notification tells
    PAY_LESS           one minor unit less than was asked for
    OTHER_CURRENCY     the same figure in another currency
    TELL_LATE          the notification waits for ten minutes
    TELL_AGAIN         the notification comes twice
    TELL_OUT_OF_ORDER  what came before the payment is told after it
    TELL_NEVER         no notification: the shop has to ask
    TELL_FORGED        the notification is signed with a key that is not ours
    """

    PAY = "pay"
    DECLINE = "decline"
    PAY_LATE = "pay_late"
    PAY_TWICE = "pay_twice"
    PAY_AND_LEAVE = "pay_and_leave"
    PAY_LESS = "pay_less"
    OTHER_CURRENCY = "other_currency"
    TELL_LATE = "tell_late"
    TELL_AGAIN = "tell_again"
    TELL_OUT_OF_ORDER = "tell_out_of_order"
    TELL_NEVER = "tell_never"
    TELL_FORGED = "tell_forged"


class Call(StrEnum):
    """What a shop's server asks of a provider."""

    BEGIN = "begin"
    ASK = "ask"
    CLOSE = "close"
    REFUND = "refund"
    ASK_REFUND = "ask_refund"
    BILL = "bill"


class Trouble(StrEnum):
    """How a call of the shop's server goes wrong.

    HANG             it is done, but the answer takes half a minute
    CUT              it is done, but the connection ends in the middle of the answer
    FAIL             it is not done: 500
    REFUND_LATER     a refund is taken in and paid out an hour later
    REFUND_REFUSED   a refund is taken in and refused afterwards
    EXTRA_ROW        the bill has a payment that nobody made
    MISSING_ROW      the bill lacks the first payment
    """

    HANG = "hang"
    CUT = "cut"
    FAIL = "fail"
    REFUND_LATER = "refund_later"
    REFUND_REFUSED = "refund_refused"
    EXTRA_ROW = "extra_row"
    MISSING_ROW = "missing_row"


class News(StrEnum):
    """What a message tells."""

    PAID = "paid"
    DECLINED = "declined"
    CLOSED = "closed"
    REFUNDED = "refunded"
    REFUND_REFUSED = "refund_refused"


LATE_BY = timedelta(minutes=10)
REFUND_AFTER = timedelta(hours=1)
HANGS_FOR = timedelta(seconds=30)


def _minutes(*waits: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=wait) for wait in waits)


# How long each provider waits before it tells once more, if the shop did not answer as it should (rules.md § 4).
SCHEDULES: dict[Method, tuple[timedelta, ...]] = {
    Method.PLAIN: _minutes(0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 180, 360),
    Method.STRIPE: _minutes(5, 30, 120, 300, 600, 600, 720, 720, 720),
    Method.ALIPAY: _minutes(4, 10, 10, 60, 120, 360, 900),
    Method.WECHAT: _minutes(0.25, 0.25, 0.5, 3, 10, 20, 30, 30, 30, 60, 180, 180, 180, 360, 360),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a merchant asks the sandbox to charge.

    merchant    our number at the provider: an application or a merchant id
    payment_id  the merchant's own id; the same one is the same charge
    cancel_to   where a shopper goes who walks away
    """

    merchant: str
    payment_id: str
    order_number: str
    amount: Money
    expires_at: datetime
    return_to: str
    cancel_to: str
    notify_to: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge as the sandbox keeps it.

    reference       the provider's name for it: a session, a prepayment
    transaction_id  of the money that moved, empty if none did
    told            what is said about the amount, which is another one if that was chosen
    """

    token: str
    method: Method
    terms: Terms
    state: State
    reference: str
    transaction_id: str
    told: Money
    opened_at: datetime
    paid_at: datetime | None

    @property
    def can_be_paid(self) -> bool:
        """Whether money may still come in the ordinary way."""
        return self.state in {State.OPEN, State.DECLINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money on its way back.

    id      the provider's id
    number  the merchant's own; the same one is the same refund
    """

    id: str
    token: str
    number: str
    amount: Money
    state: RefundState
    reason: str
    asked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing that the sandbox tells the shop until it has heard.

    id              of the event; the same message told again has the same
    transaction_id  of the money that moved, empty if none did
    tries           how often it was told in vain
    copies          how often it is still to be told
    """

    id: str
    token: str
    news: News
    transaction_id: str
    amount: Money
    refund_id: str
    is_forged: bool
    tries: int
    copies: int
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A message that a choice leads to, before it has an id and a time.

    after  how long it waits
    """

    news: News
    amount: Money
    after: timedelta = timedelta()
    copies: int = 1
    is_forged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it is sent."""

    address: str
    body: bytes
    headers: dict[str, str]


def told_amount(terms: Terms, choice: Choice) -> Money:
    """What the sandbox says was paid."""
    amount = terms.amount
    if choice is Choice.PAY_LESS:
        return Money(amount.minor - 1, amount.currency)
    if choice is Choice.OTHER_CURRENCY:
        return Money(amount.minor, "USD" if amount.currency != "USD" else CNY)
    return amount


def plans(method: Method, terms: Terms, choice: Choice) -> tuple[Plan, ...]:
    """The messages that follow a choice, in the order in which they are sent.

    Alipay and WeChat Pay say nothing about a shopper who declines: the charge stays open.
    """
    amount = told_amount(terms, choice)
    paid = Plan(news=News.PAID, amount=amount)
    declined = Plan(news=News.DECLINED, amount=amount)
    if choice is Choice.DECLINE:
        return (declined,) if method in {Method.PLAIN, Method.STRIPE} else ()
    return {
        Choice.PAY_TWICE: (paid, paid),
        Choice.TELL_LATE: (Plan(news=News.PAID, amount=amount, after=LATE_BY),),
        Choice.TELL_AGAIN: (Plan(news=News.PAID, amount=amount, copies=2),),
        Choice.TELL_OUT_OF_ORDER: (paid, declined),
        Choice.TELL_NEVER: (),
        Choice.TELL_FORGED: (Plan(news=News.PAID, amount=amount, is_forged=True),),
    }.get(choice, (paid,))


def wait_before(method: Method, tries: int) -> timedelta | None:
    """How long until a message is told once more after so many vain tries; None when the provider gives up."""
    schedule = SCHEDULES[method]
    return schedule[tries - 1] if tries <= len(schedule) else None
