"""Reading letters about orders: which a shop sends, what came of them, what each says."""

from zhanggui.shop.letters.queries.composing import example, shown
from zhanggui.shop.letters.queries.standing import LANGUAGES, Counted, counted, kinds, language_of
from zhanggui.shop.letters.queries.wording import look_of, text_of, words_of

__all__ = [
    "LANGUAGES",
    "Counted",
    "counted",
    "example",
    "kinds",
    "language_of",
    "look_of",
    "shown",
    "text_of",
    "words_of",
]
