"""Links in mails that work without signing in: they carry their own proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

_STOP: Final = "zhanggui.board-mail"
_ADDRESS: Final = "zhanggui.operator-address"
CONFIRM_WITHIN: Final = timedelta(days=7)


def stop_address(subscription_id: str) -> str:
    """Where a mail of a board is stopped; good as long as it is sent."""
    return settings.PUBLIC_URL + reverse("console:board_stop", args=[signing.dumps(subscription_id, salt=_STOP)])


def stopped(token: str) -> str | None:
    """Which subscription a link means; None if it is not ours."""
    try:
        said = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return None
    return said if isinstance(said, str) else None


def confirm_address(operator_id: int, email: str) -> str:
    """Where an operator confirms a mail address; good for a week."""
    token = signing.dumps([operator_id, email], salt=_ADDRESS)
    return settings.PUBLIC_URL + reverse("console:address_confirm", args=[token])


def confirmed(token: str) -> tuple[int, str] | None:
    """Whose address a link confirms; None if it is not ours or too old."""
    try:
        operator_id, email = signing.loads(token, salt=_ADDRESS, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return int(operator_id), str(email)
