"""One search for everything, what needs a hand, and how the shop delivers, taxes and takes money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from tests.doors.console.test_order_jobs import a_paid_order, a_parcel_of
from tests.shop.made import CLERK, SHOP, a_product, a_shop, an_order, cny, statements
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.rates import queries as exchange
from zhanggui.doors.console import needing
from zhanggui.guard.tax import queries as tax
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import models as parcel_rows
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.payments import actions as money
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions as returning
from zhanggui.shop.returns.rules import Reason
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

SEARCH = f"/console/search/?shop={SHOP}"
TERMS = f"/console/terms/?shop={SHOP}"


@pytest.fixture
def clerk(signed_in: Callable[..., Client], lake_folder: object) -> Iterator[Client]:
    a_shop()
    a_product("CUP", units=100)
    needing._stock_disagreements.forget()
    yield signed_in(Role.CLERK)
    needing._stock_disagreements.forget()


@pytest.fixture
def manager(clerk: Client, signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.MANAGER)


def found(client: Client, wanted: str) -> str:
    """What is shown below the field while somebody types."""
    answer = client.post(SEARCH, {"q": wanted}, headers={"X-Part": "finds"})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_an_order_is_found_by_the_start_of_its_number(clerk: Client) -> None:
    number = an_order().order_number
    assert f"/console/orders/{number}/" in found(clerk, number[:9].lower())
    assert f"/console/orders/{number}/" in unescape(clerk.get(SEARCH + f"&q={number}").content.decode())


@pytest.mark.parametrize("said", ["13800138000", "138 0013 8000", "lin@example.com"])
def test_a_buyer_is_found_by_a_whole_number_or_address_that_stands_in_no_address(clerk: Client, said: str) -> None:
    an_order()
    page = found(clerk, said)
    assert "/console/customers/" in page
    assert "林**" in page
    assert "林小满" not in page
    assert "/console/customers/0" not in clerk.get(SEARCH, {"shop": SHOP, "q": said}).content.decode()
    assert clerk.post(SEARCH, {"q": said}).status_code == 200


def test_a_part_of_a_number_names_nobody(clerk: Client) -> None:
    an_order()
    assert "林**" not in found(clerk, "1380013")


def test_a_name_finds_buyers_only_for_who_may_see_people(clerk: Client, manager: Client) -> None:
    an_order()
    assert "林**" in found(manager, "小满")
    assert "林**" not in found(clerk, "小满")


def test_goods_are_found_with_what_is_free_of_them(clerk: Client) -> None:
    for said in ("cup", "White", "白瓷"):
        page = found(clerk, said)
        assert "/console/products/" in page
        assert "100 pieces free" in page
    assert "/console/stock/of/CUP/" in found(clerk, "CUP")


def test_a_parcel_is_found_by_its_tracking_number(clerk: Client) -> None:
    placed = a_paid_order()
    parcel = a_parcel_of(placed)
    fulfilment.pick(parcel_id=parcel, by=CLERK)
    fulfilment.pack(parcel_id=parcel, weight_g=300, by=CLERK)
    fulfilment.hand_over(parcel_id=parcel, carrier="yunda", tracking="YD-4711", by=CLERK)
    assert f"/console/parcels/{parcel}/" in found(clerk, "YD-4711")
    assert parcel not in found(clerk, "YD-471")


def test_a_return_is_found_by_its_number(clerk: Client) -> None:
    placed = a_paid_order()
    number = returning.request(
        order_number=placed.order_number,
        units={1: 1},
        reason=Reason.FAULTY,
        words="It leaks.",
        is_kept=True,
        trail=Trail(shop=SHOP),
        by=CLERK,
    )
    assert f"/console/returns/{number}/" in found(clerk, number[:8])


def test_money_is_found_by_the_ids_of_both_sides(clerk: Client) -> None:
    placed = a_paid_order()
    (paid,) = payments.payments_of(placed.order_number)
    for said in (paid.id, paid.transaction_id):
        assert f"/console/payments/{paid.id}/" in found(clerk, said)


def test_a_gift_card_is_found_by_its_ending(clerk: Client) -> None:
    (card,) = money.issue_cards(
        count=1,
        value=cny(5000),
        expires_at=clock.now() + timedelta(days=365),
        is_sold=True,
        note="",
        trail=Trail(shop=SHOP),
        by=CLERK,
    )
    ending = payments.cards(SHOP, [card.id])[card.id].ending
    assert f"/console/payments/cards/?shop={SHOP}&ending={ending}" in found(clerk, ending.lower())


@pytest.mark.parametrize(("said", "address"), [("orders", "/console/orders/"), ("订单", "/console/orders/")])
def test_pages_are_found_by_their_names_in_both_languages(clerk: Client, said: str, address: str) -> None:
    assert address in found(clerk, said)


def test_nothing_is_found_that_its_page_would_refuse(clerk: Client, signed_in: Callable[..., Client]) -> None:
    number = an_order().order_number
    assert "/console/terms/" not in found(clerk, "tax")
    assert "/console/numbers/" not in found(clerk, "gmv")
    analyst = signed_in(Role.ANALYST)
    assert "/console/customers/" not in found(analyst, "13800138000")
    assert "/console/products/" not in found(analyst, "CUP")
    assert "/console/payments/" not in found(analyst, number)


def test_what_is_typed_is_sent_on_to_an_address_that_can_be_kept(clerk: Client) -> None:
    answer = clerk.post(SEARCH, {"q": " white  cup "})
    assert answer.status_code == 302
    assert answer.url.endswith("q=white+cup")


@pytest.mark.parametrize("said", ["261122", "CUP", "小满", "13800138000", "YD-4711", "AB12", "zzz"])
def test_a_search_costs_eight_statements_at_most(manager: Client, said: str) -> None:
    an_order()
    nothing = {"q": ""}
    counts = []
    for words in (nothing, {"q": said}):
        manager.post(SEARCH, words, headers={"X-Part": "finds"})
        with statements() as sent:
            manager.post(SEARCH, words, headers={"X-Part": "finds"})
        counts.append(len(sent))
    assert counts[1] - counts[0] <= 8, sent


@pytest.mark.parametrize("said", ["%", "_", "\\", "'; drop", "<script>", "\0", "a" * 500, "R%", "1e9", "١٢٣"])
def test_strange_words_find_nothing_and_break_nothing(manager: Client, said: str) -> None:
    an_order()
    page = found(manager, said)
    assert "<script" not in page


def test_what_needs_a_hand_stands_with_its_count_and_where_to_go(manager: Client) -> None:
    hands = f"/console/hands/?shop={SHOP}"
    assert "Nothing: no parcel is late" in unescape(manager.get(hands).content.decode())
    placed = a_paid_order()
    a_parcel_of(placed)
    parcel_rows.Parcel.objects.filter(order_number=placed.order_number).update(
        paid_at=clock.now() - timedelta(hours=50), ship_by=clock.now() - timedelta(hours=2)
    )
    page = unescape(manager.get(hands).content.decode())
    assert "<span>Parcels late</span> <strong>1</strong>" in page
    assert f"/console/parcels/?shop={SHOP}&due=late" in page
    assert "Returns to decide" in page
    assert parcels.pressing(SHOP, at=clock.now()) == (1, 0)


def test_the_page_of_today_costs_twelve_statements(manager: Client) -> None:
    hands = f"/console/hands/?shop={SHOP}"
    manager.get(hands)
    with statements() as sent:
        manager.get(hands)
    assert len(sent) <= 4 + 4 + 4, sent


def change(client: Client, what: str, **said: str) -> str:
    return unescape(client.post(f"/console/terms/{what}/?shop={SHOP}", said, follow=True).content.decode())


def test_a_way_to_deliver_is_put_up_changed_and_taken_down(manager: Client) -> None:
    said = {
        "key": "express",
        "name_zh": "特快",
        "name_en": "Express",
        "countries": "cn，hk",
        "rate": "20",
        "per_kg": "3.50",
    }
    said |= {"free_from": "", "least_days": "1", "most_days": "2", "position": "2"}
    assert "is kept" in change(manager, "option", **said)
    option = checkout.options(SHOP)[-1]
    assert (option.rate, option.per_kg, option.free_from) == (cny(2000), cny(350), None)
    assert (option.countries, option.days) == (("CN", "HK"), (1, 2))
    assert [one.key for one in checkout.options(SHOP)] == ["standard", "express"]
    seen = {one.key: one.edition for one in checkout.options(SHOP)}
    assert "is kept" in change(manager, "option", **(said | {"rate": "21", "seen": seen["express"]}))
    assert checkout.options(SHOP)[-1].rate == cny(2100)
    change(manager, "no-option", key="standard", seen=seen["standard"])
    assert [one.key for one in checkout.options(SHOP)] == ["express"]
    edition = checkout.options(SHOP)[0].edition
    assert "The last way to deliver stays" in change(manager, "no-option", key="express", seen=edition)
    assert [one.key for one in checkout.options(SHOP)] == ["express"]


def test_of_two_who_change_a_way_to_deliver_the_second_is_told(manager: Client) -> None:
    seen = checkout.options(SHOP)[0].edition
    said = {"key": "standard", "name_zh": "快递", "name_en": "Parcel", "least_days": "1", "most_days": "3"}
    said |= {"position": "1", "seen": seen}
    assert "is kept" in change(manager, "option", **said, rate="5")
    assert "Somebody else changed" in change(manager, "option", **said, rate="6")
    assert "Somebody else changed" in change(manager, "option", **(said | {"seen": ""}), rate="6")
    assert "Somebody else changed" in change(manager, "no-option", key="standard", seen=seen)
    assert [(one.key, one.rate) for one in checkout.options(SHOP)] == [("standard", cny(500))]


@pytest.mark.parametrize(
    ("field", "value"),
    [("rate", "-1"), ("rate", "1e9"), ("key", "A B"), ("countries", "China"), ("most_days", "0"), ("name_zh", "")],
)
def test_a_way_to_deliver_that_cannot_be_is_refused_in_words(manager: Client, field: str, value: str) -> None:
    said = {
        "key": "x",
        "name_zh": "甲",
        "name_en": "A",
        "rate": "1",
        "least_days": "1",
        "most_days": "2",
        "position": "1",
    }
    before = checkout.options(SHOP)
    assert "Nothing was changed." in change(manager, "option", **(said | {field: value}))
    assert checkout.options(SHOP) == before


def test_a_tax_rate_holds_from_its_day_on(manager: Client) -> None:
    change(manager, "tax", country="cn", percent="13", from_on="2020-01-01", is_included="1")
    change(manager, "tax", country="cn", percent="9.5", from_on="2999-01-01", is_included="1")
    assert [(one.country, one.rate, one.from_on) for one in tax.rates(SHOP)] == [
        ("CN", Decimal("0.13"), date(2020, 1, 1)),
        ("CN", Decimal("0.095"), date(2999, 1, 1)),
    ]
    page = unescape(manager.get(TERMS).content.decode())
    assert "holds today" in page
    assert "to come" in page
    assert "Nothing was changed." in change(manager, "tax", country="", region="X", percent="5", from_on="2020-01-01")
    assert "Nothing was changed." in change(manager, "tax", country="CN", percent="100", from_on="2020-01-01")


def test_an_exchange_rate_holds_from_its_day_on(manager: Client) -> None:
    change(manager, "rate", base="eur", rate="7.85", on="2026-01-01")
    assert exchange.known("CNY")[0].rate == Decimal("7.85")
    for said in ({"base": "CNY"}, {"rate": "0"}, {"rate": "-1"}, {"on": "soon"}):
        assert "Nothing was changed." in change(
            manager, "rate", **({"base": "USD", "rate": "7", "on": "2026-01-01"} | said)
        )
    assert len(exchange.known("CNY")) == 1


def test_a_clerk_does_not_decide_terms(clerk: Client) -> None:
    assert clerk.get(TERMS).status_code == 403
    assert clerk.post(f"/console/terms/no-option/?shop={SHOP}", {"key": "standard"}).status_code == 403
