"""What visitors of another shop did."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.doors.imports.made import a_csv, a_file, names_told, rows_but, take_events, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder"), pytest.mark.tables("visits")]

MINUTE = 60_000
START = 1_433_193_132_535


def retailrocket(path: Path, *lines: str) -> Path:
    return a_csv(path, *lines, header="timestamp,visitorid,event,itemid,transactionid")


def test_events_are_sightings_with_the_names_of_the_vocabulary(tmp_path: Path) -> None:
    path = retailrocket(
        tmp_path / "events.csv",
        f"{START},7,view,396045,",
        f"{START + MINUTE},7,addtocart,396045,",
        f"{START + 2 * MINUTE},7,transaction,396045,11",
    )
    take_events(path, "retailrocket")
    rows = told()
    assert [row["name"] for row in rows] == ["Product Viewed", "Product Added", "Order Completed"]
    first, _, last = rows
    assert (first["ts_us"], first["person"], first["sku"], first["subject"]) == (
        START * 1000,
        "7",
        "396045",
        "product:396045",
    )
    assert (last["order_number"], last["amount_minor"], last["currency"]) == ("11", None, "")
    assert msgspec.json.decode(last["body"]) == {"product_id": "396045", "order_id": "11"}


def test_a_visit_ends_with_half_an_hour_of_quiet(tmp_path: Path) -> None:
    at = [START, START + 29 * MINUTE, START + 60 * MINUTE]
    take_events(
        retailrocket(tmp_path / "e.csv", *(f"{one},7,view,1," for one in at), f"{START},8,view,1,"), "retailrocket"
    )
    visits = {person: [row["session"] for row in told() if row["person"] == person] for person in ("7", "8")}
    one, two, three = visits["7"]
    assert one == two != three
    assert visits["8"][0] not in visits["7"]


def test_seconds_since_1970_and_chinese_words(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "e.csv",
        "1,2268318,2520377,pv,1511544070",
        "1,2268318,2520377,收藏,1511544071",
        header="user_id,item_id,category_id,behavior,ts",
    )
    take_events(path, "taobao")
    assert [(row["name"], row["category"], row["day"].isoformat()) for row in told()] == [
        ("Product Viewed", "2520377", "2017-11-25"),
        ("Product Added to Wishlist", "2520377", "2017-11-25"),
    ]


def test_the_same_event_in_two_files_is_one(tmp_path: Path) -> None:
    lines = [f"{START + n},7,view,{n}," for n in range(5)]
    take_events(retailrocket(tmp_path / "one.csv", *lines[:3]), "retailrocket")
    before = rows_but(told(), "received_us", "session")
    take_events(retailrocket(tmp_path / "two.csv", *lines[1:]), "retailrocket")
    after = rows_but(told(), "received_us", "session")
    assert len(after) == 5
    assert set(before) < set(after)


def test_two_equal_lines_of_one_file_are_two_events(tmp_path: Path) -> None:
    take_events(retailrocket(tmp_path / "e.csv", *[f"{START},7,view,1,"] * 2), "retailrocket")
    assert names_told() == {"Product Viewed": 2}


def test_lines_of_json_are_read_and_addresses_lose_their_queries(tmp_path: Path) -> None:
    path = a_file(
        tmp_path / "e.ndjson",
        '{"t": "2026-01-02T10:00:00Z", "u": "ann@b.example", "e": "Viewed Product", "p": "pot", "url": "/pot?q=me#x"}\n'
        '{"t": "2026-01-02T10:01:00Z", "u": "ann@example.com", "e": "shop.order_placed", "p": "pot", "url": "/"}\n'
        '{"t": "soon", "u": "", "e": "buy"}\n',
    )
    report = take_events(path, "at=t,person=u,event=e,sku=p,page=url")
    (row,) = told()
    assert (row["page"], "ann@" in repr(row)) == ("/pot", False)
    assert [(one.line, one.reason) for one in report.refused_examples] == [
        (2, 'event "shop.order_placed" is not one of a visitor'),
        (3, "the time cannot be read; nobody did it"),
    ]


def test_prices_are_minor_units_of_the_shops_currency(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "e.csv", "2026-01-02 10:00:00,7,buy,pot,2,19.90", header="at,who,what,sku,n,price")
    take_events(path, "at=at,person=who,event=what,sku=sku,quantity=n,price=price")
    (row,) = told()
    assert (row["quantity"], row["amount_minor"], row["currency"]) == (2, 1990, "CNY")


def test_mended_events_are_fed_back(tmp_path: Path) -> None:
    report = take_events(retailrocket(tmp_path / "e.csv", f"{START},7,view,1,", "never,7,view,2,"), "retailrocket")
    refused = Path(report.refused_file)
    refused.write_text(refused.read_text().replace("never", str(START + 1)))
    assert take_events(refused, "retailrocket").refused_rows == 0
    assert [row["sku"] for row in told()] == ["1", "2"]
