"""Group buying and referrals at the console: who may, what is kept, what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.growth.membership.made import a_shop_with_points
from tests.growth.referrals.made import buys, comes
from tests.growth.referrals.made import somebody as a_member
from tests.growth.teams.made import open_by, ordered, pay, somebody
from tests.shop.made import a_product, statements
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.growth.referrals import models as referrals
from zhanggui.growth.teams import models
from zhanggui.growth.teams.rules import Sale

pytestmark = pytest.mark.django_db
ABOUT = "?shop=tea"
OFFER = {"sku": "CUP", "price": "39.90", "size": "3", "hours": "24", "per_person": "1", "most_units": "1"}
RULES = {"depth": "1", "points": "500", "second_points": "0", "per_month": "20", "is_on": "1"}


@pytest.fixture(autouse=True)
@made_once
def shop(db: None) -> None:
    a_shop_with_points()
    a_product(units=50)


def text(client: Client, address: str) -> str:
    answer = client.get(f"/console/{address}{ABOUT}")
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, address: str, **typed: str) -> str:
    """What the page says after a form was sent."""
    return client.post(f"/console/{address}{ABOUT}", typed, follow=True).content.decode()


def test_an_offer_is_put_up_watched_and_stopped(owner: Client) -> None:
    assert "Nothing is bought together yet" in text(owner, "teams/")
    assert "The offer is on" in said(owner, "teams/put/", **OFFER)
    offer = models.Offer.objects.get()
    who = somebody()
    code = open_by(offer.value, who)
    pay(ordered(who))
    page = text(owner, f"teams/{offer.pk}/")
    assert code in page
    assert models.Seat.objects.get().order_number in page
    with statements() as sent:
        text(owner, "teams/")
    assert len(sent) <= 12
    assert "Tick the box first" in said(owner, f"teams/{offer.pk}/stop/", teams="call_off")
    assert models.Offer.objects.get().state == Sale.LIVE
    assert "those that are open have their time" in said(owner, f"teams/{offer.pk}/stop/", teams="go_on")
    assert "being called off" in said(owner, f"teams/{offer.pk}/stop/", teams="call_off", sure="1")
    assert models.Offer.objects.get().state == Sale.STOPPED


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("sku", "NOTHING", "on sale in this shop"),
        ("price", "99", "below the list price"),
        ("price", "x", "below the list price"),
        ("size", "1", "2 to 50 people"),
        ("hours", "0", "1 to 336 hours"),
        ("most_units", "many", "from 1 to 99"),
        ("most_teams", "0", "from 1 up"),
    ],
)
def test_an_offer_that_cannot_be_like_this_says_why(owner: Client, field: str, typed: str, words: str) -> None:
    page = said(owner, "teams/put/", **OFFER | {field: typed})
    assert words in page
    assert "Nothing was changed." in page
    assert not models.Offer.objects.exists()


def test_the_rules_of_referrals_are_kept_as_typed_and_wrong_ones_are_not(owner: Client) -> None:
    assert "Nothing is rewarded until these are kept" in text(owner, "referrals/")
    assert "The rules are kept." in said(owner, "referrals/put/", **RULES)
    for wrong in ({"depth": "3"}, {"points": "0"}, {"second_points": "5"}, {"per_month": "x"}, {"welcome_batch": "x"}):
        assert "Nothing was changed." in said(owner, "referrals/put/", **RULES | wrong)
    kept = referrals.Scheme.objects.get()
    assert (kept.depth, kept.points, kept.per_month, kept.is_on) == (1, 500, 20, True)


def test_a_loop_stands_among_the_suspicious_ones_and_a_person_decides(owner: Client) -> None:
    said(owner, "referrals/put/", **RULES)
    anna = a_member()
    buys(anna)
    flatmate = a_member(address=anna.address)
    comes(flatmate, anna)
    buys(flatmate)
    row = referrals.Referral.objects.get()
    page = owner.get(f"/console/referrals/{ABOUT}&view=suspicious").content.decode()
    assert "The same address" in page
    assert row.order_number in page
    assert "It counts now" in said(owner, f"referrals/{row.pk}/allow/")
    assert "Refused." in said(owner, f"referrals/{row.pk}/refuse/")
    assert "decided meanwhile" in said(owner, f"referrals/{row.pk}/refuse/")
    assert referrals.Referral.objects.get().why == "by_hand"
    with statements() as sent:
        text(owner, "referrals/")
    assert len(sent) <= 16


def test_a_clerk_sees_both_and_sets_neither(signed_in: Callable[..., Client]) -> None:
    clerk = signed_in(Role.CLERK)
    assert "Put it up" not in text(clerk, "teams/")
    assert "Rewards per member and month" not in text(clerk, "referrals/")
    for address, typed in (("teams/put/", OFFER), ("referrals/put/", RULES)):
        assert clerk.post(f"/console/{address}{ABOUT}", typed).status_code == 403
    assert signed_in(Role.ANALYST).get(f"/console/teams/{ABOUT}").status_code == 403
