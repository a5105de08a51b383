"""What sightings say of who is who: each pair is asked about once, because clients say it with every event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from zhanggui.insight.identity.rules import Claim, How
from zhanggui.spine.sightings.rules import names
from zhanggui.spine.sightings.rules.columns import Sighting
from zhanggui.spine.sightings.rules.visits import BOT


class Said:
    """The pairs that were learned lately. Bounded; the database knows them all."""

    MOST = 200_000

    def __init__(self) -> None:
        self._known: set[tuple[str, str, str]] = set()

    def fresh(self, rows: Iterable[Sighting], *, shop: str) -> list[Claim]:
        """What is said here and was not learned lately."""
        return [
            _claim(row)
            for row in rows
            if row.visitor and row.visit.device != BOT and (shop, row.visitor, row.person) not in self._known
        ]

    def remember(self, claims: Sequence[Claim], *, shop: str) -> None:
        """These have been learned."""
        if len(self._known) > self.MOST:
            self._known.clear()
        self._known.update((shop, claim.alias, claim.person) for claim in claims)


def _claim(row: Sighting) -> Claim:
    return Claim(
        alias=row.visitor,
        person=row.person,
        how=How.ALIAS if row.name == names.ALIAS else How.IDENTIFY,
        at_us=row.ts_us,
        evidence=UUID(bytes=row.id),
    )
