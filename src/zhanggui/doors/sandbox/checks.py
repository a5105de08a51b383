"""What `zhanggui doctor` looks at: does the sandbox answer, where the shop offers it?"""

from __future__ import annotations

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from zhanggui.base.health import Check, Outcome, good, watch

_PATIENCE_S = 3.0


def answers() -> Outcome:
    """Does the process answer that stands in for the payment providers?"""
    if not settings.IS_SANDBOX:
        return good(_("not offered: there are real providers, or the shop is open to the world"))
    try:
        httpx.get(f"{settings.SANDBOX_URL}/health", timeout=_PATIENCE_S, trust_env=False).raise_for_status()
    except httpx.HTTPError as failed:
        said = _("no answer at {address}: {reason}").format(address=settings.SANDBOX_URL, reason=type(failed).__name__)
        return watch(said, mend=_("Start it: zhanggui run, or zhanggui sandbox beside it."))
    return good(settings.SANDBOX_URL)


check = Check(name="sandbox", look=answers)
