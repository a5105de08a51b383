"""The sightings of a month: what its visits look like to the browser script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal.catalogue import Goods
from zhanggui.doors.rehearsal.simulator import columns
from zhanggui.doors.rehearsal.simulator.baskets import Appeal
from zhanggui.doors.rehearsal.simulator.columns import Ids, Rows
from zhanggui.doors.rehearsal.simulator.drafts import NO_WORD, Draft
from zhanggui.doors.rehearsal.simulator.layout import (
    ADDED,
    CART_VIEWED,
    GOODS,
    SEARCHED,
    SHELF,
    STARTED,
    STEP,
    VIEWED,
    Sheet,
    laid_out,
)
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, DAY_US, SECOND_US, Bools, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.prices import Prices
from zhanggui.doors.rehearsal.simulator.visits import People, Visits, walk_of

# By kind of row, as `layout` numbers them: name, seconds since the row before on average, page and its kind if fixed.
_NAMES: Final = pa.array(
    [
        *("Page", "Page", "Page", "Products Searched", "Page", "Product Viewed", "Product Added"),
        *("Page", "Cart Viewed", "Page", "Checkout Started", "Checkout Step Completed"),
    ]
)
_PAUSES: Final = np.array([12, 12, 14, 0.4, 20, 0.4, 15, 9, 0.4, 8, 0.4, 16.0])
_PAGES: Final = ("/", "/search/", "/cart/", "/checkout/")
_FIXED_PAGE: Final = np.array([0, 0, 1, 1, 0, 0, 0, 2, 2, 3, 3, 3], np.int32)
_PAGE_BODIES: Final = pa.array(
    [f'{{"name":"{name}"}}' for name in ("home", "category", "search", "product", "cart", "checkout")]
)
_PAGE_BODY: Final = np.array([0, 1, 2, 0, 3, 0, 0, 4, 0, 5, 0, 0], np.int32)

# Browsers tell the time in whole milliseconds.
_MILLI_US: Final = 1_000
_LONGEST_PAUSE: Final = 6.0
_SHORTEST_SECONDS: Final = 0.05
# A visit ends this long before midnight, so that its order belongs to the same day.
_SPARE_SECONDS: Final = 60
_MOST_QUANTITY: Final = 3

# What is searched for, by category.
QUERIES: Final = {
    "tea": ("龙井", "普洱", "白茶", "茶礼盒", "冷泡茶", "乌龙", "小青柑", "茉莉花茶"),
    "ceramics": ("盖碗", "马克杯", "茶壶", "花瓶", "青花瓷", "饭碗", "公道杯"),
    "kitchen": ("菜刀", "铸铁锅", "砧板", "蒸笼", "砂锅", "筷子", "烧水壶"),
    "textile": ("四件套", "毛毯", "抱枕", "浴巾", "地毯", "桌布"),
    "stationery": ("钢笔", "笔记本", "台历", "彩铅", "墨水", "信封"),
    "bags": ("双肩包", "托特包", "行李箱", "钱包", "斜挎包", "收纳袋"),
    "skincare": ("洗面奶", "面霜", "护手霜", "精华", "身体乳", "香皂"),
    "outdoor": ("帐篷", "露营椅", "天幕", "睡袋", "保温壶", "露营灯"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Texts that rows share, made once for all months: one per goods, or per goods and quantity.

    viewed, added  by tag of the prices
    pages          the fixed ones, then the categories', then the goods'
    queries        bodies of searches, the categories' one after the other, then those that find nothing
    first_word     where the latter begin
    """

    sku: pa.Array
    category: pa.Array
    viewed: pa.Array
    added: pa.Array
    pages: pa.Array
    queries: pa.Array
    first_query: Small
    query_counts: Small
    first_word: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A month's sightings, and what its orders build on.

    sessions    id of each visit, as text
    ends_us     when each visit's last row is;  left_on the id of the last page each visit opened
    """

    rows: Rows
    sessions: pa.Array
    ends_us: Ints
    left_on: Ids


def wording_of(
    goods: Sequence[Goods], category_keys: Sequence[str], prices: Prices, *, words: Sequence[str] = ()
) -> Wording:
    """The texts for these goods.

    words  what is looked for in vain
    """
    counts = [len(QUERIES[key]) for key in category_keys]
    tagged = [*goods, *(goods[one.goods] for one in prices.changes)]
    said = [f"{minor / 100:.2f}" for minor in prices.by_tag_minor.tolist()]
    priced = [
        f'"product_id":"{g.sku}","sku":"{g.sku}","category":"{g.category.key}","price":{price},"currency":"{CURRENCY}"}}'
        for g, price in zip(tagged, said, strict=True)
    ]
    searched = [(query, found_by(query, goods)) for key in category_keys for query in QUERIES[key]]
    return Wording(
        sku=pa.array([g.sku for g in goods]),
        category=pa.array([g.category.key for g in goods]),
        viewed=pa.array([f'{{"value":{price},{p}' for price, p in zip(said, priced, strict=True)]),
        added=pa.array([f'{{"quantity":{n},{p}' for p in priced for n in range(1, _MOST_QUANTITY + 1)]),
        pages=pa.array([*_PAGES, *(f"/c/{key}/" for key in category_keys), *(f"/p/{g.sku}/" for g in goods)]),
        queries=pa.array(
            [f'{{"query":"{query}","results":{count}}}' for query, count in [*searched, *((word, 0) for word in words)]]
        ),
        first_query=(np.cumsum(counts) - counts).astype(np.int32),
        query_counts=np.array(counts, np.int32),
        first_word=len(searched),
    )


def found_by(query: str, goods: Sequence[Goods]) -> int:
    """How many goods a search finds: those whose words hold all its characters."""
    return sum(set(query) <= _characters(one) for one in goods)


def seen_in(
    plan: Plan,
    draft: Draft,
    everybody: People,
    *,
    month: int,
    appeal: Appeal,
    prices: Prices,
    wording: Wording,
    rng: np.random.Generator,
) -> Seen:
    """The sightings of the visits of a calendar month.

    Those that do not happen are drawn all the same, so that the others are what they would have been.
    """
    visits = draft.visits
    sheet = laid_out(visits, everybody, month=month, lines=draft.lines, appeal=appeal, rng=rng)
    happens = draft.happens(sheet)
    cause = sheet.cause if happens.all() else _linked(sheet.cause, happens)
    ends = np.cumsum(visits.rows, dtype=np.int64)
    at_us = _times(plan, visits, sheet, ends, rng)
    ids = columns.new_ids(at_us, rng)
    sessions = columns.uuid_texts(columns.new_ids(at_us[ends - visits.rows], rng))
    walk = walk_of(visits, everybody, sessions).take(sheet.visit)
    own = {"name": columns.taken(_NAMES, sheet.kind), "actor": columns.joined("customer:", walk.person)}
    rows = columns.rows(
        shop=plan.shop,
        ids=ids,
        cause=np.where((cause >= 0)[:, None], ids[cause], np.uint64(0)),
        at_us=at_us,
        rank=visits.person[sheet.visit],
        rng=rng,
        told=own | walk.texts() | _told(sheet, draft, happens, sessions, prices, wording, rng),
        is_sighting=True,
    )
    kept = rows if happens.all() else rows.only(happens)
    return Seen(rows=kept, sessions=sessions, ends_us=at_us[ends - 1], left_on=ids[sheet.left_on])


def _linked(cause: Ints, happens: Bools) -> Ints:
    """What led to each row, where rows that do not happen are passed over."""
    found = cause.copy()
    while (is_gone := (found >= 0) & ~happens[found]).any():
        found[is_gone] = cause[found[is_gone]]
    return found


def _times(plan: Plan, visits: Visits, sheet: Sheet, ends: Ints, rng: np.random.Generator) -> Ints:
    """When each row happens; a visit begins early enough to end on its day."""
    pause = (
        _PAUSES[sheet.kind] * np.minimum(rng.standard_exponential(len(sheet.kind)), _LONGEST_PAUSE) + _SHORTEST_SECONDS
    )
    pause[ends - visits.rows] = 0
    passed = np.cumsum((pause * 1_000).astype(np.int64) * _MILLI_US)
    passed -= passed[ends - visits.rows][sheet.visit]
    latest_us = DAY_US - _SPARE_SECONDS * SECOND_US - passed[ends - 1]
    begins_us = np.minimum(visits.second.astype(np.int64) * SECOND_US, latest_us)
    begins_us += (
        rng.integers(0, 1_000, len(begins_us)) * _MILLI_US + plan.start_us + visits.day.astype(np.int64) * DAY_US
    )
    return begins_us[sheet.visit] + passed


def _told(
    sheet: Sheet,
    draft: Draft,
    happens: Bools,
    sessions: pa.Array,
    prices: Prices,
    wording: Wording,
    rng: np.random.Generator,
) -> dict[str, pa.Array]:
    """What the rows say beside who, when and where from."""
    kind, goods = sheet.kind, sheet.goods
    of_goods = (kind == VIEWED) | (kind == ADDED)
    of_checkout = kind == STARTED
    tag = prices.tags(goods, draft.visits.day[sheet.visit])
    price_minor = prices.by_tag_minor[tag]
    worth = np.where((kind == ADDED) & happens, price_minor * sheet.quantity, 0)
    added_minor = np.bincount(sheet.visit, weights=worth, minlength=len(sessions)).astype(np.int64)
    amount = np.where(of_checkout, added_minor[sheet.visit], price_minor * np.maximum(sheet.quantity, 1))
    nothing = pa.array([""])
    own = np.where(of_goods, goods + 1, 0)
    return {
        "sku": columns.taken(pa.concat_arrays([nothing, wording.sku]), own),
        "category": columns.taken(pa.concat_arrays([nothing, wording.category]), own),
        "quantity": pa.array(sheet.quantity, mask=kind != ADDED),
        "amount_minor": pa.array(amount, mask=~(of_goods | of_checkout)),
        "currency": columns.taken(pa.array(["", CURRENCY]), (of_goods | of_checkout).astype(np.int32)),
        "page": columns.taken(wording.pages, _page_of(sheet, wording)),
        **_bodies(sheet, _Worded(tag=tag, added_minor=added_minor, word=draft.word), sessions, wording, rng),
    }


def _page_of(sheet: Sheet, wording: Wording) -> Small:
    """Index of each row's page into `Wording.pages`."""
    shelves = len(wording.query_counts)
    index = _FIXED_PAGE[sheet.kind]
    index = np.where(sheet.kind == SHELF, len(_PAGES) + sheet.category[sheet.visit], index)
    is_goods = (sheet.kind == GOODS) | (sheet.kind == VIEWED) | (sheet.kind == ADDED)
    return np.where(is_goods, len(_PAGES) + shelves + sheet.goods, index).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worded:
    """What bodies say beside the sheet: each row's tag; of each visit what is in the cart, and its word in vain."""

    tag: Small
    added_minor: Ints
    word: Small


