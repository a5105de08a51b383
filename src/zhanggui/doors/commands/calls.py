"""Being told to end: a signal is noted when it comes and heeded at the next pause, never in the middle of a step."""

from __future__ import annotations

import signal
import time
from types import FrameType

_LONGEST_SLEEP_SECONDS = 0.1


class ToldToEnd(BaseException):
    """Somebody wants the house closed: SIGTERM from a service manager, or Ctrl-C."""


class Calls:
    """Listens for the wish to end."""

    def __init__(self) -> None:
        self.is_over = False

    def listen(self) -> None:
        """From now on SIGTERM, Ctrl-C and a closed terminal end the house in order; what is ignored stays so."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)

    def pause(self, seconds: float) -> None:
        """Wait that long, or raise ToldToEnd as soon as somebody wants us to end."""
        until = time.monotonic() + seconds
        while not self.is_over and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LONGEST_SLEEP_SECONDS))
        if self.is_over:
            raise ToldToEnd

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.is_over = True
