"""A process of its own that keeps a server until it is told to end; tests kill it. Says each turn on a line."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from zhanggui.base.database.server import News, Server
from zhanggui.base.errors import Refused, Unreachable


def keep(home: Path) -> None:
    with Server(home, tell=say) as server:
        print("READY", server.pid, flush=True)
        while True:
            server.keep_up()
            time.sleep(0.05)


def say(news: News) -> None:
    print(news.turn.name, news.detail, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        keep(Path(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(0)
    except (Refused, Unreachable) as no:
        print(type(no).__name__, no, flush=True)
        sys.exit(3)
