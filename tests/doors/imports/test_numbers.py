"""Amounts as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.doors.imports.rules.numbers import Decimals, Votes, decide, minor_sql, number_sql, votes_sql

POINT, COMMA = Decimals.POINT, Decimals.COMMA


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read(duck: duckdb.DuckDBPyConnection, text: str, decimals: Decimals) -> Decimal | None:
    row = duck.execute(f"select {number_sql('said', decimals)} from (select ?::varchar as said)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "decimals", "value"),
    [
        ("2.55", POINT, "2.55"),
        ("£2.55", POINT, "2.55"),
        ("¥1,234.50", POINT, "1234.50"),
        ("￥88", POINT, "88"),
        ("99元", POINT, "99"),
        ("CNY 12.5", POINT, "12.5"),
        ("12.50EUR", POINT, "12.5"),
        ("1'234.50", POINT, "1234.50"),
        ("(12.00)", POINT, "-12"),
        ("12-", POINT, "-12"),
        ("−5", POINT, "-5"),
        ("+5", POINT, "5"),
        ("0.001", POINT, "0.001"),
        ("1.234,50 €", COMMA, "1234.50"),
        ("R$ 10,00", COMMA, "10"),
        ("1\u00a0234,5", COMMA, "1234.5"),
        ("-0,5", COMMA, "-0.5"),
        ("1,23", POINT, None),
        ("2.55", COMMA, None),
        ("12,34,567", POINT, None),
        ("abc", POINT, None),
        ("12 Stück", POINT, None),
        ("1e5", POINT, None),
        ("", POINT, None),
        ("1.1234567", POINT, None),
        ("1.2.3", POINT, None),
    ],
)
def test_a_written_amount_is_read_exactly_or_not_at_all(
    duck: duckdb.DuckDBPyConnection, text: str, decimals: Decimals, value: str | None
) -> None:
    assert read(duck, text, decimals) == (None if value is None else Decimal(value))


amounts = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)


@given(
    amount=amounts,
    decimals=st.sampled_from(Decimals),
    sign=st.sampled_from(["", "£", "¥ ", "CNY "]),
    grouped=st.booleans(),
)
def test_what_a_program_writes_is_read_back(
    duck: duckdb.DuckDBPyConnection, amount: Decimal, decimals: Decimals, sign: str, grouped: bool
) -> None:
    written = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    if decimals is COMMA:
        written = written.translate(str.maketrans(",.", ".,"))
    assert read(duck, written if written.startswith("-") else sign + written, decimals) == amount


@given(
    amount=st.decimals(min_value=-1_000_000, max_value=1_000_000, places=4),
    currency=st.sampled_from(["CNY", "JPY", "KWD"]),
)
def test_minor_units_are_those_of_money(duck: duckdb.DuckDBPyConnection, amount: Decimal, currency: str) -> None:
    places = {"CNY": 2, "JPY": 0, "KWD": 3}[currency]
    row = duck.execute(f"select {minor_sql('?::decimal(24, 6)', places)}", [amount]).fetchone()
    assert row is not None
    sign = -1 if amount < 0 else 1
    assert row[0] == sign * Money.of(abs(amount), currency).minor


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        (["2.55", "7"], POINT),
        (["2,55", "7"], COMMA),
        (["1.234,50", "1.234"], COMMA),
        (["1,234", "2.55"], POINT),
        (["1,234"], None),
        (["1.234", "5"], None),
        (["7", "12"], POINT),
        (["0.001"], POINT),
        (["2.55", "2,55"], None),
        ([*(f"{n}.5" for n in range(200)), "2,55"], POINT),
        (["x", "7"], POINT),
    ],
)
def test_the_decimal_sign_is_found_or_asked_for(
    duck: duckdb.DuckDBPyConnection, values: list[str], decimals: Decimals | None
) -> None:
    duck.execute("create or replace table said (price varchar)")
    duck.executemany("insert into said values (?)", [[value] for value in values])
    row = duck.execute(votes_sql("price", table="said")).fetchone()
    assert row is not None
    point, comma, differing, *_ = row
    assert decide(Votes(only_point=point, only_comma=comma, differing=differing)) == decimals
