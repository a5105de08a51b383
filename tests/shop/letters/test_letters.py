"""Letters about orders on real tables: one a fact, in the reader's language, none about the past."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.shop import made
from tests.shop.returns import arrived
from tests.shop.returns.sizes import in_sizes
from zhanggui.base import clock, ids
from zhanggui.base.operation.rules import customer
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel, Template
from zhanggui.base.shops.actions import keep_law, open_shop, put_imprint
from zhanggui.base.shops.rules import Imprint, Law, Shop, ShopKind
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.letters import actions, handlers, models, queries
from zhanggui.shop.letters.rules import Kind, Reason, State
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns.rules import PAY_WITHIN, Wish
from zhanggui.shop.returns.rules import Reason as Why
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.django_db
Wait = Callable[[timedelta], datetime]


@pytest.fixture(autouse=True)
def goods(shop: None, wait: Wait) -> None:
    made.a_product("CUP", price=5990)


def read() -> None:
    """What the relay hands over; inside a test's transaction it has nothing to read."""
    rows = Entry.objects.filter(name__in=handlers.reader.names).order_by("id_of_fact")
    handlers.note(log.by_ids(list(rows.values_list("id_of_fact", flat=True))))


def written() -> list[tuple[str, str]]:
    """Read the log, write what is due; who got what since, subjects only."""
    read()
    before = set(Letter.objects.values_list("pk", flat=True))
    for row in models.Due.objects.filter(state=State.WAITING).order_by("told_at", "fact"):
        actions.write(fact_id=str(row.fact))
    return list(Letter.objects.exclude(pk__in=before).order_by("id").values_list("recipient", "subject"))


def newest() -> Letter:
    return Letter.objects.order_by("-id")[0]


def test_a_paid_order_is_confirmed_with_lines_sum_place_and_day() -> None:
    order = arrived.a_paid_order({"CUP": 2})
    actions.note_language(order_number=order.number, language="en")

    assert written() == [("lin@example.com", f"茶铺: Order {order.number} is paid")]
    letter = newest()
    assert letter.words.splitlines()[:2] == [
        "Thank you. We have received CN¥131.80 for your order.",
        "We are getting it ready and write again when it leaves.",
    ]
    assert "林小满 · 龙井路 1 号, 西湖区, 杭州市, 浙江省" in letter.words
    assert "- White cup × 2  CN¥119.80" in letter.words
    assert re.search(r"At your door by Nov \d\d, 2026", letter.words)
    assert [line for line in letter.words.splitlines() if line.startswith(("Goods", "Delivery", "Total"))] == [
        "Goods: CN¥119.80",
        "Delivery: CN¥12.00",
        "Total: CN¥131.80",
    ]
    assert re.search(r"See the order: https://tea\.example/en/o/tea\.[^/\s]+/\n", letter.words)
    assert "List-Unsubscribe" not in dict(letter.headers)
    assert 'src="https://tea.example/pictures/CUP.' in letter.page
    assert "CN¥131.80" in letter.page


def test_by_european_law_the_letter_says_how_to_withdraw_and_from_whom() -> None:
    keep_law(shop=made.SHOP, law=Law.EU)
    put_imprint(shop=made.SHOP, imprint=Imprint(company="Tea Ltd", address="1 Lane", phone="1"))
    order = arrived.a_paid_order({"CUP": 2})
    actions.note_language(order_number=order.number, language="en")
    written()
    assert (
        "You can withdraw without a reason until fourteen days after the last goods have arrived. Open the order and "
        "choose “Withdraw or return”, or tell us in any clear words. We are: Tea Ltd, 1 Lane, 1."
    ) in newest().words
    form = "A form that you can use / To Tea Ltd, 1 Lane / I withdraw from my purchase of these goods or services: …"
    assert form in newest().words


