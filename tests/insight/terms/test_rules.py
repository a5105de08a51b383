"""Which words mean the same, and what to do about those that find nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.insight.terms.rules import Proposal, Remedy, Term, clusters, is_mistyped, parts_of, proposals


def a_term(query: str, searches: int = 10, *, nothing: int = 0, known: int | None = None) -> Term:
    return Term(
        query=query,
        searches=searches,
        people=searches,
        known=searches if known is None else known,
        nothing=nothing,
        opened=0,
        added=0,
        ordered=0,
        placed=Money(0, "CNY"),
    )


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("white cups", {"white", "cup"}),
        ("glass", {"glass"}),
        ("iPhone 14", {"iphone", "14"}),
        ("ＴＥＡ", {"tea"}),
        ("茶具 茶具", {"茶具"}),
        ("!!", set()),
    ],
)
def test_words_are_taken_apart(query, parts):
    assert parts_of(query) == parts


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("celadon", "celadn", True),
        ("celadon", "celadonn", True),
        ("celadon", "celadun", True),
        ("celadon", "cealdon", True),
        ("celadon", "calodon", False),
        ("cup", "cap", False),
        ("白瓷茶杯", "白瓷茶碗", False),
        ("phone14", "phone15", False),
    ],
)
def test_a_word_is_mistyped_by_one_letter(one, other, is_same):
    assert is_mistyped(one, other) is is_same
    assert is_mistyped(other, one) is is_same


letters = st.text("abcde", min_size=4, max_size=8)


@given(one=letters, other=letters)
def test_mistyped_is_one_step_of_typing(one, other):
    steps = {one[:n] + one[n + 1 :] for n in range(len(one))}
    steps |= {one[:n] + c + one[n:] for n in range(len(one) + 1) for c in "abcde"}
    steps |= {one[:n] + c + one[n + 1 :] for n in range(len(one)) for c in "abcde"}
    steps |= {one[:n] + one[n + 1] + one[n] + one[n + 2 :] for n in range(len(one) - 1)}

    assert is_mistyped(one, other) == (other == one or other in steps)


def test_other_orders_and_mistakes_of_the_same_words_stand_together():
    terms = [
        a_term("celadon cup", 50),
        a_term("teapot", 40),
        a_term("cup celadon", 9),
        a_term("teapto", 8),
        a_term("白瓷杯", 7),
        a_term("白瓷碗", 6),
        a_term("celadon cups", 5),
    ]

    found = clusters(terms)

    assert [(one.head, one.others, one.searches) for one in found] == [
        ("celadon cup", ("cup celadon", "celadon cups"), 64),
        ("teapot", ("teapto",), 48),
        ("白瓷杯", (), 7),
        ("白瓷碗", (), 6),
    ]


@given(st.lists(st.text("ab c", min_size=1, max_size=6), max_size=20, unique=True))
def test_every_word_stands_in_one_cluster(queries):
    found = clusters([a_term(query) for query in queries])

    assert sorted(term.query for one in found for term in one.terms) == sorted(queries)


def test_what_finds_nothing_gets_a_synonym_other_words_in_titles_or_a_new_product():
    terms = [
        a_term("celadon cup", 50),
        a_term("blue cup", 9, nothing=9),
        a_term("celadon mug cup", 8, nothing=8),
        a_term("celadn cup", 7, nothing=7),
        a_term("gaiwan", 6, nothing=6),
        a_term("drone", 5, nothing=5),
        a_term("once", 1, nothing=1),
        a_term("sometimes", 5, nothing=2),
        a_term("nobody knows", 5, known=0),
    ]

    found = proposals(terms, in_titles={"gaiwan"})

    assert found == (
        Proposal(term=terms[1], remedy=Remedy.PRODUCT),
        Proposal(term=terms[2], remedy=Remedy.SYNONYM, toward=("celadon cup",)),
        Proposal(term=terms[3], remedy=Remedy.SYNONYM, toward=("celadon cup",)),
        Proposal(term=terms[4], remedy=Remedy.WORDING, toward=("gaiwan",)),
        Proposal(term=terms[5], remedy=Remedy.PRODUCT),
    )
