"""What is checked, and what comes of it."""

from zhanggui.insight.selfcheck.rules.book import BOOK, UNCHECKED
from zhanggui.insight.selfcheck.rules.checks import Check, Published, Report, Unchecked, Why, check

__all__ = ["BOOK", "UNCHECKED", "Check", "Published", "Report", "Unchecked", "Why", "check"]
