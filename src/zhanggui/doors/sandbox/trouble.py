"""Letting a call of the shop's server go wrong, if somebody wished it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.http import HttpResponse

from zhanggui.base.money import Money
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.rules import HANGS_FOR, Call, Method, Trouble

HANG_SECONDS = float(os.environ.get("ZHANGGUI_SANDBOX_HANG", HANGS_FOR.total_seconds()))
# As WeChat Pay and as Stripe write it; Alipay writes nothing that could be read.
_FAILED = '{"code": "SYSTEM_ERROR", "message": "try again", "error": {"type": "api_error", "message": "try again"}}'


def answered(
    method: Method,
    call: Call,
    work: Callable[[Trouble | None], HttpResponse],
    *,
    payment_id: str = "",
    amount: Money | None = None,
) -> HttpResponse:
    """Do what was asked and answer; or fail, hang, or break off in the middle of the answer.

    work  gets the trouble that was wished for, because refunds and bills go wrong in ways of their own
    """
    trouble = actions.trouble_with(method, call, payment_id=payment_id, amount=amount)
    if trouble is Trouble.FAIL:
        return HttpResponse(_FAILED, "application/json", status=500)
    answer = work(trouble)
    if trouble is Trouble.HANG:
        time.sleep(HANG_SECONDS)
    if trouble is Trouble.CUT:
        answer = HttpResponse(answer.content[: len(answer.content) // 2], answer.headers["Content-Type"])
        answer.headers["Content-Length"] = str(len(answer.content) + 1000)
    return answer
