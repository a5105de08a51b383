"""Reading what brought the money.

attribution                all models side by side, with sessions and spend
removals                   what is lost without each source
spend, spend_days          what advertising cost by source, and by day
files, file_of             the files that said so
"""

from __future__ import annotations

from zhanggui.insight.attribution.queries.credits import attribution, removals
from zhanggui.insight.attribution.queries.spend import SpendFile, file_of, files, spend, spend_days

__all__ = ["SpendFile", "attribution", "file_of", "files", "removals", "spend", "spend_days"]
