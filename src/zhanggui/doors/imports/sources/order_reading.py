"""Lines of any shop's orders out of the text of a file: numbers, moments, people, and what is wrong with each."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports.columns import Table
from zhanggui.doors.imports.faults import faults, words
from zhanggui.doors.imports.rules.mapping import Field
from zhanggui.doors.imports.stage import Stage, literal

NUMBERS = (
    *(Field.PRICE, Field.AMOUNT, Field.LINE_DISCOUNT, Field.GOODS, Field.SHIPPING),
    *(Field.TAX, Field.TOTAL, Field.REFUNDED, Field.QUANTITY),
)
MOMENTS = (Field.AT, Field.PAID_AT, Field.CANCELLED_AT, Field.SHIPPED_AT, Field.DELIVERED_AT)
PER_ORDER = (Field.GOODS, Field.SHIPPING, Field.TAX, Field.TOTAL, Field.REFUNDED)
# Columns that hold who somebody is; what looks like a name or an address is never kept as it is.
_PERSONAL = re.compile(r"mail|phone|mobile|(^|[^a-z])tel|name|手机|电话|邮箱|姓名|会员名|昵称|旺旺", re.I)
_LOOKS_PERSONAL = r"[@\s]|\p{Han}"


def read(stage: Stage, table: Table, shop: Shop) -> None:
    """Lines with what is wrong with each."""
    moments = ", ".join(f"{table.moment(one)} as {one}_us" for one in MOMENTS)
    sums = ", ".join(f"{table.number(one)} as {one}_read" for one in (*PER_ORDER, Field.PRICE))
    needs_price = "false" if table.has(Field.TOTAL) else "true"
    later = faults(
        (
            "status is not null and standing is null",
            words(_('the status "{word}" is not known'), word="left(status, 40)"),
        ),
        (f"{needs_price} and is_line and exact is null", words(_("no price"))),
    )
    product = [one for one in (Field.SKU, Field.TITLE, Field.PRICE, Field.AMOUNT, Field.QUANTITY) if table.has(one)]
    is_line = f"coalesce({', '.join(table.text(one) for one in product)}) is not null" if product else "true"
    title = table.text(Field.TITLE)
    region = f"coalesce({table.text(Field.REGION)}, '')"
    stage.run(f"""
        create or replace table line as
        with read as (
            select _row, {table.text(Field.ORDER)} as doc, {moments}, {sums}, {is_line} as is_line,
                left(coalesce({table.text(Field.SKU)}, {title}, ''), 60) as sku, {title} as title,
                coalesce({table.text(Field.CATEGORY)}, '') as category, {_person(table, shop)} as person,
                coalesce({table.whole(Field.QUANTITY)}, 1) as quantity, {table.number(Field.AMOUNT)} as amount_read,
                coalesce({table.number(Field.LINE_DISCOUNT)}, 0) as discount, {table.text(Field.PROVIDER)} as provider,
                left(case when regexp_matches({region}, '\\p{{Han}}') then split_part({region}, ' ', 1)
                    else {region} end, 60) as region,
                lower({table.text(Field.STATUS)}) as status, {_fault(table, shop)} as fault
            from {table.loaded.table}
        ), priced as (
            select read.*, word.standing,
                coalesce(amount_read, quantity * price_read)::decimal(38, 6) - discount as exact
            from read left join word on word.word = read.status
        )
        select * exclude (fault, amount_read, discount), coalesce(fault, {later}) as reason
        from priced
    """)


def _fault(table: Table, shop: Shop) -> str:
    order, currency = table.text(Field.ORDER), table.text(Field.CURRENCY)
    checks = [
        (f"{order} is null", words(_("no order number"))),
        (f"length({order}) > 60", words(_("the order number is longer than 60 characters"))),
    ]
    for means in (*MOMENTS, *NUMBERS):
        if table.has(means):
            read, fault = table.number(means), _("{column} is not a number")
            if means in MOMENTS:
                read, fault = table.moment(means), _("{column} is not a date that can be read")
            elif means == Field.QUANTITY:
                read, fault = table.whole(means), _("{column} is not a whole number")
            checks.append(
                (f"{table.text(means)} is not null and {read} is null", words(fault.format(column=table.named[means])))
            )
    if table.has(Field.CURRENCY):
        said = _("the currency is {found}, not {wanted}").replace("{wanted}", shop.currency)
        checks.append((f"upper({currency}) <> '{shop.currency}'", words(said, found=f"left({currency}, 10)")))
    return faults(*checks)


def _person(table: Table, shop: Shop) -> str:
    """SQL for the customer's id; names, mail addresses and telephone numbers only as a digest."""
    if not table.has(Field.CUSTOMER):
        return "''"
    said = table.text(Field.CUSTOMER)
    digest = f"left(sha256({literal(shop.code)} || '/' || lower({said})), 20)"
    always = _PERSONAL.search(table.named[Field.CUSTOMER]) is not None
    hidden = (
        digest if always else f"case when regexp_matches({said}, '{_LOOKS_PERSONAL}') then {digest} else {said} end"
    )
    return f"coalesce({hidden}, '')"
