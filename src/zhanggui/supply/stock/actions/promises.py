"""What is promised to orders: held, kept, let go, shipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.supply import StockHeld, StockReleased, StockShipped
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries
from zhanggui.supply.stock.actions.levels import check_units
from zhanggui.supply.stock.errors import AlreadyMoved, NothingHeld, NotInTheHouse, OutOfStock
from zhanggui.supply.stock.rules import Allocation, Demand, Kind, Plan

# An order gives its pieces back itself, after its payment is closed; this is for those whose job failed all day long.
GRACE: Final = timedelta(days=1)
# How often somebody else may be quicker. Once a try has failed all levels of its SKUs are locked, so the second one
# only fails if a warehouse got its first piece meanwhile.
_TRIES: Final = 3

# Index supply_stock_level_once. All levels of the SKUs are waited for in one order, those that have too little too:
# a second try that had to lock one more, behind those it has, would meet somebody who goes the other way round.
# Those that have too little after the wait drop out, and if any has, nothing at all is written and no row comes back.
# What is free is asked in the WHERE of the statement that locks, where it is asked again after the wait. Compared any
# later in the same statement it may be from before the wait: only the CHECK stopped it (docs/decisions/0007).
_HOLD = """
with wanted as materialized (
    select * from json_to_recordset(%s::json)
        t(line int, sku varchar, warehouse varchar, units bigint, each_units int)),
asked as materialized (select sku, warehouse, sum(units)::bigint as units from wanted group by 1, 2),
waited as materialized (
    select id from supply_stock_level where sku = any(array(select sku from asked)) order by sku, warehouse
    for update),
locked as materialized (
    select l.id, asked.units from supply_stock_level l join asked using (sku, warehouse)
    where (select count(*) from waited) > 0
        and l.on_hand_units + l.backorder_units - l.held_units >= asked.units
    for update of l),
held as (
    update supply_stock_level l set held_units = l.held_units + locked.units from locked
    where l.id = locked.id and (select count(*) from locked) = (select count(*) from asked) returning l.id),
reserved as (
    insert into supply_stock_reservation (order_number, line, sku, warehouse, units, shipped_units, released_units,
        each_units, expires_at, at)
    select %s::varchar, line, sku, warehouse, units, 0, 0, each_units, %s::timestamptz, %s::timestamptz
    from wanted where exists (select from held))
insert into supply_stock_movement (reference, line, sku, warehouse, kind, units, order_number, reason, by, at)
select %s::varchar, line, sku, warehouse, 'held', units, %s::varchar, '', %s::varchar, %s::timestamptz
from wanted where exists (select from held) order by line, sku, warehouse
"""

# Index supply_stock_level_once; in the order in which `hold` waits for them.
_WAIT_FOR = "select id from supply_stock_level where sku = any(%s::varchar[]) order by sku, warehouse for update"

# The promises are locked by now. Levels stay as they are: what one number no longer holds the other one does.
_HAND_ON = """
with passed as materialized (
    select * from unnest(%s::int[], %s::varchar[], %s::varchar[], %s::bigint[]) t(line, sku, warehouse, units)),
let_go as (
    update supply_stock_reservation r set released_units = r.released_units + passed.units from passed
    where r.order_number = %s::varchar and (r.line, r.sku, r.warehouse) = (passed.line, passed.sku, passed.warehouse)
    returning r.sku, r.warehouse, r.each_units),
each as (select sku, warehouse, min(each_units) as each_units from let_go group by 1, 2),
taken as (
    insert into supply_stock_reservation (order_number, line, sku, warehouse, units, shipped_units, released_units,
        each_units, expires_at, at)
    select %s::varchar, %s::int, sku, warehouse, sum(passed.units), 0, 0, min(each.each_units), null, %s::timestamptz
    from passed join each using (sku, warehouse) group by sku, warehouse)
insert into supply_stock_movement (reference, line, sku, warehouse, kind, units, order_number, reason, by, at)
select %s::varchar, line, sku, warehouse, 'released', units, %s::varchar, 'passed_on', %s::varchar, %s::timestamptz
from passed
union all
select %s::varchar, %s::int, sku, warehouse, 'held', sum(units), %s::varchar, 'passed_on', %s::varchar, %s::timestamptz
from passed group by sku, warehouse
"""

_Open = tuple[int, str, str, int, int, datetime | None]

# Index supply_stock_reservation_once.
_KEEP = """
with kept as materialized (
    select id from supply_stock_reservation
    where order_number = %s::varchar and units > shipped_units + released_units
    order by line, sku, warehouse for update)
