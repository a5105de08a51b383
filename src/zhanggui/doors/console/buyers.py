"""The table of recency, frequency and money, as it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import words
from zhanggui.insight.value.rules import NAMES, Band, BuyersAsked, Kind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """A kind of buyers, its share of the people and of the money, and what to do."""

    kind: Kind
    name: str
    advice: str
    people: int
    people_share: Decimal | None
    amount: Money
    amount_share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Buyers with one recency and one frequency.

    heat  0 to 5, by the share of all buyers
    """

    people: int
    heat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareRow:
    """All squares of one recency, the rarest buyers first."""

    name: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares:
    """Recency against frequency: rows the latest first, columns the most orders first."""

    columns: tuple[str, ...]
    rows: tuple[SquareRow, ...]


def segments(table: Table) -> tuple[SegmentRow, ...]:
    """The eight kinds of buyers."""
    language = words.language()
    return tuple(
        SegmentRow(
            kind=segment.kind,
            name=NAMES[segment.kind].name(language),
            advice=NAMES[segment.kind].advice(language),
            people=segment.people,
            people_share=_share(segment.people, table.people),
            amount=segment.amount,
            amount_share=_share(segment.amount.minor, table.amount.minor),
        )
        for segment in table.segments()
    )


def buyers_words(asked: BuyersAsked) -> str:
    """Which buyers are meant, in a sentence."""
    language = words.language()
    said = [NAMES[asked.kind].name(language)] if asked.kind else []
    scores = {_("recency"): asked.recency, _("frequency"): asked.frequency, _("money"): asked.money}
    said += [
        _("%(what)s %(score)s of %(most)s") % {"what": what, "score": score, "most": asked.scale.most}
        for what, score in scores.items()
        if score
    ]
    who = _(", ").join(said)
    if asked.as_of is None:
        return _("Buyers: %(who)s") % {"who": who}
    return _("Buyers before %(day)s: %(who)s") % {"day": formats.day(asked.as_of, language=language), "who": who}


def squares(table: Table) -> Squares:
    """How many buyers have which recency and frequency; scores that nobody has are left out."""
    most = max((cell.people for cell in _flat(table)), default=0)
    return Squares(
        columns=tuple(_orders(band) for band in table.frequency),
        rows=tuple(
            SquareRow(
                name=_days(row),
                squares=tuple(
                    Square(people=people, heat=-(-5 * people // most) if most else 0)
                    for column in table.frequency
                    for people in (table.people_at(row.score, column.score),)
                ),
            )
            for row in table.recency
        ),
    )


def _flat(table: Table) -> Sequence[Square]:
    counts = (table.people_at(row.score, column.score) for row in table.recency for column in table.frequency)
    return [Square(people=people, heat=0) for people in counts]


def _days(band: Band) -> str:
    least, most = (formats.number(days, language=words.language()) for days in (band.least, band.most))
    if band.least == band.most:
        return ngettext("%(n)s day ago", "%(n)s days ago", band.least) % {"n": least}
    return _("%(least)s–%(most)s days ago") % {"least": least, "most": most}


def _orders(band: Band) -> str:
    least, most = (formats.number(orders, language=words.language()) for orders in (band.least, band.most))
    if band.least == band.most:
        return ngettext("%(n)s order", "%(n)s orders", band.least) % {"n": least}
    return _("%(least)s–%(most)s orders") % {"least": least, "most": most}


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole > 0 else None
