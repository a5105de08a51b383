"""What people did, one row for each thing that a funnel, a cohort or a path may name."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Facts that a person makes true. Every sighting may be named: its name has no dot.
STEP_FACTS = (
    "shop.customer_registered",
    "shop.order_placed",
    "shop.order_cancelled",
    "shop.payment_settled",
    "shop.refund_settled",
    "shop.return_requested",
    "shop.review_published",
)
_NO_STEPS = ("Identify", "Alias", "Group", "Blocks Viewed")
# What is about one thing, whatever goods are listed with it.
_OF_ONE = ("Page", "Product Viewed", "Product Added")


def is_step(name: str) -> bool:
    """Whether an event of that name is one of the table's."""
    return ("." not in name or name in STEP_FACTS) and name not in _NO_STEPS


def is_of_one(name: str) -> bool:
    """Whether an event of that name is one row, even if it lists goods."""
    return name in _OF_ONE


# Read by insight.metrics, insight.funnels, insight.retention and insight.paths. What is about several goods (an order,
# a list) is a row for each of them; who counts such things counts a moment once. Pages and looks are always one row, so
# they can be counted. It has as many rows as the log, which lies in the order of people and moments already: to sort
# them again would take as long as all other tables.
STEPS = Rollup(
    name="steps",
    is_sorted=False,
    version=4,
    columns=(
        ("day", "date"),
        ("person", "integer"),
        ("ts_us", "bigint"),
        ("step", "varchar"),
        ("sku", "varchar"),
        ("category", "varchar"),
        ("page", "varchar"),
        ("session", "varchar"),
        ("device", "varchar"),
        ("channel", "varchar"),
        ("campaign", "varchar"),
        ("region", "varchar"),
    ),
    sql=f"""
with named as (
    select day, person, ts_us, name as step, sku, category, page, session, device, channel, campaign, region,
        if(name in {_OF_ONE}, null, lines) as lines
    from events
    where device is distinct from 'bot'
        and (not contains(name, '.') or name in {STEP_FACTS}) and name not in {_NO_STEPS}
)
select * exclude (lines) from named where len(lines) is null or len(lines) = 0
union all
select * exclude (lines, line) replace (line.sku as sku, line.category as category)
from (select *, unnest(lines) as line from named)
""",
)