@pytest.mark.parametrize(
    ("law", "reason", "is_said"),
    [(Law.EU, "changed_mind", True), (Law.EU, "faulty", False), (Law.CN, "changed_mind", False)],
)
def test_by_european_law_a_letter_confirms_that_a_withdrawal_has_come(law: Law, reason: str, is_said: bool) -> None:
    keep_law(shop=made.SHOP, law=law)
    order = arrived.an_arrived_order({"CUP": 2})
    actions.note_language(order_number=order.number, language="en")
    arrived.ask(order, reason=Why(reason))
    written()
    words = [letter.words for letter in Letter.objects.all() if "We accept your return" in letter.words]
    assert len(words) == 1
    assert ("We have received your withdrawal of " in words[0]) is is_said


def test_whoever_placed_it_in_chinese_reads_chinese() -> None:
    arrived.a_paid_order()
    ((_, subject),) = written()
    assert subject.startswith("茶铺: ")
    assert "https://tea.example/zh/o/" in newest().words
    assert newest().language == "zh"


def test_in_which_language_an_order_was_placed_is_kept_with_the_order_or_not_at_all() -> None:
    """Whatever dies after the order stands, its language stands too: one transaction wrote both."""
    placed = made.place(made.a_cart({"CUP": 1}), language="en")
    with connection.cursor() as cursor:
        cursor.execute(
            "select o.xmin = l.xmin from shop_orders_order o join shop_letters_language l on l.order_number = o.number"
            " where o.number = %s and l.language = 'en'",
            [placed.order_number],
        )
        assert cursor.fetchall() == [(True,)]


def test_an_order_that_is_refused_at_its_end_leaves_no_language_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    cart = made.a_cart({"CUP": 1})

    def die(**_: object) -> None:
        raise OutOfStock(shortages=())

    monkeypatch.setattr(stock, "hold", die)
    with pytest.raises(OutOfStock):
        made.place(cart, language="en")
    assert not models.Language.objects.exists()


def test_the_same_form_sent_again_in_another_language_is_the_same_order() -> None:
    cart, key = made.a_cart({"CUP": 1}), str(ids.uuid7())
    seen = counters.counter(cart.shop, cart.person, at=clock.now())
    said = {"version": seen.cart.version, "total": seen.quote.total if seen.quote else None, "key": key}
    placed = made.place(cart, language="en", **said)  # type: ignore[arg-type]
    assert made.place(cart, language="zh", **said) == placed  # type: ignore[arg-type]
    assert models.Language.objects.get().language == "en"


def test_an_order_in_the_house_language_keeps_none() -> None:
    made.place(made.a_cart({"CUP": 1}), language="zh")
    assert not models.Language.objects.exists()


def test_a_parcel_that_left_is_told_with_its_number_and_one_that_came_is_not() -> None:
    order = arrived.an_arrived_order()
    actions.note_language(order_number=order.number, language="en")

    assert [subject for _, subject in written()] == [
        f"茶铺: Order {order.number} is paid",
        f"茶铺: Order {order.number} is on its way",
    ]
    assert re.search(r"Tracking number: SF\d+", newest().words)


def test_a_shop_that_wants_so_tells_of_the_arrival_and_of_nothing_else() -> None:
    actions.choose(shop=made.SHOP, kinds=[Kind.DELIVERED])
    order = arrived.an_arrived_order()
    actions.note_language(order_number=order.number, language="en")
    assert [subject for _, subject in written()] == [f"茶铺: Order {order.number} has arrived"]


def test_a_return_and_the_money_for_it_are_told() -> None:
    order = arrived.an_arrived_order()
    actions.note_language(order_number=order.number, language="en")
    written()
    number = arrived.ask(order)
    assert written() == [("lin@example.com", f"茶铺: Return {number} is accepted")]
    assert f"?return={number}" in newest().words
    assert "Choose on the page of the return how it comes back to us." in newest().words


