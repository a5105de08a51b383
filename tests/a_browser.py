"""Chromium and its driver, started once per worker and lent to one module of tests after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright


class Chromium:
    """The running browser.

    Playwright leaves its event loop running in this thread. Under tests that walk nowhere it is hidden: whatever runs a
    loop of its own would be refused.
    """

    def __init__(self, path: str, arguments: Sequence[str]) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=path, args=list(arguments))
        self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)

    @contextmanager
    def in_use(self) -> Iterator[Browser]:
        """The browser, without what was opened in it once it is given back."""
        asyncio._set_running_loop(self._loop)
        yield self._browser
        for context in self._browser.contexts:
            context.close()
        asyncio._set_running_loop(None)

    def end(self) -> None:
        asyncio._set_running_loop(self._loop)
        self._browser.close()
        self._playwright.stop()
