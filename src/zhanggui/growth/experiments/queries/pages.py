"""Second versions of pages: which one a product has now, on which side a visitor is, and links that show each.

A product page needs to know every time, so each process remembers what is shown, and asks whether that still holds as
a part of the one statement that it sends anyway (decision 11). What it has never heard of, it takes for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.core import signing

from zhanggui.base import kept
from zhanggui.base.database.together import Question
from zhanggui.growth.experiments import models, rules
from zhanggui.growth.experiments.errors import NoSuchPage, PageUnfit
from zhanggui.growth.experiments.rules import Arm, Known, Page, ShownTo, Target, Version, narrowest
from zhanggui.shop.catalogue import queries as catalogue

# How soon a new product is among those of a category.
_SKUS_SECONDS: Final = 60
_PREVIEWED_FOR: Final = timedelta(days=7)
_EDITION: Final = """
select string_agg(id::text || shown_to, ',' order by id) from growth_experiments_page
where shop = %s::varchar and shown_to <> 'nobody'
"""
# Index growth_experiments_one_side for each id, then growth_experiments_held_once.
_KNOWN: Final = """
select json_build_array(
    (select arm from growth_experiments_member where trial_id = %s::uuid and person = any(who.ids)
        order by joined_at, id limit 1),
    exists(select from growth_experiments_member where is_held and shop = %s::varchar and metric = %s::varchar
        and person = any(who.ids) and trial_id <> %s::uuid)
)::text from (select {persons} as ids) who
"""
_answer: Final = msgspec.json.Decoder(tuple[Arm | None, bool])


class Standing:
    """What is shown in each shop, as this process heard it last."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[str, tuple[Page, ...]]] = {}

    def edition(self, shop: str) -> str:
        """Another one whenever somebody sees another version; empty while nobody sees any."""
        return self._heard.get(shop, ("", ()))[0]

    def pages(self, shop: str) -> tuple[Page, ...]:
        """The second versions that anybody sees."""
        return self._heard.get(shop, ("", ()))[1]

    def hear(self, shop: str) -> None:
        """Ask what is shown now. One statement. Index growth_experiments_page_shown."""
        rows = models.Page.objects.filter(shop=shop).exclude(shown_to=ShownTo.NOBODY).select_related("trial")
        pages = tuple(_value(row) for row in rows.order_by("id"))
        edition = ",".join(f"{page.id}{page.shown_to}" for page in pages)
        self._heard = self._heard | {shop: (edition, pages)}

    def forget(self) -> None:
        """Nothing was heard."""
        self._heard = {}


standing: Final = Standing()
kept.forget_too(standing)


def edition_asked(shop: str) -> Question[str]:
    """What `standing` should say of a shop, to be asked together with other things. The same index."""
    return Question(_EDITION, (shop,), lambda said: said or "")


def page(id: UUID) -> Page:
    """One second version. One statement.

    refuses  NoSuchPage
    """
    row = models.Page.objects.filter(pk=id).select_related("trial").first()
    if row is None:
        raise NoSuchPage(id=str(id))
    return _value(row)


def page_of_trial(trial_id: UUID) -> Page | None:
    """The second version that a trial tries out; None if it tries out something else. One statement."""
    row = models.Page.objects.filter(trial=trial_id).select_related("trial").first()
    return _value(row) if row else None


def tried(shop: str, sku: str) -> Page | None:
    """The version that is tried out on the page of a SKU. A statement now and then for which SKUs are meant."""
    return narrowest(_pages_of(shop, sku), ShownTo.TREATED)


def usual(shop: str, sku: str) -> Page | None:
    """The version that everybody sees who is not treated with another one; None of a page as it is. The same."""
    return narrowest(_pages_of(shop, sku), ShownTo.ALL)


def skus_of(shop: str, target: Target) -> frozenset[str] | None:
    """The SKUs whose pages are meant; None for all of the shop. At most one statement."""
    return None if target == Target() else _skus(shop, target)


def target_of(shop: str, *, sku: str = "", category: str = "") -> Target:
    """Whose pages are meant by a SKU, by a category, or by neither. At most one statement.

    refuses  PageUnfit with sku or category if the shop has none such
    """
    if sku:
        handle = catalogue.handles_by_sku(shop, [sku]).get(sku)
        if handle is None:
            raise PageUnfit(field="sku")
        return Target(product=handle)
    if category and not any(one.key == category for one in catalogue.categories(shop)):
        raise PageUnfit(field="category")
    return Target(category=category)


def known_asked(page: Page, persons: Question[Any]) -> Question[Known]:
    """What is known of a visitor in a page's trial, by all their ids: to be asked together with other things."""
    sql = _KNOWN.format(persons=persons.sql)
    return Question(sql, (page.trial_id, page.shop, page.metric, page.trial_id, *persons.parameters), _read)


def preview_of(version: Version) -> str:
    """What an address carries to show somebody a version, for a week, without anybody being counted."""
    return signing.dumps(msgspec.to_builtins(version), salt=__name__, compress=True)


def previewed(said: str) -> Version | None:
    """The version that such an address shows; None if we did not write it, or too long ago."""
    try:
        return msgspec.convert(signing.loads(said, salt=__name__, max_age=_PREVIEWED_FOR), Version)
    except (signing.BadSignature, msgspec.ValidationError):
        return None


def _pages_of(shop: str, sku: str) -> Sequence[Page]:
    return [one for one in standing.pages(shop) if (skus := skus_of(shop, one.target)) is None or sku in skus]


@kept.kept(seconds=_SKUS_SECONDS)
def _skus(shop: str, target: Target) -> frozenset[str]:
    return catalogue.skus_of(shop, catalogue.Wanted(handle=target.product, category=target.category))


def _read(said: str) -> Known:
    arm, is_elsewhere = _answer.decode(said)
    return Known(arm=arm, is_elsewhere=is_elsewhere)


def _value(row: models.Page) -> Page:
    trial = row.trial
    return rules.Page(
        id=row.pk,
        shop=row.shop,
        target=Target(product=row.product, category=row.category),
        version=msgspec.convert(row.version, Version),
        shown_to=ShownTo(row.shown_to),
        trial_id=trial.pk,
        metric=trial.metric,
        held_out_bp=trial.held_out_bp,
        cause=row.cause,
    )
