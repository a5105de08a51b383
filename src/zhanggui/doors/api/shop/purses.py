"""What a shopper holds: the wallet of an account, and gift cards by their codes."""

from __future__ import annotations

from typing import Any, Final

from ninja import Router

from zhanggui.base import clock
from zhanggui.doors.api import brake
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import accounts as shapes
from zhanggui.doors.api.shapes.common import Limit
from zhanggui.shop.payments import actions, queries
from zhanggui.shop.payments.errors import NoSuchGiftCard

router: Final = Router(tags=["Wallet and gift cards"], auth=VisitorToken())
_ENDING: Final = 4


@router.get("/wallet", response=reading(shapes.WalletWithMoves))
def wallet(request: ApiRequest, limit: Limit = 20) -> Any:
    """What the wallet of the account holds, and what happened to it, newest first."""
    shop, customer_id = request.visitor.shop.code, str(request.visitor.customer().customer_id)
    moves = queries.wallet_statement(shop, customer_id, limit=limit)
    return {"balance": queries.wallet(shop, customer_id), "moves": list(moves)}


@router.post("/wallet/gift-cards", response=writing(shapes.Redeemed), openapi_extra=KEYED)
def redeem(request: ApiRequest, said: shapes.CardTyped) -> Any:
    """Put all that a gift card still holds into the wallet."""
    brake.check_minute("code", request)
    visitor = request.visitor
    customer_id = str(visitor.customer().customer_id)
    amount = actions.redeem(code=said.code, customer_id=customer_id, trail=visitor.trail, by=visitor.by)
    return {"amount": amount, "balance": queries.wallet(visitor.shop.code, customer_id)}


@router.post("/gift-card", response=writing(shapes.GiftCard))
def gift_card(request: ApiRequest, said: shapes.CardTyped) -> Any:
    """What a gift card holds; nothing is changed, so no key is needed."""
    brake.check_minute("code", request)
    found = queries.gift_card(request.visitor.shop.code, said.code)
    if found is None:
        raise NoSuchGiftCard(ending=said.code.strip()[-_ENDING:])
    return {
        "ending": found.ending,
        "balance": found.balance,
        "expires_at": found.expires_at,
        "is_good": found.is_good(at=clock.now()),
    }
