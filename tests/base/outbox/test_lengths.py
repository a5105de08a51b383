"""As how many messages a text is counted and paid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.outbox.carriers.tencent import _with_gaps
from zhanggui.base.outbox.rules import Alphabet, alphabet_of, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("码" * 70, 1),
        ("码" * 71, 2),
        ("码" * 134, 2),
        ("码" * 135, 3),
        # A sign of the second row takes the room of two.
        ("a" * 158 + "€", 1),
        ("a" * 159 + "€", 2),
        # It is not cut in half, so the first part ends a septet early.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 153, 3),
        # One sign outside the small alphabet sends all of it in the large one.
        ("a" * 70 + "码", 2),
        ("a" * 69 + "ç", 1),
        ("a" * 70 + "ç", 2),
        # Signs beyond the first plane take two units.
        ("🍵" * 35, 1),
        ("🍵" * 36, 2),
        ("码" * 66 + "🍵" + "码" * 66, 3),
    ],
)
def test_a_text_is_counted_as_the_networks_count_it(text: str, count: int) -> None:
    assert segments(text) == count


@given(text=st.text(st.sampled_from("ab€{码🍵\n"), max_size=400), more=st.text(st.sampled_from("a€码"), max_size=20))
def test_a_longer_text_is_never_fewer_and_parts_are_as_full_as_they_may_be(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more)
    units = len(text.encode("utf-16-le")) // 2
    septets = sum(2 if sign in "€{" else 1 for sign in text)
    size, most = (units, 67) if alphabet_of(text) is Alphabet.UCS_2 else (septets, 153)
    # At most one unit is left empty at the end of a part.
    assert (size / most if size > most else 0) <= segments(text) <= max(1, -(-size // (most - 1)))


@given(
    values=st.lists(st.text(st.sampled_from("1043{}x"), min_size=1, max_size=6), max_size=3),
    between=st.text(st.sampled_from("码 :1"), max_size=6),
)
def test_words_that_are_handed_in_and_filled_again_are_the_same_words(values: list[str], between: str) -> None:
    words = between.join(["", *values, ""])
    content = _with_gaps(words, values)
    filled = content
    for place in range(len(values), 0, -1):
        filled = filled.replace(f"{{{place}}}", f"\0{place}\1")
    for place, value in enumerate(values, start=1):
        filled = filled.replace(f"\0{place}\1", value)
    assert filled == words