update supply_stock_reservation r set expires_at = null from kept where r.id = kept.id
"""

# Index supply_stock_reservation_once.
_LOCK_OPEN = """
select line, sku, warehouse, units - shipped_units - released_units, each_units, expires_at
from supply_stock_reservation
where order_number = %s::varchar and units > shipped_units + released_units
order by line, sku, warehouse for update
"""

# The promises are locked by now. Indexes supply_stock_reservation_once and supply_stock_level_once; what is not in the
# house is not shipped, and then nothing at all is written.
_END = """
with ended as materialized (
    select * from unnest(%s::int[], %s::varchar[], %s::varchar[], %s::bigint[]) t(line, sku, warehouse, units)),
asked as materialized (select sku, warehouse, sum(units)::bigint as units from ended group by 1, 2),
locked as materialized (
    select l.id, asked.units from supply_stock_level l join asked using (sku, warehouse)
    where l.on_hand_units >= asked.units * %s::int order by l.sku, l.warehouse for update of l),
moved as (
    update supply_stock_level l
    set held_units = l.held_units - locked.units, on_hand_units = l.on_hand_units - locked.units * %s::int
    from locked where l.id = locked.id and (select count(*) from locked) = (select count(*) from asked)
    returning l.id),
counted as (
    update supply_stock_reservation r set shipped_units = r.shipped_units + ended.units * %s::int,
        released_units = r.released_units + ended.units * (1 - %s::int)
    from ended where r.order_number = %s::varchar and (r.line, r.sku, r.warehouse) =
        (ended.line, ended.sku, ended.warehouse) and exists (select from moved)),
told as (
    insert into supply_stock_movement (reference, line, sku, warehouse, kind, units, order_number, reason, by, at)
    select %s::varchar, line, sku, warehouse, %s::varchar, units, %s::varchar, '', %s::varchar, %s::timestamptz
    from ended where exists (select from moved) order by line, sku, warehouse
    on conflict on constraint supply_stock_movement_once do nothing returning line)
select (select count(*) from moved), (select count(*) from told)
"""


@operation
def hold(
    *,
    order_number: str,
    demand: Sequence[Demand],
    until: datetime | None,
    trail: Trail,
    by: Actor,
    plan: Plan | None = None,
) -> tuple[Allocation, ...]:
    """Promise pieces to an order so that nobody else can buy them: all of them, or none. Which warehouse gives what.

    Whoever comes too late is refused by a plain read and locks nothing. Otherwise all levels of the SKUs are locked, in
    one order; if somebody was quicker meanwhile, the warehouses are chosen once more, with nobody able to interfere.

    demand   pieces > 0; several demands of one SKU are added up before they are compared with what is free; nothing
             where nothing lies in stock, such as a file: then nothing is promised and nothing told
    until    when the promise runs out if it is not kept; None if never
    plan     what `queries.plan` said a moment ago, to save reading it again
    refuses  OutOfStock with what is missing, UnitsNotAllowed; nothing is written
    tells    supply.stock_held, once with all lines
    """
    if not demand:
        return ()
    check_units((each.sku, each.units) for each in demand)
    standing = plan if plan is not None and plan.meets(demand) else queries.plan(demand)
    for _ in range(_TRIES):
        if standing.shortages:
            raise OutOfStock(shortages=standing.shortages)
        if _promise(order_number, standing.allocations, demand, until=until, by=by):
            _tell_held(order_number, standing.allocations, trail=trail, by=by)
            return standing.allocations
        standing = queries.plan(demand)
    raise OutOfStock(shortages=queries.what_is_left(_by_sku(demand)))


@operation
def keep(*, order_number: str) -> bool:
    """Let what is promised to an order stay promised for good, because it is paid; False if nothing is any longer."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [order_number])
        return bool(cursor.rowcount > 0)


