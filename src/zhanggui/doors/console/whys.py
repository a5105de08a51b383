"""What the page of why shows: the sentence, the tree, the stairs from one period to the other, and the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, counts, why_words, words
from zhanggui.doors.console.charting.waterfall import Stair, Turn, waterfall
from zhanggui.doors.console.exporting import Cell as Export
from zhanggui.doors.console.exporting import Table
from zhanggui.doors.console.figures import Tone
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.tree.rules import Branch, By, Cell, Effect, Factor, Finding, Limb, Link, Split, Why

MOST_SAID: Final = 3
MOST_MOVERS: Final = 8
# The factors that a number of the cockpit speaks of; all others stand beside the tree and are read cut by cut.
ABOUT: Final = {
    "gmv_paid": (),
    "goods_paid": (),
    "uv": (Factor.VISITORS,),
    "cvr_paid_visitor": (Factor.CONVERSION,),
    "buyers": (Factor.VISITORS, Factor.CONVERSION, Factor.BUYERS),
    "orders_paid": (Factor.FREQUENCY, Factor.ORDERS),
    "aov": (Factor.ORDER_VALUE,),
    "arppu": (Factor.FREQUENCY, Factor.ORDER_VALUE),
    "units": (Factor.UNITS,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An amount that something moved, with its sign and whether that is good news.

    bar  0 to 100, of the largest beside it
    """

    minor: int
    text: str
    tone: Tone
    bar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A factor in the tree.

    number    the key of the number whose page says what stands behind it
    is_asked  whether the number that was clicked speaks of it
    """

    name: str
    now: str
    then: str
    moved: Moved
    number: str
    has_orders: bool
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bough:
    """A branch of the tree with its factors."""

    name: str
    meaning: str
    now: Money
    then: Money
    moved: Moved
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cell of a cut as a row.

    scope   what is left when only this cell is looked at; None where the console cannot look at it alone
    number  the key of the orders behind it, if those of the whole do not say it
    side    the side of the segment that it is, which the page can look at alone
    """

    by: str
    name: str
    now: Money
    then: Money
    moved: Moved
    effects: tuple[Money, ...]
    scope: Scope | None
    number: str
    side: str = ""


def headline(why: Why, scope: Scope) -> str:
    """What moved, by how much, and because of what: up to three factors, those that went the same way first."""
    name = why_words.metric_name(why.metric)
    said = {"name": name, "money": why_words.signed(why.change), "other": str(words.COMPARISONS[scope.comparison])}
    if not why.change:
        return _("%(name)s is the same as %(other)s.") % said
    if not why.then:
        fact = _("%(name)s is %(money)s against %(other)s, when there was none") % said
    else:
        said["rate"] = formats.percent(
            abs(Decimal(why.change.minor) / why.then.minor), language=words.language(), decimals=1
        )
        up = why.change.minor > 0
        fact = (_("%(name)s rose %(rate)s (%(money)s)") if up else _("%(name)s fell %(rate)s (%(money)s)")) % said
    causes = _("; ").join(_cause(one, why) for one in _causes(why))
    return _unbroken(_("%(fact)s: %(causes)s.") % {"fact": fact, "causes": causes} if causes else f"{fact}.")


def boughs(why: Why, *, about: str) -> tuple[Bough, ...]:
    """The tree: each branch with its factors, in the order in which they are multiplied."""
    most = max((abs(link.minor) for limb in why.limbs for link in limb.links), default=0)
    asked = ABOUT.get(about, ())
    return tuple(
        Bough(
            name=str(why_words.BRANCHES[limb.branch]),
            meaning=str(why_words.BRANCH_MEANINGS[limb.branch]),
            now=limb.now,
            then=limb.then,
            moved=_moved(limb.change, most),
            boxes=tuple(_box(link, limb, most, is_asked=link.factor in asked) for link in limb.links),
        )
        for limb in why.limbs
    )


def stairs_chart(why: Why, scope: Scope) -> charts.Spec:
    """From the money of the other period to that of this one, factor by factor."""
    metric = why_words.metric_name(why.metric)
    parts = [
        Stair(name=_before(scope), size=_drawn(why.then), turn=Turn.WHOLE, said=_full(why.then)),
        *(_stair(link, limb.now.currency, is_many=len(why.limbs) > 1) for limb in why.limbs for link in limb.links),
        Stair(name=_("This period"), size=_drawn(why.now), turn=Turn.WHOLE, said=_full(why.now)),
    ]
    said = charts.Words(
        title=_("From %(then)s to %(now)s") % {"then": _full(why.then), "now": _full(why.now)},
        subtitle=_("%(name)s (%(unit)s), %(then)s against %(now)s, %(zone)s")
        % {
            "name": metric,
            "unit": scope.shop.currency,
            "then": words.span(why.compare),
            "now": words.span(why.period),
            "zone": scope.shop.zone,
        },
        language=words.language(),
    )
    return waterfall(parts, words=said, name=metric)


def movers(why: Why, scope: Scope) -> tuple[Line, ...]:
    """The cells of all cuts that moved most."""
    found = why.movers[:MOST_MOVERS]
    most = max((abs(one.minor) for one in found), default=0)
    names = _names(scope, [one.cell.key or "" for one in found if one.by is By.SKU and one.cell])
    return tuple(_line(one.by, one.cell, scope, names, most) for one in found if one.by and one.cell)


