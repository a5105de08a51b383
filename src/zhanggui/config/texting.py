"""Who carries text messages for this installation: Tencent Cloud, or the sandbox that speaks as it does."""

from __future__ import annotations

import os
from collections.abc import Mapping

from django.conf import settings

from zhanggui.base.outbox.carriers import tencent
from zhanggui.base.outbox.carriers.tencent import Account, Tencent
from zhanggui.doors.sandbox.keys import TENCENT_APP_ID, keys

_REGION = "ap-guangzhou"


def carrier() -> Tencent | None:
    """The carrier; None where nobody carries them. One that is named but incomplete keeps the house shut."""
    return _real(os.environ) or (_sandbox() if settings.IS_SANDBOX and settings.OUTBOX_SHOWS_WORDS else None)


def _real(environment: Mapping[str, str]) -> Tencent | None:
    if not environment.get("TENCENT_SMS_APP_ID"):
        return None
    return Tencent(
        Account(
            secret_id=environment["TENCENT_SECRET_ID"],
            secret_key=environment["TENCENT_SECRET_KEY"],
            app_id=environment["TENCENT_SMS_APP_ID"],
            region=environment.get("TENCENT_SMS_REGION", _REGION),
            api=environment.get("TENCENT_SMS_API", tencent.API),
            own_shop=settings.OWN_SHOP,
            own_sign=settings.OWN_SHOP_NAME,
        )
    )


def _sandbox() -> Tencent:
    """The process of `zhanggui sandbox`, where words are approved as soon as they are handed in."""
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
