"""Plays that wait for what happens to people: who is meant, each taken in once, asked again when it leaves."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from tests.growth.membership.made import a_member
from tests.growth.messages.made import a_person, says
from tests.growth.presale.made import a_deposit, a_presale, balances_are_open
from tests.growth.presale.made import a_shopper as a_buyer
from tests.insight.metrics.events import added as put_in
from tests.insight.metrics.events import bought, line, remember, viewed
from tests.shop.made import SHOP, a_cart, a_walk, an_order, at_once
from tests.steer.plays.made import CLOCK, DAY, TODAY, a_running_play, at, many, tend
from zhanggui.base import clock
from zhanggui.base.outbox.models import Letter
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.messages import actions as postage
from zhanggui.growth.messages import models as message_rows
from zhanggui.growth.messages import ports as messages
from zhanggui.growth.messages import queries as letters
from zhanggui.growth.messages.rules import Reason
from zhanggui.insight.segments import ports as segments
from zhanggui.insight.segments import queries as crowds
from zhanggui.insight.segments.rules import Source
from zhanggui.shop.cart import models as carts
from zhanggui.shop.customers.rules import Purpose
from zhanggui.steer.plays import actions, queries
from zhanggui.steer.plays.errors import PlanUnfit
from zhanggui.steer.plays.queries import occasions
from zhanggui.steer.plays.rules import BOUNDS, Occasion, State, occasion_of, source_of
from zhanggui.steer.plays.rules import Purpose as Power
from zhanggui.steer.signals.rules import Move

pytestmark = [pytest.mark.tables("orders", "offers", "visits", "sku_days", "stock_days")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def wired(monkeypatch):
    """What the wiring plugs in of occasions."""
    for occasion in Occasion:
        monkeypatch.setitem(segments.people, occasion, partial(queries.meant, occasion=occasion))
    monkeypatch.setattr(messages, "gone", [queries.gone])


def left(person: str, *, ago: timedelta) -> str:
    """Somebody left a cup in the cart so long ago."""
    a_cart(walk=a_walk(person))
    carts.Cart.objects.filter(person=person).update(changed_at=clock.now() - ago)
    return person


def meant(occasion: Occasion, n: int | None = None) -> tuple[str, ...]:
    return occasions.persons(SHOP, source_of(occasion, n), at=clock.now())


def a_play_on(occasion: Occasion, n: int | None = None):
    return a_running_play(queries.on_occasion(SHOP, occasion, n=n, at=clock.now(), owner="7"))


@pytest.mark.parametrize("occasion", list(Occasion))
def test_an_occasion_is_asked_within_its_bounds(occasion):
    least, usual, most = BOUNDS[occasion]
    assert source_of(occasion) == Source(kind=occasion, terms={"n": usual})
    assert occasion_of(source_of(occasion, most)) is occasion
    for wrong in (least - 1, most + 1):
        with pytest.raises(PlanUnfit) as refused:
            source_of(occasion, wrong)
        assert refused.value.field == "occasion"
    assert occasion_of(None) is occasion_of(Source(kind="sleepers", terms={})) is None


@pytest.mark.usefixtures("shop")
class TestWho:
    def test_a_left_cart_is_a_customer_s_untouched_and_not_ordered_since(self):
        lin, touched, long_ago = (a_person(name) for name in ("lin", "wu", "he"))
        ordered, emptied = a_person("su"), a_person("yu")
        left(lin, ago=5 * HOUR)
        left("a-guest", ago=5 * HOUR)
        left(touched, ago=3 * HOUR)
        left(long_ago, ago=31 * DAY)
        an_order(walk=a_walk(ordered))
        left(ordered, ago=5 * HOUR)
        left(emptied, ago=5 * HOUR)
        carts.Line.objects.filter(cart__person=emptied).delete()

        assert meant(Occasion.LEFT_CART) == (lin,)
        assert meant(Occasion.LEFT_CART, 2) == tuple(sorted((lin, touched)))
        # Whom the lake has seen is a live segment, too.
        remember(shops.shop(SHOP), bought("A", at(TODAY - DAY), line("CUP", 1, 1), person=lin, shop=SHOP))
        assert crowds.people_of(SHOP, source_of(Occasion.LEFT_CART), at=clock.now()) == (lin,)

    def test_a_birthday_is_one_of_the_coming_days(self):
        walk, _ = a_member()
        membership.say_birthday(shop=SHOP, person=walk.person, month=11, day=25)
        assert (meant(Occasion.BIRTHDAY, 2), meant(Occasion.BIRTHDAY, 3)) == ((), (walk.person,))

    def test_who_sleeps_has_bought_nothing_for_long_and_not_for_ever(self):
        days = {"early": 61, "in-time": 60, "late": 59, "lost": 120}
        told = [
            bought(f"S{n}", at(TODAY - n * DAY), line("CUP", 1, 1), person=who, shop=SHOP) for who, n in days.items()
        ]
        remember(shops.shop(SHOP), *told)
        assert meant(Occasion.ASLEEP) == ("early", "in-time")

    def test_an_open_balance_is_one_that_can_be_paid_now(self):
        presale, walk = a_presale(), a_buyer()
        a_deposit(presale, walk)
        assert meant(Occasion.BALANCE_OPEN) == ()
        balances_are_open(presale)
        assert meant(Occasion.BALANCE_OPEN) == (walk.person,)


@pytest.mark.usefixtures("shop")
class TestPlaying:
    def test_it_is_planned_by_as_many_carts_as_were_left_before_and_holds_a_fifth_out(self):
        people = many(40)
        seen = [put_in(at(TODAY - 3 * DAY), person, "CUP", shop=SHOP) for person in people]
        seen += [viewed(at(TODAY - 3 * DAY), "only-looked", "CUP", shop=SHOP)]
        # Four of them ordered the day after.
        told = [bought(f"O{n}", at(TODAY - 2 * DAY), line("CUP", 1, 9), person=people[n], shop=SHOP) for n in range(4)]
        remember(shops.shop(SHOP), *seen, *told)
        plan = queries.on_occasion(SHOP, Occasion.LEFT_CART, n=None, at=clock.now(), owner="7")

        assert (plan.action.move, plan.action.wording.path, plan.days) == (Move.MESSAGE, "/cart/", 28)
        assert (plan.hold_out.people, plan.hold_out.bp, plan.hold_out.purpose) == (36, 2000, Power.LEARNING)
        assert plan.audience.takes_late_comers

    def test_it_starts_with_nobody_and_takes_each_in_once_when_they_come(self, wait):
        id = a_play_on(Occasion.LEFT_CART)
        play = queries.play(SHOP, id)
        assert (play.state, play.treated, play.held_out, play.signal_kind) == (State.RUNNING, 0, 0, "left_cart")

        people = [left(person, ago=5 * HOUR) for person in many(30)]
        refuses = left(a_person("xu", agrees=()), ago=5 * HOUR)
        for _ in range(2):
            tend()
            wait(HOUR)
        late = left(a_person("late"), ago=5 * HOUR)
        tend()

        now, trial_id = queries.play(SHOP, id), play.trial_id
        treated, held_out = (set(trials.members(trial_id, arm)) for arm in (Arm.TREATED, Arm.HELD_OUT))
        assert treated | held_out == {*people, late} and refuses not in treated | held_out
        assert (now.treated, now.held_out) == (len(treated), len(held_out)) and min(len(treated), len(held_out)) > 0
        waiting = message_rows.Message.objects.filter(state="waiting")
        assert sorted(waiting.values_list("person", flat=True)) == sorted(treated)
        postage.send_due()
        tend()
        postage.send_due()
        assert Letter.objects.count() == len(treated)

    def test_who_orders_or_says_no_before_it_leaves_gets_nothing(self, wait):
        id = a_play_on(Occasion.LEFT_CART)
        wait(11 * HOUR)
        for n in range(20):
            left(a_person(f"p{n}"), ago=5 * HOUR)
        tend()
        treated = trials.members(queries.play(SHOP, id).trial_id, Arm.TREATED)
        postage.send_due()
        assert (len(treated) > 3, Letter.objects.count()) == (True, 0)

        orders, empties, refuses = treated[:3]
        an_order(walk=a_walk(orders))
        carts.Line.objects.filter(cart__person=empties).delete()
        says(refuses, Purpose.MARKETING_EMAIL, is_given=False)
        letters_before = Letter.objects.count()
        wait(11 * HOUR)
        postage.send_due()
        standing = letters.standing(SHOP, f"play:{id}:1")
        assert standing.refused == {Reason.NOT_MEANT: 2, Reason.NO_CONSENT: 1}
        assert (standing.sent, Letter.objects.count() - letters_before) == (len(treated) - 3, len(treated) - 3)

    def test_one_that_has_cost_its_cap_takes_nobody_in_and_ends(self, monkeypatch):
        id = a_play_on(Occasion.LEFT_CART)
        left(a_person(), ago=5 * HOUR)
        cost = queries.cost(queries.play(SHOP, id))
        dear = type(cost)(
            messages=queries.play(SHOP, id).plan.cost_cap, discounts=cost.discounts, spend=cost.spend, fixed=cost.fixed
        )
        monkeypatch.setattr(queries, "cost", lambda play: dear)
        assert actions.take_in(shop=SHOP, id=id, by=CLOCK) == 0
        assert (queries.play(SHOP, id).state, queries.play(SHOP, id).ending) == (State.STOPPED, "cost_cap")

    def test_other_steps_are_asked_for_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert queries.gone(SHOP, "wake-2026-11", ["p"], at=clock.now()) == frozenset()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("busy_shop")
def test_many_who_take_in_at_once_take_each_in_once():
    id = a_play_on(Occasion.LEFT_CART)
    people = [left(person, ago=5 * HOUR) for person in many(20)]
    taken = at_once(lambda _: actions.take_in(shop=SHOP, id=id, by=CLOCK), 4, threads=4)
    now = queries.play(SHOP, id)
    assert sum(taken) == now.treated + now.held_out == len(people)
    assert message_rows.Message.objects.count() == now.treated
