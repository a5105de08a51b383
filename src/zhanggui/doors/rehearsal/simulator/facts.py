"""The facts of a month: orders and all that follows from them, told as the rooms of the house tell them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator import baskets, columns, people
from zhanggui.doors.rehearsal.simulator.columns import Ids, Rows
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, DAY_US, OFFSET_US, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.prices import Repriced
from zhanggui.doors.rehearsal.simulator.sights import Wording
from zhanggui.doors.rehearsal.simulator.telling import Orders, Places, Teller

_PROVIDERS: Final = pa.array(["wechat", "alipay", "card"])
_PROVIDER_SHARES: Final = np.array([0.50, 0.43, 0.07])
_CARRIERS: Final = pa.array(["sf-express", "zto", "yto", "jd-logistics", "ems"])
_CARRIER_SHARES: Final = np.array([0.34, 0.24, 0.18, 0.19, 0.05])
_CANCEL_REASONS: Final = pa.array(["changed_mind", "wrong_address", "found_elsewhere", "ordered_twice"])
_CANCEL_SHARES: Final = np.array([0.46, 0.20, 0.22, 0.12])
_RETURN_REASONS: Final = pa.array(["not_as_expected", "wrong_size", "damaged", "changed_mind", "wrong_item"])
_RETURN_SHARES: Final = np.array([0.34, 0.22, 0.12, 0.26, 0.06])
_HOUR_US: Final = 3_600_000_000
# The steps of one transaction follow each other this closely.
_TICK_US: Final = 1_000
# Crockford's base 32, as order numbers use it.
_LETTERS: Final = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)
_MONEY: Final = f',"currency":"{CURRENCY}"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A month's facts, and the numbers of its orders.

    placed, delivered  ids by order, none for those that were not delivered
    """

    rows: Rows
    numbers: pa.Array
    placed: Ids
    delivered: Ids


def facts_in(plan: Plan, orders: Orders, wording: Wording, rng: np.random.Generator) -> Told:
    """All facts that the month's orders lead to, those that come true in later months too."""
    numbers = _numbers(orders.placed_us, rng)
    teller = Teller(plan=plan, orders=orders, numbers=numbers, wording=wording, rng=rng)
    placed = _placing(teller)
    settled = _paying(teller, placed)
    _giving_up(teller, placed)
    delivered = _delivering(teller, settled)
    _returning(teller, delivered)
    _reviewing(teller, delivered)
    return Told(rows=columns.stacked(teller.parts), numbers=numbers, placed=placed, delivered=delivered)


def sent_back(plan: Plan, orders: Orders, told: Told, wording: Wording, rng: np.random.Generator) -> Rows:
    """What follows from further returns of a month's orders, after all else was told: `orders.returned` holds them."""
    teller = Teller(plan=plan, orders=orders, numbers=told.numbers, wording=wording, rng=rng)
    _returning(teller, told.delivered)
    return columns.stacked(teller.parts)


def redeemed(
    plan: Plan, orders: Orders, told: Told, wording: Wording, *, offer: str, given: Ints, rng: np.random.Generator
) -> Rows:
    """That all these orders used a coupon of an offer, and what it took off each."""
    teller = Teller(plan=plan, orders=orders, numbers=told.numbers, wording=wording, rng=rng)
    everyone = np.arange(len(orders.rank))
    teller.tell(
        "growth.promotion_redeemed",
        everyone,
        orders.placed_us + _TICK_US,
        told.placed,
        body=(
            f'"promotion_id":"{offer}","kind":"coupon_rate","coupon_id":"","funded_by":"shop","amount_minor":',
            *(columns.digits(given), _MONEY),
        ),
        actor=teller.shopper(everyone),
        amount_minor=pa.array(given),
        currency=CURRENCY,
    )
    return columns.stacked(teller.parts)


def received(plan: Plan, wording: Wording, *, goods: Ints, units: Small, at_us: Ints, rng: np.random.Generator) -> Rows:
    """Pieces come into the house."""
    sku = columns.taken(wording.sku, goods)
    body = ('{"sku":"', sku, '","quantity":', columns.digits(units), ',"warehouse":"main"}')
    return _about_goods(plan, "supply.stock_received", sku, at_us, rng, quantity=pa.array(units), body=body)


