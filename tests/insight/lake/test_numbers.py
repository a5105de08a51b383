"""Numbers for people: everybody in the daily tables has one, one each, for good."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections, transaction

from tests.insight.lake.making import DAY, NOON, an_event, append, rows_of
from zhanggui.insight.lake import actions, queries, rules
from zhanggui.insight.lake.actions import numbers, rolling
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.lake.rules import Walked

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("visits"),
]


def known() -> dict[str, int]:
    """Who has which number; nobody has two, and no two have one."""
    rows = queries.ask(f"select person, number from {queries.people('tea')}")
    assert len(rows) == len({person for person, _ in rows}) == len({number for _, number in rows})
    return dict(rows)


def visit(*people: str, days: int = 0) -> None:
    at = NOON + timedelta(days=days)
    append(f"{people[0]}/{days}", *(an_event(f"{who}/{days}", at=at, person=who) for who in people))


@pytest.mark.django_db(transaction=True)
def test_who_number_at_once_number_everybody_once() -> None:
    months = (0, 40, 80)
    for n, days in enumerate(months):
        visit(*(f"p{k:02}" for k in range(5 * n, 5 * n + 15)), days=days)
    together = threading.Barrier(len(months))

    def roll(days: int) -> int:
        together.wait()
        rolled = rolling.roll_month("tea", (DAY + timedelta(days=days)).replace(day=1), wait=True)
        connections.close_all()
        return rolled

    with ThreadPoolExecutor(len(months)) as pool:
        assert list(pool.map(roll, months)) == [1, 1, 1]
    assert sorted(known().values()) == list(range(1, 26))
    assert queries.people_count("tea") == 25
    assert sorted(row["person"] for row in rows_of("visits")) == sorted(
        f"p{k:02}" for n in range(3) for k in range(5 * n, 5 * n + 15)
    )


@pytest.mark.parametrize("newcomers", [(2, 3, 1, 2), (40, 1, 2, 1)], ids=["all are merged", "the first is too large"])
def test_many_files_become_few_and_everybody_keeps_the_number(
    monkeypatch: pytest.MonkeyPatch, newcomers: tuple[int, ...]
) -> None:
    monkeypatch.setattr(numbers, "_MOST_FILES", 3)
    before: dict[str, int] = {}
    for day, count in enumerate(newcomers):
        visit(*(f"p{len(before) + k}" for k in range(count)), days=day)
        actions.roll()
        assert before.items() <= known().items()
        before = known()
    assert sorted(before.values()) == list(range(1, sum(newcomers) + 1))
    assert RollupFile.objects.filter(name=rules.NUMBERS, retired_at=None).count() <= 3
    assert RollupFile.objects.filter(name=rules.NUMBERS).exclude(retired_at=None).exists()
    assert {row["person"] for row in rows_of("visits")} == before.keys()
    assert queries.verify("tea").problems == ()


@pytest.mark.django_db(transaction=True)
def test_a_roll_that_fails_leaves_the_numbers_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    visit("bob")
    broken = rules.Rollup(name="broken", version=1, columns=(("day", "date"),), sql="select nothing from events")
    with monkeypatch.context() as patch:
        patch.setattr(rolling, "ROLLUPS", (*rolling.ROLLUPS, broken))
        with pytest.raises(Exception, match="nothing"):
            actions.roll()
    visit("ann")
    actions.roll()
    assert known() == {"bob": 1, "ann": 2}
    assert [row["person"] for row in rows_of("visits")] == ["bob", "ann"]


def test_numbers_that_are_taken_back_are_nobodys() -> None:
    visit("bob")
    with transaction.atomic():
        actions.roll()
        assert known() == {"bob": 1}
        transaction.set_rollback(True)
    assert known() == {}
    visit("ann")
    actions.roll()
    assert known() == {"ann": 1, "bob": 2}
    assert [row["person"] for row in rows_of("visits")] == ["ann", "bob"]


def test_whose_id_turns_out_to_be_anothers_counts_under_one_number_and_keeps_theirs_for_later() -> None:
    visit("ann", "visitor")
    actions.roll()
    before = known()
    actions.rename("tea", {"visitor": Walked(person="ann")})
    actions.roll()
    assert [(row["person"], row["pv"]) for row in rows_of("visits")] == [("ann", 2)]
    actions.rename("tea", {"visitor": None})
    actions.roll()
    assert [(row["person"], row["pv"]) for row in rows_of("visits")] == [("ann", 1), ("visitor", 1)]
    assert known() == before


def test_nobody_is_nought() -> None:
    visit("ann", "")
    actions.roll()
    assert known() == {"ann": 1}
    assert queries.ask(f"select person from {queries.rollup('tea', 'visits')} order by 1") == [(0,), (1,)]


def test_who_is_not_rolled_yet_is_told_apart_by_numbers_below_nought() -> None:
    visit("ann")
    actions.roll()
    visit("ann", "bob", "cid", "", days=1)

    def counted() -> dict[str, int]:
        events = queries.counted_events("tea", DAY, date.max)
        rows = queries.ask(f"select distinct walker, person from {events}")
        assert len(rows) == 4
        return dict(rows)

    found = counted()
    assert (found["ann"], found[""]) == (1, 0)
    assert found["bob"] < 0 > found["cid"]
    assert len(set(found.values())) == 4
    assert counted() == found
