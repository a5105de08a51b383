"""Asking every detector about a day, and keeping what they find."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from django.db import connection, transaction

from zhanggui.base import ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.insight.alerts import queries as alerts
from zhanggui.spine.facts.signals import SignalRaised
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.signals import models, ports, queries, rules
from zhanggui.steer.signals.rules import Finding, State

# A shop that stood still is looked at for its last days only: nobody acts on a signal of long ago.
MOST_DAYS: Final = 7
_DAY: Final = timedelta(days=1)

# Constraint steer_signals_looked_pkey: of two who look at a day with the same detector, one keeps what was found.
_CLAIM = """
insert into steer_signals_looked (shop, detector, day, at, found) values (%s, %s, %s, %s, %s)
on conflict (shop, detector, day) do nothing returning day
"""
# The signals of a shop are changed by one look at a time: two detectors may find the same kind and subject.
_ALONE = "select pg_advisory_xact_lock(hashtextextended('steer_signals/' || %s::text, 0))"


def look(*, shop: str, day: date, at: datetime, by: Actor) -> int:
    """Ask every detector about a day that is over; how many signals were raised.

    Each detector in its own transaction, once per day. What was found already by the same kind and subject makes that
    signal grow. One that fails holds up nobody: all others are asked before its failure goes on its way, so that it is
    as loud as any, and it is asked again the next time since it has not looked.

    tells    steer.signal_raised
    refuses  NoSuchShop
    """
    books = shops.shop(shop)
    done = queries.looked_with(shop, day)
    asked = [name for name in ports.detectors if name not in done]
    if not asked:
        return 0
    ordinary = queries.ordinary_day(books.code, day, at=at)
    raised: list[int] = []

    def ask(name: str) -> None:
        raised.append(_ask(name, shop=shop, day=day, ordinary_day_minor=ordinary, at=at, by=by))

    with ExitStack() as every:
        for name in reversed(asked):  # what is put onto a stack last is done first
            every.callback(ask, name)
    return sum(raised)


def look_at_ended_days(*, shop: str, at: datetime, by: Actor) -> int:
    """Look at the last days of a shop that are over and whose numbers were held against what is normal already.

    An imported shop is not looked at: its days are history.

    tells    steer.signal_raised
    refuses  NoSuchShop
    """
    newest = alerts.looked(shop)
    if newest is None or shops.shop(shop).kind is not ShopKind.OWN:
        return 0
    last = queries.looked(shop)
    first = newest if last is None else max(min(last, newest), newest - (MOST_DAYS - 1) * _DAY)
    raised: list[int] = []
    with ExitStack() as every:
        for n in reversed(range((newest - first).days + 1)):
            every.callback(lambda day: raised.append(look(shop=shop, day=day, at=at, by=by)), first + n * _DAY)
    return sum(raised)


def _ask(name: str, *, shop: str, day: date, ordinary_day_minor: int, at: datetime, by: Actor) -> int:
    with transaction.atomic():
        found = tuple(ports.detectors[name](shop, day, at=at))
    return _keep(detector=name, shop=shop, day=day, found=found, ordinary_day_minor=ordinary_day_minor, at=at, by=by)


@operation
def _keep(
    *,
    detector: str,
    shop: str,
    day: date,
    found: tuple[Finding, ...],
    ordinary_day_minor: int,
    at: datetime,
    by: Actor,
) -> int:
    """Write a look down, unless somebody else did: let signals grow, open new ones, close those that are over."""
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [shop])
        cursor.execute(_CLAIM, [shop, detector, day, at, len(found)])
        if cursor.fetchone() is None:
            return 0
    raised = 0
    for finding in found:
        raised += _take(finding, detector=detector, shop=shop, ordinary_day_minor=ordinary_day_minor, at=at, by=by)
    over = models.Signal.objects.filter(shop=shop, detector=detector, last_day__lte=day - rules.CLOSES_AFTER)
    over.exclude(state=State.CLOSED).update(state=State.CLOSED)
    return raised


def _take(finding: Finding, *, detector: str, shop: str, ordinary_day_minor: int, at: datetime, by: Actor) -> bool:
    """Let a finding's like grow, or open a signal if the finding is what its kind needs; whether one was opened."""
    like = models.Signal.objects.filter(shop=shop, kind=finding.kind, subject=finding.subject)
    standing = like.exclude(state=State.CLOSED).first()
    wanted = queries.need(shop, finding.kind, finding.subject, ordinary_day_minor=ordinary_day_minor)
    if standing is not None:
        _grow(standing, finding)
        if not (_is_another_matter(standing) and wanted.is_met_by(finding)):
            return False
        like.filter(pk=standing.pk).update(state=State.CLOSED)
    elif not wanted.is_met_by(finding):
        return False
    _open(finding, detector=detector, shop=shop, at=at, by=by)
    return True


def _grow(row: models.Signal, finding: Finding) -> None:
    """Nothing is counted twice: a finding of a day that was counted already changes nothing."""
    signal = row.value
    if finding.day <= signal.last_day:
        return
    size = rules.grown(signal, finding)
    row.last_day, row.days = finding.day, signal.days + 1
    row.low_minor, row.expected_minor, row.high_minor = size.low_minor, size.expected_minor, size.high_minor
    row.confidence, row.tests = max(signal.confidence, finding.confidence), finding.tests
    row.evidence, row.proposal = _plain(finding.evidence), _plain(finding.proposal)
    row.save(
        update_fields=[
            "last_day",
            "days",
            "low_minor",
            "expected_minor",
            "high_minor",
            "confidence",
            "tests",
            "evidence",
            "proposal",
        ]
    )


def _is_another_matter(row: models.Signal) -> bool:
    return row.dismissed_minor is not None and rules.comes_back(row.dismissed_minor, row.value.size)


def _open(finding: Finding, *, detector: str, shop: str, at: datetime, by: Actor) -> None:
    id, size = ids.uuid7(), finding.size
    fact = record(_fact(finding), by=by, trail=Trail(shop=shop, cause=finding.cause), subject=f"signal:{id}", at=at)
    models.Signal.objects.create(
        id=id,
        shop=shop,
        detector=detector,
        kind=finding.kind,
        subject=finding.subject,
        first_day=finding.day,
        last_day=finding.day,
        low_minor=size.low_minor,
        expected_minor=size.expected_minor,
        high_minor=size.high_minor,
        currency=size.currency,
        confidence=finding.confidence,
        tests=finding.tests,
        evidence=_plain(finding.evidence),
        proposal=_plain(finding.proposal),
        cause=finding.cause,
        fact=fact,
        raised_at=at,
    )


def _fact(finding: Finding) -> SignalRaised:
    first = finding.evidence[0]
    return SignalRaised(
        kind=finding.kind,
        subject=finding.subject,
        day=finding.day.isoformat(),
        low_minor=finding.size.low_minor,
        expected_minor=finding.size.expected_minor,
        high_minor=finding.size.high_minor,
        currency=finding.size.currency,
        confidence_bp=round(10_000 * finding.confidence),
        move=finding.proposal.move,
        metric=finding.proposal.metric,
        page=first.page,
        evidence=first.query,
    )


def _plain(value: object) -> object:
    return msgspec.to_builtins(value)
