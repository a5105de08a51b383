"""`{% load plays %}`: states, rates, intervals and people of plays.

{{ state|state_name }}  {{ state|state_sign }}   a state, and the class of its tag
{{ bp|hundredths }}                              parts of 10,000 as hundredths: 1,250 is 12.5
{{ effect|incremental_interval }}                between what and what an effect lies
{% who names by %}                               an operator or a job by name
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from zhanggui.doors.console import play_words
from zhanggui.steer.plays.rules import Incremental, State

register = template.Library()


@register.filter
def state_name(state: str) -> str:
    """What a state is called."""
    return str(play_words.STATES[State(state)])


@register.filter
def state_sign(state: str) -> str:
    """The class of a state's tag; empty for those that are neither good nor bad."""
    return play_words.state_sign(State(state))


@register.filter
def hundredths(bp: int) -> str:
    """Parts of 10,000 as hundredths."""
    return f"{(Decimal(bp) / 100).normalize():f}"


@register.filter
def incremental_interval(effect: Incremental | None) -> str:
    """Between what and what an effect lies."""
    return play_words.interval(effect)


@register.simple_tag
def who(names: Mapping[str, str], by: str) -> str:
    """Whoever did something, by name; a job of ours by what it is."""
    return names.get(by) or (_("The clock") if by.startswith("job:") else by)
