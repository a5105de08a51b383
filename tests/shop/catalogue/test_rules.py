"""Words, pages and searches, as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.catalogue import rules
from zhanggui.shop.catalogue.rules import Words


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        (Words(zh="杯", en="Cup"), "zh-hans", "杯"),
        (Words(zh="杯", en="Cup"), "en", "Cup"),
        (Words(zh="杯", en="Cup"), "en-gb", "Cup"),
        (Words(zh="杯"), "en", "杯"),
        (Words(zh="", en="Cup"), "zh-hans", "Cup"),
    ],
)
def test_words_are_said_in_the_readers_language_or_the_other(words: Words, language: str, said: str) -> None:
    assert words.to(language) == said


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3)])
def test_a_list_fills_pages(total: int, pages: int) -> None:
    assert rules.pages_of(total, size=24) == pages


@given(asked=st.integers())
def test_a_page_number_can_always_be_shown(asked: int) -> None:
    assert 1 <= rules.page_number(asked) <= 100_000


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("  White  cup ", ("white", "cup")),
        ("cup CUP cup", ("cup",)),
        ("", ()),
        ("a b c d e f g", ("a", "b", "c", "d", "e")),
        ("a\0b", ("a", "b")),
    ],
)
def test_a_search_is_split_into_its_parts(words: str, terms: tuple[str, ...]) -> None:
    assert rules.search_terms(words) == terms
