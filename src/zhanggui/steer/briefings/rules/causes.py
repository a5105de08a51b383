"""Why the money is more or less: the factors of the tree and the places that moved, all of it summing to the change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zhanggui.insight.metrics.rules import Comparison
from zhanggui.insight.tree.rules import By, Cell, Factor, Link, Split, Why
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.gathered import Gathered
from zhanggui.steer.briefings.rules.values import (
    Chart,
    Finding,
    Kind,
    Number,
    Row,
    Section,
    Series,
    Shape,
    Sort,
    Source,
    Table,
    Thing,
    Unit,
    ranked,
)

MOST_PLACES: Final = 8
MOST_LOSERS: Final = 6
MOST_IN_TABLE: Final = 10
_CUTS: Final[tuple[By, ...]] = (By.CHANNEL, By.CATEGORY, By.REGION, By.SKU, By.BUYERS)
# The number whose page says what stands behind a factor, as the page of why has it.
_ABOUT: Final = {
    Factor.VISITORS: "uv",
    Factor.CONVERSION: "cvr_paid_visitor",
    Factor.BUYERS: "buyers",
    Factor.FREQUENCY: "orders_paid",
    Factor.ORDERS: "orders_paid",
    Factor.ORDER_VALUE: "aov",
}


def causes(found: Gathered) -> tuple[Section, ...]:
    """A section for each comparison: what each factor moved, and the stairs from one amount to the other."""
    both = [
        (Comparison.PREVIOUS, found.why_before),
        (Comparison.YEAR, found.why_year),
    ]
    if found.kind is Kind.YEAR:
        both.reverse()
    return tuple(_section(found, why, comparison) for comparison, why in both if why is not None and why.change)


def places(found: Gathered) -> Section:
    """Where the money moved: by channel, category, region, product and kind of buyer, the largest first."""
    why = found.main_why
    if why is None:
        return Section(key="places", findings=())
    moved = _movers(why)
    findings = [_place(found, why, by, cell) for by, cell in moved]
    unknown = [by for by in (By.CHANNEL, By.CATEGORY) if _is_unmarked(why.split(by))]
    findings += [
        Finding(key=f"unmarked_{by}", kind="unmarked", things=(Thing(name="cut", sort=Sort.WORD, code=f"cut_{by}"),))
        for by in unknown
    ]
    tables = tuple(
        table for by in _CUTS if by not in unknown and (table := _table(found, why, why.split(by))) is not None
    )
    charts = (_places_chart(found, why, moved, title=findings[0].key),) if moved else ()
    return Section(key="places", findings=tuple(findings), charts=charts, tables=tables)


def losers(found: Gathered) -> tuple[Finding, ...]:
    """The regions, channels, categories and products that lost most, the largest loss first."""
    why = found.main_why
    if why is None:
        return ()
    pairs = ((one.by, one.cell) for one in why.movers if one.by is not None and one.cell is not None and one.minor < 0)
    lost = [(by, cell) for by, cell in pairs if by in _CUTS and by is not By.BUYERS]
    return tuple(_place(found, why, by, cell) for by, cell in lost[:MOST_LOSERS])


def _movers(why: Why) -> list[tuple[By, Cell]]:
    """The cells that moved most, of the cuts that a review speaks of."""
    found = ((one.by, one.cell) for one in why.movers if one.by is not None and one.cell is not None)
    return [(by, cell) for by, cell in found if by in _CUTS][:MOST_PLACES]


def _places_chart(found: Gathered, why: Why, moved: list[tuple[By, Cell]], *, title: str) -> Chart:
    return Chart(
        key="places",
        shape=Shape.BARS,
        title=title,
        unit=Unit.MONEY,
        at=tuple(_thing(found, by, cell.key or "") for by, cell in moved),
        series=(Series(name="change", sizes=tuple(cell.change.minor for _by, cell in moved)),),
        source=_asked(found, why),
    )


def _section(found: Gathered, why: Why, comparison: Comparison) -> Section:
    name = "before" if comparison is Comparison.PREVIOUS else "year"
    asked = _asked(found, why)
    head = _sum(found, why, name, asked)
    factors = ranked([_factor(found, why, link, name) for link in _links(why) if link.minor])
    at = [Thing(name="at", sort=Sort.WORD, code=f"{name}_{found.kind}")]
    sizes: list[int | None] = [why.then.minor]
    for link in _links(why):
        at.append(Thing(name="at", sort=Sort.FACTOR, code=f"{link.branch}.{link.factor}"))
        sizes.append(link.minor)
    at.append(Thing(name="at", sort=Sort.WORD, code=f"now_{found.kind}"))
    sizes.append(why.now.minor)
    chart = Chart(
        key=f"stairs_{name}",
        shape=Shape.STAIRS,
        title=head.key,
        unit=Unit.MONEY,
        at=tuple(at),
        series=(Series(name="moved", sizes=tuple(sizes)),),
        source=asked,
    )
    return Section(key=f"why_{name}", findings=(head, *factors), charts=(chart,))


def _sum(found: Gathered, why: Why, name: str, asked: Source) -> Finding:
    """The whole change, led by the factor that moved most the same way; the parts below sum to it."""
    rose = why.change.minor > 0
    first = next((one.link for one in why.factors if one.link and (one.minor > 0) is rose), None)
    things = [Thing(name="other", sort=Sort.WORD, code=f"{name}_{found.kind}")]
    numbers = [asking.money("change", abs(why.change.minor), asked)]
    if first is not None:
        things.append(Thing(name="factor", sort=Sort.FACTOR, code=f"{first.branch}.{first.factor}"))
        numbers.append(asking.money("moved", abs(first.minor), asked))
    kind = ("sum_up" if rose else "sum_down") if first is not None else ("sum_up_only" if rose else "sum_down_only")
    return Finding(
        key=f"sum_{name}", kind=kind, things=tuple(things), numbers=tuple(numbers), weight=abs(why.change.minor)
    )


def _factor(found: Gathered, why: Why, link: Link, name: str) -> Finding:
    comparison = Comparison.PREVIOUS if name == "before" else Comparison.YEAR
    asked = asking.source(found.shop, _ABOUT.get(link.factor, why.metric), why.period, compare=comparison)
    then = asking.source(found.shop, _ABOUT.get(link.factor, why.metric), why.compare)
    return Finding(
        key=f"factor_{name}_{link.branch}_{link.factor}",
        kind="factor_up" if link.minor > 0 else "factor_down",
        things=(Thing(name="factor", sort=Sort.FACTOR, code=f"{link.branch}.{link.factor}"),),
        numbers=(
            _ratio("now", link, link.now, asked),
            _ratio("then", link, link.then, then),
            asking.money("moved", abs(link.minor), _asked(found, why)),
        ),
        weight=abs(link.minor),
    )


def _ratio(name: str, link: Link, ratio: tuple[int, int], asked: Source) -> Number:
    units = {
        Factor.CONVERSION: Unit.RATE,
        Factor.FREQUENCY: Unit.TIMES,
        Factor.ORDER_VALUE: Unit.MONEY,
        Factor.PRICE: Unit.MONEY,
    }
    unit = units.get(link.factor, Unit.COUNT)
    return Number(name=name, unit=unit, numerator=ratio[0], denominator=ratio[1], source=asked)


def _place(found: Gathered, why: Why, by: By, cell: Cell) -> Finding:
    key = cell.key or ""
    asked = _cell_asked(found, why, by, key)
    rose = cell.change.minor > 0
    is_new = rose and not cell.then
    return Finding(
        key=f"place_{by}_{key}",
        kind="place_new" if is_new else "place_up" if rose else "place_down" if cell.now else "place_gone",
        things=(_thing(found, by, key), Thing(name="cut", sort=Sort.WORD, code=f"cut_{by}")),
        numbers=(
            asking.money("change", abs(cell.change.minor), asked),
            asking.money("now", cell.now.minor, asked),
            asking.money("then", cell.then.minor, asked),
        ),
        weight=abs(cell.change.minor),
    )


def _table(found: Gathered, why: Why, split: Split | None) -> Table | None:
    """The cells of a cut that moved most, the gains first and then the losses."""
    if split is None or not any(cell.key for cell in split.cells):
        return None
    cells = [cell for cell in split.cells if cell.key and cell.change][:MOST_IN_TABLE]
    cells.sort(key=lambda cell: (-cell.change.minor, cell.key or ""))
    rows = tuple(_table_row(found, why, split.by, cell) for cell in cells)
    return Table(key=f"cells_{split.by}", heads=("now", "then", "change"), rows=rows) if rows else None


def _table_row(found: Gathered, why: Why, by: By, cell: Cell) -> Row:
    asked = _cell_asked(found, why, by, cell.key or "")
    return Row(
        thing=_thing(found, by, cell.key or ""),
        numbers=(
            asking.money("now", cell.now.minor, asked),
            asking.money("then", cell.then.minor, asked),
            asking.money("change", cell.change.minor, asked),
        ),
    )


def _thing(found: Gathered, by: By, key: str) -> Thing:
    zh, en = found.names.get(key, ("", "")) if by is By.SKU else ("", "")
    return Thing(name="place", sort=Sort(by.value), code=key, zh=zh, en=en)


def _is_unmarked(split: Split | None) -> bool:
    """Whether nothing that was sold bears a mark of this cut."""
    return split is None or all(not cell.key for cell in split.cells)


def _links(why: Why) -> Iterator[Link]:
    for limb in why.limbs:
        yield from limb.links


def _comparison(found: Gathered, why: Why) -> Comparison:
    return Comparison.YEAR if why.compare == found.year_ago else Comparison.PREVIOUS


def _asked(found: Gathered, why: Why) -> Source:
    return asking.source(found.shop, why.metric, why.period, page="why", compare=_comparison(found, why))


def _cell_asked(found: Gathered, why: Why, by: By, key: str) -> Source:
    """The page of why about one cell; new and returning buyers stand on it beside each other."""
    cut, cell = (by.cut.value, key) if by.cut else ("", "")
    more = () if by.cut else (("by", by.value),)
    return asking.source(
        found.shop,
        why.metric,
        why.period,
        page="why",
        compare=_comparison(found, why),
        cut=cut,
        cell=cell,
        more=more,
    )
