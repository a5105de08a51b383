"""A process for the tests of supervision: it notes who it is and behaves as its first word says.

steady    sleeps and ends on SIGTERM
stubborn  does not heed SIGTERM
failing   ends at once with code 3
parent    leaves a worker of its own behind when it is killed
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def note(folder: Path, word: str) -> None:
    with (folder / word).open("a") as out:
        out.write(f"{os.getpid()}\n")


def be(manner: str, folder: Path) -> int:
    if manner == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if manner == "parent":
        subprocess.Popen([sys.executable, __file__, "stubborn", str(folder)])
    note(folder, manner)
    if manner == "failing":
        return 3
    time.sleep(60)
    return 0


if __name__ == "__main__":
    sys.exit(be(sys.argv[1], Path(sys.argv[2])))
