"""Doing what a play is about, to whom it is to be done, and undoing what can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import actions as experiments
from zhanggui.growth.experiments import queries as pages
from zhanggui.growth.messages import actions as messages
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions import queries as promotion_books
from zhanggui.growth.promotions import rules as promotion_rules
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue import queries as shelves
from zhanggui.shop.catalogue.rules import Card
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays import models, queries
from zhanggui.steer.plays.errors import PlanUnfit
from zhanggui.steer.plays.rules import Play, StepKind
from zhanggui.steer.signals.rules import Move

# Who asks for a play's promotions; whoever let the play go on lets them go live, which takes a second name.
ASKER = the_job("steer.plays")


def set_up(play: Play, *, trail: Trail, by: Actor) -> None:
    """Do what is done once, when a play starts: its promotion, price, delisting, page. Each is kept to be undone.

    refuses  PlanUnfit for a SKU that nobody sells; PageUnfit, PageTaken
    """
    action = play.plan.action
    match action.move:
        case Move.COUPON:
            id = _promotion(play, trail=trail, by=by)
            _offer(play, id, trail=trail, by=by)
            _keep(play, StepKind.COUPONS, id)
        case Move.PROMOTION:
            _keep(play, StepKind.PROMOTION, _promotion(play, trail=trail, by=by))
        case Move.PRICE:
            _reprice(play, trail=trail, by=by)
        case Move.DELIST if _card(play).is_listed:
            catalogue.delist(sku=action.sku, trail=trail, by=by)
            _keep(play, StepKind.DELISTED, action.sku)
        case Move.PAGE:
            _show(play, trail=trail, by=by)
        case _:
            pass


def reach(play: Play, persons: Sequence[str], *, trail: Trail, by: Actor) -> None:
    """Send these people what a play sends, each once however often it is asked; or give them the coupon without a word.

    refuses  WordingUnfit, NoSender, StepDiffers, StepStopped
    """
    action = play.plan.action
    coupon = next(iter(queries.promotions_of(play.id)), None) if action.move is Move.COUPON else None
    if not persons:
        return
    if action.wording is None:
        if coupon is not None:
            _give(play, coupon, persons, trail=trail, by=by)
        return
    messages.plan(
        shop=play.shop,
        step=play.step,
        persons=persons,
        wording=action.wording,
        channel=action.channel,
        campaign=play.campaign,
        coupon=UUID(coupon) if coupon else None,
        due_at=clock.now(),
        trail=trail,
        by=by,
        until=_last_moment(play),
        goods=[action.sku] if action.sku else [],
    )
    _keep(play, StepKind.MESSAGES, play.step)


def undo(play: Play, *, trail: Trail, by: Actor) -> None:
    """Undo what a play did, as far as it still stands: who waits is written to no more, a promotion for all ends, the
    price goes back unless somebody has changed it since, what was delisted is listed, everybody sees the page as it is.
    Coupons in people's hands hold until the day that was promised.
    """
    now = clock.now()
    for row in models.Step.objects.select_for_update().filter(play_id=play.id, undone_at=None).order_by("pk"):
        match StepKind(row.kind):
            case StepKind.MESSAGES:
                messages.stop(shop=play.shop, step=row.reference, by=by)
            case StepKind.PROMOTION:
                _end_promotion(play.shop, row.reference, trail=trail, by=by)
            case StepKind.PRICE:
                _price_back(row, trail=trail, by=by)
            case StepKind.DELISTED:
                catalogue.relist(sku=row.reference, trail=trail, by=by)
            case StepKind.PAGE:
                experiments.withdraw_page(id=UUID(row.reference), trail=trail, by=by)
            case StepKind.COUPONS:
                pass
        models.Step.objects.filter(pk=row.pk).update(undone_at=now)


def _promotion(play: Play, *, trail: Trail, by: Actor) -> str:
    """A promotion with the play's cost cap as its budget, which stops it exactly; its number."""
    plan, is_coupon = play.plan, play.plan.action.move is Move.COUPON
    rate = str(Decimal(plan.action.discount_bp) / 10_000)
    steps = {"currency": plan.cost_cap.currency, "steps": [{"from": 0 if is_coupon else 1, "off": rate}]}
    target = promotion_rules.Target(skus=frozenset({plan.action.sku} if plan.action.sku else ()))
    written = promotion_rules.Plan(
        name_zh=plan.name,
        name_en=plan.name,
        kind="coupon_rate" if is_coupon else "threshold_rate",
        terms=steps,
        target=target,
        budget=plan.cost_cap - plan.fixed_cost or plan.cost_cap,
        starts_at=clock.now(),
        ends_at=_last_moment(play),
        per_person=1 if is_coupon else None,
        is_coupon=is_coupon,
    )
    id = promotions.write(plan=written, trail=trail, by=ASKER)
    if promotions.start(id=id, foreseen=plan.cost_cap, trail=trail, by=ASKER) is promotion_rules.State.ASKED:
        promotions.approve(id=id, trail=trail, by=by)
    return id


