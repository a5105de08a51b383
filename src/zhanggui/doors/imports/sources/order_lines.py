"""Any shop's order lines, by a mapping of its columns.

Every line is in one bucket:

sold       of an order that was paid                  -> order and payment
unpaid     of an order that waits for its money       -> order
cancelled  of an order that was called off            -> order and cancellation
returned   pieces below 0                             -> return and refund
empty      0 pieces                                   -> not told
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from zhanggui.base.money import exponent
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import facts, refusals
from zhanggui.doors.imports.columns import Table, Writing, understand
from zhanggui.doors.imports.errors import CurrencyDiffers
from zhanggui.doors.imports.faults import words
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.reasons import ANOTHER_LINE, NO_DATE, NO_SUM
from zhanggui.doors.imports.rules import mapping, statuses
from zhanggui.doors.imports.rules.mapping import MONEY, Columns, Field
from zhanggui.doors.imports.rules.numbers import minor_sql
from zhanggui.doors.imports.sources import order_reading as reading
from zhanggui.doors.imports.sources.source import Laid, OfOrders
from zhanggui.doors.imports.stage import Stage, literal

_WANTED = ((Field.ORDER,), (Field.AT,), MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLines(OfOrders):
    """A file of order lines: a row per product of an order, or per order.

    status_words  more words for the states of orders, as `word=paid`
    """

    path: Path
    columns: Columns
    wish: tables.Wish = field(default_factory=tables.Wish)
    writing: Writing = field(default_factory=Writing)
    status_words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of this way of reading."""
        return "orders-csv"

    @property
    def title(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def asked(self) -> str:
        """What a person said about how to read it."""
        return repr((str(self.columns), self.wish, self.writing, self.status_words))

    def files(self) -> Sequence[Path]:
        """The one file."""
        return (self.path,)

    def lay_out(self, stage: Stage, shop: Shop) -> Laid:
        """Read the file into the workbench.

        refuses  FileMissing, FileBroken, FormNotAccepted, EncodingUnclear, ColumnsMissing, DecimalsUnclear,
                 DatesUnclear, CurrencyDiffers, MapUnclear
        """
        facts.clear(stage)
        standings = statuses.words(self.status_words)
        wish = replace(self.wish, unheaded=self.columns.unheaded)
        loaded = tables.load(stage, self.path, table="raw", wish=wish)
        named = mapping.require(self.columns, present=loaded.columns, path=str(self.path), wanted=_WANTED)
        table = understand(
            stage, loaded, named, zone=shop.zone, numbers=reading.NUMBERS, moments=reading.MOMENTS, writing=self.writing
        )
        _see_currency(stage, table, shop)
        refusals.take_ragged(stage, loaded, part="lines", order_column=named[Field.ORDER])
        lay_out(stage, table, shop, standings)
        used = ", ".join(f"{means}={column}" for means, column in named.items())
        return Laid(reading=f"{loaded.said}; {table.said}; {used}", parts={"lines": loaded}, writing=table.options)


def _see_currency(stage: Stage, table: Table, shop: Shop) -> None:
    """Refuse a file in another currency as a whole; single lines of another are refused one by one."""
    if table.has(Field.CURRENCY):
        currency = f"upper({table.text(Field.CURRENCY)})"
        rows = stage.rows(f"select distinct {currency} as said from {table.loaded.table} where said is not null")
        found = sorted(said for (said,) in rows)
        if found and shop.currency not in found:
            raise CurrencyDiffers(path=str(table.loaded.path), wanted=shop.currency, found=tuple(found))


def lay_out(stage: Stage, table: Table, shop: Shop, standings: dict[str, statuses.Standing]) -> None:
    """Have the documents of a file of order lines in the workbench, by the meanings of its columns."""
    listed = ", ".join(f"({literal(word)}, {literal(standing)})" for word, standing in standings.items())
    stage.run(f"create or replace table word as select * from (values {listed}) as w(word, standing)")
    places = exponent(shop.currency)
    reading.read(stage, table, shop)
    _gather(stage, table, places)
    _hold_back(stage)
    _share(stage, places)
    _orders(stage)
    _returns(stage, places)
    _refunds(stage)
    if table.has(Field.TITLE) or table.has(Field.CATEGORY):
        _products(stage, places)
    _documents(stage)


def _gather(stage: Stage, table: Table, places: int) -> None:
    """Orders: what each line says of its order, the first that says anything counting, and the sums."""
    firsts = ", ".join(f"min_by({one}_us, _row) as {one}_us" for one in reading.MOMENTS)
    sums = ", ".join(f"{minor_sql(f'min_by({one}_read, _row)', places)} as {one}" for one in reading.PER_ORDER)
    sold = "is_line and quantity > 0"
    stage.run(f"""
        create or replace table gathered as
        select doc, {firsts}, {sums}, min_by(standing, _row) as standing,
            coalesce(min_by(nullif(person, ''), _row), '') as person,
            coalesce(min_by(nullif(region, ''), _row), '') as region,
            coalesce(min_by(provider, _row), 'import') as provider,
            bool_or(is_line and quantity < 0) as has_returns, bool_or(not (is_line and quantity < 0)) as has_order,
            count_if({sold}) as sold_lines, bool_or({sold} and exact is null) as lacks_amounts,
            coalesce(sum({minor_sql("exact", places)}) filter (where {sold}), 0)::bigint as lines_minor,
            coalesce(sum({minor_sql("quantity * price_read", places)}) filter (where {sold}), 0)::bigint as gross_minor,
            max(at_us) filter (where is_line and quantity < 0) as returned_us
        from line where doc is not null group by doc
    """)
    paid_said = "paid_at_us is not null" if table.has(Field.PAID_AT) else "standing is null"
    stage.run(f"""
        create or replace table booked as
        with given as (
            select * replace (case when not has_returns then goods end as goods,
                    case when not has_returns then total end as total),
                coalesce(shipping, 0) as ship, coalesce(tax, 0) as taxed
            from gathered
        ), first_sums as (
            select *, coalesce(goods, case when lacks_amounts then greatest(coalesce(total, 0) - ship - taxed, 0)
                else lines_minor end) as goods_first from given
        ), rests as (
            select *, coalesce(total, goods_first + ship + taxed) - goods_first - ship - taxed as rest from first_sums
        )
        select *,
            case when goods is null then goods_first + least(rest, 0) else goods_first end as goods_minor,
            case when goods is null then ship + greatest(rest, 0) else ship + least(taxed + rest, 0) end
                as shipping_minor,
            case when goods is null then taxed else greatest(taxed + rest, 0) end as tax_minor,
            standing = 'cancelled' or cancelled_at_us is not null as is_cancelled,
            case when standing in ('unpaid', 'cancelled') then paid_at_us
                when standing in ('paid', 'refunded') or {paid_said} then coalesce(paid_at_us, at_us) end as paid_us
        from rests
    """)


def _hold_back(stage: Stage) -> None:
    """An order with anything wrong stays out with all its lines."""
    stage.run(f"""
        create or replace table fault as
        select doc, {words(_(NO_DATE))} as reason from booked where at_us is null
        union all
        select doc, {words(_(NO_SUM))} from booked
        where has_order and (goods_minor < 0 or shipping_minor < 0)
    """)
    stage.run("""
        create or replace table held as
        select doc, any_value(reason) as reason from (
            select doc, null as reason from line where reason is not null
            union all select trim(doc), null from ragged_lines
            union all select doc, reason from fault
        ) where doc is not null group by doc
    """)
    stage.run(f"""
        insert into refused
        select 'lines', _row,
            coalesce(line.reason, held.reason, {words(_(ANOTHER_LINE))})
        from line left join held using (doc) where line.reason is not null or held.doc is not null
    """)
    stage.run("""
        create or replace table good as
        select line.*, booked.is_cancelled, booked.paid_us from line join booked using (doc) anti join held using (doc)
    """)
    stage.run("""
        insert into fate
        select 'lines', coalesce('orders/' || line.doc, ''), case
                when line.reason is not null or held.doc is not null then 'refused'
                when not is_line or quantity = 0 then 'empty'
                when quantity < 0 then 'returned'
                when coalesce(is_cancelled, false) then 'cancelled'
                when booked.paid_us is null then 'unpaid'
                else 'sold'
            end as bucket, count(*), sum(coalesce(exact, total_read)), bucket not in ('refused', 'empty')
        from line left join held using (doc) left join booked using (doc) group by all
    """)


def _share(stage: Stage, places: int) -> None:
    """What each line costs after its share of the order's discount, by largest remainder as `Money.split` shares.

    An order without lines, or whose lines have no prices, keeps its goods in as many lines as it has, at least one.
    """
    stage.run(f"""
        create or replace table shared as
        with weighed as (
            select _row, doc, sku, category, quantity, title, price_read, booked.goods_minor,
                case when lacks_amounts or lines_minor = 0 then quantity else {minor_sql("exact", places)} end as weight
            from good join booked using (doc)
            where is_line and quantity > 0
        ), whole as (
            select *, sum(weight) over (partition by doc) as whole, min(weight) over (partition by doc) as least_weight
            from weighed
        ), cut as (
            select *, case when goods_minor = whole or least_weight < 0 then weight
                    else goods_minor::hugeint * weight // whole end as share,
                case when goods_minor = whole or least_weight < 0 then 0
                    else goods_minor::hugeint * weight % whole end as remainder
            from whole
        )
        select * exclude (whole, least_weight, remainder, share), share + case
                when least_weight >= 0 and row_number() over (partition by doc order by remainder desc, _row)
                    <= goods_minor - sum(share) over (partition by doc) then 1 else 0 end as minor
        from cut
    """)


def _orders(stage: Stage) -> None:
    stage.run("""
        insert into orders by name
        select 'orders/' || doc as key, doc as order_number, at_us, person, region, goods_minor,
            greatest(gross_minor - goods_minor, 0) as discount_minor, shipping_minor, tax_minor,
            goods_minor + shipping_minor + tax_minor as amount_minor, paid_us,
            goods_minor + shipping_minor + tax_minor as paid_minor, provider, shipped_at_us as shipped_us,
            delivered_at_us as delivered_us,
            case when is_cancelled then coalesce(cancelled_at_us, paid_us, at_us) end as cancelled_us,
            case when is_cancelled then coalesce(standing, 'cancelled') end as cancel_reason
        from booked anti join held using (doc) where has_order
    """)
    stage.run("""
        insert into pieces by name
        select 'orders/' || doc as key, '' as number, _row as place, sku, category, quantity, minor as amount_minor,
            true as is_goods from shared
        union all by name
        select 'orders/' || doc as key, '' as number, 0 as place, '' as sku, '' as category, 1 as quantity,
            goods_minor as amount_minor, true as is_goods
        from booked anti join held using (doc) where has_order and goods_minor > 0 and sold_lines = 0
    """)


def _returns(stage: Stage, places: int) -> None:
    """Lines below 0 are goods that came back."""
    stage.run(f"""
        insert into pieces by name
        select 'orders/' || doc as key, doc || '/return' as number, _row as place, sku, category,
            -quantity as quantity, {minor_sql("abs(coalesce(exact, 0))", places)} as amount_minor, true as is_goods
        from good where is_line and quantity < 0
    """)
    stage.run("""
        insert into refunds by name
        select 'orders/' || doc as key, doc || '/return' as number, doc as order_number, returned_us as at_us, person,
            region, p.minor as amount_minor, 'return' as reason, true as has_goods,
            case when has_order then 'orders/' || doc end as of_order
        from booked join (select key, sum(amount_minor)::bigint as minor from pieces where number <> '' group by key) p
            on p.key = 'orders/' || doc
    """)


def _refunds(stage: Stage) -> None:
    """A refunded sum says neither when nor for what: it is told at the last moment that the file knows of the order,
    and with lines only if all of it was given back.
    """
    stage.run("""
        insert into refunds by name
        with given_back as (
            select o.*, least(coalesce(refunded, o.amount_minor), o.amount_minor) as back,
                coalesce(cancelled_at_us, delivered_at_us, shipped_at_us, paid_at_us, b.at_us) as back_us
            from booked b join orders o on o.order_number = b.doc
            where o.paid_us is not null and (refunded > 0 or (refunded is null and standing = 'refunded'))
        )
        select key, order_number || '/refund' as number, order_number, back_us as at_us, person, region,
            back as amount_minor, 'refunded' as reason, false as has_goods, key as of_order
        from given_back
    """)
    stage.run("""
        insert into pieces by name
        select p.* replace (r.number as number, false as is_goods)
        from refunds r join orders o using (key) join pieces p on p.key = r.key and p.number = ''
        where not r.has_goods and r.amount_minor = o.amount_minor
    """)


def _products(stage: Stage, places: int) -> None:
    """What was sold, under the words used most; listed when first sold, at the price of the last sale."""
    stage.run(f"""
        insert into products by name
        with words as (
            select sku, title, category, count(*) as uses from shared where sku <> '' group by all
        )
        select 'products/' || sku as key, sku, coalesce(any_value(w.title), '') as title, '' as title_en,
            coalesce(any_value(w.category), '') as category, min(at_us) as at_us,
            arg_max(coalesce({minor_sql("price_read", places)}, minor // quantity), (at_us, _row)) as amount_minor
        from shared join booked using (doc)
            left join (select sku, arg_max(title, (uses, title)) as title,
                arg_max(category, (uses, category)) as category from words group by sku) w using (sku)
        where sku <> '' group by sku
    """)


def _documents(stage: Stage) -> None:
    stage.run("""
        insert into document by name
        select 'orders/' || doc as key, any_value(booked.at_us) as at_us, count(*) as weight,
            md5(concat_ws('|', any_value(booked)::varchar, count(*),
                sum(md5_number_lower(concat_ws('|', sku, quantity, exact))))) as digest
        from good join booked using (doc) group by doc
    """)
    stage.run("""
        insert into document by name
        select key, at_us, 1 as weight, md5(concat_ws('|', sku, title, category)) as digest from products
    """)
