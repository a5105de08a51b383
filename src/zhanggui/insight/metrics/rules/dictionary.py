"""Every metric, written once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhanggui.insight.metrics.errors import NoSuchMetric


class Unit(StrEnum):
    """What a metric is counted in."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"


class Better(StrEnum):
    """Which way is good news."""

    UP = "up"
    DOWN = "down"


class Kind(StrEnum):
    """What may happen to an order, as the daily table of orders names it."""

    PLACED = "placed"
    PAID = "paid"
    REFUNDED = "refunded"


class Who(StrEnum):
    """Whose orders stand behind a number."""

    EVERYBODY = "everybody"
    KNOWN = "known"
    NEW = "new"
    RETURNING = "returning"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Which orders stand behind a number: those of these people to which one of these things happened in the period."""

    kinds: tuple[Kind, ...]
    who: Who = Who.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric and what it means; a changed meaning is a new version.

    formula      in the keys of other metrics, or in words where it counts something itself
    numerator    key of a measure; denominator too, empty if the metric is a plain count or sum
    is_additive  whether the parts of any split sum to the whole
    evidence     the orders behind it; None where sightings stand behind it
    """

    key: str
    name_zh: str
    name_en: str
    words_zh: str
    words_en: str
    formula: str
    unit: Unit
    numerator: str
    denominator: str = ""
    is_additive: bool = False
    better: Better = Better.UP
    evidence: Evidence | None = None
    version: int = 1

    def name(self, language: str) -> str:
        """Its name in a language; whatever is not Chinese reads English."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def words(self, language: str) -> str:
        """Its definition in a language."""
        return self.words_zh if language.startswith("zh") else self.words_en


_PLACED: Final = Evidence(kinds=(Kind.PLACED,))
_PAID: Final = Evidence(kinds=(Kind.PAID,))
_REFUNDED: Final = Evidence(kinds=(Kind.REFUNDED,))
_PAID_AND_BACK: Final = Evidence(kinds=(Kind.PAID, Kind.REFUNDED))

_ALL: Final = (
    Metric(
        key="pv",
        name_zh="浏览量",
        name_en="Page views",
        words_zh="页面被打开的次数，刷新也算一次；爬虫不计。",
        words_en="How often a page was opened, refreshes included, bots left out.",
        formula="sum of page views",
        unit=Unit.COUNT,
        numerator="pv",
        is_additive=True,
    ),
    Metric(
        key="uv",
        name_zh="访客数",
        name_en="Visitors",
        words_zh="期间内来过的人数，多次来访、多台设备合并为一人。每日数字相加不等于整周。",
        words_en="People who came in the period, visits and devices merged. Daily figures do not add up to a week.",
        formula="distinct people with a visit",
        unit=Unit.COUNT,
        numerator="visitors",
    ),
    Metric(
        key="add_to_cart_rate",
        name_zh="加购率",
        name_en="Add-to-cart rate",
        words_zh="加购人数 ÷ 看过商品页的人数。",
        words_en="People who put something into the cart / people who saw a product page.",
        formula="people who added / people who saw a product",
        unit=Unit.RATE,
        numerator="adders",
        denominator="viewers",
    ),
    Metric(
        key="cvr_paid_visitor",
        name_zh="支付转化率",
        name_en="Conversion to paid",
        words_zh="支付买家数 ÷ 访客数，两者都按人去重。",
        words_en="Paying buyers / visitors, both counted as people.",
        formula="buyers / uv",
        unit=Unit.RATE,
        numerator="buyers",
        denominator="visitors",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.KNOWN),
    ),
    Metric(
        key="cvr_order_visitor",
        name_zh="下单转化率",
        name_en="Conversion to order",
        words_zh="下单买家数 ÷ 访客数，两者都按人去重，未支付的订单也算。",
        words_en="Ordering buyers / visitors, both counted as people; unpaid orders count.",
        formula="people who ordered / uv",
        unit=Unit.RATE,
        numerator="ordering_buyers",
        denominator="visitors",
        evidence=Evidence(kinds=(Kind.PLACED,), who=Who.KNOWN),
    ),
    Metric(
        key="orders_placed",
        name_zh="下单订单量",
        name_en="Orders placed",
        words_zh="期间内提交的订单数，按下单时间计，后来取消的也算。",
        words_en="Orders submitted in the period, by the time of placing; those cancelled later count.",
        formula="distinct orders placed",
        unit=Unit.COUNT,
        numerator="placed_orders",
        is_additive=True,
        evidence=_PLACED,
    ),
    Metric(
        key="orders_paid",
        name_zh="支付订单量",
        name_en="Orders paid",
        words_zh="期间内付清的订单数，按支付时间计。",
        words_en="Orders paid in the period, by the time of payment.",
        formula="distinct orders paid",
        unit=Unit.COUNT,
        numerator="paid_orders",
        is_additive=True,
        evidence=_PAID,
    ),
    Metric(
        key="gmv_placed",
        name_zh="下单金额",
        name_en="GMV placed",
        words_zh="期间内提交的订单的商品金额，未支付和后来取消的也算，不含运费。",
        words_en="Goods amount of orders submitted in the period, later cancelled ones included, without postage.",
        formula="sum of item amounts of orders placed",
        unit=Unit.MONEY,
        numerator="placed_minor",
        is_additive=True,
        evidence=_PLACED,
    ),
    Metric(
        key="gmv_paid",
        name_zh="支付金额",
        name_en="GMV paid",
        words_zh="期间内实际支付的金额，含运费，不扣退款。",
        words_en="Money paid in the period, postage included, refunds not taken off.",
        formula="sum of payments",
        unit=Unit.MONEY,
        numerator="paid_minor",
        is_additive=True,
        evidence=_PAID,
    ),
    Metric(
        key="goods_paid",
        name_zh="支付商品金额",
        name_en="Goods paid",
        words_zh="已支付订单的商品金额，不含运费和税；可以细分到商品和类目。",
        words_en="Goods amount of paid orders, without postage and tax; can be split by product and category.",
        formula="sum of item amounts of orders paid",
        unit=Unit.MONEY,
        numerator="goods_minor",
        is_additive=True,
        evidence=_PAID,
    ),
    Metric(
        key="gmv_net",
        name_zh="净成交额",
        name_en="Net GMV",
        words_zh="支付金额减去退款，退款记在退款当天（收付口径）。",
        words_en="Payments less refunds, a refund counted on the day it was paid back (cash view).",
        formula="gmv_paid - refund_amount",
        unit=Unit.MONEY,
        numerator="net_minor",
        is_additive=True,
        evidence=_PAID_AND_BACK,
    ),
    Metric(
        key="aov",
        name_zh="笔单价",
        name_en="Average order value",
        words_zh="支付金额 ÷ 支付订单量，平均每一笔订单的金额。",
        words_en="Money paid / orders paid: the average order.",
        formula="gmv_paid / orders_paid",
        unit=Unit.MONEY,
        numerator="paid_minor",
        denominator="paid_orders",
        evidence=_PAID,
    ),
    Metric(
        key="arppu",
        name_zh="客单价",
        name_en="Revenue per buyer",
        words_zh="支付金额 ÷ 支付买家数。没有买家身份的订单计入金额，不计入人数。",
        words_en="Money paid / paying buyers. Orders without a known buyer count in the amount, not among the buyers.",
        formula="gmv_paid / buyers",
        unit=Unit.MONEY,
        numerator="paid_minor",
        denominator="buyers",
        evidence=_PAID,
    ),
    Metric(
        key="buyers",
        name_zh="支付买家数",
        name_en="Paying buyers",
        words_zh="期间内支付过订单的人数，按人去重；没有买家身份的订单不计。",
        words_en="People who paid an order in the period, each once; orders without a known buyer are left out.",
        formula="distinct people with a paid order",
        unit=Unit.COUNT,
        numerator="buyers",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.KNOWN),
    ),
    Metric(
        key="new_buyers",
        name_zh="新客数",
        name_en="New buyers",
        words_zh="期间内支付的买家中，在本店第一次支付也在这段时间内的人数。",
        words_en="Paying buyers of the period whose first paid order in this shop falls into it.",
        formula="buyers whose first paid day lies in the period",
        unit=Unit.COUNT,
        numerator="new_buyers",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.NEW),
    ),
    Metric(
        key="returning_buyers",
        name_zh="老客数",
        name_en="Returning buyers",
        words_zh="期间内支付的买家中，在这段时间之前已经支付过的人数。",
        words_en="Paying buyers of the period who had paid an order before it began.",
        formula="buyers - new_buyers",
        unit=Unit.COUNT,
        numerator="returning_buyers",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.RETURNING),
    ),
    Metric(
        key="gmv_new",
        name_zh="新客支付金额",
        name_en="GMV of new buyers",
        words_zh="期间内新客支付的金额，口径同支付金额。",
        words_en="Money paid in the period by its new buyers.",
        formula="sum of payments by new_buyers",
        unit=Unit.MONEY,
        numerator="new_minor",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.NEW),
    ),
    Metric(
        key="gmv_returning",
        name_zh="老客支付金额",
        name_en="GMV of returning buyers",
        words_zh="期间内老客支付的金额，口径同支付金额。",
        words_en="Money paid in the period by its returning buyers.",
        formula="sum of payments by returning_buyers",
        unit=Unit.MONEY,
        numerator="returning_minor",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.RETURNING),
    ),
    Metric(
        key="repurchase_rate",
        name_zh="复购率",
        name_en="Repurchase rate",
        words_zh="期间内支付两笔及以上的买家数 ÷ 支付买家数；期间越长，数值越高。",
        words_en="Buyers with two or more paid orders in the period / paying buyers; longer periods give higher rates.",
        formula="buyers with 2 or more paid orders in the period / buyers",
        unit=Unit.RATE,
        numerator="repeat_buyers",
        denominator="buyers",
        evidence=Evidence(kinds=(Kind.PAID,), who=Who.REPEAT),
    ),
    Metric(
        key="refund_amount",
        name_zh="退款金额",
        name_en="Refunds",
        words_zh="期间内退给买家的金额，记在退款当天，不论何时下单。",
        words_en="Money paid back in the period, counted on the day of the refund, whenever the order was placed.",
        formula="sum of refunds",
        unit=Unit.MONEY,
        numerator="refunded_minor",
        is_additive=True,
        better=Better.DOWN,
        evidence=_REFUNDED,
    ),
    Metric(
        key="refund_rate",
        name_zh="退款率",
        name_en="Refund rate",
        words_zh="期间内发生退款的订单数 ÷ 期间内支付的订单数，各按自己的日期计。",
        words_en="Orders refunded in the period / orders paid in the period, each by its own date.",
        formula="distinct orders refunded / orders_paid",
        unit=Unit.RATE,
        numerator="refunded_orders",
        denominator="paid_orders",
        better=Better.DOWN,
        evidence=_REFUNDED,
    ),
    Metric(
        key="units",
        name_zh="支付件数",
        name_en="Units sold",
        words_zh="已支付订单中的商品件数，不扣退货。",
        words_en="Pieces in paid orders, returns not taken off.",
        formula="sum of quantities of orders paid",
        unit=Unit.COUNT,
        numerator="units",
        is_additive=True,
        evidence=_PAID,
    ),
)

METRICS: Final = {metric.key: metric for metric in _ALL}


def metric(key: str) -> Metric:
    """The metric of a key.

    refuses  NoSuchMetric
    """
    found = METRICS.get(key)
    if found is None:
        raise NoSuchMetric(key=key)
    return found
