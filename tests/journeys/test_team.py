"""Buying together in the browser: a team whose link is passed on fills up; from another one all money goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.growth.teams.made import an_offer, counts, join, open_by, ordered, pay
from tests.journeys.by_and_by import time_passes
from tests.journeys.clerk import Clerk
from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.journeys.signed_in import as_member
from tests.shop import made
from zhanggui.base import clock
from zhanggui.base.audit import ports as audit
from zhanggui.growth.teams import actions as teams
from zhanggui.growth.teams import models
from zhanggui.growth.teams.rules import Offer
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.rules import RefundState
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_ZH, PHONE_EN = Screen(size=PHONE, language="zh"), Screen(size=PHONE, language="en")
SIGNS = {"zh": "¥", "en": "CN¥"}


class Mate:
    """Somebody who buys a tray with others at 39.90 instead of 59.90."""

    def __init__(self, someone: Shopper, name: str) -> None:
        self.someone, self.page, self.name = someone, someone.page, name
        self.sign = SIGNS[someone.screen.language]
        self.number = ""

    def opens_a_team(self) -> str:
        """From the article's page, through the sign-in; the link that is passed on."""
        self.someone.opens("/p/TRAY/")
        assert f"{self.sign}39.90" in self.someone.reads(".team-block")
        self.someone.shows("team-product")
        self.someone.presses(".team-block form button")
        self.someone.signs_in(f"{self.name}@example.com")
        assert self.someone.path == "/p/TRAY/"
        self.someone.presses(".team-block form button")
        return self.page.locator("#share-link").input_value()

    def joins(self, link: str) -> None:
        """By the link, through the sign-in."""
        self.someone.opens(urlsplit(link).path)
        self.someone.shows("team-link")
        self.someone.presses(".team-join button")
        self.someone.signs_in(f"{self.name}@example.com")
        self.someone.presses(".team-join button")

    def orders(self) -> None:
        """From the seat, and pays."""
        self.someone.shows("team-seat")
        self.someone.presses(".team-order form[action$='/checkout/'] button")
        assert f"{self.sign}51.90" in self.someone.reads(".sum-total")
        self.number = self.someone.orders_and_pays()
        assert self.page.locator(".order-top a[href='/account/teams/']").is_visible()  # it waits for the others
        self.someone.shows("team-order")

    def has_paid_for_a_seat(self, offer: Offer, *, in_team: str = "") -> str:
        """In a team of their own or in another's, before the walk begins; the team's code."""
        member = as_member(self.someone, f"{self.name}@example.com")
        if in_team:
            join(in_team, member.who)
        code = in_team or open_by(offer, member.who)
        placed = ordered(member.who, sku="TRAY")
        pay(placed, is_heard=False)
        self.number = placed.order_number
        return code

    def looks(self) -> None:
        """At the team, by way of the account."""
        self.someone.opens("/account/teams/")

    def looks_at_the_order(self) -> None:
        self.looks()
        self.someone.presses(f'a[href="/orders/{self.number}/"]')


def its_time_runs_out(code: str) -> None:
    """The hours in which a team must be full have passed."""
    now = clock.now()
    models.Team.objects.filter(code=code).update(opened_at=now - timedelta(days=1), ends_at=now - timedelta(seconds=1))


def test_a_team_whose_link_is_passed_on_fills_up_and_its_parcels_may_be_picked(
    shopper: Callable[[Screen], Shopper], clerk: Callable[[Screen], Clerk]
) -> None:
    an_offer("TRAY", size=2, units=10)
    first, second = Mate(shopper(PHONE_ZH), "first"), Mate(shopper(PHONE_EN), "second")
    link = first.opens_a_team()
    first.orders()
    time_passes()
    code = urlsplit(link).path.strip("/").rpartition("/")[2]
    assert counts(code) == ("open", 1, 1)
    assert parcels.parcels(first.number) == ()
    first.looks()
    assert first.page.locator(".team-mine .is-watch").is_visible()
    first.someone.shows("team-waits")

    second.joins(link)
    second.orders()
    time_passes()

    assert counts(code) == ("full", 2, 2)
    for mate in (first, second):
        assert [parcel.order_number for parcel in parcels.parcels(mate.number)] == [mate.number]
        mate.looks()
        assert mate.page.locator(".team-mine .is-good").is_visible()
        assert mate.page.locator(".team-mine .team-face.is-paid").count() == 2
        mate.someone.shows("team-full")
        mate.someone.presses(".team-mine strong a")
        mate.someone.shows("team-full-page")
    someone_at_work = clerk(Screen(size=DESKTOP, language="zh"))
    someone_at_work.opens("parcels/")
    queue = someone_at_work.page.locator("main").inner_text()
    assert first.number in queue
    assert second.number in queue
    someone_at_work.shows("team-parcels")


def test_a_team_whose_time_runs_out_is_refunded_by_itself(shopper: Callable[[Screen], Shopper]) -> None:
    offer = an_offer("TRAY", size=3, units=10)
    first, second = Mate(shopper(PHONE_EN), "first"), Mate(shopper(PHONE_ZH), "second")
    code = first.has_paid_for_a_seat(offer)
    second.has_paid_for_a_seat(offer, in_team=code)
    time_passes()
    assert (counts(code), stock.free(["TRAY"])) == (("open", 2, 2), {"TRAY": 8})

    its_time_runs_out(code)
    time_passes(teams.sweep)

    assert stock.free(["TRAY"]) == {"TRAY": 10}
    for mate in (first, second):
        order = orders.order_for_staff(made.SHOP, mate.number)
        assert (order.total, order.refunded) == (made.cny(5190), made.cny(5190))
        assert [one.state for one in payments.refunds_of(mate.number)] == [RefundState.DONE]
        mate.looks()
        assert mate.page.locator(".team-mine .tag:not(.is-good):not(.is-watch)").is_visible()
        mate.someone.shows("team-failed")
        mate.looks_at_the_order()
        assert f"{mate.sign}51.90" in mate.someone.reads(".back")
        mate.someone.shows("team-refunded")
    first.looks()
    first.someone.presses(".team-mine strong a")
    first.someone.shows("team-failed-page")
    assert {name: list(found) for name, ask in audit.audits.items() if (found := ask())} == {}
