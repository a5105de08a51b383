"""What the sandbox does: take charges, let people decide, give money back, and note down what it has to tell."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.doors.sandbox import rules
from zhanggui.doors.sandbox.errors import (
    AlreadyDecided,
    BadlyAsked,
    ChargeDiffers,
    NoSuchCharge,
    NoSuchRefund,
    TimeIsOver,
    TooMuch,
)
from zhanggui.doors.sandbox.rules import (
    Call,
    Charge,
    Choice,
    Method,
    News,
    Plan,
    Refund,
    RefundState,
    State,
    Terms,
    Trouble,
)
from zhanggui.doors.sandbox.store import books, charge_of, insert, refund_of

# 1 is the provider's own pace; tests run the hours of a schedule in seconds.
PACE = float(os.environ.get("ZHANGGUI_SANDBOX_PACE", "1"))
_ODD_CHOICES = (Choice.PAY_LATE, Choice.DECLINE)


def at_our_pace(wait: timedelta) -> timedelta:
    """How long something takes here that takes so long at the provider."""
    return wait * PACE


def open_charge(method: Method, terms: Terms, *, reference: str = "") -> Charge:
    """Take what a merchant asks for; the same payment is the same charge.

    refuses  BadlyAsked without an amount, ChargeDiffers
    """
    if terms.amount.minor <= 0:
        raise BadlyAsked(code="amount", reason="an amount is more than nothing")
    with books(is_writing=True) as db:
        found = _find(db, "method = ? and merchant = ? and payment_id = ?", method, terms.merchant, terms.payment_id)
        if found is None:
            token = secrets.token_urlsafe(24)
            _insert_charge(db, token, method, terms, reference=reference or token)
            return _get(db, token)
    if (found.terms.order_number, found.terms.amount) != (terms.order_number, terms.amount):
        raise ChargeDiffers(payment_id=terms.payment_id)
    return found


def decide(*, token: str, choice: Choice) -> Charge:
    """Pay or decline a charge, once, and note down what the shop's server is to be told.

    refuses  NoSuchCharge, AlreadyDecided; TimeIsOver unless paying late was chosen
    """
    now = clock.now()
    with books(is_writing=True) as db:
        charge = _get(db, token)
        is_late = now >= charge.terms.expires_at or charge.state is State.CLOSED
        if charge.state is State.PAID or not (charge.can_be_paid or choice is Choice.PAY_LATE):
            raise AlreadyDecided(state=charge.state)
        if is_late and choice not in _ODD_CHOICES:
            raise TimeIsOver(payment_id=charge.terms.payment_id)
        told = rules.plans(charge.method, charge.terms, choice)
        if choice is Choice.DECLINE:
            _mark(db, token, State.DECLINED)
        else:
            transaction_id = _number_of_money(charge.method)
            _take(db, token, transaction_id, amount=rules.told_amount(charge.terms, choice), at=now)
        _say(db, _get(db, token), told, at=now)
        return _get(db, token)


def close(*, token: str) -> Charge:
    """End a charge so that nobody can pay it in the ordinary way.

    refuses  NoSuchCharge, AlreadyDecided if it is paid
    """
    with books(is_writing=True) as db:
        charge = _get(db, token)
        if charge.state is State.PAID:
            raise AlreadyDecided(state=charge.state)
        if charge.state is not State.CLOSED:
            _mark(db, token, State.CLOSED)
            if charge.method is Method.STRIPE:
                _say(db, charge, (Plan(news=News.CLOSED, amount=charge.terms.amount),), at=clock.now())
        return _get(db, token)


def give_back(*, token: str, number: str, amount: Money, reason: str, trouble: Trouble | None = None) -> Refund:
    """Send money back; the same number is the same refund.

    trouble  REFUND_LATER and REFUND_REFUSED decide how it ends
    refuses  NoSuchCharge, AlreadyDecided if no money came, ChargeDiffers for the number with another amount, TooMuch
    """
    now = clock.now()
    with books(is_writing=True) as db:
        charge = _get(db, token)
        row = db.execute("select * from refund where token = ? and number = ?", [token, number]).fetchone()
        if row is not None:
            if refund_of(row).amount != amount:
                raise ChargeDiffers(payment_id=number)
            return refund_of(row)
        _check_refund(db, charge, amount)
        becomes = RefundState.REFUSED if trouble is Trouble.REFUND_REFUSED else RefundState.DONE
        is_odd = trouble in {Trouble.REFUND_LATER, Trouble.REFUND_REFUSED}
        due_at = now + at_our_pace(rules.REFUND_AFTER) if is_odd else now
        id = f"re_{secrets.token_hex(12)}" if charge.method is Method.STRIPE else ids.uuid7().hex
        insert(
            db,
            "refund",
            id=id,
            token=token,
            number=number,
            amount_minor=amount.minor,
            currency=amount.currency,
            state=RefundState.ACCEPTED,
            reason=reason,
            asked_at=now.timestamp(),
            due_at=due_at.timestamp(),
            becomes=becomes,
        )
        if not is_odd:
            end_refunds(db, at=now)
        return refund_of(db.execute("select * from refund where id = ?", [id]).fetchone())


def end_refunds(db: sqlite3.Connection, *, at: datetime) -> None:
    """Pay out, or refuse, what is due by now, and note down what the shop's server is to be told."""
    for row in db.execute("select * from refund where due_at <= ?", [at.timestamp()]).fetchall():
        state = RefundState(row["becomes"])
        db.execute(
            "update refund set state = ?, ended_at = ?, due_at = null where id = ?", [state, at.timestamp(), row["id"]]
        )
        refund, charge = refund_of(row), _get(db, row["token"])
        news = News.REFUNDED if state is RefundState.DONE else News.REFUND_REFUSED
        if not (charge.method is Method.ALIPAY and news is News.REFUND_REFUSED):  # Alipay is silent about it
            _say(db, charge, (Plan(news=news, amount=refund.amount),), at=at, refund_id=refund.id)


