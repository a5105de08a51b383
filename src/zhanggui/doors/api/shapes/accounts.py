"""What is said about who somebody is, what they hold, and what they wish for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from zhanggui.base.accounts.rules import Way
from zhanggui.doors.api.shapes.common import Amount, Asked, Said, words_of
from zhanggui.doors.api.shapes.goods import Card

WayWord = Annotated[Way, words_of(Way)]
Signed = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
GiftCode = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CodeAsked(Asked):
    """Where a code is to be sent: a phone number or a mail address.

    has_agreed  to the terms and the privacy policy, whose texts stand on the shop's pages; without it no code is sent
    """

    handle: Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=r"^[^\x00-\x1f\x7f]+$")] = Field(
        examples=["13800138000"]
    )
    has_agreed: bool


class CodeSent(Said):
    """A code is on its way; challenge goes back with it."""

    challenge: str
    way: WayWord
    expires_at: datetime


class CodeTyped(Asked):
    """The code that came, and the challenge it was asked for with."""

    challenge: Signed
    code: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")] = Field(
        examples=["482913"]
    )


class SignedIn(Said):
    """The token of somebody who has signed in; it takes the place of the guest's."""

    token: str
    expires_at: datetime


class Session(Said):
    """Who calls; all empty for a guest."""

    is_signed_in: bool
    name: str
    phone: str
    email: str


class Move(Said):
    """One thing that happened to a wallet; above zero came in.

    kind  hold, unhold, refund, refund_paid, redeem or goodwill
    """

    at: datetime
    kind: str
    order_number: str
    words: str
    amount: Amount


class WalletWithMoves(Said):
    """What a wallet holds, and the last things that happened to it."""

    balance: Amount
    moves: list[Move]


class CardTyped(Asked):
    """The code of a gift card, as it is written on it."""

    code: GiftCode = Field(examples=["8ZK3-WQ5T-M2NA-7HCE"])


class GiftCard(Said):
    """What a gift card holds, and whether it can be spent now."""

    ending: str
    balance: Amount
    expires_at: datetime
    is_good: bool


class Redeemed(Said):
    """What came from a gift card into the wallet, and what that holds now."""

    amount: Amount
    balance: Amount


class Wish(Said):
    """Something on the wish list.

    wished_price  what it cost on that day
    cheaper_by    how much less it costs now; none if it does not
    """

    card: Card
    wished_at: datetime
    wished_price: Amount
    cheaper_by: Amount | None


class Wished(Said):
    """Whether it was put on the list just now; false if it stood there."""

    is_new: bool
