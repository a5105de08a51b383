"""Buying together and inviting, through the pages: without scripts, signed in and not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import Walker
from tests.growth.membership.made import give
from tests.growth.referrals.made import a_scheme
from tests.growth.teams.made import counts, join, open_by, ordered, pay, somebody
from tests.shop.made import ADDRESS, CLERK, SHOP, a_walk, cny, statements
from zhanggui.base import clock, ids
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.promotions import ports as promotion_ports
from zhanggui.growth.referrals import models as referrals
from zhanggui.growth.referrals.rules import State, Why
from zhanggui.growth.teams import actions, models, queries
from zhanggui.growth.teams.rules import Offer
from zhanggui.shop.checkout import ports as checkout
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.fulfilment import ports as fulfilment
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(shelves: None) -> Offer:
    """Two cups' buyers pay 39.90 instead of 59.90."""
    made = Offer(
        id=ids.uuid7(), sku="CUP", price=cny(3990), size=2, hours=24, starts_at=clock.now() - timedelta(hours=1)
    )
    actions.put_offer(offer=made, trail=Trail(shop=SHOP), by=CLERK)
    return made


@pytest.fixture
def member(walker: Walker) -> Walker:
    """Somebody who is signed in, with an address."""
    sign_in(walker)
    customers.keep_address(customer_id=Customer.objects.get(account_id__isnull=False).id, address=ADDRESS)
    return walker


def test_the_product_s_page_offers_a_team_and_open_ones_to_join(walker: Walker, offer: Offer) -> None:
    code = open_by(offer, somebody())
    page = walker.opens("/p/CUP/")
    for said in ("Buy it together", "CN¥39.90", "CN¥20.00 less in a team of 2", "1 seat free", "Open a team"):
        assert said in page.text
    assert f"/t/{code}/" in page.html
    assert "Buy it together" not in walker.opens("/p/BOWL/").text


def test_a_product_without_a_team_asks_nothing_of_them(walker: Walker) -> None:
    queries.forget()
    walker.opens("/p/CUP/")
    with statements() as sent:
        walker.opens("/p/CUP/")
    assert not [one for one in sent if "growth_teams" in one]


def test_a_guest_signs_in_before_opening_a_team(walker: Walker, offer: Offer) -> None:
    page = walker.sends(walker.opens("/p/CUP/"), f"/teams/{offer.id}/open/")
    assert page.address.startswith("/account/sign-in/")
    assert not models.Team.objects.exists()


def test_a_member_opens_a_team_orders_with_one_click_and_leaves_before_that(member: Walker, offer: Offer) -> None:
    page = member.sends(member.opens("/p/CUP/"), f"/teams/{offer.id}/open/")
    code = models.Team.objects.get().code
    assert page.address == f"/t/{code}/"
    for said in ("2 people more, and it is yours", "Your seat is kept: order now", "Invite others"):
        assert said in page.text
    assert f"/t/{code}/card.svg" in page.html
    page = member.sends(page, f"/t/{code}/leave/")
    assert "Your seat is free for somebody else." in page.text
    page = member.sends(page, f"/t/{code}/join/")
    assert "One click, CN¥51.90" in page.text
    member.sends(page, "/checkout/now/", follow=False, provider="sandbox")
    seat = models.Seat.objects.exclude(state="freed").get()
    assert (seat.state, bool(seat.order_number)) == ("ordered", True)
    assert "Your order waits for its payment" in member.opens(f"/t/{code}/").text


def test_without_an_address_the_way_leads_over_the_checkout(walker: Walker, offer: Offer) -> None:
    sign_in(walker)
    page = walker.sends(walker.opens("/p/CUP/"), f"/teams/{offer.id}/open/")
    code = models.Team.objects.get().code
    page = walker.sends(page, f"/t/{code}/checkout/")
    assert page.address == "/checkout/"
    assert "CN¥51.90" in page.text


def test_with_other_goods_in_the_cart_the_team_s_order_is_not_mixed_with_them(walker: Walker, offer: Offer) -> None:
    sign_in(walker)
    walker.lays_aside("BOWL")
    page = walker.sends(walker.opens("/p/CUP/"), f"/teams/{offer.id}/open/")
    page = walker.sends(page, f"/t/{models.Team.objects.get().code}/checkout/")
    assert "A team's order goes by itself" in page.text


