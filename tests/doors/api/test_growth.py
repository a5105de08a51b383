"""Coupons, points, flash sales, presales, teams and membership as a storefront of somebody else's sees them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.doors.api.caller import ADDRESS, Caller, order_of, sign_in
from tests.doors.api.conftest import a_shopper
from tests.growth.flash.made import a_pick, a_sale
from tests.growth.presale.made import a_presale, balances_are_open, pay
from tests.growth.promotions.made import a_batch, live
from tests.growth.teams.made import an_offer, somebody
from tests.growth.teams.made import join as another_joins
from tests.shop import made
from zhanggui.base import clock, ids
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.growth.promotions.models import Coupon
from zhanggui.growth.promotions.rules import Audience, Way
from zhanggui.growth.teams.models import Seat
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.customers.models import Customer
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db
LIST = 5990


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def a_customer(handle: str = "138 0013 8000") -> Caller:
    return sign_in(a_shopper(), handle)


def lay(shopper: Caller, quantity: int = 1, *, sku: str = "CUP") -> dict[str, Any]:
    answer = shopper.put(f"/api/shop/cart/lines/{sku}", {"quantity": quantity})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def points_for(handle: str, points: int) -> None:
    """Give somebody points by the number they signed in with."""
    row = Customer.objects.get(phone=handle)
    membership.give_by_hand(
        person=str(row.visitor_id),
        points=points,
        reason="for the test",
        idempotency_key=str(ids.uuid7()),
        trail=Trail(shop=made.SHOP, person=str(row.visitor_id)),
        by=made.CLERK,
    )


def test_a_coupon_of_the_centre_is_claimed_once_and_the_cart_uses_it(shopper: Caller) -> None:
    batch = a_batch()
    (seen,) = shopper.get("/api/shop/coupons/centre").json()
    assert (seen["batch"], seen["name"]["en"], seen["can_be_claimed"]) == (batch, "10 off", False)
    assert shopper.post(f"/api/shop/coupons/centre/{batch}", {}).json()["code"] == "sign_in_needed"
    me, key = sign_in(shopper), str(uuid4())
    claimed = [me.post(f"/api/shop/coupons/centre/{batch}", {}, key=key) for _ in range(2)]
    assert [each.status_code for each in claimed] == [201, 201]
    assert me.post(f"/api/shop/coupons/centre/{batch}", {}).json()["code"] == "claimed_before"
    (held,) = me.get("/api/shop/coupons").json()
    told = (held["id"], held["state"], held["rests"], held["kind"])
    assert told == (claimed[0].json()["id"], "held", None, "coupon_amount")
    (applied,) = lay(me)["quote"]["applied"]
    assert (applied["coupon"], applied["amount"]) == (held["id"], cny(-1000))


def test_a_coupon_is_left_out_and_taken_again_as_the_shopper_chooses(shelves: None) -> None:
    me, batch = a_customer(), a_batch()
    coupon = me.post(f"/api/shop/coupons/centre/{batch}", {}).json()["id"]
    lay(me)
    without = me.put("/api/shop/cart/coupons", {"coupons": []}).json()["quote"]
    assert (without["applied"], without["goods"]) == ([], cny(LIST))
    assert [(each["coupon"], each["reason"]) for each in without["rejected"]] == [(coupon, "not_chosen")]
    for chosen in ([coupon], None):
        assert me.put("/api/shop/cart/coupons", {"coupons": chosen}).json()["quote"]["goods"] == cny(LIST - 1000)


def test_a_code_is_typed_in_by_whoever_is_signed_in(shopper: Caller) -> None:
    a_batch(Way.CODE, stock_units=1)
    code = Coupon.objects.get().code
    assert shopper.post("/api/shop/coupons", {"code": code}).status_code == 403
    me = sign_in(shopper)
    assert me.post("/api/shop/coupons", {"code": "NOBODYS"}).json()["code"] == "no_such_coupon"
    assert me.post("/api/shop/coupons", {"code": code.lower()}).status_code == 201
    assert [one["state"] for one in me.get("/api/shop/coupons").json()] == ["held"]


def test_the_cart_says_why_an_offer_took_nothing_off_and_which_gift_is_due(shopper: Caller) -> None:
    live()
    live("price", {"off": "0.1"}, audience=Audience(is_signed_in_only=True), name_en="For you")
    live("buy_get", {"buy_units": 1, "gift": "BOWL"}, name_en="A bowl on top")
    quote = lay(shopper)["quote"]
    said = {each["kind"]: each for each in quote["rejected"]}
    assert (said["threshold"]["reason"], said["threshold"]["missing"]) == ("below_threshold", cny(30000 - LIST))
    assert said["price"]["reason"] == "sign_in"
    assert [(gift["sku"], gift["units"]) for gift in quote["gifts"]] == [("BOWL", 1)]


def test_goods_cost_what_promotions_make_of_them_and_say_what_taking_part_brings(shopper: Caller) -> None:
    live("price", {"currency": "CNY", "price": 4990}, name_en="Today only")
    a_sale(a_pick(price=3990))
    product = shopper.get("/api/shop/products/CUP").json()
    assert (product["price"], product["list_price"], product["was"]) == (cny(4990), cny(LIST), cny(LIST))
    assert [(each["source"], each["price"]) for each in product["specials"]] == [("flash", cny(3990))]
    assert [each["price"] for each in product["variants"]] == [cny(4990)]
    listed = {each["sku"]: each for each in shopper.get("/api/shop/products?category=cups").json()["items"]}
    assert (listed["CUP"]["price"], listed["BOWL"]["specials"]) == (cny(4990), [])


def test_points_pay_a_part_of_the_cart_if_the_member_says_so(shelves: None) -> None:
    membership.open_membership(shop=made.SHOP)
    me = a_customer()
    points_for("+8613800138000", 1000)
    lay(me)
    paid = me.put("/api/shop/cart/points", {"points": None}).json()["quote"]
    assert [each["amount"] for each in paid["adjustments"] if each["step"] == "points"] == [cny(-1000)]
    standing = me.get("/api/shop/membership").json()
    assert (standing["tier"]["key"], standing["points"]["has"], standing["uses_points"]) == ("ordinary", 1000, True)
    assert [(move["kind"], move["points"]) for move in me.get("/api/shop/membership/points").json()] == [
        ("points_given", 1000)
    ]
    without = me.put("/api/shop/cart/points", {"points": 0}).json()["quote"]
    assert without["goods"] == cny(LIST)
    assert a_shopper().put("/api/shop/cart/points", {"points": 5}).json()["code"] == "sign_in_needed"


def test_a_reward_is_redeemed_sent_to_the_book_and_called_off(shelves: None) -> None:
    membership.open_membership(shop=made.SHOP)
    me = a_customer()
    points_for("+8613800138000", 500)
    kept = me.post("/api/shop/addresses", {"address": ADDRESS, "label": "家"}).json()["id"]
    reward = Reward(id=ids.uuid7(), kind=Kind.MERCHANDISE, title=Words(zh="帆布袋", en="Tote bag"), points=300, quota=2)
    membership.put_reward(shop=made.SHOP, reward=reward)
    assert [entry["id"] for entry in me.get("/api/shop/addresses").json()] == [kept]
    (seen,) = me.get("/api/shop/rewards").json()
    assert (seen["points"], seen["left"], seen["is_sent"]) == (300, 2, True)
    where = f"/api/shop/rewards/{seen['id']}/redemptions"
    assert me.post(where, {}).json()["code"] == "address_missing"
    number = me.post(where, {"address": kept}).json()["number"]
    refused = me.post(where, {"address": kept}).json()
    assert (refused["code"], refused["data"]) == ("not_enough_points", {"points": 300, "has": 200})
    assert me.post(f"/api/shop/redemptions/{number}/cancel", {}).json()["state"] == "cancelled"
    assert me.get("/api/shop/membership").json()["points"]["has"] == 500
    other = a_customer("139 0013 9000")
    assert other.post(f"/api/shop/redemptions/{number}/cancel", {}).json()["code"] == "no_such_redemption"


def test_a_flash_sale_with_a_line_is_entered_and_bought(shelves: None) -> None:
    sale = a_sale(a_pick(units=1), entries=1000)
    early, me = a_shopper(), a_customer()
    (seen,) = me.get("/api/shop/flash-sales").json()
    assert (seen["stage"], seen["has_line"], seen["items"][0]["left_units"]) == ("on", True, 1)
    assert (seen["items"][0]["price"], seen["items"][0]["list_price"]) == (cny(3990), cny(LIST))
    lay(early)
    assert early.post("/api/shop/orders", order_of(early)).json()["code"] == "no_entry"
    places = [me.post(f"/api/shop/flash-sales/{sale}/line", {}).json() for _ in range(2)]
    assert places[0]["is_open"] is True
    assert places[0]["opens_at"] == places[1]["opens_at"]
    assert lay(me)["quote"]["goods"] == cny(3990)
    assert me.post("/api/shop/orders", order_of(me)).status_code == 201
    assert me.post(f"/api/shop/flash-sales/{uuid4()}/line", {}).json()["code"] == "no_such_sale"


def test_a_presale_goes_from_deposit_to_balance(shelves: None) -> None:
    presale = a_presale(price=made.cny(5990), first=made.cny(500), credit=made.cny(1000), quantity=5)
    me = a_customer()
    (seen,) = me.get("/api/shop/presales").json()
    assert (seen["id"], seen["phase"], seen["first"], seen["total"]) == (
        str(presale), "deposit", cny(500), cny(5490),
    )  # fmt: skip
    said = {"units": 2, "first": cny(1000), "address": ADDRESS, "has_agreed": True, "provider": "sandbox"}
    where = f"/api/shop/presales/{presale}/reservations"
    assert a_shopper().post(where, said).json()["code"] == "sign_in_needed"
    assert me.post(where, said | {"has_agreed": False}).json()["code"] == "law_not_confirmed"
    assert me.post(where, said | {"first": cny(1)}).json()["code"] == "terms_moved"
    key = str(uuid4())
    reserved, again = (me.post(where, said, key=key).json() for _ in range(2))
    assert reserved == again
    assert me.get(f"/api/shop/orders/{reserved['order_number']}").json()["total"] == cny(1000)
    mine = f"/api/shop/reservations/{reserved['reservation']}"
    assert me.post(f"{mine}/balance", {}).json()["code"] == "state_not_allowed"
    pay(reserved["order_number"], reserved["payment_id"])
    balances_are_open(presale)
    assert me.get(mine).json()["can_pay_balance"] is True
    assert me.post(f"{mine}/balance", {}).json()["quote"]["goods"] == cny(2 * 4990)
    assert me.post("/api/shop/orders", order_of(me)).status_code == 201
    assert me.get("/api/shop/reservations").json()[0]["balance_order"] != ""
    assert a_customer("139 0013 9000").get(mine).json()["code"] == "no_such_reservation"
    assert me.get(f"/api/shop/presales/{presale}").json()["left_units"] == 3


def test_a_team_is_opened_joined_ordered_from_and_left(shelves: None) -> None:
    offer = an_offer("POT")
    me = a_customer()
    assert me.get("/api/shop/products/POT/teams").json()["offer"]["id"] == str(offer.id)
    assert a_shopper().post(f"/api/shop/team-offers/{offer.id}/teams", {}).json()["code"] == "sign_in_needed"
    opened = me.post(f"/api/shop/team-offers/{offer.id}/teams", {}).json()
    assert (opened["size"], opened["free_seats"], opened["seats"][0]["is_mine"]) == (3, 2, True)
    code = opened["code"]
    assert lay(me, sku="POT")["quote"]["goods"] == cny(3990)
    assert me.post("/api/shop/orders", order_of(me)).status_code == 201
    assert [one["code"] for one in me.get("/api/shop/teams").json()] == [code]
    assert me.delete(f"/api/shop/teams/{code}/seat").json()["code"] == "leave_not_allowed"
    other = a_customer("139 0013 9000")
    assert [one["code"] for one in other.get("/api/shop/products/POT/teams").json()["teams"]] == [code]
    assert other.post(f"/api/shop/teams/{code.lower()}/seat", {}).json()["free_seats"] == 1
    another_joins(code, somebody(7))
    assert a_customer("137 0013 7000").post(f"/api/shop/teams/{code}/seat", {}).json()["code"] == "team_full"
    assert other.delete(f"/api/shop/teams/{code}/seat").json()["free_seats"] == 1
    assert other.get("/api/shop/teams/NOBODYS").json()["code"] == "no_such_team"


def test_a_seat_that_was_not_ordered_in_time_is_said_at_the_till(shelves: None) -> None:
    offer = an_offer("POT")
    me = a_customer()
    me.post(f"/api/shop/team-offers/{offer.id}/teams", {})
    lay(me, sku="POT")
    order = order_of(me)
    Seat.objects.update(holds_until=clock.now() - timedelta(seconds=1))
    assert me.post("/api/shop/orders", order).json()["code"] == "quote_changed"
