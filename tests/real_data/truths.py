"""The figures of docs/howto/first-look.md counted from the raw files alone, with nothing of ours in between."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np

from tests.stand import SHARED_DATA

Truth = Callable[[], tuple[str, ...]]

_RETAIL = SHARED_DATA / "online_retail"
_OLIST = SHARED_DATA / "olist"
_TAOBAO = SHARED_DATA / "taobao_user_behavior_sample" / "userbehavior_sample.parquet"
_CLICKS = SHARED_DATA / "clickstream" / "retailrocket_events_sample.csv"
_CDNOW = SHARED_DATA / "cdnow" / "CDNOW_master.txt"
_TEN_DAYS_S = 10 * 86_400
_QUIET_S = 30 * 60


def percent(part: float, whole: float, *, places: int = 1) -> str:
    """A share as the pages write it."""
    rate = Decimal(part) / Decimal(whole) * 100
    return f"{rate.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


def _asked(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as duck:
        duck.execute("set TimeZone = 'UTC'")
        return duck.execute(sql).fetchall()


# Online Retail: each invoice once, from the first file that has it; a line in pennies, half up.
_LINES = f"""
with both_years as (
    select Invoice as doc, upper(StockCode) as sku, Quantity as n, round(Price::decimal(18, 3), 3) as price,
        InvoiceDate::timestamp as moment, "Customer ID"::bigint::varchar as who
    from '{_RETAIL / "online_retail_II_2009_2010.parquet"}'
    union all
    select InvoiceNo, upper(StockCode), Quantity, round(UnitPrice::decimal(18, 3), 3), InvoiceDate::timestamp,
        CustomerID::bigint::varchar
    from '{_RETAIL / "online_retail_2010_2011.parquet"}' where InvoiceNo not in (
        select Invoice from '{_RETAIL / "online_retail_II_2009_2010.parquet"}')
), line as (select *, (n * price * 100)::decimal(18, 1)::decimal(18, 0) as pennies from both_years)
"""
_CARRIAGE = "('POST', 'DOT', 'C2', 'C3')"
_SOLD = "doc not like 'C%' and doc not like 'A%' and n > 0 and price > 0"
_FREE = "price = 0 and n > 0 and doc in (select doc from line where n > 0 and price > 0)"
_GIVEN_BACK = "doc like 'C%' and n < 0 and price >= 0"


def products_by_class() -> tuple[str, ...]:
    """A: those that bring the first 80 % of the money of the last year, B up to 95 %, C the rest."""
    rows = _asked(f"""{_LINES}
        select sum(pennies)::bigint from line
        where ({_SOLD} or {_FREE}) and sku not in {_CARRIAGE} and moment >= '2010-12-10' and moment < '2011-12-10'
        group by sku order by sum(pennies) desc, sku
    """)
    amounts = [int(str(amount)) for (amount,) in rows]
    whole, before, counts = sum(amounts), 0, [0, 0, 0]
    for amount in amounts:
        counts[0 if before * 100 < whole * 80 else 1 if before * 100 < whole * 95 else 2] += 1
        before += amount
    return tuple(f"{count:,}" for count in counts)


def champions() -> tuple[str, ...]:
    """Buyers of the upper two fifths by last order, number of orders and money at once; their part of people, money."""
    rows = _asked(f"""{_LINES}, bought as (
            select who, doc, max(moment)::date as day, sum(pennies) as pennies from line
            where {_SOLD} and who is not null group by all
        ), buyer as (
            select who, max(day) as last_day, count(*) as orders, sum(pennies) as pennies from bought group by who
        ), back as (select who, sum(pennies) as pennies from line where {_GIVEN_BACK} group by who)
        select date_diff('day', last_day, date '2011-12-10'), orders,
            (buyer.pennies + coalesce(back.pennies, 0))::bigint
        from buyer left join back using (who)
    """)
    numbers = np.array(rows, dtype=np.int64)
    scores = np.stack([_fifths(-numbers[:, 0]), _fifths(numbers[:, 1]), _fifths(numbers[:, 2])])
    are = (scores >= 4).all(axis=0)
    money = numbers[:, 2]
    share = percent(int(money[are].sum()), int(money.sum()))
    return f"{are.sum():,}", percent(int(are.sum()), len(numbers)), share


def _fifths(sizes: np.ndarray) -> np.ndarray:
    """1 + the whole part of five times the share of those who are strictly less."""
    less = np.searchsorted(np.sort(sizes), sizes, side="left")
    return 1 + 5 * less // len(sizes)


def two_orders_taken_back() -> tuple[str, ...]:
    """Refunds by sales of January and December 2011, and the two orders that make them."""
    shares, orders = [], []
    for start, end, sku in (("2011-01-01", "2011-02-01", "23166"), ("2011-12-01", "2011-12-10", "23843")):
        ((paid, back, one),) = _asked(f"""{_LINES}
            select (sum(pennies) filter (where {_SOLD}))::bigint, -(sum(pennies) filter (where {_GIVEN_BACK}))::bigint,
                -(sum(pennies) filter (where {_GIVEN_BACK} and sku = '{sku}'))::bigint
            from line where moment >= '{start}' and moment < '{end}'
        """)
        shares.append(percent(int(str(back)), int(str(paid)), places=2))
        orders.append(f"£{int(str(one)) / 100:,.2f}")
    return (*shares, *orders)


# Olist: an order counts as paid if its payment was approved or its parcel went off; clocks are those of São Paulo.
_PAID = f"""
with bought as (
    select o.*, c.customer_unique_id as who, coalesce(c.customer_state, '') as state
    from '{_OLIST / "olist_orders_subset.parquet"}' o
        left join '{_OLIST / "olist_customers_subset.parquet"}' c using (customer_id)
    where o.order_id in (select order_id from '{_OLIST / "olist_order_payments_dataset.parquet"}')
        and (order_approved_at is not null
            or order_status in ('approved', 'processing', 'invoiced', 'shipped', 'delivered'))
)
"""


def rarely_twice() -> tuple[str, ...]:
    """Buyers, and the part of them who paid at least two orders."""
    ((buyers, twice),) = _asked(f"""{_PAID}, buyer as (
            select who, count(*) as orders from bought where who is not null group by who
        ) select count(*), count(*) filter (where orders > 1) from buyer
    """)
    return f"{buyers:,}", percent(int(str(twice)), int(str(buyers)), places=2)


def days_to_the_door() -> tuple[str, ...]:
    """Hours from payment to delivery, median and nine in ten, in São Paulo, Rio de Janeiro and Amazonas."""
    rows = _asked(f"""{_PAID}, parcel as (
            select state, epoch(timezone('America/Sao_Paulo', order_delivered_customer_date)
                - timezone('America/Sao_Paulo', coalesce(order_approved_at, order_purchase_timestamp)))::bigint as s
            from bought where order_delivered_customer_date is not null
        ) select state, quantile_disc(s, 0.5), quantile_disc(s, 0.9) from parcel group by state
    """)
    waits = {state: (middle, late) for state, middle, late in rows}
    return tuple(f"{Decimal(int(str(seconds))) / 3600:.2f}" for state in ("SP", "RJ", "AM") for seconds in waits[state])


def postage_by_state() -> tuple[str, ...]:
    """Postage in all that buyers of São Paulo, Bahia and Pará were asked for."""
    rows = _asked(f"""
        with asked as (
            select order_id, sum(round(freight_value::decimal(18, 2) * 100)) as postage,
                sum(round((price + freight_value)::decimal(18, 2) * 100)) as whole
            from '{_OLIST / "olist_order_items_subset.parquet"}' group by order_id
        ), purse as (
            select order_id, sum(round(payment_value::decimal(18, 2) * 100)) as whole
            from '{_OLIST / "olist_order_payments_dataset.parquet"}' group by order_id
        )
        select customer_state, sum(coalesce(postage, 0))::bigint,
            sum(coalesce(asked.whole, purse.whole))::bigint
        from '{_OLIST / "olist_orders_subset.parquet"}'
            join '{_OLIST / "olist_customers_subset.parquet"}' using (customer_id)
            left join asked using (order_id) left join purse using (order_id)
        group by customer_state
    """)
    shares = {state: percent(int(str(postage)), int(str(whole))) for state, postage, whole in rows}
    return tuple(shares[state] for state in ("SP", "BA", "PA"))


@cache
def _acts() -> dict[str, list[tuple[int, str]]]:
    """What each of Taobao's people did in the nine days, oldest first."""
    rows = _asked(f"""
        select user_id, ts::bigint as s, behavior from '{_TAOBAO}' order by user_id, s, behavior
    """)
    people: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for who, second, act in rows:
        people[str(who)].append((int(str(second)), str(act)))
    return people


