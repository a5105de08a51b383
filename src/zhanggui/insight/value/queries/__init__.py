"""Reading what buyers are worth.

rfm, new_and_returning   recency, frequency and money; new against returning buyers
fit, fits                the models as they were fitted last, and all of them
worths                   history and the next 365 days by cohort and channel
buyers_as_of             buyers as the models see them
margin_rate              what is left of revenue, as the shop says
people_of_cell, RFM_CELL the people behind a cell of the table of recency, frequency and money, and its kind
"""

from __future__ import annotations

from zhanggui.insight.value.queries.lifetime import Known, buyers_as_of, fit, fits, margin_rate, worths
from zhanggui.insight.value.queries.people import RFM_CELL, people_of_cell
from zhanggui.insight.value.queries.scores import new_and_returning, rfm

__all__ = [
    "RFM_CELL",
    "Known",
    "buyers_as_of",
    "fit",
    "fits",
    "margin_rate",
    "new_and_returning",
    "people_of_cell",
    "rfm",
    "worths",
]
