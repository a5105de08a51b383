"""Which column means what, as a person says it with --map, and what to suggest when it does not fit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zhanggui.doors.imports.errors import ColumnsMissing, MapUnclear


class Field(StrEnum):
    """What a column of order lines can mean; those from GOODS on are said once per order."""

    ORDER = "order"
    AT = "at"
    SKU = "sku"
    TITLE = "title"
    CATEGORY = "category"
    QUANTITY = "quantity"
    PRICE = "price"
    AMOUNT = "amount"
    LINE_DISCOUNT = "line_discount"
    CUSTOMER = "customer"
    REGION = "region"
    STATUS = "status"
    GOODS = "goods"
    SHIPPING = "shipping"
    TAX = "tax"
    TOTAL = "total"
    PAID_AT = "paid_at"
    CANCELLED_AT = "cancelled_at"
    SHIPPED_AT = "shipped_at"
    DELIVERED_AT = "delivered_at"
    REFUNDED = "refunded"
    CURRENCY = "currency"
    PROVIDER = "provider"


MONEY = (Field.PRICE, Field.AMOUNT, Field.TOTAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a file by what they mean.

    named     must be there
    optional  are read if they are there
    unheaded  the names of all columns in their order, for files that come without a header
    """

    named: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    unheaded: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        return ",".join(f"{means}={column}" for means, column in {**self.optional, **self.named}.items())


SHOPIFY = Columns(
    named={
        Field.ORDER: "Name",
        Field.AT: "Created at",
        Field.QUANTITY: "Lineitem quantity",
        Field.PRICE: "Lineitem price",
        Field.TITLE: "Lineitem name",
        Field.GOODS: "Subtotal",
        Field.SHIPPING: "Shipping",
        Field.TAX: "Taxes",
        Field.TOTAL: "Total",
        Field.STATUS: "Financial Status",
        Field.PAID_AT: "Paid at",
    },
    optional={
        Field.SKU: "Lineitem sku",
        Field.LINE_DISCOUNT: "Lineitem discount",
        Field.CUSTOMER: "Email",
        Field.REGION: "Shipping Province",
        Field.CANCELLED_AT: "Cancelled at",
        Field.SHIPPED_AT: "Fulfilled at",
        Field.REFUNDED: "Refunded Amount",
        Field.CURRENCY: "Currency",
        Field.PROVIDER: "Payment Method",
    },
)
TMALL = Columns(
    named={
        Field.ORDER: "订单编号",
        Field.AT: "订单创建时间",
        Field.TOTAL: "总金额",
        Field.PAID_AT: "订单付款时间",
    },
    optional={
        Field.REGION: "收货地址",
        Field.CUSTOMER: "买家会员名",
        Field.SHIPPING: "买家应付邮费",
        Field.STATUS: "订单状态",
        Field.QUANTITY: "宝贝总数量",
        Field.REFUNDED: "退款金额",
    },
)
# Customer/Order/Coupon Export, "one row per item".
WOOCOMMERCE = Columns(
    named={
        Field.ORDER: "order_number",
        Field.AT: "date",
        Field.STATUS: "status",
        Field.QUANTITY: "item_quantity",
        Field.AMOUNT: "item_total",
        Field.TITLE: "item_name",
        Field.TOTAL: "order_total",
    },
    optional={
        Field.SKU: "item_sku",
        Field.SHIPPING: "shipping_total",
        Field.TAX: "tax_total",
        Field.REFUNDED: "refunded_total",
        Field.CUSTOMER: "customer_id",
        Field.REGION: "shipping_state",
        Field.CURRENCY: "order_currency",
        Field.PROVIDER: "payment_method",
    },
)
# WooCommerce's own list of orders under Analytics: one row per order, net of tax and shipping. Its customers are mere
# names, and two people of one name must not become one: they are not read.
WOOCOMMERCE_ANALYTICS = Columns(
    named={Field.ORDER: "Order #", Field.AT: "Date", Field.STATUS: "Status", Field.TOTAL: "Net sales"},
    optional={Field.QUANTITY: "Items sold"},
)
PRESETS: Mapping[str, Columns] = {
    "shopify": SHOPIFY,
    "tmall": TMALL,
    "woocommerce": WOOCOMMERCE,
    "woocommerce-analytics": WOOCOMMERCE_ANALYTICS,
}

