"""Text messages through Tencent Cloud, by its own SDK: approved words with their gaps filled, nothing else.

source  Tencent Cloud SMS, API 2021-01-11: SendSms, PullSmsSendStatus, AddSmsTemplate, and the callback of its
        "SMS Sending Status Notification". The callback carries no signature, so its address carries a key that only
        Tencent is told, and what it says decides nothing but whether a message has arrived.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import msgspec
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import AddSmsTemplateRequest, PullSmsSendStatusRequest, SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient
from urllib3.exceptions import NewConnectionError

from zhanggui.base import clock
from zhanggui.base.outbox import queries
from zhanggui.base.outbox.errors import Forged, NoAnswer, NotTaken, TurnedDown, Unreadable
from zhanggui.base.outbox.rules import Channel, Message, Receipt, Taken, callback_key

API: Final = "https://sms.tencentcloudapi.com"
NAME: Final = "tencent"
# The callback tells the time as it is in China, without saying so.
_THERE: Final = timezone(timedelta(hours=8))
_MAINLAND: Final = "+86"
_MOST_RECEIPTS: Final = 100
_OK: Final = "Ok"
# The shop's name before the words: the carrier puts the approved sign there itself.
_SIGN: Final = re.compile(r"^\s*[\[【][^\]】]*[\]】]\s*")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
# The carrier's own machines failed, and may have sent it before.
_UNSURE: Final = ("InternalError", "ServerNetworkError")
# What passes by itself or is mended by a person, so that the same message may be sent later.
_PASSES: Final = (
    "RequestLimitExceeded",
    "AuthFailure",
    "UnauthorizedOperation",
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "FailedOperation.MarketingSendTimeConstraint",
    "LimitExceeded.DeliveryFrequencyLimit",
    "LimitExceeded.GlobalSmsSendingRateLimit",
    "LimitExceeded.PhoneNumberOneHourLimit",
    "LimitExceeded.PhoneNumberThirtySecondLimit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What Tencent Cloud knows us by.

    app_id      of the SMS application (SmsSdkAppId)
    own_shop    whose templates hold for messages that name no shop; own_sign stands before words without a sign
    patience_s  how long an answer may take
    hands_in    whether words that nobody handed in for approval are handed in on the way: only where approval is a play
    """

    secret_id: str
    secret_key: str
    app_id: str
    region: str
    own_shop: str
    own_sign: str
    api: str = API
    patience_s: float = 10
    hands_in: bool = False


class _Row(msgspec.Struct):
    """A receipt as the callback brings it."""

    sid: str
    report_status: str
    user_receive_time: str = ""
    errmsg: str = ""


