"""Stock: how fast it turns, and how often it is missing."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.metrics.rules.dictionary.kinds import Better, Metric, Owner, Unit, Watch

STOCK: Final = (
    Metric(
        key="inventory_turnover",
        name_zh="库存周转率",
        name_en="Stock turnover",
        words_zh="商品成本 ÷ 平均库存成本（取自每日结存），折算为一年。",
        words_en="Cost of goods sold / average stock at cost from daily snapshots, for a whole year.",
        formula="365 × cost of goods sold / sum of daily stock at cost",
        unit=Unit.TIMES,
        numerator="sold_cost_of_365_minor",
        denominator="stock_minor_days",
        owner=Owner.GOODS,
        facts=("supply.stock_received",),
        left_out_zh="没有进货成本的 SKU",
        left_out_en="SKUs whose cost nobody told",
    ),
    Metric(
        key="inventory_days",
        name_zh="库存周转天数",
        name_en="Days of stock",
        words_zh="365 ÷ 库存周转率：按目前的销售，库存够卖几天。",
        words_en="365 / stock turnover: for how many days the stock lasts.",
        formula="sum of daily stock at cost / cost of goods sold",
        unit=Unit.DAYS,
        numerator="stock_minor_days",
        denominator="sold_cost_minor",
        owner=Owner.GOODS,
        better=Better.DOWN,
        watch=Watch.WARNING,
        facts=("supply.stock_received",),
        left_out_zh="没有进货成本的 SKU",
        left_out_en="SKUs whose cost nobody told",
    ),
    Metric(
        key="stockout_rate",
        name_zh="缺货率",
        name_en="Stock-out rate",
        words_zh="在售但日终无可售库存的 SKU 天数 ÷ 在售的 SKU 天数。",
        words_en="SKU-days on sale that ended without free stock / SKU-days on sale.",
        formula="SKU-days out of stock / SKU-days on sale",
        unit=Unit.RATE,
        numerator="stockout_days",
        denominator="sale_days",
        owner=Owner.GOODS,
        better=Better.DOWN,
        watch=Watch.WARNING,
        facts=("supply.stock_received",),
        left_out_zh="从未有过库存记录的 SKU",
        left_out_en="SKUs of which no stock was ever told",
    ),
)
