"""The pictures: sound SVG, small, square, and no two alike."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest

from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.catalogue import Goods
from zhanggui.doors.rehearsal.drawing.picture import SHAPES, picture
from zhanggui.doors.rehearsal.drawing.tones import TONES, mix

GOODS = catalogue.goods()
SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "defs", "g", "path", "rect", "ellipse", "text", "pattern", "clipPath"}
KNOWN |= {"linearGradient", "radialGradient", "stop"}


@pytest.mark.parametrize("item", GOODS, ids=lambda item: item.sku)
def test_a_picture_is_a_small_square_document_that_names_its_goods(item: Goods) -> None:
    drawn = _drawn(item)
    root = ET.fromstring(drawn)  # noqa: S314 (our own words)
    assert len(drawn.encode()) < 6000
    assert root.get("viewBox") == "0 0 800 800"
    assert root.findtext(f"{SVG}title") == item.title.zh
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= KNOWN
    assert "nan" not in drawn
    assert "inf" not in drawn


@pytest.mark.parametrize("item", GOODS, ids=lambda item: item.sku)
def test_a_picture_asks_nobody_for_anything_and_finds_what_it_refers_to(item: Goods) -> None:
    drawn = _drawn(item)
    root = ET.fromstring(drawn)  # noqa: S314 (our own words)
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= ids
    assert "href" not in drawn
    assert "<script" not in drawn
    assert drawn.count("http") == 1


def test_a_goods_always_looks_the_same() -> None:
    assert [picture(item) for item in GOODS[::10]] == [_drawn(item) for item in GOODS[::10]]


def test_no_two_goods_look_alike_even_without_their_colours() -> None:
    drawn = [_drawn(item) for item in GOODS]
    assert len(set(drawn)) == len(GOODS)
    assert len({_bare(svg) for svg in drawn}) == len(GOODS)


def test_two_pictures_can_stand_in_one_page() -> None:
    ids = [re.findall(r'id="([^"]+)"', _drawn(item)) for item in GOODS]
    assert sum(map(len, ids)) == len({id for each in ids for id in each})


@pytest.mark.parametrize("category", catalogue.categories(), ids=lambda category: category.key)
def test_a_category_has_several_silhouettes(category: catalogue.Category) -> None:
    assert len({item.look.shape for item in GOODS if item.category == category}) >= 3


def test_every_silhouette_and_every_palette_is_used() -> None:
    assert {item.look.shape for item in GOODS} == set(SHAPES)
    assert {item.look.tone for item in GOODS} == set(TONES)


def test_colours_mix_in_parts() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#b8372a", "#faf8f4", 0) == "#b8372a"
    assert mix("#b8372a", "#faf8f4", 1) == "#faf8f4"


@cache
def _drawn(item: Goods) -> str:
    return picture(item)


def _bare(svg: str) -> str:
    """What is drawn, without colours, names and ids."""
    without_title = re.sub(r"<title>.*?</title>", "", svg)
    without_ids = re.sub(r'id="[^"]*"|url\(#[^)]*\)', "", without_title)
    return re.sub(r"#[0-9a-f]{6}", "", without_ids)
