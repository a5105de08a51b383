"""What was seen, added up as far as a batch of the log tells: visits in parts, and looks at goods.

The log lies in the order of people and moments, so what belongs together mostly stands together and is added up where
it stands. What stands apart all the same becomes one when the batches are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhanggui.insight.lake.actions.batches import Batch, Flags
from zhanggui.insight.lake.actions.walkers import Numbers, Whole
from zhanggui.insight.lake.rules import is_nobot, is_seen

Kinds = npt.NDArray[np.int8]

_KEYS: Final = ("session", "channel", "campaign", "device", "region")
PARTS_READ: Final = ("id", "day", "person", "ts_us", "name", "page", *_KEYS)
LOOKS_READ: Final = ("day", "name", "sku", "device")
_PAGE, _LOOKED, _ADDED, _CHECKED_OUT, _PLACED = range(1, 6)
_COUNTED: Final = ("sightings", "pv", "product_views", "adds", "checkouts", "orders")
_KINDS: Final = {
    "Page": _PAGE,
    "Product Viewed": _LOOKED,
    "Product Added": _ADDED,
    "Checkout Started": _CHECKED_OUT,
    "shop.order_placed": _PLACED,
}
_TURNS: Final = """(started_us::hugeint << 63) + first_turn as first_turn,
    (ended_us::hugeint << 63) + last_turn as last_turn, (page_us::hugeint << 63) + page_turn as page_turn"""
# Parts from the runs that they were cut into.
RUNS_AS_PARTS: Final = f"""
select day, session, person, channel, campaign, device, region,
    sum(sightings) as sightings,
    sum(pv) as pv,
    sum(product_views) as product_views,
    sum(adds) as adds,
    sum(checkouts) as checkouts,
    sum(orders) as orders,
    min(started_us) as started_us,
    max(ended_us) as ended_us,
    min(visited_us) as visited_us,
    min(first_turn) as first_turn,
    max(last_turn) as last_turn,
    min(page_turn) as page_turn,
    arg_min(landing_page, page_turn) as landing_page
from (select * replace ({_TURNS}) from laid)
group by day, session, person, channel, campaign, device, region
"""
_NEVER: Final = np.iinfo(np.int64).max


def runs_of(batch: Batch) -> pa.Table:
    """Runs of events of one part, each moment later than the one before; a part may have several runs."""
    rows = np.flatnonzero(batch.fits("name", is_seen) & batch.fits("device", is_nobot))
    ts_us, people, kinds = batch.column["ts_us"].to_numpy()[rows], batch.people[rows], _kinds(batch)[rows]
    ends = _ends(ts_us, [people, batch.days()[rows], *(batch.places(name)[rows] for name in _KEYS)])
    starts = np.concatenate(([0], ends[:-1])) if len(ends) else ends
    heads = pa.array(rows[starts])
    told = {name: batch.column[name].take(heads) for name in ("day", *_KEYS)}
    told |= {"person": pa.array(people[starts])} | _counts(kinds, starts, ends)
    told |= {"started_us": pa.array(ts_us[starts]), "first_turn": pa.array(batch.turns(rows[starts]))}
    told |= {"ended_us": pa.array(ts_us[ends - 1]), "last_turn": pa.array(batch.turns(rows[ends - 1]))}
    visited, has_visit = _first(np.flatnonzero((kinds > 0) & (kinds <= _CHECKED_OUT)), starts, ends)
    paged, has_page = _first(np.flatnonzero(kinds == _PAGE), starts, ends)
    return pa.table(
        told
        | {
            "visited_us": pa.array(ts_us[visited], mask=~has_visit),
            "page_us": pa.array(ts_us[paged], mask=~has_page),
            "page_turn": pa.array(batch.turns(rows[paged]), mask=~has_page),
            "landing_page": batch.column["page"].take(pa.array(rows[paged], mask=~has_page)),
        }
    )


def parted(runs: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The runs that are all of their session, and all others."""
    runs = runs.unify_dictionaries().combine_chunks()
    sessions = runs["session"].combine_chunks()
    counts = np.bincount(sessions.indices.to_numpy(), minlength=len(sessions.dictionary))
    is_alone = (counts == 1) & pc.not_equal(sessions.dictionary, "").to_numpy(zero_copy_only=False)
    is_whole = is_alone[sessions.indices.to_numpy()]
    return runs.filter(pa.array(is_whole)), runs.filter(pa.array(~is_whole))


def looks_of(batch: Batch) -> pa.Table:
    """How often each SKU was looked at and added."""
    kinds = _kinds(batch)
    is_look = ((kinds == _LOOKED) | (kinds == _ADDED)) & batch.is_told("sku") & batch.fits("device", is_nobot)
    rows = np.flatnonzero(is_look)
    days, skus = batch.days()[rows], batch.column["sku"].dictionary
    first_day = days.min(initial=np.iinfo(np.int32).max)
    cells = 2 * ((days - first_day) * len(skus) + batch.places("sku")[rows]) + (kinds[rows] == _ADDED)
    counted = np.bincount(cells, minlength=2 * len(skus))
    counted = np.append(counted, np.zeros(len(counted) % 2, np.int64)).reshape(-1, 2)
    found = np.flatnonzero(counted.any(axis=1))
    return pa.table(
        {
            "day": pa.array((first_day + found // len(skus)).astype(np.int32)).view(pa.date32()),
            "sku": skus.take(pa.array(found % len(skus))),
            "views": pa.array(counted[found, 0]),
            "adds": pa.array(counted[found, 1]),
        }
    )


def _kinds(batch: Batch) -> Kinds:
    return batch.of_each("name", lambda name: _KINDS.get(name, 0))


def _ends(ts_us: Whole, keys: Sequence[Numbers]) -> Whole:
    """Behind which places runs end."""
    is_other = ts_us[1:] <= ts_us[:-1]
    for key in keys:
        is_other |= key[1:] != key[:-1]
    return np.append(np.flatnonzero(is_other) + 1, [len(ts_us)] if len(ts_us) else []).astype(np.int64)


def _counts(kinds: Kinds, starts: Whole, ends: Whole) -> dict[str, pa.Array]:
    """How many events a run has, and how many of each kind."""
    lengths = ends - starts
    cells = np.repeat(np.arange(len(starts)) * len(_COUNTED), lengths) + kinds
    counted = np.bincount(cells, minlength=len(starts) * len(_COUNTED)).reshape(-1, len(_COUNTED))
    counted[:, 0] = lengths
    return {name: pa.array(counted[:, place]) for place, name in enumerate(_COUNTED)}


def _first(meant: Whole, starts: Whole, ends: Whole) -> tuple[Whole, Flags]:
    """The first of the meant places in each run, and whether there is one."""
    at = np.append(meant, _NEVER)[np.searchsorted(meant, starts)]
    has_one = at < ends
    return np.where(has_one, at, starts), has_one
