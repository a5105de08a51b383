"""A dry run of one promotion over 100,000 past orders, for everything and for goods that one order in fifty holds."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random
from typing import Final

from django.db import connection

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.operation.rules import operator
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.queries.trial import PART
from zhanggui.growth.promotions.rules import Plan, Target
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.log.rules import Trail

ORDERS: Final = 100_000
SKUS: Final = 2_000
DAYS: Final = 90
BY: Final = operator("bench")
TRAIL: Final = Trail(shop="bench")
_AT_ONCE: Final = 10_000
_ORDER: Final = """
insert into shop_orders_order (number, shop, person, session, channel, campaign, device, region, customer_id, state,
    currency, discount_minor, goods_minor, shipping_minor, tax_minor, total_minor, tax_included_minor, refunded_minor,
    book_currency, book_rate, book_rate_on, note, placed_fact, placed_at, expires_at, paid_at, ended_at)
select t.number, 'bench', t.person, '', '', '', '', '', gen_random_uuid(), 'completed', 'CNY', 0, t.minor, 0, 0,
    t.minor, 0, 0, 'CNY', 1, t.placed_at::date, '', gen_random_uuid(), t.placed_at, t.placed_at,
    t.placed_at, t.placed_at
from unnest(%s::varchar[], %s::varchar[], %s::bigint[], %s::timestamptz[]) t(number, person, minor, placed_at)
"""
_LINE: Final = """
insert into shop_orders_line (order_id, position, destination, sku, category, title_zh, title_en, variant_zh,
    variant_en, quantity, list_price_minor, listed_minor, discount_minor, amount_minor, shipping_minor, tax_minor,
    tax_rate, tax_included_minor, cost_minor, shares, parts, needs_shipping, no_reason_exception, returned_units)
select t.number, t.position, 1, t.sku, 'goods', 'x', 'x', '', '', t.quantity, t.price, t.price * t.quantity, 0,
    t.price * t.quantity, 0, 0, 0, 0, t.price / 2, jsonb_build_array(jsonb_build_object('step', 'list_price', 'reason',
    'list_price', 'part', 'goods', 'minor', t.price * t.quantity, 'funded_by', 'shop', 'source', '')), '[]', true, '', 0
from unnest(%s::varchar[], %s::int[], %s::varchar[], %s::int[], %s::bigint[]) t(number, position, sku, quantity, price)
"""


def measure() -> list[Number]:
    """Reading all orders as the run reads them, without trying anything, is the bound."""
    shops.open_shop(shop=Shop(code="bench", name="b", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    _sell()
    rare = frozenset(f"S{n:05}" for n in range(SKUS - SKUS // 100, SKUS))
    everything, few = _draft(Target()), _draft(Target(skus=rare))
    bound = _read()
    whole, touched = _run(everything)
    part, touched_few = _run(few)
    print(f"{touched:,} orders touched of {ORDERS:,}; {touched_few:,} by the promotion for few goods")
    against = f"reading {ORDERS:,} past orders"
    return [
        Number(name=against, value=bound, unit="s"),
        Number(
            name=f"dry run over {ORDERS:,} past orders", value=whole, unit="s", ratio=whole / bound, against=against
        ),
        Number(name="the same for goods that one order in fifty holds", value=part, unit="s"),
    ]


def _run(id: str) -> tuple[float, int]:
    """How long a run takes as its job does it, progress written, and how many orders it touched."""
    trial = actions.try_out(promotion_id=id, trail=TRAIL, by=BY)
    began = time.perf_counter()
    actions.run_trial(id=trial)
    took = time.perf_counter() - began
    said = queries.tried("bench", id)
    if said is None or said.outcome is None or said.outcome.orders != ORDERS:
        raise SystemExit("not all orders were counted")
    return took, said.outcome.touched


def _read() -> float:
    """How long it takes to read all orders, part by part, and nothing else."""
    until = clock.now()
    began = time.perf_counter()
    numbers = orders.past_numbers("bench", currency="CNY", since=until - timedelta(days=DAYS), until=until)
    read = sum(len(orders.past_orders(numbers[n : n + PART])) for n in range(0, len(numbers), PART))
    if read != ORDERS:
        raise SystemExit(f"{read} orders were read")
    return time.perf_counter() - began


def _draft(target: Target) -> str:
    """满 300 减 40."""
    plan = Plan(
        name_zh="满 300 减 40",
        name_en="40 off 300",
        kind="threshold",
        terms={"currency": "CNY", "steps": [{"from": 30000, "off": 4000}]},
        target=target,
        starts_at=clock.now(),
    )
    return actions.write(plan=plan, trail=TRAIL, by=BY)


def _sell() -> None:
    """Orders of one to five lines over the days, by ten thousand people."""
    rng, now = Random(4), clock.now()
    for start in range(0, ORDERS, _AT_ONCE):
        placed, lines = [], []
        for n in range(start, start + _AT_ONCE):
            number, minor = f"B{n:06}", 0
            skus = rng.sample(range(SKUS), rng.randint(1, 5))
            for position, sku in enumerate(skus, start=1):
                quantity, price = rng.randint(1, 3), 1_000 + sku * 10
                minor += quantity * price
                lines.append((number, position, f"S{sku:05}", quantity, price))
            placed_at = now - timedelta(days=(DAYS - 1) * rng.random())
            placed.append((number, f"p{rng.randrange(10_000)}", minor, placed_at))
        with connection.cursor() as cursor:
            cursor.execute(_ORDER, [list(column) for column in zip(*placed, strict=True)])
            cursor.execute(_LINE, [list(column) for column in zip(*lines, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute("analyze shop_orders_order, shop_orders_line")
