"""Letters that many workers write at once."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.returns import arrived
from zhanggui.base.outbox.models import Letter
from zhanggui.shop.letters import actions, handlers, models
from zhanggui.shop.letters.rules import State
from zhanggui.spine.relay import actions as relay

pytestmark = pytest.mark.django_db(transaction=True)


def test_readers_and_workers_at_the_same_moment_write_one_letter_a_fact(busy_shop: None) -> None:
    made.a_product("CUP", price=5990)
    numbers = {arrived.a_paid_order().number for _ in range(3)}

    made.at_once(lambda _: relay.drain(handlers.reader), 4, threads=4)
    relay.drain(handlers.reader)
    facts = list(models.Due.objects.values_list("fact", flat=True))
    assert len(facts) == 3
    came = made.at_once(lambda n: actions.write_one(fact_id=facts[n % 3]), 12, threads=6)

    assert sorted(map(bool, came)) == [False] * 9 + [True] * 3
    assert Letter.objects.count() == 3
    assert set(models.Due.objects.filter(state=State.WRITTEN).values_list("order_number", flat=True)) == numbers
