"""What was seen, counted over arrays of steps, is what grouping says; and so are cells of goods, shown or not."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, added, bought, line, page, remember, utc, viewed
from tests.strength import examples
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries
from zhanggui.insight.metrics.queries import heads, packing, picking, sights
from zhanggui.insight.metrics.queries.packing import Packed
from zhanggui.insight.metrics.rules import Crowd, Cut, Filters, Period, can_answer

PERIOD = Period(date(2026, 3, 28), date(2026, 3, 31))
BEFORE = Period(date(2026, 3, 25), date(2026, 3, 28))
AFTER = utc("2026-06-01T00:00")
KEYS = ("pv", "uv", "add_to_cart_rate", "cvr_paid_visitor", "goods_paid", "units")
# Its clocks go forward within the period.
ZONE = "Europe/London"

fresh = itertools.count()
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seen = st.lists(
    st.builds(
        lambda make, day, hour, person, fields, goods: make(
            f"2026-03-{day}T{hour:02d}:30",
            person,
            **fields,
            **goods if make is not page else {"lines": tuple(line("tea", 1, 1) for _ in goods)},
        ),
        st.sampled_from([page, viewed, added]),
        st.integers(25, 31),
        st.sampled_from([0, 1, 2, 23]),
        st.sampled_from(["ann", "bob", "cid", ""]),
        st.fixed_dictionaries({"region": st.sampled_from(["", "north"]), "campaign": st.sampled_from(["", "spring"])}),
        st.fixed_dictionaries({"sku": st.sampled_from(["tea", "cup", "pot"]), "category": st.sampled_from("ab")}),
    ),
    max_size=25,
)


@pytest.mark.tables("orders", "order_lines", "sku_days", "visits", "steps")
@pytest.mark.django_db
@few
@given(
    told=st.lists(seen, min_size=1, max_size=3),
    region=st.sampled_from([(), ("north",)]),
    sku=st.sampled_from([(), ("tea", "pot")]),
    at=st.sampled_from([AFTER, utc("2026-03-29T12:00")]),
    limit=st.sampled_from([None, 1, 2]),
)
def test_what_was_seen_is_counted_over_arrays_as_it_is_grouped(lake_folder, told, region, sku, at, limit):
    shop = a_shop(f"sight-{next(fresh)}", zone=ZONE)
    orders = bought("T1", "2026-03-28T03:00", line("tea", 2, 900, "a"), line("cup", 1, 300, "b"), person="ann")
    for some in (orders, *filter(None, told)):
        remember(shop, [replace(one, shop=shop.code) for one in some])
    buyers = Crowd(
        name="some", sql=f"select number as person from {lake.people(shop.code)} where person in ('ann', 'cid')"
    )
    plain = queries.query(shop.code, ["pv", "uv"], PERIOD, where=Filters(region=region), at=at)
    hours = queries.query(shop.code, ["pv", "uv"], PERIOD, by=Cut.HOUR, where=Filters(region=region), at=at)
    assert plain.whole == hours.whole
    for by, then, only in (
        (Cut.HOUR, None, None),
        (Cut.HOUR, Cut.REGION, buyers),
        (Cut.NEWNESS, Cut.HOUR, None),
        (Cut.HOUR, Cut.WEEK, None),
        (Cut.SKU, None, buyers),
        (Cut.SKU, Cut.CAMPAIGN, None),
        (Cut.CATEGORY, Cut.SKU, None),
        (Cut.DAY, Cut.SKU, None),
        (Cut.HOUR, Cut.SKU, None),
    ):
        where = Filters(region=region, sku=sku)
        keys = [key for key in KEYS if can_answer(key, by=by, then=then, where=where, by_people=only is not None)]
        asked = {"by": by, "then": then, "only": only, "where": where, "compare": BEFORE, "at": at}
        queries.forget_all()
        by_arrays = queries.query(shop.code, keys, PERIOD, limit=limit, **asked)
        queries.forget_all()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sights, "among", lambda *_: ())
            grouped = queries.query(shop.code, keys, PERIOD, **asked)
        assert (by_arrays.whole, by_arrays.compared) == (grouped.whole, grouped.compared)
        assert by_arrays.row_count == grouped.row_count
        assert by_arrays.rows == _shown(grouped.rows, by, limit)
        assert by_arrays.seconds == _shown(grouped.seconds, then, limit)
        shown = {row.key for row in by_arrays.rows}, {row.then for row in by_arrays.seconds}
        assert by_arrays.pairs == tuple(row for row in grouped.pairs if row.key in shown[0] and row.then in shown[1])


def _shown(rows, cut, limit):
    return rows if cut is None or cut.step else rows[:limit]


@pytest.mark.tables("orders", "steps", "visits")
def test_a_cut_of_more_cells_than_a_number_has_room_for_is_grouped(lake_folder, db, monkeypatch):
    shop = a_shop()
    remember(shop, [viewed("2026-05-01T01:00", who, f"sku-{n}") for n, who in enumerate(("ann", "bob", "ann"))])
    may = Period(date(2026, 5, 1), date(2026, 5, 2))
    monkeypatch.setattr(packing, "_BITS", 3)

    rows = queries.query("acme", ["add_to_cart_rate"], may, by=Cut.SKU, at=AFTER).rows

    assert {row.key: row.of("add_to_cart_rate").denominator for row in rows} == {f"sku-{n}": 1 for n in range(3)}


@pytest.mark.tables("orders", "steps", "visits")
@pytest.mark.parametrize("by", [Cut.HOUR, Cut.DAY])
def test_who_comes_while_a_question_is_asked_is_counted_or_not_but_spoils_nothing(lake_folder, db, monkeypatch, by):
    shop = a_shop()
    remember(shop, [page("2026-05-01T01:00", "ann")])

    def listed_late(*asked):
        remember(shop, bought("T1", "2026-05-01T01:20", line("tea", 1, 100), person="p1"))
        remember(shop, [page("2026-05-01T01:30", f"p{n}", region="north") for n in range(40)])
        return picking.daily_files(*asked)

    for module in (heads, sights):
        monkeypatch.setattr(module, "daily_files", listed_late)
    may = Period(date(2026, 5, 1), date(2026, 5, 2))
    keys = [key for key in ("uv", "new_buyers") if can_answer(key, by=by, then=Cut.REGION)]

    answer = queries.query("acme", keys, may, by=by, then=Cut.REGION, at=AFTER)

    assert {(row.then, row.of("uv").value) for row in answer.seconds} == {("", 1), ("north", 40)}
    assert answer.whole.of("uv").value == 41


@settings(max_examples=examples(20), deadline=None)
@given(
    pieces=st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 4)), max_size=30), max_size=4
    ),
    is_paired=st.booleans(),
    is_ordered=st.booleans(),
    members=st.sets(st.integers(1, 4)),
    part=st.sampled_from([1, 2, 1 << 16]),
    room=st.sampled_from([0, 1 << 20]),
    bits=st.sampled_from([1, 5]),
)
def test_packed_numbers_say_how_many_people_and_rows_each_cell_has(
    pieces, is_paired, is_ordered, members, part, room, bits
):
    is_member = np.array([person in members for person in range(5)])
    packed = Packed(people=4, cuts=2, is_paired=is_paired, crowds=(None, is_member))
    said = [
        packed.whole(
            [np.array([row[n] for row in piece], np.int64) for n in range(2)], np.array([p for *_, p in piece])
        )
        for piece in [sorted(piece, key=lambda row: row[2]) if is_ordered else piece for piece in pieces]
        if piece
    ]
    rows = [row for piece in pieces for row in piece]
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        # Few to a part and everybody together; a place for everyone in every cell, or so few that rows clash.
        patch.setattr(packing, "_PART", part)
        patch.setattr(packing, "_SAMPLE", 1)
        patch.setattr(packing, "_ROOMY", room)
        patch.setattr(packing, "_PLACE_BITS", bits)
        people = list(packed.count_people([packed.people_of(one) for one in said], (6, 4), pool))
        counted = list(packed.count_rows([packed.rows_of(one, (6, 4)) for one in said], (6, 4)))
        few = packed.among([packed.people_of(one) for one in said], 0, np.array([-1, 1, -1, 0, -1, -1]))
        shown = list(packed.count_people(few, (2, 4), pool))
    for crowd, only in enumerate((set(range(5)), members)):
        here = [row for row in rows if row[2] in only]
        assert _each(counted, crowd) == _counted(here, is_paired, lambda some: len(some))
        assert _each(people, crowd) == _counted(here, is_paired, lambda some: len({p for *_, p in some} - {0}))
        of_few = [({1: 1, 3: 0}[a], b, p) for a, b, p in here if a in (1, 3)]
        assert _each(shown, crowd) == _counted(of_few, is_paired, lambda some: len({p for *_, p in some} - {0}))


def _each(told, crowd):
    codes = [one.code for one in told if one.crowd == crowd]
    assert len(codes) == len(set(codes))
    return {one.code: one.number for one in told if one.crowd == crowd}


def _counted(rows, is_paired, number):
    cells = {(None, None)} | {(a, None) for a, _, _ in rows} | {(None, b) for _, b, _ in rows}
    cells |= {(a, b) for a, b, _ in rows} if is_paired else set()
    found = {
        cell: number([row for row in rows if all(c in (None, v) for c, v in zip(cell, row, strict=False))])
        for cell in cells
    }
    return {cell: count for cell, count in found.items() if count or cell == (None, None)}
