"""Boards and their tiles: who may see and change them, and that two who change one at a time lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from zhanggui.base.operation.rules import operator
from zhanggui.insight.boards import actions, models, queries, rules
from zhanggui.insight.boards.errors import (
    BoardChanged,
    BoardFull,
    NameTaken,
    NoSuchBoard,
    NoSuchTile,
    NotYours,
)
from zhanggui.insight.boards.rules import MOST_TILES, Asked, Kind, Rhythm, Schedule
from zhanggui.spine.log.models import Entry

LIN, WEI = operator("7"), operator("8")
MONEY = rules.asked(Kind.NUMBER, [("m", "gmv_paid")])
VISITORS = rules.asked(Kind.LINE, [("m", "uv"), ("by", "day")])
BUYERS = rules.asked(Kind.BARS, [("m", "buyers"), ("by", "region")])


@pytest.fixture
def board(db: None) -> str:
    return actions.make(shop="acme", name="Tea", tiles=[MONEY, VISITORS], by=LIN)


def shown(id: str) -> list[Asked]:
    return [tile.asked for tile in queries.tiles(id)]


def tile_ids(id: str) -> list[str]:
    return [tile.id for tile in queries.tiles(id)]


def told() -> list[tuple[str, dict[str, Any]]]:
    rows = Entry.objects.filter(name__startswith="insight.board_").order_by("seq")
    return [(row.name.removeprefix("insight.board_"), row.body) for row in rows]


def share(id: str, *, is_shared: bool = True, by: Any = LIN) -> None:
    found = queries.board(id, operator=int(by.id))
    actions.describe(id=id, name=found.name, is_shared=is_shared, seen=found.edition, by=by)


def test_a_board_is_begun_with_its_tiles_in_order_and_told(board: str) -> None:
    found = queries.board(board, operator=7)
    assert (found.name, found.owner, found.is_shared, found.edition) == ("Tea", 7, False, 1)
    assert shown(board) == [MONEY, VISITORS]
    assert told() == [("made", {"board_id": board, "tiles": 2})]


def test_only_its_owner_sees_a_board_until_it_is_shared(board: str) -> None:
    with pytest.raises(NoSuchBoard):
        queries.board(board, operator=8)
    with pytest.raises(NoSuchBoard):
        actions.add(board_id=board, asked=BUYERS, by=WEI)
    assert queries.boards("acme", operator=8) == ()

    share(board)

    assert [one.id for one in queries.boards("acme", operator=8)] == [board]
    actions.add(board_id=board, asked=BUYERS, by=WEI)
    assert shown(board) == [MONEY, VISITORS, BUYERS]
    assert told()[1:] == [("shared", {"board_id": board})]


def test_a_name_stands_once_for_an_operator_whatever_its_capitals(board: str) -> None:
    with pytest.raises(NameTaken):
        actions.make(shop="acme", name="TEA ", by=LIN)
    assert actions.make(shop="acme", name="tea", by=WEI) != board
    assert actions.make(shop="other", name="Tea", by=LIN) != board
    assert len(told()) == 3


def test_tiles_move_one_place_at_a_time_and_stay_at_the_ends(board: str) -> None:
    third = actions.add(board_id=board, asked=BUYERS, by=LIN)
    first, second = tile_ids(board)[:2]

    actions.move(board_id=board, tile_id=third, is_up=True, by=LIN)
    assert tile_ids(board) == [first, third, second]
    actions.move(board_id=board, tile_id=first, is_up=True, by=LIN)
    actions.move(board_id=board, tile_id=second, is_up=False, by=LIN)
    assert tile_ids(board) == [first, third, second]
    actions.remove(board_id=board, tile_id=third, by=LIN)
    actions.move(board_id=board, tile_id=first, is_up=False, by=LIN)
    assert tile_ids(board) == [second, first]


def test_a_tile_that_is_gone_can_be_removed_again_but_not_moved(board: str) -> None:
    first = tile_ids(board)[0]
    actions.remove(board_id=board, tile_id=first, by=LIN)
    before = queries.board(board, operator=7)
    actions.remove(board_id=board, tile_id=first, by=LIN)
    for change in (
        lambda: actions.move(board_id=board, tile_id=first, is_up=True, by=LIN),
        lambda: actions.call(board_id=board, tile_id=first, title="x", by=LIN),
    ):
        with pytest.raises(NoSuchTile):
            change()
    assert queries.board(board, operator=7) == before
    assert shown(board) == [VISITORS]


def test_a_tile_may_have_a_title_and_lose_it(board: str) -> None:
    first = tile_ids(board)[0]
    actions.call(board_id=board, tile_id=first, title="  All   money ", by=LIN)
    assert shown(board)[0].title == "All money"
    actions.call(board_id=board, tile_id=first, title="", by=LIN)
    assert shown(board)[0] == MONEY


def test_a_full_board_takes_no_more(db: None) -> None:
    board = actions.make(shop="acme", name="Full", tiles=[MONEY] * MOST_TILES, by=LIN)
    with pytest.raises(BoardFull):
        actions.add(board_id=board, asked=MONEY, by=LIN)
    assert len(shown(board)) == MOST_TILES


def test_what_was_changed_meanwhile_is_not_written_over(board: str) -> None:
    seen = queries.board(board, operator=7).edition
    actions.describe(id=board, name="Cups", is_shared=False, seen=seen, by=LIN)
    with pytest.raises(BoardChanged):
        actions.describe(id=board, name="Pots", is_shared=True, seen=seen, by=LIN)
    found = queries.board(board, operator=7)
    assert (found.name, found.is_shared) == ("Cups", False)
    assert [name for name, _body in told()] == ["made"]


def test_only_its_owner_closes_a_board_or_lets_it_go(board: str) -> None:
    share(board)
    with pytest.raises(NotYours):
        share(board, is_shared=False, by=WEI)
    with pytest.raises(NotYours):
        actions.forget(id=board, by=WEI)
    assert queries.board(board, operator=8).is_shared

    actions.forget(id=board, is_steward=True, by=WEI)

    assert models.Board.objects.count() == models.Tile.objects.count() == 0
    assert told()[-1] == ("forgotten", {"board_id": board})


def test_a_closed_board_is_nobody_s_first_page_and_mail_but_its_owner_s(board: str) -> None:
    share(board)
    for by in (LIN, WEI):
        actions.start_with(id=board, by=by)
        daily = Schedule(rhythm=Rhythm.DAILY, hour=7)
        actions.order_mail(board_id=board, operator=int(by.id), schedule=daily, language="en", by=LIN)

    share(board, is_shared=False)

    assert queries.start(7, shop="acme") == queries.board(board, operator=7)
    assert queries.start(8) is None
    assert [one.operator for one in queries.subscriptions(board)] == [7]
    assert told()[-1] == ("closed", {"board_id": board})


def test_one_board_at_a_time_is_the_first_page(board: str) -> None:
    other = actions.make(shop="acme", name="Cups", by=LIN)
    actions.start_with(id=board, by=LIN)
    actions.start_with(id=other, by=LIN)
    chosen = queries.start(7, shop="acme")
    assert chosen is not None and chosen.id == other
    actions.start_with(id=board, is_wanted=False, by=LIN)
    assert queries.start(7) is not None
    actions.start_with(id=other, is_wanted=False, by=LIN)
    assert queries.start(7) is None


def test_a_copy_is_one_s_own_with_the_same_tiles(board: str) -> None:
    share(board)
    copy = actions.duplicate(id=board, name="Tea", by=WEI)
    found = queries.board(copy, operator=8)
    assert (found.owner, found.is_shared, shown(copy)) == (8, False, [MONEY, VISITORS])
    actions.remove(board_id=copy, tile_id=tile_ids(copy)[0], by=WEI)
    assert shown(board) == [MONEY, VISITORS]
    assert told()[-1] == ("made", {"board_id": copy, "tiles": 2})


def test_the_database_itself_keeps_places_apart(board: str) -> None:
    with pytest.raises(IntegrityError, match="insight_boards_place_once"), transaction.atomic():
        models.Tile.objects.create(id=uuid4(), board_id=board, place=1, terms={})
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_board_at_the_same_moment_lose_nothing() -> None:
    board = actions.make(shop="acme", name="Tea", tiles=[MONEY, VISITORS], by=LIN)
    share(board)
    first, second = tile_ids(board)
    start = Barrier(6)

    def at_once(change: Callable[[], object]) -> None:
        start.wait()
        try:
            change()
        finally:
            connection.close()

    changes: list[Callable[[], object]] = [
        lambda: actions.add(board_id=board, asked=BUYERS, by=LIN),
        lambda: actions.add(board_id=board, asked=BUYERS, by=WEI),
        lambda: actions.add(board_id=board, asked=BUYERS, by=WEI),
        lambda: actions.call(board_id=board, tile_id=second, title="Visitors", by=LIN),
        lambda: actions.move(board_id=board, tile_id=second, is_up=True, by=WEI),
        lambda: actions.remove(board_id=board, tile_id=first, by=LIN),
    ]
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(at_once, change) for change in changes]:
            done.result()

    assert [asked.title for asked in shown(board)].count("Visitors") == 1
    assert sorted(asked.kind for asked in shown(board)) == [Kind.BARS] * 3 + [Kind.LINE]
    places = list(models.Tile.objects.filter(board_id=board).values_list("place", flat=True))
    assert len(set(places)) == 4