def _through(acts: Sequence[tuple[int, str]], steps: Sequence[str], *, from_s: int, before_s: int) -> int:
    """How many of the steps somebody takes one after the other within ten days of some first one, at best."""
    best = 0
    for start, act in acts:
        if act != steps[0] or not from_s <= start < before_s:
            continue
        place = 1
        for second, later in acts[bisect_left(acts, (start, "")) :]:
            if place == len(steps):
                return place
            if later == steps[place] and second < start + _TEN_DAYS_S:
                place += 1
        best = max(best, place)
    return best


def _passed(*steps: str) -> tuple[int, ...]:
    start, end = _shanghai("2017-11-25"), _shanghai("2017-12-04")
    reached = [_through(acts, steps, from_s=start, before_s=end) for acts in _acts().values()]
    return tuple(sum(far >= place for far in reached) for place in range(1, len(steps) + 1))


def _shanghai(day: str) -> int:
    ((second,),) = _asked(f"select epoch(timezone('Asia/Shanghai', timestamp '{day}'))::bigint")
    return int(str(second))


def through_the_cart() -> tuple[str, ...]:
    """Who looked, who then put something into the cart, who then bought."""
    return tuple(f"{count:,}" for count in _passed("pv", "cart", "buy"))


def past_the_cart() -> tuple[str, ...]:
    """Who looked, and who bought at all."""
    return tuple(f"{count:,}" for count in _passed("pv", "buy"))