def test_a_difference_to_be_paid_is_told_and_that_nobody_paid_it(wait: Wait) -> None:
    in_sizes()
    order = arrived.an_arrived_order()
    actions.note_language(order_number=order.number, language="en")
    written()
    number = arrived.ask(order, wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    assert [subject for _to, subject in written()] == [
        f"茶铺: Return {number} is accepted",
        f"茶铺: Exchange {number} waits for CN¥20.00",
    ]
    assert "What you would like instead costs CN¥20.00 more." in newest().words
    assert f"?return={number}" in newest().words
    wait(PAY_WITHIN)
    returns.lapse(return_number=number)
    assert [subject for _to, subject in written()] == [f"茶铺: Exchange {number} has become a refund"]
    assert "Goes back to you: CN¥71.90" in newest().words


def test_a_difference_that_was_paid_is_told_as_such() -> None:
    in_sizes()
    order = arrived.an_arrived_order()
    number = arrived.ask(order, wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    asked = returns.pay_difference(
        return_number=number, provider="sandbox", trail=order.trail, by=customer(order.person)
    )
    actions.note_language(order_number=asked.order_number, language="en")
    written()
    placed = Placed(order_number=asked.order_number, payment_id=asked.payment_id)
    payments.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=2000))
    assert [subject for _to, subject in written()] == [f"茶铺: The difference for exchange {number} is paid"]
    assert "We have received CN¥20.00 for your exchange." in newest().words
    assert "We are getting it ready" not in newest().words
    assert f"?return={number}" in newest().words


