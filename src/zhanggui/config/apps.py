"""The app that plugs the rooms into each other once Django is ready."""

from __future__ import annotations

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Reads `config/wiring.py` when every shelf is loaded."""

    name = "zhanggui.config"
    label = "config"

    def ready(self) -> None:
        """Plug in."""
        from zhanggui.config import wiring  # noqa: PLC0415 - models must be loaded before the actions that use them

        wiring.plug_in()
