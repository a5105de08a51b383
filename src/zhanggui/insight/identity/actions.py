"""Learning who is who, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.identity import models, queries, rules
from zhanggui.insight.identity.errors import IdTaken, NobodysId, NoSuchLink, PairCircles, SameId
from zhanggui.insight.identity.rules import Claim, How
from zhanggui.insight.lake import actions as lake
from zhanggui.spine.facts.identity import IdentityMerged, IdentityParted
from zhanggui.spine.log import actions as log
from zhanggui.spine.log.actions import Told
from zhanggui.spine.log.rules import Trail

# The unique indexes decide who was first; in the order of ids, so that two who learn the same never wait in a circle.
_LEARN = """
insert into insight_identity_link (shop, alias, person, how, at_us, evidence)
select %s, alias, person, how, at_us, evidence
from json_to_recordset(%s::json) t(place int, alias varchar, person varchar, how varchar, at_us bigint, evidence uuid)
order by place
on conflict do nothing returning alias, person, how
"""

# Somebody else was seen on the device of a person: from then on it is not known whose the device is.
_SHARE = """
with mine as materialized (
    select l.id, min(t.at_us) as at_us from insight_identity_link l
    join json_to_recordset(%s::json) t(alias varchar, person varchar, at_us bigint)
        on t.alias = l.alias and t.person <> l.person
    where l.shop = %s and l.parted_at is null and t.at_us > l.at_us
    group by l.id
), locked as materialized (
    select l.id from insight_identity_link l join mine using (id) order by l.alias for update of l
)
update insight_identity_link l set until_us = mine.at_us
from mine join locked using (id)
where l.id = mine.id and (l.until_us is null or l.until_us > mine.at_us)
returning l.alias
"""


def learn(*, shop: str, claims: Iterable[Claim], by: Actor) -> int:
    """Believe what was said about who is who, in the caller's transaction; how many pairs were new.

    An id goes to the first person who was known under it. A device on which somebody else signs in is merged with
    nobody further, and an id that is a person already is merged only by an alias or by hand.

    tells  insight.identity_merged for each new pair
    """
    said = rules.believable(claims)
    if not said:
        return 0
    _alone(shop)
    of_devices = _of_devices(shop, said)
    fresh = _insert(shop, of_devices)
    for claim in said:
        # One after the other, because each may close a circle with the one before.
        if not claim.how.is_of_device and not _circles(shop, claim):
            fresh += _insert(shop, [claim])
    shared = _share(shop, of_devices)
    _tell_lake(shop, {alias for alias, _, _ in fresh} | shared)
    told = [IdentityMerged(alias=alias, person=person, how=how) for alias, person, how in fresh]
    log.record_all([Told(fact=fact, by=by, trail=Trail(shop=shop, person=fact.person)) for fact in told])
    return len(fresh)


@operation
def merge(*, shop: str, alias: str, person: str, by: Actor) -> None:
    """Say by hand that an id and a person are the same; a pair that was parted holds again.

    refuses  SameId, NobodysId, IdTaken, PairCircles
    tells    insight.identity_merged
    """
    for id in (alias, person):
        if rules.is_nobody(id):
            raise NobodysId(alias=id)
    if alias == person:
        raise SameId(alias=alias)
    _alone(shop)
    claim = Claim(alias=alias, person=person, how=How.BY_HAND, at_us=clock.micros(clock.now()))
    if _circles(shop, claim):
        raise PairCircles(alias=alias, person=person)
    models.Link.objects.filter(shop=shop, alias=alias, person=person).exclude(parted_at=None).delete()
    if not learn(shop=shop, claims=[claim], by=by):
        raise IdTaken(alias=alias, person=queries.person_of(shop, alias))


@operation
def part(*, shop: str, link_id: int, by: Actor) -> None:
    """Take a pair back: each counts for itself again, and what is said later does not merge the two again.

    refuses  NoSuchLink
    tells    insight.identity_parted
    """
    link = models.Link.objects.filter(pk=link_id, shop=shop, parted_at=None).first()
    if link is None or not models.Link.objects.filter(pk=link_id, parted_at=None).update(parted_at=clock.now()):
        raise NoSuchLink(link_id=link_id)
    _tell_lake(shop, {link.alias})
    fact = IdentityParted(alias=link.alias, person=link.person)
    log.record(fact, by=by, trail=Trail(shop=shop, person=link.person))


@operation
def part_all(*, shop: str, person: str, by: Actor) -> int:
    """Part every id from a person who closed the account, so that nobody's walk leads to them; how many there were.

    tells  insight.identity_parted for each
    """
    links = models.Link.objects.filter(shop=shop, person=person, parted_at=None).order_by("id")
    found = list(links.values_list("id", flat=True))
    for id in found:
        part(shop=shop, link_id=id, by=by)
    return len(found)


def _alone(shop: str) -> None:
    """Nobody else learns of this shop until the transaction ends: two who say opposite things would make a circle."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"insight_identity/{shop}"])


def _of_devices(shop: str, said: Sequence[Claim]) -> list[Claim]:
    """What was said about devices, without ids that are persons themselves: those are merged by nothing but a name."""
    of_devices = [claim for claim in said if claim.how.is_of_device]
    ids = {claim.alias for claim in of_devices}
    rows = models.Link.objects.filter(shop=shop, person__in=ids, parted_at=None)
    persons = set(rows.values_list("person", flat=True)) | {claim.person for claim in of_devices}
    return [claim for claim in of_devices if claim.alias not in persons]


def _circles(shop: str, claim: Claim) -> bool:
    return claim.alias == queries.person_of(shop, claim.person)


def _insert(shop: str, said: Sequence[Claim]) -> list[tuple[str, str, str]]:
    rows = [
        {
            "place": place,
            "alias": claim.alias,
            "person": claim.person,
            "how": claim.how.value,
            "at_us": claim.at_us,
            "evidence": claim.evidence,
        }
        for place, claim in enumerate(said)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [shop, msgspec.json.encode(rows).decode()])
        return list(cursor.fetchall())


def _share(shop: str, said: Sequence[Claim]) -> set[str]:
    rows = [{"alias": claim.alias, "person": claim.person, "at_us": claim.at_us} for claim in said]
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [msgspec.json.encode(rows).decode(), shop])
        return {alias for (alias,) in cursor.fetchall()}


def _tell_lake(shop: str, changed: set[str]) -> None:
    aliases = queries.leading_to(shop, changed)
    lake.rename(shop, rules.walked(sorted(aliases), queries.pairs_from(shop, aliases)))
