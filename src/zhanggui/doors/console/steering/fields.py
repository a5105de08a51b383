"""What the fields of steer's facts about goals and budgets are called in the timeline."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

FIELDS: Final[dict[str, Promise]] = {
    "goal_id": lazy("Goal number"),
    "better": lazy("Which way is better"),
    "baseline": lazy("Baseline"),
    "target": lazy("Target"),
    "was_target": lazy("Target before"),
    "actual": lazy("Came"),
    "forecast": lazy("Expected at the end"),
    "why": lazy("Why it is missed"),
    "money_minor": lazy("Falls short by"),
    "start": lazy("From day"),
    "end": lazy("Before day"),
    "owner": lazy("Number of who answers"),
    "team": lazy("Team"),
    "parent": lazy("Part of"),
    "budget_id": lazy("Budget number"),
    "traffic_minor": lazy("Traffic"),
    "content_minor": lazy("Words and pictures"),
    "members_minor": pgettext_lazy("budget", "Members"),
    "supply_minor": lazy("Goods and delivery"),
    "source": lazy("From area"),
    "saved_minor": lazy("Less than at the list price"),
}