# Names under which shops, platforms and spreadsheets keep these columns, in lower case without spaces and signs.
_SYNONYMS: Mapping[Field, str] = {
    Field.ORDER: "order orderid ordernumber orderno invoice invoiceno name 订单编号 订单号 单号 pedido bestellnummer",
    Field.AT: "at date orderdate createdat created purchasedate invoicedate time 下单时间 订单创建时间 日期 datum",
    Field.SKU: "sku stockcode productid product itemid item lineitemsku articleno 商品编码 商品id 货号 artikelnummer",
    Field.TITLE: "title productname description lineitemname itemname 商品名称 宝贝标题 商品标题",
    Field.CATEGORY: "category productcategory producttype department 类目 商品类目 分类",
    Field.QUANTITY: "quantity qty units lineitemquantity quantitypurchased pieces 数量 购买数量 宝贝总数量 menge",
    Field.PRICE: "price unitprice lineitemprice itemprice 单价 价格 preis precio",
    Field.AMOUNT: "amount linetotal lineamount sales revenue 金额 betrag",
    Field.TOTAL: "total ordertotal grandtotal 总金额 订单金额 实付金额",
    Field.CUSTOMER: "customer customerid userid buyer email buyeremail 客户 买家会员名 用户id kunde",
    Field.REGION: "region country state province shippingprovince shipcountry city 省份 地区 收货地址 land",
    Field.STATUS: "status orderstatus financialstatus 订单状态 状态",
}
_BARE = re.compile(r"[\s_\-./()（）]+")
_PAIR = re.compile(r"(?:^|,)\s*([a-z_]+)\s*=")


def columns_said(said: Sequence[str], *, presets: Mapping[str, Columns], fields: type[StrEnum] = Field) -> Columns:
    """The mapping that --map says: names of ready mappings and `meaning=column` pairs, later ones first.

    source   ["shopify", "region=Billing Country"]; ["order=Order ID,at=Date, sku=SKU,price=Price"]
    refuses  MapUnclear
    """
    named: dict[str, str] = {}
    optional: dict[str, str] = {}
    unheaded: tuple[tuple[str, ...], ...] = ()
    for part in said:
        ready = presets.get(part.strip().lower())
        if ready is not None:
            named |= ready.named
            optional |= ready.optional
            unheaded += ready.unheaded
            continue
        pairs = _pairs(part, presets=presets, fields=fields)
        optional = {means: column for means, column in optional.items() if means not in pairs}
        named |= pairs
    return Columns(named=named, optional=optional, unheaded=unheaded)


def require(columns: Columns, *, present: Sequence[str], path: str, wanted: Sequence[Sequence[str]]) -> dict[str, str]:
    """The columns of a file by meaning, those that may be missing left out.

    wanted   meanings of which one of each group must be mapped
    refuses  ColumnsMissing with a guess, if a named column is not in the file or a meaning is not mapped
    """
    by_bare = {bare(name): name for name in reversed(present)}
    found = {means: by_bare[bare(name)] for means, name in columns.named.items() if bare(name) in by_bare}
    missing = [f"{means}={name}" for means, name in columns.named.items() if means not in found]
    missing += [f"{'|'.join(group)}=?" for group in wanted if not any(means in columns.named for means in group)]
    if missing:
        guess = guessed(present, columns=columns)
        raise ColumnsMissing(path=path, missing=tuple(missing), present=tuple(present), guess=guess)
    return {means: by_bare[bare(name)] for means, name in columns.optional.items() if bare(name) in by_bare} | found


def guessed(present: Sequence[str], *, columns: Columns) -> str:
    """A mapping to try, from the names of the columns that are there; empty if nothing fits.

    columns  what was said; what fits of it is kept
    source   ["Order ID", "Order Date", "Qty"] -> "order=Order ID,at=Order Date,quantity=Qty"
    """
    by_bare = {bare(name): name for name in reversed(present)}
    pairs: dict[str, str] = {}
    for means, synonyms in _SYNONYMS.items():
        said = columns.named.get(means, "")
        known = [word for word in (bare(said), *synonyms.split()) if word in by_bare]
        close = [] if known or not said else difflib.get_close_matches(bare(said), by_bare, n=1, cutoff=0.75)
        for word in (*known, *close):
            if by_bare[word] not in pairs.values():
                pairs[means] = by_bare[word]
                break
    return ",".join(f"{means}={name}" for means, name in pairs.items())


def bare(name: str) -> str:
    """A column's name as it is compared: lower case, without spaces and signs."""
    return _BARE.sub("", name).lower()


def _pairs(part: str, *, presets: Mapping[str, Columns], fields: type[StrEnum]) -> dict[str, str]:
    starts = list(_PAIR.finditer(part))
    known = ", ".join(sorted((*presets, *(f"{one}=…" for one in fields))))
    if not starts or part[: starts[0].start()].strip(" ,"):
        raise MapUnclear(said=part, reason=known)
    pairs: dict[str, str] = {}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        means = start[1]
        column = part[start.end() : following.start() if following else len(part)].strip().strip("\"'")
        if means not in set(fields) or not column:
            raise MapUnclear(said=start[0].strip(" ,") + column, reason=known)
        pairs[means] = column
    return pairs
