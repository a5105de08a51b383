"""Reviews: about the goods they stand under, in both languages, by nobody who exists."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import numpy as np
import pytest

from zhanggui.doors.rehearsal import catalogue, reviews
from zhanggui.doors.rehearsal.reviews import Written
from zhanggui.doors.rehearsal.simulator.opinions import MOST_PER_GOODS

GOODS = {item.sku: item for item in catalogue.goods()}
SENTENCES = tomllib.loads((resources.files(reviews.__package__) / "data" / "reviews.toml").read_text(encoding="utf-8"))


def test_every_rating_gets_its_review_and_hardly_any_words_come_twice() -> None:
    repeated = 0
    for item in GOODS.values():
        rng = np.random.default_rng(7)
        ratings = rng.choice([1, 2, 3, 4, 5], p=[0.02, 0.02, 0.06, 0.25, 0.65], size=MOST_PER_GOODS).tolist()
        texts = [written.text for written in reviews.write(item, ratings, rng)]
        assert len(texts) == MOST_PER_GOODS
        repeated += len(texts) - len(set(texts))
    assert repeated < 0.01 * MOST_PER_GOODS * len(GOODS)


@pytest.mark.parametrize(
    ("sku", "stranger"),
    [
        ("BAG-WALLET-DUANJIA", "轮子"),
        ("SKN-LIP-FENGLA", "泵头"),
        ("CER-PLATE-HECHI", "壶嘴"),
        ("OUT-FLASK-BAOWEN-750", "第一次搭"),
        ("TEX-RUG-MENKOU", "擦头发"),
    ],
)
def test_nobody_praises_wheels_on_a_wallet(sku: str, stranger: str) -> None:
    assert not [written.text for written in _many(sku) if stranger in written.text]


def test_what_fits_a_shape_is_said_of_it() -> None:
    assert any("轮子真的安静" in written.text for written in _many("BAG-CASE-20"))


def test_a_low_rating_does_not_come_with_praise() -> None:
    complaints = set(SENTENCES["tea"]["complaint_zh"]) | set(SENTENCES["tea"]["complaint_en"])
    said = {re.sub(r"^@\S+ ", "", sentence) for sentence in complaints}
    rng = np.random.default_rng(3)
    written = reviews.write(GOODS["TEA-LONGJING-50"], [1, 2, 1, 2], rng)
    assert {each.text for each in written} <= said


def test_both_languages_are_written_and_authors_are_labels() -> None:
    written = _many("TEA-LONGJING-50")
    assert {each.language for each in written} == {"zh", "en"}
    for each in written:
        assert re.fullmatch(r"[\u4e00-\u9fff]\*\*" if each.language == "zh" else r"[A-Z]\*\*\*", each.author)
        assert bool(re.search("[\u4e00-\u9fff]", each.text)) == (each.language == "zh")


def test_sentences_name_only_silhouettes_that_exist() -> None:
    shapes = {item.look.shape for item in GOODS.values()}
    tagged = [s for part in SENTENCES.values() for said in part.values() for s in said if s.startswith("@")]
    assert {shape for sentence in tagged for shape in sentence[1:].split(" ")[0].split(",")} <= shapes


def _many(sku: str) -> list[Written]:
    rng = np.random.default_rng(1)
    ratings = ([5, 4, 5, 3, 5, 2, 4, 1] * 13)[:100]
    return list(reviews.write(GOODS[sku], ratings, rng))