def find(name: str, *, method: Method | None = None) -> Charge:
    """The charge of a token, a reference, or a transaction, or with a method of the merchant's payment id.

    refuses  NoSuchCharge
    """
    with books() as db:
        found = _find(db, "token = ? or reference = ? or (transaction_id = ? and transaction_id <> '')", *[name] * 3)
        if found is None and method is not None:
            found = _find(db, "method = ? and payment_id = ?", method, name)
    if found is None or (method is not None and found.method is not method):
        raise NoSuchCharge(name=name)
    return found


def find_refund(number: str, *, token: str = "") -> Refund:
    """The refund of the merchant's number or of our id.

    token    of the charge, where the merchant's number is only unique with it
    refuses  NoSuchRefund
    """
    with books() as db:
        row = db.execute(
            "select * from refund where (number = ? or id = ?) and (? = '' or token = ?)",
            [number, number, token, token],
        ).fetchone()
    if row is None:
        raise NoSuchRefund(number=number)
    return refund_of(row)


def refunds_of(token: str) -> tuple[Refund, ...]:
    """All refunds of a charge, oldest first."""
    with books() as db:
        rows = db.execute("select * from refund where token = ? order by asked_at, id", [token]).fetchall()
    return tuple(refund_of(row) for row in rows)


def moved_on(
    method: Method, merchant: str, day: date, zone: tzinfo
) -> tuple[tuple[Charge, ...], tuple[tuple[Charge, Refund], ...]]:
    """What came in and what went back on a day of that zone: charges, and refunds with their charge; oldest first.

    merchant  empty for all
    """
    begin = datetime.combine(day, datetime.min.time(), tzinfo=zone)
    between = [begin.timestamp(), (begin + timedelta(days=1)).timestamp()]
    with books() as db:
        paid = db.execute(
            "select * from charge where method = ? and ? in (merchant, '') and paid_at >= ? and paid_at < ?"
            " order by paid_at",
            [method, merchant, *between],
        ).fetchall()
        back = db.execute(
            "select r.* from refund r join charge c using (token) where c.method = ? and ? in (c.merchant, '')"
            " and r.state = 'done' and r.ended_at >= ? and r.ended_at < ? order by r.ended_at",
            [method, merchant, *between],
        ).fetchall()
        refunds = tuple((_get(db, row["token"]), refund_of(row)) for row in back)
    return tuple(charge_of(row) for row in paid), refunds


def trouble_with(method: Method, call: Call, *, payment_id: str = "", amount: Money | None = None) -> Trouble | None:
    """What is to go wrong with this call, once less often from now on; None if nothing is."""
    with books(is_writing=True) as db:
        row = db.execute(
            "select id, trouble from trouble where method = ? and call = ? and times_left > 0"
            " and payment_id in ('', ?) and amount_minor in (0, ?) order by id limit 1",
            [method, call, payment_id, amount.minor if amount else -1],
        ).fetchone()
        if row is None:
            return None
        db.execute("update trouble set times_left = times_left - 1 where id = ?", [row["id"]])
    return Trouble(row["trouble"])


