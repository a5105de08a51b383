"""The texts that customers agree to, every version that was ever in force, in Chinese and English."""

from zhanggui.shop.customers.rules.texts.text import Text
from zhanggui.shop.customers.rules.texts.versions import text_of

__all__ = ["Text", "text_of"]
