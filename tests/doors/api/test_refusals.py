"""Every no has a status and a code that stay: who adds one says here what it looks like from outside."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import zhanggui
from zhanggui.base.accounts import errors as accounts
from zhanggui.base.errors import Refused
from zhanggui.base.ledger import errors as ledger
from zhanggui.base.outbox import errors as outbox
from zhanggui.base.rates import errors as rates
from zhanggui.base.shops import errors as shops
from zhanggui.doors.api import errors, refusals
from zhanggui.growth.flash import errors as flash
from zhanggui.growth.presale import errors as presale
from zhanggui.growth.teams import errors as teams
from zhanggui.shop.cart import errors as cart
from zhanggui.shop.payments import errors as payments

CODES = Path(__file__).parent / "golden" / "codes.txt"
# Shelves of which this door calls nothing that says no: what runs the machine, what only the console does, the numbers.
SHELVES_ELSEWHERE = re.compile(
    r"zhanggui\.(base\.(audit|database|keys)|growth\.(experiments|messages)|guard\.tax|insight\.\w+|spine\.\w+"
    r"|steer\.\w+|doors\.(?!api\b)\w+)\.errors"
)
# The console, a command or a job says these, and no call leads there.
ELSEWHERE = {
    accounts.AlreadyOperator,
    accounts.WeakPassword,
    ledger.EntryDiffers,
    ledger.Unbalanced,
    outbox.Forged,
    outbox.NoTemplate,
    outbox.TemplateUnfit,
    outbox.TurnedDown,
    outbox.Unreadable,
    payments.IssuedAlready,
    rates.RateNotAllowed,
    shops.LineTooLong,
    shops.ShopDiffers,
    shops.ZoneUnknown,
}


def theirs() -> Iterator[type[Refused]]:
    """Every refusal of every shelf that a call can reach."""
    for found in pkgutil.walk_packages(zhanggui.__path__, "zhanggui."):
        if found.name.endswith(".errors") and not SHELVES_ELSEWHERE.fullmatch(found.name):
            module = importlib.import_module(found.name)
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, Refused) and kind.__module__ == found.name:
                    yield kind


def test_every_no_that_a_call_can_meet_has_a_status() -> None:
    known = set(theirs()) - {Refused}
    assert {errors.NotKnown, *ELSEWHERE} <= known
    assert known - ELSEWHERE - refusals.TABLE.keys() == set()
    assert refusals.TABLE.keys() - known == set()
    assert refusals.TABLE.keys() & ELSEWHERE == set()


def test_every_no_of_growth_has_a_status() -> None:
    """The console's too: what growth refuses today may be asked for here tomorrow, and checkout passes it on."""
    growth = {kind for kind in theirs() if kind.__module__.startswith("zhanggui.growth.")}
    assert {flash.QuotaGone, presale.BalanceNotWhole, teams.SeatGone} <= growth
    assert len({kind.__module__ for kind in growth}) == 6
    assert growth - refusals.TABLE.keys() == set()


def test_a_code_has_one_status_and_stays_as_it_is() -> None:
    said = sorted({(refusals.code_of(kind), status) for kind, (status, _words) in refusals.TABLE.items()})
    assert len({code for code, _status in said}) == len(said)
    assert "".join(f"{code} {status}\n" for code, status in said) == CODES.read_text()


def test_every_no_has_words_for_a_person() -> None:
    with translation.override("en"):
        for kind, (status, words) in refusals.TABLE.items():
            assert 400 <= status < 500, kind
            assert str(words).endswith("."), kind


def test_the_words_follow_the_language_asked_for_and_the_code_does_not() -> None:
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = refusals.of(cart.CartFull(sku="CUP"))
    assert said["en"].message == "A cart has room for 100 different items. Nothing was changed."
    assert said["zh-hans"].code == said["en"].code == "cart_full"
    assert not said["zh-hans"].message.isascii()


def test_an_unknown_no_is_a_conflict_under_its_own_name(caplog: pytest.LogCaptureFixture) -> None:
    class NewKindOfNo(Refused):
        """Nobody thought of this."""

        sku: str

    problem = refusals.of(NewKindOfNo(sku="CUP"))
    assert (problem.status, problem.code, problem.data) == (409, "new_kind_of_no", {"sku": "CUP"})
    assert "NewKindOfNo" in caplog.text
