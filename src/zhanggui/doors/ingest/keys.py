"""Who a sender is, remembered for half a minute, so that the database is not asked for every request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from zhanggui.doors.ingest import queries
from zhanggui.doors.ingest.errors import DatabaseGone, KeyUnknown
from zhanggui.doors.ingest.rules import Sender
from zhanggui.spine.sightings.rules.columns import ShopTerms

T = TypeVar("T")


class Keys:
    """The senders that were asked for lately, those unknown included."""

    REMEMBERED_SECONDS = 30.0
    MOST = 10_000

    def __init__(self) -> None:
        self._known: dict[Sender, tuple[ShopTerms | None, float]] = {}
        self._lock = threading.Lock()

    def known(self, sender: Sender) -> ShopTerms | None:
        """The sender's shop if it was looked up lately; None means: look it up.

        refuses  KeyUnknown if it was looked up lately and is nobody's
        """
        found = self._known.get(sender)
        if found is None or time.monotonic() > found[1]:
            return None
        return _someone(found[0])

    def look_up(self, sender: Sender) -> ShopTerms:
        """The sender's shop, from the database; while that is away, those known before still pass.

        refuses  KeyUnknown, DatabaseGone
        """
        try:
            terms = on_living_connection(
                lambda: queries.shop_of_key(sender.key) if sender.key else queries.own_shop(sender.shop)
            )
        except DatabaseGone:
            before = self._known.get(sender)
            if before is None:
                raise
            return _someone(before[0])
        with self._lock:
            if len(self._known) >= self.MOST:
                self._known.clear()
            self._known[sender] = (terms, time.monotonic() + self.REMEMBERED_SECONDS)
        return _someone(terms)


def on_living_connection(work: Callable[[], T]) -> T:
    """Do something with the database; once more if the connection turns out to be dead, as after a restart.

    work     may run twice
    refuses  DatabaseGone
    """
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return work()
    except (OperationalError, InterfaceError) as gone:
        connection.close()
        raise DatabaseGone(reason=str(gone)) from gone


def _someone(terms: ShopTerms | None) -> ShopTerms:
    if terms is None:
        raise KeyUnknown
    return terms
