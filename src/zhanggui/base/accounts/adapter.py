"""What allauth asks of the house: where a shopper's phone number stands, and how a code is sent."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhanggui.base.accounts.models import Account
from zhanggui.base.accounts.rules import CODE_FOR, Kind
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox.rules import Channel, Message

_SHOPPERS = "zhanggui.base.accounts.backends.ShopperBackend"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Codes go through our outbox, phone numbers stand in our table, and nothing is said behind the pages' back."""

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages find their own words."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a code for a mail address into the outbox."""
        code = context["code"]
        subject = _("%(code)s is your code for %(shop)s") % {"code": code, "shop": settings.OWN_SHOP_NAME}
        _send(Channel.EMAIL, email, code, subject=subject)

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any) -> None:
        """Put a code for a phone number into the outbox."""
        _send(Channel.SMS, phone, code)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign a shopper in, to the shop only."""
        user.backend = _SHOPPERS
        super().login(request, user)

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        """A shopper's number, and whether it was proved."""
        row = Account.objects.filter(pk=user.pk, kind=Kind.SHOPPER, phone__isnull=False).first()
        return (str(row.phone), row.verified_at is not None) if row else None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        """Numbers are set by `actions.prove` alone."""

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """Numbers are proved by `actions.prove` alone."""

    def get_user_by_phone(self, phone: str) -> AbstractBaseUser | None:
        """The shopper's account of a number."""
        return Account.objects.filter(kind=Kind.SHOPPER, phone=phone).first()


def _send(channel: Channel, to: str, code: str, *, subject: str = "") -> None:
    minutes = int(CODE_FOR.total_seconds()) // 60
    said = {"shop": settings.OWN_SHOP_NAME, "code": code, "minutes": minutes}
    words = _(
        "[%(shop)s] Your code is %(code)s. It is good for %(minutes)s minutes. We never ask for it; tell it to nobody."
    )
    parts = (("code", code), ("minutes", str(minutes)))
    message = Message(channel=channel, to=to, subject=subject, words=words % said, template="sign_in_code", parts=parts)
    outbox.send(message=message)
