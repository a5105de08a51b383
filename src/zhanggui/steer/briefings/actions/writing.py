"""Writing drafts, wording their sentences anew, and publishing them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max

from zhanggui.base import clock, ids
from zhanggui.base.errors import Unreachable
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.facts.briefings import BriefingPublished
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.briefings import models, ports, queries, rules
from zhanggui.steer.briefings.actions.carrying import Worded, carry_out, plans_of
from zhanggui.steer.briefings.errors import (
    AlreadyPublished,
    NoSuchBriefing,
    NoSuchFinding,
    WordsUnfit,
    WrittenMeanwhile,
)
from zhanggui.steer.briefings.rules import LONGEST_WORDS, YEAR_KEY, Document, Kind, Outcome, Plain, State, Verdict
from zhanggui.steer.plays.rules import Plan

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polished:
    """How many sentences were taken over, the keys of those that had been touched where they may not, and whether the
    polisher answered to the end.
    """

    taken: int
    refused: tuple[str, ...]
    is_whole: bool = True


def write(*, shop: str, kind: Kind, period: Period | None, at: datetime | None = None, by: Actor) -> UUID:
    """Write the draft of a briefing as the numbers are now; its id.

    A draft of the same days takes the new document and keeps what was worded and decided of what still stands in it;
    beside a published one a new edition begins. The lake is asked before the transaction begins.

    period   of a funnel all days there are if None
    refuses  NoSuchShop, NothingKnown, PeriodUnfit
    """
    return _keep(document=queries.document(shop, kind, period, at=at), by=by)


@operation
def say(*, id: UUID | str, key: str, language: str, words: str, by: Actor) -> None:
    """Put words in place of a sentence of a draft, or take them away if there are none; no figure changes by it.

    refuses  NoSuchBriefing, AlreadyPublished, NoSuchFinding, WordsUnfit, WrittenMeanwhile
    """
    row = locked(id)
    said = words.strip()
    if len(said) > LONGEST_WORDS:
        raise WordsUnfit(most=LONGEST_WORDS)
    if row.value.finding(key) is None:
        raise NoSuchFinding(key=key)
    _say(row, key=key, language=language, words=said, is_polished=False, by=by)


def polish(*, id: UUID | str, language: str, sentences: Mapping[str, Plain], by: Actor) -> Polished:
    """Let the polisher write the sentences of a draft more smoothly; without one nothing happens.

    What comes back is taken only if every figure, name and link stands in it as it did and no other does; what was
    refused is told in the log. A person's own words are left alone. The polisher is asked before the transaction
    begins; one that is out of reach is asked no more, and what it had written is kept.

    sentences  as a door makes them, by key of the finding
    refuses    NoSuchBriefing, AlreadyPublished
    """
    known = queries.briefing(id, language=language)
    if known.line.state is State.PUBLISHED:
        raise AlreadyPublished(id=str(id))
    own = {key for key, said in known.words.items() if not said.is_polished}
    asked = {key: sentence for key, sentence in sentences.items() if key not in own}
    taken, refused, is_whole = dict[str, str](), list[str](), True
    for polisher in ports.polishers:
        try:
            for key, better in _answers(polisher, asked, language=language):
                if what := rules.touched(asked[key], better):
                    _log.warning("briefing %s: the polished words of %s touch its %s and are refused", id, key, what)
                    refused.append(key)
                elif better != asked[key].words:
                    taken[key] = better
        except Unreachable as gone:
            _log.warning("briefing %s: the polisher is out of reach: %s", id, gone)
            is_whole = False
    if taken:
        _take(id=str(id), language=language, taken=taken, by=by)
    return Polished(taken=len(taken), refused=tuple(refused), is_whole=is_whole)


def publish(*, id: UUID | str, worded: Mapping[str, Worded], trail: Trail, by: Actor) -> UUID:
    """Put one's name to a draft: it stays as it is from now on, and what was accepted in it is carried out.

    The plays are filled in before the transaction begins, for the lake is asked.

    worded   what the accepted plays are called and why they are tried, by key, as a door says it
    tells    steer.briefing_published; then what the decisions tell, caused by it
    refuses  NoSuchBriefing, AlreadyPublished, WrittenMeanwhile; what goals, plays and budgets refuse;
             nothing is published then
    """
    found = queries.briefing(id)
    accepted = [key for key, one in found.decided.items() if one.verdict is not Verdict.DROP]
    plans = plans_of(found.document, accepted, worded=worded, by=by)
    return _publish(id=str(id), digest=found.digest, plans=plans, trail=trail, by=by)


def _answers(polisher: ports.Polisher, asked: Mapping[str, Plain], *, language: str) -> Iterator[tuple[str, str]]:
    for key, sentence in asked.items():
        yield key, polisher(sentence.words, language=language).strip()


def locked(id: UUID | str) -> models.Briefing:
    """The draft, held until the transaction ends.

    refuses  NoSuchBriefing, AlreadyPublished
    """
    row = models.Briefing.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NoSuchBriefing(id=str(id))
    if row.state == State.PUBLISHED:
        raise AlreadyPublished(id=str(id))
    return row


@operation
def _publish(*, id: str, digest: str, plans: Mapping[str, Plan], trail: Trail, by: Actor) -> UUID:
    row = locked(id)
    if row.digest != digest:
        raise WrittenMeanwhile(id=id)
    document = row.value
    told = BriefingPublished(
        briefing_id=str(row.pk),
        kind=document.kind,
        starts_on=document.first.isoformat(),
        ends_on=Period(document.first, document.end).last.isoformat(),
        digest=row.digest,
        findings=sum(1 for _ in document.findings()),
        effects=document.effects,
    )
    fact = record(told, by=by, trail=trail, subject=f"briefing:{row.pk}")
    models.Briefing.objects.filter(pk=row.pk).update(
        state=State.PUBLISHED, published_at=clock.now(), published_by=str(by), fact=fact
    )
    # The year before its quarters, which become its parts.
    in_order = sorted(row.decisions.exclude(verdict=Verdict.DROP), key=lambda one: (one.key != YEAR_KEY, one.pk))
    for decided in in_order:
        decided.refresh_from_db(fields=["made"])
        if decided.outcome != Outcome.PLAY or decided.key in plans:
            carry_out(decided, document=document, plans=plans, trail=trail.after(fact), by=by)
    return fact


@operation
def _keep(*, document: Document, by: Actor) -> UUID:
    """Two who write the same days at once: the second waits on steer_briefings_one_draft and takes the row over."""
    kept = rules.written(document)
    days = {"shop": document.shop, "kind": document.kind, "first": document.first, "end": document.end}
    latest = models.Briefing.objects.filter(**days).aggregate(most=Max("edition"))["most"] or 0
    fresh = {
        "document": kept.decode(),
        "digest": rules.digest(kept),
        "written_at": clock.now(),
        "written_by": str(by),
    }
    row, is_new = models.Briefing.objects.get_or_create(
        **days, state=State.DRAFT, defaults={"id": ids.uuid7(), "edition": latest + 1, **fresh}
    )
    if not is_new:
        models.Briefing.objects.filter(pk=row.pk, state=State.DRAFT).update(**fresh)
        row.words.exclude(key__in=[one.key for one in document.findings()]).delete()
        row.decisions.exclude(key__in=[one.key for one in document.decisions]).delete()
    return row.pk


@operation
def _take(*, id: str, language: str, taken: Mapping[str, str], by: Actor) -> None:
    row = locked(id)
    for key, words in taken.items():
        _say(row, key=key, language=language, words=words, is_polished=True, by=by)


def _say(row: models.Briefing, *, key: str, language: str, words: str, is_polished: bool, by: Actor) -> None:
    place: dict[str, Any] = {"briefing": row, "key": key, "language": queries.family(language)}
    if not words:
        models.Words.objects.filter(**place).delete()
        return
    said = {"words": words, "is_polished": is_polished, "written_by": str(by), "written_at": clock.now()}
    models.Words.objects.update_or_create(**place, defaults=said)