def written_off(
    plan: Plan, wording: Wording, *, goods: Ints, units: Small, at_us: Ints, rng: np.random.Generator
) -> Rows:
    """Pieces that could have been sold are lost."""
    sku = columns.taken(wording.sku, goods)
    body = (
        *('{"sku":"', sku, '","warehouse":"main","quantity":', columns.digits(units)),
        ',"was_sellable":true,"reason":"water"}',
    )
    return _about_goods(plan, "supply.stock_written_off", sku, at_us, rng, quantity=pa.array(units), body=body)


def repriced(plan: Plan, wording: Wording, change: Repriced, rng: np.random.Generator) -> Rows:
    """From the first moment of a day one of the goods costs something else."""
    item = plan.goods[change.goods]
    told = f'{{"sku":"{item.sku}","was_minor":{item.price_minor},"amount_minor":{change.price_minor}{_MONEY}'
    at_us = np.array([plan.start_us + change.start * DAY_US], np.int64)
    return _about_goods(
        plan,
        "shop.price_changed",
        columns.taken(wording.sku, np.array([change.goods])),
        at_us,
        rng,
        amount_minor=pa.array([change.price_minor]),
        currency=CURRENCY,
        body=(pa.array([told]), ""),
    )


def _about_goods(
    plan: Plan,
    name: str,
    sku: pa.Array,
    at_us: Ints,
    rng: np.random.Generator,
    *,
    body: tuple[str | pa.Array, ...],
    **given: str | pa.Array,
) -> Rows:
    """A fact about each of some goods, that nobody's visit led to."""
    by = {"actor": "job:warehouse", "subject": columns.joined("sku:", sku), "sku": sku}
    return columns.rows(
        shop=plan.shop,
        ids=columns.new_ids(at_us, rng),
        cause=columns.no_ids(len(at_us)),
        at_us=at_us,
        rank=np.full(len(at_us), -1, np.int32),
        rng=rng,
        told={"name": name, "body": columns.joined(*body)} | by | given,
    )


def _placing(teller: Teller) -> Ids:
    orders, at_us = teller.orders, teller.orders.placed_us
    everyone = np.arange(len(orders.rank))
    new = np.flatnonzero(orders.is_new)
    customer = columns.taken(orders.customer_id, new)
    teller.tell(
        "shop.customer_registered",
        new,
        at_us[new] - 2 * _TICK_US,
        orders.left_on[new],
        about=False,
        told=orders.is_registered[new],
        body=('{"customer_id":"', customer, '"}'),
        actor=teller.shopper(new),
        subject=columns.joined("customer:", customer),
    )
    goods_minor = orders.goods_minor
    shipping_minor = baskets.shipping_minor(goods_minor)
    lines = teller.lines(everyone)
    placed = teller.tell(
        "shop.order_placed",
        everyone,
        at_us,
        orders.left_on,
        body=(
            *('"customer_id":"', orders.customer_id, '","lines":[', lines.json, '],"goods_minor":'),
            *(columns.digits(goods_minor), ',"discount_minor":', columns.digits(-orders.discount_minor)),
            *(',"shipping_minor":', columns.digits(shipping_minor), ',"amount_minor":'),
            *(columns.digits(goods_minor + shipping_minor), _MONEY),
        ),
        actor=teller.shopper(everyone),
        lines=lines.column,
        amount_minor=pa.array(goods_minor + shipping_minor),
        currency=CURRENCY,
    )
    _move_stock(teller, "supply.stock_held", everyone, at_us + _TICK_US, placed, by=teller.shopper(everyone))
    return placed


def _paying(teller: Teller, placed: Ids) -> Ids:
    """Attempts to pay for all orders, money for those that are paid; ids by order, none for the others."""
    orders, fate = teller.orders, teller.orders.fate
    everyone, count = np.arange(len(orders.rank)), len(orders.rank)
    amount = orders.goods_minor + baskets.shipping_minor(orders.goods_minor)
    provider = columns.taken(_PROVIDERS, people.chosen(_PROVIDER_SHARES, count, teller.rng))
    payment = columns.uuid_texts(columns.new_ids(orders.placed_us, teller.rng))
    asked = ('"payment_id":"', payment, '","provider":"', provider, '","amount_minor":', columns.digits(amount), _MONEY)
    started = teller.tell(
        "shop.payment_started",
        everyone,
        orders.placed_us + 2 * _TICK_US,
        placed,
        body=asked,
        actor=teller.shopper(everyone),
        subject=columns.joined("payment:", payment),
        amount_minor=pa.array(amount),
        currency=CURRENCY,
    )
    paid = np.flatnonzero(fate.is_paid)
    lines = teller.lines(paid)
    payment, provider = columns.taken(payment, paid), columns.taken(provider, paid)
    settled = columns.no_ids(count)
    settled[paid] = teller.tell(
        "shop.payment_settled",
        paid,
        fate.ended_us[paid],
        started[paid],
        body=(
            *('"payment_id":"', payment, '","provider":"', provider, '","lines":[', lines.json),
            *('],"amount_minor":', columns.digits(amount[paid]), _MONEY),
        ),
        actor=columns.joined("partner:", provider),
        subject=columns.joined("payment:", payment),
        lines=lines.column,
        amount_minor=pa.array(amount[paid]),
        currency=CURRENCY,
    )
    return settled


