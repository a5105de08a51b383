"""Tiers, paid membership, birthdays, what runs out and what members are told, on a real database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.growth.membership.made import a_member, all_fits, has, in_books, kept, lot, paid, refund
from tests.shop.made import CLERK, SHOP, a_new_product, a_product, a_walk, statements, told_about
from zhanggui.base import clock
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.membership import actions, handlers, models, queries
from zhanggui.growth.membership.actions import telling
from zhanggui.growth.membership.errors import BirthdayNotAllowed, PlanNotAllowed
from zhanggui.growth.membership.rules.notices import Notice, Said
from zhanggui.growth.membership.rules.terms import Plan
from zhanggui.growth.membership.rules.tiers import READY
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Kind
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.usefixtures("shop")
Wait = Callable[[timedelta], datetime]
DAY = timedelta(days=1)


def tiers_told(walk: Trail) -> list[tuple[str, str, str]]:
    told = [json.loads(fact.body) for fact in told_about(walk.person) if fact.name == "growth.tier_changed"]
    return [(one["was"], one["tier"], one["reason"]) for one in told]


def a_plan(sku: str = "VIP", *, days: int = 30, tier: str = "gold") -> str:
    service = replace(a_new_product(sku, price=9900), kind=Kind.SERVICE)
    catalogue.list_product(product=service, trail=Trail(shop=SHOP), by=CLERK)
    actions.set_plan(shop=SHOP, plan=Plan(sku=sku, tier=tier, days=days))
    return sku


def test_a_member_rises_at_once_and_is_told_as_a_fact() -> None:
    a_product("CUP", price=120_000)
    walk, _ = a_member()
    assert queries.tier(SHOP, walk.person) == "ordinary"
    kept(walk=walk)
    assert queries.tier(SHOP, walk.person) == "silver"
    assert tiers_told(walk) == [("ordinary", "silver", "growth")]
    standing = queries.standing(SHOP, walk.person, at=clock.now())
    assert (standing.growth, standing.short_by, standing.progress) == (1200, 3800, 5)


def test_a_refund_lowers_growth_but_the_tier_only_when_the_year_is_over(wait: Wait) -> None:
    a_product("CUP", price=120_000)
    walk, _ = a_member()
    placed = kept(walk=walk)
    refund(placed, {1: 1})
    assert queries.growth_of(SHOP, walk.person, at=clock.now()) == 0
    assert queries.tier(SHOP, walk.person) == "silver"
    wait(364 * DAY)
    actions.end_years()
    assert queries.tier(SHOP, walk.person) == "silver"
    wait(DAY)
    actions.end_years()
    actions.end_years()
    assert queries.tier(SHOP, walk.person) == "ordinary"
    assert tiers_told(walk) == [("ordinary", "silver", "growth"), ("silver", "ordinary", "period_end")]


def test_whoever_buys_enough_again_keeps_the_tier_for_another_year(wait: Wait) -> None:
    a_product("CUP", price=120_000)
    walk, _ = a_member()
    kept(walk=walk)
    wait(200 * DAY)
    kept(walk=walk)
    wait(165 * DAY)
    actions.end_years()
    assert queries.tier(SHOP, walk.person) == "silver"
    assert len(tiers_told(walk)) == 1
    assert models.Member.objects.get(person=walk.person).tier_until == clock.now() + 365 * DAY


def test_the_tier_of_a_shopper_is_one_statement() -> None:
    walk, _ = a_member()
    queries.tier(SHOP, walk.person)
    with statements() as sent:
        assert queries.tier(SHOP, walk.person) == "ordinary"
        assert queries.tier(SHOP, a_walk().person) == ""
    assert len(sent) == 2


def test_paid_membership_begins_with_the_payment_and_ends_with_its_days(wait: Wait) -> None:
    a_plan(days=30)
    walk, _ = a_member()
    placed = paid({"VIP": 1}, walk=walk)
    actions.follow_order(order_number=placed.order_number)
    assert queries.tier(SHOP, walk.person) == "gold"
    standing = queries.standing(SHOP, walk.person, at=clock.now())
    assert (standing.reached.key, standing.next, standing.short_by) == ("ordinary", None, 0)
    names = [fact.name for fact in told_about(walk.person)]
    assert names.count("growth.membership_started") == 1
    wait(30 * DAY)
    assert queries.tier(SHOP, walk.person) == "ordinary"
    actions.end_paid()
    actions.end_paid()
    assert tiers_told(walk) == [("ordinary", "gold", "paid"), ("gold", "ordinary", "paid_ended")]


def test_more_paid_membership_comes_behind_what_runs_and_money_back_moves_it_up(wait: Wait) -> None:
    a_plan(days=30)
    walk, _ = a_member()
    first = paid({"VIP": 1}, walk=walk)
    wait(10 * DAY)
    paid({"VIP": 1}, walk=walk)
    member = models.Member.objects.get(person=walk.person)
    assert member.floor_until == clock.now() + 50 * DAY
    refund(first, {1: 1})
    member.refresh_from_db()
    assert member.floor_until == clock.now() + 30 * DAY
    assert queries.tier(SHOP, walk.person) == "gold"


def test_money_back_ends_paid_membership_at_once() -> None:
    a_plan()
    walk, _ = a_member()
    placed = paid({"VIP": 2}, walk=walk)
    refund(placed, {1: 1})
    assert queries.tier(SHOP, walk.person) == "gold"
    refund(placed, {1: 1})
    assert queries.tier(SHOP, walk.person) == "ordinary"
    assert [f.name for f in told_about(walk.person)].count("growth.membership_ended") == 1


def test_only_a_service_of_the_shop_with_a_tier_of_the_shop_is_a_paid_membership() -> None:
    a_product("CUP")
    for plan in (Plan(sku="CUP", tier="gold", days=30), Plan(sku="NONE", tier="gold", days=30)):
        with pytest.raises(PlanNotAllowed):
            actions.set_plan(shop=SHOP, plan=plan)
    with pytest.raises(PlanNotAllowed):
        a_plan(tier="platinum")


def test_points_run_out_once_and_the_books_know(wait: Wait) -> None:
    walk, _ = a_member()
    lot(walk, 120, days=5)
    lot(walk, 80, days=40)
    wait(5 * DAY)
    assert has(walk) == 80
    assert actions.expire_points() == 1
    assert actions.expire_points() == 0
    assert (has(walk), in_books(walk.person)) == (80, 80)
    assert [fact.name for fact in told_about(walk.person)].count("growth.points_expired") == 1
    assert all_fits()


def test_birthday_points_come_once_a_year_and_a_birthday_is_said_once(wait: Wait) -> None:
    walk, _ = a_member()
    actions.say_birthday(shop=SHOP, person=walk.person, month=11, day=20)
    with pytest.raises(BirthdayNotAllowed):
        actions.say_birthday(shop=SHOP, person=walk.person, month=11, day=21)
    with pytest.raises(BirthdayNotAllowed):
        actions.say_birthday(shop=SHOP, person=walk.person, month=2, day=30, is_staff=True)
    wait(timedelta(0))
    assert (actions.keep_birthdays(), actions.keep_birthdays(), has(walk)) == (1, 0, 50)
    wait(365 * DAY)
    assert (actions.keep_birthdays(), models.Lot.objects.count()) == (1, 2)


def test_a_birthday_at_the_end_of_a_year_brings_points_once_though_the_next_year_has_begun(wait: Wait) -> None:
    walk, _ = a_member()
    actions.say_birthday(shop=SHOP, person=walk.person, month=12, day=30)
    wait(datetime(2026, 12, 30, 4, tzinfo=UTC) - wait(timedelta(0)))
    assert (actions.keep_birthdays(), has(walk)) == (1, 50)
    wait(3 * DAY)
    assert (actions.keep_birthdays(), has(walk)) == (0, 50)
    wait(362 * DAY)
    assert (actions.keep_birthdays(), models.Lot.objects.count()) == (1, 2)


def test_a_birthday_that_is_still_to_come_or_long_past_brings_nothing(wait: Wait) -> None:
    wait(timedelta(0))
    for day, phone in ((23, "+8613800138001"), (15, "+8613800138002")):
        walk, _ = a_member(phone=phone)
        actions.say_birthday(shop=SHOP, person=walk.person, month=11, day=day)
    assert actions.keep_birthdays() == 0


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shop that can send text messages; by mail it sends none."""
    standing = dict(mailing.senders)
    mailing.senders.clear()
    mailing.senders[Channel.SMS] = lambda message: None
    yield
    mailing.senders.clear()
    mailing.senders.update(standing)


