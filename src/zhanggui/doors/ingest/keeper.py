"""Making a group of deliveries durable: rows to the lake, refusals to their table, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from itertools import chain
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.rules import job
from zhanggui.doors.ingest import actions
from zhanggui.doors.ingest.batcher import Delivery
from zhanggui.doors.ingest.identities import Said
from zhanggui.doors.ingest.keys import on_living_connection
from zhanggui.insight.identity import actions as identity
from zhanggui.insight.identity.rules import Claim
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.errors import BatchKnown
from zhanggui.insight.lake.rules import EVENTS
from zhanggui.insight.sources import actions as sources
from zhanggui.spine.sightings.rules.columns import ShopTerms, Sighting
from zhanggui.spine.sightings.rules.orders import is_completion
from zhanggui.spine.sightings.rules.reasons import Refusal

BY: Final = job("ingest")
# Only the second try of the same group asks for its batch again, seconds later.
FORGET_BATCH_AFTER = timedelta(days=1)


class Recent:
    """The ids that were kept last, so that a client that sends again costs nothing. Bounded; the lake knows them all.

    In two generations: the older one is dropped when the younger one is full.
    """

    MOST = 200_000

    def __init__(self) -> None:
        self._young: dict[str, set[bytes]] = {}
        self._old: dict[str, set[bytes]] = {}
        self._count = 0

    def fresh(self, rows: Iterable[Sighting], *, shop: str) -> list[Sighting]:
        """Those that were not kept lately, each id once."""
        by_id: dict[bytes, Sighting] = {}
        for row in rows:
            by_id.setdefault(row.id, row)
        return [by_id[id] for id in by_id.keys() - self._young.get(shop, set()) - self._old.get(shop, set())]

    def remember(self, rows: Iterable[Sighting], *, shop: str) -> None:
        """Know these from now on."""
        known = self._young.setdefault(shop, set())
        self._count -= len(known)
        known.update(row.id for row in rows)
        self._count += len(known)
        if self._count > self.MOST:
            self._old, self._young, self._count = self._young, {}, 0


class Keeper:
    """Writes groups; used by one thread."""

    def __init__(self) -> None:
        self._recent = Recent()
        self._said = Said()
        self._is_database_in_doubt = False

    def keep(self, group: Sequence[Delivery]) -> None:
        """Make all of it durable, or nothing of it.

        Files are written first. The transaction that names them runs again on a new connection if the old one is dead;
        its batch id tells whether the first time went through after all.
        While the database is away no file is written, for nobody would name it and the disk would fill.
        refuses  LakeFull, LakeUnwritable, DatabaseGone
        """
        if self._is_database_in_doubt:
            on_living_connection(connection.ensure_connection)
        shops = {delivery.shop.code: delivery.shop for delivery in group}
        fresh = {code: self._recent.fresh(_sightings(group, code), shop=code) for code in shops}
        written = {code: lake.write(table(rows, shop=shops[code]), shop=code) for code, rows in fresh.items() if rows}
        claims = {code: self._said.fresh(rows, shop=code) for code, rows in fresh.items()}
        completed = {code: [row for row in rows if is_completion(row)] for code, rows in fresh.items()}
        batch = f"ingest/{ids.uuid7()}"
        self._is_database_in_doubt = True
        on_living_connection(lambda: _stand(batch, written, claims, completed, group))
        self._is_database_in_doubt = False
        for code, rows in fresh.items():
            self._recent.remember(rows, shop=code)
            self._said.remember(claims[code], shop=code)


def _sightings(group: Sequence[Delivery], shop: str) -> Iterator[Sighting]:
    return chain.from_iterable(one.reading.sightings for one in group if one.shop.code == shop)


def _stand(
    batch: str,
    written: dict[str, tuple[lake.Written, ...]],
    claims: dict[str, list[Claim]],
    completed: dict[str, list[Sighting]],
    group: Sequence[Delivery],
) -> None:
    """Name the files, with those of the orders that sightings bring, learn who is who and note the refusals, in the
    order of shops, so that two processes never wait in a circle.
    """
    try:
        with transaction.atomic(), ExitStack() as undo:
            for shop in sorted(written):
                orders = sources.promote(completed[shop], shop=shop) if completed[shop] else ()
                undo.callback(lake.discard, orders)
                lake.add(batch, (*written[shop], *orders), shop=shop, forget_after=FORGET_BATCH_AFTER)
                identity.learn(shop=shop, claims=claims[shop], by=BY)
            for terms, refused in sorted(_refused(group).items(), key=lambda one: one[0].code):
                actions.note_refusals(refused, shop=terms, at=clock.now())
            undo.pop_all()
    except BatchKnown:
        return


def _refused(group: Sequence[Delivery]) -> dict[ShopTerms, list[Refusal]]:
    found: dict[ShopTerms, list[Refusal]] = {}
    for delivery in group:
        if delivery.reading.refusals:
            found.setdefault(delivery.shop, []).extend(delivery.reading.refusals)
    return found


def table(rows: Sequence[Sighting], *, shop: ShopTerms) -> pa.Table:
    """One shop's rows as the lake's columns; its zone decides each row's day."""
    own, goods, visits = _columns(rows), _columns([row.goods for row in rows]), _columns([row.visit for row in rows])
    given = visits | goods | own
    made = {
        "shop": pa.repeat(shop.code, len(rows)),
        "version": pa.repeat(pa.scalar(1, pa.int16()), len(rows)),
        "day": lake.days_of(np.fromiter(own["ts_us"], np.int64, len(rows)), zone=shop.zone),
        "actor": pa.array([person and f"customer:{person}" for person in own["person"]], pa.string()),
        "id": _uuids(own["id"]),
        "cause": _uuids(visits["cause"]),
    }
    arrays = [made[f.name] if f.name in made else pa.array(given[f.name], f.type) for f in EVENTS]
    return pa.Table.from_arrays(arrays, schema=EVENTS)


def _columns(rows: Sequence[msgspec.Struct]) -> dict[str, tuple[Any, ...]]:
    names = rows[0].__struct_fields__
    return dict(zip(names, zip(*map(msgspec.structs.astuple, rows), strict=True), strict=True))


def _uuids(values: Sequence[bytes | None]) -> pa.Array:
    return pa.ExtensionArray.from_storage(pa.uuid(), pa.array(values, pa.binary(16)))
