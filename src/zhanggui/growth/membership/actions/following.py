"""What an order means to its shopper's points, growth and paid membership, as far as it has come.

Nothing here is added up from facts: every time the order is read as it stands, and what is missing is made up. So a
fact may be heard twice, late or in another order, and nothing is earned or given back twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger.rules import Account, Entry, credit, debit
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.membership import models, queries, rules
from zhanggui.growth.membership.actions import standings, wallets
from zhanggui.growth.membership.models import Earning
from zhanggui.growth.membership.rules.points import POINTS, Move, Scheme, Source, Use
from zhanggui.growth.membership.rules.tiers import Reason
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Line, Order, State
from zhanggui.spine.facts.membership import MembershipEnded, MembershipStarted, PointsTakenBack
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def follow_order(*, order_number: str, cause: UUID | None = None) -> None:
    """Bring points, growth and paid membership in line with how an order stands now; nothing happens if they are.

    Paid: its points wait. Completed: they are granted, growth moves, a higher tier begins at once. Refunded: what it
    earned and what it was paid with go back in proportion. Called off or out of time: all it was paid with goes back.

    cause    the fact that led here
    refuses  NoSuchOrder
    tells    growth.points_earned, _returned, _taken_back, growth.membership_started, _ended, growth.tier_changed
    """
    order = orders.order_by_number(order_number)
    by = job_actor("membership.follow_order")
    _, is_known = _whose(order)
    if not (is_known or order.is_paid):
        return
    member = wallets.lock_whose(order.shop, lambda: _whose(order)[0])
    # Read again behind the lock: what was true before may have been made up by somebody else meanwhile.
    order = orders.order_by_number(order_number)
    trail = _trail(order, member, cause)
    _give_back(order, member, trail=trail, by=by)
    scheme = queries.scheme(order.shop)
    if scheme is not None:
        _earn(order, member, scheme, trail=trail, by=by)
    _terms(order, member, trail=trail, by=by)


@operation
def join(*, shop: str, guest: str, person: str) -> None:
    """Give all that a guest has as a member to the person who the guest turned out to be; the second time is nothing.

    tells  growth.tier_changed, if both together reach a higher tier
    """
    if guest == person or not models.Member.objects.filter(shop=shop, person=guest).exists():
        return
    first, second = sorted((guest, person))
    rows = {member.person: member for member in (wallets.lock(shop, first), wallets.lock(shop, second))}
    old, new = rows[guest], rows[person]
    _move_points(old, new)
    for table in (models.Lot, models.Spending, Earning, models.Term, models.Redemption, models.Item):
        table.objects.filter(shop=shop, person=guest).update(person=person)
    wallets.owe(new, old.owed_points)
    old.delete()
    trail, by, now = Trail(shop=shop, person=person), job_actor("membership.join"), clock.now()
    was = new.standing.tier_now(queries.tiers(shop), at=now)
    standings.rise(new, at=now, trail=trail, by=by, reason=Reason.JOINED)
    standings.lay_floor(new, was=was, at=now, trail=trail, by=by)


def _whose(order: Order) -> tuple[str, bool]:
    """Whose an order is by now, and whether points or days were counted for it before."""
    earning = Earning.objects.filter(pk=order.number).values_list("person", flat=True).first()
    spending = models.Spending.objects.filter(shop=order.shop, use=Use.ORDER, reference=order.number)
    known = earning or spending.values_list("person", flat=True).first()
    return known or customers.walks_as(order.customer_id) or order.person, known is not None


def _trail(order: Order, member: models.Member, cause: UUID | None) -> Trail:
    trail = Trail(shop=order.shop, person=member.person, channel=order.trail.channel, campaign=order.trail.campaign)
    return trail.after(cause) if cause else trail


def _give_back(order: Order, member: models.Member, *, trail: Trail, by: Actor) -> None:
    """Points that paid for what did not stand."""
    spent = models.Spending.objects.filter(shop=order.shop, use=Use.ORDER, reference=order.number).first()
    if spent is None:
        return
    missing = rules.points.owed_back(order, spent.points) - spent.given_back
    if missing > 0:
        wallets.give_back(member, spent, missing, trail=trail, by=by)


def _earn(order: Order, member: models.Member, scheme: Scheme, *, trail: Trail, by: Actor) -> None:
    row = Earning.objects.filter(pk=order.number).first()
    if row is None:
        if not order.is_paid or order.paid_at is None:
            return
        row = _opened(order, member, scheme, paid_at=order.paid_at)
    if row.state == Earning.State.ENDED:
        return
    points = rules.points.entitled(order, rate=row.rate, multiplier=row.multiplier)
    had, row.points = row.points, points
    row.kept_minor = rules.points.kept_in_books(order).minor
    if row.state == Earning.State.GRANTED:
        row.save(update_fields=["points", "kept_minor"])
        if points < had:
            _take_back(order, member, had - points, left=points, trail=trail, by=by)
    elif order.state is State.COMPLETED:
        _grant(row, member, scheme, trail=trail, by=by)
    else:
        is_over = not order.is_paid
        if is_over:
            row.state, row.points, row.kept_minor = Earning.State.ENDED, 0, 0
        row.save(update_fields=["state", "points", "kept_minor"])


def _opened(order: Order, member: models.Member, scheme: Scheme, *, paid_at: datetime) -> Earning:
    """The row of an order that was just paid, at the rate of today and the tier of its shopper."""
    offered = queries.tiers(order.shop)
    key = member.standing.tier_now(offered, at=clock.now())
    tier = offered[rules.tiers.rank_of(offered, key)]
    return Earning.objects.create(
        order_number=order.number,
        shop=order.shop,
        person=member.person,
        state=Earning.State.PENDING,
        rate=scheme.earn_rate,
        multiplier=tier.benefits.multiplier,
        points=0,
        kept_minor=0,
        currency=order.booked.currency,
        paid_at=paid_at,
    )


def _grant(row: Earning, member: models.Member, scheme: Scheme, *, trail: Trail, by: Actor) -> None:
    now = clock.now()
    row.state, row.kept_at = Earning.State.GRANTED, now
    row.save(update_fields=["state", "points", "kept_minor", "kept_at"])
    if row.points:
        wallets.grant(
            member,
            row.points,
            source=Source.ORDER,
            reference=row.order_number,
            expires_at=rules.points.expires_at(now, lasts_days=scheme.lasts_days),
            trail=trail,
            by=by,
            order_number=row.order_number,
        )
    standings.rise(member, at=now, trail=trail, by=by)


def _take_back(order: Order, member: models.Member, points: int, *, left: int, trail: Trail, by: Actor) -> None:
    """Points that an order no longer earns: what is there leaves, the rest is owed.

    left  points that it earns still; names the entry in the books, because it falls every time
    """
    taken = wallets.leave_at_most(member, points)
    if taken:
        wallets.book(member, -taken, move=Move.TAKEN_BACK, reference=f"{order.number}/{left}", by=by)
    if taken < points:
        wallets.owe(member, points - taken)
    fact = PointsTakenBack(points=taken, owed_points=points - taken, order_number=order.number)
    record(fact, by=by, trail=trail, subject=f"order:{order.number}")


def _terms(order: Order, member: models.Member, *, trail: Trail, by: Actor) -> None:
    """Paid membership that lines of an order bought."""
    now = clock.now()
    bought = {row.line: row for row in models.Term.objects.filter(order_number=order.number)}
    plans = {plan.sku: plan for plan in queries.plans(order.shop)} if order.is_paid or bought else {}
    was = member.standing.tier_now(queries.tiers(order.shop), at=now)
    changed = False
    for line in order.lines:
        units = line.quantity - line.returned_units if order.is_paid else 0
        if line.position in bought:
            changed |= _shorten(bought[line.position], line, units, at=now, trail=trail, by=by)
        elif line.sku in plans and units:
            plan = plans[line.sku]
            _begin(order, member, line, tier=plan.tier, days=plan.days, units=units, at=now, trail=trail, by=by)
            changed = True
    if changed:
        standings.lay_floor(member, was=was, at=now, trail=trail, by=by)


def _begin(
    order: Order,
    member: models.Member,
    line: Line,
    *,
    tier: str,
    days: int,
    units: int,
    at: datetime,
    trail: Trail,
    by: Actor,
) -> None:
    start = rules.terms.next_start(queries.terms_of(order.shop, member.person, at=at), at=at)
    models.Term.objects.create(
        shop=order.shop,
        person=member.person,
        order_number=order.number,
        line=line.position,
        tier=tier,
        units=units,
        days=days,
        starts_at=start,
        ends_at=start + timedelta(days=days * units),
    )
    fact = MembershipStarted(order_number=order.number, sku=line.sku, tier=tier, days=days * units)
    record(fact, by=by, trail=trail, subject=f"order:{order.number}")


def _shorten(row: models.Term, line: Line, units: int, *, at: datetime, trail: Trail, by: Actor) -> bool:
    """Whether a term lost days because money for it went back; those behind it move up."""
    if units >= row.units:
        return False
    rows = list(models.Term.objects.filter(shop=row.shop, person=row.person, ends_at__gt=at).exclude(pk=row.pk))
    moved = rules.terms.shortened(
        [row.value, *(other.value for other in rows)],
        order_number=row.order_number,
        line=row.line,
        units=units,
        at=at,
    )
    for term in moved:
        models.Term.objects.filter(order_number=term.order_number, line=term.line).update(
            units=term.units, starts_at=term.starts_at, ends_at=term.ends_at
        )
    if not units:
        fact = MembershipEnded(order_number=row.order_number, sku=line.sku, tier=row.tier)
        record(fact, by=by, trail=trail, subject=f"order:{row.order_number}")
    return True


def _move_points(old: models.Member, new: models.Member) -> None:
    """What the books owe one person they owe another from now on."""
    lots = models.Lot.objects.filter(shop=old.shop, person=old.person, left__gt=0)
    points = sum(lots.values_list("left", flat=True))
    if not points:
        return
    owed, amount = Account.POINTS_OWED, Money(points, POINTS)
    entry = Entry(
        shop=old.shop,
        kind=Move.JOINED,
        reference=f"{old.pk}/{new.person}"[:120],
        postings=(debit(owed, amount, holder=old.person), credit(owed, amount, holder=new.person)),
    )
    ledger.post(entry=entry, by=job_actor("membership.join"))
