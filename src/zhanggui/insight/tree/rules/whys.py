"""What an answer to why is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Cut, Filters, Period
from zhanggui.insight.tree.rules.chains import effects, logarithmic_mean


class By(StrEnum):
    """What the change is shared out by."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    CATEGORY = "category"
    REGION = "region"
    DEVICE = "device"
    SKU = "sku"
    BUYERS = "buyers"
    SEGMENT = "segment"

    @property
    def cut(self) -> Cut | None:
        """The cut of the dictionary that a page can look at one cell of; None for what only people are."""
        return None if self in (By.BUYERS, By.SEGMENT) else Cut(self.value)

    @property
    def is_of_goods(self) -> bool:
        """Whether its cells are products, which have units and a price and no visitors."""
        return self in (By.CATEGORY, By.SKU)


class Side(StrEnum):
    """On which side of a segment somebody stands; who is not known stands on neither."""

    IN = "in"
    OUT = "out"


class Branch(StrEnum):
    """Whose money it is: the parts of the whole that have factors of their own.

    SEEN    of buyers who visited in the period; all four factors of the tree
    UNSEEN  of known buyers without a visit in it, such as orders by telephone or of a page that was not measured
    NOBODY  of orders that belong to nobody known
    GOODS   of products, where only some of them are looked at
    """

    SEEN = "seen"
    UNSEEN = "unseen"
    NOBODY = "nobody"
    GOODS = "goods"


class Factor(StrEnum):
    """What money is a product of."""

    VISITORS = "visitors"
    SHARE = "share"
    CONVERSION = "conversion"
    BUYERS = "buyers"
    FREQUENCY = "frequency"
    ORDERS = "orders"
    ORDER_VALUE = "order_value"
    UNITS = "units"
    PRICE = "price"


class Effect(StrEnum):
    """What moved a cell.

    VOLUME  the whole grew or shrank, and the cell with it
    MIX     its share of the visitors (of the pieces, where goods are looked at) changed
    RATE    what a visitor of it (a piece of it) brings changed
    ASIDE   money of buyers who did not visit there, and of nobody known
    """

    VOLUME = "volume"
    MIX = "mix"
    RATE = "rate"
    ASIDE = "aside"


CHAINS: Final[Mapping[Branch, tuple[Factor, ...]]] = {
    Branch.SEEN: (Factor.VISITORS, Factor.CONVERSION, Factor.FREQUENCY, Factor.ORDER_VALUE),
    Branch.UNSEEN: (Factor.BUYERS, Factor.FREQUENCY, Factor.ORDER_VALUE),
    Branch.NOBODY: (Factor.ORDERS, Factor.ORDER_VALUE),
    Branch.GOODS: (Factor.UNITS, Factor.PRICE),
}
MOST_CELLS: Final = 40