def _giving_up(teller: Teller, placed: Ids) -> None:
    fate = teller.orders.fate
    goods_minor = teller.orders.goods_minor
    amount = goods_minor + baskets.shipping_minor(goods_minor)
    cancelled = np.flatnonzero(~fate.is_paid & ~fate.is_expired)
    expired = np.flatnonzero(fate.is_expired)
    reason = columns.taken(_CANCEL_REASONS, people.chosen(_CANCEL_SHARES, len(cancelled), teller.rng))
    why: dict[str, tuple[Ints, tuple[str | pa.Array, ...], str | pa.Array]] = {
        "shop.order_cancelled": (cancelled, ('"reason":"', reason, '",'), teller.shopper(cancelled)),
        "shop.order_expired": (expired, (), "job:orders.expire"),
    }
    for name, (chosen, said, by) in why.items():
        ended = teller.tell(
            name,
            chosen,
            fate.ended_us[chosen],
            placed[chosen],
            body=(*said, '"amount_minor":', columns.digits(amount[chosen]), _MONEY),
            actor=by,
            amount_minor=pa.array(amount[chosen]),
            currency=CURRENCY,
        )
        _move_stock(teller, "supply.stock_released", chosen, fate.ended_us[chosen] + _TICK_US, ended, by=by)


def _delivering(teller: Teller, settled: Ids) -> Ids:
    """Parcels of the orders that were paid; ids of their deliveries by order, none for the others."""
    fate, count = teller.orders.fate, len(teller.orders.rank)
    paid = np.flatnonzero(fate.is_paid)
    lines = teller.lines(paid)
    carrier = columns.taken(_CARRIERS, people.chosen(_CARRIER_SHARES, len(paid), teller.rng))
    parcel = columns.joined(teller.number(paid), "-1")
    subject = columns.joined("parcel:", parcel)
    shipped = teller.tell(
        "shop.parcel_shipped",
        paid,
        fate.shipped_us[paid],
        settled[paid],
        body=('"parcel_id":"', parcel, '","carrier":"', carrier, '","lines":[', lines.json, "]}"),
        actor="job:warehouse",
        subject=subject,
        lines=lines.column,
    )
    _move_stock(teller, "supply.stock_shipped", paid, fate.shipped_us[paid] + _TICK_US, shipped, by="job:warehouse")
    delivered = columns.no_ids(count)
    delivered[paid] = teller.tell(
        "shop.parcel_delivered",
        paid,
        fate.delivered_us[paid],
        shipped,
        body=('"parcel_id":"', parcel, '"}'),
        actor=columns.joined("partner:", carrier),
        subject=subject,
    )
    return delivered


