"""Cookies under our signature."""

from __future__ import annotations

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.doors.storefront.seals import Seal, Sealed
from zhanggui.doors.storefront.visit import Kept

text = st.text(st.characters(exclude_categories=["Cs"]))
NOTHING = Kept()
VISITS = Sealed(Kept, salt="tea", nothing=NOTHING)


@given(text)
def test_a_seal_signs_as_django_does(said: str) -> None:
    assert Seal("tea").sign(said) == signing.Signer(salt="tea").sign(said)


def test_a_seal_reads_what_an_older_key_signed() -> None:
    old = signing.Signer(key="old", salt="tea").sign("cup")

    seal = Seal("tea")
    seal.fallback_keys = ["old"]

    assert seal.unsign(old) == "cup"


@given(text, text)
def test_a_value_is_opened_as_it_was_closed_here_or_by_django(session: str, campaign: str) -> None:
    kept = Kept(session=session, campaign=campaign)
    said = {"session": session, "view": "", "channel": "", "campaign": campaign}

    assert VISITS.open(VISITS.close(kept)) == kept
    assert VISITS.open(signing.Signer(salt="tea").sign_object(said)) == kept


@pytest.mark.parametrize(
    "said",
    [
        "",
        "rubbish",
        VISITS.close(Kept(session="mine"))[:-1] + "!",
        Sealed(Kept, salt="coffee", nothing=NOTHING).close(Kept(session="mine")),
        signing.Signer(salt="tea").sign_object(["another", "kind"]),
    ],
    ids=["empty", "rubbish", "another-end", "another-salt", "another-kind"],
)
def test_what_we_did_not_close_is_nothing(said: str) -> None:
    assert VISITS.open(said) == NOTHING
