"""Signing in with a code from a program: allauth makes, keeps and compares it; here stands what the API adds to that.

A code waits in a session of its own, whose key the program holds, signed. It is good for ten minutes and five tries,
for the shopper who asked for it, and opens the door once: whoever uses it locks the session first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from zhanggui.base import clock
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts import queries as ways_in
from zhanggui.base.accounts.errors import NotReachable
from zhanggui.base.accounts.rules import CODE_FOR, SIGNED_IN_FOR, Handle, Shopper, Way
from zhanggui.base.accounts.sessions import SessionStore
from zhanggui.base.errors import Refused
from zhanggui.base.outbox import queries as outbox
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.api.askers import Visitor, session_token
from zhanggui.doors.api.errors import CodeEnded, CodeWrong
from zhanggui.growth.experiments import actions as experiments
from zhanggui.growth.promotions import actions as promotions
from zhanggui.shop.cart import actions as carts
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.shop.customers.rules import NEEDED
from zhanggui.shop.wishes import actions as wishes

_CHANNELS: Final = {Way.PHONE: Channel.SMS, Way.EMAIL: Channel.EMAIL}
_signer: Final = signing.Signer(salt="api.code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A code that is on its way.

    challenge  goes along with the code when it is typed in
    """

    challenge: str
    way: Way
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session in which somebody has just signed in, and the token that names it."""

    token: str
    expires_at: datetime


class _Desk(HttpRequest):
    """What allauth works on: a request of its own, so that nothing of it reaches the answer as a cookie."""

    def __init__(self, session: SessionStore) -> None:
        super().__init__()
        self.session = session
        self.user = AnonymousUser()


def ask(visitor: Visitor, handle: Handle, *, has_agreed: bool, address: str) -> Asked:
    """Send a code. What is said and done is the same whether or not anybody ever signed in with that.

    address  the network address that asks
    refuses  NotReachable, TooManyCodes
    """
    if not outbox.can_send(_CHANNELS[handle.way]):
        raise NotReachable(way=handle.way)
    accounts.note_asked(handle=handle, address=address)
    session = SessionStore()
    with transaction.atomic():
        shopper = visitor.shopper
        account_id = shopper.account_id if shopper else accounts.open_for(handle=handle)
        user = get_user_model().objects.get(pk=account_id)
        LoginCodeVerificationProcess.initiate(request=_Desk(session), user=user, **{handle.way.value: handle.value})
        session["asked"] = {
            "way": handle.way,
            "value": handle.value,
            "has_agreed": has_agreed,
            "person": visitor.person,
        }
        session.set_expiry(int(CODE_FOR.total_seconds()))
        session.create()
    challenge = _signer.sign(session.session_key or "")
    return Asked(challenge=challenge, way=handle.way, expires_at=clock.now() + CODE_FOR)


def confirm(visitor: Visitor, *, challenge: str, code: str, language: str) -> SignedIn:
    """Sign in if the code is right: the guest's cart, wishes, orders and addresses are the customer's from then on.

    language  in which the texts were agreed to
    refuses   CodeWrong, CodeEnded, AlreadyTaken
    """
    try:
        session_key = _signer.unsign(challenge)
    except signing.BadSignature as forged:
        raise CodeEnded from forged
    found = _confirm(visitor, session_key, code, language)
    # Refused only here: a wrong try is to be counted, not undone.
    if isinstance(found, Refused):
        raise found
    return found


def leave(visitor: Visitor, *, is_everywhere: bool) -> None:
    """End the session of a token, or all sessions of the account; nothing for a guest."""
    if visitor.shopper is None:
        return
    if is_everywhere:
        accounts.sign_out_everywhere(account_id=visitor.shopper.account_id)
    SessionStore(visitor.session).delete()


@transaction.atomic
def _confirm(visitor: Visitor, session_key: str, code: str, language: str) -> SignedIn | CodeWrong | CodeEnded:
    if not accounts.claim_session(session_key=session_key):
        return CodeEnded()
    session = SessionStore(session_key)
    desk, said = _Desk(session), session.get("asked")
    process = _process(desk)
    if process is None or process.user is None or not said or said["person"] != visitor.person:
        return CodeEnded()
    if not compare_user_code(actual=code, expected=process.code):
        has_more = process.record_invalid_attempt()
        session.save()
        return CodeWrong() if has_more else CodeEnded()
    account_id = int(process.user.pk)
    accounts.prove(account_id=account_id, handle=Handle(way=Way(said["way"]), value=said["value"]))
    process.finish(redirect_url=None)
    session.pop("asked")
    session.set_expiry(settings.SHOP_SESSION_AGE)
    session.save()
    _welcome(visitor, account_id, session.session_key or "", has_agreed=said["has_agreed"], language=language)
    return SignedIn(token=session_token(session.session_key or ""), expires_at=clock.now() + SIGNED_IN_FOR)


def _process(desk: HttpRequest) -> LoginCodeVerificationProcess | None:
    stage = LoginStageController.enter(desk, LoginByCodeStage.key)
    return LoginCodeVerificationProcess.resume(stage) if stage else None


def _welcome(visitor: Visitor, account_id: int, session_key: str, *, has_agreed: bool, language: str) -> None:
    proved = ways_in.shopper(account_id) or Shopper(account_id=account_id)
    welcomed = customers.welcome(
        account_id=account_id,
        phone=proved.phone,
        email=proved.email,
        visitor_id=visitor.person,
        trail=visitor.trail,
        by=visitor.by,
    )
    if visitor.shopper is None:
        carts.merge(shop=visitor.shop.code, from_person=visitor.person, to_person=welcomed.person)
        wishes.merge(shop=visitor.shop.code, from_person=visitor.person, to_person=welcomed.person)
        promotions.merge(shop=visitor.shop.code, from_person=visitor.person, to_person=welcomed.person)
        experiments.merge(shop=visitor.shop.code, from_person=visitor.person, to_person=welcomed.person)
    shopper = people.signed_in(visitor.shop.code, session_key)
    if shopper is None or not has_agreed:
        return
    now = Visitor(shop=visitor.shop, person=shopper.person, shopper=shopper, session=session_key)
    for purpose in NEEDED:
        customers.consent(
            customer_id=shopper.customer_id,
            purpose=purpose,
            is_given=True,
            language=language,
            how="sign_in",
            trail=now.trail,
            by=now.by,
        )