def the_evening() -> tuple[str, ...]:
    """Who looked or filled a cart at four in the morning and at nine in the evening of Saturday, December 2, 2017."""
    start = _shanghai("2017-12-02")
    seen = {
        hour: sum(
            any(
                act in ("pv", "cart") and start + hour * 3600 <= second < start + (hour + 1) * 3600
                for second, act in acts
            )
            for acts in _acts().values()
        )
        for hour in (4, 21)
    }
    return f"{seen[4]:,}", f"{seen[21]:,}"


@cache
def _clicks() -> dict[str, list[tuple[int, str]]]:
    """What each of RetailRocket's visitors did, oldest first, in milliseconds."""
    rows = _asked(f"select visitorid, timestamp, event from '{_CLICKS}' order by visitorid, timestamp")
    people: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for who, at, act in rows:
        people[str(who)].append((int(str(at)), str(act)))
    return people


def _visits() -> list[list[str]]:
    """What was done in each visit: half an hour of quiet ends one."""
    visits: list[list[str]] = []
    for acts in _clicks().values():
        visits.append([acts[0][1]])
        for (before, _), (at, act) in pairwise(acts):
            if at - before > _QUIET_S * 1000:
                visits.append([])
            visits[-1].append(act)
    return visits


def _come(visits: Sequence[Sequence[str]], *steps: str) -> tuple[int, ...]:
    counts = [0] * len(steps)
    for acts in visits:
        place = 0
        for act in acts:
            if place < len(steps) and act == steps[place]:
                place += 1
        for n in range(place):
            counts[n] += 1
    return tuple(counts)


def few_carts() -> tuple[str, ...]:
    """Visits that look, then put something into the cart, then buy."""
    return tuple(f"{count:,}" for count in _come(_visits(), "view", "addtocart", "transaction"))


def bought_without_cart() -> tuple[str, ...]:
    """Visits that look, and that then buy, by the cart or not."""
    return tuple(f"{count:,}" for count in _come(_visits(), "view", "transaction"))


