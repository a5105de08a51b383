"""Ways as a flow from left to right: a node for each place and what was looked at there, a band for each leg between.

Drawn on the server: every node and band is a link, and a table beside it says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

# In the picture's own units, which are about a pixel.
HEIGHT: Final = 420
_WIDEST, _NARROWEST, _PAGE = 280, 168, 1120
_NODE, _GAP, _TOP = 14, 34, 18
# How much of a band's length its ends go straight on.
_BEND: Final = 0.5
_LETTER: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What so many ways came by at a place.

    key      its own within the place
    said     what is read on hover
    address  who they are; empty if nobody can be named
    """

    key: str
    name: str
    count: int
    short: str
    said: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """So many ways from a node to one at the next place."""

    source: str
    target: str
    count: int
    said: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """Where a node stands; `label` is as much of its name as fits."""

    node: Node
    label: str
    x: str
    y: str
    height: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBand:
    """A band's outline, for a path."""

    band: Band
    outline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The whole picture."""

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    bands: tuple[DrawnBand, ...]


def flow(places: Sequence[Sequence[Node]], legs: Sequence[Sequence[Band]]) -> Flow:
    """Nodes in columns, the largest at the top, and the bands between them.

    places  of each place its nodes
    legs    between each place and the next
    """
    across = min(_WIDEST, max(_NARROWEST, _PAGE // max(1, len(places))))
    scale = _scale(places)
    spots = [_column(nodes, across * n, scale) for n, nodes in enumerate(places)]
    bands = [
        drawn
        for n, between in enumerate(legs)
        for drawn in _bands(between, spots[n], spots[n + 1], scale=scale, length=across - _NODE)
    ]
    room = (across - _NODE - 12) // _LETTER
    return Flow(
        width=across * len(places),
        height=HEIGHT,
        nodes=tuple(_drawn(*spot, room=room) for column in spots for spot in column.values()),
        bands=tuple(bands),
    )


# A node, how far from the left and from the top it stands, and how high it is.
_Spot = tuple[Node, float, float, float]


def _scale(places: Sequence[Sequence[Node]]) -> float:
    """How high one way is: the fullest place fits, with room for a name between nodes."""
    fits = [
        (HEIGHT - _TOP - _GAP * len(nodes)) / whole for nodes in places if (whole := sum(node.count for node in nodes))
    ]
    return min(fits, default=0.0)


def _column(nodes: Sequence[Node], x: float, scale: float) -> dict[str, _Spot]:
    spots, y = dict[str, _Spot](), float(_TOP)
    for node in nodes:
        height = max(1.0, node.count * scale)
        spots[node.key] = (node, x, y, height)
        y += height + _GAP
    return spots


def _bands(
    legs: Sequence[Band], sources: Mapping[str, _Spot], targets: Mapping[str, _Spot], *, scale: float, length: float
) -> list[DrawnBand]:
    """Bands leave and arrive in the order of the nodes on the other side, so that few of them cross."""
    order = {key: n for n, key in enumerate([*sources])}, {key: n for n, key in enumerate([*targets])}
    gone, come = dict.fromkeys(sources, 0.0), dict.fromkeys(targets, 0.0)
    starts, ends = dict[int, float](), dict[int, float]()
    known = [leg for leg in legs if leg.source in sources and leg.target in targets]
    for leg in sorted(known, key=lambda one: order[1][one.target]):
        starts[id(leg)], gone[leg.source] = gone[leg.source], gone[leg.source] + leg.count * scale
    for leg in sorted(known, key=lambda one: order[0][one.source]):
        ends[id(leg)], come[leg.target] = come[leg.target], come[leg.target] + leg.count * scale
    drawn = []
    for leg in known:
        _, x, top, _ = sources[leg.source]
        _, _, target_top, _ = targets[leg.target]
        outline = _outline(x + _NODE, top + starts[id(leg)], target_top + ends[id(leg)], length, leg.count * scale)
        drawn.append(DrawnBand(band=leg, outline=outline))
    return drawn


def _outline(x: float, start: float, end: float, length: float, thick: float) -> str:
    thick = max(0.5, thick)
    bend, far = x + length * _BEND, x + length
    there = f"M{x:.1f},{start:.1f} C{bend:.1f},{start:.1f} {bend:.1f},{end:.1f} {far:.1f},{end:.1f}"
    low, low_end = start + thick, end + thick
    back = f"V{low_end:.1f} C{bend:.1f},{low_end:.1f} {bend:.1f},{low:.1f} {x:.1f},{low:.1f} Z"
    return f"{there} {back}"


def _drawn(node: Node, x: float, y: float, height: float, *, room: int) -> DrawnNode:
    label = _fitting(node.name, room - len(node.short) - 1)
    return DrawnNode(
        node=node, label=label, x=f"{x:.1f}", y=f"{y:.1f}", height=f"{height:.1f}", beside=f"{x + _NODE + 6:.1f}"
    )


def _fitting(name: str, room: int) -> str:
    """As much of a name as `room` letters hold; a Chinese sign is as broad as two."""
    held = ""
    for sign in name:
        room -= 2 if east_asian_width(sign) in "WF" else 1
        if room < 1 and held + sign != name:
            return held.rstrip() + "…"
        held += sign
    return held
