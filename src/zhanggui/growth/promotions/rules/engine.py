"""The quote: what promotions make of a basket, layer by layer, with a reason for everything that does not apply.

How it decides. Layers follow each other; the rules of one layer all look at what the layers before have made, so that
none gains by coming first. In a layer the order is: priority, larger saving, higher threshold, earlier expiry, earlier
claim, lower id. It matters only where two exclude each other or the floor leaves no room for both. Of a group the rule
that saves most applies, found by trying each; coupons without a group are one group of their layer. A rate looks at
what is left, so it takes off less where the layers before take off more; the shares say so. Whoever stands earlier
stays: nothing is taken back to find a better whole over all layers, because a shopper could not follow why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import prices
from zhanggui.growth.promotions.rules.admission import (
    Standing,
    group_of,
    is_left_out,
    last_resort,
    refusal,
    takes_closed,
)
from zhanggui.growth.promotions.rules.fitting import Fitting, places
from zhanggui.growth.promotions.rules.lots import Lot
from zhanggui.growth.promotions.rules.values import (
    LIST_PRICE,
    Applied,
    Basket,
    GiftDue,
    Layer,
    Posted,
    PricedLine,
    PriceSource,
    Quoted,
    Reason,
    Rejected,
    Rule,
    Shopper,
)
from zhanggui.growth.promotions.rules.work import Trial, Work

_GOODS = (
    Layer.ITEM,
    Layer.SHOP_THRESHOLD,
    Layer.SHOP_COUPON,
    Layer.CROSS_THRESHOLD,
    Layer.PLATFORM_COUPON,
)


class _Found(NamedTuple):
    """A rule with the places of the lines, later of the lots, that it fits."""

    rule: Rule
    fit: tuple[int, ...]


class _Book:
    """What is written down while a basket is quoted; amounts become money here.

    lines   by id; `order` says at which place of the basket each of them stands
    """

    def __init__(self, basket: Basket) -> None:
        self.currency = basket.currency
        self.order = sorted(range(len(basket.lines)), key=lambda place: basket.lines[place].id)
        self.lines = tuple(basket.lines[place] for place in self.order)
        self.zero = Money.zero(basket.currency)
        self.applied: list[Applied] = []
        self.rejected: list[Rejected] = []
        self.gifts: list[GiftDue] = []

    def in_order(self, minors: Mapping[int, int]) -> tuple[Money, ...]:
        """Amounts by position of the line, as the basket has its lines."""
        out = [self.zero] * len(self.lines)
        for position, minor in minors.items():
            if minor:
                out[self.order[position]] = Money(minor, self.currency)
        return tuple(out)

    def apply(self, rule: Rule, trial: Trial, lots: Sequence[Lot]) -> None:
        """A rule took something off."""
        by_line: dict[int, int] = {}
        for lot, share in trial.shares.items():
            position = lots[lot].position
            by_line[position] = by_line.get(position, 0) - share
        outcome = trial.outcome
        self.applied.append(
            Applied(
                rule=rule.id,
                kind=rule.kind,
                layer=rule.layer,
                amount=Money(-trial.saving, self.currency),
                shares=self.in_order(by_line),
                times=outcome.times,
                funded_by=rule.funded_by,
                coupon=rule.coupon,
                missing=None if trial.is_limited else outcome.missing,
                missing_units=0 if trial.is_limited else outcome.missing_units,
                lost=Money(trial.lost, self.currency) if trial.lost else None,
            )
        )
        self.gifts += outcome.gifts

    def reject(self, rule: Rule, reason: Reason, *, by: str = "", trial: Trial | None = None) -> None:
        """A rule did not apply."""
        missing = trial.outcome.missing if trial else None
        units = trial.outcome.missing_units if trial else 0
        self.rejected.append(
            Rejected(
                rule=rule.id,
                kind=rule.kind,
                layer=rule.layer,
                reason=reason,
                missing=missing,
                missing_units=units,
                by=by,
                coupon=rule.coupon,
            )
        )

    def refused(self) -> tuple[Rejected, ...]:
        """All that was rejected, in the order of the layers."""
        return tuple(sorted(self.rejected, key=lambda each: (each.layer, each.rule, each.coupon)))


def quote(
    basket: Basket, rules: Iterable[Rule], shopper: Shopper, *, at: datetime, chosen: frozenset[str] | None = None
) -> Quoted:
    """What a basket comes to by the layers 1 to 6; rules of other layers are passed over.

    rules   in any order, each (id, coupon) once or more
    chosen  coupons that the shopper wants to use; None: the one that saves most of each coupon layer
    law     every rule is either applied or rejected; the shares of what is applied sum to its amount, and with it a
            line's listed amount comes to its amount; no line below its floor, no piece that is paid below one unit
    source  300.00 of goods, 40 off from 300 on, a coupon of 10 -> 250.00
    """
    book, standing = _Book(basket), Standing()
    by_layer = _sorted_out(book, rules, shopper, at=at, chosen=chosen)
    work = _priced(book, by_layer.get(Layer.PRICE, []), standing)
    for layer in _GOODS:
        if layer in by_layer:
            work.begin_layer()
            _run(book, work, _on_lots(book, by_layer[layer], work.lots), standing)
    return Quoted(
        lines=_lines(book, work),
        applied=tuple(book.applied),
        rejected=book.refused(),
        gifts=tuple(sorted(book.gifts, key=lambda gift: (gift.rule, gift.sku))),
    )


def postage(
    basket: Basket,
    *,
    amounts: Sequence[Money],
    postage: Sequence[Money],
    rules: Iterable[Rule],
    shopper: Shopper,
    at: datetime,
    chosen: frozenset[str] | None = None,
    applied: Sequence[Applied] = (),
) -> Posted:
    """What is taken off the postage by layer 8; thresholds count the goods of all places together.

    amounts  of the goods after the layers 1 to 6, before points; one per line of the basket, as `postage`
    rules    of layer 8, and those behind `applied` if they exclude any of them
    applied  what the quote of the goods has applied
    source   81.00 of goods, free from 99.00 on -> rejected, 18.00 missing
    """
    book, standing = _Book(basket), Standing()
    rules = tuple(rules)
    excluding = {rule.id: rule for rule in rules}
    for each in applied:
        rule = excluding.get(each.rule)
        group, excludes = (rule.group, rule.excludes) if rule else ("", frozenset[str]())
        standing.add(each.rule, layer=each.layer, group=group, excludes=excludes)
    found = _sorted_out(book, rules, shopper, at=at, chosen=chosen, layers=frozenset({Layer.SHIPPING}))
    costs = [postage[place].minor for place in book.order]
    lots, _ = prices.lots_of(book.lines, [])
    work = Work(lots, costs, floors=[0] * len(lots), looked=[amounts[place].minor for place in book.order])
    _run(book, work, found.get(Layer.SHIPPING, []), standing)
    left = book.in_order(dict(enumerate(work.costs)))
    return Posted(postage=left, applied=tuple(book.applied), rejected=book.refused())


def _sorted_out(
    book: _Book,
    rules: Iterable[Rule],
    shopper: Shopper,
    *,
    at: datetime,
    chosen: frozenset[str] | None,
    layers: frozenset[Layer] = frozenset({Layer.PRICE, *_GOODS}),
) -> dict[Layer, list[_Found]]:
    """The rules that may apply, by layer; the others are rejected already. One order, whatever order they came in."""
    fitting, fits = Fitting(book.lines), dict[int, tuple[int, ...]]()
    found: dict[Layer, list[_Found]] = {}
    each_once = {(rule.id, rule.coupon): rule for rule in rules if rule.layer in layers}
    for one in (each_once[key] for key in sorted(each_once)):
        mask = fitting.mask(one.target)
        reason = refusal(one, shopper, currency=book.currency, at=at)
        if reason is None and not mask:
            reason = Reason.NOTHING_FITS
        if reason is None and is_left_out(one, chosen):
            reason = Reason.NOT_CHOSEN
        if reason is not None:
            book.reject(one, reason)
            continue
        fit = fits.get(mask) or fits.setdefault(mask, places(mask))
        found.setdefault(one.layer, []).append(_Found(one, fit))
    return found


def _priced(book: _Book, found: Sequence[_Found], standing: Standing) -> Work:
    """The price layer, and the lots that it makes of the lines."""
    lines = book.lines
    promotions = [prices.promotion(rule, fit, lines) for rule, fit in found]
    offered, abroad = prices.offers(lines)
    won, verdicts = prices.settled(lines, offered, promotions, standing)
    offs = prices.limited(won)
    lots, became = prices.lots_of(lines, won)
    costs = [lot.list_minor * lot.quantity for lot in lots]
    for place, off in enumerate(offs):
        costs[became[place]] -= off
    for bidder in dict.fromkeys(each.bidder for each in won):
        _book_price(book, bidder, won, offs)
    for bidder, reason, by in (*abroad, *verdicts):
        book.rejected.append(
            Rejected(rule=bidder.id, kind=bidder.kind, layer=Layer.PRICE, reason=reason, by=by, coupon=bidder.coupon)
        )
    return Work(lots, costs, floors=[lot.floor_minor * lot.quantity for lot in lots], looked=costs)


def _book_price(book: _Book, bidder: prices.Bidder, won: Sequence[prices.Won], offs: Sequence[int]) -> None:
    by_line: dict[int, int] = {}
    for each, off in zip(won, offs, strict=True):
        if each.bidder is bidder:
            by_line[each.position] = by_line.get(each.position, 0) - off
    book.applied.append(
        Applied(
            rule=bidder.id,
            kind=bidder.kind,
            layer=Layer.PRICE,
            amount=Money(sum(by_line.values()), book.currency),
            shares=book.in_order(by_line),
            times=sum(each.units for each in won if each.bidder is bidder),
            funded_by=bidder.funded_by,
            coupon=bidder.coupon,
        )
    )


def _on_lots(book: _Book, found: Sequence[_Found], lots: Sequence[Lot]) -> list[_Found]:
    """The same rules with the lots they fit; coupons whose lots all stand at a closed price are rejected."""
    is_plain = all(lot.is_open for lot in lots) and len(lots) == len(book.lines)
    on_lots = []
    for rule, fit in found:
        mine = fit if is_plain else _lots_of(fit, lots, is_open_only=not takes_closed(rule))
        if mine:
            on_lots.append(_Found(rule, mine))
        else:
            book.reject(rule, Reason.PRICE_TAKES_NONE)
    return on_lots


def _lots_of(fit: tuple[int, ...], lots: Sequence[Lot], *, is_open_only: bool) -> tuple[int, ...]:
    """The lots of some lines."""
    lines = frozenset(fit)
    return tuple(n for n, lot in enumerate(lots) if lot.position in lines and (lot.is_open or not is_open_only))


def _run(book: _Book, work: Work, found: Sequence[_Found], standing: Standing) -> None:
    """One layer: try every rule, then let the groups come in their order, each with its best rule that may stand."""
    groups: dict[str, list[tuple[_Found, Trial]]] = {}
    refused: list[tuple[_Found, Trial]] = []
    for one in found:
        trial = work.trial(one.rule, one.fit)
        if trial.saving:
            groups.setdefault(group_of(one.rule), []).append((one, trial))
        else:
            refused.append((one, trial))
    for members in groups.values():
        members.sort(key=lambda each: (-each[1].saving, -each[0].rule.priority, *_ties(*each)))
    winners = {}
    for group, members in sorted(groups.items(), key=lambda each: _stated_order(*each[1][0])):
        winner = _first_that_may(book, work, members, standing)
        if winner:
            winners[group] = winner
    for one, trial in refused:
        _refuse(book, one.rule, trial, standing, winner=winners.get(group_of(one.rule), ""))


def _stated_order(one: _Found, trial: Trial) -> tuple[object, ...]:
    return -one.rule.priority, -trial.saving, *_ties(one, trial)


def _ties(one: _Found, trial: Trial) -> tuple[object, ...]:
    return -trial.outcome.threshold, *last_resort(one.rule)


def _first_that_may(book: _Book, work: Work, members: Sequence[tuple[_Found, Trial]], standing: Standing) -> str:
    """Apply the best rule of a group that nothing excludes and that still finds something to take off; its id."""
    winner = ""
    for (rule, fit), tried in members:
        by = standing.bar(rule)
        if winner:
            book.reject(rule, Reason.BETTER_ONE, by=winner)
        elif by:
            book.reject(rule, Reason.EXCLUDED, by=by)
        else:
            trial = tried if work.still_holds(tried) else work.trial(rule, fit)
            if trial.saving:
                work.apply(trial)
                book.apply(rule, trial, work.lots)
                standing.add(rule.id, layer=rule.layer, group=rule.group, excludes=rule.excludes)
                winner = rule.id
            else:
                _refuse(book, rule, trial, standing)
    return winner


def _refuse(book: _Book, rule: Rule, trial: Trial, standing: Standing, *, winner: str = "") -> None:
    """Say why a rule takes nothing off; that it is excluded goes first, nobody shall buy more in vain."""
    outcome, by = trial.outcome, standing.bar(rule)
    if by:
        book.reject(rule, Reason.EXCLUDED, by=by)
    elif outcome.reason is None:
        book.reject(rule, Reason.AT_THE_FLOOR)
    elif outcome.reason is Reason.GIFT_NOT_TAKEN and winner:
        book.reject(rule, Reason.BETTER_ONE, by=winner)
    elif outcome.reason is Reason.BETTER_ONE:
        book.reject(rule, outcome.reason, by=LIST_PRICE)
    else:
        book.reject(rule, outcome.reason, trial=trial)
        book.gifts += outcome.gifts


def _lines(book: _Book, work: Work) -> tuple[PricedLine, ...]:
    """Every line with what its lots come to, as the basket has its lines."""
    amounts, open_amounts = [0] * len(book.lines), [0] * len(book.lines)
    sources: dict[int, PriceSource | None] = {}
    for lot, cost in zip(work.lots, work.costs, strict=True):
        amounts[lot.position] += cost
        open_amounts[lot.position] += cost if lot.is_open else 0
        sources.setdefault(lot.position, lot.source)
    lines = {
        book.order[position]: PricedLine(
            id=line.id,
            sku=line.sku,
            quantity=line.quantity,
            listed=line.listed,
            amount=Money(amounts[position], book.currency),
            source=sources[position],
            open_amount=Money(open_amounts[position], book.currency),
        )
        for position, line in enumerate(book.lines)
    }
    return tuple(lines[place] for place in sorted(lines))
