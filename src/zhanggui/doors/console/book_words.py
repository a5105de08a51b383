"""What the books of the house are called, and how they stand."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.audit.rules import Standing

NAMES: Final[dict[str, Promise]] = {
    "ledger": lazy("Money ledger"),
    "lake": lazy("Orders in the lake against orders in the shop"),
    "stock": lazy("Stock"),
    "catalogue": lazy("Catalogue"),
    "orders": lazy("Orders"),
    "payments": lazy("Payments"),
    "fulfilment": lazy("Parcels"),
    "returns": lazy("Returns"),
    "reviews": lazy("Reviews"),
    "flash": lazy("Flash sales"),
    "presale": lazy("Presales"),
    "membership": lazy("Tiers and points"),
    "teams": lazy("Group buying"),
    "referrals": lazy("Referrals"),
    "promotions": lazy("Promotions"),
    "budgets": lazy("Budget"),
}
STANDINGS: Final = {
    Standing.AGREES: pgettext_lazy("audit", "agrees"),
    Standing.OLD: pgettext_lazy("audit", "too long ago"),
    Standing.NEVER: pgettext_lazy("audit", "never added up"),
    Standing.DIFFERS: pgettext_lazy("audit", "differs"),
}
# Each with a word beside it: no colour stands alone.
TONES: Final = {
    Standing.AGREES: "good",
    Standing.OLD: "watch",
    Standing.NEVER: "watch",
    Standing.DIFFERS: "bad",
}


def name_of(name: str) -> str:
    """What some books are called; those without words keep their name."""
    return str(NAMES.get(name, name))
