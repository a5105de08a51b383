"""Promotions and coupons in the shop: the price with its reasons, what is near, coupons, gifts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import ADDRESS, Page, Walker, _page
from tests.growth.promotions.made import DESK, STAFF, TEN_OFF, a_batch, live
from tests.shop.made import SHOP, a_product, cny, statements
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.storefront import offer_words, savings, words
from zhanggui.doors.storefront.pages import coupons
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.rules import Audience, Layer, Reason, Rejected, Rest, Rule, Target, Way, shown
from zhanggui.growth.promotions.rules.kinds import threshold
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Sale
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

HUNDRED = {"currency": "CNY", "steps": [{"from": 10000, "off": 1000}]}
HALF_PRICE = {"off": "0.5"}


@pytest.fixture
def member(walker: Walker) -> Walker:
    sign_in(walker)
    return walker


def holder(walker: Walker, batch: str) -> Page:
    """Asks for a coupon in the centre, whether or not it has a button."""
    form = walker.opens("/coupons/").fields("/coupons/code/")
    return _page(walker.client.post("/coupons/claim/", form | {"batch": batch}, follow=True))


def sums(page: Page) -> str:
    """The lines of the sum, as read."""
    found = re.findall(r'<dl class="sum-lines">(.*?)</dl>', page.html, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())


def a_rule(**said: object) -> Rule:
    terms = threshold.Terms.from_json(HUNDRED)
    return Rule(id="r", kind="threshold", terms=terms, layer=Layer.SHOP_THRESHOLD, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("rule", [a_rule(), None], ids=["a promotion", "an offer of a price"])
def test_every_reason_has_one_sentence(reason: Reason, rule: Rule | None) -> None:
    rejected = Rejected(
        rule="r",
        kind="threshold",
        layer=Layer.SHOP_THRESHOLD,
        reason=reason,
        missing=Money(1800, "CNY"),
        missing_units=2,
        by="other",
    )
    said = offer_words.why_not(rejected, rule, offer_words.Around(shop=SHOP))
    assert said.endswith(".")
    assert "%(" not in said


def test_the_sum_names_each_promotion_and_says_what_did_not_count(walker: Walker) -> None:
    live("threshold", HUNDRED, name_en="10 off 100")
    live("threshold", {"currency": "CNY", "steps": [{"from": 20000, "off": 3000}]}, name_en="30 off 200")
    live("pieces", {"steps": [{"units": 5, "off": "0.2"}]}, name_en="Five pieces")
    page = walker.lays_aside("CUP", 2)

    assert "10 off 100 -CN¥10.00" in sums(page)
    assert "30 off 200" not in sums(page)
    assert "Why this price?" in page.text
    assert "CN¥80.20 more and it applies." in page.text
    assert "3 pieces more and it applies." in page.text
    assert "CN¥100 or more: CN¥10 off" in page.text
    assert "10 off 100 -CN¥10.00" in sums(walker.opens("/checkout/"))


def test_the_nearest_threshold_is_one_line_that_leads_to_fitting_goods(walker: Walker) -> None:
    target = Target(categories=frozenset({"cups"}))
    live("threshold", {"currency": "CNY", "steps": [{"from": 13000, "off": 3000}]}, name_en="30 off 130", target=target)
    page = walker.lays_aside("CUP", 2)

    assert "CN¥10.20 more for 30 off 130" in page.text
    assert 'class="nearest" href="/c/cups/"' in page.html
    assert page.html.count('class="nearest"') == 1


def test_a_guest_is_told_to_sign_in_for_what_needs_it(walker: Walker) -> None:
    live(
        "threshold",
        {"currency": "CNY", "steps": [{"from": 1000, "off": 500}]},
        audience=Audience(is_signed_in_only=True),
    )
    page = walker.lays_aside()

    assert "It is for customers who are signed in." in page.text
    assert 'href="/account/sign-in/?next=/cart/"' in page.html


def test_a_limited_time_price_is_the_same_on_page_card_and_in_the_cart(walker: Walker) -> None:
    walker.opens("/p/CUP/")
    ends_at = clock.now() + timedelta(days=1)
    id = live("price", HALF_PRICE, name_en="Half price day", ends_at=ends_at, target=Target(skus=frozenset({"CUP"})))

    page = walker.opens("/p/CUP/")
    assert "CN¥29.95" in page.text
    assert "Half price day" in page.text
    assert "Sale price until" in page.text
    assert '"price": "29.95"' in page.html or '"price":"29.95"' in page.html
    assert "CN¥29.95" in walker.opens("/c/cups/").text
    assert "Half price day -CN¥29.95" in sums(walker.lays_aside())

    actions.stop(id=id, for_good=True, trail=DESK, by=STAFF)
    assert "CN¥29.95" not in walker.opens("/p/CUP/").text
    assert "CN¥29.95" not in walker.opens("/c/cups/").text


def test_a_price_for_members_is_said_beside_the_price_of_all(walker: Walker) -> None:
    live("member_price", HALF_PRICE, name_en="Members", audience=Audience(tiers=frozenset({"ordinary"})))

    page = walker.opens("/p/CUP/")
    assert "CN¥59.90" in page.text
    assert "CN¥29.95 for Member" in page.text
    sign_in(walker)
    assert "Members -CN¥29.95" in sums(walker.lays_aside())


def test_offers_and_coupons_stand_at_the_goods_they_touch(walker: Walker) -> None:
    live("threshold", HUNDRED, name_en="10 off 100", target=Target(categories=frozenset({"cups"})))
    a_batch()

    page = walker.opens("/p/CUP/")
    assert "10 off 100 CN¥100 or more: CN¥10 off" in page.text
    assert "CN¥10 no minimum" in page.text
    assert "10 off 100" not in walker.opens("/p/LONGJING/").text
    assert walker.opens("/c/cups/").text.count("10 off 100") == 2
    assert walker.sends(page, "/coupons/claim/").address == "/account/sign-in/?next=%2Fp%2FCUP%2F"


def test_the_offers_page_says_what_is_on_and_where(walker: Walker) -> None:
    assert "No offers just now" in walker.opens("/offers/").text
    live("threshold", HUNDRED, name_en="10 off 100", target=Target(categories=frozenset({"cups"})))
    page = walker.opens("/offers/")
    assert "10 off 100 CN¥100 or more: CN¥10 off until further notice" in page.text
    assert 'href="/c/cups/"' in page.html


def test_a_coupon_is_claimed_once_and_used_by_the_cart_by_itself(member: Walker) -> None:
    batch = a_batch(stock_units=2)
    assert "0% claimed" in member.opens("/coupons/").text

    page = holder(member, batch)
    assert "It is yours." in page.text
    assert "Claimed" in page.text
    assert "50% claimed" in page.text
    assert "everybody can have 1" in holder(member, batch).text
    assert "10 off" in member.opens("/account/coupons/").text
    cart = member.lays_aside()
    assert "Coupon: 10 off -CN¥10.00" in sums(cart)
    assert "The best is chosen for you." in cart.text


def test_a_guest_sees_coupons_and_signs_in_for_them(walker: Walker) -> None:
    assert "No coupons to claim just now" in walker.opens("/coupons/").text
    a_batch()
    page = walker.opens("/coupons/")
    assert "Sign in to claim" in page.text
    assert walker.opens("/account/coupons/").address.startswith("/account/sign-in/")


def test_what_is_gone_or_for_others_says_so(member: Walker, another: Callable[..., Walker]) -> None:
    gone, silver = a_batch(stock_units=1), a_batch(tiers=("silver",))
    other = another(**{"Accept-Language": "en"})
    sign_in(other, "139 0013 9000")
    holder(other, gone)

    page = member.opens("/coupons/")
    assert "All gone" in page.text
    assert "For Silver" in page.text or "Not for your membership" in page.text
    assert "All of these coupons have been claimed." in holder(member, gone).text
    assert "This coupon is for other customers." in holder(member, silver).text


def test_a_code_is_typed_in_as_people_type(member: Walker) -> None:
    a_batch(Way.CODE, stock_units=1)
    code = shown(models.Coupon.objects.get().code or "")
    a_batch()
    form = member.opens("/coupons/")

    assert "Please check the letters" in member.sends(form, "/coupons/code/", code="nonsense").text
    models.Promotion.objects.filter(pk=models.Coupon.objects.get().promotion_id).update(state="paused")
    assert "The offer of this code is paused." in member.sends(form, "/coupons/code/", code=code).text
    models.Promotion.objects.update(state="live")
    page = member.sends(form, "/coupons/code/", code=code.lower())
    assert page.address == "/account/coupons/"
    assert "CN¥10" in page.text


def test_coupons_can_be_chosen_left_out_and_left_to_the_shop(member: Walker) -> None:
    small, large = a_batch(), a_batch(terms={"currency": "CNY", "steps": [{"from": 0, "off": 2000}]})
    for batch in (small, large):
        holder(member, batch)
    page = member.lays_aside()
    assert "-CN¥20.00" in sums(page)
    instead = re.findall(r'name="coupons" value="([^"]+)"', page.html)[0]

    page = member.sends(page, "/checkout/coupons/", coupons=instead)
    assert page.address == "/cart/"
    assert "-CN¥10.00" in sums(page)
    assert "You chose another coupon." in page.text
    page = member.sends(page, "/checkout/coupons/", coupons="none")
    assert "Coupon" not in sums(page)
    assert "You chose to use no coupon." in page.text
    page = member.sends(page, "/checkout/coupons/", coupons="best")
    assert "-CN¥20.00" in sums(page)


def test_choosing_at_the_checkout_keeps_what_was_typed(member: Walker) -> None:
    holder(member, a_batch())
    member.lays_aside()
    typed = member.opens("/checkout/").fields("/checkout/") | {"note": "ring twice", "coupons": "none"}
    said = member.client.post("/checkout/coupons/", typed).content.decode()

    assert "ring twice" in said
    assert "Coupon: 10 off" not in re.sub(r"\s+", " ", said).partition('class="why"')[0].partition("sum-lines")[2]
    assert queries.held(SHOP, models.Coupon.objects.get().person, at=clock.now())[0].order_number == ""


def test_a_coupon_that_is_gone_refuses_the_order_and_shows_the_new_sum(member: Walker) -> None:
    batch = a_batch()
    holder(member, batch)
    member.lays_aside()
    form = member.opens("/checkout/")
    assert "CN¥61.90" in form.text
    actions.take_back(batch_id=batch, trail=DESK, by=STAFF)

    page = member.sends(form, "/checkout/", **ADDRESS)
    assert page.status == 409
    assert "The total is now CN¥71.90" in page.text
    assert models.Redemption.objects.count() == 0


def test_an_order_uses_the_coupon_up(member: Walker) -> None:
    holder(member, a_batch())
    number = member.orders()
    page = member.opens("/account/coupons/")
    assert "Used and expired" in page.text
    assert number in page.text


def test_a_coupon_whose_offer_rests_says_why_and_comes_back(member: Walker) -> None:
    holder(member, a_batch())
    id = str(models.Promotion.objects.get().id)
    assert "Use it" in member.opens("/account/coupons/").text

    actions.stop(id=id, for_good=False, trail=DESK, by=STAFF)
    page = member.opens("/account/coupons/")
    assert "Its offer is paused; it can be used again once the offer goes on. Not usable now" in page.text
    assert "Use it" not in page.text
    actions.start(id=id, foreseen=cny(0), trail=DESK, by=STAFF)
    page = member.opens("/account/coupons/")
    assert "Use it" in page.text
    assert "Not usable now" not in page.text
    actions.stop(id=id, for_good=True, trail=DESK, by=STAFF)
    assert "Its offer is over; it cannot be used any more." in member.opens("/account/coupons/").text


@pytest.mark.parametrize("rest", Rest)
def test_every_rest_has_a_sentence(rest: Rest) -> None:
    assert str(coupons._RESTS[rest]).endswith(".")


def test_a_gift_that_is_due_is_one_button_away(walker: Walker) -> None:
    a_product("SPOON", price=900)
    live(
        "buy_get", {"buy_units": 2, "gift": "SPOON"}, name_en="A spoon with two", target=Target(skus=frozenset({"CUP"}))
    )
    page = walker.lays_aside("CUP", 2)
    assert "Your gift is waiting" in page.text
    assert "The gift is not in the cart yet." in page.text

    page = walker.sends(page, "/cart/add/")
    assert "Your gift is waiting" not in page.text
    assert "A spoon with two -CN¥9.00" in sums(page)


def test_what_a_guest_chose_comes_along(walker: Walker) -> None:
    walker.opens("/")
    guest = walker.id
    actions.choose(coupons=[], trail=Trail(shop=SHOP, person=guest))
    sign_in(walker)

    (choice,) = models.Choice.objects.all()
    assert (choice.person, choice.coupons) == (Customer.objects.get().visitor_id, [])


def test_the_floating_cart_names_no_amount_that_is_not_the_carts(walker: Walker) -> None:
    walker.lays_aside()
    floating = r'<a class="floating-cart".*?<strong>(.*?)</strong>'
    assert re.findall(floating, walker.opens("/c/cups/").html, re.S) == ["CN¥59.90"]
    live("threshold", HUNDRED)
    assert re.findall(floating, walker.opens("/c/cups/").html, re.S) == [""]


def test_a_purchase_with_three_promotions_and_a_coupon_costs_few_statements(member: Walker) -> None:
    live("threshold", HUNDRED, name_en="10 off 100")
    live("price", {"off": "0.1"}, name_en="Tenth off", target=Target(skus=frozenset({"CUP"})))
    live("free_shipping", {"currency": "CNY", "from": 9900}, name_en="Free delivery from 99")
    member.orders("BOWL")
    holder(member, a_batch(terms=TEN_OFF))
    cups, bowls = member.opens("/p/CUP/"), member.opens("/p/BOWL/")

    with statements() as sent:
        member.sends(cups, "/cart/add/", follow=False, quantity="1")
        member.sends(bowls, "/cart/add/", follow=False, quantity="1")
        with statements() as looking:
            form = member.opens("/checkout/")
        with statements() as placing:
            placed = member.sends(form, "/checkout/", follow=False, **ADDRESS)
    assert placed.status == 302, placed.text
    assert len(looking) <= 8, "\n".join(looking)
    assert len(placing) <= 20, "\n".join(placing)
    assert len(sent) <= 36, "\n".join(sent)


def test_a_cart_without_promotions_costs_no_statement_more(walker: Walker) -> None:
    walker.lays_aside()
    walker.opens("/cart/")
    with statements() as sent:
        walker.opens("/cart/")
    live("threshold", HUNDRED)
    walker.opens("/cart/")
    with statements() as with_one:
        walker.opens("/cart/")
    assert len(with_one) == len(sent)


def test_the_order_and_its_invoice_name_every_saving_and_add_up(member: Walker) -> None:
    live("threshold", HUNDRED, name_en="10 off 100")
    live("price", {"off": "0.1"}, name_en="Tenth off", target=Target(skus=frozenset({"CUP"})))
    holder(member, a_batch(terms=TEN_OFF))
    shown = orders.order_for_staff(SHOP, member.orders("CUP", 3))

    with statements() as sent:
        page = member.opens(f"/orders/{shown.number}/")

    saved = savings.of(SHOP, shown)
    assert [line.name for line in saved.goods] == ["Tenth off", "10 off 100", "Coupon: 10 off"]
    assert all(f"{line.name} {words.amount(line.amount)}" in sums(page) for line in saved.goods)
    taken = Money.total((line.amount for line in (*saved.goods, *saved.delivery)), shown.total.currency)
    assert saved.listed + saved.postage + taken + shown.tax == shown.total
    assert len(sent) <= 6, "\n".join(sent)


def test_free_delivery_keeps_its_name_beside_a_limited_time_price(walker: Walker) -> None:
    now = clock.now()
    sale = Sale(price=cny(5000), starts_at=now, ends_at=now + timedelta(days=1))
    catalogue.put_sales(sales={"CUP": sale}, trail=Trail(shop=SHOP))

    page = walker.lays_aside("CUP", 12)

    assert "Limited-time price -CN¥118.80" in page.text
    assert "Free delivery CN¥0.00" in page.text
