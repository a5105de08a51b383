"""What was told about people, talks, risks and money spent, one row for each time."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.lake.rules.rollup import Rollup

_TOLD: Final = """name in (
        'shop.customer_registered', 'growth.deposit_paid', 'growth.balance_paid', 'insight.spend_recorded'
    ) or starts_with(name, 'care.') or starts_with(name, 'guard.')"""

# Read by metrics for all that is counted from few facts: registrations, presales, care, guard, marketing spend.
# Of a body only what they count: a score, a word that says how it ended, and how many of how many went which way.
TELLINGS = Rollup(
    name="tellings",
    version=3,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("name", "varchar"),
        ("subject", "varchar"),
        ("person", "integer"),
        ("order_number", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("currency", "varchar"),
        ("quantity", "bigint"),
        ("amount_minor", "bigint"),
        ("score", "bigint"),
        ("failed", "bigint"),
        ("slow", "bigint"),
        ("tolerable", "bigint"),
    ),
    of=_TOLD,
    reads_facts=True,
    sql=f"""
select day, ts_us, name, subject, person, order_number, region, channel, device, campaign, currency,
    coalesce(quantity, 1) as quantity,
    coalesce(amount_minor, 0) as amount_minor,
    try_cast(decode(body) ->> '$.score' as bigint) as score,
    coalesce(try_cast(decode(body) ->> '$.failed' as bigint), 0) as failed,
    coalesce(try_cast(decode(body) ->> '$.slow' as bigint), 0) as slow,
    coalesce(try_cast(decode(body) ->> '$.tolerable' as bigint), 0) as tolerable
from events
where {_TOLD}
""",
)
