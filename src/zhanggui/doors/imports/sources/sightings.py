"""What visitors of another shop did: page views, carts, purchases, one row each.

They are sightings: taken on trust, and never money. A purchase among them says that a visitor bought, not what was
paid; a shop's orders come in as orders. The same event in two files is one event: its id follows from what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext as _

from zhanggui.base.money import exponent
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import facts, refusals, rows
from zhanggui.doors.imports.columns import Table, Writing, understand
from zhanggui.doors.imports.documents import Outlook
from zhanggui.doors.imports.faults import faults, words
from zhanggui.doors.imports.files import tables
from zhanggui.doors.imports.rules import mapping
from zhanggui.doors.imports.rules.mapping import Columns
from zhanggui.doors.imports.rules.numbers import minor_sql
from zhanggui.doors.imports.rules.sights import Sight, known_words, names_of
from zhanggui.doors.imports.sources.source import Laid
from zhanggui.doors.imports.stage import Stage, literal, quoted
from zhanggui.insight.sources.rules import Bucket, Known

_WANTED = ((Sight.AT,), (Sight.PERSON, Sight.SESSION), (Sight.EVENT,))
_TEXTS = (Sight.SKU, Sight.CATEGORY, Sight.ORDER, Sight.DEVICE, Sight.CHANNEL, Sight.CAMPAIGN, Sight.REGION)
_QUIET_US = 30 * 60 * 1_000_000
# Seconds, milliseconds and microseconds since 1970 have so many digits from 2001 to 2286.
_EPOCHS = {10: 1_000_000, 13: 1_000, 16: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """A file of visitor events.

    event_words  more words for what visitors do, as `word=Product Viewed`
    """

    path: Path
    columns: Columns
    wish: tables.Wish = field(default_factory=tables.Wish)
    writing: Writing = field(default_factory=Writing)
    event_words: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of this way of reading."""
        return "events"

    @property
    def title(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def asked(self) -> str:
        """What a person said about how to read it."""
        return repr((str(self.columns), self.wish, self.writing, self.event_words))

    def files(self) -> Sequence[Path]:
        """The one file."""
        return (self.path,)

    def lay_out(self, stage: Stage, shop: Shop) -> Laid:
        """Read the file into the workbench.

        refuses  FileMissing, FileBroken, FormNotAccepted, EncodingUnclear, ColumnsMissing, DecimalsUnclear,
                 DatesUnclear, MapUnclear
        """
        facts.clear(stage)
        known = known_words(self.event_words)
        wish = replace(self.wish, unheaded=self.columns.unheaded)
        loaded = tables.load(stage, self.path, table="raw", wish=wish)
        named = mapping.require(self.columns, present=loaded.columns, path=str(self.path), wanted=_WANTED)
        table = understand(
            stage,
            loaded,
            named,
            zone=shop.zone,
            numbers=(Sight.PRICE, Sight.QUANTITY),
            moments=(Sight.AT,),
            writing=self.writing,
        )
        refusals.take_ragged(stage, loaded, part="events", order_column=None)
        column = quoted(named[Sight.EVENT])
        said = [event for (event,) in stage.rows(f"select distinct {column} from raw where {column} is not null")]
        _name(stage, names_of(said, words=known))
        _read(stage, table, shop)
        _part_into_visits(stage)
        used = ", ".join(f"{means}={column}" for means, column in named.items())
        return Laid(reading=f"{loaded.said}; {table.said}; {used}", parts={"events": loaded}, writing=table.options)

    def judge(
        self, stage: Stage, shop: Shop, *, known: Iterable[bytes], before: Sequence[Known], chunk_lines: int
    ) -> None:
        """Cut them into chunks in the order of time; the lake itself reads an event that came twice once."""
        stage.run(f"""
            create or replace table chunked as
            select *, ((row_number() over (order by at_us, _row) - 1) // {int(chunk_lines)})::integer as chunk
            from visited
        """)
        stage.run("drop table visited")

    def outlook(self, stage: Stage, shop: Shop) -> Outlook:
        """Count what would be brought."""
        weights = stage.rows("select count(*) from chunked group by chunk order by chunk")
        told = stage.rows("select name, count(*) from chunked group by name order by name")
        first, last = stage.one(f"""
            select timezone('{shop.zone}', make_timestamptz(min(at_us)))::date,
                timezone('{shop.zone}', make_timestamptz(max(at_us)))::date from chunked
        """)
        (refused,) = stage.one("select count(*) from refused")
        buckets = [Bucket(part="events", name=n, line_count=c, amount=None, is_told=True) for n, c in told]
        if refused:
            buckets.append(Bucket(part="events", name="refused", line_count=refused, amount=None, is_told=False))
        count = sum(lines for _, lines in told)
        return Outlook(
            chunks=len(weights),
            chunk_weights=tuple(lines for (lines,) in weights),
            line_count=count + refused,
            orders=0,
            facts=count,
            refused_rows=refused,
            differing=(),
            amount_minor=0,
            first_day=first,
            last_day=last,
            told=tuple(told),
            buckets=tuple(buckets),
        )

    def events_of(self, stage: Stage, shop: Shop, *, chunk: int, received_us: int) -> pa.Table:
        """The sightings of one chunk."""
        _tell(stage, shop, chunk)
        return rows.events_of(stage, shop, received_us=received_us)

    def documents_of(self, stage: Stage, *, chunk: int | None = None) -> list[Known]:
        """Sightings are no documents."""
        return []


def _name(stage: Stage, named: dict[str, str]) -> None:
    columns = {"said": list(named), "name": list(named.values())}
    stage.keep("named", pa.table(columns, schema=pa.schema([("said", pa.string()), ("name", pa.string())])))


def _moment(table: Table) -> str:
    """SQL for the moment of an event: seconds, milliseconds or microseconds since 1970, or a written date."""
    text = table.text(Sight.AT)
    counted = " ".join(
        f"when regexp_full_match({text}, '\\d{{{digits}}}') then {text}::bigint * {factor}"
        for digits, factor in _EPOCHS.items()
    )
    return f"case {counted} else {table.moment(Sight.AT)} end"


def _read(stage: Stage, table: Table, shop: Shop) -> None:
    """Events with what is wrong with each."""
    unknown = words(_('event "{word}" is not one of a visitor'), word="left(event, 40)")
    fault = faults(
        ("at_us is null", words(_("the time cannot be read"))),
        ("event is null", words(_("no event"))),
        ("event is not null and named.name is null", unknown),
        ("person_said = '' and session_said = ''", words(_("nobody did it"))),
        ("has_broken_number", words(_("price or quantity is not a number"))),
    )
    texts = ", ".join(f"left(coalesce({table.text(one)}, ''), 120) as {one}_said" for one in _TEXTS)
    amount = minor_sql(f"{table.number(Sight.PRICE)}", exponent(shop.currency))
    number = {
        one: f"{table.text(one)} is not null and {table.number(one)} is null" for one in (Sight.PRICE, Sight.QUANTITY)
    }
    stage.run(f"""
        create or replace table seen as
        with read as (
            select _row, {_moment(table)} as at_us, {table.text(Sight.EVENT)} as event,
                coalesce({table.text(Sight.PERSON)}, '') as person_said,
                coalesce({table.text(Sight.SESSION)}, '') as session_said, {texts},
                regexp_replace(coalesce({table.text(Sight.PAGE)}, ''), '[?#].*$', '') as page_said,
                {table.whole(Sight.QUANTITY)} as pieces, {amount} as price_minor, {table.text(Sight.ID)} as id_said,
                {number[Sight.PRICE]} or {number[Sight.QUANTITY]} as has_broken_number
            from {table.loaded.table}
        )
        select read.*, named.name, case when regexp_matches(person_said, '[@\\s]|\\p{{Han}}')
                then left(sha256({literal(shop.code)} || '/' || lower(person_said)), 20) else person_said end as person,
            {fault} as reason
        from read left join named on named.said = read.event
    """)
    stage.run("insert into refused select 'events', _row, reason from seen where reason is not null")


def _part_into_visits(stage: Stage) -> None:
    """Sessions where the file has none: a visit ends with half an hour of quiet, as everywhere in the field."""
    stage.run(f"""
        create or replace table visited as
        with gaps as (
            select *, row_number() over same as again,
                coalesce(at_us - lag(at_us) over walk > {_QUIET_US}, true) as is_new
            from seen where reason is null
            window walk as (partition by person order by at_us, _row),
                same as (partition by person, at_us, name, sku_said, order_said order by _row)
        ), visits as (
            select *, max(case when is_new then at_us end) over (partition by person order by at_us, _row) as began_us
            from gaps
        )
        select * exclude (session_said, is_new, began_us), case when session_said <> '' then session_said
            when person <> '' then left(md5(person || '/' || began_us), 16) else '' end as session from visits
    """)
    stage.run("drop table seen")


def _tell(stage: Stage, shop: Shop, chunk: int) -> None:
    said = "person || '/' || at_us || '/' || name || '/' || sku_said || '/' || order_said || '/' || again"
    stage.run(f"""
        create or replace temp table told as
        select name, at_us, {literal(shop.code)} || '/events/' || coalesce(id_said, {said}) as id_key,
            null::bigint as cause_us, null::varchar as cause_key,
            case when person = '' then 'partner:events' else 'customer:' || person end as actor, person, session,
            case when sku_said = '' then '' else 'product:' || sku_said end as subject, sku_said as sku,
            category_said as category, order_said as order_number, pieces as quantity, price_minor as amount_minor,
            case when price_minor is null then '' else {literal(shop.currency)} end as currency,
            channel_said as channel, campaign_said as campaign, device_said as device, region_said as region,
            page_said as page, {facts.NO_LINES} as lines,
            encode(json_merge_patch('{{}}', to_json({{product_id: nullif(sku_said, ''),
                category: nullif(category_said, ''), order_id: nullif(order_said, ''), quantity: pieces,
                path: nullif(page_said, '')}}))::varchar) as body
        from chunked where chunk = {int(chunk)}
    """)
