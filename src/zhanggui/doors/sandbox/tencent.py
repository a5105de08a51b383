"""Tencent Cloud SMS as its SDK speaks it: signed calls by name, and calls of its own with receipts.

source  API 2021-01-11, signature TC3-HMAC-SHA256; "SMS Sending Status Notification" for the calls
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhanggui.base import clock
from zhanggui.doors.sandbox import texts
from zhanggui.doors.sandbox.errors import BadlyAsked
from zhanggui.doors.sandbox.keys import TENCENT_APP_ID, keys
from zhanggui.doors.sandbox.texts import Call, Fate
from zhanggui.doors.sandbox.trouble import HANG_SECONDS

_ALGORITHM = "TC3-HMAC-SHA256"
_TOLERANCE = timedelta(minutes=5)
_THERE = timezone(timedelta(hours=8))
_CREDENTIAL = re.compile(
    r"Credential=([^/]+)/([^/]+)/sms/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$"
)
_GAP = re.compile(r"\{(\d+)\}")
_MOST_RECEIPTS = 100


class _Asked(msgspec.Struct):
    """What the calls carry, as far as any of them does."""

    PhoneNumberSet: list[str] = []
    SmsSdkAppId: str = ""
    TemplateId: str = ""
    SignName: str = ""
    TemplateParamSet: list[str] = []
    SessionContext: str = ""
    TemplateContent: str = ""
    Limit: int = _MOST_RECEIPTS


@csrf_exempt
@require_POST
def api(request: HttpRequest) -> HttpResponse:
    """POST /: one call, named in a header."""
    try:
        _check(request)
        work = _CALLS.get(request.headers.get("X-TC-Action", ""))
        if work is None:
            raise _refused("InvalidAction")
        said = work(msgspec.json.decode(request.body, type=_Asked))
    except BadlyAsked as wrong:
        said = {"Error": {"Code": wrong.code, "Message": wrong.reason}}
    except msgspec.MsgspecError as wrong:
        said = {"Error": {"Code": "InvalidParameter", "Message": str(wrong)}}
    return _answer(said)


def tell_what_is_due(client: httpx.Client, *, at: datetime) -> int:
    """Call the shop with every receipt that is due; how many there were."""
    calls = texts.due_calls(at=at)
    for call in calls:
        texts.note_call(call, is_heard=_is_heard(client, call), at=at)
    return len(calls)


def _check(request: HttpRequest) -> None:
    """Whether the call is signed by whoever we gave a key, just now, over exactly these bytes."""
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    if found is None or found[3] != "content-type;host":
        raise _refused("AuthFailure.InvalidAuthorization")
    if found[1] != keys().tencent_secret_id:
        raise _refused("AuthFailure.SecretIdNotFound")
    moment = request.headers.get("X-TC-Timestamp", "")
    if not moment.isdigit() or abs(clock.now() - datetime.fromtimestamp(int(moment), UTC)) > _TOLERANCE:
        raise _refused("AuthFailure.SignatureExpire")
    headers = f"content-type:{request.headers['Content-Type']}\nhost:{request.headers['Host']}\n"
    asked = "\n".join([request.method or "", "/", "", headers, found[3], hashlib.sha256(request.body).hexdigest()])
    scope = f"{found[2]}/sms/tc3_request"
    text = "\n".join([_ALGORITHM, moment, scope, hashlib.sha256(asked.encode()).hexdigest()])
    key = f"TC3{keys().tencent_secret_key}".encode()
    for part in (found[2], "sms", "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), found[4]):
        raise _refused("AuthFailure.SignatureFailure")


def _send(asked: _Asked) -> dict[str, Any]:
    if asked.SmsSdkAppId != TENCENT_APP_ID:
        raise _refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
    content = texts.approved(asked.TemplateId)
    if content is None:
        raise _refused("FailedOperation.TemplateIncorrectOrUnapproved")
    if not asked.PhoneNumberSet:
        raise _refused("MissingParameter.EmptyPhoneNumberSet")
    wanted = max((int(place) for place in _GAP.findall(content)), default=0)
    if wanted > len(asked.TemplateParamSet):
        raise _refused("FailedOperation.TemplateParamSetNotMatchApprovedTemplate")
    words = _GAP.sub(lambda found: asked.TemplateParamSet[int(found[1]) - 1], content)
    return {"SendStatusSet": [_status(number, words, asked) for number in asked.PhoneNumberSet]}


def _status(number: str, words: str, asked: _Asked) -> dict[str, Any]:
    said = {"SerialNo": "", "PhoneNumber": number, "Fee": 0, "SessionContext": asked.SessionContext, "IsoCode": "CN"}
    fate = texts.fate_of(number)
    refused = {
        Fate.NO_NUMBER: "InvalidParameterValue.IncorrectPhoneNumber",
        Fate.BARRED: "FailedOperation.PhoneNumberInBlacklist",
    }.get(fate, "")
    if fate is Fate.LIMITED and texts.is_too_soon(number):
        refused = "LimitExceeded.PhoneNumberThirtySecondLimit"
    if refused:
        return said | {"Code": refused, "Message": refused}
    taken = texts.take(recipient=number, sign=asked.SignName, words=words, session=asked.SessionContext)
    if fate is Fate.SILENT:
        time.sleep(HANG_SECONDS)
    return said | {"SerialNo": taken.serial, "Fee": taken.segments, "Code": "Ok", "Message": "send success"}


def _approve(asked: _Asked) -> dict[str, Any]:
    if not asked.TemplateContent:
        raise _refused("MissingParameter")
    number = texts.approve(asked.TemplateContent)
    return {"AddTemplateStatus": {"TemplateId": number}}


def _pull(asked: _Asked) -> dict[str, Any]:
    rows = texts.fetched(limit=min(asked.Limit, _MOST_RECEIPTS), at=clock.now())
    return {
        "PullSmsSendStatusSet": [
            {
                "UserReceiveTime": int(row["at"]),
                "CountryCode": "86",
                "SubscriberNumber": row["recipient"].removeprefix("+86"),
                "PhoneNumber": row["recipient"],
                "SerialNo": row["serial"],
                "ReportStatus": "SUCCESS" if row["is_delivered"] else "FAIL",
                "Description": "DELIVRD" if row["is_delivered"] else "UNDELIV",
                "SessionContext": row["session"],
            }
            for row in rows
        ]
    }


def _is_heard(client: httpx.Client, call: Call) -> bool:
    address = texts.ear()
    if call.is_forged:
        head, _, _ = address.rstrip("/").rpartition("/")
        address = f"{head}/{'0' * 32}/"
    body = {
        "user_receive_time": call.at.astimezone(_THERE).strftime("%Y-%m-%d %H:%M:%S"),
        "nationcode": "86",
        "mobile": call.recipient.removeprefix("+86"),
        "report_status": "SUCCESS" if call.is_delivered else "FAIL",
        "errmsg": "DELIVRD" if call.is_delivered else "UNDELIV",
        "description": "",
        "sid": call.serial,
    }
    try:
        answer = client.post(address, content=msgspec.json.encode([body]), headers={"Content-Type": "application/json"})
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.content.replace(b" ", b"").startswith(b'{"result":0')


def _refused(code: str) -> BadlyAsked:
    return BadlyAsked(code=code, reason=code)


def _answer(said: dict[str, Any]) -> HttpResponse:
    body = msgspec.json.encode({"Response": said | {"RequestId": str(uuid4())}})
    return HttpResponse(body, content_type="application/json")


_CALLS: dict[str, Callable[[_Asked], dict[str, Any]]] = {
    "SendSms": _send,
    "AddSmsTemplate": _approve,
    "PullSmsSendStatus": _pull,
}
