"""`{% load books %}`: how the books stand.

{% books as found %}       all books, one statement
{{ book.name|book_name }}  what some are called
{{ book.standing|standing }}, {{ book.standing|standing_tone }}   how they stand, and the tone of that
"""

from __future__ import annotations

from django import template

from zhanggui.base import clock
from zhanggui.base.audit import queries as audit
from zhanggui.base.audit.rules import Books, Standing
from zhanggui.doors.console import book_words

register = template.Library()


@register.simple_tag
def books() -> Books:
    """All books, as they stood when they were added up last."""
    return audit.books(at=clock.now())


@register.filter
def book_name(name: str) -> str:
    """What some books are called."""
    return book_words.name_of(name)


@register.filter
def standing(said: Standing) -> str:
    """How books stand, in a word or two."""
    return str(book_words.STANDINGS[said])


@register.filter
def standing_tone(said: Standing) -> str:
    """good, watch or bad."""
    return book_words.TONES[said]
