"""What a search looks through, and what it looks for: Chinese cut into words, English brought to its stem.

Besides the words of a dictionary every pair of neighbouring characters is kept, so that a search finds what it says
even where the dictionary would cut a title elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from zhanggui.base import chinese

_RUNS: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LONGEST: Final = 60
# PostgreSQL counts positions up to here.
_LAST_POSITION: Final = 16_000
MOST_TERMS: Final = 12


def search_terms(words: str, *, limit: int = 5) -> tuple[str, ...]:
    """The parts of a search that must all be found, lower case, without repeats.

    limit  further parts are left out, so that a pasted page does not become a query
    """
    return tuple(dict.fromkeys(part.lower() for part in words.replace("\0", " ").split()))[:limit]


def stem(word: str) -> str:
    """An English word without the ending that says how many or when.

    source   cups, cup -> cup; boxes -> box; berries -> berry; glasses, glass -> glass; hiking -> hik, hiked -> hik
    """
    if not (word.isascii() and word.isalpha()) or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def lexemes(text: str) -> Iterator[str]:
    """The words of a text by which it is found, in their order.

    source   "白瓷杯 White cups" -> 白 瓷杯 白 瓷 杯 白瓷 瓷杯 white cup
    """
    for run in _runs(text):
        if _CHINESE.match(run):
            yield from (word for word in chinese.cut_for_search(run) if len(word) > 2)
            yield from run
            yield from _pairs(run)
        else:
            yield stem(run)


def document(parts: Iterable[tuple[str, str]]) -> str:
    """A text as PostgreSQL's `tsvector`.

    parts  weight (A for what counts most, to D) and text
    """
    places: dict[str, list[str]] = {}
    at = 0
    for weight, text in parts:
        for word in lexemes(text):
            at = min(at + 1, _LAST_POSITION)
            found = places.setdefault(word, [])
            if len(found) < 8:
                found.append(f"{at}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(found)}" for word, found in places.items())


def question(words: str) -> str:
    """What is searched as PostgreSQL's `tsquery`: every part must be found; the last Latin one may be begun only.

    Empty if there is nothing to look for.

    source   "白瓷杯" -> '白瓷' & '瓷杯'; "white cu" -> 'whit' & 'cu':*
    """
    runs = list(dict.fromkeys(run for term in search_terms(words) for run in _runs(term)))[:MOST_TERMS]
    asked: list[str] = []
    for place, run in enumerate(runs):
        if _CHINESE.match(run):
            asked += [_quoted(pair) for pair in (_pairs(run) or run)]
        else:
            asked.append(_quoted(stem(run)) + (":*" if place == len(runs) - 1 else ""))
    return " & ".join(dict.fromkeys(asked))


def ranked(words: str) -> str:
    """What makes one find better than another, as `tsquery`: the words of the dictionary, any of them."""
    runs = list(dict.fromkeys(run for term in search_terms(words) for run in _runs(term)))[:MOST_TERMS]
    said = [word for run in runs for word in (chinese.cut(run) if _CHINESE.match(run) else (stem(run),))]
    return " | ".join(dict.fromkeys(_quoted(word) for word in said))


def _runs(text: str) -> Iterator[str]:
    return (run[:_LONGEST] for run in _RUNS.findall(text.lower()))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
