"""Too many messages lately: the next one waits for the first hour at which it may leave, if the step is not over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.messages.made import a_person, letters, many, planned, says, states, told
from tests.shop.made import SHOP, at_once
from zhanggui.base import clock
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import actions, models
from zhanggui.growth.messages.actions import sending
from zhanggui.growth.messages.rules import Terms, leaves_at
from zhanggui.shop.customers.rules import Purpose

Move = Callable[[timedelta], datetime]
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 8, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("sent", "at", "leaves"),
    [
        ([], NOON, NOON),
        ([NOON - 2 * A_DAY], NOON, NOON),
        ([NOON - A_WEEK, NOON - 5 * A_DAY], NOON, NOON),
        ([NOON - 6 * A_DAY, NOON - 5 * A_DAY], NOON, NOON + A_DAY),
        ([NOON - 5 * A_DAY, NOON - 6 * A_DAY], NOON, NOON + A_DAY),
        ([NOON - 6 * A_DAY, NOON - 5 * A_DAY, NOON - A_DAY], NOON, NOON + 2 * A_DAY),
        ([NOON - A_DAY - timedelta(hours=2)] * 2, NOON - timedelta(hours=1), NOON + 6 * A_DAY - timedelta(hours=2)),
        # Free at ten in the evening: the next morning.
        ([NOON - A_WEEK + timedelta(hours=10)] * 2, NOON, NOON.replace(day=9, hour=9)),
    ],
)
def test_the_first_moment_at_which_one_more_may_leave(sent: list[datetime], at: datetime, leaves: datetime) -> None:
    assert leaves_at(sent, at=at, terms=Terms(), zone=SHANGHAI) == leaves


@given(
    hours=st.lists(st.integers(1, 24 * 20), max_size=8),
    most=st.integers(1, 4),
    days=st.integers(1, 14),
)
def test_at_that_moment_there_are_not_too_many_and_just_before_there_were(
    hours: list[int], most: int, days: int
) -> None:
    terms = Terms(quiet_from=time(9), quiet_until=time(9), most_messages=most, per_days=days)
    sent = [NOON - timedelta(hours=each) for each in hours]
    leaves = leaves_at(sent, at=NOON, terms=terms, zone=SHANGHAI)

    def lately(at: datetime) -> int:
        return sum(at - terms.window < each <= at for each in sent)

    assert leaves >= NOON
    assert lately(leaves) < most
    assert leaves == NOON or lately(leaves - timedelta(seconds=1)) >= most


@pytest.mark.usefixtures("shop")
class TestWaiting:
    def test_who_got_enough_gets_it_on_the_first_day_that_is_free(self, wait: Move) -> None:
        lin = self._who_got_enough(wait)
        planned([lin], step="third", until=clock.now() + 8 * A_DAY)
        actions.send_due()
        assert (states("third"), len(letters()), told("growth.message_refused")) == ([("waiting", "")], 2, [])
        assert models.Message.objects.get(step__step="third").due_at == clock.now() - A_DAY + A_WEEK

        wait(6 * A_DAY - timedelta(seconds=1))
        actions.send_due()
        assert states("third") == [("waiting", "")]
        wait(timedelta(seconds=1))
        actions.send_due()
        assert (states("third"), len(letters())) == ([("sent", "")], 3)

    def test_where_no_day_is_left_it_is_refused_at_once(self, wait: Move) -> None:
        lin = self._who_got_enough(wait)
        planned([lin], step="third", until=clock.now() + 6 * A_DAY)
        actions.send_due()
        assert states("third") == [("refused", "too_many")]

    def test_a_later_end_lets_it_wait(self, wait: Move) -> None:
        lin, wu = self._who_got_enough(wait), a_person("wu")
        planned([lin], step="third", until=clock.now() + A_DAY)
        planned([wu], step="third", until=clock.now() + 8 * A_DAY)
        actions.send_due()
        assert states("third") == [("sent", ""), ("waiting", "")]

    def test_what_the_night_keeps_beyond_the_end_is_refused(self, wait: Move) -> None:
        lin = a_person()
        wait(timedelta(hours=10))  # ten in the evening
        planned([lin], until=clock.now() + timedelta(hours=2))
        actions.send_due()
        assert states() == [("waiting", "")]
        wait(timedelta(hours=11))
        actions.send_due()
        assert (states(), letters()) == ([("refused", "too_late")], [])

    def test_who_withdraws_while_it_waits_gets_nothing(self, wait: Move) -> None:
        lin = self._who_got_enough(wait)
        planned([lin], step="third", until=clock.now() + 8 * A_DAY)
        actions.send_due()
        wait(6 * A_DAY)
        says(lin, Purpose.MARKETING_EMAIL, is_given=False)
        actions.send_due()
        assert (states("third"), len(letters())) == ([("refused", "no_consent")], 2)

    def _who_got_enough(self, wait: Move) -> str:
        """Somebody who got two letters a day ago."""
        lin = a_person()
        for step in ("first", "second"):
            planned([lin], step=step)
            actions.send_due()
        wait(A_DAY)
        return lin


def test_two_workers_put_off_what_the_other_has_used_up(
    busy_shop: None, wait: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "GROUP", 20)
    actions.set_terms(shop=SHOP, terms=Terms(most_messages=1))
    people = many(20)
    for step in ("one", "two", "three"):
        planned(people, step=step, channel=Channel.EMAIL, until=clock.now() + 9 * A_DAY)
    ids = list(models.Step.objects.values_list("id", flat=True))
    at_once(lambda n: actions.send_some(step_id=ids[n % 3], at=clock.now()), 6)
    sent = models.Message.objects.filter(state="sent").values_list("person", flat=True)
    assert sorted(sent) == sorted(people)
    assert set(models.Message.objects.filter(state="waiting").values_list("due_at", flat=True)) == {
        clock.now() + A_WEEK
    }

    wait(A_WEEK)
    at_once(lambda n: actions.send_some(step_id=ids[n % 3], at=clock.now()), 6)
    counted = Counter(models.Message.objects.values_list("state", "reason"))
    # Whom the second week served; for the third there is no room before the end.
    assert counted == {("sent", ""): 40, ("refused", "too_many"): 20}
