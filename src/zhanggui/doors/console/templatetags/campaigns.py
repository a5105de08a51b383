"""`{% load campaigns %}`: what came on top.

{{ uplift|interval }}   between what and what it lies, with 95 %
"""

from __future__ import annotations

from django import template

from zhanggui.doors.console import campaigning

register = template.Library()
register.filter("interval", campaigning.interval)
