"""Facts of one verb with several parts: told at its end, all of them or none."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.spine.log.test_log import BY, TRAIL, an_order
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log import queries
from zhanggui.spine.log.actions import record, together
from zhanggui.spine.log.errors import NotInTransaction
from zhanggui.spine.log.rules import START

pytestmark = pytest.mark.django_db(transaction=True)


def test_facts_of_several_parts_are_told_with_one_statement_in_their_order(django_assert_num_queries: object) -> None:
    with transaction.atomic(), django_assert_num_queries(1), together():  # type: ignore[operator]
        first = record(CustomerRegistered(customer_id="c-1"), by=BY, trail=TRAIL)
        with together():
            second = record(an_order(), by=BY, trail=TRAIL.after(first))
    told = [fact for _, fact in queries.after(START, limit=10)]
    assert [fact.id for fact in told] == [first, second]
    assert told[1].cause == first


def test_facts_of_a_verb_that_is_refused_are_not_told() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), together():
        record(an_order(), by=BY, trail=TRAIL)
        raise ZeroDivisionError
    with transaction.atomic():
        kept = record(an_order("A2"), by=BY, trail=TRAIL)
    assert [fact.id for _, fact in queries.after(START, limit=10)] == [kept]


def test_nothing_is_kept_for_the_end_outside_a_transaction() -> None:
    with pytest.raises(NotInTransaction), together():
        record(an_order(), by=BY, trail=TRAIL)
    assert queries.behind(START) == 0
