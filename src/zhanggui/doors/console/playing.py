"""Plays as they are read: lanes of a board, one play's story, and the ledger as a table and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from zhanggui.base.accounts import queries as accounts
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, effect_words, play_words, segment_words, why_words, words
from zhanggui.doors.console.charting.intervals import Interval, Proof, intervals
from zhanggui.doors.console.charts import Spec
from zhanggui.doors.console.exporting import Cell, Table
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.segments import queries as segments
from zhanggui.insight.segments.errors import NoSuchSegment
from zhanggui.steer.plays import rules
from zhanggui.steer.plays.rules import UNEVEN_P, Entry, Incremental, Look, Play, State

# The lanes of the board, in the order in which a play walks through them.
LANES: Final[tuple[tuple[Promise, tuple[State, ...]], ...]] = (
    (lazy("Planned"), (State.DRAFT, State.WAITING, State.APPROVED)),
    (lazy("Going on"), (State.RUNNING,)),
    (lazy("Over, not measured"), (State.ENDED, State.STOPPED)),
    (lazy("Measured"), (State.MEASURED,)),
)
# More dots than these cannot be read in one picture.
_MOST_DOTS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the ledger as it is read.

    sentence     what it brought, in words
    costs        where the cost of goods in its margin comes from; empty without a margin
    chance       how likely it makes people buy oftener: what is believed, beside what was measured
    is_doubtful  whether its groups were too uneven to be built on
    """

    entry: Entry
    move: str
    metric: str
    proof: str
    sentence: str
    costs: str
    chance: str
    is_doubtful: bool


def lanes(plays: Sequence[Play]) -> list[tuple[Promise, list[Play]]]:
    """Plays by lane, the latest first; what was dropped before it started is in none."""
    shown = [one for one in plays if one.state is not State.STOPPED or one.started_on is not None]
    return [(name, [one for one in shown if one.state in states]) for name, states in LANES]


def rows(entries: Sequence[Entry]) -> list[Row]:
    """Lines of the ledger in words."""
    return [
        Row(
            entry=entry,
            move=str(play_words.MOVES[entry.move]),
            metric=why_words.metric_name(entry.metric),
            proof=str(play_words.PROOFS[entry.proof]),
            sentence=play_words.effect_words(entry),
            costs=effect_words.cost_words(entry),
            chance=effect_words.chance_words(entry),
            is_doubtful=entry.uneven_p is not None and entry.uneven_p < UNEVEN_P,
        )
        for entry in entries
    ]


def course(looks: Sequence[Look], scope: Scope) -> Spec | None:
    """What came on top day by day while a play ran, each with its interval; None while nothing can be said."""
    known = [(look.day, look.gmv) for look in looks if look.gmv is not None]
    marks = [_mark(formats.day(day, language=words.language()), gmv, Proof.RUNNING) for day, gmv in known]
    if not marks:
        return None
    said = charts.Words(
        title=_course_finding(known[-1][1]),
        subtitle=_("Paid less refunded on top of those held out (%(currency)s), all treated people, %(zone)s")
        % {"currency": scope.shop.currency, "zone": scope.shop.zone},
        language=words.language(),
    )
    return intervals(marks[-_MOST_DOTS:], words=said, name=_("On top"))


def picture(shown: Sequence[Row], scope: Scope) -> Spec | None:
    """The ledger as dots with their intervals; None of an empty one."""
    if not shown:
        return None
    proofs = {rules.Proof.HELD_OUT: Proof.FINAL, rules.Proof.SEASON: Proof.WEAKER}
    marks = [_mark(row.entry.name, row.entry.gmv, proofs[row.entry.proof]) for row in shown[:_MOST_DOTS]]
    sure = sum(row.entry.gmv.low.minor > 0 for row in shown)
    said = charts.Words(
        title=ngettext(
            "%(sure)s measurement of %(all)s is above nothing for sure",
            "%(sure)s measurements of %(all)s are above nothing for sure",
            sure,
        )
        % {"sure": sure, "all": len(shown)},
        subtitle=_(
            "Incremental paid amount less refunds (%(currency)s), 95 %% intervals, each in its own days, %(zone)s"
        )
        % {"currency": scope.shop.currency, "zone": scope.shop.zone},
        language=words.language(),
    )
    return intervals(marks, words=said, name=_("On top"))


