"""When an event happened, from three clocks: the client's, twice, and ours."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from zhanggui.base import clock
from zhanggui.spine.sightings.rules.reasons import Broken, Reason

# Go clients write the year 1 where they have no time.
_NO_TIME: Final = clock.micros(datetime(1, 1, 1, tzinfo=UTC))
# Numbers from here on are milliseconds, below they are seconds; 10^11 s is the year 5138, 10^11 ms is 1973.
_FIRST_MILLIS: Final = 10**11
_LAST: Final = clock.micros(datetime.max.replace(tzinfo=UTC))


def micros_of(value: object) -> int | None:
    """A client's timestamp in microseconds since 1970, UTC; None if there is none.

    value    ISO 8601 with or without a zone (then UTC), up to nanoseconds; or a number of seconds or milliseconds
    refuses  Broken(BROKEN_TIMESTAMP)
    """
    if not value and value in (None, ""):
        return None
    try:
        if type(value) is str:
            at = datetime.fromisoformat(value)
            micros = clock.micros(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
        else:
            micros = _of_number(value)
    except (ValueError, OverflowError, ArithmeticError) as wrong:
        raise Broken(Reason.BROKEN_TIMESTAMP) from wrong
    if not _NO_TIME < micros <= _LAST:
        if micros == _NO_TIME:
            return None
        raise Broken(Reason.BROKEN_TIMESTAMP)
    return micros


def happened_at(*, original_us: int | None, sent_us: int | None, received_us: int) -> int:
    """When it happened by our clock: received − (sent − original); the client's clock may be wrong by any amount.

    Without a sending time the client's own time stands. Never after it was received; never moved out of the past.
    source   original 10:00, sent 10:05, received 12:05 -> 12:00
    """
    if original_us is None:
        return received_us
    if sent_us is None:
        return min(original_us, received_us)
    return max(_NO_TIME, min(received_us - (sent_us - original_us), received_us))


def _of_number(value: object) -> int:
    if type(value) is not int and type(value) is not Decimal:
        raise ValueError("not a timestamp")
    if not 0 <= value <= _LAST:
        raise ValueError("not a timestamp")
    return int(value * (1_000 if value >= _FIRST_MILLIS else 1_000_000))
