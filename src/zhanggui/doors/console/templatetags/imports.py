"""What became of the lines of a file, in words.

{{ bucket.name|fate_name }}  sold, returned, known …
{{ bucket.is_told|truth }}   yes or no
{{ arrived|booked }}         what its orders come to
"""

from __future__ import annotations

from django import template

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import ports, words
from zhanggui.doors.console.rules import Arrived

register = template.Library()
register.filter("truth", words.truth)


@register.filter
def fate_name(name: str) -> str:
    """A fate of lines, or a part of a file."""
    return ports.order_files[0].name_of(name)


@register.filter
def booked(arrived: Arrived) -> str:
    """Orders less refunds."""
    return formats.money(Money.of(arrived.booked, arrived.currency), language=words.language())
