"""What happened to orders, one row for each time."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.lake.rules.rollup import Rollup

_TOLD: Final = """name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled', 'shop.order_cancelled',
        'shop.order_expired', 'growth.balance_paid', 'guard.order_marked_fake', 'shop.difference_settled',
        'shop.difference_refunded')"""

# A presale is one trade: its deposit is none yet (`reserved`, `deposit`, `deposit_back`) and counts on the day when the
# balance is paid (`balance`, under the number of the order that paid it), goods and money alike. A deposit that goes
# back with a finished order is an ordinary refund.
# What an exchange costs more is money of the order whose goods are exchanged, and stands under its number: another
# `balance`, without goods that would count again, and what goes back of it is `refunded`.
# What is `fake` was marked so by somebody, perhaps days later: whoever leaves it out looks at all days.
ORDERS = Rollup(
    name="orders",
    version=4,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("order_number", "varchar"),
        ("person", "integer"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("currency", "varchar"),
        ("amount_minor", "bigint"),
        ("goods_minor", "bigint"),
        ("units", "bigint"),
    ),
    of=_TOLD,
    reads_facts=True,
    sql=f"""
with told as (
    select * replace (if(is_difference, decode(body) ->> '$.difference_of', order_number) as order_number),
        len(lines) > 0 and lines[1].sku in ('presale-deposit', 'presale-prepayment') as is_deposit
    from (select *, starts_with(name, 'shop.difference_') as is_difference from events)
    where {_TOLD}
)
select day, ts_us, order_number, person, region, channel, device, campaign, currency,
    case name
        when 'shop.order_placed' then if(is_deposit, 'reserved', 'placed')
        when 'shop.payment_settled' then if(is_deposit, 'deposit', 'paid')
        when 'shop.refund_settled' then
            if(is_deposit and (decode(body) ->> '$.reason') is distinct from 'order_refunded',
                'deposit_back', 'refunded')
        when 'growth.balance_paid' then 'balance'
        when 'shop.difference_settled' then 'balance'
        when 'shop.difference_refunded' then 'refunded'
        when 'guard.order_marked_fake' then 'fake'
        else 'cancelled'
    end as kind,
    case name
        when 'growth.balance_paid' then coalesce((decode(body) ->> '$.deposit_minor')::bigint, 0)
        when 'guard.order_marked_fake' then 0
        else coalesce(amount_minor, 0)
    end as amount_minor,
    case name
        when 'growth.balance_paid' then coalesce((decode(body) ->> '$.deposit_minor')::bigint, 0)
        else coalesce(list_sum(list_transform(lines, lambda line: line.amount_minor)), 0)
    end as goods_minor,
    case when is_deposit or is_difference then 0
        else coalesce(list_sum(list_transform(lines, lambda line: line.quantity)), 0)
    end as units
from told
""",
)