def _bodies(
    sheet: Sheet, said: _Worded, sessions: pa.Array, wording: Wording, rng: np.random.Generator
) -> dict[str, pa.Array]:
    """Bodies and subjects: most rows share one of a few hundred texts, only carts and checkouts have their own."""
    kind = sheet.kind
    body = _Choice(_PAGE_BODIES, _PAGE_BODY[kind])
    subject = _Choice(pa.array([""]), np.zeros(len(kind), np.int32))
    viewed, added, searched = (np.flatnonzero(kind == each) for each in (VIEWED, ADDED, SEARCHED))
    body.put(viewed, wording.viewed, said.tag[viewed])
    body.put(added, wording.added, said.tag[added] * _MOST_QUANTITY + sheet.quantity[added] - 1)
    query = _queries(sheet.category[sheet.visit[searched]], wording, rng)
    word = said.word[sheet.visit[searched]]
    body.put(searched, wording.queries, np.where(word == NO_WORD, query, wording.first_word + word).astype(np.int32))
    of_goods = np.concatenate([viewed, added])
    subject.put(of_goods, columns.joined("product:", wording.sku), sheet.goods[of_goods])
    for each, noun in ((CART_VIEWED, "cart"), (STARTED, "checkout"), (STEP, "checkout")):
        rows = np.flatnonzero(kind == each)
        visit = sheet.visit[rows]
        basket = columns.taken(sessions, visit)
        more: tuple[str | pa.Array, ...] = ("}",)
        if each == STARTED:
            more = (',"value":', columns.major(said.added_minor[visit]), f',"currency":"{CURRENCY}"}}')
        elif each == STEP:
            more = (',"step":', columns.digits(sheet.step[rows]), "}")
        own = np.arange(len(rows), dtype=np.int32)
        body.put(rows, columns.joined(f'{{"{noun}_id":"', basket, '"', *more), own)
        subject.put(rows, columns.joined(f"{noun}:", basket), own)
    return {"body": body.column(), "subject": subject.column()}


class _Choice:
    """One text for each row, out of lists of texts."""

    def __init__(self, texts: pa.Array, nth: Small) -> None:
        self._lists = [texts]
        self._nth = nth.copy()

    def put(self, rows: Ints, texts: pa.Array, nth: Small) -> None:
        """These rows say one of these texts."""
        self._nth[rows] = nth + sum(len(texts) for texts in self._lists)
        self._lists.append(texts)

    def column(self) -> pa.Array:
        """All rows' texts."""
        return columns.taken(pa.concat_arrays(self._lists), self._nth)


@cache
def _characters(goods: Goods) -> frozenset[str]:
    words = (goods.title.zh, goods.why.zh, goods.category.name.zh, *(one.value.zh for one in goods.attributes))
    return frozenset("".join(words))


def _queries(category: Small, wording: Wording, rng: np.random.Generator) -> Small:
    """What is looked for in each category, as an index into `Wording.queries`."""
    nth = (rng.random(len(category)) ** 1.6 * wording.query_counts[category]).astype(np.int32)
    return wording.first_query[category] + nth
