"""Olist: a folder of tables becomes orders, payments, parcels, cancellations, products and reviews."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.doors.imports.made import BY, a_csv, lines_of, names_told, rows_but, told
from zhanggui.doors.imports import actions
from zhanggui.doors.imports.errors import ColumnsMissing, FileMissing, TableMissing
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.sources.olist import SHOP, Olist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder"), pytest.mark.tables("orders")]

ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date"
)
TABLES = {
    "olist_orders_dataset": (
        ORDERS,
        "o1,k1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2017-10-04 19:55:00,2017-10-10 21:25:13,2017-10-18",
        "o2,k2,canceled,2017-10-15 00:30:00,,,,2017-10-18",
        "o3,k3,delivered,2017-11-01 09:00:00,2017-11-01 09:10:00,2017-11-02 09:00:00,2017-11-05 09:00:00,2017-11-18",
    ),
    "olist_order_items_dataset": (
        "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value",
        "o1,1,p1,s1,2017-10-05,58.90,13.29",
        "o1,2,p1,s1,2017-10-05,58.90,13.29",
        "o1,3,p2,s1,2017-10-05,10.00,0.00",
        "o2,1,p2,s1,2017-10-05,10.00,5.00",
        "gone,1,p3,s1,2017-10-05,7.00,1.00",
    ),
    "olist_order_payments_dataset": (
        "order_id,payment_sequential,payment_type,payment_installments,payment_value",
        "o1,1,voucher,1,4.38",
        "o1,2,credit_card,3,150.02",
        "o2,1,boleto,1,15.00",
        "o3,1,credit_card,1,80.00",
        "gone,1,credit_card,1,8.00",
    ),
    "olist_customers_dataset": (
        "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state",
        "k1,u1,09790,sao bernardo,SP",
        "k2,u1,09790,sao bernardo,SP",
        "k9,u9,09790,sao bernardo,RJ",
    ),
    "olist_products_dataset": (
        "product_id,product_category_name",
        "p1,perfumaria",
        "p2,pc_gamer",
        "p3,artes",
    ),
    "product_category_name_translation": (
        "product_category_name,product_category_name_english",
        "perfumaria,perfumery",
    ),
    "olist_order_reviews_dataset": (
        "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date",
        'r1,o1,5,,"bom, muito ""bom""\nsim",2017-10-11 00:00:00',
        "r3,o3,4,,,2017-11-06 00:00:00",
        "r3,o3,4,,,2017-11-06 00:00:00",
        "r9,gone,1,,,2017-11-06 00:00:00",
    ),
}


def a_folder(folder: Path, **changed: tuple[str, ...]) -> Path:
    for name, (header, *lines) in {**TABLES, **changed}.items():
        a_csv(folder / f"{name}.csv", *lines, header=header)
    return folder


def take(folder: Path, **how: bool) -> Report:
    (report,) = actions.bring_in([Olist(folder=folder)], shop=SHOP, by=BY, **how)
    return report


def fates(report: Report) -> dict[str, tuple[int, Decimal | None]]:
    return {f"{bucket.part}.{bucket.name}": (bucket.line_count, bucket.amount) for bucket in report.buckets}


def test_every_row_of_every_table_has_a_fate(tmp_path: Path) -> None:
    report = take(a_folder(tmp_path / "olist"))
    assert fates(report) == {
        "orders.equal": (2, None),
        "orders.goods_unknown": (1, None),
        "items.sold": (4, Decimal("169.38")),
        "items.without_order": (1, Decimal("8.00")),
        "payments.settled": (3, Decimal("234.40")),
        "payments.open": (1, Decimal("15.00")),
        "payments.without_order": (1, Decimal("8.00")),
        "reviews.published": (2, None),
        "reviews.repeated": (1, None),
        "reviews.without_order": (1, None),
        "customers.used": (2, None),
        "customers.unused": (1, None),
        "products.used": (2, None),
        "products.unused": (1, None),
    }
    assert report.amounts == {"items": Decimal("177.38"), "payments": Decimal("257.40")}


def test_an_order_is_told_from_purchase_to_review_each_caused_by_the_one_before(tmp_path: Path) -> None:
    take(a_folder(tmp_path / "olist"))
    chain = [row for row in told("olist") if row["order_number"] == "o1"]
    assert [row["name"] for row in chain] == [
        "shop.order_placed",
        "shop.payment_settled",
        "shop.parcel_shipped",
        "shop.parcel_delivered",
        "shop.review_published",
    ]
    assert [row["cause"] for row in chain] == [None, *(row["id"] for row in chain[:-1])]
    placed, paid, *_, review = chain
    assert lines_of(placed) == [("p1", 2, 11780), ("p2", 1, 1000)]
    assert [line["category"] for line in placed["lines"]] == ["perfumery", "pc_gamer"]
    assert (placed["person"], placed["region"], placed["amount_minor"]) == ("u1", "SP", 15438)
    assert (paid["amount_minor"], msgspec.json.decode(paid["body"])["provider"]) == (15440, "credit_card")
    assert (review["sku"], msgspec.json.decode(review["body"])["rating"]) == ("", 5)


def test_a_cancelled_order_that_nobody_approved_is_not_paid(tmp_path: Path) -> None:
    take(a_folder(tmp_path / "olist"))
    cancelled, placed = [row for row in told("olist") if row["order_number"] == "o2"]
    assert (cancelled["name"], cancelled["cause"]) == ("shop.order_cancelled", placed["id"])
    # At half past midnight the clocks of São Paulo skipped that hour; the day stays the file's.
    assert placed["day"].isoformat() == "2017-10-15"


def test_an_order_whose_items_are_missing_stands_at_what_was_paid(tmp_path: Path) -> None:
    take(a_folder(tmp_path / "olist"))
    placed = next(row for row in told("olist") if row["order_number"] == "o3")
    assert (placed["person"], lines_of(placed), placed["amount_minor"]) == ("", [("", 1, 8000)], 8000)


def test_products_are_listed_with_translated_categories(tmp_path: Path) -> None:
    take(a_folder(tmp_path / "olist"))
    listed = {row["sku"]: (row["category"], row["amount_minor"]) for row in told("olist", "shop.product_listed")}
    assert listed == {"p1": ("perfumery", 5890), "p2": ("pc_gamer", 1000)}


def test_parquet_and_csv_may_be_mixed_and_tables_may_be_subsets(tmp_path: Path) -> None:
    take(a_folder(tmp_path / "olist"))
    before = rows_but(told("olist"), "received_us")
    folder = a_folder(tmp_path / "mixed")
    header, *lines = TABLES["olist_orders_dataset"]
    (folder / "olist_orders_dataset.csv").unlink()
    cells = [line.split(",") for line in lines]
    columns = {name: [row[place] or None for row in cells] for place, name in enumerate(header.split(","))}
    pq.write_table(pa.table(columns), folder / "olist_orders_subset.parquet")
    report = take(folder)
    assert (report.orders, report.facts) == (0, 0)
    assert rows_but(told("olist"), "received_us") == before


def test_tables_that_only_explain_may_be_missing(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "olist")
    for name in ("olist_customers_dataset", "olist_products_dataset", "product_category_name_translation"):
        (folder / f"{name}.csv").unlink()
    (folder / "olist_order_reviews_dataset.csv").unlink()
    report = take(folder)
    assert "without customers, products, reviews, categories" in report.reading
    assert names_told("olist")["shop.order_placed"] == 3


@pytest.mark.parametrize("name", ["olist_orders_dataset", "olist_order_items_dataset", "olist_order_payments_dataset"])
def test_without_orders_items_or_payments_nothing_is_taken_in(tmp_path: Path, name: str) -> None:
    folder = a_folder(tmp_path / "olist")
    (folder / f"{name}.csv").unlink()
    with pytest.raises(TableMissing) as refused:
        take(folder)
    assert refused.value.wanted == (f"{name}.csv",)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        take(tmp_path / "nowhere")


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "olist", olist_order_items_dataset=("order_id,what", "o1,x"))
    with pytest.raises(ColumnsMissing):
        take(folder)


def test_an_order_with_a_broken_row_in_any_table_waits_whole_and_comes_in_once_mended(tmp_path: Path) -> None:
    payments = TABLES["olist_order_payments_dataset"]
    broken = tuple(line.replace("150.02", "lots") for line in payments)
    folder = a_folder(tmp_path / "olist", olist_order_payments_dataset=broken)
    report = take(folder)
    assert [row["order_number"] for row in told("olist", "shop.order_placed")] == ["o2", "o3"]
    listed = Path(report.refused_file).read_text(encoding="utf-8-sig").splitlines()
    assert listed == [
        "_file,_line,_reason",
        *(f"olist_order_items_dataset.csv,{n},another line of this order is refused" for n in (2, 3, 4)),
        "olist_order_payments_dataset.csv,2,another line of this order is refused",
        "olist_order_payments_dataset.csv,3,payment_value is not a number from 0",
        "olist_orders_dataset.csv,2,another line of this order is refused",
    ]
    mended = take(a_folder(folder))
    assert (mended.orders, mended.refused_rows) == (1, 0)
    assert fates(mended)["orders.known"] == (2, None)
    assert sorted(row["order_number"] for row in told("olist", "shop.order_placed")) == ["o1", "o2", "o3"]
