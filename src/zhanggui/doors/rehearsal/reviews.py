"""What shoppers write under the goods, put together from hand-written sentences."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.catalogue import Goods

_ENGLISH: Final = 0.14
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江"
)
_MOST_DRAFTS: Final = 12
_INITIALS: Final = "ABCDEGHJKLMNPRSTW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A review's words.

    language  zh or en
    author    a label that names nobody, such as 林**
    """

    text: str
    language: str
    author: str


def write(item: Goods, ratings: Sequence[int], rng: np.random.Generator) -> tuple[Written, ...]:
    """One review of a goods for each rating, no two with the same words while the sentences last.

    ratings  1 to 5 each
    """
    pens = {language: _Pen(item, language, rng) for language in ("zh", "en")}
    languages = np.where(rng.random(len(ratings)) < _ENGLISH, "en", "zh").tolist()
    return tuple(pens[language].write(rating) for rating, language in zip(ratings, languages, strict=True))


class _Pen:
    """Writes in one language about one goods; goes through its sentences in turn, in an order of its own."""

    def __init__(self, item: Goods, language: str, rng: np.random.Generator) -> None:
        own, every = _sentences()[item.category.key], _sentences()["every"]
        self._language = language
        self._rng = rng
        self._shape = item.look.shape
        self._praise = self._shuffled(own[f"praise_{language}"])
        self._quibble = self._shuffled(own[f"quibble_{language}"])
        self._complaint = self._shuffled(own[f"complaint_{language}"])
        self._service = self._shuffled(every[f"service_{language}"])
        self._again = self._shuffled(every[f"again_{language}"])
        self._said: set[str] = set()
        self._count = 0

    def write(self, rating: int) -> Written:
        """The next review, in words that it has not used yet unless it runs out of them."""
        joint = "" if self._language == "zh" else " "
        for _ in range(_MOST_DRAFTS):
            nth, self._count = self._count, self._count + 1
            parts = self._displeased(nth) if rating <= 2 else self._pleased(rating, nth)
            text = joint.join(parts)
            if text not in self._said:
                break
        self._said.add(text)
        return Written(text=text, language=self._language, author=self._label())

    def _displeased(self, nth: int) -> list[str]:
        return [self._turn(self._complaint, nth)]

    def _pleased(self, rating: int, nth: int) -> list[str]:
        if rating == 3:
            return [self._turn(self._quibble, nth), *self._sometimes(self._service, nth, 0.3)]
        opening = self._turn(self._praise, nth)
        if rating == 4:
            return [opening, *self._sometimes(self._quibble, nth, 0.6)]
        ending = self._service if self._rng.random() < 0.6 else self._again
        return [opening, *self._sometimes(ending, nth // 2, 0.7)]

    def _sometimes(self, sentences: Sequence[str], nth: int, chance: float) -> list[str]:
        return [self._turn(sentences, nth)] if self._rng.random() < chance else []

    def _label(self) -> str:
        if self._language == "zh":
            return _SURNAMES[int(self._rng.integers(len(_SURNAMES)))] + "**"
        return _INITIALS[int(self._rng.integers(len(_INITIALS)))] + "***"

    def _shuffled(self, sentences: Sequence[str]) -> tuple[str, ...]:
        fitting = [said for each in sentences if (said := _fitting(each, self._shape))]
        return tuple(fitting[place] for place in self._rng.permutation(len(fitting)))

    @staticmethod
    def _turn(sentences: Sequence[str], nth: int) -> str:
        return sentences[nth % len(sentences)]


def _fitting(sentence: str, shape: str) -> str:
    """A sentence without its list of shapes; empty if it has one without this shape."""
    if not sentence.startswith("@"):
        return sentence
    shapes, _, said = sentence[1:].partition(" ")
    return said if shape in shapes.split(",") else ""


@cache
def _sentences() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = (resources.files(__package__) / "data" / "reviews.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
