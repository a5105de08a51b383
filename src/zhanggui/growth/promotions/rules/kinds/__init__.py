"""The kinds of promotions; one file each."""

from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words
from zhanggui.growth.promotions.rules.kinds.known import KINDS

__all__ = ["KINDS", "Kind", "Words"]
