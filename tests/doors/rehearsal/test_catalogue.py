"""The goods: enough of them, whole, priced so that the shop lives, and lawful in their words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.catalogue import Goods

GOODS = catalogue.goods()
# 广告法 art. 9 and its practice, and words that would make food or cosmetics a medicine.
FORBIDDEN = re.compile(
    "最|第一|国家级|顶级|极品|唯一|首选|绝对|永久|万能|完美|独家|全网|史上|治疗|疗效|药效|美白|祛斑|祛痘|降脂|减肥|助眠|100%"
)
FORBIDDEN_EN = re.compile(
    r"\b(best|number one|no\. 1|cures?|heals?|whitening|slimming|perfect|ultimate|100 ?%)\b", re.I
)
HAN = re.compile("[\u4e00-\u9fff]")


def test_there_are_at_least_two_hundred_goods_in_eight_categories_that_stand_together() -> None:
    keys = [item.category.key for item in GOODS]
    assert len(GOODS) >= 200
    assert len(set(keys)) == 8
    assert sum(here != there for here, there in pairwise(keys)) == 7
    assert [category.key for category in catalogue.categories()] == list(dict.fromkeys(keys))


@pytest.mark.parametrize("part", ["sku", "title.zh", "title.en", "why.zh", "why.en", "proof.zh"])
def test_no_two_goods_share_a_name_or_a_number(part: str) -> None:
    said = [_read(item, part) for item in GOODS]
    assert sorted(set(said)) == sorted(said)


@pytest.mark.parametrize("item", GOODS, ids=lambda item: item.sku)
def test_a_goods_is_whole_in_both_languages(item: Goods) -> None:
    for words in (item.title, item.why, item.brand, item.proof, item.category.name):
        assert HAN.search(words.zh)
        assert words.en
        assert not HAN.search(words.en)
    assert len(item.attributes) >= 3
    assert all(a.name.zh and a.name.en and a.value.zh and a.value.en for a in item.attributes)
    assert not any(HAN.search(a.value.en) for a in item.attributes)
    assert re.fullmatch(r"[A-Z0-9-]{4,40}", item.sku)
    assert re.search(r"QC\d\d-\d{5}", item.proof.zh)
    assert len(item.title.zh) <= 32


@pytest.mark.parametrize("item", GOODS, ids=lambda item: item.sku)
def test_a_goods_earns_its_keep(item: Goods) -> None:
    assert 0 < item.cost_minor < item.price_minor
    assert 0.35 <= 1 - item.cost_minor / item.price_minor <= 0.8
    assert item.weight_g > 0
    assert len(item.month_weights) == 12
    assert all(weight > 0 for weight in item.month_weights)


@pytest.mark.parametrize("item", GOODS, ids=lambda item: item.sku)
def test_no_word_breaks_the_advertising_law(item: Goods) -> None:
    chinese = " ".join([item.title.zh, item.why.zh, item.proof.zh, *(a.value.zh for a in item.attributes)])
    english = " ".join([item.title.en, item.why.en, item.proof.en])
    assert not FORBIDDEN.findall(chinese)
    assert not FORBIDDEN_EN.findall(english)


def test_demand_of_all_categories_is_the_whole_demand_and_its_year_is_level() -> None:
    categories = catalogue.categories()
    assert sum(category.demand_share for category in categories) == pytest.approx(1)
    for category in categories:
        assert sum(category.month_weights) / 12 == pytest.approx(1, abs=0.05)
        assert 0 < category.return_rate < 0.2


def test_tents_sell_in_spring_and_blankets_in_winter() -> None:
    tent, blanket = (next(g for g in GOODS if g.sku == sku) for sku in ("OUT-TENT-XIAOWU", "TEX-BLANKET-YANGMAO"))
    assert max(range(12), key=lambda month: tent.month_weights[month]) in (3, 4)
    assert max(range(12), key=lambda month: blanket.month_weights[month]) in (10, 11, 0)


def _read(item: Goods, part: str) -> str:
    said: object = item
    for name in part.split("."):
        said = getattr(said, name)
    return str(said)
