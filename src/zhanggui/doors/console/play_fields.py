"""What the fields of steer's facts about plays are called in the timeline."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

FIELDS: Final[dict[str, Promise]] = {
    "play_id": lazy("Play number"),
    "signal_id": lazy("Signal number"),
    "trial_id": lazy("Trial number"),
    "effect_id": lazy("Line of the ledger"),
    "move": lazy("What is done"),
    "metric": lazy("Number"),
    "treated": lazy("People treated"),
    "held_out": lazy("People held out"),
    "area": lazy("Budget area"),
    "fixed_minor": lazy("Fixed cost"),
    "cost_cap_minor": lazy("Cost cap"),
    "ends_on": lazy("Ends before"),
    "proof": lazy("Evidence"),
    "gmv_minor": lazy("Came on top"),
    "gmv_low_minor": lazy("Came on top, at least"),
    "gmv_high_minor": lazy("Came on top, at most"),
    "margin_minor": lazy("Margin on top"),
    "margin_low_minor": lazy("Margin on top, at least"),
    "margin_high_minor": lazy("Margin on top, at most"),
    "cost_minor": lazy("Cost"),
    "orders_milli": lazy("Orders on top, thousandths"),
    "orders_low_milli": lazy("Orders on top, at least, thousandths"),
    "orders_high_milli": lazy("Orders on top, at most, thousandths"),
}
