"""What is loaded when it is first asked for.

Charts, workbooks, simulated shops and the SDKs of others are large and rarely needed: every command, the relay and the
worker would pay for them at each start. The web server asks for what shoppers need before it takes a request (`wsgi`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pkgutil import resolve_name
from typing import Any


def late(address: str) -> Callable[..., Any]:
    """The verb at an address, `module:name`; its module is loaded with the first call."""

    def called(*args: Any, **kwargs: Any) -> Any:
        return resolve_name(address)(*args, **kwargs)

    return called


class Late:
    """An adapter that is made when somebody first asks it for something."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> object:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)
