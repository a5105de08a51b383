"""A return on real tables: asked for, sent, received, inspected, refunded, exchanged, rejected, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.shop import made
from tests.shop.returns import arrived
from tests.shop.returns.arrived import (
    HERE,
    PNG,
    STAFF,
    an_arrived_order,
    ask,
    body,
    finish,
    inspect,
    receive,
    settled,
    state,
)
from tests.worlds import made_once
from zhanggui.base.operation.rules import customer
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, models, queries, rules
from zhanggui.shop.returns.errors import (
    CannotExchange,
    NoSuchReturn,
    NothingChosen,
    NotReturnable,
    PictureNotAllowed,
    SlotNotOffered,
    StepRefused,
    StillOut,
    VerdictMissing,
    WordsMissing,
)
from zhanggui.shop.returns.rules import Finding, Reason, State, Verdict, Way, Wish
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.django_db
Wait = Callable[[timedelta], datetime]


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)
    made.a_product("BOWL", price=10000)


def test_a_return_without_a_reason_is_approved_at_once_and_told() -> None:
    order = an_arrived_order({"CUP": 2})

    number = ask(order, {1: 1})

    found = queries.return_by_number(number)
    assert (found.state, found.reason, found.wish) == (State.APPROVED, Reason.CHANGED_MIND, Wish.REFUND)
    assert [(piece.slot.position, piece.slot.unit, piece.goods.minor) for piece in found.pieces] == [(1, 0, 5990)]
    assert found.expected.minor == 5990
    assert body(order.number, "shop.return_requested") == {
        "order_number": order.number,
        "return_number": number,
        "lines": [{"sku": "CUP", "category": "cups", "quantity": 1, "amount_minor": 5990}],
        "reason": "changed_mind",
        "wish": "refund",
        "amount_minor": 5990,
        "currency": "CNY",
    }


def test_from_the_request_to_the_money() -> None:
    order = an_arrived_order({"CUP": 2})
    free = stock.free(["CUP"])["CUP"]
    number = ask(order, {1: 1})
    actions.book_drop_off(return_number=number, trail=order.trail, by=customer(order.person))
    actions.note_sent(return_number=number, trail=order.trail, by=customer(order.person))
    receive(number)
    inspect(number, Verdict.SELLABLE)
    assert state(number) is State.INSPECTED

    assert finish(number)

    found, after = queries.return_by_number(number), orders.order_by_number(order.number)
    assert (found.state, found.way, found.refunded.minor) == (State.REFUNDED, Way.DROP_OFF, 5990)
    assert (after.refunded.minor, after.lines[0].returned_units) == (5990, 1)
    assert stock.free(["CUP"])["CUP"] == free + 1
    (refund,) = payments.refunds_of(order.number)
    assert (refund.reference, refund.amount.minor, refund.reason) == (number, 5990, "changed_mind")
    told = made.names(made.facts_of(order.number))
    assert told.count("shop.return_received") == told.count("shop.return_closed") == 1
    assert body(order.number, "shop.return_closed")["outcome"] == "refunded"


def test_returning_everything_in_parts_gives_back_exactly_what_was_paid() -> None:
    order = an_arrived_order({"BOWL": 1, "CUP": 2})

    parts = [settled(order, {1: 1}), settled(order, {2: 1}, reason=Reason.FAULTY), settled(order, {2: 1})]

    after = orders.order_by_number(order.number)
    assert after.refunded == after.total
    assert sum(part.refunded.minor for part in parts) == after.total.minor
    assert [line.returned_units for line in after.lines] == [line.quantity for line in after.lines]


def test_a_fault_brings_its_share_of_the_way_out() -> None:
    order = an_arrived_order({"CUP": 2})
    found = settled(order, {1: 1}, reason=Reason.DAMAGED)
    assert found.refunded.minor == 5990 + 600


@pytest.mark.parametrize(
    ("days", "reason", "why"),
    [(7, Reason.CHANGED_MIND, None), (8, Reason.CHANGED_MIND, "window_over"), (30, Reason.FAULTY, None)],
)
def test_the_time_for_it_is_counted_on_the_shops_clock(wait: Wait, days: int, reason: Reason, why: str | None) -> None:
    order = an_arrived_order()
    wait(timedelta(days=days))
    if why is None:
        assert state(ask(order, reason=reason)) is State.APPROVED
        return
    with pytest.raises(NotReturnable) as refused:
        ask(order, reason=reason)
    assert refused.value.reasons == (why,)
    assert not models.Return.objects.exists()


def test_a_late_fault_waits_for_a_person(wait: Wait) -> None:
    order = an_arrived_order()
    wait(timedelta(days=31))
    number = ask(order, reason=Reason.FAULTY)
    assert state(number) is State.REQUESTED
    actions.approve(return_number=number, trail=HERE, by=STAFF)
    assert state(number) is State.APPROVED


def test_what_has_not_arrived_cannot_be_returned() -> None:
    order = arrived.sent(arrived.a_paid_order())
    with pytest.raises(NotReturnable) as refused:
        ask(order)
    assert refused.value.reasons == ("not_arrived",)


@pytest.mark.parametrize("units", [{1: 3}, {2: 1}, {1: 0}, {1: -1}, {99: 1}])
def test_no_more_comes_back_than_was_bought(units: dict[int, int]) -> None:
    order = an_arrived_order({"CUP": 2})
    with pytest.raises(NotReturnable) as refused:
        ask(order, units)
    assert refused.value.reasons == ("nothing_left",)
    assert not models.Return.objects.exists()


def test_open_and_closed_returns_count_against_what_was_bought() -> None:
    order = an_arrived_order({"CUP": 2})
    settled(order, {1: 1})
    ask(order, {1: 1})
    with pytest.raises(NotReturnable):
        ask(order, {1: 1})


def test_nothing_is_no_return() -> None:
    with pytest.raises(NothingChosen):
        actions.request(
            order_number=(order := an_arrived_order()).number,
            units={},
            reason=Reason.CHANGED_MIND,
            trail=order.trail,
            by=customer(order.person),
        )


def test_another_shoppers_order_and_return_are_not_there() -> None:
    order = an_arrived_order()
    stranger = made.a_walk()
    number = ask(order)
    with pytest.raises(NoSuchOrder):
        actions.request(
            order_number=order.number,
            units={1: 1},
            reason=Reason.CHANGED_MIND,
            trail=stranger,
            by=made.by(stranger),
        )
    with pytest.raises(NoSuchReturn):
        actions.withdraw(return_number=number, trail=stranger, by=made.by(stranger))
    assert state(number) is State.APPROVED


def test_a_withdrawn_return_frees_its_pieces() -> None:
    order = an_arrived_order()
    number = ask(order)
    actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))
    assert state(number) is State.WITHDRAWN
    assert body(order.number, "shop.return_closed")["lines"] == []
    assert state(ask(order)) is State.APPROVED


def test_a_received_return_cannot_be_withdrawn_and_says_why() -> None:
    order = an_arrived_order()
    number = ask(order)
    receive(number)
    with pytest.raises(StepRefused) as refused:
        actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))
    assert refused.value.reason == (
        "The goods are with us and wait to be inspected. A return can be withdrawn only before the goods have arrived."
    )


def test_a_person_refuses_with_a_reason(wait: Wait) -> None:
    order = an_arrived_order()
    wait(timedelta(days=31))
    number = ask(order, reason=Reason.FAULTY)
    with pytest.raises(WordsMissing):
        actions.refuse(return_number=number, words="  ", trail=HERE, by=STAFF)
    actions.refuse(return_number=number, words="The picture shows another cup.", trail=HERE, by=STAFF)
    found = queries.return_by_number(number)
    assert (found.state, found.refused_why) == (State.REFUSED, "The picture shows another cup.")


def test_a_pickup_comes_on_a_day_and_at_a_time_that_are_offered(wait: Wait) -> None:
    order = an_arrived_order()
    number = ask(order)
    today = wait(timedelta(0)).date()
    book = {"return_number": number, "address_id": order.address_id, "trail": order.trail, "by": customer(order.person)}
    for on, slot in ((today, "09:00-12:00"), (today + timedelta(days=8), "09:00-12:00"), (today, "03:00-04:00")):
        with pytest.raises(SlotNotOffered):
            actions.book_pickup(on=on, slot=slot, **book)
    actions.book_pickup(on=today + timedelta(days=2), slot="18:00-20:00", **book)
    found = queries.return_by_number(number)
    assert (found.state, found.way, found.pickup_slot) == (State.PICKUP_BOOKED, Way.PICKUP, "18:00-20:00")


def test_an_inspection_looks_at_every_piece_once() -> None:
    order = an_arrived_order({"CUP": 2})
    number = ask(order, {1: 2})
    receive(number)
    good = Finding(piece=1, verdict=Verdict.SELLABLE)
    for findings in ([good], [good, good], [good, Finding(piece=2, verdict=Verdict.NONE)], [good, good, good]):
        with pytest.raises(VerdictMissing):
            actions.inspect(return_number=number, findings=findings, trail=HERE, by=STAFF)
    with pytest.raises(WordsMissing):
        inspect_with = [good, Finding(piece=2, verdict=Verdict.REJECTED)]
        actions.inspect(return_number=number, findings=inspect_with, trail=HERE, by=STAFF)


def test_good_pieces_go_on_sale_broken_ones_aside_and_strange_ones_back() -> None:
    order = an_arrived_order({"CUP": 3})
    free = stock.free(["CUP"])["CUP"]
    number = ask(order, {1: 3}, reason=Reason.FAULTY)
    receive(number)

    inspect(number, Verdict.SELLABLE, Verdict.DEFECTIVE, Verdict.REJECTED)
    finish(number)

    found = queries.return_by_number(number)
    assert stock.free(["CUP"])["CUP"] == free + 1
    assert (found.state, found.refunded.minor) == (State.REFUNDED, 2 * (5990 + 400))
    assert found.units == {1: 2}
    assert queries.claimed_slots(order.number) == {piece.slot for piece in found.accepted}


def test_a_return_of_nothing_but_strange_pieces_is_rejected_and_sent_back() -> None:
    order = an_arrived_order()
    number = ask(order)
    receive(number)

    inspect(number, Verdict.REJECTED)
    actions.note_sent_back(return_number=number, carrier="SF", tracking="SF1", trail=HERE, by=STAFF)

    found = queries.return_by_number(number)
    assert (found.state, found.refused_why, found.sent_back_tracking) == (State.REJECTED, "scratched", "SF1")
    assert not payments.refunds_of(order.number)
    assert not queries.claimed_slots(order.number)
    with pytest.raises(StillOut):
        actions.note_sent_back(return_number=number, carrier="SF", tracking="SF2", trail=HERE, by=STAFF)


def test_an_exchange_keeps_its_stock_from_the_approval_on_and_moves_no_money() -> None:
    order = an_arrived_order()
    free = stock.free(["CUP"])["CUP"]
    number = ask(order, reason=Reason.DAMAGED, wish=Wish.EXCHANGE)
    assert stock.free(["CUP"])["CUP"] == free - 1
    receive(number)
    inspect(number, Verdict.DEFECTIVE)
    with pytest.raises(StillOut):
        finish(number)

    actions.send_replacement(return_number=number, carrier="SF", tracking="SF9", trail=HERE, by=STAFF)

    found = queries.return_by_number(number)
    assert (found.state, found.replacement_tracking) == (State.EXCHANGED, "SF9")
    assert stock.free(["CUP"])["CUP"] == free - 1
    assert orders.order_by_number(order.number).refunded.minor == 0
    assert not queries.claimed_slots(order.number)


def test_an_exchange_for_something_else_or_for_nothing_there_is_refused() -> None:
    order = an_arrived_order({"CUP": 1})
    with pytest.raises(CannotExchange):
        ask(order, wish=Wish.EXCHANGE, wanted={1: "BOWL"})
    made.an_order({"CUP": stock.free(["CUP"])["CUP"]})
    with pytest.raises(OutOfStock):
        ask(order, wish=Wish.EXCHANGE)


def test_a_withdrawn_exchange_lets_its_stock_go() -> None:
    order = an_arrived_order()
    free = stock.free(["CUP"])["CUP"]
    number = ask(order, wish=Wish.EXCHANGE)
    actions.withdraw(return_number=number, trail=order.trail, by=customer(order.person))
    assert stock.free(["CUP"])["CUP"] == free


def test_an_exchange_can_become_a_refund() -> None:
    order = an_arrived_order()
    free = stock.free(["CUP"])["CUP"]
    number = ask(order, wish=Wish.EXCHANGE)
    receive(number)
    inspect(number)
    actions.refund_instead(return_number=number, trail=HERE, by=STAFF)
    finish(number)
    assert stock.free(["CUP"])["CUP"] == free + 1
    assert queries.return_by_number(number).refunded.minor == order.total.minor


def test_a_picture_is_kept_once_under_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(tmp_path))
    kept = actions.keep_picture(body=PNG)
    assert actions.keep_picture(body=PNG) == kept
    assert queries.picture_file(kept).read_bytes() == PNG
    assert len(list((tmp_path / "returns").rglob("*"))) == 2
    for strange, reason in ((b"<svg/>", "kind"), (b"\xff\xd8\xff" + b"0" * rules.LARGEST_PICTURE, "size")):
        with pytest.raises(PictureNotAllowed) as refused:
            actions.keep_picture(body=strange)
        assert refused.value.reason == reason


def test_a_token_names_its_return_and_nothing_else_does() -> None:
    token = queries.token_of("R261122-00000-00001")
    assert queries.number_of(token) == "R261122-00000-00001"
    assert queries.number_of(f"https://shop.example/returns/counter/{token}/") == "R261122-00000-00001"
    assert queries.number_of("r261122-00000-00001", is_staff=True) == "R261122-00000-00001"
    for forged in ("R261122-00000-00001", token[:-1] + ("A" if token[-1] != "A" else "B"), "", "x" * 999):
        with pytest.raises(NoSuchReturn):
            queries.number_of(forged)


def test_a_second_receipt_a_second_inspection_and_a_second_refund_change_nothing() -> None:
    order = an_arrived_order()
    number = ask(order)
    receive(number)
    with pytest.raises(StepRefused):
        receive(number)
    inspect(number)
    with pytest.raises(StepRefused):
        inspect(number)
    assert finish(number)
    assert not finish(number)
    assert len(payments.refunds_of(order.number)) == 1
