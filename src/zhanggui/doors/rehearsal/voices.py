"""What is said to the reviews of the demonstration shop, and asked about its goods."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np

from zhanggui.shop.reviews.rules import NewQuestion, NewReview, Said, Speaker

_REPLIED_LOW: Final = 0.7
_REPLIED: Final = 0.06
_ADDED: Final = 0.05
_QUESTIONED: Final = 0.6
_SEED: Final = 11


def answered(reviews: Sequence[NewReview], *, until: datetime) -> list[NewReview]:
    """The same reviews, some with a reply, an addition, and readers who found them useful; always the same ones.

    until  the end of the past: nothing was said after it
    """
    rng = np.random.default_rng(_SEED)
    return [_answered(review, rng, until) for review in reviews]


def questions(skus: Sequence[str], *, shop: str, since: datetime, until: datetime) -> list[NewQuestion]:
    """What was asked about goods, each by somebody without a name, with the answers; always the same."""
    rng = np.random.default_rng(_SEED + 1)
    found = []
    for sku in skus:
        for asked in _said()["question"]:
            at = since + (until - since) * float(rng.random()) * 0.95
            language = "zh" if rng.random() < 0.86 else "en"
            if rng.random() < _QUESTIONED:
                found.append(_question(asked, sku=sku, shop=shop, language=language, at=at, until=until))
    return found


def _answered(review: NewReview, rng: np.random.Generator, until: datetime) -> NewReview:
    chances, days = rng.random(2), rng.integers(1, 90, 2)
    useful, place = int(rng.geometric(0.45)) - 1, int(rng.integers(0, 1000))
    is_low = review.rating <= 2
    replied_at, added_at = review.at + timedelta(hours=int(days[0])), review.at + timedelta(days=int(days[1]))
    replies = _said()["reply"][f"{'low' if is_low else 'high'}_{review.language}"]
    additions = _said()["added"][review.language]
    is_replied = chances[0] < (_REPLIED_LOW if is_low else _REPLIED) and replied_at < until
    is_added = review.rating >= 4 and chances[1] < _ADDED and added_at < until
    return replace(
        review,
        useful=useful,
        reply=Said(words=replies[place % len(replies)], at=replied_at) if is_replied else None,
        added=Said(words=additions[place % len(additions)], at=added_at) if is_added else None,
    )


def _question(
    asked: dict[str, str], *, sku: str, shop: str, language: str, at: datetime, until: datetime
) -> NewQuestion:
    speakers = ((Speaker.SHOP, "shop", timedelta(hours=3)), (Speaker.BUYER, "buyer", timedelta(hours=9)))
    answers = tuple(
        (speaker, "", Said(words=asked[f"{key}_{language}"], at=at + after))
        for speaker, key, after in speakers
        if f"{key}_{language}" in asked and at + after < until
    )
    return NewQuestion(shop=shop, sku=sku, words=asked[language], author="", at=at, answers=answers)


@cache
def _said() -> dict[str, Any]:
    text = (resources.files(__package__) / "data" / "voices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