def agree(customer_id: UUID, *, language: str = "zh", walk: Trail) -> None:
    customers.consent(
        customer_id=customer_id,
        purpose=Purpose.MARKETING_SMS,
        is_given=True,
        language=language,
        how="account",
        trail=walk,
        by=CLERK,
    )


def queued(walk: Trail) -> list[str]:
    return sorted(models.Told.objects.filter(person=walk.person).values_list("notice", flat=True))


def test_members_are_told_of_points_that_run_out_thirty_and_seven_days_before(wait: Wait) -> None:
    walk, _ = a_member()
    wait(timedelta(0))
    lot(walk, 120, days=40)
    assert actions.tell_ahead() == 0
    wait(10 * DAY)
    assert (actions.tell_ahead(), actions.tell_ahead()) == (1, 0)
    wait(20 * DAY)
    assert actions.tell_ahead() == 0
    wait(3 * DAY)
    assert (actions.tell_ahead(), actions.tell_ahead()) == (1, 0)


def test_members_who_will_lose_a_tier_are_told_and_those_who_keep_it_are_not(wait: Wait) -> None:
    a_product("CUP", price=120_000)
    wait(timedelta(0))
    loser, _ = a_member(phone="+8613800138001")
    keeper, _ = a_member(phone="+8613800138002")
    kept(walk=loser)
    kept(walk=keeper)
    wait(100 * DAY)
    kept(walk=keeper)
    wait(240 * DAY)
    actions.tell_ahead()
    assert Notice.TIER_ENDING in queued(loser)
    assert Notice.TIER_ENDING not in queued(keeper)


