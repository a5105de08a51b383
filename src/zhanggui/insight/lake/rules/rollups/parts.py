"""Visits in parts: all that one person did in one session under one channel, campaign, device and region of a day."""

from __future__ import annotations

import re
from typing import Final

from zhanggui.insight.lake.rules.rollup import Parts

# What was seen, and orders, which count in the visit that they were placed in.
_SEEN: Final = """device is distinct from 'bot' and (not contains(name, '.') or name = 'shop.order_placed'
        or not regexp_full_match(name, '[a-z]+\\.[a-z_]+'))"""
_FACT: Final = re.compile(r"[a-z]+\.[a-z_]+")
_COLUMNS: Final = "day, session, person, channel, campaign, device, region"


def is_seen(name: str) -> bool:
    """Whether an event of that name is one of a visit's."""
    return name == "shop.order_placed" or not _FACT.fullmatch(name)


def is_nobot(device: str) -> bool:
    """Whether somebody was there."""
    return device != "bot"


def parts_of(seen: str) -> str:
    """Rows with a `turn` as parts.

    turn  orders what happened, in the same microsecond too
    """
    return f"""
    select {_COLUMNS},
        count(*) as sightings,
        count_if(name = 'Page') as pv,
        count_if(name = 'Product Viewed') as product_views,
        count_if(name = 'Product Added') as adds,
        count_if(name = 'Checkout Started') as checkouts,
        count_if(name = 'shop.order_placed') as orders,
        min(ts_us) as started_us,
        max(ts_us) as ended_us,
        min(ts_us) filter (name in ('Page', 'Product Viewed', 'Product Added', 'Checkout Started')) as visited_us,
        min(turn) as first_turn,
        max(turn) as last_turn,
        min(turn) filter (name = 'Page') as page_turn,
        arg_min(page, turn) filter (name = 'Page') as landing_page
    from {seen}
    group by {_COLUMNS}"""


def seen(condition: str = "true") -> str:
    """What the parts are made from."""
    return f"""(
        select {_COLUMNS}, walker, name, page, ts_us, (ts_us::hugeint << 63) + (hash(id) >> 1) as turn
        from events where {_SEEN} and {condition}
    )"""


PARTS: Final = Parts(name="parts", sql=parts_of(seen()))
