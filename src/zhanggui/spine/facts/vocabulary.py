"""Every file of facts, read once at the start so that the register is whole."""

from __future__ import annotations

from zhanggui.spine.facts import (
    alerts,
    boards,
    flash,
    groups,
    identity,
    insight,
    marketing,
    membership,
    parcels,
    payments,
    people,
    presales,
    promotions,
    returns,
    segments,
    shop,
    stock,
    supply,
)

ROOMS = (
    alerts,
    boards,
    flash,
    groups,
    identity,
    insight,
    marketing,
    membership,
    parcels,
    payments,
    people,
    presales,
    promotions,
    returns,
    segments,
    shop,
    stock,
    supply,
)
