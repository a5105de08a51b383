"""What membership forgets of somebody who closes the account."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.operation.actions import operation
from zhanggui.growth.membership import models


@operation
def erase(*, shop: str, persons: Sequence[str]) -> None:
    """Forget birthdays. Points stay in the books until they expire, of somebody whom nobody can name."""
    models.Member.objects.filter(shop=shop, person__in=list(persons)).update(birth_month=None, birth_day=None)
