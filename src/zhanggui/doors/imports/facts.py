"""What is told of an import's documents: the shop's facts.

Out of these tables of the workbench, which a source fills; moments are microseconds since 1970, UTC:

orders    key, order_number, at_us, person, region, goods_minor, discount_minor, shipping_minor, tax_minor,
          amount_minor, paid_us, paid_minor, provider, shipped_us, delivered_us, cancelled_us, cancel_reason
refunds   key, number, order_number, at_us, person, region, amount_minor, reason, has_goods, of_order
pieces    key, number, place, sku, category, quantity, amount_minor, is_goods: the lines of an order (number '') or of
          the refund of that number
products  key, sku, title, title_en, category, at_us, amount_minor
reviews   key, sku, order_number, rating, at_us, person, region, of_order

Lines are put together chunk by chunk, so that memory does not grow with the file. A cause is named by the key and the
moment of what led to it, so that its id follows without looking it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhanggui.doors.imports.stage import Stage, literal

LINES = "struct(sku varchar, category varchar, quantity integer, amount_minor bigint)[]"
NO_LINES = f"[]::{LINES}"
_LINE = "{'sku': sku, 'category': category, 'quantity': quantity, 'amount_minor': amount_minor}"

_SCHEMAS = {
    "orders": """key varchar, order_number varchar, at_us bigint, person varchar, region varchar, goods_minor bigint,
        discount_minor bigint, shipping_minor bigint, tax_minor bigint, amount_minor bigint, paid_us bigint,
        paid_minor bigint, provider varchar, shipped_us bigint, delivered_us bigint, cancelled_us bigint,
        cancel_reason varchar""",
    "refunds": """key varchar, number varchar, order_number varchar, at_us bigint, person varchar, region varchar,
        amount_minor bigint, reason varchar, has_goods boolean, of_order varchar""",
    "pieces": """key varchar, number varchar, place bigint, sku varchar, category varchar, quantity integer,
        amount_minor bigint, is_goods boolean""",
    "products": """key varchar, sku varchar, title varchar, title_en varchar, category varchar, at_us bigint,
        amount_minor bigint""",
    "reviews": """key varchar, sku varchar, order_number varchar, rating integer, at_us bigint, person varchar,
        region varchar, of_order varchar""",
    "document": "key varchar, at_us bigint, weight bigint, digest varchar",
    "fate": "part varchar, key varchar, bucket varchar, line_count bigint, amount decimal(38, 6), is_told boolean",
    "refused": "part varchar, row bigint, reason varchar",
}

# What tells each fact, when, and under which condition.
_TOLD = {
    "shop.order_placed": ("orders", "at_us", "true"),
    "shop.payment_settled": ("orders", "paid_us", "paid_us is not null"),
    "shop.order_cancelled": ("orders", "cancelled_us", "cancelled_us is not null"),
    "shop.parcel_shipped": ("orders", "shipped_us", "shipped_us is not null"),
    "shop.parcel_delivered": ("orders", "delivered_us", "delivered_us is not null"),
    "shop.return_received": ("refunds", "at_us", "has_goods"),
    "shop.refund_settled": ("refunds", "at_us", "amount_minor <> 0"),
    "shop.product_listed": ("products", "at_us", "true"),
    "shop.review_published": ("reviews", "at_us", "true"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells: the shop, its currency, and the source that the facts come from."""

    shop: str
    currency: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """How one kind of fact is told, as SQL over the tables of a chunk.

    body    the fields of the fact, as DuckDB writes a struct
    key     natural key, of which the id is made
    cause   moment and natural key of what led to it
    amount  what is lifted as the amount; a fact without one has no currency
    """

    name: str
    body: str
    key: str
    cause: tuple[str, str] = ("null", "null")
    actor: str = ""
    subject: str = "'order:' || order_number"
    sku: str = "''"
    category: str = "''"
    order_number: str = "order_number"
    lines: str = NO_LINES
    amount: str = "null"
    person: str = "person"
    region: str = "region"


def clear(stage: Stage) -> None:
    """Have the tables that a source fills, empty."""
    for name, columns in _SCHEMAS.items():
        stage.run(f"create or replace table {name} ({columns})")


