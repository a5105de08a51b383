"""Setting the books right when they disagree."""

from __future__ import annotations

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.facts.stock import StockRepaired
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import models, queries
from zhanggui.supply.stock.actions.levels import locked
from zhanggui.supply.stock.errors import PromisedMore
from zhanggui.supply.stock.rules import Kind


@operation
def repair(*, sku: str, warehouse: str, trail: Trail, by: Actor) -> bool:
    """Set a level to what its movements and the open promises add up to; False if it was right.

    Movements and promises are believed, the level is not. Where the movements themselves say that other pieces are held
    than are promised, one more movement says so.

    refuses  PromisedMore if more is promised than there is: call orders off or allow backorders first
    tells    supply.stock_repaired
    """
    before = locked([(sku, warehouse)], trail=trail)[sku, warehouse]
    found = next(iter(queries.audit(sku=sku, warehouse=warehouse)), None)
    if found is None:
        return False
    there = found.moved_on_hand_units + before.backorder_units
    if not 0 <= found.promised_units <= there or found.moved_on_hand_units < 0:
        raise PromisedMore(sku=sku, warehouse=warehouse, held_units=found.promised_units, units=there)
    if gap := found.promised_units - found.moved_held_units:
        _close(gap, sku=sku, warehouse=warehouse, by=by)
    models.Level.objects.filter(sku=sku, warehouse=warehouse).update(
        on_hand_units=found.moved_on_hand_units,
        held_units=found.promised_units,
        defective_units=max(0, found.moved_defective_units),
        in_transit_units=max(0, found.moved_in_transit_units),
    )
    fact = StockRepaired(
        sku=sku,
        warehouse=warehouse,
        on_hand_units=found.moved_on_hand_units,
        held_units=found.promised_units,
        was_on_hand_units=before.on_hand_units,
        was_held_units=before.held_units,
    )
    record(fact, by=by, trail=trail, subject=f"sku:{sku}")
    return True


def _close(gap: int, *, sku: str, warehouse: str, by: Actor) -> None:
    """Let the movements say that so many more (+) or fewer (-) pieces are held."""
    models.Movement.objects.create(
        reference=f"repair/{ids.uuid7()}",
        sku=sku,
        warehouse=warehouse,
        kind=Kind.HELD if gap > 0 else Kind.RELEASED,
        units=abs(gap),
        reason="repair",
        by=str(by),
        at=clock.now(),
    )