def _returning(teller: Teller, delivered: Ids) -> None:
    orders, rng = teller.orders, teller.rng
    own = orders.lines
    chosen = np.flatnonzero(np.bincount(own.order, weights=orders.returned, minlength=len(orders.rank)) > 0)
    back = np.where(own.quantity > 0, orders.returned, 0).astype(np.int32)
    told = np.bincount(own.order, weights=back, minlength=len(orders.rank))[chosen] > 0
    # A line's price is shared out to its pieces in whole fen; the pieces that stay keep what does not divide.
    back_minor = own.amount_minor * back // np.maximum(own.quantity, 1)
    amount = np.bincount(own.order, weights=back_minor, minlength=len(orders.rank)).astype(np.int64)[chosen]
    lines = teller.lines(chosen, quantity=back, amount_minor=back_minor)
    reason = columns.taken(_RETURN_REASONS, people.chosen(_RETURN_SHARES, len(chosen), rng))
    number = columns.joined("R", teller.number(chosen))
    asked_us, arrived_us = _back_at(orders.fate.delivered_us[chosen], rng)
    requested = replace(teller, rng=_beside(rng)).tell(
        "shop.return_requested",
        chosen,
        asked_us,
        delivered[chosen],
        told=told,
        body=(
            *('"return_number":"', number, '","lines":[', lines.json, '],"reason":"', reason),
            *('","wish":"refund","amount_minor":', columns.digits(amount), _MONEY),
        ),
        actor=teller.shopper(chosen),
        subject=columns.joined("return:", number),
        lines=lines.column,
        amount_minor=pa.array(amount),
        currency=CURRENCY,
    )
    received = teller.tell(
        "shop.return_received",
        chosen,
        arrived_us,
        requested,
        told=told,
        body=('"return_number":"', number, '","lines":[', lines.json, '],"reason":"', reason, '"}'),
        actor="job:warehouse",
        subject=columns.joined("return:", number),
        lines=lines.column,
    )
    refund = columns.uuid_texts(columns.new_ids(arrived_us, rng))
    teller.tell(
        "shop.refund_settled",
        chosen,
        arrived_us + (rng.gamma(2.0, 9.0, len(chosen)).clip(0.5, 70) * _HOUR_US).astype(np.int64),
        received,
        told=told,
        body=(
            *('"refund_id":"', refund, '","lines":[', lines.json, '],"reason":"', reason, '","amount_minor":'),
            *(columns.digits(amount), _MONEY),
        ),
        actor="job:refunds",
        subject=columns.joined("refund:", refund),
        lines=lines.column,
        amount_minor=pa.array(amount),
        currency=CURRENCY,
    )


def _reviewing(teller: Teller, delivered: Ids) -> None:
    said = teller.orders.opinions
    chosen = teller.orders.lines.order[said.line]
    sku = columns.taken(teller.wording.sku, said.goods)
    teller.tell(
        "shop.review_published",
        chosen,
        said.at_us,
        delivered[chosen],
        told=teller.orders.lines.quantity[said.line] > 0,
        body=('"sku":"', sku, '","rating":', columns.digits(said.rating), "}"),
        actor=teller.shopper(chosen),
        subject=columns.joined("sku:", sku),
        sku=sku,
    )


def _move_stock(teller: Teller, name: str, chosen: Places, at_us: Ints, cause: Ids, *, by: str | pa.Array) -> None:
    lines = teller.lines(chosen, amount_minor=np.zeros_like(teller.orders.lines.amount_minor))
    teller.tell(
        name,
        chosen,
        at_us,
        cause,
        body=('"lines":[', lines.json, '],"quantity":', columns.digits(lines.units), "}"),
        actor=by,
        lines=lines.column,
        quantity=pa.array(lines.units),
    )


def _back_at(delivered_us: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When returns are asked for and when the parcels come back: within the seven days, three to six more, by day."""
    count = len(delivered_us)
    decided = rng.integers(0, 6, count)
    nights = 2 + decided + rng.integers(1, 5, count)
    midnight_us = (delivered_us + OFFSET_US) // DAY_US * DAY_US - OFFSET_US
    hours_us = (rng.uniform(9, 18, count) * _HOUR_US).astype(np.int64)
    asked_us = np.maximum(midnight_us + decided * DAY_US + hours_us, delivered_us + _HOUR_US)
    return asked_us, midnight_us + nights * DAY_US + hours_us


def _beside(rng: np.random.Generator) -> np.random.Generator:
    """Chances of their own that follow from these: what is drawn of them leaves what is drawn later as it was."""
    return np.random.default_rng(int(deepcopy(rng).integers(1 << 62)))


def _numbers(placed_us: Ints, rng: np.random.Generator) -> pa.Array:
    """Order numbers as `shop.orders` makes them, such as 261121-7K3MX-9QDT2."""
    days, where = np.unique((placed_us + OFFSET_US) // DAY_US, return_inverse=True)
    dates = np.array([str(day)[2:].replace("-", "") for day in days.astype("datetime64[D]")], "S6")
    letters = np.full((len(placed_us), 18), ord("-"), np.uint8)
    letters[:, :6] = dates.view(np.uint8).reshape(-1, 6)[where]
    noise = _LETTERS[rng.integers(0, 32, (len(placed_us), 10))]
    letters[:, 7:12], letters[:, 13:] = noise[:, :5], noise[:, 5:]
    return columns.fixed_texts(letters)