def prepare(stage: Stage) -> None:
    """Have the lines of new documents lie by chunk, once the documents are judged."""
    stage.run("""
        create or replace table news_pieces as
        select p.*, v.chunk from pieces p join verdict v using (key) where v.verdict = 'new' order by v.chunk
    """)
    stage.run("drop table pieces")


def counts(stage: Stage, *, zone: str) -> tuple[dict[str, int], date | None, date | None]:
    """How often each fact would be told, on which first and last day."""
    everything = " union all ".join(
        f"select {literal(name)} as name, t.{at} as at_us from {table} t join verdict v using (key)"
        f" where v.verdict = 'new' and {condition}"
        for name, (table, at, condition) in _TOLD.items()
    )
    rows = stage.rows(f"""
        select name, count(*), timezone('{zone}', make_timestamptz(min(at_us)))::date,
            timezone('{zone}', make_timestamptz(max(at_us)))::date
        from ({everything}) group by name order by name
    """)
    days = [day for *_, first, last in rows for day in (first, last)]
    return {name: count for name, count, *_ in rows}, min(days, default=None), max(days, default=None)


def tell(stage: Stage, teller: Teller, *, chunk: int) -> None:
    """Have the table `told`: the facts of a chunk's new documents, as `rows` wants them."""
    _lay_chunk(stage, teller, chunk)
    stage.run(
        "create or replace temp table told as "
        + " union all by name ".join(_query(teller, fact) for fact in (*_of_orders(teller), *_of_others(teller)))
    )


def _lay_chunk(stage: Stage, teller: Teller, chunk: int) -> None:
    """The documents of a chunk with their lines, and the root of the natural keys of all that is told of each."""
    root = f"{literal(teller.shop)} || '/' ||"
    mine = f"v.verdict = 'new' and v.chunk = {int(chunk)}"
    partner = literal(f"partner:{teller.source}")
    stage.run(f"""
        create or replace temp table chunk_lines as
        select key, number, list({_LINE} order by place) as lines,
            list({_LINE} order by place) filter (where is_goods) as goods_lines
        from news_pieces where chunk = {int(chunk)} group by key, number
    """)
    stage.run(f"""
        create or replace temp table chunk_orders as
        select o.*, coalesce(l.lines, {NO_LINES}) as lines, {root} o.key as root,
            case when o.person = '' then {partner} else 'customer:' || o.person end as buyer
        from orders o join verdict v using (key) left join chunk_lines l on l.key = o.key and l.number = ''
        where {mine}
    """)
    # An order that is refunded in another file than it came in has no place in this one; its refund has no cause then.
    stage.run(f"""
        create or replace temp table chunk_refunds as
        select r.*, coalesce(l.lines, {NO_LINES}) as lines, l.goods_lines, {root} r.key || '/' || r.number as root,
            coalesce(o.paid_us, o.at_us) as order_us,
            {root} o.key || case when o.paid_us is null then '/placed' else '/paid' end as order_root
        from refunds r join verdict v using (key) left join orders o on o.key = r.of_order
            left join chunk_lines l on l.key = r.key and l.number = r.number
        where {mine}
    """)
    stage.run(f"""
        create or replace temp table chunk_products as
        select p.*, {root} p.key || '/listed/' || v.digest as root
        from products p join verdict v using (key) where {mine}
    """)
    stage.run(f"""
        create or replace temp table chunk_reviews as
        select r.*, {root} r.key as root, coalesce(o.delivered_us, o.shipped_us, o.paid_us, o.at_us) as order_us,
            {root} o.key || case when o.delivered_us is not null then '/delivered'
                when o.shipped_us is not null then '/shipped' when o.paid_us is not null then '/paid'
                else '/placed' end as order_root,
            case when r.person = '' then {partner} else 'customer:' || r.person end as buyer
        from reviews r join verdict v using (key) left join orders o on o.key = r.of_order where {mine}
    """)


