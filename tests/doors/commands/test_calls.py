"""The wish to end is heeded at the next pause."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from zhanggui.doors.commands.calls import Calls, ToldToEnd

NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_is_heeded_at_the_next_pause(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)  # what the tests were started with may be told to ignore it
    calls = Calls()
    calls.listen()

    os.kill(os.getpid(), number)

    with pytest.raises(ToldToEnd):
        calls.pause(60)


def test_a_pause_without_a_signal_ends_by_itself() -> None:
    calls = Calls()
    calls.listen()

    calls.pause(0.01)

    assert not calls.is_over


def test_a_hang_up_that_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    calls = Calls()
    calls.listen()

    os.kill(os.getpid(), signal.SIGHUP)
    calls.pause(0.01)

    assert not calls.is_over
