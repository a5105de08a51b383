"""Reading briefings that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from zhanggui.steer.briefings import models, ports
from zhanggui.steer.briefings.errors import NoSuchBriefing
from zhanggui.steer.briefings.rules import Document, Kind, State, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A briefing as it stands in a list; `last` is its last day."""

    id: UUID
    kind: Kind
    first: date
    last: date
    end: date
    edition: int
    state: State
    written_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words in place of a sentence."""

    words: str
    is_polished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was said to a proposal; `made` is the id of what it became."""

    verdict: Verdict
    target: int | None
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A briefing whole.

    words    by key of a finding, in one language
    decided  by key of a proposal
    """

    line: Line
    shop: str
    document: Document
    digest: str
    words: Mapping[str, Said] = field(default_factory=dict)
    decided: Mapping[str, Decided] = field(default_factory=dict)


def briefings(shop: str, *, limit: int, offset: int = 0) -> tuple[tuple[Line, ...], int]:
    """The briefings of a shop, the latest days first, and how many there are. Index steer_briefings_latest."""
    rows = models.Briefing.objects.filter(shop=shop).defer("document").order_by("-first", "kind", "-edition")
    return tuple(_line(row) for row in rows[offset : offset + limit]), rows.count()


def briefing(id: UUID | str, *, language: str = "") -> Briefing:
    """One briefing, with the words written in a language. Three statements.

    refuses  NoSuchBriefing
    """
    row = models.Briefing.objects.filter(pk=id).first()
    if row is None:
        raise NoSuchBriefing(id=str(id))
    words = row.words.filter(language=family(language)) if language else row.words.none()
    return Briefing(
        line=_line(row),
        shop=row.shop,
        document=row.value,
        digest=row.digest,
        words={one.key: Said(words=one.words, is_polished=one.is_polished) for one in words},
        decided={
            one.key: Decided(verdict=Verdict(one.verdict), target=one.target, made=one.made)
            for one in row.decisions.all()
        },
    )


def that_made(shop: str, made: str) -> tuple[Line, ...]:
    """The briefings a decision of which became a goal, a play or a budget; one at most. One statement."""
    rows = models.Briefing.objects.filter(shop=shop, decisions__made=made).defer("document")
    return tuple(_line(row) for row in rows.order_by("-first", "-edition"))


def that_quote(shop: str, name: str, *, limit: int = 5) -> tuple[Line, ...]:
    """The newest edition of each briefing that names something by its id in its figures, the latest days first. One
    statement, which reads the documents of the shop.
    """
    rows = models.Briefing.objects.filter(shop=shop, document__contains=name).defer("document")
    found: dict[tuple[str, date, date], Line] = {}
    for row in rows.order_by("-first", "kind", "-edition"):
        found.setdefault((row.kind, row.first, row.end), _line(row))
    return tuple(found.values())[:limit]


def has_polisher() -> bool:
    """Whether anybody is plugged in who writes sentences more smoothly."""
    return bool(ports.polishers)


def family(language: str) -> str:
    """The language in which words are kept: Chinese, or English for whatever is not."""
    return "zh" if language.lower().startswith("zh") else "en"


def _line(row: models.Briefing) -> Line:
    return Line(
        id=row.pk,
        kind=Kind(row.kind),
        first=row.first,
        last=date.fromordinal(row.end.toordinal() - 1),
        end=row.end,
        edition=row.edition,
        state=State(row.state),
        written_at=row.written_at,
        published_at=row.published_at,
    )
