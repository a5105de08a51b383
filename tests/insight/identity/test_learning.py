"""Learning who is who on a real database: by whom an id is taken, what is never merged, and taking it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest
from django.db import connection, transaction

from tests.insight.lake.making import NOON, a_shop, an_event, append, rows_of
from zhanggui.base import clock
from zhanggui.base.operation.rules import job, operator
from zhanggui.insight.identity import actions, handlers, models, queries
from zhanggui.insight.identity.errors import IdTaken, NobodysId, NoSuchLink, PairCircles, SameId
from zhanggui.insight.identity.rules import Claim, How
from zhanggui.insight.lake import actions as lake
from zhanggui.spine.log.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tables("visits")]
BY = job("test")
US = 1_000_000
NOON_US = clock.micros(NOON)


@pytest.fixture(autouse=True)
def _tea() -> None:
    a_shop()


def said(alias: str, person: str, *, how: How = How.IDENTIFY, at_us: int = NOON_US) -> Claim:
    return Claim(alias=alias, person=person, how=how, at_us=at_us)


def learn(*claims: Claim) -> int:
    with transaction.atomic():
        return actions.learn(shop="tea", claims=claims, by=BY)


def facts() -> list[tuple[str, dict[str, str]]]:
    rows = Entry.objects.filter(name__startswith="insight.identity").order_by("seq")
    return [(row.name, row.body if isinstance(row.body, dict) else msgspec.json.decode(row.body)) for row in rows]


def visits() -> dict[str, int]:
    lake.roll("tea")
    found: dict[str, int] = {}
    for row in rows_of("visits"):
        found[row["person"]] = found.get(row["person"], 0) + row["pv"]
    return found


def test_what_a_visitor_did_counts_for_the_person_they_turned_out_to_be() -> None:
    append("a", an_event("1", person="v-1"), an_event("2", person="c-1", at=NOON + timedelta(days=1)))
    assert visits() == {"v-1": 1, "c-1": 1}
    assert learn(said("v-1", "c-1")) == 1
    assert visits() == {"c-1": 2}
    assert facts() == [("insight.identity_merged", {"alias": "v-1", "person": "c-1", "how": "identify"})]
    assert learn(said("v-1", "c-1")) == 0
    assert len(facts()) == 1


def test_two_customers_on_one_device_are_not_merged_and_what_comes_after_is_neithers() -> None:
    later = NOON + timedelta(hours=2)
    append("a", an_event("1", person="tablet"), an_event("2", person="tablet", at=later + timedelta(minutes=5)))
    learn(said("tablet", "ann"))
    learn(said("tablet", "bob", at_us=clock.micros(later)))
    assert visits() == {"ann": 1, "tablet": 1}
    assert queries.person_of("tea", "tablet") == "ann"
    assert queries.person_of("tea", "bob") == "bob"
    assert len(facts()) == 1


def test_an_id_that_is_a_person_is_merged_by_name_only() -> None:
    learn(said("v-1", "ann"))
    assert learn(said("ann", "bob")) == 0
    assert learn(said("ann", "ann-new", how=How.ALIAS)) == 1
    assert queries.person_of("tea", "v-1") == "ann-new"


def test_an_alias_moves_all_that_had_been_merged_into_it() -> None:
    append("a", an_event("1", person="v-1"), an_event("2", person="old"), an_event("3", person="new"))
    learn(said("v-1", "old"))
    learn(said("old", "new", how=How.ALIAS))
    assert visits() == {"new": 3}


def test_nobody_is_merged_with_nobody() -> None:
    assert learn(said("", "c-1"), said("undefined", "c-1"), said("v-1", "null"), said("v-1", "v-1")) == 0
    assert models.Link.objects.count() == 0


def test_a_pair_is_parted_and_stays_so_whatever_is_said_until_a_person_says_otherwise() -> None:
    append("a", an_event("1", person="v-1"), an_event("2", person="c-1"))
    learn(said("v-1", "c-1"))
    assert visits() == {"c-1": 2}
    (link,) = queries.links_of("tea", "v-1")
    actions.part(shop="tea", link_id=link.id, by=operator("7"))
    assert visits() == {"v-1": 1, "c-1": 1}
    assert learn(said("v-1", "c-1")) == 0
    assert [name for name, _ in facts()] == ["insight.identity_merged", "insight.identity_parted"]
    actions.merge(shop="tea", alias="v-1", person="c-1", by=operator("7"))
    assert visits() == {"c-1": 2}
    with pytest.raises(NoSuchLink):
        actions.part(shop="tea", link_id=link.id, by=operator("7"))


def test_by_hand_nonsense_is_refused() -> None:
    learn(said("v-1", "ann"))
    for alias, person, error in [
        ("ann", "ann", SameId),
        ("undefined", "ann", NobodysId),
        ("v-1", "bob", IdTaken),
        ("ann", "v-1", PairCircles),
    ]:
        with pytest.raises(error):
            actions.merge(shop="tea", alias=alias, person=person, by=operator("7"))
    assert models.Link.objects.count() == 1


def test_many_who_say_opposite_things_at_once_make_no_circle_and_one_pair_each() -> None:
    claims = [said("a", "b", how=How.ALIAS), said("b", "c", how=How.ALIAS), said("c", "a", how=How.ALIAS)] * 4
    device = [said("v", f"p-{n % 3}") for n in range(12)]

    def tell(n: int) -> None:
        try:
            learn(claims[n], device[n])
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(tell, range(12)))
    assert models.Link.objects.filter(alias="v", parted_at=None).count() == 1
    assert models.Link.objects.filter(alias__in="abc").count() == 2
    ends = {queries.person_of("tea", id) for id in "abc"}
    assert len(ends) == 1


def test_who_signs_in_is_whoever_walked_in_that_browser() -> None:
    fact = an_event(
        "s", name="shop.customer_signed_in", person="c-1", body=b'{"customer_id": "1", "visitor_id": "v-1"}'
    )
    for _ in range(2):
        handlers.follow([fact])
    (link,) = queries.newest("tea")
    assert (link.alias, link.person, link.how, link.evidence) == ("v-1", "c-1", How.SIGNED_IN, fact.id)
    assert len(facts()) == 1
