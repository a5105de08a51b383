"""The same verb for many parcels: each by itself, so that one refusal holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhanggui.base.errors import Refused, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one parcel of many; `fault` is None if the verb was done."""

    parcel_id: str
    fault: Refused | Unreachable | None = None


def each(parcel_ids: Iterable[str], verb: Callable[[str], object]) -> tuple[Outcome, ...]:
    """Do a verb for each of these parcels, one transaction each; what became of them, in the same order."""
    return tuple(_tried(parcel_id, verb) for parcel_id in parcel_ids)


def _tried(parcel_id: str, verb: Callable[[str], object]) -> Outcome:
    try:
        verb(parcel_id)
    except (Refused, Unreachable) as fault:
        return Outcome(parcel_id=parcel_id, fault=fault)
    return Outcome(parcel_id=parcel_id)
