"""Tables are made from arrays, and large months in several files; both say what the declarations say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.lake.making import DAY, NOON, a_line, an_event, append, rows_of
from tests.strength import examples
from zhanggui.insight.lake import actions, queries, rules
from zhanggui.insight.lake.actions import months, sources, visiting
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.lake.rules import Walked
from zhanggui.spine.envelope import Envelope

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("steps", "visits", "sessions", "sku_views", "orders"),
]
FROM_ARRAYS = (rules.STEPS, *(rules.rollup_named(name) for name in ("visits", "sessions", "sku_views", "orders")))

happenings = st.lists(
    st.builds(
        dict,
        name=st.sampled_from(
            ["Page", "Product Viewed", "Product Added", "Identify", "shop.order_placed", "shop.order_expired", "My.Own"]
        ),
        person=st.sampled_from(["", "anna", "boris", "phone", "tablet"]),
        session=st.sampled_from(["", "s1", "s2"]),
        channel=st.sampled_from(["", "mail"]),
        page=st.sampled_from(["/", "/cup"]),
        device=st.sampled_from(["", "phone", "bot"]),
        lines=st.sampled_from([(), (a_line("cup"),), (a_line("cup"), a_line("pot", category=""))]),
        sku=st.sampled_from(["", "cup"]),
        minute=st.integers(0, 9),
    ),
    max_size=30,
)


def told(happened: list[dict[str, object]], *, day: int = 0) -> list[Envelope]:
    """What nobody told before: examples share a lake."""
    return [
        an_event(
            f"{hash(str(happened))}/{n}", at=NOON + timedelta(days=day, minutes=int(str(one.pop("minute")))), **one
        )
        for n, one in enumerate(dict(one) for one in happened)
    ]


def declared(rollup: rules.Rollup = rules.STEPS) -> list[tuple[object, ...]]:
    """The rows as the table's declaration says them."""
    events = queries.counted_events("tea", date.min, date.max)
    names = ", ".join(f"cast({name} as {kind})" for name, kind in rollup.columns)
    return queries.ask(f"with events as (from {events}) select {names} from ({rollup.whole_sql}) order by all")


def kept(rollup: rules.Rollup = rules.STEPS) -> list[tuple[object, ...]]:
    return queries.ask(f"select * from {queries.rollup('tea', rollup.name)} order by all")


@settings(max_examples=examples(4), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(happenings, min_size=1, max_size=3))
def test_tables_made_from_arrays_are_those_of_their_declarations(batches: list[list[dict[str, object]]]) -> None:
    for n, batch in enumerate(batches):
        if batch:
            append(f"{n}/{hash(str(batch))}", *told(batch, day=n))
    until_us = 1_000_000 * round((NOON + timedelta(minutes=5)).timestamp())
    actions.rename("tea", {"phone": Walked(person="anna"), "tablet": Walked(person="boris", until_us=until_us)})
    actions.roll()
    for rollup in FROM_ARRAYS:
        assert kept(rollup) == declared(rollup)


@settings(max_examples=examples(4), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=happenings.filter(bool))
def test_sessions_are_the_same_where_nothing_happened_outside_one(batch: list[dict[str, object]]) -> None:
    named = [one | {"session": one["session"] or "s3"} for one in batch]
    append(f"named/{hash(str(named))}", *told(named))
    actions.roll()
    for rollup in FROM_ARRAYS:
        assert kept(rollup) == declared(rollup)


def test_an_event_that_came_twice_is_one_step() -> None:
    append("a", an_event("1"))
    append("b", an_event("1"), an_event("2"))
    actions.roll()
    assert kept() == declared()
    assert len(kept()) == 2


def test_a_large_month_lies_in_several_files_and_says_the_same_however_it_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources, "MOST_ROLLED_ROWS", 4)
    monkeypatch.setattr(months, "LARGE_ROWS", 3)
    for day in range(8):
        append(f"first {day}", *(an_event(f"{n}", at=NOON - timedelta(days=day, minutes=n)) for n in range(2)))
    actions.roll()
    live = RollupFile.objects.filter(name="steps", retired_at=None)
    assert live.count() == 4
    for changed in ([2], [0, 1, 3, 4, 5], [7]):
        for day in changed:
            append(f"more {day}", an_event("more", at=NOON - timedelta(days=day, hours=1)))
        actions.roll()
        assert kept() == declared()
    assert sum(row["pv"] for row in rows_of("visits")) == 8 * 2 + 7
    assert {row["day"] for row in rows_of("steps")} == {DAY - timedelta(days=day) for day in range(8)}


def test_days_made_from_arrays_join_the_rest_of_their_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "LARGE_ROWS", 8)
    for day in range(6):
        append(f"first {day}", *(an_event(f"{n}", at=NOON - timedelta(days=day, minutes=n)) for n in range(2)))
    actions.roll()
    for day in range(4):
        append(f"more {day}", an_event("more", at=NOON - timedelta(days=day, hours=1)))
    actions.roll()
    assert RollupFile.objects.filter(name="visits", retired_at=None).count() == 1
    for rollup in FROM_ARRAYS:
        assert kept(rollup) == declared(rollup)


def test_parts_are_shared_by_tables_that_are_made_from_arrays_alone() -> None:
    assert [one for one in rules.ROLLUPS if one.parts is rules.PARTS] == [rules.VISITS, rules.SESSIONS]


def test_visits_are_told_apart_by_more_texts_than_a_word_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST_CODES", 8)
    met = [(person, session, channel) for person in ("anna", "boris") for session in "123" for channel in ("", "mail")]
    append("a", *(an_event(f"{n}", person=p, session=f"{p}{s}", channel=c) for n, (p, s, c) in enumerate(met)))
    actions.roll()
    for rollup in FROM_ARRAYS:
        assert kept(rollup) == declared(rollup)
    assert [row["sessions"] for row in rows_of("visits")] == [3, 3, 3, 3]
