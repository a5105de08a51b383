"""Who is plugged into the relay; `config/wiring.py` fills these lists."""

from __future__ import annotations

from zhanggui.spine.relay.loop import Loop
from zhanggui.spine.relay.rules import Reader

readers: list[Reader] = []
loops: list[Loop] = []
