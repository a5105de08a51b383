"""Crediting sources with the money of orders: one question to DuckDB, and one before it for the chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.attribution.queries.spend import spend
from zhanggui.insight.attribution.rules import (
    BOUGHT,
    HALF_LIFE_DAYS,
    HOUR_US,
    NOTHING,
    PARTS,
    START,
    USUAL_LOOK_BACK_DAYS,
    WHOLE_WEIGHT,
    Attribution,
    By,
    Credit,
    Line,
    Model,
    Source,
    removal_effects,
)
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.sightings.rules import visits

_kept = metrics.keeper(Attribution, most=64)

_DAY_US: Final = 24 * HOUR_US
# Between channel and campaign in a key; no name holds it.
_MARK: Final = "\x1f"
# Bits of a whole number in which a moment and a code are packed; where they do not do, twice as many are taken.
_BITS: Final = 62

# Every source that led to a visit or stands on an order, in the order of its key. A source's number, doubled, is its
# code; one more for those that are not direct.
_SOURCES: Final = """
select source from (
    select distinct {key} as source from {sessions} where person <> '' and channel <> ''
    union
    select distinct {key} as source from {orders} where kind = 'paid'
) order by source
"""

# Orders of the period with the touches before them, the oldest first, packed for speed: {room} times the microseconds
# since the look-back began, and the code of the source. Touches that agree in both are alike, so ties change nothing.
# A number that was paid twice is one order. `pick` is the last touch that is not direct. Orders without a touch keep
# their own visit's source.
_LED: Final = """
with named as (select * from (values {codes}) as named(source, code, weight)),
touch as materialized (
    select person, started_us, code
    from (select person, started_us, {key} as source from {sessions} where person <> '' and channel <> '')
    join named using (source)
), first_sale as (
    select person, arg_min(order_number, (ts_us, order_number)) as order_number
    from {all_orders} where kind = 'paid' and person <> '' group by person
), sale as materialized (
    select row_number() over (order by order_number) as sale, sold.person, ts_us, minor, code as own,
        first_sale.order_number is not null as is_new
    from (
        select order_number, min(person) as person, min(ts_us) as ts_us, sum(amount_minor)::bigint as minor,
            min({key}) as source
        from {orders} where kind = 'paid' group by order_number
    ) as sold join named using (source) left join first_sale using (order_number)
), led as (
    select sale, list_sort(list((started_us - ts_us + {window})::{whole} * {room} + code)) as path
    from sale join touch using (person)
    where started_us <= ts_us and started_us >= ts_us - {window}
    group by sale
), lengths as materialized (
    select sale, minor, is_new, len(path) as n, path[1] % {room} as first, path[-1] % {room} as last,
        coalesce(list_last(list_filter(path, lambda one: one % 2 = 1)), path[-1]) % {room} as pick,
        if(len(path) > 1, path, []) as path
    from led join sale using (sale)
), ends as (
    select '{first}' as model, first as code, minor, is_new from lengths
    union all by name select '{last}' as model, last as code, minor, is_new from lengths
    union all by name select '{last_non_direct}' as model, pick as code, minor, is_new from lengths
    union all by name select unnest([{spread_models}]) as model, first as code, minor, is_new from lengths where n = 1
    union all by name select unnest([{all_models}]) as model, own as code, minor, is_new
        from sale where sale not in (select sale from lengths)
), spread as materialized (
    select sale, minor, n, is_new, one % {room} as code, ({window} - one // {room}) // {hour} as hours, nth
    from (
        select sale, minor, n, is_new, unnest(path) as one, generate_subscripts(path, 1) as nth from lengths where n > 1
    )
), weighed as (
    select sale, minor, n, is_new, code, nth,
        case when n = 2 then 1 when nth in (1, n) then 2 * (n - 2) else 1 end as position,
        case when n = 2 then 2 else 5 * (n - 2) end as positions,
        greatest(1, floor({unit} * pow(2.0, -hours / {half_life_hours}.0) + 0.5))::bigint as decay,
        greatest(1, weight) as chain
    from spread join named using (code)
), summed as (
    select *, sum(decay) over mates as decays, sum(chain) over mates as chains
    from weighed window mates as (partition by sale)
), cut as (
    select '{linear}' as model, sale, minor, is_new, code, nth, 1 as weight, n as whole from summed
    union all by name
    select '{position}' as model, sale, minor, is_new, code, nth, position as weight, positions as whole from summed
    union all by name
    select '{decay}' as model, sale, minor, is_new, code, nth, decay as weight, decays as whole from summed
    union all by name
    select '{chain}' as model, sale, minor, is_new, code, nth, chain as weight, chains as whole from summed
), shared as (
    select model, sale, minor, is_new, code, nth, ({parts}::hugeint * weight // whole)::bigint as parts,
        (minor::hugeint * weight // whole)::bigint as share, (minor::hugeint * weight % whole)::bigint as remainder
    from cut
), dealt as (
    select model, code, is_new, parts, share + case
        when row_number() over (partition by model, sale order by remainder desc, nth)
            <= minor - sum(share) over (partition by model, sale) then 1 else 0 end as minor
    from shared
), credited as (
    select model, code, is_new, sum(minor)::bigint as minor, {parts} * count(*) as parts
    from ends group by model, code, is_new
    union all by name
    select model, code, is_new, sum(minor)::bigint as minor, sum(parts)::bigint as parts
    from dealt group by model, code, is_new
)
select model, code, sum(minor)::bigint, sum(parts)::bigint, coalesce(sum(parts) filter (is_new), 0)::bigint
from credited group by model, code
union all
select '', -1, coalesce(sum(minor), 0)::bigint, count(*), count(*) filter (is_new) from sale
union all
select 'led', -1, 0, count(*), 0 from lengths
order by all
"""

# Each person's visits and orders as one list, packed like those above, an order behind the visits of its moment. A
# visit is a step from the one before it, unless an order lies between, and ends in nothing if it is the last.
_STEPS: Final = """
with named as (select * from (values {codes}) as named(source, code, weight)),
happened as (
    select person, (started_us - {since_us})::{whole} * {room} + code as packed
    from (select person, started_us, {key} as source from {sessions} where person <> '' and channel <> '')
    join named using (source)
    union all
    select person, (ts_us - {since_us})::{whole} * {room} + {order} from {orders} where kind = 'paid' and person <> ''
), walked as (
    select [{order}] || list_transform(list_sort(list(packed)), lambda one: (one % {room})::bigint) || [{nothing}]
        as walk
    from happened group by person
), folded as (select walk, count(*) as times from walked group by walk),
stepped as (select unnest(list_zip(walk[:-2], walk[2:])) as step, times from folded)
select step[1], step[2], sum(times)::bigint from stepped
where step[1] <> {order} or step[2] not in ({order}, {nothing})
group by step order by step
"""


def attribution(
    shop: str, period: Period, *, by: By = By.CHANNEL, look_back_days: int = USUAL_LOOK_BACK_DAYS
) -> Attribution:
    """What each source brought in a period, by every model, and what it cost.

    look_back_days  a visit counts for the orders of so many times 24 hours after its start
    refuses         NoSuchShop
    """
    question = ("attribution", shop, period, by, look_back_days)
    found = _kept.get(shop, question, lambda: _attribution(shop, period, by, look_back_days))
    return _with_cost(found, spend(shop, period))


def removals(shop: str, period: Period, *, by: By, look_back_days: int) -> dict[Source, int]:
    """What is lost without each source, in millionths.

    The chain is that of all visits, and of the orders between them, from the look-back's start to the period's end.
    """
    keys = _keys(shop, period, by, look_back_days)
    return {_source(key): effect for key, effect in _removals(shop, period, by, look_back_days, keys).items()}


def _attribution(shop: str, period: Period, by: By, look_back_days: int) -> Attribution:
    currency = shops.shop(shop).currency
    keys = _keys(shop, period, by, look_back_days)
    lost = _removals(shop, period, by, look_back_days, keys)
    credited: dict[Source, dict[Model, Credit]] = {}
    totals: dict[str, tuple[int, int, int]] = {}
    for model, code, minor, parts, new_parts in lake.ask(_sql(shop, period, by, look_back_days, keys, lost)):
        if code < 0:
            totals[model] = (minor, parts, new_parts)
        else:
            credit = Credit(money=Money(minor, currency), order_parts=parts, new_parts=new_parts)
            credited.setdefault(_source(keys[code // 2]), {})[Model(model)] = credit
    minor, orders, new_orders = totals[""]
    return Attribution(
        period=period,
        look_back_days=look_back_days,
        by=by,
        lines=_lines(credited, _sessions(shop, period, by), lost, currency),
        orders=orders,
        new_orders=new_orders,
        led_orders=totals["led"][1],
        money=Money(minor, currency),
        spend=None,
    )


def _keys(shop: str, period: Period, by: By, look_back_days: int) -> list[str]:
    """Every source there is, in the order of their keys."""
    days = _reach(period, look_back_days)
    relations = {name: lake.rollup(shop, name, days) for name in ("sessions", "orders")}
    return [key for (key,) in lake.ask(_SOURCES.format(key=_key(by), **relations))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packing:
    """How moments within a span and codes are packed: two codes for each source, and two for what is none.

    whole  DuckDB's type that holds both
    """

    room: int
    whole: str


def _packing(keys: Sequence[str], span_us: int) -> _Packing:
    room = 1 << (2 * len(keys) + 3).bit_length()
    return _Packing(room=room, whole="bigint" if (span_us * room).bit_length() <= _BITS else "hugeint")


def _codes(keys: Sequence[str], lost: Mapping[str, int]) -> str:
    """Sources with code and weight, as rows of SQL; one that nothing is called keeps the table from being empty."""
    direct = visits.DIRECT + _MARK
    rows = [
        f"('{_literal(key)}', {2 * place + (not key.startswith(direct))}::bigint, {lost.get(key, 0)}::bigint)"
        for place, key in enumerate(keys)
    ]
    return ", ".join(rows) or "(null::varchar, null::bigint, null::bigint)"


def _removals(shop: str, period: Period, by: By, look_back_days: int, keys: Sequence[str]) -> dict[str, int]:
    days = _reach(period, look_back_days)
    since_us, until_us = (clock.micros(clock.span_of(day, shops.shop(shop).zone)[0]) for day in days)
    packing = _packing(keys, until_us - since_us)
    bought, nothing = packing.room - 2, packing.room - 1
    rows = lake.ask(
        _STEPS.format(
            codes=_codes(keys, {}),
            key=_key(by),
            sessions=lake.rollup(shop, "sessions", days),
            orders=lake.rollup(shop, "orders", days),
            since_us=since_us,
            order=bought,
            nothing=nothing,
            room=packing.room,
            whole=packing.whole,
        )
    )
    ends = {bought: BOUGHT, nothing: NOTHING}
    steps = {
        (START if here == bought else keys[here // 2], ends.get(there) or keys[there // 2]): times
        for here, there, times in rows
    }
    return removal_effects(sorted({here for here, _ in steps} - {START}), steps)


def _sql(shop: str, period: Period, by: By, look_back_days: int, keys: Sequence[str], lost: Mapping[str, int]) -> str:
    packing = _packing(keys, look_back_days * _DAY_US)
    every = [f"'{model}'" for model in Model]
    spread = [f"'{model}'" for model in (Model.LINEAR, Model.POSITION, Model.DECAY, Model.CHAIN)]
    return _LED.format(
        key=_key(by),
        codes=_codes(keys, lost),
        sessions=lake.rollup(shop, "sessions", _reach(period, look_back_days)),
        orders=lake.rollup(shop, "orders", (period.start, period.end)),
        all_orders=lake.rollup(shop, "orders", (date.min, period.end)),
        hour=HOUR_US,
        window=look_back_days * _DAY_US,
        parts=PARTS,
        unit=WHOLE_WEIGHT,
        half_life_hours=24 * HALF_LIFE_DAYS,
        all_models=", ".join(every),
        spread_models=", ".join(spread),
        room=packing.room,
        whole=packing.whole,
        **{model.value: model.value for model in Model},
    )


def _lines(
    credited: Mapping[Source, Mapping[Model, Credit]],
    sessions: Mapping[Source, int],
    lost: Mapping[str, int],
    currency: str,
) -> tuple[Line, ...]:
    removal = {_source(key): effect for key, effect in lost.items()}
    return tuple(
        Line(
            source=source,
            sessions=sessions.get(source, 0),
            credits={**_no_credits(currency), **credited.get(source, {})},
            removal=removal.get(source),
            spend=None,
        )
        for source in sorted(credited.keys() | sessions.keys())
    )


def _with_cost(found: Attribution, cost: Mapping[Source, Money]) -> Attribution:
    """The same with what each source cost; one that cost money and brought nobody gets a line too."""
    if not cost:
        return found
    currency = found.money.currency
    by_source: dict[Source, Money] = {}
    for source, amount in cost.items():
        whole = source if found.by is By.CAMPAIGN else Source(channel=source.channel)
        by_source[whole] = by_source.get(whole, Money(0, currency)) + amount
    lines = {line.source: line for line in found.lines}
    for source, amount in by_source.items():
        idle = Line(source=source, sessions=0, credits=_no_credits(currency), removal=None, spend=None)
        lines[source] = replace(lines.get(source, idle), spend=amount)
    return replace(
        found,
        lines=tuple(lines[source] for source in sorted(lines)),
        spend=Money.total(cost.values(), currency),
    )


def _no_credits(currency: str) -> dict[Model, Credit]:
    return dict.fromkeys(Model, Credit(money=Money(0, currency), order_parts=0, new_parts=0))


def _sessions(shop: str, period: Period, by: By) -> dict[Source, int]:
    relation = lake.rollup(shop, "sessions", (period.start, period.end))
    rows = lake.ask(f"select {_key(by)} as source, count(*) from {relation} group by source order by source")
    return {_source(source): count for source, count in rows}


def _reach(period: Period, look_back_days: int) -> tuple[date, date]:
    """The days on which a touch of the period's orders can lie; one more for a clock that changes."""
    return period.start - timedelta(days=look_back_days + 1), period.end


def _key(by: By) -> str:
    return f"channel || '{_MARK}'" + (" || campaign" if by is By.CAMPAIGN else "")


def _source(key: str) -> Source:
    channel, _mark, campaign = key.partition(_MARK)
    return Source(channel=channel, campaign=campaign)


def _literal(text: str) -> str:
    return text.replace("'", "''")
