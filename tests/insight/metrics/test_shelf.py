"""Answers that all processes share: never another's, never a torn one, never an old one without its time."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.insight.metrics.events import a_tea_week, paid, remember
from zhanggui.base import clock
from zhanggui.base.home import shelf
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.metrics.queries import Shelf, Told, forget_all
from zhanggui.insight.metrics.queries import shelf as shelving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("acme", "every_shop_is_large")]


@pytest.fixture
def acme(lake_folder: Path) -> Shop:
    return a_tea_week()


@pytest.fixture
def every_shop_is_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shelving, "LARGE_ROWS", 1)
    shutil.rmtree(shelf("kept"))
    yield
    shutil.rmtree(shelf("kept"), ignore_errors=True)


@pytest.fixture
def figures() -> Shelf[tuple]:
    return Shelf(tuple, name="figures", most=3)


class Work:
    """Works out how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[int, ...]:
        self.times += 1
        return (self.times,)


def ask(figures: Shelf[tuple], shop: str, question: str, moment: int, work: Work, **how: bool) -> Told[tuple]:
    return figures.get(shop, question, moment, work, version=lake.version(shop), **how)


def files() -> list[Path]:
    return sorted(shelf("kept").iterdir())


def test_another_process_takes_what_was_laid(figures: Shelf[tuple]) -> None:
    work = Work()
    assert ask(figures, "acme", "30 days", 0, work) == Told((1,))
    # Another process keeps nothing of this one's.
    forget_all()
    assert ask(figures, "acme", "30 days", 0, work) == Told((1,))
    assert work.times == 1
    assert len(files()) == 1


@pytest.mark.parametrize(
    ("shop", "question", "moment"), [("other", "30 days", 0), ("acme", "90 days", 0), ("acme", "30 days", 1)]
)
def test_another_shop_question_or_moment_has_its_own_answer(
    figures: Shelf[tuple], shop: str, question: str, moment: int
) -> None:
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    forget_all()
    assert ask(figures, shop, question, moment, work) == Told((2,))


def test_an_answer_for_other_tables_is_worked_out_anew(figures: Shelf[tuple], acme: Shop) -> None:
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    remember(acme, paid("late", "2026-05-05T01:00"))
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))
    forget_all()
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))


def test_tables_of_the_same_version_from_a_restored_dump_are_other_tables(figures: Shelf[tuple]) -> None:
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    # The edition's number is as it was; one file is another.
    RollupFile.objects.filter(pk=RollupFile.objects.filter(shop="acme", name="visits").first().pk).update(
        retired_at=clock.now()
    )
    forget_all()
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))


@pytest.mark.parametrize("written", [b"", b"torn", None])
def test_a_torn_file_is_worked_out_anew_and_mended(figures: Shelf[tuple], written: bytes | None) -> None:
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    (path,) = files()
    path.write_bytes(path.read_bytes()[:-7] if written is None else written)
    forget_all()
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))
    forget_all()
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))


def test_what_was_not_written_by_this_code_is_never_unpickled(
    figures: Shelf[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    forget_all()
    monkeypatch.setattr(shelving, "_code", lambda: "another release")
    monkeypatch.setattr(pickle, "loads", lambda _body: pytest.fail("read what another release wrote"))
    assert ask(figures, "acme", "30 days", 0, work) == Told((2,))


def test_a_former_answer_is_given_with_its_time_and_not_kept(
    figures: Shelf[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, then = Work(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: then)
    ask(figures, "acme", "30 days", 0, work)
    forget_all()
    later = then + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert ask(figures, "acme", "30 days", 3, work, may_be_former=True) == Told((1,), then)
    # Whoever waits gets the latest, and then so does everybody.
    assert ask(figures, "acme", "30 days", 3, work) == Told((2,))
    assert ask(figures, "acme", "30 days", 3, work, may_be_former=True) == Told((2,))
    forget_all()
    assert ask(figures, "acme", "30 days", 3, work, may_be_former=True) == Told((2,))


def test_what_is_older_than_an_hour_is_not_shown(figures: Shelf[tuple], monkeypatch: pytest.MonkeyPatch) -> None:
    work, then = Work(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: then)
    ask(figures, "acme", "30 days", 0, work)
    monkeypatch.setattr(clock, "now", lambda: then + shelving.OLDEST)
    assert ask(figures, "acme", "30 days", 60, work, may_be_former=True) == Told((2,))


def test_a_small_shop_has_no_files_and_never_a_former_answer(
    figures: Shelf[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelving, "LARGE_ROWS", 1_000_000)
    work = Work()
    ask(figures, "acme", "30 days", 0, work)
    assert ask(figures, "acme", "30 days", 1, work, may_be_former=True) == Told((2,))
    assert files() == []


def test_there_are_only_so_many_files_and_the_oldest_goes_first(figures: Shelf[tuple]) -> None:
    work = Work()
    for n in range(5):
        ask(figures, "acme", f"{n} days", 0, work)
        for path in files():
            # Files of one tick of the disk's clock would have no order.
            stamp = path.stat().st_mtime_ns - 1_000_000_000
            os.utime(path, ns=(stamp, stamp))
    assert len(files()) == 3
    forget_all()
    assert ask(figures, "acme", "4 days", 0, work) == Told((5,))
    assert ask(figures, "acme", "0 days", 0, work) == Told((6,))


def test_without_room_the_answer_is_given_all_the_same(figures: Shelf[tuple], monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", is_full)
    assert ask(figures, "acme", "30 days", 0, Work()) == Told((1,))
    assert files() == []


def test_readers_see_whole_answers_while_writers_write(figures: Shelf[tuple]) -> None:
    rounds, start = 60, Barrier(4)
    found: list[object] = []

    def write(writer: int) -> None:
        start.wait()
        for n in range(rounds):
            answer = (writer, n) * 20_000
            figures._lay(laid(answer))

    def read() -> None:
        start.wait()
        found.extend(figures._laid("acme", "30 days") for _ in range(rounds))

    def laid(answer: tuple) -> shelving._Laid:
        return shelving._Laid(shop="acme", question="30 days", moment=0, mark="", made_at=clock.now(), answer=answer)

    figures._lay(laid((0, 0) * 20_000))
    threads = [Thread(target=write, args=(1,)), Thread(target=write, args=(2,)), *(Thread(target=read) for _ in "12")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 2 * rounds
    assert all(one is not None and len(set(one.answer[::2])) == 1 and len(one.answer) == 40_000 for one in found)
    assert len(files()) == 1
