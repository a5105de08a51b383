"""Showing a second version of a page to some, to all, and to nobody any more."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from zhanggui.base import ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.experiments import models, queries
from zhanggui.growth.experiments.errors import NoSuchPage, PageTaken, TrialClosed
from zhanggui.growth.experiments.rules import Page, ShownTo, Target, Version
from zhanggui.spine.facts.experiments import PageShown
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_TRIED_ONCE = "growth_experiments_page_tried"


@operation
def show_page(*, trial_id: UUID, target: Target, version: Version, trail: Trail, by: Actor) -> UUID:
    """Show the treated of a trial a second version of some pages; its id. Who comes to such a page joins the trial then
    and there, by `expose`. What is charged stays what it is: a version holds no amount.

    refuses  NoSuchTrial, TrialClosed, PageUnfit, PageTaken with the version that is tried out on these very pages
    tells    growth.page_shown
    """
    trial = queries.trial(trial_id)
    if not trial.is_open:
        raise TrialClosed(id=str(trial_id))
    row = models.Page(
        id=ids.uuid7(),
        shop=trial.shop,
        trial_id=trial_id,
        product=target.product,
        category=target.category,
        version=msgspec.to_builtins(version.checked()),
        cause=trail.cause,
        shown_to=ShownTo.TREATED,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise _unless_taken(taken, row) from taken
    _tell(queries.page(row.id), ShownTo.TREATED, trail=trail, by=by)
    return row.id


@operation
def withdraw_page(*, id: UUID, trail: Trail, by: Actor) -> None:
    """Show a version to nobody any more; a second time changes nothing.

    refuses  NoSuchPage
    tells    growth.page_shown
    """
    page = queries.page(id)
    if models.Page.objects.filter(pk=id).exclude(shown_to=ShownTo.NOBODY).update(shown_to=ShownTo.NOBODY):
        _tell(page, ShownTo.NOBODY, trail=trail, by=by)


@operation
def keep_page(*, id: UUID, trail: Trail, by: Actor) -> None:
    """Show a version to everybody from now on, in the place of the one that everybody saw; a second time changes
    nothing.

    refuses  NoSuchPage
    tells    growth.page_shown, and of the one before that nobody sees it
    """
    page = _alone(id)
    if page.shown_to is ShownTo.ALL:
        return
    same = models.Page.objects.filter(shop=page.shop, product=page.target.product, category=page.target.category)
    for row in same.filter(shown_to=ShownTo.ALL).order_by("pk"):
        withdraw_page(id=row.pk, trail=trail, by=by)
    models.Page.objects.filter(pk=id).update(shown_to=ShownTo.ALL)
    _tell(page, ShownTo.ALL, trail=trail, by=by)


def _alone(id: UUID) -> Page:
    """A version, with nobody else changing those of the same pages until our transaction ends."""
    page = queries.page(id)
    same = models.Page.objects.filter(shop=page.shop, product=page.target.product, category=page.target.category)
    found = {row.pk: row for row in same.select_for_update().order_by("pk")}
    if id not in found:
        raise NoSuchPage(id=str(id))
    return queries.page(id)


def _tell(page: Page, shown_to: ShownTo, *, trail: Trail, by: Actor) -> None:
    fact = PageShown(
        page_id=str(page.id),
        trial_id=str(page.trial_id),
        product=page.target.product,
        category=page.target.category,
        shown_to=shown_to,
    )
    record(fact, by=by, trail=trail, subject=f"page:{page.id}")
    queries.standing.hear(page.shop)


def _unless_taken(error: IntegrityError, row: models.Page) -> Exception:
    if _TRIED_ONCE not in str(error):
        return error
    same = models.Page.objects.filter(shop=row.shop, product=row.product, category=row.category)
    taken = same.filter(shown_to=ShownTo.TREATED).values_list("pk", flat=True).first()
    return PageTaken(id=str(taken)) if taken else error
