"""Coupons that find their people: who is new, who has a birthday, who was away, whom an operator chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.growth.membership.made import a_member, paid
from tests.growth.promotions.made import DESK, STAFF, a_batch
from tests.shop.made import CONTACT, SHOP, a_walk, at_once
from zhanggui.base import clock, ids
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.promotions import actions, handlers, models, queries
from zhanggui.growth.promotions.errors import NoSuchCoupon
from zhanggui.growth.promotions.rules import Way
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.shop.customers.rules import Purpose
from zhanggui.shop.orders.models import Order
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail


@pytest.fixture(autouse=True)
def by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A carrier that takes text messages."""
    monkeypatch.setitem(mailing.senders, Channel.SMS, lambda message: None)


def has(person: str) -> int:
    return models.Coupon.objects.filter(person=person).count()


def registered() -> list[object]:
    """What was told of people who became customers, as the relay would hand it over."""
    names = ["shop.customer_registered", "shop.customer_joined"]
    return list(log.by_ids([UUID(str(id)) for id in _ids(names)]))


def _ids(names: list[str]) -> list[UUID]:
    return list(Entry.objects.filter(name__in=names).order_by("id_of_fact").values_list("id_of_fact", flat=True))


def an_absence(person: str, *, days: int) -> None:
    """The last paid order of a person is so many days old."""
    moment = clock.now() - timedelta(days=days)
    Order.objects.filter(person=person).update(paid_at=moment, placed_at=moment)


def agrees(customer_id: UUID) -> None:
    customers.consent(
        customer_id=customer_id,
        purpose=Purpose.MARKETING_SMS,
        is_given=True,
        language="en",
        how="account",
        trail=Trail(shop=SHOP),
        by=STAFF,
    )


@pytest.mark.usefixtures("shop")
def test_whoever_registers_gets_every_coupon_for_new_shoppers_once() -> None:
    one, two = a_batch(Way.NEW), a_batch(Way.NEW, per_person=3)
    a_batch(Way.PUBLIC)
    walk, _ = a_member()
    handlers.welcome(registered())  # type: ignore[arg-type]
    handlers.welcome(registered())  # type: ignore[arg-type]
    held = models.Coupon.objects.filter(person=walk.person).order_by("batch_id").values_list("batch_id", flat=True)
    assert [str(id) for id in held] == sorted([one, two])


@pytest.mark.usefixtures("shop")
def test_a_guest_who_ordered_is_not_new_when_an_account_follows() -> None:
    a_batch(Way.NEW)
    guest = paid({"CUP": 1}, walk=a_walk())
    assert guest
    handlers.welcome(registered())  # type: ignore[arg-type]
    assert models.Coupon.objects.count() == 0  # a guest has no account to hold it
    walk, _ = a_member(phone=f"+86{CONTACT.phone}")
    handlers.welcome(registered())  # type: ignore[arg-type]
    assert has(walk.person) == 0


@pytest.mark.usefixtures("shop")
def test_a_birthday_brings_one_coupon_a_year(wait: Callable[[timedelta], datetime]) -> None:
    a_batch(Way.BIRTHDAY, per_person=99)
    walk, _ = a_member()
    other, _ = a_member(phone="+8613900139000")
    today = clock.day_of(clock.now(), "Asia/Shanghai")
    membership.say_birthday(shop=SHOP, person=walk.person, month=today.month, day=today.day)
    actions.of_the_day()
    actions.of_the_day()
    assert (has(walk.person), has(other.person)) == (1, 0)
    wait(timedelta(days=365))
    actions.of_the_day()
    assert has(walk.person) == 2


@pytest.mark.usefixtures("shop")
def test_a_birthday_at_the_end_of_a_year_brings_one_coupon_though_the_next_year_has_begun(
    wait: Callable[[timedelta], datetime],
) -> None:
    a_batch(Way.BIRTHDAY, per_person=99)
    walk, _ = a_member()
    membership.say_birthday(shop=SHOP, person=walk.person, month=12, day=30)
    wait(datetime(2026, 12, 30, 4, tzinfo=UTC) - wait(timedelta(0)))
    for days, coupons in ((0, 1), (3, 1), (362, 2)):
        wait(timedelta(days=days))
        actions.of_the_day()
        assert has(walk.person) == coupons


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("days", "coupons"), [(89, 0), (91, 1)])
def test_who_has_not_bought_for_ninety_days_is_welcomed_back(days: int, coupons: int) -> None:
    a_batch(Way.COMEBACK, per_person=99)
    walk, _ = a_member()
    paid({"CUP": 1}, walk=walk)
    an_absence(walk.person, days=days)
    never, _ = a_member(phone="+8613900139000")
    actions.of_the_day()
    actions.of_the_day()
    assert (has(walk.person), has(never.person)) == (coupons, 0)


