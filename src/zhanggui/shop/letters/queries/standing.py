"""Reading which letters a shop sends, what came of them, and in which language an order's shopper reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Count

from zhanggui.shop.customers import queries as customers
from zhanggui.shop.letters import models, rules
from zhanggui.shop.letters.rules import Kind, Reason, State
from zhanggui.shop.orders.rules import Order

# How Django calls the languages of a letter.
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many letters of a kind are in a state.

    reason  why they were left out; None otherwise
    """

    kind: Kind
    state: State
    reason: Reason | None
    letters: int


def kinds(shop: str) -> frozenset[Kind]:
    """Which letters a shop sends. One statement. Primary key."""
    row = models.Terms.objects.filter(pk=shop).first()
    return frozenset(Kind(kind) for kind in row.kinds) if row else rules.USUAL


def counted(shop: str, *, since: datetime) -> tuple[Counted, ...]:
    """What came of a shop's letters since a moment. One statement. Index shop_letters_due_told."""
    rows = models.Due.objects.filter(shop=shop, told_at__gte=since).values("kind", "state", "reason")
    return tuple(
        Counted(
            kind=Kind(row["kind"]),
            state=State(row["state"]),
            reason=Reason(row["reason"]) if row["reason"] else None,
            letters=row["letters"],
        )
        for row in rows.annotate(letters=Count("pk")).order_by("kind", "state", "reason")
    )


def language_of(order: Order) -> str:
    """Zh or en: in which the order was placed, else in which its customer last agreed to something, else the house's.

    At most two statements. Primary key; index shop_customers_consent_newest.
    """
    placed = models.Language.objects.filter(pk=order.number).values_list("language", flat=True).first()
    if placed:
        return placed
    said = customers.consents(order.customer_id)
    spoken = said[-1].language if said else settings.LANGUAGE_CODE
    return "en" if spoken.startswith("en") else "zh"
