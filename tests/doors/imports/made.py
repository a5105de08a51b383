"""Small factories: files as shops write them, taking them in, and what the lake then knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import actions
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.rules import mapping, sights
from zhanggui.doors.imports.sources.online_retail import SHOP as ONLINE_RETAIL
from zhanggui.doors.imports.sources.online_retail import OnlineRetail
from zhanggui.doors.imports.sources.order_lines import OrderLines
from zhanggui.doors.imports.sources.sightings import Sightings
from zhanggui.insight.lake import queries as lake

BY = job("import")
PLAIN = "order=order,at=at,sku=sku,quantity=quantity,price=price,customer=customer,region=region"
HEADER = "order,at,sku,quantity,price,customer,region"
RETAIL_HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"


def a_shop(code: str = "tea", **changed: Any) -> Shop:
    fields = {"code": code, "name": code, "zone": "Asia/Shanghai", "currency": "CNY", "kind": ShopKind.IMPORTED}
    return Shop(**(fields | changed))


def a_file(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def a_csv(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    return a_file(path, "\n".join((header, *lines)) + "\n", encoding=encoding)


def take_orders(path: Path, *said: str, shop: Shop | None = None, dry_run: bool = False, **how: Any) -> Report:
    """Take order lines in, by a mapping of plain columns unless another is said."""
    chunk = {"chunk_lines": how.pop("chunk_lines")} if "chunk_lines" in how else {}
    columns = mapping.columns_said(said or (PLAIN,), presets=mapping.PRESETS)
    source = OrderLines(path=path, columns=columns, **how)
    (report,) = actions.bring_in([source], shop=shop or a_shop(), by=BY, dry_run=dry_run, **chunk)
    return report


def take_retail(*paths: Path, dry_run: bool = False, **how: Any) -> tuple[Report, ...]:
    return actions.bring_in(
        [OnlineRetail(path=path) for path in paths], shop=ONLINE_RETAIL, by=BY, dry_run=dry_run, **how
    )


def take_events(path: Path, *said: str, shop: Shop | None = None, **how: Any) -> Report:
    columns = mapping.columns_said(said, presets=sights.PRESETS, fields=sights.Sight)
    (report,) = actions.bring_in([Sightings(path=path, columns=columns, **how)], shop=shop or a_shop(), by=BY)
    return report


def told(shop: str = "tea", name: str | None = None) -> list[dict[str, Any]]:
    """What the lake knows of a shop, oldest first, each event once."""
    everything = lake.events(shop, date(1990, 1, 1), date(2100, 1, 1))
    condition = "" if name is None else f"where name = '{name}'"
    return lake.ask_table(f"select * from {everything} {condition} order by ts_us, name, id").to_pylist()


def names_told(shop: str = "tea") -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in told(shop):
        counts[row["name"]] = counts.get(row["name"], 0) + 1
    return counts


def fates(report: Report) -> dict[str, tuple[int, Decimal | None]]:
    """Lines and exact money by bucket."""
    return {bucket.name: (bucket.line_count, bucket.amount) for bucket in report.buckets}


def rows_but(rows: Iterable[Mapping[str, Any]], *left_out: str) -> list[tuple[tuple[str, Any], ...]]:
    """Rows without some columns, in an order of their own, to be compared."""
    return sorted(
        (tuple((key, repr(value)) for key, value in sorted(row.items()) if key not in left_out) for row in rows),
    )


def lines_of(row: Mapping[str, Any]) -> Sequence[tuple[str, int, int]]:
    """SKU, pieces and minor units of each line."""
    return [(line["sku"], line["quantity"], line["amount_minor"]) for line in row["lines"]]