def _offer(play: Play, promotion_id: str, *, trail: Trail, by: Actor) -> None:
    offering = promotion_rules.Offering(
        way=promotion_rules.Way.TARGETED, claim_from=clock.now(), ends_at=_last_moment(play)
    )
    promotions.offer(promotion_id=promotion_id, offering=offering, trail=trail, by=by)


def _give(play: Play, promotion_id: str, persons: Sequence[str], *, trail: Trail, by: Actor) -> None:
    """A coupon for each, in the background, nobody twice; once the promotion is over there is none to give."""
    batch = promotion_books.handed_out(play.shop, UUID(promotion_id), at=clock.now())
    if batch is not None:
        promotions.target(batch_id=batch.batch, persons=persons, trail=trail, by=by)


def _show(play: Play, *, trail: Trail, by: Actor) -> None:
    """A second version of the page, which only the treated of the play's trial see."""
    action = play.plan.action
    if play.trial_id is None or action.version is None:
        raise PlanUnfit(field="page")
    target = pages.target_of(play.shop, sku=action.sku, category=action.category)
    id = experiments.show_page(trial_id=play.trial_id, target=target, version=action.version, trail=trail, by=by)
    _keep(play, StepKind.PAGE, str(id))


def _reprice(play: Play, *, trail: Trail, by: Actor) -> None:
    """The same new price for everybody."""
    was = _card(play).price
    put = was.times(1 - Decimal(play.plan.action.discount_bp) / 10_000)
    if put.minor <= 0:
        raise PlanUnfit(field="discount")
    catalogue.change_price(sku=play.plan.action.sku, price=put, trail=trail, by=by)
    _keep(play, StepKind.PRICE, play.plan.action.sku, was=was, put=put)


def _price_back(row: models.Step, *, trail: Trail, by: Actor) -> None:
    card = shelves.products([row.reference]).get(row.reference)
    if card is not None and card.price == Money(row.put_minor or 0, row.currency):
        catalogue.change_price(sku=row.reference, price=Money(row.was_minor or 0, row.currency), trail=trail, by=by)


def _end_promotion(shop: str, id: str, *, trail: Trail, by: Actor) -> None:
    if promotion_books.promotion(shop, id).state is not promotion_rules.State.ENDED:
        promotions.stop(id=id, for_good=True, trail=trail, by=by, reason="play")


def _card(play: Play) -> Card:
    sku = play.plan.action.sku
    card = shelves.products([sku]).get(sku)
    if card is None or card.shop != play.shop:
        raise PlanUnfit(field="sku")
    return card


def _last_moment(play: Play) -> datetime:
    return clock.span_of(play.plan.ends_on, shops.shop(play.shop).zone)[0]


def _keep(play: Play, kind: StepKind, reference: str, *, was: Money | None = None, put: Money | None = None) -> None:
    """Remember what was done; a second time changes nothing."""
    models.Step.objects.get_or_create(
        play_id=play.id,
        kind=kind,
        reference=reference,
        defaults={
            "was_minor": was.minor if was else None,
            "put_minor": put.minor if put else None,
            "currency": play.plan.cost_cap.currency,
            "done_at": clock.now(),
        },
    )
