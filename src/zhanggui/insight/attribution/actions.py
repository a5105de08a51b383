"""Taking in what advertising cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.rates import queries as rates
from zhanggui.base.rates.errors import NoRate
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.attribution import models, queries, rules
from zhanggui.insight.attribution.queries import SpendFile
from zhanggui.spine.facts.marketing import SpendRecorded
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# Index insight_attribution_spend_once. What stands there already as it is said is not touched.
_KEEP = """
with said as (
    select * from unnest(%s::date[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[])
        t(day, channel, campaign, amount_minor, said_minor, said_currency)
), before as (
    select s.day, s.channel, s.campaign, s.amount_minor from insight_attribution_spend s
    join said using (day, channel, campaign) where s.shop = %s
), kept as (
    insert into insight_attribution_spend as s
        (shop, day, channel, campaign, amount_minor, said_minor, said_currency, file_id)
    select %s, day, channel, campaign, amount_minor, said_minor, said_currency, %s
    from said order by day, channel, campaign
    on conflict (shop, day, channel, campaign) do update set amount_minor = excluded.amount_minor,
        said_minor = excluded.said_minor, said_currency = excluded.said_currency, file_id = excluded.file_id
    where (s.said_minor, s.said_currency) is distinct from (excluded.said_minor, excluded.said_currency)
    returning s.day, s.channel, s.campaign, s.amount_minor
)
select count(*), coalesce(sum(kept.amount_minor - coalesce(before.amount_minor, 0)), 0)
from kept left join before using (day, channel, campaign)
"""
# Index insight_attribution_untold.
_UNTOLD = """
with untold as (
    select id, day, channel, campaign, amount_minor - told_minor as more
    from insight_attribution_spend where shop = %s and told_minor <> amount_minor
), told as (
    update insight_attribution_spend s set told_minor = amount_minor from untold where s.id = untold.id
)
select day, channel, campaign, more from untold order by day, channel, campaign
"""
_AT_ONCE: Final = 5_000
_LOCK = "select pg_advisory_xact_lock(hashtextextended('spend/' || %s, 0))"


@operation
def import_spend(*, shop: str, name: str, content: bytes, by: Actor) -> SpendFile:
    """Take in a file of what advertising cost, whole or not at all.

    Lines of one day, channel and campaign are added up, and stand in the place of what an earlier file said of it. The
    same file again changes nothing; one that was broken off has changed nothing, and is sent again. Lines that make no
    sense are kept with the reason.

    name     of the file, for a person
    refuses  FileUnreadable, FileTooLong, NoSuchShop
    tells    insight.spend_recorded for each day, channel and campaign that is new or another than before
    """
    books = shops.shop(shop)
    read = rules.read(content, name=name, currency=books.currency)
    known, refused = _converted(books, read)
    file_id = rules.id_of(shop, content)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [books.code])
    changed, minor = _keep(books, known, file_id)
    models.File.objects.update_or_create(
        pk=file_id,
        defaults={
            "shop": books.code,
            "name": name[:255],
            "at": clock.now(),
            "line_count": read.lines,
            "places": len(known),
            "changed": changed,
            "amount_minor": minor,
            "refused_rows": len(refused),
            "heads": list(read.heads),
            "refused": [[one.line, list(one.fields), one.wrong] for one in refused],
        },
    )
    _tell(books, file_id, by=by)
    return queries.file_of(file_id, shop=shop)


def _converted(books: Shop, read: rules.Read) -> tuple[list[rules.Known], list[rules.Refused]]:
    """What the file says in the currency of the books, at each day's rate; a place without a rate is refused whole."""
    known: dict[rules.Place, rules.Known] = {}
    refused = list(read.refused)
    for (place, currency), said_minor in sorted(read.spent.items()):
        try:
            rate = rates.rate(currency, books.currency, place.day)
        except NoRate:
            cells = (place.day.isoformat(), place.channel, place.campaign, str(Money(said_minor, currency)))
            refused.append(rules.Refused(line=0, fields=cells, wrong=rules.Wrong.NO_RATE))
            continue
        minor = rate.convert(Money(said_minor, currency)).minor
        before = known.get(place)
        known[place] = rules.Known(
            place=place,
            amount_minor=minor + (before.amount_minor if before else 0),
            said_minor=said_minor if before is None else minor + before.amount_minor,
            said_currency=currency if before is None else books.currency,
        )
    return list(known.values()), refused


def _keep(books: Shop, known: Sequence[rules.Known], file_id: str) -> tuple[int, int]:
    """Write what is new or another than before; how many places that are, and by how much the spend is more."""
    if not known:
        return 0, 0
    columns = (
        [one.place.day for one in known],
        [one.place.channel for one in known],
        [one.place.campaign for one in known],
        [one.amount_minor for one in known],
        [one.said_minor for one in known],
        [one.said_currency for one in known],
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [*columns, books.code, books.code, file_id])
        changed, minor = cursor.fetchone()
    return int(changed), int(minor)


def _tell(books: Shop, file_id: str, *, by: Actor) -> None:
    """Tell whatever was not told yet, as of the days that it is about."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD, [books.code])
        untold = cursor.fetchall()
    told = [
        Told(
            fact=SpendRecorded(
                import_id=file_id, channel=channel, campaign=campaign, amount_minor=more, currency=books.currency
            ),
            by=by,
            trail=Trail(shop=books.code, channel=channel, campaign=campaign),
            subject=f"spend:{file_id}",
            at=clock.span_of(day, books.zone)[0],
        )
        for day, channel, campaign, more in untold
    ]
    for start in range(0, len(told), _AT_ONCE):
        record_all(told[start : start + _AT_ONCE])