@operation
def release(*, order_number: str, trail: Trail, by: Actor) -> None:
    """Put all that is still promised to an order back on sale; nothing happens if nothing is any longer.

    tells  supply.stock_released, once with all lines
    """
    pieces = [Allocation(line, sku, code, units) for line, sku, code, units, *_ in _lock_open(order_number)]
    if pieces:
        _end(order_number, pieces, kind=Kind.RELEASED, reference=order_number, by=by)
        _tell_released(order_number, pieces, trail=trail, by=by)


@operation
def release_lines(*, order_number: str, units: Mapping[int, int], trail: Trail, by: Actor, reference: str = "") -> None:
    """Put a part of what is promised to an order back on sale.

    units      pieces by line, > 0; of a bundle so many bundles, with all their parts
    reference  what it is done for; the same once more is refused. Without one it is done as often as it is asked for
    refuses    NothingHeld if fewer are promised, UnitsNotAllowed, AlreadyMoved; nothing is written
    tells      supply.stock_released, once with all lines
    """
    check_units((str(line), wanted) for line, wanted in units.items())
    pieces = _parts(order_number, units)
    _end(order_number, pieces, kind=Kind.RELEASED, reference=reference or f"release/{ids.uuid7()}", by=by)
    _tell_released(order_number, pieces, trail=trail, by=by)


@operation
def pass_on(*, order_number: str, units: Mapping[int, int], to: str, to_line: int, trail: Trail, by: Actor) -> None:
    """Promise to somebody else, for good, what is promised to an order; it is never free in between.

    units    pieces by line of the order, > 0; of a bundle so many bundles, with all their parts
    to       who holds them from now on, under a line that has held nothing before
    refuses  NothingHeld if fewer are promised, UnitsNotAllowed; nothing is written
    tells    supply.stock_released and supply.stock_held
    """
    check_units((str(line), wanted) for line, wanted in units.items())
    pieces = _parts(order_number, units)
    rows = [(piece.line, piece.sku, piece.warehouse, piece.units) for piece in pieces]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    now, reference = clock.now(), f"passed/{to}/{to_line}"
    let_go: list[Any] = [reference, order_number, str(by), now]
    taken: list[Any] = [reference, to_line, to, str(by), now]
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON, [*columns, order_number, to, to_line, now, *let_go, *taken])
    _tell_released(order_number, pieces, trail=trail, by=by)
    _tell_held(to, pieces, trail=trail, by=by)


def wait_for(skus: Iterable[str]) -> None:
    """Wait until nobody else moves pieces of these SKUs, and let nobody do it until the end of the transaction.

    For whoever lets go of pieces and promises others in one transaction: all levels are waited for in one order, so
    that two of them never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_FOR, [sorted(set(skus))])


@operation
def ship(*, order_number: str, parcel_id: str, pieces: Sequence[Allocation], trail: Trail, by: Actor) -> None:
    """Let promised pieces leave the house for good, in one parcel.

    pieces   as they were promised, or a part of it; see `queries.reservations`
    refuses  NothingHeld if fewer are promised, NotInTheHouse if they were sold before they came, AlreadyMoved if the
             parcel has left before, UnitsNotAllowed; nothing is written
    tells    supply.stock_shipped, once with all lines
    """
    check_units((piece.sku, piece.units) for piece in pieces)
    still_open = {(line, sku, code): units for line, sku, code, units, *_ in _lock_open(order_number)}
    leaving = _merged(pieces)
    if not leaving or any(still_open.get((p.line, p.sku, p.warehouse), 0) < p.units for p in leaving):
        raise NothingHeld(order_number=order_number)
    _end(order_number, leaving, kind=Kind.SHIPPED, reference=parcel_id, by=by)
    lines, quantity = lines_of(leaving)
    houses = {piece.warehouse for piece in leaving}
    fact = StockShipped(
        order_number=order_number,
        lines=lines,
        quantity=quantity,
        parcel_id=parcel_id,
        warehouse=houses.pop() if len(houses) == 1 else "",
    )
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


@operation
def expire(*, order_number: str, trail: Trail, before: datetime | None = None) -> bool:
    """Put what was promised to an order back on sale if its time is over; False if it was kept, let go or shipped.

    before  when its time must have been over; now if it is not said
    tells   supply.stock_released
    """
    ends = [expires_at for *_, expires_at in _lock_open(order_number)]
    if not any(moment is not None and moment <= (before or clock.now()) for moment in ends):
        return False
    release(order_number=order_number, trail=trail, by=job_actor("stock.expire"))
    return True


@job(name="supply.release_expired", every="*/10 * * * *")
def release_expired() -> None:
    """Put back what nobody released a day after its time was over, because the order's own job failed all day."""
    before = clock.now() - GRACE
    for number, shop in queries.overdue(at=before):
        expire(order_number=number, trail=Trail(shop=shop), before=before)


