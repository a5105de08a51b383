"""The texts that customers agree to, every version that was ever in force, in Chinese and English.

A version is the day from which it is in force. A text is never changed: a new version stands beside the old one, so
that it can be shown years later what somebody agreed to. `{shop}` is the shop's name.
"""

from __future__ import annotations

from zhanggui.shop.customers.errors import NoSuchText
from zhanggui.shop.customers.rules.consent import Purpose
from zhanggui.shop.customers.rules.texts import marketing, personal, privacy, terms
from zhanggui.shop.customers.rules.texts.text import Text

_TEXTS: dict[Purpose, tuple[Text, ...]] = {
    Purpose.TERMS: terms.VERSIONS,
    Purpose.PRIVACY: privacy.VERSIONS,
    Purpose.MARKETING_EMAIL: marketing.BY_EMAIL,
    Purpose.MARKETING_SMS: marketing.BY_SMS,
    Purpose.PERSONAL: personal.VERSIONS,
}


def text_of(purpose: Purpose, *, language: str, version: str = "") -> Text:
    """The text of a purpose in a language: the one in force, or an older one by its version.

    language  zh or en; everything that is not English is Chinese
    refuses   NoSuchText
    """
    first = "en" if language.startswith("en") else "zh"
    found = [text for text in _TEXTS[purpose] if text.language == first and version in ("", text.version)]
    if not found:
        raise NoSuchText(purpose=purpose, version=version)
    return max(found, key=lambda text: text.version)
