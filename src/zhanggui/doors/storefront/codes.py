"""Signing in with a code: allauth makes, keeps and compares it; here stands what the shop adds to that.

A code belongs to the browser that asked for it, is good for ten minutes and five tries, and opens the door once:
whoever uses it locks the session first, so that two who come at once are one who came and one who was too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.db import transaction

from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts import queries as ways_in
from zhanggui.base.accounts.errors import AlreadyTaken, NotReachable
from zhanggui.base.accounts.rules import Handle, Shopper, Way
from zhanggui.base.outbox import queries as outbox
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.storefront.throttle import address_of
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.experiments import actions as experiments
from zhanggui.growth.promotions import actions as promotions
from zhanggui.shop.cart import actions as carts
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.shop.customers.rules import NEEDED
from zhanggui.shop.customers.rules import Shopper as Person
from zhanggui.shop.wishes import actions as wishes

_CHANNELS = {Way.PHONE: Channel.SMS, Way.EMAIL: Channel.EMAIL}


class Answer(StrEnum):
    """What became of a code that was typed in."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_LATE = "too_late"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A code that is on its way.

    has_agreed  whether terms and privacy policy were agreed to when it was asked for
    """

    handle: Handle
    has_agreed: bool
    next: str


def ways() -> tuple[Way, ...]:
    """How a code can be sent from here, the phone first."""
    return tuple(way for way, channel in _CHANNELS.items() if outbox.can_send(channel))


def ask(request: ShopRequest, handle: Handle, *, has_agreed: bool, then: str) -> None:
    """Send a code. What is said and done is the same whether or not anybody ever signed in with that.

    refuses  NotReachable, TooManyCodes
    """
    if handle.way not in ways():
        raise NotReachable(way=handle.way)
    accounts.note_asked(handle=handle, address=address_of(request))
    with transaction.atomic():
        shopper = request.visit.shopper()
        account_id = shopper.account_id if shopper else accounts.open_for(handle=handle)
        user = get_user_model().objects.get(pk=account_id)
        LoginCodeVerificationProcess.initiate(request=request, user=user, **{handle.way.value: handle.value})
    request.session["asked"] = {"way": handle.way, "value": handle.value, "has_agreed": has_agreed, "next": then}


def pending(request: ShopRequest) -> Pending | None:
    """The code that this browser waits for; None if it waits for none."""
    said = request.session.get("asked")
    if not isinstance(said, dict) or _process(request) is None:
        return None
    handle = Handle(way=Way(said["way"]), value=said["value"])
    return Pending(handle=handle, has_agreed=bool(said["has_agreed"]), next=str(said["next"]))


def check(request: ShopRequest, code: str) -> Answer:
    """Sign in if the code is right: the guest's cart, orders and addresses are the customer's from then on."""
    try:
        return _check(request, code)
    except AlreadyTaken:
        return Answer.TAKEN


def leave(request: ShopRequest) -> None:
    """Sign out in this browser; whoever uses it next is somebody else."""
    logout(request)
    request.visit = request.visit.of_nobody()


def end_everywhere(request: ShopRequest, shopper: Person) -> None:
    """Sign a shopper out in all browsers, this one last."""
    accounts.sign_out_everywhere(account_id=shopper.account_id, but=request.session.session_key or "")
    leave(request)


def _check(request: ShopRequest, code: str) -> Answer:
    with transaction.atomic():
        if not accounts.claim_session(session_key=request.session.session_key or ""):
            return Answer.TOO_LATE
        # What was read before the lock may be old.
        request.session = type(request.session)(request.session.session_key)
        waiting, process = pending(request), _process(request)
        if waiting is None or process is None or process.user is None:
            return Answer.TOO_LATE
        if not compare_user_code(actual=code, expected=process.code):
            has_more = process.record_invalid_attempt()
            request.session.save()
            # Saved under the lock; saved once more with the answer it would undo what others count meanwhile.
            request.session.modified = False
            return Answer.WRONG if has_more else Answer.TOO_LATE
        account_id = int(process.user.pk)
        accounts.prove(account_id=account_id, handle=waiting.handle)
        process.finish(redirect_url=None)
        request.session.pop("asked", None)
        request.session.set_expiry(settings.SHOP_SESSION_AGE)
        request.session.save()
        _welcome(request, account_id, waiting)
    return Answer.RIGHT


def _process(request: ShopRequest) -> LoginCodeVerificationProcess | None:
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return LoginCodeVerificationProcess.resume(stage) if stage else None


def _welcome(request: ShopRequest, account_id: int, waiting: Pending) -> None:
    visit = request.visit
    proved = ways_in.shopper(account_id) or Shopper(account_id=account_id)
    welcomed = customers.welcome(
        account_id=account_id,
        phone=proved.phone,
        email=proved.email,
        visitor_id=visit.browser,
        trail=visit.trail(),
        by=visit.by,
    )
    if not visit.is_signed_in:
        carts.merge(shop=visit.shop.code, from_person=visit.browser, to_person=welcomed.person)
        wishes.merge(shop=visit.shop.code, from_person=visit.browser, to_person=welcomed.person)
        promotions.merge(shop=visit.shop.code, from_person=visit.browser, to_person=welcomed.person)
        experiments.merge(shop=visit.shop.code, from_person=visit.browser, to_person=welcomed.person)
    shopper = people.signed_in(visit.shop.code, request.session.session_key or "")
    if shopper is None:
        return
    request.visit = visit.of(shopper)
    if waiting.has_agreed:
        for purpose in NEEDED:
            customers.consent(
                customer_id=shopper.customer_id,
                purpose=purpose,
                is_given=True,
                language=request.LANGUAGE_CODE,
                how="sign_in",
                trail=request.visit.trail(),
                by=request.visit.by,
            )