def lines_of(pieces: Iterable[Allocation]) -> tuple[tuple[Line, ...], int]:
    """Pieces as a fact tells them: by SKU, and all together."""
    units: dict[str, int] = {}
    for piece in pieces:
        units[piece.sku] = units.get(piece.sku, 0) + piece.units
    return tuple(Line(sku=sku, quantity=units[sku], amount_minor=0) for sku in sorted(units)), sum(units.values())


def _promise(
    order_number: str, pieces: Sequence[Allocation], demand: Sequence[Demand], *, until: datetime | None, by: Actor
) -> bool:
    each = {(one.line, one.sku): one.each_units for one in demand}
    rows = [
        {
            "line": piece.line,
            "sku": piece.sku,
            "warehouse": piece.warehouse,
            "units": piece.units,
            "each_units": each[piece.line, piece.sku],
        }
        for piece in pieces
    ]
    now = clock.now()
    with connection.cursor() as cursor:
        wanted = msgspec.json.encode(rows).decode()
        cursor.execute(_HOLD, [wanted, order_number, until, now, order_number, order_number, str(by), now])
        return bool(cursor.rowcount == len(rows))


def _tell_held(order_number: str, pieces: Iterable[Allocation], *, trail: Trail, by: Actor) -> None:
    lines, quantity = lines_of(pieces)
    fact = StockHeld(order_number=order_number, lines=lines, quantity=quantity)
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


def _tell_released(order_number: str, pieces: Iterable[Allocation], *, trail: Trail, by: Actor) -> None:
    lines, quantity = lines_of(pieces)
    fact = StockReleased(order_number=order_number, lines=lines, quantity=quantity)
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


def _by_sku(demand: Iterable[Demand]) -> dict[str, int]:
    units: dict[str, int] = {}
    for each in demand:
        units[each.sku] = units.get(each.sku, 0) + each.units
    return units


def _lock_open(order_number: str) -> list[_Open]:
    """What is still promised to an order, locked: line, SKU, warehouse, pieces, pieces in one of the line, its end."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_OPEN, [order_number])
        rows: list[_Open] = cursor.fetchall()
    return rows


def _parts(order_number: str, units: Mapping[int, int]) -> list[Allocation]:
    """Which of the promised pieces a part of some lines is; the smallest promises go first, which saves parcels."""
    still_open = _lock_open(order_number)
    pieces = []
    for line, wanted in sorted(units.items()):
        own = [each for each in still_open if each[0] == line]
        if not own:
            raise NothingHeld(order_number=order_number)
        for sku in sorted({each[1] for each in own}):
            of_sku = sorted((each for each in own if each[1] == sku), key=lambda each: (each[3], each[2]))
            need = wanted * of_sku[0][4]
            for _, _, code, has, *_ in of_sku:
                if taken := min(need, has):
                    pieces.append(Allocation(line, sku, code, taken))
                    need -= taken
            if need:
                raise NothingHeld(order_number=order_number)
    return pieces


def _merged(pieces: Iterable[Allocation]) -> list[Allocation]:
    units: dict[tuple[int, str, str], int] = {}
    for piece in pieces:
        key = piece.line, piece.sku, piece.warehouse
        units[key] = units.get(key, 0) + piece.units
    return [Allocation(*key, taken) for key, taken in sorted(units.items())]


def _end(order_number: str, pieces: Sequence[Allocation], *, kind: Kind, reference: str, by: Actor) -> None:
    """End locked promises: back on sale, or out of the house."""
    rows = [(piece.line, piece.sku, piece.warehouse, piece.units) for piece in pieces]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    leaves = int(kind is Kind.SHIPPED)
    told: list[Any] = [reference, str(kind), order_number, str(by), clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(_END, [*columns, leaves, leaves, leaves, leaves, order_number, *told])
        moved, noted = cursor.fetchone()
    if not moved:
        raise NotInTheHouse(order_number=order_number)
    if noted < len(rows):
        raise AlreadyMoved(reference=reference)