def test_a_difference_whose_order_ran_out_is_told_as_such(wait: Wait) -> None:
    in_sizes()
    order = arrived.an_arrived_order()
    number = arrived.ask(order, wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    asked = returns.pay_difference(
        return_number=number, provider="sandbox", trail=order.trail, by=customer(order.person)
    )
    written()
    actions.note_language(order_number=asked.order_number, language="en")
    wait(timedelta(minutes=31))
    orders.expire(order_number=asked.order_number)
    assert [subject for _to, subject in written()] == [
        f"茶铺: The difference for exchange {number} was not paid in time"
    ]
    words = newest().words
    assert "The difference for your exchange was not paid in time. Nothing was charged." in words
    assert re.search(r"We keep what you get instead until .+; pay on the page of the return\.", words)
    assert "If it is not paid by then, your exchange becomes a refund." in words
    assert f"?return={number}" in words


def test_a_difference_that_ran_out_with_its_exchange_is_told_as_a_refund(wait: Wait) -> None:
    in_sizes()
    order = arrived.an_arrived_order()
    number = arrived.ask(order, wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    asked = returns.pay_difference(
        return_number=number, provider="sandbox", trail=order.trail, by=customer(order.person)
    )
    actions.note_language(order_number=asked.order_number, language="en")
    written()
    wait(timedelta(minutes=31))
    orders.expire(order_number=asked.order_number)
    returns.refund_instead(return_number=number, trail=arrived.HERE, by=arrived.STAFF)
    written()
    assert "Your return goes on: you get your money for what comes back." in newest().words
    assert "We keep" not in newest().words


def test_an_order_that_nobody_paid_is_told_as_closed_and_can_be_filled_again(wait: Wait) -> None:
    placed = made.an_order()
    actions.note_language(order_number=placed.order_number, language="en")
    wait(timedelta(minutes=31))
    orders.expire(order_number=placed.order_number)
    assert written() == [("lin@example.com", f"茶铺: Order {placed.order_number} was not paid in time")]
    assert "Fill the cart again: https://tea.example/en/o/" in newest().words


def test_a_fact_that_is_read_twice_is_one_letter() -> None:
    order = arrived.a_paid_order()
    (fact,) = [fact for fact in made.facts_of(order.number) if fact.name == "shop.payment_settled"]
    assert len(written()) == 1
    handlers.note([fact])
    assert written() == []
    actions.write(fact_id=str(fact.id))
    assert Letter.objects.count() == 1


def test_what_was_told_a_day_ago_is_written_about_to_nobody(wait: Wait) -> None:
    arrived.a_paid_order()
    wait(timedelta(days=1))
    assert written() == []
    assert models.Due.objects.count() == 0


def test_what_another_shop_sold_is_written_about_to_nobody() -> None:
    order = arrived.a_paid_order()
    open_shop(shop=Shop(code="olist", name="Olist", zone="UTC", currency="CNY", kind=ShopKind.IMPORTED))
    told = [replace(fact, id=ids.uuid7(), shop="olist") for fact in made.facts_of(order.number) if _is_heard(fact)]
    assert len(told) == 1
    handlers.note(told)
    assert models.Due.objects.count() == 0


def test_a_letter_that_nobody_could_write_within_a_day_is_left_out(wait: Wait) -> None:
    arrived.a_paid_order()
    read()
    wait(timedelta(days=1))
    assert written() == []
    assert _left_out() == [Reason.TOO_LATE]


@pytest.mark.parametrize(
    ("contact", "needs", "approved", "came"),
    [
        ({"email": "", "phone": "13800138000"}, False, False, "+8613800138000"),
        ({"email": "", "phone": "13800138000"}, True, True, "+8613800138000"),
        ({"email": "", "phone": "13800138000"}, True, False, Reason.NO_TEMPLATE),
        ({"email": "", "phone": ""}, False, False, Reason.NO_ADDRESS),
    ],
)
def test_who_has_no_mail_gets_a_text_if_its_words_are_approved(
    contact: dict[str, str], needs: bool, approved: bool, came: str | Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = arrived.a_paid_order()
    Customer.objects.filter(pk=order.customer_id).update(**contact)
    if needs:
        monkeypatch.setitem(mailing.carriers, Channel.SMS, _Strict())  # type: ignore[misc]
    if approved:
        template = Template(name="order_paid", language="zh", is_abroad=False, number="42", sign="")
        outbox.set_template(shop=made.SHOP, template=template)
    found = written()
    if isinstance(came, Reason):
        assert (found, _left_out()) == ([], [came])
    else:
        assert [to for to, _ in found] == [came]
        assert newest().parts == [["order", order.number]]


def test_a_letter_of_orders_is_not_said_aloud_and_a_code_is() -> None:
    arrived.a_paid_order()
    written()
    assert not newest().message.is_awaited
    assert replace(newest().message, template="sign_in_code").is_awaited


def test_what_fails_while_it_is_written_leaves_the_letter_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    arrived.a_paid_order()
    read()
    row = models.Due.objects.get()

    def broken(**_: object) -> UUID:
        Letter.objects.create(id=ids.uuid7(), channel="email", recipient="x", state="waiting", queued_at=row.told_at)
        raise OSError("power cut")

    monkeypatch.setattr(outbox, "send", broken)
    with pytest.raises(OSError, match="power cut"), transaction.atomic():
        actions.write(fact_id=str(row.fact))
    assert (Letter.objects.count(), models.Due.objects.get().state) == (0, State.WAITING)


def test_the_newest_letter_is_an_example_that_shows_no_door() -> None:
    assert queries.example(Kind.PAID, shop=made.SHOP) is None
    arrived.a_paid_order()
    written()
    shown = queries.example(Kind.PAID, shop=made.SHOP)
    assert shown is not None
    assert [part.to for part in shown.parts] == ["***"]


def test_letters_are_counted_by_what_came_of_them() -> None:
    order: Order = arrived.a_paid_order()
    written()
    (counted,) = queries.counted(made.SHOP, since=order.placed_at)
    assert (counted.kind, counted.state, counted.letters) == (Kind.PAID, State.WRITTEN, 1)


def _left_out() -> list[str]:
    return list(models.Due.objects.filter(state=State.LEFT_OUT).values_list("reason", flat=True))


def _is_heard(fact: Envelope) -> bool:
    return fact.name == "shop.payment_settled"


class _Strict:
    """A carrier that sends approved words only."""

    name, key, needs_templates = "strict", "", True
