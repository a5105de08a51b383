"""Writing promotions down, letting them go live, pausing and ending them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.promotions import models, queries, rules
from zhanggui.growth.promotions.errors import ChangedMeanwhile, NoSuchPromotion, SecondPersonNeeded, TermsNotAllowed
from zhanggui.growth.promotions.rules import KINDS, Done, Plan, State
from zhanggui.spine.facts.promotions import PromotionStarted, PromotionStopped
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# What one person may let go live without a second one, in whole units of the shop's currency.
ALONE_MAJOR: Final = 10_000


@operation
def write(*, plan: Plan, trail: Trail, by: Actor, id: str = "", version: int = 0) -> str:
    """Keep a promotion as a draft, or change one that is not live yet; its id.

    version  of the promotion as the page showed it, when one is changed
    refuses  TermsNotAllowed with the field, NoSuchPromotion, ChangedMeanwhile, StateNotAllowed once it is live
    """
    currency = shops.shop(trail.shop).currency
    checked = plan.checked(currency=currency)
    said = _columns(checked, currency=currency)
    if not id:
        made = models.Promotion.objects.create(
            id=ids.uuid7(), shop=trail.shop, state=State.DRAFT, made_at=clock.now(), **said
        )
        note(made, Done.WRITTEN, by=by)
        return str(made.id)
    row = _locked(id, shop=trail.shop)
    if row.version != version:
        raise ChangedMeanwhile(version=row.version)
    if row.state != State.DRAFT:
        rules.moved(State(row.state), State.DRAFT)
    _save(row, state=State.DRAFT, asked_by="", foreseen_minor=None, version=row.version + 1, **said)
    note(row, Done.CHANGED, by=by)
    return id


@operation
def start(*, id: str, foreseen: Money | None, trail: Trail, by: Actor) -> State:
    """Let a promotion go live, or ask for a second person to do it; the state it is in then.

    foreseen  what the dry run says it would have cost in its period; None if it was not tried out, which asks for a
              second person unless its budget is small
    refuses   NoSuchPromotion, StateNotAllowed
    tells     growth.promotion_started if it is live now
    """
    row = _locked(id, shop=trail.shop)
    cost = _most(row, foreseen)
    limit = Money.of(ALONE_MAJOR, row.currency)
    if row.state == State.DRAFT and (cost is None or cost > limit):
        rules.moved(State(row.state), State.ASKED)
        _save(row, state=State.ASKED, asked_by=str(by), foreseen_minor=None if cost is None else cost.minor)
        note(row, Done.ASKED, by=by)
        return State.ASKED
    if row.state == State.ASKED:
        raise SecondPersonNeeded(foreseen=cost or limit, limit=limit)
    rules.moved(State(row.state), State.LIVE)
    _go_live(row, trail=trail, by=by)
    return State.LIVE


@operation
def approve(*, id: str, trail: Trail, by: Actor) -> None:
    """Let a costly promotion of somebody else go live.

    refuses  NoSuchPromotion, StateNotAllowed, SecondPersonNeeded for the one who asked
    tells    growth.promotion_started
    """
    row = _locked(id, shop=trail.shop)
    if row.state != State.ASKED:
        rules.moved(State(row.state), State.ASKED)
    limit = Money.of(ALONE_MAJOR, row.currency)
    if row.asked_by == str(by):
        raise SecondPersonNeeded(foreseen=Money(row.foreseen_minor or limit.minor, row.currency), limit=limit)
    row.approved_by = str(by)
    _go_live(row, trail=trail, by=by)


@operation
def send_back(*, id: str, trail: Trail, by: Actor) -> None:
    """Make a promotion that waits for a second person a draft again.

    refuses  NoSuchPromotion, StateNotAllowed
    """
    row = _locked(id, shop=trail.shop)
    _save(row, state=rules.moved(State(row.state), State.DRAFT), asked_by="")
    note(row, Done.SENT_BACK, by=by)


@operation
def stop(*, id: str, for_good: bool, trail: Trail, by: Actor, reason: str = "by_hand") -> None:
    """Pause a promotion, or end it for good; orders that used it keep what they got.

    refuses  NoSuchPromotion, StateNotAllowed
    tells    growth.promotion_stopped if it was live
    """
    row = _locked(id, shop=trail.shop)
    was = State(row.state)
    _save(row, state=rules.moved(was, State.ENDED if for_good else State.PAUSED))
    note(row, Done.ENDED if for_good else Done.PAUSED, by=by)
    if was is State.LIVE:
        fact = PromotionStopped(promotion_id=id, reason=reason, given_minor=row.given_minor, currency=row.currency)
        record(fact, by=by, trail=trail, subject=f"promotion:{id}")
    queries.forget()


@operation
def set_floor(*, sku: str, price: Money | None, trail: Trail, by: Actor) -> None:
    """Let no promotion sell a SKU below a price; None: below one minor unit a piece."""
    floors = models.Floor.objects.filter(shop=trail.shop, sku=sku)
    if price is None:
        floors.delete()
    else:
        said = {"price_minor": price.minor, "currency": price.currency}
        if not floors.filter(**said).exists():
            models.Floor.objects.update_or_create(shop=trail.shop, sku=sku, defaults=said | {"set_at": clock.now()})
    queries.forget()


def note(row: models.Promotion, what: Done, *, by: Actor) -> None:
    """Keep who did what with a promotion, for its page."""
    models.Deed.objects.create(id=ids.uuid7(), promotion=row, what=what, by=str(by), at=clock.now())


def _go_live(row: models.Promotion, *, trail: Trail, by: Actor) -> None:
    _save(row, state=State.LIVE, approved_by=row.approved_by)
    note(row, Done.STARTED, by=by)
    fact = PromotionStarted(
        promotion_id=str(row.id), kind=row.kind, budget_minor=row.budget_minor, currency=row.currency
    )
    record(fact, by=by, trail=trail, subject=f"promotion:{row.id}")
    queries.forget()


def _most(row: models.Promotion, foreseen: Money | None) -> Money | None:
    """The most that a promotion is believed to cost: what was foreseen, but never more than its budget."""
    budget = None if row.budget_minor is None else Money(row.budget_minor, row.currency)
    known = [amount for amount in (foreseen, budget) if amount is not None]
    return min(known) if known else None


def _locked(id: str, *, shop: str) -> models.Promotion:
    row = models.Promotion.objects.select_for_update().filter(pk=UUID(id), shop=shop).first()
    if row is None:
        raise NoSuchPromotion(id=id)
    return row


def _save(row: models.Promotion, **said: object) -> None:
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))


def _columns(plan: Plan, *, currency: str) -> dict[str, object]:
    """A plan as it is kept; reading the terms once says whether they are right."""
    kind = KINDS.get(plan.kind)
    if kind is None:
        raise TermsNotAllowed(kind=plan.kind, field="kind")
    if plan.layer is not None and plan.layer not in kind.layers:
        raise TermsNotAllowed(kind=plan.kind, field="layer")
    terms = kind.read(plan.terms).as_json()
    if terms.get("currency", currency) != currency:
        raise TermsNotAllowed(kind=plan.kind, field="currency")
    same = ("name_zh", "name_en", "kind", "group", "priority", "starts_at", "ends_at", "per_order", "per_person")
    return {name: getattr(plan, name) for name in same} | {
        "terms": terms,
        "layer": plan.layer or kind.layer,
        "target": rules.target_json(plan.target),
        "audience": rules.audience_json(plan.audience),
        "excludes": sorted(plan.excludes),
        "base": plan.base,
        "currency": currency,
        "cap_minor": None if plan.cap is None else plan.cap.minor,
        "budget_minor": None if plan.budget is None else plan.budget.minor,
        "funded_by": plan.funded_by,
        "is_coupon": plan.is_coupon,
    }
