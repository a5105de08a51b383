"""The whole loop in one walk: a goal falls behind, becomes a signal, a play, an effect, a review, and the next play."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.growth.messages.conftest import carried
from tests.journeys.clerk import Clerk
from tests.journeys.shopper import Screen
from tests.shop.conftest import wait
from tests.shop.made import SHOP
from tests.steer.plays.made import DAY, TODAY, customers_with_orders, tend, time_passes
from zhanggui.base import clock
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import actions as postman
from zhanggui.insight.alerts import handlers as bands
from zhanggui.spine.log.models import Entry
from zhanggui.steer.briefings import handlers as reviews
from zhanggui.steer.plays import queries as plays
from zhanggui.steer.plays.rules import State
from zhanggui.steer.signals import handlers as signals

__all__ = ["carried", "wait"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOUGHT = 0.03


def test_from_a_goal_that_falls_behind_to_the_next_months_play(
    open_shop: str, clerk: Callable[[Screen], Clerk], carried: None, wait: Callable[[timedelta], datetime]
) -> None:
    persons = customers_with_orders(900, rate=BOUGHT, days=[TODAY - n * DAY for n in range(1, 80)])
    someone = clerk(Screen(language="en"))

    sets_a_goal(someone)
    wait(DAY)
    time_passes(persons, [], rate=BOUGHT, lift=0, days=[TODAY], seed=4)
    bands.look()
    signals.look()
    makes_a_play_of_the_signal(someone)

    (play,) = plays.at_work(SHOP, State.RUNNING)
    treated = sends_letters_to_the_treated_only(play.trial_id)
    time_passes(persons, treated, rate=BOUGHT, lift=2.0, days=[TODAY + n * DAY for n in range(1, 41)])
    weeks_pass_until_it_is_measured(wait, someone, play.id)

    reads_it_in_the_review_and_decides(someone, wait, play.id)
    assert_one_cause_leads_to_the_next(play.id)


def sets_a_goal(someone: Clerk) -> None:
    someone.opens("goals/new/?metric=gmv_paid&first=2026-11-01&last=2026-11-30")
    someone.page.fill("[name=baseline]", "50000")
    someone.page.fill("[name=target]", "90000")
    someone.presses("form[method=post] button.is-main")
    someone.opens("goals/")
    someone.shows("loop-1-goal")


def makes_a_play_of_the_signal(someone: Clerk) -> None:
    someone.opens("signals/")
    someone.shows("loop-2-signal")
    someone.page.locator("article", has_text="Goal at risk").locator("button.is-main").click()
    someone.page.wait_for_load_state("load")
    someone.shows("loop-3-play")
    someone.presses("button[value=start]")
    someone.shows("loop-4-running")


def sends_letters_to_the_treated_only(trial_id: UUID | None) -> tuple[str, ...]:
    assert trial_id is not None
    treated = trials.members(trial_id, Arm.TREATED)
    postman.send_due()
    addressed = set(Letter.objects.filter(recipient__contains="p").values_list("recipient", flat=True))
    assert addressed == {f"{person.replace('-', '')}@example.com" for person in treated}
    return treated


def weeks_pass_until_it_is_measured(wait: Callable[[timedelta], datetime], someone: Clerk, play: UUID) -> None:
    for _ in range(5):
        wait(7 * DAY)
        tend()
    assert plays.play(SHOP, play).state is State.MEASURED
    someone.opens(f"plays/{play}/")
    someone.shows("loop-5-effect")
    someone.opens("effects/")
    someone.shows("loop-6-ledger")


def reads_it_in_the_review_and_decides(someone: Clerk, wait: Callable[[timedelta], datetime], play: UUID) -> None:
    wait(datetime(2027, 1, 1, 4, tzinfo=UTC) - clock.now())
    reviews.write_reviews()
    someone.opens("briefings/")
    someone.presses("main tbody a")
    assert plays.play(SHOP, play).plan.name in someone.page.locator("main").inner_text()
    someone.shows("loop-7-review")
    review = someone.page.url.rpartition("/briefings/")[2].partition("/")[0]
    someone.opens(f"briefings/{review}/?edit=1")
    for choice in someone.page.locator("button[value=accept]").all():
        choice.click()
        someone.page.wait_for_load_state("load")
        someone.opens(f"briefings/{review}/?edit=1")
    someone.shows("loop-8-decisions")
    someone.presses("form[action*=publish] button")
    someone.opens("plays/")
    someone.shows("loop-9-next-month")


def assert_one_cause_leads_to_the_next(play: UUID) -> None:
    told = {entry.id_of_fact: entry for entry in Entry.objects.all()}

    def causes(name: str) -> Iterator[list[str]]:
        for entry in told.values():
            if entry.name == name:
                chain, one = [name], entry
                while one.cause in told:
                    one = told[one.cause]
                    chain.append(one.name)
                yield chain

    first = ["steer.play_started", "steer.play_proposed", "steer.signal_raised", "steer.goal_set"]
    assert ["growth.message_sent", *first] in list(causes("growth.message_sent"))
    assert list(causes("steer.effect_measured")) == [["steer.effect_measured", *first]]
    assert ["steer.play_proposed", "steer.briefing_published"] in [chain[:2] for chain in causes("steer.play_proposed")]
