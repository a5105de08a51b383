"""What is told of the money that marketing costs and brings."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.margin_set")
class MarginSet:
    """Somebody said what is left of the revenue after the goods. Told each time, whether or not it is another figure.

    margin_bp  in hundredths of a percent: 3500 is 35 %
    """

    margin_bp: int


@fact(name="insight.spend_imported")
class SpendImported:
    """A file of what advertising cost was read. Told once per file that brought or changed a day's spend.

    days          days, channels and campaigns whose spend is new or another than before
    amount_minor  by how much the spend known of the shop is more than before
    """

    import_id: str
    days: int
    refused_rows: int
    amount_minor: int
    currency: str
