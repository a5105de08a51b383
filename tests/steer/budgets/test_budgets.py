"""Budgets: what is planned, what facts book, what is moved, and what a guard stops."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, line, paid, remember, utc
from tests.shop.made import at_once
from tests.steer.budgets.made import (
    BY,
    DAY,
    MAY,
    SHOP,
    TRAIL,
    a_budget,
    a_discount,
    a_message,
    an_ad,
    balance_paid,
    cny,
    deposit_returned,
    flash_returned,
    flash_taken,
    group_failed,
    group_joined,
    points,
    undone,
    written_off,
)
from zhanggui.base.errors import Refused
from zhanggui.base.money import CurrencyMismatch, Money
from zhanggui.growth.membership.models import Scheme
from zhanggui.growth.membership.rules.points import Scheme as PointsScheme
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.facts import registry
from zhanggui.spine.log.models import Entry
from zhanggui.steer.budgets import actions, handlers, models, queries, rules
from zhanggui.steer.budgets.errors import BudgetOverlaps, BudgetSpent, BudgetUnfit, MoveTooLarge
from zhanggui.steer.budgets.rules import Area, Kind, Reason, Say

NOON = utc("2026-05-11T04:00")


@pytest.fixture
def acme(db: None) -> None:
    a_shop()


def spent() -> dict[Area, int]:
    return {one.area: one.spent.minor for one in queries.books(SHOP, MAY, at=NOON)}


@given(st.integers(1, 10**12), st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any))
def test_the_areas_of_a_budget_sum_to_it(total, weights):
    planned = rules.planned(cny(total), dict(zip(Area, weights, strict=True)))

    assert sum(one.minor for one in planned.values()) == total


def test_the_usual_areas():
    planned = rules.planned(cny(100_001))

    assert [planned[area].minor for area in Area] == [40_001, 25_000, 15_000, 20_000]


@pytest.mark.parametrize(
    ("used", "amount", "say", "reason"),
    [
        (70, 5, Say.OK, Reason.WITHIN),
        (70, 10, Say.WARN, Reason.NEAR),
        (70, 30, Say.WARN, Reason.NEAR),
        (70, 31, Say.STOP, Reason.SPENT),
        (0, 0, Say.OK, Reason.WITHIN),
        (101, 0, Say.STOP, Reason.SPENT),
    ],
)
def test_what_a_guard_says(used, amount, say, reason):
    said = rules.verdict(area=Area.TRAFFIC, planned=cny(100), used=cny(used), amount=cny(amount))

    assert (said.say, said.reason) == (say, reason)


@pytest.mark.usefixtures("acme")
def test_a_budget_that_is_set_is_told_with_its_areas():
    id = a_budget(100_001)

    lines = queries.books(SHOP, MAY, at=NOON)
    assert [one.planned.minor for one in lines] == [40_001, 25_000, 15_000, 20_000]
    assert [one.due.minor for one in lines] == [12_904, 8_065, 4_839, 6_452]  # ten of 31 days
    fact = Entry.objects.get(name="steer.budget_set")
    assert fact.body == {
        "budget_id": str(id),
        "start": "2026-05-01",
        "end": "2026-06-01",
        "traffic_minor": 40_001,
        "content_minor": 25_000,
        "members_minor": 15_000,
        "supply_minor": 20_000,
        "amount_minor": 100_001,
        "currency": "CNY",
    }


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"total": cny(0)}, BudgetUnfit),
        ({"shares": {Area.TRAFFIC: 0}}, BudgetUnfit),
        ({"shares": {Area.TRAFFIC: -1, Area.CONTENT: 2}}, BudgetUnfit),
        ({"period": Period(date(2026, 1, 1), date(2029, 1, 1))}, BudgetUnfit),
        ({"period": Period(date(2026, 5, 31), date(2026, 7, 1))}, BudgetOverlaps),
        ({"total": Money(100, "EUR")}, CurrencyMismatch),
    ],
)
def test_a_budget_that_cannot_be_is_refused(changed, refusal):
    a_budget()
    wanted = {"shop": SHOP, "period": Period(date(2026, 6, 1), date(2026, 7, 1)), "total": cny(100)}
    with pytest.raises(refusal):
        actions.set_budget(**wanted | changed, trail=TRAIL, by=BY)
    assert models.Budget.objects.count() == Entry.objects.count() == 1


@pytest.mark.usefixtures("acme")
def test_facts_are_booked_on_the_area_that_pays_for_them():
    Scheme.objects.create(shop=SHOP, **asdict(PointsScheme()))
    facts = [
        an_ad(1_000),
        an_ad(500, channel="affiliate"),
        a_discount(300),
        a_discount(200, promotion="P-2", coupon="C-1"),
        a_discount(900, promotion="P-3", funded_by="brand"),
        a_message(8),
        points(150),
        points(99, source="order"),
    ]
    handlers.book(facts)

    assert spent() == {Area.TRAFFIC: 1_300, Area.CONTENT: 500, Area.MEMBERS: 200 + 8 + 150, Area.SUPPLY: 0}
    assert queries.by_kind(SHOP, MAY) == {
        Kind.ADVERTISING: 1_000,
        Kind.CREATORS: 500,
        Kind.DISCOUNT: 300,
        Kind.MEMBER_DISCOUNT: 200,
        Kind.MESSAGE: 8,
        Kind.COMMISSION: 150,
    }
    booked, count = queries.postings(SHOP, MAY, area=Area.TRAFFIC)
    assert count == 2
    assert {one.posting.fact for one in booked} == {facts[0].id, facts[2].id}
    assert {one.posting.on for one in booked} == {DAY}  # 16:00 UTC is the next day in Shanghai


def test_what_is_booked_here_is_told_in_the_same_shape():
    told = [an_ad(1), a_discount(1), undone(1), a_message(1), points(1)]
    told += [flash_taken(1), flash_returned(1), group_joined(1, number="O-1"), group_failed()]
    told += [balance_paid(1), deposit_returned(1), written_off(1, sku="tea")]

    assert {fact.name for fact in told} == handlers.reader.names
    assert all(registry.decode(fact.name, 1, fact.body) for fact in told)


@pytest.mark.usefixtures("acme")
def test_a_fact_that_comes_twice_is_booked_once():
    facts = [an_ad(1_000), a_discount(300), undone(300)]
    handlers.book(facts)
    handlers.book(facts)
    handlers.book(facts[:1] + facts[:1])

    assert spent()[Area.TRAFFIC] == 1_000
    assert models.Posting.objects.count() == 3
    assert queries.audit() == ()


@pytest.mark.usefixtures("acme")
def test_a_discount_that_is_undone_is_booked_back_if_it_was_ours():
    handlers.book([a_discount(300), a_discount(70, promotion="P-2", funded_by="platform")])
    handlers.book([undone(300), undone(70, promotion="P-2")])

    assert spent()[Area.TRAFFIC] == 0
    assert sorted(models.Posting.objects.values_list("amount_minor", flat=True)) == [-300, 300]


@pytest.mark.usefixtures("acme")
def test_what_was_booked_stays_booked():
    handlers.book([an_ad(1_000)])
    with pytest.raises(IntegrityError, match="stays booked"), transaction.atomic():
        models.Posting.objects.update(amount_minor=1)


@pytest.mark.usefixtures("acme")
def test_money_that_moves_leaves_the_whole_as_it_is():
    id = a_budget()
    actions.move(shop=SHOP, id=id, source=Area.CONTENT, target=Area.MEMBERS, amount=cny(5_000), trail=TRAIL, by=BY)

    assert [one.planned.minor for one in queries.books(SHOP, MAY, at=NOON)] == [40_000, 20_000, 20_000, 20_000]
    (moved,) = queries.moves(id)
    assert (moved.source, moved.target, moved.amount, moved.by) == (Area.CONTENT, Area.MEMBERS, cny(5_000), str(BY))
    assert Entry.objects.get(name="steer.budget_moved").body == {
        "budget_id": str(id),
        "source": "content",
        "target": "members",
        "amount_minor": 5_000,
        "currency": "CNY",
    }


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"amount": cny(24_001)}, MoveTooLarge),
        ({"amount": cny(0)}, BudgetUnfit),
        ({"target": Area.CONTENT}, BudgetUnfit),
        ({"amount": Money(1, "EUR")}, CurrencyMismatch),
    ],
)
def test_a_move_that_cannot_be_is_refused(changed, refusal):
    id = a_budget()
    handlers.book([an_ad(1_000, channel="affiliate")])
    asked = {"source": Area.CONTENT, "target": Area.MEMBERS, "amount": cny(1)} | changed
    with pytest.raises(refusal):
        actions.move(shop=SHOP, id=id, **asked, trail=TRAIL, by=BY)
    assert queries.books(SHOP, MAY, at=NOON)[1].planned == cny(25_000)
    assert not models.Move.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "update steer_budgets_line set planned_minor = planned_minor + 1 where area = 'traffic'",
        "insert into steer_budgets_budget select gen_random_uuid(), shop, date '2026-05-31', date '2026-07-01',"
        " total_minor, currency, set_at, set_by, told from steer_budgets_budget",
    ],
)
def test_the_database_itself_refuses_areas_that_do_not_add_up_and_days_with_two_budgets(sql):
    a_shop()
    a_budget()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def a_promise(amount: int, reference: str, *, area: Area = Area.MEMBERS) -> None:
    actions.commit(shop=SHOP, area=area, amount=cny(amount), reference=reference, on=DAY, trail=TRAIL, by=BY)


@pytest.mark.usefixtures("acme")
def test_a_promise_is_used_until_it_is_spent_or_released():
    a_budget()  # 15,000 for members
    a_promise(9_000, "wake")
    handlers.book([a_message(2_000)])  # of the same campaign

    members = queries.books(SHOP, MAY, at=NOON)[2]
    assert (members.spent, members.promised, members.left) == (cny(2_000), cny(7_000), cny(6_000))
    assert queries.guard(SHOP, area=Area.MEMBERS, amount=cny(6_000), on=DAY).say is Say.WARN
    assert queries.guard(SHOP, area=Area.MEMBERS, amount=cny(6_001), on=DAY).say is Say.STOP

    assert actions.release(shop=SHOP, reference="wake") == 1
    assert queries.books(SHOP, MAY, at=NOON)[2].left == cny(13_000)


@pytest.mark.usefixtures("acme")
def test_more_booked_under_a_name_than_promised_takes_nothing_off_other_promises():
    a_budget()
    a_promise(1_500, "wake")
    a_promise(300, "other")
    handlers.book([a_message(2_000)])

    members = queries.books(SHOP, MAY, at=NOON)[2]
    assert (members.spent, members.promised, members.left) == (cny(2_000), cny(300), cny(12_700))


@pytest.mark.usefixtures("acme")
def test_a_promise_beyond_the_plan_is_refused_and_the_one_before_it_stays():
    a_budget()
    a_promise(9_000, "wake")

    with pytest.raises(BudgetSpent) as refused, transaction.atomic():
        a_promise(15_001, "wake")
    assert (refused.value.area, refused.value.asked_minor, refused.value.left_minor) == (Area.MEMBERS, 15_001, 15_000)
    a_promise(15_000, "wake")
    assert models.Promise.objects.get().amount_minor == 15_000


@pytest.mark.usefixtures("acme")
def test_without_a_budget_nothing_is_stopped():
    a_promise(10**9, "wake")

    said = queries.guard(SHOP, area=Area.MEMBERS, amount=cny(1), on=DAY)
    assert (said.say, said.reason) == (Say.OK, Reason.NO_BUDGET)


@pytest.mark.django_db(transaction=True)
def test_of_promises_at_the_same_moment_only_those_pass_for_which_there_is_money():
    a_shop()
    a_budget()  # 15,000 for members

    done = at_once(lambda n: a_promise(4_000, f"play-{n}"), 10, threads=10)

    refused = [one for one in done if isinstance(one, Refused)]
    assert len(refused) == 7
    assert all(isinstance(one, BudgetSpent) for one in refused)
    assert models.Promise.objects.count() == 3
    assert queries.books(SHOP, MAY, at=NOON)[2].left == cny(3_000)


@pytest.mark.django_db(transaction=True)
def test_the_same_facts_booked_at_the_same_moment_count_once():
    a_shop()
    facts = [an_ad(10 + n) for n in range(40)]

    at_once(lambda n: handlers.book(facts[:: 1 if n % 2 else -1]), 6, threads=6)

    assert spent()[Area.TRAFFIC] == sum(10 + n for n in range(40))
    assert queries.audit() == ()


@pytest.mark.usefixtures("acme")
def test_the_audit_names_a_day_that_its_postings_do_not_come_to():
    handlers.book([an_ad(1_000)])
    models.Day.objects.update(amount_minor=999)

    (found,) = queries.audit()
    assert (found.shop, found.what, found.says, found.should_say) == (SHOP, f"{DAY} advertising", 999, 1_000)


@pytest.mark.django_db
@pytest.mark.tables("orders")
def test_marketing_is_held_against_the_revenue(lake_folder):
    shop = a_shop()
    remember(shop, paid("O-1", "2026-05-10T04:00", line("tea", 1, 10_000)))
    handlers.book([an_ad(1_000, at="2026-05-10T05:00")])

    within = queries.marketing(SHOP, MAY, at=NOON)
    handlers.book([a_message(201)])
    beyond = queries.marketing(SHOP, MAY, at=NOON)

    assert (within.revenue, within.rate, within.is_over) == (cny(10_000), Decimal("0.1"), False)
    assert (beyond.spent, beyond.is_over) == (cny(1_201), True)
