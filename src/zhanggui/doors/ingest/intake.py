"""The way of a request through the door, the same for both servers: open, know the sender, read, line up, wait."""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import Future

from django.conf import settings

from zhanggui.base import clock
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.doors.ingest import rules
from zhanggui.doors.ingest.batcher import Batcher, Delivery
from zhanggui.doors.ingest.brakes import Brake
from zhanggui.doors.ingest.errors import KeeperBroken, TooOften
from zhanggui.doors.ingest.keeper import Keeper
from zhanggui.doors.ingest.keys import Keys
from zhanggui.doors.ingest.rules import ACCEPTED, Answer, Asked, Sender
from zhanggui.spine.sightings.rules import columns, events, wire
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.wire import Posted

LONGEST_WAIT_SECONDS = 15.0
# A day far from today is a file of its own, so it costs as much as so many events.
EVENTS_PER_DAY = 20
DAY_US = 24 * 3_600_000_000


class Intake:
    """What the requests of one process share."""

    def __init__(self) -> None:
        limits = settings.INGEST
        self.keys = Keys()
        self.batcher = Batcher(Keeper().keep, most_waiting_bytes=limits["MOST_WAITING_BYTES"])
        self._senders = Brake(
            rate_per_second=limits["EVENTS_PER_SECOND"], burst=limits["EVENTS_PER_SECOND"] * limits["BURST_SECONDS"]
        )
        self._addresses = Brake(
            rate_per_second=limits["REQUESTS_PER_SECOND"], burst=limits["REQUESTS_PER_SECOND"] * limits["BURST_SECONDS"]
        )

    def open(self, asked: Asked) -> Posted:
        """Take a request apart.

        refuses  TooOften, TooLarge, BrokenGzip, NotJson, TooDeep, TooManyEvents
        """
        if wait := self._addresses.take(asked.address, cost=1, at=time.monotonic()):
            raise TooOften(wait_seconds=wait)
        return wire.open_post(rules.unpacked(asked.body), call=asked.call)

    def take(self, posted: Posted, *, sender: Sender, shop: ShopTerms, asked: Asked) -> Future[None]:
        """Read the events and line them up.

        refuses  TooOften, TooMuchWaiting
        """
        arrival = columns.Arrival(
            shop=shop,
            received_us=clock.micros(clock.now()),
            nonce=secrets.token_hex(8),
            user_agent=asked.user_agent[:400] if asked.is_from_browser else "",
        )
        reading = events.read(posted, arrival=arrival)
        days = len({sighting.ts_us // DAY_US for sighting in reading.sightings})
        cost = len(posted.events) + EVENTS_PER_DAY * max(0, days - 1)
        if wait := self._senders.take(sender.name, cost=cost, at=time.monotonic()):
            raise TooOften(wait_seconds=wait)
        return self.batcher.put(Delivery(shop=shop, reading=reading, size_bytes=posted.size_bytes))

    def answer(self, asked: Asked) -> Answer:
        """The whole way, waiting on this thread until the events are durable."""
        try:
            posted = self.open(asked)
            sender = rules.sender_of(posted, asked)
            shop = self.keys.known(sender) or self.keys.look_up(sender)
            self.take(posted, sender=sender, shop=shop, asked=asked).result(LONGEST_WAIT_SECONDS)
        except (Refused, Unreachable) as error:
            return rules.answer_to(error)
        except TimeoutError:
            return rules.answer_to(KeeperBroken())
        return ACCEPTED


_opening = threading.Lock()
_open: list[Intake] = []


def intake() -> Intake:
    """The intake of this process, opened by the first request."""
    with _opening:
        if not _open:
            _open.append(Intake())
        return _open[0]


def shut() -> None:
    """Write what waits and let go of the database; the next request opens a new intake."""
    with _opening:
        while _open:
            _open.pop().batcher.close()
