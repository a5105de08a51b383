"""The ways of the paths page as they are seen: a flow from place to place, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.doors.console import behind, path_words, words
from zhanggui.doors.console.charting import flows
from zhanggui.doors.console.charting.flows import Band, Flow, Node
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.paths.queries import PATH_KIND
from zhanggui.insight.paths.rules import Paths, Question, Walkers
from zhanggui.insight.segments.rules import Source, terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLeg:
    """A leg as it is read.

    place  at which it begins: 1 is the first; counted back from the chosen end, 0 is that end
    share  of all ways that come by
    kept   who they are; None if that is all others
    """

    place: int
    source: str
    target: str
    count: int
    share: Decimal
    kept: Source | None


def walkers(question: Question, path: tuple[str, ...], place: int | None = None) -> Source:
    """The people of a whole path, or of the part of it that stands at a place."""
    return Source(kind=PATH_KIND, terms=terms_of(Walkers(question=question, path=path, place=place)))


def legs(found: Paths) -> Iterator[ShownLeg]:
    """The legs from place to place, of each place the most often taken first."""
    for place, between in enumerate(found.legs, start=found.first):
        for leg in between:
            ends = (leg.source, leg.target)
            yield ShownLeg(
                place=place,
                source=_name(leg.source, found),
                target=_name(leg.target, found),
                count=leg.count,
                share=(Decimal(leg.count) / found.ways).quantize(Decimal("0.000001")),
                kept=walkers(found.question, ends, place) if all(ends) else None,
            )


def flow(found: Paths, scope: Scope) -> Flow | None:
    """The ways drawn; None if they lead nowhere."""
    if not found.legs:
        return None
    places = [[*_nodes(found, n, scope)] for n in range(len(found.stops))]
    bands = [[*_bands(found, n, scope)] for n in range(len(found.legs))]
    return flows.flow(places, bands)


def _nodes(found: Paths, n: int, scope: Scope) -> Iterator[Node]:
    """The nodes of a place; what has no stop of its own stands last, together."""
    stops = found.stops[n]
    for stop in stops:
        source = walkers(found.question, (stop.node,), found.first + n)
        yield _node(found, stop.node, stop.count, behind.address(source, scope))
    if others := found.whole[n] - sum(stop.count for stop in stops):
        yield _node(found, "", others, "")


def _node(found: Paths, key: str, count: int, address: str) -> Node:
    name = _name(key, found)
    share = Decimal(count) / found.ways
    short = formats.percent(share, language=words.language(), decimals=1 if share < Decimal("0.01") else 0)
    said = _("%(name)s: %(count)s of %(ways)s") % {
        "name": name,
        "count": formats.number(count, language=words.language()),
        "ways": formats.number(found.ways, language=words.language()),
    }
    return Node(key=key, name=name, count=count, short=short, said=said, address=address)


def _bands(found: Paths, n: int, scope: Scope) -> Iterator[Band]:
    for leg in found.legs[n]:
        ends = (leg.source, leg.target)
        said = _("%(source)s → %(target)s: %(count)s") % {
            "source": _name(leg.source, found),
            "target": _name(leg.target, found),
            "count": formats.number(leg.count, language=words.language()),
        }
        address = behind.address(walkers(found.question, ends, found.first + n), scope) if all(ends) else ""
        yield Band(source=leg.source, target=leg.target, count=leg.count, said=said, address=address)


def _name(key: str, found: Paths) -> str:
    return path_words.node(key, found.question.nodes) if key else _("others")
