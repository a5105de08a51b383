"""A process that keeps the children it is told to, for a test to kill."""

from __future__ import annotations

import os
import sys
import time

from zhanggui.doors.commands.children import Children
from zhanggui.doors.commands.rules import Address, Process

if __name__ == "__main__":
    folder, *manners = sys.argv[1:]
    processes = [
        Process(name=manner, module="tests.doors.commands.a_process", arguments=(manner, folder)) for manner in manners
    ]
    with Children(
        processes, address=Address(host="127.0.0.1", port=1), environment=os.environ, tell=lambda *_: None
    ) as children:
        while True:
            children.keep_up()
            time.sleep(0.05)
