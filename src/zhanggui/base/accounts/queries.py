"""Reading operators."""

from __future__ import annotations

from zhanggui.base.accounts.models import Operator


def has_operators() -> bool:
    """Whether anybody can sign in to the console yet."""
    return Operator.objects.filter(is_active=True).exists()
