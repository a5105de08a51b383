"""What people come with and order with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.funnels.queries.passages import where_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.insight.paths.rules import Crossing, Devices, DeviceSet, DeviceUse, SetPeople
from zhanggui.insight.segments.rules import question_of

SET_KIND = "device_set"

_kept = metrics.keeper(Devices, most=32)


def devices(shop: str, period: Period, *, where: Filters = EVERYTHING) -> Devices:
    """Which devices people come with, what they do on each, and what they order with.

    where    what their visits have to be like, whatever their orders came from; of people, a device is one of theirs
    refuses  NoSuchShop
    """
    return _kept.get(shop, ("devices", shop, period, where), lambda: _devices(shop, period, where))


def with_devices(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """People who came with exactly these devices.

    at       of no account: the days are said
    refuses  TermsUnfit
    """
    wanted = question_of(SET_KIND, terms, SetPeople)
    listed = ", ".join(map(quoted, wanted.devices))
    return f"""select person from ({_sets(shop, Period(wanted.start, wanted.end), wanted.where)})
        where devices = [{listed}]::varchar[]"""


def _sets(shop: str, period: Period, where: Filters) -> str:
    """Each known person with all its devices in the order of their names."""
    visits = lake.rollup(shop, "visits", (period.start, period.end))
    one_of = f"having bool_or({where_of(Filters(device=where.device))})" if where.device else ""
    return f"""select person, list_sort(list(distinct device)) as devices from {visits}
        where person <> 0 and device <> '' and {where_of(replace(where, device=()))} group by person {one_of}"""


def _devices(shop: str, period: Period, where: Filters) -> Devices:
    currency = shops.shop(shop).currency
    days = (period.start, period.end)
    orders, visits = lake.rollup(shop, "orders", days), lake.rollup(shop, "visits", days)
    sets = lake.ask(
        f"""select devices, count(*), count(buyer.person) from ({_sets(shop, period, where)}) came
        left join (select distinct person from {orders} where kind = 'paid') buyer using (person)
        group by devices order by 2 desc, devices"""
    )
    uses = lake.ask(
        f"""select device, count(*), sum(ended_us - started_us), count_if(adds > 0), count_if(orders > 0)
        from {lake.rollup(shop, "sessions", days)} where device <> '' and {where_of(where)}
        group by device order by 2 desc, device"""
    )
    crossings = lake.ask(
        f"""with came as (
            select person, min({{'at': first_ts_us, 'device': device}}) as first from {visits}
            where person <> 0 and device <> '' and {where_of(where)} group by person)
        select first.device, device, count(*), count(distinct person), sum(amount_minor)
        from {orders} join came using (person)
        where kind = 'paid' and device <> '' and first.at <= ts_us
        group by 1, 2 order by 3 desc, 1, 2"""
    )
    return Devices(
        sets=tuple(DeviceSet(devices=tuple(of), people=int(people), buyers=int(bought)) for of, people, bought in sets),
        uses=tuple(
            DeviceUse(
                device=device,
                sessions=int(sessions),
                browsed_us=int(browsed_us),
                with_adds=int(with_adds),
                with_orders=int(with_orders),
            )
            for device, sessions, browsed_us, with_adds, with_orders in uses
        ),
        crossings=tuple(
            Crossing(first=first, last=last, orders=int(count), people=int(people), paid=Money(int(minor), currency))
            for first, last, count, people, minor in crossings
        ),
    )
