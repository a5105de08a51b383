"""Pairs of ids that are one person, and what follows from all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from zhanggui.insight.lake.rules import Walked
from zhanggui.spine.sightings.rules import values


class How(StrEnum):
    """How a pair is known."""

    IDENTIFY = "identify"
    ALIAS = "alias"
    SIGNED_IN = "signed_in"
    BY_HAND = "by_hand"

    @property
    def is_of_device(self) -> bool:
        """Whether the id is that of a device or browser, which the next person may use as well."""
        return self in (How.IDENTIFY, How.SIGNED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody says that an id and a person are the same.

    at_us     when that was, microseconds since 1970, UTC
    evidence  the event that says so
    """

    alias: str
    person: str
    how: How
    at_us: int
    evidence: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An id and the person it is, as it holds now; up to a moment where somebody else was seen under the id then."""

    alias: str
    person: str
    until_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pair with its history, as the console shows it."""

    id: int
    alias: str
    person: str
    how: How
    at: datetime
    until: datetime | None
    evidence: UUID | None
    parted_at: datetime | None


def is_nobody(id: str) -> bool:
    """Whether an id is empty or one of those that broken clients send for nobody."""
    return not values.identity(id)


def believable(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Each pair once, as it was said first, by id and time; without those about nobody, and without an id by itself."""
    first: dict[tuple[str, str], Claim] = {}
    for claim in sorted(claims, key=lambda one: (one.alias, one.at_us, one.person)):
        if claim.alias != claim.person and not is_nobody(claim.alias) and not is_nobody(claim.person):
            first.setdefault((claim.alias, claim.person), claim)
    return tuple(first.values())


def walked(aliases: Iterable[str], pairs: Sequence[Pair]) -> Mapping[str, Walked | None]:
    """Whose rows those of some ids are, when pairs are followed to their end; None: the id's own.

    pairs   all that the ids lead to; they lead into no circle
    source  a is b until 20, b is c: rows of a are c's until 20, rows of b are c's
    """
    by_alias = {pair.alias: pair for pair in pairs}
    return {alias: _walked(alias, by_alias) for alias in aliases}


def _walked(alias: str, by_alias: Mapping[str, Pair]) -> Walked | None:
    person, until_us = alias, None
    seen = {alias}
    while (pair := by_alias.get(person)) is not None and pair.person not in seen:
        person = pair.person
        seen.add(person)
        ends = [end for end in (until_us, pair.until_us) if end is not None]
        until_us = min(ends) if ends else None
    return None if person == alias else Walked(person=person, until_us=until_us)
