"""The tables that numbers are counted from, and what of each can be counted."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.metrics.rules.sources.kinds import Base, Cut, Lack

_PLACES: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE})
_PEOPLE: Final = frozenset({Cut.NEWNESS, Cut.SEGMENT})
_PEOPLE_AND_PLACES: Final = _PLACES | _PEOPLE
_HOURS: Final = frozenset({Cut.HOUR})
_GOODS: Final = frozenset({Cut.SKU, Cut.CATEGORY})

# Said in SQL here, and over arrays in `measures`.
PAYING: Final = ("paid", "balance")
ORGANIC: Final = ("organic_search", "organic_social", "referral")
_PAID: Final = f"kind in {PAYING}"
_MEDIAN: Final = "coalesce(quantile_disc({0}, 0.5), 0)"
_NINE_IN_TEN: Final = "coalesce(quantile_disc({0}, 0.9), 0)"

# A fact of placing or paying is told once per order, so those are counted; refunds of an order may be several. The
# deposit of a presale counts with its balance, as money of an order that is counted already.
_ORDERS: Final = Base(
    table="orders",
    sums={
        "placed_orders": "count_if(kind = 'placed')",
        "paid_orders": "count_if(kind = 'paid')",
        "placed_minor": "sum(goods_minor) filter (kind = 'placed')",
        "paid_minor": f"sum(amount_minor) filter ({_PAID})",
        "goods_minor": f"sum(goods_minor) filter ({_PAID})",
        "refunded_minor": "sum(amount_minor) filter (kind = 'refunded')",
        "net_minor": (
            "sum(case kind when 'paid' then amount_minor when 'balance' then amount_minor "
            "when 'refunded' then -amount_minor end)"
        ),
        "paid_units": "sum(units) filter (kind = 'paid')",
    },
    own={
        "own_placed_orders": "count_if(kind = 'placed')",
        "own_paid_orders": "count_if(kind = 'paid')",
        "own_paid_minor": f"sum(amount_minor) filter ({_PAID})",
    },
    distinct={"refunded_orders": ("kind = 'refunded'", "order_number")},
    columns=_PEOPLE_AND_PLACES | _HOURS,
    moment="ts_us",
    lack=Lack.ORDERS_WITHOUT_GOODS,
)

_ALL: Final = (
    _ORDERS,
    Base(
        table="genuine_orders",
        sums={"genuine_minor": f"sum(amount_minor) filter ({_PAID})"},
        columns=_ORDERS.columns,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="order_cohorts",
        sums={"cohort_net_minor": "sum(amount_minor - refunded_minor)"},
        columns=_ORDERS.columns,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="member_orders",
        sums={
            "all_paid_minor": "sum(amount_minor)",
            "member_minor": "sum(amount_minor) filter (is_member)",
        },
        columns=_ORDERS.columns,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="sku_days",
        sums={
            "placed_minor": "sum(amount_minor) filter (kind = 'placed')",
            "goods_minor": "sum(amount_minor) filter (kind = 'paid')",
            "paid_units": "sum(units) filter (kind = 'paid')",
        },
        columns=(_PLACES | _GOODS) - {Cut.CAMPAIGN},
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="order_lines",
        sums={
            "placed_minor": "sum(amount_minor) filter (kind = 'placed')",
            "goods_minor": f"sum(amount_minor) filter ({_PAID})",
            "paid_units": "sum(units) filter (kind = 'paid')",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS | _GOODS,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="costed_goods",
        sums={
            "costed_sales_minor": "sum(amount_minor)",
            "gross_profit_minor": "sum(amount_minor - cost_minor)",
        },
        columns=(_PLACES | _GOODS) - {Cut.CAMPAIGN},
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="stock",
        sums={
            "sale_days": "count_if(is_on_sale)",
            "stockout_days": "count_if(is_on_sale and free_units <= 0)",
            "stock_minor_days": "sum(cost_minor)",
            "sold_cost_minor": "sum(sold_cost_minor)",
            "sold_cost_of_365_minor": "365 * sum(sold_cost_minor)",
        },
        columns=_GOODS,
        lack=Lack.STOCK_WITHOUT_BUYERS,
    ),
    Base(
        table="visits",
        sums={"pv": "sum(pv)"},
        own={"own_product_views": "sum(product_views)", "own_adds": "sum(adds)"},
        columns=_PEOPLE_AND_PLACES,
        moment="first_ts_us",
        lack=Lack.VISITS_WITHOUT_GOODS,
    ),
    Base(
        table="sightings",
        sums={"pv": "count_if(step = 'Page')"},
        own={
            "own_product_views": "count_if(step = 'Product Viewed')",
            "own_adds": "count_if(step = 'Product Added')",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="ts_us",
        lack=Lack.VISITS_WITHOUT_GOODS,
    ),
    Base(
        table="goods_sightings",
        own={
            "own_product_views": "count_if(step = 'Product Viewed')",
            "own_adds": "count_if(step = 'Product Added')",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS | _GOODS,
        moment="ts_us",
        lack=Lack.VISITS_WITHOUT_GOODS,
    ),
    Base(
        table="sessions",
        sums={
            "sessions": "count(*)",
            "order_sessions": "count_if(orders > 0)",
            "organic_sessions": f"count_if(channel in {ORGANIC})",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="started_us",
        lack=Lack.VISITS_WITHOUT_GOODS,
    ),
    Base(
        table="active_people",
        own={"own_acts": "count(*)"},
        columns=_PEOPLE_AND_PLACES,
        lack=Lack.PEOPLE_WITHOUT_GOODS,
    ),
    Base(
        table="members",
        own={"own_active": "count_if(is_active)"},
        columns=frozenset({Cut.SEGMENT}),
        lack=Lack.PEOPLE_WITHOUT_GOODS,
    ),
    Base(
        table="impressions",
        sums={"shown": "sum(shown)", "clicks": "sum(clicks)"},
        columns=_PLACES,
        lack=Lack.VISITS_WITHOUT_GOODS,
    ),
    Base(
        table="deliveries",
        sums={
            "deliveries": "count(*)",
            "prompt_deliveries": "count_if(waited_s <= 172800)",
            "delivery_p50_s": _MEDIAN.format("waited_s"),
            "delivery_p90_s": _NINE_IN_TEN.format("waited_s"),
            "delivery_hours": "3600 * least(count(*), 1)",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="ts_us",
        lack=Lack.PARCELS_WITHOUT_GOODS,
    ),
    Base(
        table="shipped_cohorts",
        sums={"ripe_shipped_units": "sum(shipped_units)", "ripe_returned_units": "sum(returned_units)"},
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="ts_us",
        lack=Lack.PARCELS_WITHOUT_GOODS,
    ),
    Base(
        table="parcels",
        sums={
            "shipped_units": "sum(units) filter (kind = 'shipped')",
            "returned_units": "sum(units) filter (kind = 'returned')",
        },
        columns=_HOURS,
        moment="ts_us",
        lack=Lack.PARCELS_WITHOUT_GOODS,
    ),
    Base(
        table="tellings",
        sums={
            "registered": "count_if(name = 'shop.customer_registered')",
            "rated_talks": "count_if(name = 'care.conversation_rated')",
            "satisfied_talks": "count_if(name = 'care.conversation_rated' and score >= 4)",
            "scores": "count_if(name = 'care.recommendation_scored')",
            "net_scores": (
                "count_if(name = 'care.recommendation_scored' and score >= 9) - "
                "count_if(name = 'care.recommendation_scored' and score <= 6)"
            ),
            "requests": "sum(quantity) filter (name = 'guard.requests_served')",
            "failed_requests": "sum(failed) filter (name = 'guard.requests_served')",
            "slow_requests": "sum(slow) filter (name = 'guard.requests_served')",
            "twice_requests": "2 * sum(quantity) filter (name = 'guard.requests_served')",
            "pleasing_requests": "sum(2 * (quantity - slow) + tolerable) filter (name = 'guard.requests_served')",
        },
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="ts_us",
        lack=Lack.FEW_FACTS,
    ),
    Base(
        table="spend",
        sums={"spend_minor": "sum(amount_minor)"},
        columns=frozenset({Cut.CHANNEL, Cut.CAMPAIGN}),
        moment="ts_us",
        lack=Lack.SPEND_WITHOUT_PEOPLE,
    ),
    Base(
        table="first_orders",
        sums={"first_orders": "count(*)"},
        columns=_ORDERS.columns,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="screened_orders",
        sums={
            "screened_orders": "count(*)",
            "stopped_orders": "count_if(is_held)",
            "good_orders": "count_if(not is_held or is_cleared)",
            "wronged_orders": "count_if(is_held and is_cleared)",
        },
        columns=_ORDERS.columns,
        moment="ts_us",
        lack=Lack.ORDERS_WITHOUT_GOODS,
    ),
    Base(
        table="deposits",
        sums={"deposits": "count(*)", "kept_deposits": "count_if(is_balance_paid)"},
        columns=_PEOPLE_AND_PLACES | _HOURS,
        moment="ts_us",
        lack=Lack.FEW_FACTS,
    ),
    *(
        Base(
            table=table,
            sums={
                f"{key}_p50_s": _MEDIAN.format("waited_s"),
                f"{key}_p90_s": _NINE_IN_TEN.format("waited_s"),
                f"{key}_talks": "least(count(*), 1)",
            },
            columns=_PEOPLE_AND_PLACES | _HOURS,
            moment="ts_us",
            lack=Lack.FEW_FACTS,
        )
        for table, key in (("first_replies", "reply"), ("resolutions", "resolution"))
    ),
)

BASES: Final = {base.table: base for base in _ALL}
