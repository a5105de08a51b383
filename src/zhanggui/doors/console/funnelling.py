"""The funnel page: what its address asks for, and its answer as it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.doors.console import funnel_words, words
from zhanggui.doors.console.exporting import Cell, Table, as_rate
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.funnels.errors import FunnelUnfit
from zhanggui.insight.funnels.queries import SEGMENT_KIND
from zhanggui.insight.funnels.rules import (
    FEWEST_STEPS,
    MOST_STEPS,
    OF_STEPS,
    Answer,
    Bar,
    Funnel,
    Kind,
    Question,
    Reached,
    Split,
    Step,
    Unit,
)
from zhanggui.insight.segments.rules import Source, terms_of

USUAL: Final = (
    "Page",
    "Product Viewed",
    "Product Added",
    "Checkout Started",
    "shop.order_placed",
    "shop.payment_settled",
)
# From the first contact to buying again; who ordered pays twice, with what lies between.
JOURNEY: Final = (
    "Page",
    "Product Viewed",
    "Product Added",
    "Checkout Started",
    "shop.payment_settled",
    "shop.payment_settled",
    "shop.review_published",
)
_ORDERED: Final = ("shop.order_placed", "shop.payment_settled")
_COMPLETED: Final = "Order Completed"
_JOURNEY_MINUTES: Final = 90 * 1440
WINDOWS: Final = (30, 60, 24 * 60, 3 * 1440, 7 * 1440, 14 * 1440, 30 * 1440, 90 * 1440)
_MOST_PARTS: Final = 12
_MOST_VALUES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorRow:
    """A step in the editor; empty at the end, so that another can be named."""

    place: int
    event: str = ""
    sku: str = ""
    category: str = ""
    page: str = ""

    @property
    def is_about(self) -> bool:
        """Whether it is about some goods or pages only."""
        return bool(self.sku or self.category or self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBar:
    """A step as it is read.

    width    0 to 100, of the first step
    level, before  how high it is drawn, and the step before, in hundredths of the first step
    share    of the first step; of_before of the step before, None for the first, with 95 % between low and high
    lost     who came as far as the step before and no further
    """

    place: int
    name: str
    count: int
    width: int
    level: float
    before: float
    share: Decimal | None
    of_before: Decimal | None
    lost: int
    low: float = 0.0
    high: float = 1.0
    mean: str = ""
    median: str = ""
    p90: str = ""
    kept: Source | None = None
    kept_lost: Source | None = None

    @property
    def of_lost(self) -> Decimal | None:
        """Which share of the step before is lost here; None for the first."""
        return None if self.of_before is None else 1 - self.of_before


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A value of the split as it is read, step by step."""

    name: str
    cells: tuple[ShownBar, ...]

    @property
    def whole(self) -> Decimal | None:
        """How many of those who began came to the end."""
        return self.cells[-1].share


def funnel_of(query: Mapping[str, str], usual: Sequence[str]) -> Funnel:
    """The funnel that an address asks for; the usual one if it names no step.

    refuses  FunnelUnfit
    """
    steps = tuple(_step(row) for row in rows_of(query) if row.event)
    said = query.get("window", "")
    return Funnel(
        steps=steps or tuple(Step(event=event) for event in usual),
        kind=Kind(query["order"]) if query.get("order") in tuple(Kind) else Kind.ORDERED,
        unit=Unit(query["unit"]) if query.get("unit") in tuple(Unit) else Unit.PEOPLE,
        window_minutes=int(said) if said.isdecimal() and len(said) < 8 else 7 * 1440,
    )


def question_of(query: Mapping[str, str], scope: Scope, usual: Sequence[str]) -> Question:
    """The whole question of an address.

    refuses  FunnelUnfit
    """
    by = query.get("by", "")
    return Question(
        funnel=funnel_of(query, usual),
        start=scope.period.start,
        end=scope.period.end,
        where=scope.where_by(OF_STEPS),
        by=Split(by) if by in tuple(Split) else None,
    )


