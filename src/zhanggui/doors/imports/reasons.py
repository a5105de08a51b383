"""Why lines wait, where the reason goes into a query: marked here, because nobody gathers words from inside one."""

from __future__ import annotations

from django.utils.translation import gettext_noop

ANOTHER_LINE = gettext_noop("another line of this order is refused")
NO_DATE = gettext_noop("the order has no date")
NO_SUM = gettext_noop("the amounts of the order do not add up")
