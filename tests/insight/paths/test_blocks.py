"""What is looked at on a page: sums of each visit, exactly as looking at each visit gives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.insight.metrics.events import a_shop, added, an_event, line, placed, remember
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Filters, Period
from zhanggui.insight.paths import queries
from zhanggui.insight.paths.rules import Block, Deed, Look

pytestmark = pytest.mark.tables("block_days", "steps")

PERIOD = Period(date(2026, 5, 4), date(2026, 5, 6))


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_shop(zone="UTC")


def looked(who: str, page: str, at: str = "2026-05-04T10:00", **ms: int):
    blocks = [{"block": name.replace("_", "-"), "ms": one} for name, one in ms.items()]
    return an_event(
        "Blocks Viewed", at, person=who, session=f"s/{who}", page=page, device="phone", body={"blocks": blocks}
    )


def test_a_visit_is_once_on_each_page_and_on_each_kind_of_page(acme: Shop) -> None:
    remember(
        acme,
        looked("ann", "/p/tea/", offer=4000, proof=1000),
        looked("ann", "/p/tea/", at="2026-05-04T10:05", offer=2000),
        looked("ann", "/p/cup/", offer=500),
        added("2026-05-04T10:06", "ann"),
        looked("bob", "/p/tea/", offer=3000),
        looked("cid", "/p/tea/"),
    )
    found = queries.blocks("acme", PERIOD)
    assert (found.page, found.done, found.undone) == ("/p/*", 1, 2)
    assert found.blocks == (
        Block(name="offer", done=Look(visits=1, ms=6500), undone=Look(visits=1, ms=3000)),
        Block(name="proof", done=Look(visits=1, ms=1000), undone=Look(visits=0, ms=0)),
    )
    assert [(one.page, one.visits) for one in found.pages] == [("/p/*", 3), ("/p/tea/", 3), ("/p/cup/", 1)]
    cup = queries.blocks("acme", PERIOD, page="/p/cup/")
    assert cup.blocks == (Block(name="offer", done=Look(visits=1, ms=500), undone=Look(visits=0, ms=0)),)
    assert cup.blocks[0].done.mean == timedelta(milliseconds=500)
    assert queries.blocks("acme", PERIOD, where=Filters(device=("desktop",))).blocks == ()


def test_visits_are_held_against_what_they_came_to(acme: Shop) -> None:
    remember(
        acme,
        looked("ann", "/", goods=1000),
        placed("T1", "2026-05-04T11:00", line("tea", 1, 900), person="ann", session="s/ann"),
        looked("bob", "/", goods=9000),
        added("2026-05-04T10:06", "bob"),
    )
    (ordered,) = queries.blocks("acme", PERIOD, deed=Deed.ORDERED).blocks
    assert (ordered.done, ordered.undone) == (Look(visits=1, ms=1000), Look(visits=1, ms=9000))
    (put,) = queries.blocks("acme", PERIOD, deed=Deed.ADDED).blocks
    assert (put.done, put.undone) == (Look(visits=1, ms=9000), Look(visits=1, ms=1000))


def test_what_cannot_be_is_left_out_and_an_empty_desk_counts_half_an_hour(acme: Shop) -> None:
    many = {f"b{n}": 1000 for n in range(40)}
    remember(
        acme,
        looked("ann", "/", goods=100_000_000, Price=1000, offers=-5),
        looked("bob", "/long/", **many),
        an_event("Blocks Viewed", "2026-05-04T10:00", person="cid", session="s/cid", page="/", body={"blocks": "x"}),
    )
    (goods,) = queries.blocks("acme", PERIOD, page="/").blocks
    assert (goods.name, goods.undone) == ("goods", Look(visits=1, ms=1_800_000))
    assert len(queries.blocks("acme", PERIOD, page="/long/").blocks) == 30
    assert queries.blocks("acme", PERIOD, page="/").undone == 2


def test_being_in_view_is_no_step_of_a_way(acme: Shop) -> None:
    remember(acme, looked("ann", "/", goods=1000), added("2026-05-04T10:06", "ann"))
    rows = lake.ask(f"select step from {lake.rollup('acme', 'steps')}")
    assert rows == [("Product Added",)]
