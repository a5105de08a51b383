"""The returns queue and one return, as somebody of the shop works on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.shop import made
from tests.shop.made import statements
from tests.shop.returns import arrived
from tests.shop.returns.arrived import an_arrived_order, ask, receive
from tests.shop.returns.sizes import in_sizes
from tests.worlds import made_once
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import models, queries
from zhanggui.shop.returns.rules import Reason, State, Wish

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
SHOP = f"?shop={made.SHOP}"


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None, lake_folder: object) -> None:
    made.a_shop()
    made.a_product("CUP", price=10000)


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in(Role.CLERK)


def text(client: Client, address: str) -> str:
    answer = client.get(f"/console/{address}{SHOP}")
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def do(client: Client, address: str, **typed: object) -> str:
    answer = client.post(f"/console/returns/{address}/{SHOP}", typed, follow=True)
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_queue_shows_what_needs_a_hand_by_the_time_that_is_left(clerk: Client) -> None:
    order = an_arrived_order({"CUP": 3})
    late, fresh, coming = (ask(order, {1: 1}) for _ in range(3))
    receive(late)
    receive(fresh)
    models.Return.objects.filter(pk=late).update(received_at=clock.now() - timedelta(hours=70, minutes=30))

    seen = text(clerk, "returns/")

    assert seen.index(late) < seen.index(fresh)
    assert coming not in seen
    assert "1 hour left" in seen
    assert "71 hours left" in seen or "72 hours left" in seen
    assert coming in clerk.get(f"/console/returns/{SHOP}&view=coming").content.decode()


def test_an_empty_queue_says_what_will_stand_there(clerk: Client) -> None:
    assert "No return needs our hand." in text(clerk, "returns/")


def test_a_scanned_code_and_a_typed_number_open_the_return(clerk: Client) -> None:
    number = ask(an_arrived_order())
    token = queries.token_of(number)
    for said in (token, f"http://shop.example/returns/counter/{token}/", number.lower()):
        answer = clerk.get("/console/returns/scan/", {"shop": made.SHOP, "code": said})
        assert answer.headers["Location"] == f"/console/returns/{number}/{SHOP}"
    answer = clerk.get("/console/returns/scan/", {"shop": made.SHOP, "code": f"{token}x"}, follow=True)
    assert "No return has that number or code." in answer.content.decode()


def test_from_the_bench_to_the_money(clerk: Client) -> None:
    order = an_arrived_order({"CUP": 2})
    number = ask(order, {1: 2}, reason=Reason.FAULTY)
    assert "There is no such warehouse." in do(clerk, f"{number}/do/receive", warehouse="moon")
    assert "Received. The clock runs" in do(clerk, f"{number}/do/receive", warehouse="main")
    verdicts = {"verdict1": "defective", "verdict2": "rejected", "found2": "worn for weeks"}
    assert "Every piece needs one verdict." in do(clerk, f"{number}/do/inspect", verdict1="sellable")
    assert "The refund runs by itself." in do(clerk, f"{number}/do/inspect", **verdicts)
    assert "The money is on its way back." in do(clerk, f"{number}/do/finish")
    assert "The money had gone back before." in do(clerk, f"{number}/do/finish")
    seen = do(clerk, f"{number}/do/send-back", carrier="SF", tracking="SF77")
    assert "SF SF77" in seen
    assert "worn for weeks" in seen
    assert queries.return_by_number(number).state is State.REFUNDED
    assert len(payments.refunds_of(order.number)) == 1


def test_an_exchange_ends_with_its_parcel(clerk: Client) -> None:
    number = ask(an_arrived_order(), wish=Wish.EXCHANGE)
    do(clerk, f"{number}/do/receive")
    assert "Send the replacement now." in do(clerk, f"{number}/do/inspect", verdict1="sellable")
    assert "The replacement is on its way." in do(clerk, f"{number}/do/replace", carrier="SF", tracking="SF1")
    assert queries.return_by_number(number).state is State.EXCHANGED


def test_an_exchange_waits_for_its_difference(clerk: Client) -> None:
    in_sizes(price=10000)
    number = ask(an_arrived_order(), wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    assert "difference CN¥20.00" in text(clerk, "returns/?view=coming&")
    do(clerk, f"{number}/do/receive")
    said = do(clerk, f"{number}/do/inspect", verdict1="sellable")
    assert "The difference is not paid yet: nothing can be sent." in said
    said = do(clerk, f"{number}/do/replace", carrier="SF", tracking="SF1")
    assert "The shopper has not paid the difference yet." in said
    assert queries.return_by_number(number).state is State.INSPECTED


def test_another_product_goes_out_instead_of_the_money(clerk: Client) -> None:
    made.a_product("BOWL", price=12000)
    number = ask(an_arrived_order())
    assert "It cannot be exchanged for that." in do(clerk, f"{number}/do/exchange-instead", sku="NOWHERE")
    said = do(clerk, f"{number}/do/exchange-instead", sku="BOWL")
    assert "It is an exchange now; the shopper is asked for the difference." in said
    assert queries.return_by_number(number).to_pay == made.cny(2000)


def test_a_decision_is_made_with_a_reason(clerk: Client) -> None:
    number = ask(an_arrived_order())
    models.Return.objects.filter(pk=number).update(state=State.REQUESTED)
    assert "Say why" in do(clerk, f"{number}/do/refuse", words="")
    assert "Refused. The shopper sees the reason now." in do(clerk, f"{number}/do/refuse", words="Not ours.")
    assert "The return has moved on: Refused." in do(clerk, f"{number}/do/approve")


def test_the_slip_names_the_return_and_nobody(clerk: Client) -> None:
    number = ask(an_arrived_order())
    html = clerk.get(f"/console/returns/{number}/slip/{SHOP}").content.decode()
    assert number in html
    assert "<svg viewBox" in html
    assert "林小满" not in html


def test_a_clerk_gives_a_fifth_and_a_manager_all(clerk: Client, signed_in: SignedIn) -> None:
    order = an_arrived_order()
    give = {"words": "scratched", "amount": "30.00"}
    assert "You may give CN¥22.40 more" in text(clerk, f"returns/of/{order.number}/")
    assert "Ask a manager" in do(clerk, f"of/{order.number}/goodwill", key="a", **give)
    assert orders.order_by_number(order.number).refunded.minor == 0
    manager = signed_in(Role.MANAGER)
    for _ in range(2):
        assert "The money is on its way back." in do(manager, f"of/{order.number}/goodwill", key="b", **give)
    assert orders.order_by_number(order.number).refunded.minor == 3000


@pytest.mark.parametrize("amount", ["", "x", "-1", "0.001", "1e99", "NaN", "999999"])
def test_a_strange_amount_is_refused(clerk: Client, amount: str) -> None:
    order = an_arrived_order()
    seen = do(clerk, f"of/{order.number}/goodwill", amount=amount, words="x", key="k")
    assert "more than is left of what was paid, or nothing" in seen
    assert orders.order_by_number(order.number).refunded.minor == 0


def test_what_was_lost_is_paid_back_and_a_return_opened_for_a_shopper(clerk: Client) -> None:
    order = an_arrived_order({"CUP": 2})
    assert "lost is on its way back" in do(
        clerk, f"of/{order.number}/return", u1="1", reason="lost", words="lost", key="1"
    )
    assert "The return is open." in do(clerk, f"of/{order.number}/return", u1="1", reason="faulty", key="2")
    assert "Not so many pieces are left" in do(clerk, f"of/{order.number}/return", u1="1", reason="faulty", key="3")
    assert [one.state for one in queries.returns_of_order(order.number)] == [State.REFUNDED, State.APPROVED]


def test_a_paid_order_is_called_off(clerk: Client) -> None:
    order = arrived.a_paid_order()
    assert "Called off." in do(clerk, f"of/{order.number}/call-off")
    assert "Only a paid order" in do(clerk, f"of/{order.number}/call-off")
    assert orders.order_by_number(order.number).state is OrderState.CANCELLED


def test_who_may_not_run_the_shop_sees_no_returns(signed_in: SignedIn) -> None:
    number = ask(an_arrived_order())
    analyst = signed_in(Role.ANALYST)
    for address in ("returns/", f"returns/{number}/", f"returns/{number}/slip/"):
        assert analyst.get(f"/console/{address}{SHOP}").status_code == 403
    assert analyst.post(f"/console/returns/{number}/do/receive/{SHOP}").status_code == 403
    assert queries.return_by_number(number).state is State.APPROVED


def test_the_queue_costs_the_same_however_long_it_is(clerk: Client) -> None:
    order = an_arrived_order({"CUP": 6})
    counts = []
    for _ in range(2):
        for _ in range(3):
            receive(ask(order, {1: 1}))
        clerk.get(f"/console/returns/{SHOP}")
        with statements() as sent:
            clerk.get(f"/console/returns/{SHOP}")
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 10
