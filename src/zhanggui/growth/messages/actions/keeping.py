"""How a shop sends, and forgetting people."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.operation.actions import operation
from zhanggui.growth.messages import models, rules


@operation
def set_terms(*, shop: str, terms: rules.Terms) -> None:
    """Have a shop send in another way from now on; what has left cost what it cost.

    refuses  TermsUnfit
    """
    terms = terms.checked()
    said = {name: getattr(terms, name) for name in rules.Terms.__dataclass_fields__}
    models.Terms.objects.bulk_create(
        [models.Terms(shop=shop, **said)], update_conflicts=True, unique_fields=["shop"], update_fields=list(said)
    )


@operation
def erase(*, persons: Sequence[str]) -> None:
    """Forget that anything was planned for these people or sent to them, in all shops. What was told stays told."""
    models.Message.objects.filter(person__in=list(persons)).delete()