# The counts of one branch in one period, each standing on the one before, as CHAINS names their factors.
Chain = tuple[int, ...]
Chains = Mapping[Branch, Chain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A factor of a branch in both periods, and what it moved.

    now, then  numerator and denominator; the denominator of a plain count is 1
    minor      its part of the change, in minor units
    """

    branch: Branch
    factor: Factor
    now: tuple[int, int]
    then: tuple[int, int]
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limb:
    """A branch of the tree: its money in both periods, and its factors."""

    branch: Branch
    now: Money
    then: Money
    links: tuple[Link, ...]

    @property
    def change(self) -> Money:
        """How much more money it is now."""
        return self.now - self.then


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A part of a cut: its money in both periods, and what moved it; the effects sum to the change.

    key   the text it is cut by; None for all cells that are too small to be told one by one
    size  how many visitors, or pieces of goods, it has now and had then
    """

    key: str | None
    now: Money
    then: Money
    size: tuple[int, int]
    volume: int
    mix: int
    rate: int
    aside: int

    @property
    def change(self) -> Money:
        """How much more money it is now."""
        return self.now - self.then

    def of(self, effect: Effect) -> int:
        """What an effect moved, in minor units."""
        return int(getattr(self, effect.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The change shared out over the cells of a cut.

    cells  those that moved most first; with `rest` they sum to the change of the whole
    count  how many cells there are, those taken together in the last one included
    rest   money that stands in no cell, now and then: of goods, postage and tax and what is not told by product yet
    """

    by: By
    cells: tuple[Cell, ...]
    count: int
    rest: tuple[Money, Money]

    def total(self, effect: Effect) -> int:
        """What an effect moved over all cells, in minor units."""
        return sum(cell.of(effect) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that moved the money, ready for a sentence: a factor of the tree, or a cell of a cut.

    link      the factor; None for a cell
    by, cell  the cell; None for a factor
    minor     what it moved
    """

    minor: int
    link: Link | None = None
    by: By | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why the money of a period differs from that of another.

    metric       gmv_paid, or goods_paid where only some products are looked at
    limbs        the branches that have money in either period; with their links they sum to the change
    splits       the same change by every cut, in the order of By
    is_complete  False while the period runs; the other one is then counted to the same moment
    """

    shop: str
    metric: str
    period: Period
    compare: Period
    where: Filters
    at: datetime
    is_complete: bool
    now: Money
    then: Money
    limbs: tuple[Limb, ...]
    splits: tuple[Split, ...]

    @property
    def change(self) -> Money:
        """How much more money it is now."""
        return self.now - self.then

    @property
    def factors(self) -> tuple[Finding, ...]:
        """The factors of the tree that moved anything, the largest part first, then in the order of the tree."""
        links = (link for limb in self.limbs for link in limb.links)
        return _ranked(Finding(minor=link.minor, link=link) for link in links)

    @property
    def movers(self) -> tuple[Finding, ...]:
        """The cells of all cuts that moved anything, the largest first, then in the order of cuts and keys.

        What bears no mark of a cut is no cell of it that anybody can look into.
        """
        return _ranked(
            Finding(minor=cell.change.minor, by=split.by, cell=cell)
            for split in self.splits
            for cell in split.cells
            if cell.key
        )

    def split(self, by: By) -> Split | None:
        """The change by one cut; None if it cannot be told."""
        return next((split for split in self.splits if split.by is by), None)


def limb(branch: Branch, now: Chain, then: Chain, currency: str) -> Limb:
    """A branch with what each of its factors moved."""
    parts = effects(now, then)
    links = tuple(
        Link(branch=branch, factor=factor, now=_ratio(now, n), then=_ratio(then, n), minor=parts[n])
        for n, factor in enumerate(CHAINS[branch])
    )
    return Limb(branch=branch, now=Money(now[-1], currency), then=Money(then[-1], currency), links=links)


def limbs(now: Chains, then: Chains, currency: str) -> tuple[Limb, ...]:
    """The branches that have money in either period, in the order of Branch."""
    found = (limb(branch, chain_in(now, branch), chain_in(then, branch), currency) for branch in Branch)
    return tuple(one for one in found if one.now or one.then)


def cell(key: str, now: Chains, then: Chains, *, wholes: tuple[int, int], currency: str) -> Cell:
    """A cell of a cut with what moved it: its first count is taken as a share of the whole's.

    wholes  visitors, or pieces, of all cells together now and then; people of several cells count once in it
    source  Ang (2004): volume times mix times rate; 1000 visitors, 300 here, 3000.00 against 1000, 200 here, 2000.00
            -> all 1000.00 are mix
    """
    main = Branch.GOODS if Branch.GOODS in now or Branch.GOODS in then else Branch.SEEN
    here, before = chain_in(now, main), chain_in(then, main)
    volume, mix, *rates = effects((wholes[0], *here), (wholes[1], *before))
    others = [branch for branch in (Branch.UNSEEN, Branch.NOBODY) if main is Branch.SEEN]
    aside = sum(chain_in(now, branch)[-1] - chain_in(then, branch)[-1] for branch in others)
    money = [here[-1] + sum(chain_in(now, branch)[-1] for branch in others)]
    money.append(before[-1] + sum(chain_in(then, branch)[-1] for branch in others))
    return Cell(
        key=key,
        now=Money(money[0], currency),
        then=Money(money[1], currency),
        size=(here[0], before[0]),
        volume=volume,
        mix=mix,
        rate=sum(rates),
        aside=aside,
    )


def ranked(cells: Sequence[Cell], *, most: int = MOST_CELLS) -> tuple[Cell, ...]:
    """Cells that moved most first, equal ones by key; those beyond the most taken together in a last one."""
    ordered = sorted(cells, key=lambda one: (-abs(one.change.minor), one.key or ""))
    if len(ordered) <= most:
        return tuple(ordered)
    return (*ordered[: most - 1], _together(ordered[most - 1 :]))


def chain_in(chains: Chains, branch: Branch) -> Chain:
    """The counts of a branch; zeros if it has none."""
    return chains.get(branch, (0,) * len(CHAINS[branch]))


def standing(chain: Chain) -> Chain:
    """Counts of which each stands on the one before: what there is of the next is of at least one of this.

    Money without an order, such as a balance told in another place, is one order's; a fee imported without a piece is
    one piece.
    """
    counts = list(chain)
    for n in range(len(counts) - 2, -1, -1):
        if counts[n + 1] > 0:
            counts[n] = max(counts[n], 1)
    return tuple(counts)


def worth(*, factor: tuple[float, float], money: tuple[float, float]) -> int:
    """What a factor of the tree moved, in minor units, when it and the money went from what was expected to what came.

    factor, money  what came, what was expected; a factor that came to nothing, as the money did, moved all of it, and
                   beside another one that did so it moved nothing
    source         the part of one factor in LMDI-I, as in `chains.effects`; visitors 800 for 1000 and 4800.00 for
                   6000.00 -> -1200.00
    """
    if factor[0] == 0 == money[0]:
        return -round(money[1])
    if min(*factor, *money) <= 0:
        return 0
    return round(logarithmic_mean(*money) * (math.log(factor[0]) - math.log(factor[1])))


def _together(cells: Sequence[Cell]) -> Cell:
    currency = cells[0].now.currency
    return Cell(
        key=None,
        now=Money.total((one.now for one in cells), currency),
        then=Money.total((one.then for one in cells), currency),
        size=(sum(one.size[0] for one in cells), sum(one.size[1] for one in cells)),
        volume=sum(one.volume for one in cells),
        mix=sum(one.mix for one in cells),
        rate=sum(one.rate for one in cells),
        aside=sum(one.aside for one in cells),
    )


def _ratio(chain: Chain, n: int) -> tuple[int, int]:
    return (chain[n], chain[n - 1]) if n else (chain[0], 1)


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted((one for one in findings if one.minor), key=lambda one: -abs(one.minor)))