@pytest.mark.usefixtures("mail")
def test_a_notice_is_sent_in_the_language_of_the_member_and_once() -> None:
    walk, customer_id = a_member()
    agree(customer_id, language="en", walk=walk)
    said = Said(notice=Notice.POINTS_EXPIRING, subject="2026-12-22/30", points=120, on="2026-12-22")
    for _ in range(2):
        telling.send(shop=SHOP, person=walk.person, said=said, idempotency_key="once")
    (letter,) = Letter.objects.all()
    assert (letter.recipient, letter.template) == ("+8613800138000", "member_points_expiring")
    assert letter.words == "120 points of yours at 茶铺 expire on 12/22/2026."


@pytest.mark.usefixtures("mail")
def test_advertising_is_sent_only_with_consent_and_nothing_to_a_guest() -> None:
    walk, customer_id = a_member()
    said = Said(notice=Notice.TIER_ENDING, subject="x", tier="silver", on="2026-12-22", short_by=20)
    assert not telling.send(shop=SHOP, person=walk.person, said=said, idempotency_key="1")
    agree(customer_id, walk=walk)
    assert telling.send(shop=SHOP, person=walk.person, said=said, idempotency_key="2")
    assert not telling.send(shop=SHOP, person=a_walk().person, said=said, idempotency_key="3")
    assert Letter.objects.count() == 1


@pytest.mark.usefixtures("mail")
def test_nothing_is_sent_by_night(wait: Wait) -> None:
    walk, _ = a_member()
    wait(timedelta(hours=11))
    said = {"notice": "points_expiring", "subject": "x", "points": 1, "on": "", "tier": "", "short_by": 0}
    actions.tell(shop=SHOP, person=walk.person, **said)
    assert Letter.objects.count() == 0
    wait(timedelta(hours=9))
    actions.tell(shop=SHOP, person=walk.person, **said)
    assert Letter.objects.count() == 1


def test_tiers_are_replaced_whole_and_a_lost_one_counts_as_the_lowest() -> None:
    a_product("CUP", price=120_000)
    walk, _ = a_member()
    kept(walk=walk)
    actions.set_tiers(shop=SHOP, tiers=(READY[0], READY[2]))
    assert queries.tier(SHOP, walk.person) == "ordinary"
    actions.open_membership(shop=SHOP)
    assert [tier.key for tier in queries.tiers(SHOP)] == ["ordinary", "gold"]


def test_the_night_runs_through_on_an_empty_shop() -> None:
    handlers.nightly()
    handlers.grant_kept()
    assert models.Lot.objects.count() == 0
