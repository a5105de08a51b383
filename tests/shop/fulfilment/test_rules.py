"""Transitions, splits, signatures and shares, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.shop.fulfilment import rules
from zhanggui.shop.fulfilment.errors import CannotSplit, Forged, Stale, Unreadable
from zhanggui.shop.fulfilment.rules import Kept, Message, Parcel, ParcelLine, Scan, ScanKind, State, Take

AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
KEY = b"a key"


def a_parcel(*lines: ParcelLine, state: State = State.PLANNED, number: str = "A-1", **changed: Any) -> Parcel:
    parcel = Parcel(
        id=number,
        number=number,
        shop="tea",
        order_number="A",
        destination=1,
        address_id=UUID(int=1),
        warehouse="main",
        carrier="porter",
        tracking="",
        label_address="",
        weight_g=None,
        state=state,
        paid_at=AT,
        ship_by=AT + rules.TIME_TO_SHIP,
        promised_on=None,
        label_asked_at=None,
        picked_at=None,
        packed_at=None,
        shipped_at=None,
        delivered_at=None,
        ended_at=None,
        taken_in_at=None,
        cause=UUID(int=2),
        lines=lines,
    )
    return replace(parcel, **changed)


def a_line(position: int = 1, *, sku: str = "CUP", units: int = 2, picked: int = 0, amount: int = 100) -> ParcelLine:
    return ParcelLine(position=position, sku=sku, units=units, picked_units=picked, amount=Money(amount, "CNY"))


def test_every_way_between_two_states_is_either_open_or_refused_in_words() -> None:
    for state in State:
        for to in State:
            said = rules.refusal(state, to=to)
            assert bool(said) is (to not in rules.FOLLOWS[state])
            assert not said or said.count(".") == 2


def test_a_parcel_waits_leaves_and_ends() -> None:
    assert rules.before(State.CALLED_OFF) == rules.WAITING
    assert {state for state in State if not rules.FOLLOWS[state]} == set(rules.ENDED)
    assert set(rules.WAITING) | set(rules.LEFT) | {State.CALLED_OFF} == set(State)


lines_of_parcels = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 100_000)), min_size=1, max_size=4
).map(
    lambda found: [
        a_line(position, sku=f"S{position}", units=units, picked=min(picked, units), amount=amount)
        for position, (units, picked, amount) in enumerate(found, start=1)
    ]
)


@given(lines=lines_of_parcels, data=st.data())
def test_splitting_and_merging_keeps_every_piece_and_every_cent(lines: list[ParcelLine], data: st.DataObject) -> None:
    parcel = a_parcel(*lines)
    takes = [
        Take(position=line.position, sku=line.sku, units=data.draw(st.integers(0, line.units), label=line.sku))
        for line in lines
    ]
    moved = sum(take.units for take in takes)
    if moved in (0, parcel.units):
        with pytest.raises(CannotSplit):
            rules.split(parcel, takes)
        return
    stays, moves = rules.split(parcel, takes)
    assert sum(line.units for line in moves) == moved
    assert all(0 <= line.picked_units <= line.units for line in (*stays, *moves))
    assert rules.merged([a_parcel(*stays), a_parcel(*moves, number="A-2")]) == parcel.lines


def test_the_way_through_the_warehouse_goes_by_sku_and_leaves_out_what_is_picked() -> None:
    one = a_parcel(a_line(sku="POT"), a_line(2, sku="CUP", units=3, picked=1))
    two = a_parcel(a_line(sku="CUP", units=1), number="A-2")
    done = a_parcel(a_line(sku="CUP", units=5), number="A-3", state=State.PICKED)
    rows = rules.pick_rows([two, one, done])
    assert [(row.sku, row.units, row.parcels) for row in rows] == [
        ("CUP", 3, (("A-1", 2), ("A-2", 1))),
        ("POT", 2, (("A-1", 2),)),
    ]


@pytest.mark.parametrize(
    ("after", "used", "is_late"),
    [
        (timedelta(0), 0, False),
        (timedelta(hours=12), 25, False),
        (timedelta(hours=48), 100, False),
        (timedelta(hours=60), 100, True),
    ],
)
def test_a_parcel_uses_up_its_48_hours(after: timedelta, used: int, is_late: bool) -> None:
    parcel = a_parcel(a_line())
    assert (parcel.time_used(AT + after), parcel.is_late(AT + after)) == (used, is_late)
    shipped = a_parcel(a_line(), state=State.SHIPPED, shipped_at=AT + after)
    assert (shipped.time_used(AT + timedelta(days=9)), shipped.is_late(AT + timedelta(days=9))) == (used, is_late)


def test_a_number_says_which_of_its_orders_parcels_it_is() -> None:
    assert rules.parcel_number("261121-7K3MX-9QDT2", 2) == "261121-7K3MX-9QDT2-2"
    assert rules.nth_of("261121-7K3MX-9QDT2-12") == 12


def message(
    body: bytes = b"{}", *, key: bytes = KEY, at: datetime = AT, header: str = rules.SIGNATURE_HEADER
) -> Message:
    return Message(body=body, headers={header: rules.signature(body, key=key, at=at)})


def test_a_signed_message_is_believed_whatever_the_case_of_its_header() -> None:
    rules.verify(message(), key=KEY, at=AT + timedelta(seconds=300), carrier="x")
    rules.verify(message(header="CARRIER-SIGNATURE"), key=KEY, at=AT, carrier="x")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Message(body=b"{}"), Forged),
        (message(key=b"another"), Forged),
        (Message(body=b"{ }", headers=message().headers), Forged),
        (Message(body=b"{}", headers={rules.SIGNATURE_HEADER: "t=x,v1=0"}), Forged),
        (Message(body=b"{}", headers={rules.SIGNATURE_HEADER: "t=²,v1=é"}), Forged),
        (message(at=AT - timedelta(seconds=301)), Stale),
        (message(at=AT + timedelta(seconds=301)), Stale),
    ],
)
def test_a_message_that_was_not_signed_just_now_by_the_carrier_is_refused(
    said: Message, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        rules.verify(said, key=KEY, at=AT, carrier="x")


scans = st.builds(
    Scan,
    event_id=st.text("abc123-", min_size=1, max_size=20),
    tracking=st.text("ABC123", min_size=1, max_size=20),
    kind=st.sampled_from(ScanKind),
    place=st.text(max_size=40),
    at=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),
)


@given(scan=scans)
def test_a_scan_is_read_as_it_was_written(scan: Scan) -> None:
    assert rules.scan_of(rules.wire_of(scan), carrier="x") == scan


GOOD = {"event": "e", "tracking": "t", "kind": "delivered", "place": "", "at": "2026-11-22T04:00:00+00:00"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": ""},
        {"event": 7},
        {"kind": "eaten"},
        {"at": "yesterday"},
        {"at": "2026-11-22T04:00:00"},
        {"tracking": "x" * 61},
        {"tracking": "\0"},
    ],
)
def test_a_scan_in_another_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        rules.scan_of(GOOD | wrong, carrier="x")


@given(found=st.permutations([ScanKind.ACCEPTED, ScanKind.ATTEMPTED, ScanKind.RETURNED, ScanKind.DELIVERED]))
def test_the_last_word_is_the_end_that_happened_last(found: list[ScanKind]) -> None:
    when = {kind: AT + timedelta(hours=nth) for nth, kind in enumerate(ScanKind)}
    told = [Scan(event_id=kind, tracking="t", kind=kind, place="", at=when[kind]) for kind in found]
    word = rules.last_word(told)
    assert word is not None
    assert word.kind is ScanKind.RETURNED
    assert [scan.at for scan in rules.in_order(told)] == sorted(scan.at for scan in told)


def test_without_an_end_there_is_no_last_word() -> None:
    assert rules.last_word([Scan(event_id="e", tracking="t", kind=ScanKind.ATTEMPTED, place="", at=AT)]) is None


def test_the_kept_share_counts_only_what_is_over() -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    rows = [
        Kept(day=monday, warehouse="a", kept=10, broken=1, open=0),
        Kept(day=monday, warehouse="b", kept=5, broken=0, open=3),
        Kept(day=tuesday, warehouse="a", kept=4, broken=0, open=2),
    ]
    assert rules.kept_rate(rows) == 0.95
    assert rules.kept_rate([]) is None
    assert [(row.day, row.kept, row.broken, row.open) for row in rules.by_day(rows)] == [
        (monday, 15, 1, 3),
        (tuesday, 4, 0, 2),
    ]
    assert [(row.warehouse, row.kept, row.due) for row in rules.by_warehouse(rows)] == [("a", 14, 17), ("b", 5, 8)]
