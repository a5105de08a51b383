"""Signing in with a code, and going out."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import get_language
from ninja import Router, Status

from zhanggui.base.accounts.rules import handle_of
from zhanggui.doors.api import brake, codes
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.errors import HandleUnreadable, NotAgreed
from zhanggui.doors.api.shapes import accounts as shapes
from zhanggui.doors.api.shapes.common import Done

router: Final = Router(tags=["Signing in"], auth=VisitorToken())


@router.post("/codes", response=writing(shapes.CodeSent, status=201), openapi_extra=KEYED)
def ask(request: ApiRequest, said: shapes.CodeAsked) -> Any:
    """Have a code sent to a phone number or mail address. The answer is the same whether anybody has it or not.

    So many a minute from an address, and one in fifty seconds to a number: then wait for Retry-After. Somebody who is
    signed in adds the number or address to their account.
    """
    brake.check_minute("sign_in", request)
    handle = handle_of(said.handle)
    if handle is None:
        raise HandleUnreadable
    if not said.has_agreed:
        raise NotAgreed
    asked = codes.ask(request.visitor, handle, has_agreed=True, address=brake.address_of(request))
    return Status(201, asked)


@router.post("/session", response=writing(shapes.SignedIn, status=201), openapi_extra=KEYED)
def sign_in(request: ApiRequest, said: shapes.CodeTyped) -> Any:
    """Sign in with the code. The guest's cart, wishes and orders come along; call with the new token from now on."""
    brake.check_minute("code", request)
    language = "en" if get_language() == "en" else "zh"
    found = codes.confirm(request.visitor, challenge=said.challenge, code=said.code.strip(), language=language)
    return Status(201, found)


@router.get("/session", response=reading(shapes.Session))
def session(request: ApiRequest) -> Any:
    """Who calls."""
    shopper = request.visitor.shopper
    said = {name: getattr(shopper, name) if shopper else "" for name in ("name", "phone", "email")}
    return {"is_signed_in": shopper is not None, **said}


@router.delete("/session", response=writing(Done))
def sign_out(request: ApiRequest, everywhere: bool = False) -> Any:
    """End the session of this token, or all sessions of the account, in browsers too. Nothing happens to a guest."""
    codes.leave(request.visitor, is_everywhere=everywhere)
    return {}