def rows_of(query: Mapping[str, str]) -> tuple[EditorRow, ...]:
    """The editor's rows as an address has them."""
    names = ("event", "sku", "category", "page")
    return tuple(
        EditorRow(place=place, **{name: query.get(f"{name}.{place}", "").strip()[:200] for name in names})
        for place in range(1, MOST_STEPS + 1)
    )


def editor(funnel: Funnel) -> tuple[EditorRow, ...]:
    """The rows of a funnel, and an empty one where there is room."""
    rows = [
        EditorRow(
            place=place,
            event=step.event,
            sku=", ".join(step.skus),
            category=", ".join(step.categories),
            page=", ".join(step.pages),
        )
        for place, step in enumerate(funnel.steps, start=1)
    ]
    return (*rows, EditorRow(place=len(rows) + 1)) if len(rows) < MOST_STEPS else tuple(rows)


def pairs_of(question: Question) -> Iterator[tuple[str, str]]:
    """The question as the names and values of an address, for links to a file or another split."""
    for row in editor(question.funnel):
        for name in ("event", "sku", "category", "page"):
            if value := getattr(row, name):
                yield f"{name}.{row.place}", value
    yield "order", question.funnel.kind
    yield "unit", question.funnel.unit
    yield "window", str(question.funnel.window_minutes)
    if question.by:
        yield "by", question.by


