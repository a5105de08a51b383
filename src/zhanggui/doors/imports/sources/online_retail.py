"""UCI Online Retail I and II: a British gift shop's invoices, with cancellations, bad debt and stock bookkeeping.

Every line is in one bucket:

sold        a priced piece on an ordinary invoice                      -> order, paid when placed
postage     carriage on an ordinary invoice                            -> the order's shipping
given_free  a piece without a price, on an invoice with priced ones    -> a line of the order, amount 0
returned    goods on a "C" invoice                                     -> return and refund
credited    money without goods on a "C" invoice: discounts, fees      -> refund
stock       pieces without a price and without a sale: found, lost     -> not told
correction  a line that goes the wrong way, such as a "C" line with pieces above 0 -> not told
bad_debt    an "A" invoice                                             -> not told
repeated    an invoice that stands twice in the same file, the second time -> not told
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from zhanggui.base.money import exponent
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import facts, refusals
from zhanggui.doors.imports.columns import Table, Writing, understand
from zhanggui.doors.imports.faults import faults, words
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.reasons import ANOTHER_LINE
from zhanggui.doors.imports.rules import mapping
from zhanggui.doors.imports.rules.mapping import Field
from zhanggui.doors.imports.rules.numbers import minor_sql
from zhanggui.doors.imports.sources.source import Laid, OfOrders
from zhanggui.doors.imports.stage import Stage

SHOP = Shop(code="online-retail", name="Online Retail", zone="Europe/London", currency="GBP", kind=ShopKind.IMPORTED)
_COLUMNS = {
    Field.ORDER: "Invoice",
    Field.SKU: "StockCode",
    Field.TITLE: "Description",
    Field.QUANTITY: "Quantity",
    Field.AT: "InvoiceDate",
    Field.PRICE: "Price",
    Field.CUSTOMER: "Customer ID",
    Field.REGION: "Country",
}
# What the first file calls them; CustomerID is the same name to us.
_OLDER = {Field.ORDER: "InvoiceNo", Field.PRICE: "UnitPrice"}
_ENCODING = "cp1252"

_CARRIAGE = "('POST', 'DOT', 'C2', 'C3')"
_SERVICES = "('POST', 'DOT', 'C2', 'C3', 'M', 'D', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'ADJUST', 'ADJUST2')"
_TOLD = "('sold', 'postage', 'given_free', 'returned', 'credited')"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineRetail(OfOrders):
    """One of the two files, as Parquet, CSV or XLSX.

    Its lines keep their exact money; facts round each line once, half up to the penny.
    """

    path: Path
    wish: tables.Wish = field(default_factory=tables.Wish)
    writing: Writing = field(default_factory=Writing)

    @property
    def name(self) -> str:
        """Of this way of reading."""
        return "online-retail"

    @property
    def title(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def asked(self) -> str:
        """What a person said about how to read it."""
        return repr((self.wish, self.writing))

    def files(self) -> Sequence[Path]:
        """The one file."""
        return (self.path,)

    def lay_out(self, stage: Stage, shop: Shop) -> Laid:
        """Read the file into the workbench.

        refuses  FileMissing, FileBroken, FormNotAccepted, ColumnsMissing
        """
        facts.clear(stage)
        wish = tables.Wish(
            encoding=self.wish.encoding, delimiter=self.wish.delimiter, fallback=self.wish.fallback or _ENCODING
        )
        loaded = tables.load(stage, self.path, table="raw", wish=wish)
        table = understand(
            stage,
            loaded,
            _named(loaded),
            zone=shop.zone,
            numbers=(Field.PRICE, Field.QUANTITY),
            moments=(Field.AT,),
            writing=self.writing,
        )
        refusals.take_ragged(stage, loaded, part="lines", order_column=table.named[Field.ORDER])
        _lay_out(stage, table, exponent(shop.currency))
        return Laid(reading=f"{loaded.said}; {table.said}", parts={"lines": loaded}, writing=table.options)


def _named(loaded: tables.Loaded) -> dict[str, str]:
    present = {mapping.bare(name) for name in loaded.columns}
    names: dict[str, str] = {
        means: older if (older := _OLDER.get(means, name)) and mapping.bare(older) in present else name
        for means, name in _COLUMNS.items()
    }
    columns = mapping.Columns(named=names)
    return mapping.require(columns, present=loaded.columns, path=str(loaded.path), wanted=())


def _lay_out(stage: Stage, table: Table, places: int) -> None:
    _read(stage, table)
    _find_repeats(stage)
    _sort_into_buckets(stage, places)
    _orders(stage)
    _credit_notes(stage)
    _pieces(stage)
    _products(stage, places)
    _documents(stage)


def _read(stage: Stage, table: Table) -> None:
    """Lines with what is wrong with them; one broken line holds its whole invoice back."""
    fault = faults(
        ("doc is null", words(_("no order number"))),
        ("not regexp_full_match(doc, '[AC]?\\d{1,12}[A-Z]?')", words(_("not an invoice number"))),
        ("sku is null", words(_("no stock code"))),
        ("quantity is null", words(_("quantity is not a whole number"))),
        ("price is null", words(_("price is not a number"))),
        ("at_us is null", words(_("the date cannot be read"))),
    )
    stage.run(f"""
        create or replace table line as
        with read as (
            select _row, upper({table.text(Field.ORDER)}) as doc, upper({table.text(Field.SKU)}) as sku,
                {table.text(Field.TITLE)} as title, {table.whole(Field.QUANTITY)} as quantity,
                {table.number(Field.PRICE)} as price, {table.moment(Field.AT)} as at_us,
                coalesce(regexp_replace({table.text(Field.CUSTOMER)}, '\\.0+$', ''), '') as person,
                left(coalesce({table.text(Field.REGION)}, ''), 60) as region
            from {table.loaded.table}
        ), checked as (
            select *, {fault} as fault from read
        )
        select * exclude (fault), case when regexp_matches(doc, '^[AC]') then left(doc, 1) else '' end as letter,
            coalesce(fault, case when doc in (
                    select doc from checked where fault is not null union all select upper(trim(doc)) from ragged_lines
                ) then {words(_(ANOTHER_LINE))} end) as reason
        from checked
    """)
    stage.run("insert into refused select 'lines', _row, reason from line where reason is not null")


def _find_repeats(stage: Stage) -> None:
    """Invoices that stand twice in a file: both years' files in one have the days of 2010-12-01…09 in both parts.

    An invoice's lines stand together. Where a gap parts them into two halves that say the same, the second is a repeat;
    equal lines within one half are not: the shop's tills wrote a piece per line.
    """
    stage.run("""
        create or replace table repeat as
        with parted as (
            select doc from line where reason is null
            group by doc having max(_row) - min(_row) >= count(*) and count(*) % 2 = 0
        ), gaps as (
            select doc, _row, _row - lag(_row) over (partition by doc order by _row) as gap
            from line join parted using (doc)
        ), cuts as (select doc, arg_max(_row, gap) as cut from gaps group by doc
        ), halves as (
            select doc, _row >= cut as is_second,
                list((sku, quantity, price) order by sku, quantity, price)::varchar as said
            from line join cuts using (doc) group by all
        )
        select doc, cut from cuts join halves using (doc) group by all having count(*) = 2 and count(distinct said) = 1
    """)


def _sort_into_buckets(stage: Stage, places: int) -> None:
    stage.run(f"""
        create or replace table sorted as
        with judged as (
            select line.*, coalesce(_row >= cut, false) as is_repeat,
                doc in (select doc from line where quantity > 0 and price > 0) as has_sale
            from line left join repeat using (doc)
        )
        select * exclude (has_sale, is_repeat), (quantity * price)::decimal(38, 6) as amount,
            {minor_sql("quantity * price", places)} as minor,
            case
                when reason is not null then 'refused'
                when is_repeat then 'repeated'
                when letter = 'A' then 'bad_debt'
                when letter = 'C' and quantity < 0 and price >= 0 and sku in {_SERVICES} then 'credited'
                when letter = 'C' and quantity < 0 and price >= 0 then 'returned'
                when letter = 'C' then 'correction'
                when price = 0 and quantity > 0 and has_sale and sku in {_CARRIAGE} then 'postage'
                when price = 0 and quantity > 0 and has_sale then 'given_free'
                when price = 0 then 'stock'
                when price > 0 and quantity > 0 and sku in {_CARRIAGE} then 'postage'
                when price > 0 and quantity > 0 then 'sold'
                else 'correction'
            end as bucket
        from judged
    """)
    stage.run("drop table line")
    stage.run(f"""
        insert into fate select 'lines', coalesce('orders/' || doc, ''), bucket, count(*), sum(amount),
            bucket in {_TOLD} from sorted group by all
    """)


def _orders(stage: Stage) -> None:
    """An invoice is an order, paid when it was placed: the file knows no payments."""
    stage.run("""
        insert into orders by name
        select 'orders/' || doc as key, doc as order_number, min(at_us) as at_us, any_value(person) as person,
            any_value(region) as region,
            coalesce(sum(minor) filter (where bucket <> 'postage'), 0)::bigint as goods_minor, 0 as discount_minor,
            coalesce(sum(minor) filter (where bucket = 'postage'), 0)::bigint as shipping_minor, 0 as tax_minor,
            sum(minor)::bigint as amount_minor, min(at_us) as paid_us, sum(minor)::bigint as paid_minor,
            'invoice' as provider
        from sorted where bucket in ('sold', 'postage', 'given_free') group by doc
    """)


def _credit_notes(stage: Stage) -> None:
    """A "C" invoice names no order, so the refund stands under its own number."""
    stage.run(f"""
        insert into refunds by name
        select 'orders/' || doc as key, doc as number, doc as order_number, min(at_us) as at_us,
            any_value(person) as person, any_value(region) as region, -sum(minor)::bigint as amount_minor,
            bool_or(bucket = 'returned') as has_goods,
            case when bool_and(sku in {_SERVICES}) then 'credit' else 'return' end as reason
        from sorted where bucket in ('returned', 'credited') group by doc
    """)


def _pieces(stage: Stage) -> None:
    """Pieces and amounts of a refund are positive: what was given back."""
    stage.run("""
        insert into pieces by name
        select 'orders/' || doc as key, case letter when 'C' then doc else '' end as number, _row as place, sku,
            '' as category, case letter when 'C' then -quantity else quantity end as quantity,
            case letter when 'C' then -minor else minor end as amount_minor, bucket = 'returned' as is_goods
        from sorted where bucket in ('sold', 'given_free', 'returned', 'credited')
    """)


def _products(stage: Stage, places: int) -> None:
    """What was sold, under the words used most; listed when first sold, at the price of the last sale."""
    stage.run(f"""
        insert into products by name
        with words as (
            select sku, title, count(*) as uses from sorted
            where bucket = 'sold' and lower(title) not in ('nan', 'unknown', '?') group by all
        )
        select 'products/' || sku as key, sku, coalesce(any_value(w.title), '') as title, '' as title_en,
            '' as category, min(at_us) as at_us, {minor_sql("arg_max(price, (at_us, _row))", places)} as amount_minor
        from sorted left join (select sku, arg_max(title, (uses, title)) as title from words group by sku) w using (sku)
        where bucket = 'sold' group by sku
    """)


def _documents(stage: Stage) -> None:
    """What an invoice says: pieces, prices, customer and moment; its words may change from file to file."""
    stage.run("""
        insert into document by name
        select 'orders/' || doc as key, min(at_us) as at_us, count(*) as weight,
            md5(concat_ws('|', min(at_us), max(at_us), any_value(person), any_value(region), count(*),
                sum(md5_number_lower(concat_ws('|', sku, quantity, price))))) as digest
        from sorted where bucket not in ('refused', 'repeated') group by doc
    """)
    stage.run("""
        insert into document by name
        select key, at_us, 1 as weight, md5(concat_ws('|', sku, title)) as digest from products
    """)
