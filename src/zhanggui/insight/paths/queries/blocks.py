"""What is looked at on a page, in visits that came to something and in those that did not."""

from __future__ import annotations

from zhanggui.insight.funnels.queries.passages import where_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.insight.paths.rules import Block, Blocks, Deed, Look, ToldPage

MOST_PAGES = 100
_DEEDS = {Deed.ADDED: "has_added", Deed.ORDERED: "has_ordered"}

_kept = metrics.keeper(Blocks, most=64)


def blocks(
    shop: str, period: Period, *, page: str = "", deed: Deed = Deed.ADDED, where: Filters = EVERYTHING
) -> Blocks:
    """For how long the blocks of a page were in view.

    page   an address or a kind of them (/p/*); without one, the page most visits told about
    where  only devices are known of these visits
    """
    key = ("blocks", shop, period, page, deed, where)
    return _kept.get(shop, key, lambda: _blocks(shop, period, page, deed, where))


def _blocks(shop: str, period: Period, page: str, deed: Deed, where: Filters) -> Blocks:
    told = f"from {lake.rollup(shop, 'block_days', (period.start, period.end))} where {where_of(where)}"
    rows = lake.ask(
        f"select page, sum(visits) {told} and block = '' group by page order by 2 desc, 1 limit {MOST_PAGES}"
    )
    pages = tuple(ToldPage(page=name, visits=int(visits)) for name, visits in rows)
    chosen = page or (pages[0].page if pages else "")
    counted = lake.ask(
        f"""select block, {_DEEDS[deed]} as is_done, sum(visits), sum(ms) {told} and page = {quoted(chosen)}
        group by all order by block, is_done"""
    )
    looks = {(block, bool(is_done)): Look(visits=int(visits), ms=int(ms)) for block, is_done, visits, ms in counted}
    nobody = Look(visits=0, ms=0)
    found = [
        Block(name=name, done=looks.get((name, True), nobody), undone=looks.get((name, False), nobody))
        for name in sorted({name for name, _ in looks} - {""})
    ]
    return Blocks(
        page=chosen,
        deed=deed,
        done=looks.get(("", True), nobody).visits,
        undone=looks.get(("", False), nobody).visits,
        blocks=tuple(sorted(found, key=lambda one: (-one.done.visits - one.undone.visits, one.name))),
        pages=pages,
    )
