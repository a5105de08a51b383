"""Every file of facts, read once at the start so that the register is whole."""

from __future__ import annotations

from zhanggui.spine.facts import (
    flash,
    groups,
    insight,
    membership,
    parcels,
    payments,
    people,
    presales,
    promotions,
    returns,
    shop,
    stock,
    supply,
)

ROOMS = (
    flash,
    groups,
    insight,
    membership,
    parcels,
    payments,
    people,
    presales,
    promotions,
    returns,
    shop,
    stock,
    supply,
)
