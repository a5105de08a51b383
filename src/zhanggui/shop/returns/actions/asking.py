"""Asking for a return, and deciding about it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from zhanggui.base import clock
from zhanggui.base.jobs.actions import later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind, job
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.actions.agreeing import agree, pieces_for, set_aside
from zhanggui.shop.returns.actions.inspecting import finish_in_time
from zhanggui.shop.returns.actions.moving import close, lock_order, move, order_for, return_for, said
from zhanggui.shop.returns.errors import NothingChosen, NotReturnable, PictureNotAllowed
from zhanggui.shop.returns.queries import Offer
from zhanggui.shop.returns.rules import Answer, Kept, Reason, Return, Slot, State, Wish
from zhanggui.spine.facts.returns import ReturnAccepted, ReturnRequested
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def request(
    *,
    order_number: str,
    units: Mapping[int, int],
    reason: Reason,
    wish: Wish = Wish.REFUND,
    wanted: Mapping[int, str] | None = None,
    words: str = "",
    pictures: Sequence[Kept] = (),
    is_kept: bool = False,
    idempotency_key: str = "",
    trail: Trail,
    by: Actor,
) -> str:
    """Ask to give pieces of an order back; the return's number. Approved at once where the rule says yes.

    Somebody of the shop who asks for the shopper decides by that: only what is not there is refused then.

    units    pieces by line position, > 0
    wanted   what is wanted for each line in an exchange, a SKU by position; the same again if it is left out. At
             another price the difference is paid, or paid back; somebody of the shop may name any SKU
    is_kept  the goods stay with the shopper; only somebody of the shop may say so
    refuses  NoSuchOrder, NothingChosen, NotReturnable, CannotExchange, OutOfStock of what is wanted, WordsMissing,
             PictureNotAllowed; nothing is written
    tells    shop.return_requested, shop.return_accepted if no person has to look at it; supply.stock_held for an
             exchange that is approved, and shop.exchange_due if it costs more
    """
    order = order_for(order_number, trail=trail, by=by)
    lock_order(order_number)
    words, is_staff = said(words, needed=False), by.kind is not ActorKind.CUSTOMER
    answers = _judged(order, units, reason=reason, is_staff=is_staff)
    if len(pictures) > rules.MOST_PICTURES:
        raise PictureNotAllowed(reason="number", most=rules.MOST_PICTURES)
    slots = _slots(order, units)
    instead = agree(order, units, wanted or {}, is_staff=is_staff) if wish is Wish.EXCHANGE else {}
    found = _write(
        order, slots, reason=reason, wish=wish, instead=instead, words=words, pictures=pictures, trail=trail, by=by
    )
    if is_staff or all(answer is Answer.YES for answer in answers):
        _approve(found, is_kept=is_kept and is_staff, by=by if is_staff else job("returns.approve"))
    return found.number


@operation
def approve(*, return_number: str, is_kept: bool = False, trail: Trail, by: Actor) -> None:
    """Let the goods come back, after a person has looked at it.

    is_kept  the goods stay with the shopper; the money goes back at once
    refuses  NoSuchReturn, StepRefused; OutOfStock of what is wanted in an exchange
    tells    shop.return_accepted; for an exchange supply.stock_held, and shop.exchange_due if it costs more
    """
    _approve(return_for(return_number, trail=trail, by=by), is_kept=is_kept, by=by)


@operation
def refuse(*, return_number: str, words: str, trail: Trail, by: Actor) -> None:
    """Do not let the goods come back, and say why.

    words    for the shopper, in a sentence
    refuses  NoSuchReturn, StepRefused, WordsMissing
    tells    shop.return_closed
    """
    found = return_for(return_number, trail=trail, by=by)
    close(found, to=State.REFUSED, by=by, refused_why=said(words, needed=True))


@operation
def withdraw(*, return_number: str, trail: Trail, by: Actor) -> None:
    """Call a return off before the goods have arrived; its pieces may be given back another time.

    refuses  NoSuchReturn, for another shopper's too; StepRefused
    tells    shop.return_closed
    """
    close(return_for(return_number, trail=trail, by=by), to=State.WITHDRAWN, by=by)


def _judged(order: Order, units: Mapping[int, int], *, reason: Reason, is_staff: bool) -> list[Answer]:
    """What the rule says to every line that is asked for."""
    if not units:
        raise NothingChosen(order_number=order.number)
    offered = {offer.line.position: offer for offer in queries.offers(order, at=clock.now())}
    return [
        _answer(order, offered.get(position), position, asked, reason=reason, is_staff=is_staff)
        for position, asked in sorted(units.items())
    ]


def _answer(order: Order, offer: Offer | None, position: int, asked: int, *, reason: Reason, is_staff: bool) -> Answer:
    if offer is None or not 0 < asked <= offer.left_units:
        raise NotReturnable(order_number=order.number, position=position, reasons=(rules.Why.NOTHING_LEFT,))
    judgement = offer.judged(reason)
    if is_staff and order.state in order_rules.STANDS:
        return Answer.YES
    if judgement.answer is Answer.NO:
        raise NotReturnable(order_number=order.number, position=position, reasons=judgement.whys)
    return judgement.answer


def _slots(order: Order, units: Mapping[int, int]) -> tuple[Slot, ...]:
    claimed = queries.claimed_slots(order.number)
    return tuple(
        slot
        for position, asked in sorted(units.items())
        for slot in rules.free_slots(order.line(position), claimed=claimed, units=asked)
    )


def _write(
    order: Order,
    slots: Sequence[Slot],
    *,
    reason: Reason,
    wish: Wish,
    instead: Mapping[int, str],
    words: str,
    pictures: Sequence[Kept],
    trail: Trail,
    by: Actor,
) -> Return:
    back = queries.back_for(order, slots, reason=reason)
    now = clock.now()
    number = _new_number(order.shop, at=now)
    pieces = pieces_for(order, number, back, instead=instead)
    values = [queries.piece_value(piece, order.total.currency) for piece in pieces]
    fact = ReturnRequested(
        order_number=order.number,
        return_number=number,
        lines=rules.told_lines(values),
        reason=reason,
        wish=wish,
        amount_minor=back.goods.minor,
        currency=order.total.currency,
    )
    its_trail = order.trail if trail.cause is None else order.trail.after(trail.cause)
    models.Return.objects.create(
        number=number,
        shop=order.shop,
        order_number=order.number,
        state=State.REQUESTED,
        reason=reason,
        wish=wish,
        words=words,
        currency=order.total.currency,
        expected_minor=back.total.minor if wish is Wish.REFUND else rules.saved(values),
        requested_fact=record(fact, by=by, trail=its_trail, subject=f"return:{number}"),
        requested_at=now,
    )
    models.Piece.objects.bulk_create(pieces)
    models.Picture.objects.bulk_create(
        models.Picture(return_of_id=number, position=position, digest=kept.digest, kind=kept.kind)
        for position, kept in enumerate(pictures, start=1)
    )
    return queries.return_by_number(number)


def _new_number(shop: str, *, at: datetime) -> str:
    """A return's number: R and one like an order's, with the shop's day and noise in it."""
    day = clock.day_of(at, shops.shop(shop).zone)
    return f"R{order_rules.order_number(day, noise=secrets.randbits(order_rules.NOISE_BITS))}"


def _approve(found: Return, *, is_kept: bool, by: Actor) -> None:
    order = orders.order_by_number(found.order_number)
    # A file or a service does not travel back.
    is_kept = is_kept or not any(order.line(piece.slot.position).needs_shipping for piece in found.pieces)
    move(found.number, to=State.APPROVED, approved_at=clock.now(), is_kept=is_kept)
    fact = ReturnAccepted(
        order_number=order.number,
        return_number=found.number,
        is_kept=is_kept,
        amount_minor=found.expected.minor,
        currency=found.expected.currency,
    )
    record(fact, by=by, trail=order.trail.after(found.requested_fact), subject=f"return:{found.number}")
    if found.wish is Wish.EXCHANGE:
        set_aside(found, order, by=by)
    if is_kept:
        move(found.number, to=State.INSPECTED, inspected_at=clock.now())
    if is_kept and found.wish is Wish.REFUND:
        later(finish_in_time, return_number=found.number)
