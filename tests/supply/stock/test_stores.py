"""Counting, sorting out, sending, describing: what happens to stock besides being sold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.supply.stock.made import BY, SHOP, TRAIL, a_warehouse, everything, facts_named, held, levels, received
from zhanggui.base.errors import Refused
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.errors import (
    AlreadyMoved,
    NoSuchWarehouse,
    NotOnTheWay,
    PromisedMore,
    TooFewThere,
    UnitsNotAllowed,
    WarehouseNotAllowed,
    WarehouseTaken,
)
from zhanggui.supply.stock.rules import Condition, Demand, Kind, Level, Place, Warehouse, WarehouseKind, Zone

pytestmark = pytest.mark.django_db

SELLABLE, DEFECTIVE = Condition.SELLABLE, Condition.DEFECTIVE
take_back = partial(actions.take_back, trail=TRAIL, by=BY)
count = partial(actions.count, trail=TRAIL, by=BY)
sort_out = partial(actions.sort_out, trail=TRAIL, by=BY)
write_off = partial(actions.write_off, trail=TRAIL, by=BY)
send = partial(actions.send, trail=TRAIL, by=BY)
arrive = partial(actions.arrive, trail=TRAIL, by=BY)


def test_what_comes_back_is_sold_again_or_kept_apart() -> None:
    received(A=5)
    take_back(reference="R-1", warehouse="main", units={"A": 1, "B": 2}, condition=SELLABLE)
    take_back(reference="R-1", warehouse="main", units={"A": 1}, condition=DEFECTIVE)
    assert queries.level("A") == Level(sku="A", warehouse="main", on_hand_units=6, held_units=0, defective_units=1)
    assert queries.free(["A", "B"]) == {"A": 6, "B": 2}
    assert [fact["is_sellable"] for fact in facts_named("supply.stock_taken_back")] == [True, False]
    with pytest.raises(AlreadyMoved):
        take_back(reference="R-1", warehouse="main", units={"A": 1}, condition=DEFECTIVE)
    assert queries.audit() == ()


def test_a_count_corrects_the_books_and_says_by_how_much() -> None:
    received(A=5, B=5, C=5)
    differences = count(reference="C-1", warehouse="main", counted={"A": 7, "B": 3, "C": 5, "D": 0}, reason="yearly")
    assert differences == {"A": 2, "B": -2, "C": 0, "D": 0}
    assert levels("A", "B", "C", "D") == [(7, 0), (3, 0), (5, 0), (0, 0)]
    assert [(m.sku, m.kind, m.units, m.reason) for m in queries.movements("C-1")] == [
        ("A", Kind.FOUND, 2, "yearly"),
        ("B", Kind.MISSED, 2, "yearly"),
    ]
    assert [(f["sku"], f["quantity"], f["difference_units"]) for f in facts_named("supply.stock_counted")] == [
        ("A", 7, 2),
        ("B", 3, -2),
        ("C", 5, 0),
        ("D", 0, 0),
    ]
    assert queries.audit() == ()


def test_pieces_are_sorted_out_mended_and_written_off() -> None:
    received(A=9)
    sort_out(reference="S-1", warehouse="main", units={"A": 3}, condition=DEFECTIVE, reason="broken")
    sort_out(reference="S-2", warehouse="main", units={"A": 1}, condition=SELLABLE)
    write_off(reference="S-3", warehouse="main", units={"A": 2}, condition=DEFECTIVE)
    write_off(reference="S-4", warehouse="main", units={"A": 1}, condition=SELLABLE, reason="gift")
    level = queries.level("A")
    assert (level.on_hand_units, level.defective_units) == (6, 0)
    assert [f["is_sellable"] for f in facts_named("supply.stock_sorted")] == [False, True]
    assert [(f["quantity"], f["was_sellable"]) for f in facts_named("supply.stock_written_off")] == [
        (2, False),
        (1, True),
    ]
    assert queries.audit() == ()


def test_pieces_go_from_one_warehouse_to_another_and_some_get_lost() -> None:
    a_warehouse("far")
    received(A=9, B=4)
    send(reference="T-1", from_warehouse="main", to_warehouse="far", units={"A": 6, "B": 4})
    assert queries.free(["A", "B"]) == {"A": 3, "B": 0}
    assert queries.level("A", warehouse="far").in_transit_units == 6
    arrive(reference="T-1", units={"A": 3})
    arrive(reference="T-1", units={"A": 2, "B": 4}, lost={"A": 1})
    assert queries.transfers(SHOP) == ()
    assert queries.level("A", warehouse="far") == Level(sku="A", warehouse="far", on_hand_units=5, held_units=0)
    assert queries.free(["A", "B"]) == {"A": 8, "B": 4}
    assert [(f["quantity"], f["lost_units"]) for f in facts_named("supply.stock_arrived")] == [(3, 0), (6, 1)]
    assert [f["quantity"] for f in facts_named("supply.stock_moved")] == [10]
    assert queries.audit() == ()


REFUSED: list[tuple[type[Refused], Callable[[], object]]] = [
    (UnitsNotAllowed, lambda: count(reference="x", warehouse="main", counted={"A": -1})),
    (PromisedMore, lambda: count(reference="x", warehouse="main", counted={"A": 3})),
    (PromisedMore, lambda: actions.limit_backorder(sku="D", warehouse="main", units=1, trail=TRAIL, by=BY)),
    (UnitsNotAllowed, lambda: actions.limit_backorder(sku="D", warehouse="main", units=-1, trail=TRAIL, by=BY)),
    (TooFewThere, lambda: sort_out(reference="x", warehouse="main", units={"A": 2}, condition=DEFECTIVE)),
    (TooFewThere, lambda: sort_out(reference="x", warehouse="main", units={"A": 1}, condition=SELLABLE)),
    (TooFewThere, lambda: write_off(reference="x", warehouse="main", units={"A": 2}, condition=SELLABLE)),
    (TooFewThere, lambda: write_off(reference="x", warehouse="main", units={"A": 1}, condition=DEFECTIVE)),
    (TooFewThere, lambda: send(reference="x", from_warehouse="main", to_warehouse="far", units={"A": 2})),
    (TooFewThere, lambda: send(reference="x", from_warehouse="main", to_warehouse="far", units={"D": 1})),
    (WarehouseNotAllowed, lambda: send(reference="x", from_warehouse="far", to_warehouse="far", units={"A": 1})),
    (NoSuchWarehouse, lambda: send(reference="x", from_warehouse="main", to_warehouse="moon", units={"A": 1})),
    (NoSuchWarehouse, lambda: count(reference="x", warehouse="moon", counted={"A": 1})),
    (NoSuchWarehouse, lambda: received("others", A=1)),
    (AlreadyMoved, lambda: send(reference="t", from_warehouse="main", to_warehouse="far", units={"C": 1})),
    (NotOnTheWay, lambda: arrive(reference="t", units={"C": 3})),
    (NotOnTheWay, lambda: arrive(reference="t", units={"C": 2}, lost={"C": 1})),
    (NotOnTheWay, lambda: arrive(reference="t", units={"A": 1})),
    (NotOnTheWay, lambda: arrive(reference="t", units={})),
    (UnitsNotAllowed, lambda: arrive(reference="t", units={"C": 0})),
]


@pytest.mark.parametrize(("refusal", "verb"), REFUSED)
def test_what_makes_no_sense_is_refused_and_changes_nothing(refusal: type[Refused], verb: Callable[[], object]) -> None:
    a_warehouse("far")
    theirs = Warehouse(code="others", shop="other", name_zh="别家")
    actions.describe(warehouse=theirs, trail=Trail(shop="other"), by=BY)
    received(A=5, C=5, D=1)
    actions.limit_backorder(sku="D", warehouse="main", units=3, trail=TRAIL, by=BY)
    held(A=4, D=4)
    send(reference="t", from_warehouse="main", to_warehouse="far", units={"C": 2})
    before = everything()
    with pytest.raises(refusal):
        verb()
    assert everything() == before
    assert queries.audit() == ()


def test_a_warehouse_is_opened_described_anew_and_found() -> None:
    house = Warehouse(
        code="osaka",
        shop=SHOP,
        name_zh="大阪仓",
        name_en="Osaka",
        kind=WarehouseKind.OVERSEAS,
        country="JP",
        latitude_milli=34_694,
        longitude_milli=135_502,
        handling_minor=800,
        zones=(Zone(country="JP", days=2),),
        priority=3,
    )
    actions.describe(warehouse=house, trail=TRAIL, by=BY)
    assert queries.warehouse(SHOP, "osaka") == house
    assert [one.code for one in queries.warehouses(SHOP)] == ["main", "osaka"]
    a_warehouse("osaka")
    assert queries.warehouse(SHOP, "osaka").name_zh == "osaka"
    assert [f["kind"] for f in facts_named("supply.warehouse_described")] == ["overseas", "regional"]
    with pytest.raises(NoSuchWarehouse):
        queries.warehouse("other", "osaka")
    with pytest.raises(WarehouseTaken):
        actions.describe(warehouse=house, trail=Trail(shop="other"), by=BY)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("code", {"code": "Nord Lager"}),
        ("name_zh", {"name_zh": " "}),
        ("country", {"country": "China"}),
        ("latitude", {"latitude_milli": 91_000, "longitude_milli": 0}),
        ("latitude", {"latitude_milli": 1_000}),
        ("longitude", {"latitude_milli": 0, "longitude_milli": 181_000}),
        ("handling", {"handling_minor": -1}),
        ("zones", {"zones": (Zone(days=-1),)}),
        ("restock_days", {"restock_days": 400}),
    ],
)
def test_a_warehouse_that_makes_no_sense_is_refused(field: str, said: dict[str, object]) -> None:
    values: dict[str, object] = {"code": "north", "shop": SHOP, "name_zh": "北仓"} | said
    with pytest.raises(WarehouseNotAllowed) as refused:
        actions.describe(warehouse=Warehouse(**values), trail=TRAIL, by=BY)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert [one.code for one in queries.warehouses(SHOP)] == ["main"]


def test_what_lies_where_nothing_is_sold_cannot_be_bought() -> None:
    received(a_warehouse("vault", sells=False), A=5)
    assert queries.free(["A"]) == {"A": 0}
    received(a_warehouse("open", days=2), A=2)
    assert queries.free(["A"]) == {"A": 2}
    assert queries.free(["A"], warehouse="open") == {"A": 2}
    assert queries.lead_days([Demand(1, "A", 2, Place("CN", "上海")), Demand(2, "A", 1)]) == {}
    assert queries.lead_days([Demand(1, "A", 2, Place("CN", "上海"))]) == {1: 2}
