"""Many at once on a real database: one reward for one friend, one link for one member, never above the cap."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.growth.referrals.made import a_scheme, buys, comes, has, invites, keeps, somebody, standing, told
from tests.shop.made import at_once
from zhanggui.base.ledger import queries as ledger
from zhanggui.growth.referrals import actions, models, queries

pytestmark = [pytest.mark.usefixtures("busy_shop"), pytest.mark.django_db(transaction=True)]


def test_a_reward_is_paid_once_however_many_jobs_run() -> None:
    a_scheme(per_month=2)
    anna = somebody()
    for _ in range(4):
        friend = somebody()
        comes(friend, anna)
        keeps(buys(friend))
    waiting = queries.waiting(after=None, limit=10)

    def pay(number: int) -> str:
        ids_: UUID = waiting[number % 4]
        return str(actions.reward(referral_id=ids_))

    at_once(pay, 16, threads=12)
    assert has(anna.walk) == 1000
    assert sorted(why for _, _, why in standing()) == ["", "", "cap", "cap"]
    assert (told("growth.referral_rewarded"), ledger.audit()) == (2, ())


def test_one_link_for_one_member_and_one_arrival_for_one_browser() -> None:
    anna, ben, cleo = somebody(), somebody(), somebody()
    codes = at_once(lambda _: invites(anna), 12, threads=12)
    assert len(set(map(str, codes))) == models.Link.objects.count() == 1
    links = [invites(anna), invites(cleo)]
    at_once(lambda n: actions.come(code=links[n % 2], browser=ben.browser, trail=ben.walk), 12, threads=12)
    assert models.Came.objects.count() == 1