def make_trouble(
    method: Method, call: Call, trouble: Trouble, *, payment_id: str = "", amount_minor: int = 0, times: int = 1
) -> None:
    """Let calls go wrong so many times: those about a payment, about an amount, or any."""
    with books(is_writing=True) as db:
        insert(
            db,
            "trouble",
            method=method,
            call=call,
            trouble=trouble,
            payment_id=payment_id,
            amount_minor=amount_minor,
            times_left=times,
        )


def _check_refund(db: sqlite3.Connection, charge: Charge, amount: Money) -> None:
    if charge.state is not State.PAID:
        raise AlreadyDecided(state=charge.state)
    given = db.execute(
        "select coalesce(sum(amount_minor), 0) from refund where token = ? and state <> 'refused'", [charge.token]
    ).fetchone()[0]
    left = charge.terms.amount.minor - given
    if amount.minor > left or amount.currency != charge.terms.amount.currency:
        raise TooMuch(left_minor=left)


def _say(db: sqlite3.Connection, charge: Charge, told: Sequence[Plan], *, at: datetime, refund_id: str = "") -> None:
    """Note down messages; a second payment is a transaction of its own, and the last choice decides the first."""
    has_paid = False
    for number, plan in enumerate(told):
        transaction_id = charge.transaction_id if plan.news not in {News.DECLINED, News.CLOSED} else ""
        if plan.news is News.PAID and has_paid:
            transaction_id = _number_of_money(charge.method)
        has_paid = has_paid or plan.news is News.PAID
        # The second message waits a moment for the first: what comes out of order comes in this one.
        due_at = at + at_our_pace(plan.after) + timedelta(milliseconds=50) * number
        insert(
            db,
            "saying",
            id=f"evt_{ids.uuid7().hex}",
            token=charge.token,
            news=plan.news,
            transaction_id=transaction_id,
            amount_minor=plan.amount.minor,
            currency=plan.amount.currency,
            refund_id=refund_id,
            is_forged=plan.is_forged,
            tries=0,
            copies=plan.copies,
            said_at=at.timestamp(),
            due_at=due_at.timestamp(),
        )


def _insert_charge(db: sqlite3.Connection, token: str, method: Method, terms: Terms, *, reference: str) -> None:
    insert(
        db,
        "charge",
        token=token,
        method=method,
        merchant=terms.merchant,
        payment_id=terms.payment_id,
        order_number=terms.order_number,
        amount_minor=terms.amount.minor,
        currency=terms.amount.currency,
        expires_at=terms.expires_at.timestamp(),
        return_to=terms.return_to,
        cancel_to=terms.cancel_to,
        notify_to=terms.notify_to,
        language=terms.language,
        state=State.OPEN,
        reference=reference,
        transaction_id="",
        told_minor=terms.amount.minor,
        told_currency=terms.amount.currency,
        opened_at=clock.now().timestamp(),
    )


def _take(db: sqlite3.Connection, token: str, transaction_id: str, *, amount: Money, at: datetime) -> None:
    db.execute(
        "update charge set state = ?, transaction_id = ?, told_minor = ?, told_currency = ?, paid_at = ?"
        " where token = ?",
        [State.PAID, transaction_id, amount.minor, amount.currency, at.timestamp(), token],
    )


def _mark(db: sqlite3.Connection, token: str, state: State) -> None:
    db.execute("update charge set state = ? where token = ?", [state, token])


def _find(db: sqlite3.Connection, where: str, *values: str) -> Charge | None:
    row = db.execute(f"select * from charge where {where} order by opened_at desc limit 1", values).fetchone()
    return charge_of(row) if row is not None else None


def _get(db: sqlite3.Connection, token: str) -> Charge:
    found = _find(db, "token = ?", token)
    if found is None:
        raise NoSuchCharge(name=token)
    return found


def _number_of_money(method: Method) -> str:
    """A transaction's number, as long and of the signs that the provider uses."""
    if method is Method.STRIPE:
        return f"pi_{secrets.token_hex(12)}"
    if method is Method.PLAIN:
        return f"tx-{ids.uuid7()}"
    today = clock.now().strftime("%Y%m%d")
    width = {Method.ALIPAY: 20, Method.WECHAT: 14}[method]
    start = {Method.ALIPAY: today, Method.WECHAT: f"420000{today}"}[method]
    return start + "".join(secrets.choice("0123456789") for _ in range(width))
