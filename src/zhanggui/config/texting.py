"""Who carries text messages for this installation: Tencent Cloud, or the sandbox that speaks as it does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.conf import settings

from zhanggui.base.outbox.ports import Carrier, Sender
from zhanggui.config.late import Late
from zhanggui.doors.sandbox.keys import TENCENT_APP_ID, keys

if TYPE_CHECKING:
    from zhanggui.base.outbox.carriers.tencent import Tencent

_REGION = "ap-guangzhou"


def carrier() -> Carrier | None:
    """The carrier; None where nobody carries them. One that is named but incomplete keeps the house shut."""
    is_played = settings.IS_SANDBOX and settings.OUTBOX_SHOWS_WORDS
    return _real(os.environ) or (cast(Carrier, Late(_sandbox)) if is_played else None)


def sender(carrier: Carrier) -> Sender:
    """Sends by that carrier, who is asked only when there is something to send."""
    return lambda message: carrier.send(message)


def _real(environment: Mapping[str, str]) -> Tencent | None:
    if not environment.get("TENCENT_SMS_APP_ID"):
        return None
    from zhanggui.base.outbox.carriers.tencent import API, Account, Tencent  # noqa: PLC0415 - a large SDK

    return Tencent(
        Account(
            secret_id=environment["TENCENT_SECRET_ID"],
            secret_key=environment["TENCENT_SECRET_KEY"],
            app_id=environment["TENCENT_SMS_APP_ID"],
            region=environment.get("TENCENT_SMS_REGION", _REGION),
            api=environment.get("TENCENT_SMS_API", API),
            own_shop=settings.OWN_SHOP,
            own_sign=settings.OWN_SHOP_NAME,
        )
    )


def _sandbox() -> Tencent:
    """The process of `zhanggui sandbox`, where words are approved as soon as they are handed in."""
    from zhanggui.base.outbox.carriers.tencent import Account, Tencent  # noqa: PLC0415 - a large SDK

    made = keys()
    return Tencent(
        Account(
            secret_id=made.tencent_secret_id,
            secret_key=made.tencent_secret_key,
            app_id=TENCENT_APP_ID,
            region=_REGION,
            api=settings.SANDBOX_URL,
            own_shop=settings.OWN_SHOP,
            own_sign=settings.OWN_SHOP_NAME,
            hands_in=True,
        )
    )
