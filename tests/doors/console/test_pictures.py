"""Funnels and ways as pictures: every step, node and band stands where its count puts it, and leads to its people."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.doors.console.conftest import WEEK
from zhanggui.doors.console.charting import flows, steps
from zhanggui.doors.console.charting.flows import HEIGHT, Band, Node

STEPS = "event.1=Page&event.2=Product+Viewed&event.3=Product+Added"


def boxes(drawn: str, kind: str) -> list[tuple[float, ...]]:
    found = re.findall(rf'<rect class="{kind}" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawn)
    return [tuple(map(float, box)) for box in found]


def test_a_step_is_as_high_as_those_who_came_and_what_was_lost_stands_above_it() -> None:
    drawn = steps.step(25.0, 60.0)

    (upright, lying), (lost, lost_lying) = boxes(drawn, "stair-whole"), boxes(drawn, "stair-lost")
    assert upright == (28, 75, 72, 25)
    assert lost == (28, 40, 72, 35)
    assert lying == (0, 28, 25, 72)
    assert lost_lying == (25, 28, 35, 72)
    assert "style=" not in drawn


def test_in_an_unordered_funnel_nothing_is_lost_below_nothing() -> None:
    assert boxes(steps.step(100.0, 100.0), "stair-lost")[0][3] == 0


def a_node(key: str, count: int) -> Node:
    return Node(key=key, name=key or "others", count=count, short="1%", said=key, address=f"/{key}")


def a_band(source: str, target: str, count: int) -> Band:
    return Band(source=source, target=target, count=count, said="")


def ends(outline: str) -> tuple[float, ...]:
    """Where a band begins and ends: its upper and lower edge on the left, then on the right."""
    there = re.fullmatch(r"M[\d.]+,([\d.]+) C\S+ \S+ [\d.]+,([\d.]+) V([\d.]+) C\S+ \S+ [\d.]+,([\d.]+) Z", outline)
    top, top_right, low_right, low = map(float, there.groups())
    return top, low, top_right, low_right


def test_bands_fill_their_nodes_from_the_top_and_lie_one_below_the_other() -> None:
    drawn = flows.flow(
        [[a_node("a", 60), a_node("b", 40)], [a_node("c", 70), a_node("", 10)]],
        [[a_band("b", "c", 30), a_band("a", "c", 40), a_band("a", "", 10)]],
    )

    nodes = {one.node.key: (float(one.y), float(one.height)) for one in drawn.nodes}
    bands = {(one.band.source, one.band.target): ends(one.outline) for one in drawn.bands}
    assert nodes["a"][1] / nodes["b"][1] == pytest.approx(1.5, abs=0.01)
    assert max(top + height for top, height in nodes.values()) <= HEIGHT
    assert bands["a", "c"][:2] == pytest.approx((nodes["a"][0], nodes["a"][0] + nodes["a"][1] * 40 / 60), abs=0.2)
    assert bands["a", ""][0] == pytest.approx(bands["a", "c"][1], abs=0.2)
    assert bands["b", "c"][2] == pytest.approx(bands["a", "c"][3], abs=0.2)
    assert bands["b", "c"][3] == pytest.approx(nodes["c"][0] + nodes["c"][1], abs=0.2)


@pytest.mark.parametrize("places", [2, 5, 8])
def test_names_end_before_the_next_place_begins(places: int) -> None:
    long = a_node("很长的一个页面名字它放不进两个节点之间", 5)
    drawn = flows.flow([[long]] * places, [[]] * (places - 1))

    across = drawn.width / places
    for one in drawn.nodes:
        assert one.label.endswith("…")
        assert float(one.beside) % across + 14 * len(one.label) <= across


@pytest.mark.usefixtures("acme", "at_noon")
def test_each_step_and_each_value_of_the_split_is_drawn_with_its_people(owner: Client) -> None:
    text = owner.get(f"/console/funnel/?{WEEK}&{STEPS}&by=device").content.decode()

    whole, *parts = re.findall(r'(?s)<ol class="stairs.*?</ol>', text)
    assert [box[3] for box in boxes(whole, "stair-whole")[::2]] == [100, 66.7, 33.3]
    assert len(re.findall(r'href="/console/segments/new/', whole)) == 5
    assert len(parts) == len(re.findall('<section class="funnel-part">', text)) == 2
    assert "style=" not in text


@pytest.mark.usefixtures("acme", "at_noon")
def test_a_band_and_its_line_in_the_table_lead_to_the_same_people(owner: Client) -> None:
    text = owner.get(f"/console/paths/?{WEEK}&nodes=events").content.decode()

    drawn, table = text[text.index('<svg class="ways"') :].split("</svg>", 1)
    bands = re.findall(r'<a href="([^"]+)" tabindex="-1"><path class="way-band"', drawn)
    listed = re.findall(r'<td class="figure"><a href="(/console/segments/new/[^"]+)"', table.split("</table>")[0])
    assert bands
    assert bands == listed
    assert "from place 1 on" in unescape(owner.get(unescape(bands[0])).content.decode())
