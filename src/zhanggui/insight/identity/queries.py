"""Reading who is who."""

from __future__ import annotations

from collections.abc import Iterable

from zhanggui.base import clock
from zhanggui.insight.identity import models, rules
from zhanggui.insight.identity.rules import How, Link, Pair

# A longer way from an id to its person is a mistake of the data.
LONGEST_WAY = 20


def person_of(shop: str, id: str) -> str:
    """Whom an id belongs to today; the id itself if nothing is known of it."""
    found = rules.walked([id], pairs_from(shop, [id]))[id]
    return found.person if found else id


def links_of(shop: str, id: str) -> tuple[Link, ...]:
    """All pairs about an id and the person it belongs to, the parted ones included, newest first."""
    person = person_of(shop, id)
    rows = models.Link.objects.filter(shop=shop)
    about = rows.filter(alias__in={id, person}) | rows.filter(person__in={id, person})
    return tuple(_link(row) for row in about.order_by("-at_us", "-id"))


def newest(shop: str, *, limit: int = 50) -> tuple[Link, ...]:
    """The pairs that were learned last."""
    return tuple(_link(row) for row in models.Link.objects.filter(shop=shop).order_by("-id")[:limit])


def pairs_from(shop: str, ids: Iterable[str]) -> tuple[Pair, ...]:
    """The pairs on the way from some ids to their persons. One statement per step. Index: …_one_person."""
    found: dict[str, Pair] = {}
    frontier = set(ids)
    for _ in range(LONGEST_WAY):
        rows = models.Link.objects.filter(shop=shop, alias__in=frontier, parted_at=None)
        step = {row.alias: Pair(alias=row.alias, person=row.person, until_us=row.until_us) for row in rows}
        found |= step
        frontier = {pair.person for pair in step.values()} - found.keys()
        if not frontier:
            break
    return tuple(found.values())


def leading_to(shop: str, ids: Iterable[str]) -> frozenset[str]:
    """These ids and all whose way to their person leads over one of them. Index: insight_identity_link_person."""
    found = frozenset(ids)
    frontier = found
    for _ in range(LONGEST_WAY):
        rows = models.Link.objects.filter(shop=shop, person__in=frontier, parted_at=None)
        frontier = frozenset(rows.values_list("alias", flat=True)) - found
        if not frontier:
            break
        found |= frontier
    return found


def _link(row: models.Link) -> Link:
    return Link(
        id=row.pk,
        alias=row.alias,
        person=row.person,
        how=How(row.how),
        at=clock.from_micros(row.at_us),
        until=clock.from_micros(row.until_us) if row.until_us is not None else None,
        evidence=row.evidence,
        parted_at=row.parted_at,
    )
