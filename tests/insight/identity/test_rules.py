"""What follows from pairs, and which are believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.insight.identity.rules import Claim, How, Pair, believable, is_nobody, walked
from zhanggui.insight.lake.rules import Walked

IDS = st.sampled_from(["a", "b", "c", "d", "e"])


def a_claim(alias: str, person: str, *, how: How = How.IDENTIFY, at_us: int = 1) -> Claim:
    return Claim(alias=alias, person=person, how=how, at_us=at_us)


@pytest.mark.parametrize("id", ["", "  ", "undefined", "null", "None", "0", "[object Object]", "guest", "anonymous"])
def test_what_broken_clients_send_for_nobody_is_nobody(id: str) -> None:
    assert is_nobody(id)
    assert believable([a_claim(id, "c-1"), a_claim("v-1", id)]) == ()


def test_a_pair_is_believed_once_as_it_was_said_first() -> None:
    said = [a_claim("v", "c", at_us=9), a_claim("v", "c", at_us=4), a_claim("v", "v"), a_claim("u", "c")]
    assert [(one.alias, one.at_us) for one in believable(said)] == [("u", 1), ("v", 4)]


def test_pairs_are_followed_to_their_end_and_a_way_holds_as_long_as_its_shortest_part() -> None:
    pairs = [Pair(alias="a", person="b", until_us=20), Pair(alias="b", person="c"), Pair(alias="x", person="c")]
    assert walked(["a", "b", "c", "x"], pairs) == {
        "a": Walked(person="c", until_us=20),
        "b": Walked(person="c"),
        "c": None,
        "x": Walked(person="c"),
    }


@given(st.dictionaries(IDS, st.tuples(IDS, st.none() | st.integers(0, 9))))
def test_no_pairs_whatever_make_an_id_walk_as_itself(given_pairs: dict[str, tuple[str, int | None]]) -> None:
    pairs = [Pair(alias=alias, person=person, until_us=end) for alias, (person, end) in given_pairs.items()]
    for alias, one in walked(["a", "b", "c", "d", "e"], pairs).items():
        assert one is None or one.person != alias