def test_a_full_team_and_a_failed_one_say_so(member: Walker, offer: Offer) -> None:
    first, second = somebody(), somebody()
    code = open_by(offer, first)
    pay(ordered(first))
    join(code, second)
    assert "Every seat is taken just now" in member.opens(f"/t/{code}/").text
    pay(ordered(second))
    assert counts(code)[0] == "full"
    page = member.opens(f"/t/{code}/")
    assert "The team is complete" in page.text
    assert "Open a team of your own" in page.text
    late = open_by(offer, somebody())
    models.Team.objects.filter(code=late).update(ends_at=clock.now())
    actions.sweep()
    assert "The team did not fill up" in member.opens(f"/t/{late}/").text
    assert member.opens("/t/NOTHING/").status == 404


def test_the_card_is_a_picture_that_loads_nothing(walker: Walker, offer: Offer) -> None:
    code = open_by(offer, somebody())
    answer = walker.client.get(f"/t/{code}/card.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    drawn = answer.content.decode()
    assert "CN¥39.90" in drawn
    assert "<script" not in drawn
    assert 'href="http' not in drawn


def test_my_teams_lists_them_in_few_statements(member: Walker, offer: Offer) -> None:
    member.sends(member.opens("/p/CUP/"), f"/teams/{offer.id}/open/")
    member.opens("/account/teams/")
    with statements() as sent:
        page = member.opens("/account/teams/")
    assert "2 missing" in page.text
    assert len(sent) <= 9


def test_a_team_s_page_takes_few_statements(walker: Walker, offer: Offer) -> None:
    code = open_by(offer, somebody())
    walker.opens(f"/t/{code}/")
    with statements() as sent:
        walker.opens(f"/t/{code}/")
    assert len(sent) <= 6


def test_a_member_invites_and_sees_what_it_earned_and_why_not(member: Walker) -> None:
    assert "Invitations are not rewarded at the moment" in member.opens("/account/invite/").text
    membership.open_membership(shop=SHOP)
    a_scheme()
    page = member.opens("/account/invite/")
    link = referrals.Link.objects.get()
    assert f"/i/{link.code}/" in page.html
    assert "you get 500 points" in page.text
    _, customer_id = somebody()
    for number, (state, why) in enumerate([(State.WAITING, ""), (State.REFUSED, Why.SAME_ADDRESS)]):
        referrals.Referral.objects.create(
            id=ids.uuid7(),
            shop=SHOP,
            referrer=link.person,
            referred=f"p{number}",
            customer_id=customer_id,
            order_number=f"o{number}",
            level=1,
            state=state,
            why=why,
            made_at=clock.now(),
            decided_at=clock.now() if why else None,
        )
    page = member.opens("/account/invite/")
    assert "It went to an address that your parcels go to." in page.text
    assert "Decided when the time to return it is over." in page.text
    give(a_walk(link.person), 10)
    with statements() as sent:
        member.opens("/account/invite/")
    assert len(sent) <= 9


def test_a_friend_s_link_is_remembered_for_the_browser(member: Walker, another: Callable[..., Walker]) -> None:
    membership.open_membership(shop=SHOP)
    a_scheme()
    member.opens("/account/invite/")
    code = referrals.Link.objects.get().code
    friend = another(**{"Accept-Language": "en"})
    page = friend.opens(f"/i/{code}/")
    assert "A friend invites you to" in page.text
    assert 'property="og:image"' in page.html
    friend.opens(f"/i/{code}/")
    assert referrals.Came.objects.get().link_id == code
    assert "This is your own link" in member.opens(f"/i/{code}/").text
    assert friend.opens("/i/NOTHING/").status == 404
    assert friend.client.get(f"/i/{code}/card.svg").status_code == 200


def test_signed_out_pages_lead_to_the_sign_in(walker: Walker) -> None:
    for address in ("/account/teams/", "/account/invite/"):
        assert walker.opens(address).address.startswith("/account/sign-in/")


def test_teams_are_plugged_into_price_claim_and_parcels() -> None:
    assert queries.prices in promotion_ports.prices
    assert actions.claim_seat in checkout.claims
    assert queries.waits in fulfilment.waits
