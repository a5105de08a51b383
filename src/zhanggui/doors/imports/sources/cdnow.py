"""CDNOW: what 23,570 people bought at a music shop from January 1997 to June 1998, the file of the BG/NBD papers.

A line is a purchase: customer, day, number of CDs, dollars; the day has no hour and is taken at midnight. The sample of
a tenth of the customers has their number in the sample beside; the same purchase in both files is one.

The file knows no order numbers: a purchase is known by all that it says, and equal ones by their place among
themselves. It does not say which CDs were bought, so its lines have no SKU. A purchase of 0 dollars is an order of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import facts, refusals
from zhanggui.doors.imports.columns import Table, Writing, understand
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.rules import mapping, statuses
from zhanggui.doors.imports.rules.mapping import Columns, Field
from zhanggui.doors.imports.sources import order_lines
from zhanggui.doors.imports.sources.source import Laid, OfOrders
from zhanggui.doors.imports.stage import Stage, quoted

SHOP = Shop(code="cdnow", name="CDNOW", zone="America/New_York", currency="USD", kind=ShopKind.IMPORTED)
COLUMNS = Columns(
    named={
        Field.CUSTOMER: "customer_id",
        Field.AT: "date",
        Field.QUANTITY: "number_of_cds",
        Field.AMOUNT: "dollar_value",
    },
    unheaded=(
        ("customer_id", "date", "number_of_cds", "dollar_value"),
        ("customer_id", "sample_id", "date", "number_of_cds", "dollar_value"),
    ),
)
_ORDER = "_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdnow(OfOrders):
    """The file of all customers or of the sample, with or without a header, parted by blanks."""

    path: Path
    wish: tables.Wish = field(default_factory=tables.Wish)
    writing: Writing = field(default_factory=Writing)

    @property
    def name(self) -> str:
        """Of this way of reading."""
        return "cdnow"

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
        loaded = tables.load(stage, self.path, table="raw", wish=replace(self.wish, unheaded=COLUMNS.unheaded))
        named = mapping.require(COLUMNS, present=loaded.columns, path=str(self.path), wanted=())
        numbers = (Field.AMOUNT, Field.QUANTITY)
        table = understand(
            stage, loaded, named, zone=shop.zone, numbers=numbers, moments=(Field.AT,), writing=self.writing
        )
        refusals.take_ragged(stage, loaded, part="lines", order_column=None)
        _number(stage, table)
        order_lines.lay_out(stage, replace(table, named={**named, Field.ORDER: _ORDER}), shop, statuses.words())
        return Laid(reading=f"{loaded.said}; {table.said}", parts={"lines": loaded}, writing=table.options)


def _number(stage: Stage, table: Table) -> None:
    """Give every purchase a number that follows from what it says, such as 00002-19970112-5-77.00."""
    said = ", ".join(quoted(table.named[one]) for one in (Field.CUSTOMER, Field.AT, Field.QUANTITY, Field.AMOUNT))
    stage.run(f"""
        create or replace table raw as
        with placed as (select *, row_number() over (partition by {said} order by _row) as again from raw)
        select * exclude (again), concat_ws('-', {said}, case when again > 1 then again end) as {_ORDER} from placed
    """)