def usual_steps(events: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """The steps of a purchase that happened here, or the two that happened most often.

    A shop that tells of no orders, only of visitors who completed one, ends with that.
    """
    happened = [event for event, _ in events]
    known = tuple(event for event in USUAL if event in happened)
    if not any(event in _ORDERED for event in known) and _COMPLETED in happened:
        known = (*known, _COMPLETED)
    return known if len(known) > 1 else tuple(happened[:2])


def journey_of(events: Sequence[tuple[str, int]], scope: Scope) -> Question | None:
    """The way from the first contact to buying again, as far as its steps happened; None if hardly any did."""
    happened = {event for event, _ in events}
    steps = tuple(Step(event=event) for event in JOURNEY if event in happened)
    if len(steps) < FEWEST_STEPS:
        return None
    funnel = Funnel(steps=steps, window_minutes=_JOURNEY_MINUTES)
    return Question(funnel=funnel, start=scope.period.start, end=scope.period.end)


def bars(answer: Answer) -> tuple[ShownBar, ...]:
    """The steps of all who began."""
    shown = _shown(answer.question, [bar.count for bar in answer.bars], value=None)
    return tuple(_timed(one, bar) for one, bar in zip(shown, answer.bars, strict=True))


def parts(answer: Answer) -> tuple[ShownPart, ...]:
    """The steps of each value of the split."""
    by = answer.question.by
    if by is None:
        return ()
    return tuple(
        ShownPart(
            name=funnel_words.part(by, part.value),
            cells=tuple(_shown(answer.question, part.counts, value=part.value)),
        )
        for part in answer.parts[:_MOST_PARTS]
    )


def finding(answer: Answer, shown: Sequence[ShownBar]) -> str:
    """What the funnel shows, in a sentence or two."""
    first, last = shown[0], shown[-1]
    if not first.count or last.share is None:
        return _("Nobody began in this period.")
    rate = formats.percent(last.share, language=words.language(), decimals=2 if last.share < Decimal("0.01") else 1)
    count = formats.number(first.count, language=words.language())
    said = _("%(rate)s of %(count)s went all the way") % {"rate": rate, "count": count}
    if len(shown) < 3 or answer.question.funnel.kind is Kind.UNORDERED:
        return _("%(sentences)s.") % {"sentences": said}
    worst = min(shown[1:], key=lambda one: (1 if one.of_before is None else one.of_before, one.place))
    lost = formats.number(worst.lost, language=words.language())
    where = _("the largest share is lost before “%(step)s”: %(lost)s") % {"step": worst.name, "lost": lost}
    return _("%(sentences)s.") % {"sentences": _("; ").join([said, where])}


def table(answer: Answer, scope: Scope) -> Table:
    """What the page shows, as rows: all who began, then each value of the split."""
    heads = (_("Which"), _("Step"), _("Count"), _("Of the first step"), _("Of the step before"))
    bounds = (_("At least, 95 %"), _("At most, 95 %"))
    times = (_("Mean, seconds"), _("Median, seconds"), _("9 in 10 within, seconds"))
    rows: list[tuple[Cell, ...]] = [
        (_("All"), one.name, one.count, as_rate(one.share), as_rate(one.of_before), *_bounds(bar), *_seconds(bar))
        for one, bar in zip(bars(answer), answer.bars, strict=True)
    ]
    for part in parts(answer):
        rows += [
            (part.name, one.name, one.count, as_rate(one.share), as_rate(one.of_before), None, None, None, None, None)
            for one in part.cells
        ]
    return Table(
        name=f"funnel-{scope.shop.code}-{scope.period.start}-{scope.period.last}",
        heads=(*heads, *bounds, *times),
        rows=rows,
    )


def _step(row: EditorRow) -> Step:
    return Step(event=row.event, skus=_listed(row.sku), categories=_listed(row.category), pages=_listed(row.page))


def _listed(said: str) -> tuple[str, ...]:
    """Values between commas, Chinese ones too."""
    values = (value.strip() for value in said.replace("，", ",").split(","))
    return tuple(dict.fromkeys(value for value in values if value))[:_MOST_VALUES]


def _shown(question: Question, counts: Sequence[int], *, value: str | None) -> list[ShownBar]:
    shown = []
    for place, count in enumerate(counts, start=1):
        before = counts[place - 2] if place > 1 else 0
        shown.append(
            ShownBar(
                place=place,
                name=funnel_words.bar(question, place),
                count=count,
                width=round(100 * count / counts[0]) if counts[0] else 0,
                level=100 * count / (counts[0] or 1),
                before=100 * (before if place > 1 else count) / (counts[0] or 1),
                share=_share(count, counts[0]),
                of_before=_share(count, before) if place > 1 else None,
                lost=before - count if place > 1 else 0,
                kept=_source(question, place, value, is_dropped=False) if count else None,
                kept_lost=_source(question, place, value, is_dropped=True) if place > 1 and before > count else None,
            )
        )
    return shown


def _timed(shown: ShownBar, bar: Bar) -> ShownBar:
    shown = replace(shown, low=bar.bounds.low, high=bar.bounds.high)
    if bar.times is None:
        return shown
    took = funnel_words.took
    return replace(shown, mean=took(bar.times.mean), median=took(bar.times.median), p90=took(bar.times.p90))


def _source(question: Question, place: int, value: str | None, *, is_dropped: bool) -> Source:
    wanted = Reached(question=question, place=place, is_dropped=is_dropped, value=value)
    return Source(kind=SEGMENT_KIND, terms=terms_of(wanted))


def _bounds(bar: Bar) -> tuple[Cell, Cell]:
    """Between which shares of the step before the true one lies; nothing for the first step."""
    if bar.place == 1 or not bar.before:
        return None, None
    low, high = (as_rate(Decimal(one).quantize(Decimal("0.000001"))) for one in (bar.bounds.low, bar.bounds.high))
    return low, high


def _seconds(bar: Bar) -> tuple[Cell, Cell, Cell]:
    if bar.times is None:
        return None, None, None
    mean, median, p90 = (round(one.total_seconds()) for one in (bar.times.mean, bar.times.median, bar.times.p90))
    return mean, median, p90


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.000001")) if whole else None


def refusal(unfit: FunnelUnfit) -> str:
    """Why a funnel cannot be counted, in words."""
    said: dict[str, str] = {
        "steps": _("A funnel has 2 to 8 steps. Name at least two."),
        "event": _("Each step needs an event."),
        "window": _("The window lies between a minute and 90 days."),
    }
    return said[unfit.reason]