class Tencent:
    """The carrier of text messages."""

    name = NAME

    def __init__(self, account: Account) -> None:
        self._account = account
        self._numbers: dict[str, str] = {}
        self.needs_templates = not account.hands_in

    @property
    def key(self) -> str:
        """What stands in the address of the callback, so that nobody else can call."""
        return callback_key(self._account.app_id, secret=self._account.secret_key)

    def send(self, message: Message) -> Taken:
        """Send one text message.

        refuses  TurnedDown; raises NotTaken, and NoAnswer where the message may have left
        """
        number, sign = self._template(message)
        asked = SendSmsRequest()
        asked.PhoneNumberSet = [message.to]
        asked.SmsSdkAppId = self._account.app_id
        asked.TemplateId = number
        asked.SignName = sign
        asked.TemplateParamSet = [value for _, value in message.parts]
        asked.SessionContext = message.id
        try:
            (status,) = self._client().SendSms(asked).SendStatusSet
        except TencentCloudSDKException as failed:
            raise self._failure(failed) from failed
        if status.Code != _OK:
            raise _refusal(status.Code)
        return Taken(number=status.SerialNo, segments=max(1, status.Fee))

    def hear(self, *, key: str, body: bytes) -> tuple[Receipt, ...]:
        """Read a callback.

        refuses  Forged, Unreadable
        """
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            raise Forged()
        try:
            rows = msgspec.json.decode(body, type=list[_Row])
            return tuple(_receipt(row) for row in rows)
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise Unreadable(reason=str(wrong)) from wrong

    def pull(self) -> tuple[Receipt, ...]:
        """The receipts that were not fetched before, a hundred at a time; raises NotTaken."""
        asked = PullSmsSendStatusRequest()
        asked.SmsSdkAppId = self._account.app_id
        asked.Limit = _MOST_RECEIPTS
        try:
            found = self._client().PullSmsSendStatus(asked).PullSmsSendStatusSet
        except TencentCloudSDKException as failed:
            raise NotTaken(channel=Channel.SMS) from failed
        return tuple(
            Receipt(
                number=row.SerialNo,
                letter=row.SessionContext or "",
                is_delivered=row.ReportStatus == "SUCCESS",
                fault="" if row.ReportStatus == "SUCCESS" else row.Description or "",
                at=datetime.fromtimestamp(row.UserReceiveTime, UTC),
            )
            for row in found or ()
        )

    def _template(self, message: Message) -> tuple[str, str]:
        language = message.language or ("zh" if _HAN.search(message.words) else "en")
        shop = message.shop or self._account.own_shop
        is_abroad = not message.to.startswith(_MAINLAND)
        found = queries.template(shop, message.template, language=language, is_abroad=is_abroad)
        if found is not None:
            return found.number, found.sign or self._account.own_sign
        if not self._account.hands_in:
            raise TurnedDown(channel=message.channel, reason=f"no approved template: {message.template} ({language})")
        return self._handed_in(message, is_abroad=is_abroad), self._account.own_sign

    def _handed_in(self, message: Message, *, is_abroad: bool) -> str:
        """The number under which these words are approved at once, as they are with nobody but a sandbox."""
        words = _with_gaps(_SIGN.sub("", message.words), [value for _, value in message.parts])
        if words not in self._numbers:
            asked = AddSmsTemplateRequest()
            asked.TemplateName = message.template
            asked.TemplateContent = words
            asked.SmsType = int(message.is_bulk)
            asked.International = int(is_abroad)
            asked.Remark = message.template
            try:
                self._numbers[words] = self._client().AddSmsTemplate(asked).AddTemplateStatus.TemplateId
            except TencentCloudSDKException as failed:
                raise NotTaken(channel=message.channel) from failed
        return self._numbers[words]

    def _client(self) -> SmsClient:
        """One for each call: the SDK's own is not made for several threads at once."""
        scheme, _, host = self._account.api.partition("://")
        http = HttpProfile(protocol=scheme, endpoint=host, reqTimeout=self._account.patience_s)
        profile = ClientProfile(signMethod="TC3-HMAC-SHA256", httpProfile=http)
        return SmsClient(Credential(self._account.secret_id, self._account.secret_key), self._account.region, profile)

    @staticmethod
    def _failure(failed: TencentCloudSDKException) -> TurnedDown | NotTaken | NoAnswer:
        if failed.get_code() != "ClientNetworkError":
            return _refusal(failed.get_code())
        return NotTaken(channel=Channel.SMS) if _never_left(failed) else NoAnswer(channel=Channel.SMS)


def _with_gaps(words: str, values: Sequence[str]) -> str:
    """Words with {1}, {2} … where the values stand, the longest first; filled again they are the same words.

    source  "704821 is good for 10 minutes" with 704821 and 10 -> "{1} is good for {2} minutes"
    """
    places = {value: place for place, value in reversed(list(enumerate(values, start=1))) if value}
    if not places:
        return words
    pattern = "|".join(re.escape(value) for value in sorted(places, key=len, reverse=True))
    return re.sub(pattern, lambda found: f"{{{places[found[0]]}}}", words)


def _refusal(code: str) -> TurnedDown | NotTaken | NoAnswer:
    """What a code means for the message. One that says that something did not answer leaves open whether it left."""
    if code.startswith(_PASSES):
        return NotTaken(channel=Channel.SMS)
    if code.startswith(_UNSURE) or "." not in code:
        return NoAnswer(channel=Channel.SMS)
    return TurnedDown(channel=Channel.SMS, reason=code)


def _never_left(failed: BaseException) -> bool:
    """Whether not even a connection was made, so that nothing can have been taken."""
    cause: Any = failed
    while cause is not None:
        reason = getattr(next(iter(cause.args), None), "reason", cause)
        if isinstance(reason, NewConnectionError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _receipt(row: _Row) -> Receipt:
    if row.report_status not in ("SUCCESS", "FAIL"):
        raise ValueError(f"report_status {row.report_status}")
    at = datetime.strptime(row.user_receive_time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_THERE)
    is_delivered = row.report_status == "SUCCESS"
    return Receipt(
        number=row.sid,
        is_delivered=is_delivered,
        fault="" if is_delivered else row.errmsg,
        at=min(at.astimezone(UTC), clock.now()),
    )