@pytest.mark.usefixtures("shop")
def test_every_absence_brings_one_coupon() -> None:
    a_batch(Way.COMEBACK, per_person=99)
    walk, _ = a_member()
    paid({"CUP": 1}, walk=walk)
    an_absence(walk.person, days=200)
    actions.of_the_day()
    paid({"CUP": 1}, walk=walk)
    actions.of_the_day()
    assert has(walk.person) == 1
    an_absence(walk.person, days=100)
    actions.of_the_day()
    assert has(walk.person) == 2


@pytest.mark.usefixtures("shop")
def test_a_guest_is_not_welcomed_back() -> None:
    a_batch(Way.COMEBACK, per_person=99)
    walk = a_walk()
    paid({"CUP": 1}, walk=walk)
    an_absence(walk.person, days=100)
    actions.of_the_day()
    assert models.Coupon.objects.count() == 0


@pytest.mark.usefixtures("shop")
def test_a_targeted_batch_reaches_its_segment_and_nobody_twice() -> None:
    batch = a_batch(Way.TARGETED, segment="comeback", per_person=5)
    away, _ = a_member()
    paid({"CUP": 1}, walk=away)
    an_absence(away.person, days=120)
    new, _ = a_member(phone="+8613900139000")
    for _ in range(2):
        actions.give_to_group(shop=SHOP, batch_id=batch)
    assert (has(away.person), has(new.person)) == (1, 0)


@pytest.mark.usefixtures("shop")
def test_people_are_named_by_number_or_mail_and_the_same_list_twice_gives_nothing_more() -> None:
    batch = a_batch(Way.TARGETED, per_person=5, stock_units=2)
    walks = [a_member(phone=f"+86139001390{n:02}")[0] for n in range(3)]
    typed = ["139 0013 9000", "+8613900139001", "nobody@example.com", "13900139002", "gibberish"]
    named = people.reached(SHOP, typed)
    assert named == {typed[0]: walks[0].person, typed[1]: walks[1].person, typed[3]: walks[2].person}
    for _ in range(2):
        actions.give_some(shop=SHOP, batch_id=batch, persons=list(named.values()))
    assert [has(walk.person) for walk in walks] == [1, 1, 0]  # two were there
    assert models.Given.objects.count() == 2
    assert queries.audit() == ()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("way", [Way.CODE, Way.PUBLIC, Way.NEW])
def test_only_a_targeted_batch_is_aimed_at_people(way: Way) -> None:
    batch = a_batch(way, stock_units=1)
    with pytest.raises(NoSuchCoupon):
        actions.target(batch_id=batch, persons=["p"], trail=DESK, by=STAFF)


@pytest.mark.usefixtures("busy_shop")
def test_the_same_person_on_the_same_occasion_gets_one_from_many_jobs() -> None:
    a_batch(Way.NEW, per_person=9)
    walk, customer_id = a_member()
    given = at_once(lambda _: actions.welcome(shop=SHOP, customer_id=customer_id, cause=ids.uuid7()), 16)
    assert sorted(given)[-2:] == [0, 1]  # type: ignore[type-var]
    assert has(walk.person) == 1
    assert queries.audit() == ()


@pytest.mark.usefixtures("shop")
def test_who_agreed_to_advertising_is_told_once_and_by_day(wait: Callable[[timedelta], datetime]) -> None:
    walk, customer_id = a_member()
    batch = a_batch(Way.TARGETED, days=3)
    silent, _ = a_member(phone="+8613900139000")
    agrees(customer_id)
    actions.give(batch_id=batch, persons=[walk.person, silent.person], trail=DESK, by=STAFF)
    coupon = str(models.Coupon.objects.get(person=walk.person).id)
    for _ in range(2):
        actions.tell(shop=SHOP, person=walk.person, coupons=[coupon])
    actions.tell(shop=SHOP, person=silent.person, coupons=[str(models.Coupon.objects.get(person=silent.person).id)])
    (letter,) = Letter.objects.filter(template="coupons_given")
    assert letter.recipient == "+8613800138000"
    assert letter.words == (
        "茶铺: 1 coupon is yours. 10 off holds until 11/25/2026. You can stop these messages in your account."
    )


@pytest.mark.usefixtures("shop")
def test_nobody_is_told_at_night_nor_of_a_coupon_that_is_gone(wait: Callable[[timedelta], datetime]) -> None:
    wait(timedelta(hours=11))
    walk, customer_id = a_member()
    agrees(customer_id)
    actions.give(batch_id=a_batch(Way.TARGETED), persons=[walk.person], trail=DESK, by=STAFF)
    coupon = models.Coupon.objects.get()
    actions.tell(shop=SHOP, person=walk.person, coupons=[str(coupon.id)])
    assert not Letter.objects.filter(template="coupons_given").exists()
    wait(timedelta(hours=11))
    actions.take_back(batch_id=str(coupon.batch_id), trail=DESK, by=STAFF)
    actions.tell(shop=SHOP, person=walk.person, coupons=[str(coupon.id)])
    assert not Letter.objects.filter(template="coupons_given").exists()
