"""Olist: a folder of tables of a Brazilian marketplace, under their published names, as CSV or Parquet.

Parts and their buckets; every row is in exactly one:

orders     equal          its payments are what its items and freight cost, within 5 centavos
           unequal        they are not; the order is told at its price, the payment as it was
           goods_unknown  the folder has no items of it: one line without SKU, at the price that was paid
           no_payment     the folder has no payment of it
items      sold           of an order in the folder
           without_order  of another
payments   settled        the order's payment was approved, or its parcel went off
           open           it was not
           without_order
reviews    published
           repeated       the same review of the same order, again
           without_order
customers, products   used, or not used by any order
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from zhanggui.base.money import exponent
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import facts, refusals
from zhanggui.doors.imports.columns import Table, Writing, understand
from zhanggui.doors.imports.errors import FileMissing, TableMissing
from zhanggui.doors.imports.faults import words
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.reasons import ANOTHER_LINE
from zhanggui.doors.imports.rules import mapping
from zhanggui.doors.imports.rules.moments import Dates
from zhanggui.doors.imports.rules.numbers import Decimals
from zhanggui.doors.imports.sources import olist_reading as reading
from zhanggui.doors.imports.sources.source import Laid, OfOrders
from zhanggui.doors.imports.stage import Stage

SHOP = Shop(code="olist", name="Olist", zone="America/Sao_Paulo", currency="BRL", kind=ShopKind.IMPORTED)
_TABLES = {
    "orders": "olist_orders",
    "items": "olist_order_items",
    "payments": "olist_order_payments",
    "customers": "olist_customers",
    "products": "olist_products",
    "reviews": "olist_order_reviews",
    "categories": "product_category_name_translation",
}
_NEEDED = ("orders", "items", "payments")
_FORMS = (".parquet", ".csv")
_SAME_MINOR = 5
_TOLD = "('equal', 'unequal', 'goods_unknown', 'no_payment', 'sold', 'settled', 'published', 'used')"
_OFF = "('canceled', 'unavailable')"
_PAID = "('approved', 'processing', 'invoiced', 'shipped', 'delivered')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Olist(OfOrders):
    """The folder; orders, items and payments must be in it, the other tables are read if they are."""

    folder: Path

    @property
    def name(self) -> str:
        """Of this way of reading."""
        return "olist"

    @property
    def title(self) -> str:
        """Of the folder."""
        return f"{self.folder.resolve().name}/"

    @property
    def asked(self) -> str:
        """Nothing can be asked."""
        return ""

    def files(self) -> Sequence[Path]:
        """The tables that are read.

        refuses  FileMissing, TableMissing
        """
        return tuple(self._found().values())

    def lay_out(self, stage: Stage, shop: Shop) -> Laid:
        """Read the folder into the workbench.

        refuses  FileMissing, FileBroken, TableMissing, ColumnsMissing
        """
        facts.clear(stage)
        found = self._found()
        parts = {
            part: tables.load(stage, path, table=f"raw_{part}", wish=tables.Wish()) for part, path in found.items()
        }
        laid = {part: _understood(stage, loaded, part, shop) for part, loaded in parts.items()}
        _lay_out(stage, laid, exponent(shop.currency))
        said = ", ".join(f"{part} from {loaded.path.name}" for part, loaded in parts.items())
        missing = ", ".join(part for part in _TABLES if part not in found)
        return Laid(reading=said + (f"; without {missing}" if missing else ""), parts=parts)

    def _found(self) -> dict[str, Path]:
        try:
            files = sorted(self.folder.iterdir())
        except OSError as refused:
            raise FileMissing(path=str(self.folder), reason=refused.strerror or str(refused)) from refused
        found: dict[str, Path] = {}
        for part, name in _TABLES.items():
            fitting = [path for path in files if path.suffix.lower() in _FORMS and _is_called(path.stem, name)]
            if fitting:
                found[part] = fitting[0]
        missing = [f"{_TABLES[part]}_dataset.csv" for part in _NEEDED if part not in found]
        if missing:
            raise TableMissing(path=str(self.folder), wanted=tuple(missing))
        return found


def _is_called(stem: str, name: str) -> bool:
    return stem in (name, f"{name}_dataset", f"{name}_subset")


def _understood(stage: Stage, loaded: tables.Loaded, part: str, shop: Shop) -> Table:
    columns = mapping.Columns(named={name: name for name in reading.COLUMNS[part]})
    named = mapping.require(columns, present=loaded.columns, path=str(loaded.path), wanted=())
    writing = Writing(dates=Dates.YMD, decimals=Decimals.POINT)
    refusals.take_ragged(stage, loaded, part=part, order_column=named.get("order_id"))
    return understand(stage, loaded, named, zone=shop.zone, numbers=(), moments=(), writing=writing)


def _lay_out(stage: Stage, laid: Mapping[str, Table], places: int) -> None:
    reading.read_orders(stage, laid["orders"])
    reading.read_items(stage, laid["items"], places)
    reading.read_payments(stage, laid["payments"], places)
    reading.read_others(stage, laid)
    _hold_back(stage)
    _gather(stage)
    _orders(stage)
    _products(stage)
    _reviews(stage)
    _documents(stage)
    _sort_into_buckets(stage)


def _hold_back(stage: Stage) -> None:
    """An order with anything wrong in any table stays out with all its rows."""
    kept = {"orders": "bought", "items": "item", "payments": "payment"}
    faults = " union all ".join(
        f"select doc from {table} where reason is not null union all select doc from ragged_{part}"
        for part, table in kept.items()
    )
    stage.run(f"create or replace table held as select distinct doc from ({faults}) where doc is not null")
    for part, table in kept.items():
        stage.run(f"""
            insert into refused
            select '{part}', _row, coalesce(reason, {words(_(ANOTHER_LINE))}) from {table}
            where reason is not null or doc in (select doc from held)
        """)


def _gather(stage: Stage) -> None:
    """What the tables say of each order."""
    stage.run("""
        create or replace table parcel as
        select doc, sku, coalesce(any_value(category), '') as category, count(*)::integer as quantity,
            sum(price_minor)::bigint as minor, sum(freight_minor)::bigint as freight, min(_row) as place
        from item left join goods using (sku) where doc not in (select doc from held) group by doc, sku
    """)
    stage.run("""
        create or replace table basket as
        select doc, sum(minor)::bigint as goods_minor, sum(freight)::bigint as freight_minor,
            case when count(*) = 1 then any_value(sku) else '' end as only_sku
        from parcel group by doc
    """)
    stage.run("""
        create or replace table purse as
        select doc, sum(minor)::bigint as minor, arg_max(provider, (value, -_row)) as provider
        from payment where doc not in (select doc from held) group by doc
    """)


def _orders(stage: Stage) -> None:
    """Orders at what their items and freight cost; payments as they were made.

    A cancellation has no moment of its own: it is told at the last one that the order has.
    """
    last = "greatest(at_us, coalesce(approved_us, 0), coalesce(shipped_us, 0), coalesce(delivered_us, 0))"
    stage.run(f"""
        create or replace table judged as
        with buyer as (
            select customer_id, any_value(customer_unique_id) as person, any_value(customer_state) as region
            from customer group by customer_id
        )
        select b.*, coalesce(c.person, '') as person, coalesce(c.region, '') as region, k.goods_minor,
            k.freight_minor, k.only_sku, p.minor as paid_minor, coalesce(p.provider, '') as provider,
            case when p.doc is null then 'no_payment' when k.doc is null then 'goods_unknown'
                when abs(p.minor - k.goods_minor - k.freight_minor) <= {_SAME_MINOR} then 'equal' else 'unequal' end
                as bucket,
            p.doc is not null and (approved_us is not null or status in {_PAID}) as is_paid
        from bought b left join buyer c using (customer_id) left join basket k using (doc)
            left join purse p using (doc)
        where b.doc not in (select doc from held)
    """)
    stage.run(f"""
        insert into orders by name
        select 'orders/' || doc as key, doc as order_number, at_us, person, region,
            coalesce(goods_minor, paid_minor, 0) as goods_minor, 0 as discount_minor,
            coalesce(freight_minor, 0) as shipping_minor, 0 as tax_minor,
            coalesce(goods_minor + freight_minor, paid_minor, 0) as amount_minor,
            case when is_paid then coalesce(approved_us, at_us) end as paid_us, paid_minor, provider, shipped_us,
            delivered_us, case when status in {_OFF} then {last} end as cancelled_us,
            case when status in {_OFF} then status end as cancel_reason
        from judged
    """)
    stage.run("""
        insert into pieces by name
        select 'orders/' || doc as key, '' as number, place, sku, category, quantity, minor as amount_minor,
            true as is_goods from parcel join judged using (doc)
        union all by name
        select 'orders/' || doc as key, '' as number, 0 as place, '' as sku, '' as category, 1 as quantity,
            paid_minor as amount_minor, true as is_goods from judged where goods_minor is null and paid_minor > 0
    """)


def _products(stage: Stage) -> None:
    """What was sold, when first sold, at the price of the last sale. The products of this shop have no names."""
    stage.run("""
        insert into products by name
        select 'products/' || sku as key, sku, trim(replace(category, '_', ' ') || ' ' || left(sku, 8)) as title,
            title as title_en, category, min(at_us) as at_us, arg_max(price_minor, (at_us, item._row)) as amount_minor
        from item join judged using (doc) join goods using (sku) group by sku, category
    """)


def _reviews(stage: Stage) -> None:
    """A review is of an order; of a product only if that order has just one. Without an id, its day stands for it."""
    stage.run("""
        create or replace table said as
        select *, case
                when doc is null or rating is null or rating not between 1 and 5 or at_us is null then 'refused'
                when doc not in (select doc from judged) then 'without_order'
                when row_number() over (partition by key order by _row) > 1 then 'repeated'
                else 'published'
            end as bucket
        from (select *, 'reviews/' || doc || '/' || coalesce(review_id, at_us::varchar, '') as key from opinion)
    """)
    needed = words(_("order_id, review_score from 1 to 5 and review_creation_date are needed"))
    stage.run(f"insert into refused select 'reviews', _row, {needed} from said where bucket = 'refused'")
    stage.run("""
        insert into reviews by name
        select said.key, coalesce(only_sku, '') as sku, doc as order_number, rating,
            said.at_us, person, region, 'orders/' || doc as of_order
        from said join judged using (doc) where said.bucket = 'published'
    """)


def _documents(stage: Stage) -> None:
    stage.run("""
        insert into document by name
        select key, at_us, 1 + coalesce(count, 0) as weight,
            md5(concat_ws('|', orders::varchar, count, said)) as digest
        from orders left join (
            select key, count(*) as count, sum(md5_number_lower(concat_ws('|', sku, category, quantity, amount_minor)))
                as said from pieces group by key
        ) using (key)
        union all by name
        select key, at_us, 1 as weight, md5(concat_ws('|', sku, title)) as digest from products
        union all by name
        select key, at_us, 1 as weight, md5(concat_ws('|', rating, at_us, order_number)) as digest from reviews
    """)


def _sort_into_buckets(stage: Stage) -> None:
    """Every row of every table, once."""
    stage.run("create or replace view listed as select sku from item join judged using (doc)")
    key = "coalesce('orders/' || doc, '')"
    refused = "reason is not null or doc in (select doc from held)"
    stage.run(f"""
        insert into fate
        select part, key, bucket, count(*), sum(amount), bucket in {_TOLD} from (
            select 'orders' as part, {key} as key, coalesce(bucket, 'refused') as bucket, null as amount
            from bought left join (select doc, bucket from judged) using (doc)
            union all
            select 'items', {key}, case when {refused} then 'refused' when is_paid is null then 'without_order'
                else 'sold' end, price + freight
            from item left join (select doc, is_paid from judged) using (doc)
            union all
            select 'payments', {key}, case when {refused} then 'refused' when is_paid is null then 'without_order'
                when is_paid then 'settled' else 'open' end, value
            from payment left join (select doc, is_paid from judged) using (doc)
            union all
            select 'reviews', coalesce(key, ''), bucket, null from said
            union all
            select 'customers', '', case when customer_id in (select customer_id from judged) then 'used'
                else 'unused' end, null from customer
            union all
            select 'products', '', case when sku in (select sku from listed) then 'used' else 'unused' end, null
            from goods
        ) group by all
    """)
