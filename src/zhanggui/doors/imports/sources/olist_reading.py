"""Olist's tables out of the text of their files, and what is wrong with each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from zhanggui.doors.imports.columns import Table
from zhanggui.doors.imports.faults import faults, words
from zhanggui.doors.imports.rules.numbers import minor_sql
from zhanggui.doors.imports.stage import Stage

COLUMNS: Mapping[str, Sequence[str]] = {
    "orders": (
        *("order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at"),
        *("order_delivered_carrier_date", "order_delivered_customer_date"),
    ),
    "items": ("order_id", "order_item_id", "product_id", "price", "freight_value"),
    "payments": ("order_id", "payment_sequential", "payment_type", "payment_value"),
    "customers": ("customer_id", "customer_unique_id", "customer_state"),
    "products": ("product_id", "product_category_name"),
    "reviews": ("review_id", "order_id", "review_score", "review_creation_date"),
    "categories": ("product_category_name", "product_category_name_english"),
}
_STATES = "('created', 'approved', 'processing', 'invoiced', 'shipped', 'delivered', 'canceled', 'unavailable')"


def read_orders(stage: Stage, orders: Table) -> None:
    """Orders with what is wrong with each; a missing moment is no fault, a broken one is."""
    later = COLUMNS["orders"][4:]
    fault = faults(
        ("doc is null", words(_("no order number"))),
        ("at_us is null or has_broken_date", words(_("the date cannot be read"))),
        (f"status is null or status not in {_STATES}", words(_("the status is not known"))),
        ("count(*) over (partition by doc) > 1", words(_("the order stands twice"))),
    )
    broken = " or ".join(f"({orders.text(one)} is not null and {orders.moment(one)} is null)" for one in later)
    stage.run(f"""
        create or replace table bought as
        with read as (
            select _row, {orders.text("order_id")} as doc, {orders.text("customer_id")} as customer_id,
                lower({orders.text("order_status")}) as status, {orders.moment("order_purchase_timestamp")} as at_us,
                {orders.moment("order_approved_at")} as approved_us,
                {orders.moment("order_delivered_carrier_date")} as shipped_us,
                {orders.moment("order_delivered_customer_date")} as delivered_us, {broken} as has_broken_date
            from {orders.loaded.table}
        )
        select * exclude (has_broken_date), {fault} as reason from read
    """)


def read_items(stage: Stage, items: Table, places: int) -> None:
    """Items with what is wrong with each."""
    not_from_0 = _("{column} is not a number from 0")
    fault = faults(
        ("doc is null", words(_("no order number"))),
        ("sku is null", words(_("no product number"))),
        ("price is null or price < 0", words(not_from_0, column="'price'")),
        ("freight is null or freight < 0", words(not_from_0, column="'freight_value'")),
    )
    stage.run(f"""
        create or replace table item as
        with read as (
            select _row, {items.text("order_id")} as doc, {items.text("product_id")} as sku,
                {items.number("price")} as price, {items.number("freight_value")} as freight
            from {items.loaded.table}
        )
        select *, {minor_sql("price", places)} as price_minor, {minor_sql("freight", places)} as freight_minor,
            {fault} as reason
        from read
    """)


def read_payments(stage: Stage, payments: Table, places: int) -> None:
    """Payments with what is wrong with each."""
    fault = faults(
        ("doc is null", words(_("no order number"))),
        ("value is null or value < 0", words(_("{column} is not a number from 0"), column="'payment_value'")),
    )
    stage.run(f"""
        create or replace table payment as
        with read as (
            select _row, {payments.text("order_id")} as doc, {payments.text("payment_type")} as provider,
                {payments.number("payment_value")} as value
            from {payments.loaded.table}
        )
        select *, {minor_sql("value", places)} as minor,
            {fault} as reason
        from read
    """)


def read_others(stage: Stage, laid: Mapping[str, Table]) -> None:
    """Tables that may be missing: then they are empty."""
    names = {part: _texts(laid.get(part), part) for part in ("customers", "products", "categories")}
    stage.run(f"create or replace table customer as {names['customers']}")
    stage.run(f"""
        create or replace table goods as
        select product_id as sku, coalesce(product_category_name_english, product_category_name, '') as category
        from ({names["products"]}) left join ({names["categories"]}) using (product_category_name)
    """)
    reviews = laid.get("reviews")
    rating, at = (reviews.whole("review_score"), reviews.moment("review_creation_date")) if reviews else ("0", "0")
    stage.run(f"""
        create or replace table opinion as
        select _row, review_id, order_id as doc, {rating} as rating, {at} as at_us from ({_texts(reviews, "reviews")})
    """)


def _texts(table: Table | None, part: str) -> str:
    """A query for a table's columns as trimmed text; without rows if the folder lacks it."""
    if table is None:
        return f"select 0::bigint as _row, {', '.join(f'null::varchar as {one}' for one in COLUMNS[part])} where false"
    texts = ", ".join(f"{table.text(one)} as {one}" for one in COLUMNS[part])
    return f"select _row, {texts} from {table.loaded.table}"
