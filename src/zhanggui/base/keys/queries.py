"""Reading keys."""

from __future__ import annotations

from datetime import datetime

from zhanggui.base.keys import models, rules


def key_of(secret: str, *, at: datetime) -> rules.Key | None:
    """The key that a program sends, if it opens anything now. At most one statement. Index on its digest."""
    if not rules.is_secret(secret):
        return None
    row = models.Key.objects.filter(key_digest=rules.digest_of(secret)).first()
    return row.value if row and row.value.is_good(at=at) else None


def keys(shop: str) -> tuple[rules.Key, ...]:
    """All keys of a shop, those that open something first, then the newest. One statement."""
    rows = models.Key.objects.filter(shop=shop).order_by("-made_at", "pk")
    return tuple(sorted((row.value for row in rows), key=lambda key: key.revoked_at is not None))
