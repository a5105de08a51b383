"""Presales whose balances are still to be paid when their time runs out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.presale import queries as presales
from zhanggui.growth.presale.queries import Mine, Shown
from zhanggui.growth.presale.rules import State
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.segments.rules import Source, question_of, terms_of
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, balances
from zhanggui.steer.signals.rules.balances import OWING, Owed, OwingAsked
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "balances_due"
_OPEN: Final = (State.DEPOSIT_PAID, State.BALANCE_OPEN)
_MOST_PEOPLE: Final = 100_000
# A presale that ended longer ago is closed by the nightly job.
_LATE: Final = timedelta(days=7)


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """Presales whose time to pay is over within three days, or just over, with balances open: the most money first.

    The size is what does not come in if nobody does anything, at the share that has paid so far; at the most all of it.
    How sure it is says that not all of them pay by themselves.
    """
    books = shops.shop(shop)
    end = clock.span_of(day, books.zone)[1]
    for presale in presales.presales_between(shop, start=end - _LATE, end=end + balances.SOON):
        owed = _owed(presale)
        if presale.ended_as is None and balances.is_pressing(owed, at=end):
            yield _finding(shop, presale, owed, day=day, end=end)


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The port `people` of segments: who can still pay the balance of a presale.

    terms    as `OwingAsked`;  at of no account: those of this moment
    refuses  TermsUnfit
    """
    asked = question_of(OWING, terms, OwingAsked)
    owing, _ = presales.people(asked.presale, states=_OPEN, limit=_MOST_PEOPLE)
    names = ", ".join("'" + one.person.replace("'", "''") + "'" for one in owing if one.presale.shop == shop)
    return f"select distinct number as person from {lake.people(shop)} where person in ({names or 'null'})"


def _finding(shop: str, presale: Shown, owed: Owed, *, day: date, end: datetime) -> Finding:
    currency = presale.terms.price.currency
    hours = int((owed.until - end) / timedelta(hours=1))
    due: dict[str, str | int] = {
        "sku": owed.sku,
        "open": owed.open,
        "minor": owed.open_minor,
        "paid": owed.paid,
        "of": owed.deposits,
    }
    what = "balances_late" if hours < 0 else "balances_soon"
    return Finding(
        kind=KIND,
        subject=f"presale:{presale.id}",
        day=day,
        size=size_of(balances.risk(owed), currency),
        confidence=balances.confidence(owed),
        evidence=(
            Evidence(what=what, numbers=due | {"hours": abs(hours)}, page="presales", query=urlencode({"shop": shop})),
        ),
        proposal=Proposal(
            move=Move.MESSAGE,
            metric="balance_paid_rate",
            audience=Source(kind=OWING, terms=terms_of(OwingAsked(presale=presale.id))),
            sku=owed.sku,
        ),
    )


def _owed(presale: Shown) -> Owed:
    figures = presales.figures([presale])[presale.id]
    people, _ = presales.people(presale.id, states=(*_OPEN, State.BALANCE_EXPIRED), limit=_MOST_PEOPLE)
    terms = presale.terms
    return Owed(
        sku=terms.sku,
        deposits=figures.deposits,
        paid=figures.balances,
        open=len(people),
        open_minor=_sum(people, terms.price.currency).minor,
        opens_at=terms.balance_from,
        until=terms.balance_until,
    )


def _sum(people: tuple[Mine, ...], currency: str) -> Money:
    return Money.total((one.balance for one in people), currency)