def _of_orders(teller: Teller) -> tuple[_Fact, ...]:
    currency = literal(teller.currency)
    placed = ("at_us", "root || '/placed'")
    paid_or_placed = ("coalesce(paid_us, at_us)", "root || case when paid_us is null then '/placed' else '/paid' end")
    before_delivery = (
        "coalesce(shipped_us, paid_us, at_us)",
        "root || case when shipped_us is not null then '/shipped' when paid_us is not null then '/paid'"
        " else '/placed' end",
    )
    return (
        _Fact(
            name="shop.order_placed",
            body="order_number: order_number, customer_id: person, lines: lines, goods_minor: goods_minor,"
            " discount_minor: discount_minor, shipping_minor: shipping_minor, tax_minor: tax_minor,"
            f" amount_minor: amount_minor, currency: {currency}",
            key="root || '/placed'",
            actor="buyer",
            lines="lines",
            amount="amount_minor",
        ),
        _Fact(
            name="shop.payment_settled",
            body="order_number: order_number, payment_id: order_number || '/payment', provider: provider,"
            f" lines: lines, amount_minor: paid_minor, currency: {currency}",
            key="root || '/paid'",
            cause=placed,
            actor="buyer",
            lines="lines",
            amount="paid_minor",
        ),
        _Fact(
            name="shop.order_cancelled",
            body=f"order_number: order_number, reason: cancel_reason, amount_minor: amount_minor, currency: {currency}",
            key="root || '/cancelled'",
            cause=placed,
            amount="amount_minor",
        ),
        _Fact(
            name="shop.parcel_shipped",
            body="order_number: order_number, parcel_id: order_number || '/parcel', lines: lines",
            key="root || '/shipped'",
            cause=paid_or_placed,
            lines="lines",
        ),
        _Fact(
            name="shop.parcel_delivered",
            body="order_number: order_number, parcel_id: order_number || '/parcel'",
            key="root || '/delivered'",
            cause=before_delivery,
        ),
    )


def _of_others(teller: Teller) -> tuple[_Fact, ...]:
    currency = literal(teller.currency)
    return (
        _Fact(
            name="shop.return_received",
            body="order_number: order_number, return_number: number, lines: goods_lines, reason: reason",
            key="root || '/returned'",
            cause=("order_us", "order_root"),
            lines="goods_lines",
        ),
        _Fact(
            name="shop.refund_settled",
            body="order_number: order_number, refund_id: number, lines: lines, reason: reason,"
            f" amount_minor: amount_minor, currency: {currency}",
            key="root || '/refunded'",
            cause=(
                "case when has_goods then at_us else order_us end",
                "case when has_goods then root || '/returned' else order_root end",
            ),
            lines="lines",
            amount="amount_minor",
        ),
        _Fact(
            name="shop.product_listed",
            body="sku: sku, title: title, title_en: title_en, category: category, amount_minor: amount_minor,"
            f" currency: {currency}",
            key="root",
            subject="'product:' || sku",
            sku="sku",
            category="category",
            order_number="''",
            amount="amount_minor",
            person="''",
            region="''",
        ),
        _Fact(
            name="shop.review_published",
            body="sku: sku, rating: rating, order_number: order_number",
            key="root || '/published'",
            cause=("order_us", "order_root"),
            actor="buyer",
            subject="'product:' || sku",
            sku="sku",
        ),
    )


def _query(teller: Teller, fact: _Fact) -> str:
    table, at, condition = _TOLD[fact.name]
    cause_us, cause_key = fact.cause
    currency = "" if fact.amount == "null" else teller.currency
    return f"""
        select {literal(fact.name)} as name, {at} as at_us, {fact.key} as id_key, {cause_us}::bigint as cause_us,
            {cause_key}::varchar as cause_key, {fact.actor or literal(f"partner:{teller.source}")} as actor,
            {fact.person} as person, {fact.subject} as subject, {fact.sku} as sku, {fact.category} as category,
            {fact.order_number} as order_number, null::integer as quantity, {fact.amount}::bigint as amount_minor,
            {literal(currency)} as currency, {fact.region} as region, '' as session, '' as channel, '' as campaign,
            '' as device, '' as page, {fact.lines} as lines, encode(to_json({{{fact.body}}})::varchar) as body
        from chunk_{table} where {condition}
    """
