"""What config/wiring.py plugs in: the processes of the house, and what the doctor looks at besides."""

from __future__ import annotations

from zhanggui.base.health import Check
from zhanggui.doors.commands.rules import RELAY, WEB, WORKER, Process

# What `zhanggui run` keeps up, the web server first; they are ended in this order.
processes: list[Process] = [WEB, WORKER, RELAY]

# What `zhanggui doctor` looks at with Django, after its own.
checks: list[Check] = []
