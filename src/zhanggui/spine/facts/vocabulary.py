"""Every file of facts, read once at the start so that the register is whole."""

from __future__ import annotations

from zhanggui.spine.facts import insight, parcels, payments, people, returns, shop, stock, supply

ROOMS = (insight, parcels, payments, people, returns, shop, stock, supply)