def who(play: Play) -> str:
    """Whom a play is for, in words."""
    audience = play.plan.audience
    if play.plan.treats_visitors:
        return _("Whoever comes to the page, except robots and people who want no trace.")
    if not play.plan.treats_people:
        return _("Everybody: what everybody meets is the same for all.")
    if audience.source is not None:
        return segment_words.says(audience.source)
    try:
        return segments.segment(str(audience.segment_id)).name
    except NoSuchSegment:
        return _("A segment that was let go; who was drawn stays drawn.")


def people(play: Play) -> int:
    """How many people it is for: who was drawn, or who would be."""
    if play.started_on is not None:
        return play.treated + play.held_out
    return play.plan.hold_out.people if play.plan.hold_out else 0


def names() -> dict[str, str]:
    """Operators by number, as `operator:7` and as `7`."""
    found = {str(one.id): one.name or one.email for one in accounts.readers()}
    return found | {f"operator:{id}": name for id, name in found.items()}


def table(entries: Sequence[Entry], scope: Scope) -> Table:
    """The ledger as a file: what came on top and what passed through stand in columns of their own."""
    unit = {"unit": scope.shop.currency}
    heads = (
        _("Play"),
        _("What was done"),
        _("Number"),
        _("First day"),
        _("Last day"),
        _("Evidence"),
        _("People treated"),
        _("People held out"),
        _("Incremental (%(unit)s)") % unit,
        _("Incremental, at least (%(unit)s)") % unit,
        _("Incremental, at most (%(unit)s)") % unit,
        _("Incremental orders"),
        _("Incremental orders, at least"),
        _("Incremental orders, at most"),
        _("Incremental margin (%(unit)s)") % unit,
        _("Incremental margin, at least (%(unit)s)") % unit,
        _("Incremental margin, at most (%(unit)s)") % unit,
        _("Messages (%(unit)s)") % unit,
        _("Discounts (%(unit)s)") % unit,
        _("Spend (%(unit)s)") % unit,
        _("Fixed cost (%(unit)s)") % unit,
        _("Margin after cost (%(unit)s)") % unit,
        _("Orders whose cost of goods is known, %"),
        _("Chance to win, %"),
        _("Attributed orders"),
        _("Attributed (%(unit)s)") % unit,
    )
    return Table(name=f"{scope.shop.code}-effects", heads=heads, rows=[_cells(row) for row in rows(entries)])


def _cells(row: Row) -> tuple[Cell, ...]:
    entry = row.entry
    return (
        entry.name,
        row.move,
        row.metric,
        entry.first_day,
        entry.last_day,
        row.proof,
        entry.treated or None,
        entry.held_out or None,
        *_ends(entry.gmv),
        *(_rounded(size) for size in (entry.orders.value, entry.orders.low, entry.orders.high)),
        *_ends(entry.margin),
        entry.cost.messages,
        entry.cost.discounts,
        entry.cost.spend,
        entry.cost.fixed,
        entry.net.value if entry.net else None,
        None if entry.costed_bp is None else Decimal(entry.costed_bp) / 100,
        None if entry.chance is None else _rounded(100 * entry.chance),
        entry.attributed.orders,
        entry.attributed.money,
    )


def _ends(effect: Incremental | None) -> tuple[Money | None, ...]:
    return (effect.value, effect.low, effect.high) if effect else (None, None, None)


def _rounded(size: float) -> Decimal:
    return Decimal(str(size)).quantize(Decimal("0.1"))


def _mark(name: str, effect: Incremental, proof: Proof) -> Interval:
    ends = (effect.value, effect.low, effect.high)
    value, low, high = (formats.short_money(end, language=words.language()) for end in ends)
    return Interval(
        name=name,
        size=float(effect.value.major),
        low=float(effect.low.major),
        high=float(effect.high.major),
        proof=proof,
        said=_("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high},
    )


def _course_finding(gmv: Incremental) -> str:
    if gmv.low.minor > 0:
        return _("More came than from those held out, however often one looks")
    if gmv.high.minor < 0:
        return _("Less came than from those held out, however often one looks")
    return _("What came so far is not told from chance")