def lines(split: Split, scope: Scope) -> tuple[Line, ...]:
    """The cells of a cut, and below them what stands in none."""
    most = max((abs(cell.change.minor) for cell in split.cells), default=0)
    keys = [cell.key for cell in split.cells if cell.key] if split.by is By.SKU else []
    names = _names(scope, keys)
    found = [
        _line(split.by, cell, scope, names, most, others=split.count - len(split.cells) + 1) for cell in split.cells
    ]
    rest = split.rest[0] - split.rest[1]
    if split.rest[0] or split.rest[1]:
        nothing = Money.zero(rest.currency)
        found.append(
            Line(
                by=str(why_words.BYS[split.by]),
                name=_("Postage, tax, and what no product is known for yet"),
                now=split.rest[0],
                then=split.rest[1],
                moved=_moved(rest, most),
                effects=(nothing,) * (len(Effect) - 1) + (rest,),
                scope=None,
                number="",
            )
        )
    return tuple(found)


def table(rows: Sequence[Line], why: Why, by: By, scope: Scope) -> Table:
    """The rows as a file."""
    unit = {"unit": scope.shop.currency}
    heads = (
        str(why_words.BYS[by]),
        _("This period (%(unit)s)") % unit,
        _("Before (%(unit)s)") % unit,
        _("Change (%(unit)s)") % unit,
        *(_("%(name)s (%(unit)s)") % {"name": str(name), **unit} for name in why_words.EFFECTS.values()),
    )
    lines: list[tuple[Export, ...]] = [(one.name, one.now, one.then, one.now - one.then, *one.effects) for one in rows]
    name = f"why-{by}-{scope.shop.code}-{why.period.start}-{why.period.last}"
    return Table(name=name, heads=heads, rows=lines)


def _unbroken(said: str) -> str:
    """With every sign on the line of its amount: between + and ¥ a browser may begin a new one."""
    return re.sub(r"([+−])(?=¥)", "\\1\N{WORD JOINER}", said)


def _causes(why: Why) -> tuple[Finding, ...]:
    sign = 1 if why.change.minor > 0 else -1
    same_way = [one for one in why.factors if one.minor * sign > 0]
    against = [one for one in why.factors if one.minor * sign < 0]
    return (*same_way[:MOST_SAID], *against[: MOST_SAID - len(same_way[:MOST_SAID])])


def _cause(one: Finding, why: Why) -> str:
    if one.link is None:
        raise TypeError("a cause is a factor of the tree")
    currency = why.now.currency
    said = {
        "what": why_words.moved(one.link, currency),
        "money": why_words.signed(Money(one.minor, currency)),
        "branch": str(why_words.OF_BRANCHES.get(one.link.branch, "")),
    }
    is_main = one.link.branch in (Branch.SEEN, Branch.GOODS) or len(why.limbs) == 1
    return (_("%(what)s (%(money)s)") if is_main else _("%(what)s %(branch)s (%(money)s)")) % said


def _box(link: Link, limb: Limb, most: int, *, is_asked: bool) -> Box:
    currency = limb.now.currency
    now, then = why_words.ends(link, currency)
    return Box(
        name=str(why_words.FACTORS[link.factor]),
        now=now,
        then=then,
        moved=_moved(Money(link.minor, currency), most),
        number=why_words.EVIDENCE[link.factor],
        has_orders=link.factor is not Factor.VISITORS,
        is_asked=is_asked,
    )


def _stair(link: Link, currency: str, *, is_many: bool) -> Stair:
    amount = Money(link.minor, currency)
    name = str(why_words.FACTORS[link.factor])
    if is_many and link.branch is not Branch.SEEN:
        short = _("no visit") if link.branch is Branch.UNSEEN else _("not known")
        name = _("%(name)s (%(branch)s)") % {"name": name, "branch": short}
    turn = Turn.UP if link.minor >= 0 else Turn.DOWN
    return Stair(name=name, size=_drawn(amount), turn=turn, said=why_words.signed(amount))


def _line(by: By, cell: Cell, scope: Scope, names: dict[str, str], most: int, *, others: int = 0) -> Line:
    key = cell.key
    name = names.get(key or "") or (counts.others(others) if key is None else why_words.cell(by, key))
    return Line(
        by=str(why_words.BYS[by]),
        name=name,
        now=cell.now,
        then=cell.then,
        moved=_moved(cell.change, most),
        effects=tuple(Money(cell.of(effect), cell.now.currency) for effect in Effect),
        scope=scope.only(by.cut, key) if by.cut and key is not None else None,
        number={"new": "gmv_new", "returning": "gmv_returning"}.get(key or "", "") if by is By.BUYERS else "",
        side=key or "" if by is By.SEGMENT else "",
    )


def _names(scope: Scope, skus: Sequence[str]) -> dict[str, str]:
    listings = metrics.listings(scope.shop.code, skus)
    return {sku: one.name(words.language()) for sku, one in listings.items()}


def _moved(amount: Money, most: int) -> Moved:
    tone = Tone.SAME if not amount else Tone.GOOD if amount.minor > 0 else Tone.BAD
    share = round(100 * abs(amount.minor) / most) if most else 0
    return Moved(minor=amount.minor, text=why_words.signed(amount), tone=tone, bar=min(share, 100))


def _before(scope: Scope) -> str:
    said = str(words.COMPARISONS[scope.comparison])
    return said[:1].upper() + said[1:]


def _full(amount: Money) -> str:
    return formats.money(amount, language=words.language())


def _drawn(amount: Money) -> float:
    return float(amount.major)
