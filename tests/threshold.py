"""What stands between the live server and the intake: the server outlives a test, its database does not."""

from __future__ import annotations

import threading

from zhanggui.doors.ingest import intake, rules
from zhanggui.doors.ingest.errors import KeeperBroken


class Threshold:
    """Lets requests in while a test that asked for the live server lasts.

    A page's last beacon may come when the page is gone: an intake that it opened would find no database.
    """

    def __init__(self) -> None:
        self._is_open = False
        self._one_at_a_time = threading.Lock()

    def answer(self, asked: rules.Asked) -> rules.Answer:
        """As the intake answers; to who comes from the live server after the test as if it were broken."""
        if not asked.host.startswith("localhost:"):
            return intake.intake().answer(asked)
        with self._one_at_a_time:
            return intake.intake().answer(asked) if self._is_open else rules.answer_to(KeeperBroken())

    def open(self) -> None:
        """Let requests in."""
        self._is_open = True

    def close(self) -> None:
        """Let nobody in any more, and write what waits."""
        with self._one_at_a_time:
            self._is_open = False
        intake.shut()