def seldom_back() -> tuple[str, ...]:
    """Visitors who came back just one day, seven and thirty days after their first, of those that were old enough."""
    days = {who: sorted({at // 86_400_000 for at, _ in acts}) for who, acts in _clicks().items()}
    last = max(each[-1] for each in days.values())
    said = []
    for after in (1, 7, 30):
        old = [each for each in days.values() if each[0] + after <= last]
        said.append(f"{sum(each[0] + after in each for each in old):,} of {len(old):,}")
    return tuple(said)


@cache
def _purchases() -> dict[str, list[tuple[int, int, int]]]:
    """CDNOW's purchases by customer: the month from 1997 on, the day from then on, the cents."""
    people: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    start = np.datetime64("1997-01-01")
    for line in Path(_CDNOW).read_text(encoding="utf-8").splitlines():
        who, day, _pieces, dollars = line.split()
        if not day.isdigit():
            continue
        at = np.datetime64(f"{day[:4]}-{day[4:6]}-{day[6:]}")
        month = (int(day[:4]) - 1997) * 12 + int(day[4:6]) - 1
        people[who].append((month, int((at - start).astype(int)), int(Decimal(dollars) * 100)))
    return people


def cohorts_fade() -> tuple[str, ...]:
    """Customers, and who of them bought again in the first, sixth and twelfth month after their first."""
    months = [sorted({month for month, *_ in bought}) for bought in _purchases().values()]
    back = [sum(each[0] + after in each for each in months) for after in (1, 6, 12)]
    return (f"{len(months):,}", *(percent(count, len(months)) for count in back))


def money_follows_newcomers() -> tuple[str, ...]:
    """What was paid in the first quarter of 1997, in the second, and in the second of 1998."""
    sums: dict[int, int] = defaultdict(int)
    for bought in _purchases().values():
        for month, _, cents in bought:
            sums[month // 3] += cents
    return tuple(f"${sums[quarter] / 100:,.2f}" for quarter in (0, 1, 5))


def model_of_orders() -> tuple[str, ...]:
    """r, α, a and b of BG/NBD by maximum likelihood (Fader, Hardie & Lee 2005, eq. 6), in weeks to July 1, 1998."""
    end = 546
    rows = [(len(days) - 1, max(days) - min(days), end - min(days)) for days in map(_days, _purchases().values())]
    cells, people = np.unique(np.array(rows), axis=0, return_counts=True)
    repeats, place = np.unique(cells[:, 0], return_inverse=True)
    recency, age = cells[:, 1] / 7, cells[:, 2] / 7

    def loss(logs: np.ndarray) -> float:
        r, alpha, a, b = np.exp(logs)
        x = cells[:, 0]
        head = _of_each(repeats, lambda n: math.lgamma(r + n) - math.lgamma(r))[place] + r * np.log(alpha)
        alive = _of_each(repeats, lambda n: _betaln(a, b + n))[place] - (r + x) * np.log(alpha + age)
        gone = _of_each(repeats, lambda n: _betaln(a + 1, b + max(n, 1) - 1))[place]
        gone = gone - (r + x) * np.log(alpha + recency)
        likely = head - _betaln(a, b) + np.where(x > 0, np.logaddexp(alive, gone), alive)
        return -float(np.sum(people * likely)) / float(people.sum())

    return tuple(f"{value:.4f}" for value in np.exp(_least(loss, np.zeros(4))))


def _of_each(numbers: np.ndarray, worth: Callable[[int], float]) -> np.ndarray:
    return np.array([worth(int(number)) for number in numbers])


def _betaln(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _least(loss: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    """Where a smooth loss is least: Nelder and Mead's simplex, until it has shrunk to nothing."""
    corners = [start, *(start + 0.5 * step for step in np.eye(len(start)))]
    worth = [loss(corner) for corner in corners]
    while max(np.abs(corner - corners[0]).max() for corner in corners) > 1e-7:
        order = np.argsort(worth)
        corners, worth = [corners[n] for n in order], [worth[n] for n in order]
        middle = np.mean(corners[:-1], axis=0)
        mirrored = middle + (middle - corners[-1])
        found = loss(mirrored)
        if found < worth[0]:
            further = middle + 2 * (middle - corners[-1])
            far = loss(further)
            corners[-1], worth[-1] = (further, far) if far < found else (mirrored, found)
        elif found < worth[-2]:
            corners[-1], worth[-1] = mirrored, found
        else:
            nearer = middle + 0.5 * (corners[-1] - middle)
            near = loss(nearer)
            if near < worth[-1]:
                corners[-1], worth[-1] = nearer, near
            else:
                corners = [corners[0], *(corners[0] + 0.5 * (corner - corners[0]) for corner in corners[1:])]
                worth = [worth[0], *(loss(corner) for corner in corners[1:])]
    return corners[int(np.argmin(worth))]


def _days(bought: Sequence[tuple[int, int, int]]) -> set[int]:
    return {day for _, day, _ in bought}


TRUTHS: dict[str, Truth] = {
    "A fifth of the products brings four fifths of the money": products_by_class,
    "Two buyers in ten bring seven pounds in ten": champions,
    "Two single orders make the worst months of refunds": two_orders_taken_back,
    "Hardly anybody buys twice": rarely_twice,
    "The Amazon waits three and a half times as long": days_to_the_door,
    "Postage weighs more the farther it goes": postage_by_state,
    "Nearly half of those who look buy by way of the cart": through_the_cart,
    "Three buyers in ten pass the cart by": past_the_cart,
    "Saturday evening is twenty times Saturday night": the_evening,
    "One visit in forty-six reaches the cart": few_carts,
    "A fifth of the buying visits shows no cart": bought_without_cart,
    "Who leaves does not come back": seldom_back,
    "Half of a cohort's return is gone after a year": cohorts_fade,
    "Without newcomers two thirds of the money go": money_follows_newcomers,
    "The order model of the papers fits": model_of_orders,
}
