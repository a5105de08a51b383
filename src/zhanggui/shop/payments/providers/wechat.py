"""WeChat Pay, version 3: a code on a desktop, an address on a phone; sealed notifications. Chinese days, yuan."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import msgspec
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Forged, NothingNew, ProviderUnreachable, Stale, Unreadable
from zhanggui.shop.payments.providers.china import CHINA, CNY, YUAN_ONLY, id_of, in_yuan, moment_of, number_of
from zhanggui.shop.payments.rules import (
    TOLERANCE,
    BillKind,
    BillRow,
    Doorway,
    Intent,
    Limits,
    Message,
    Notice,
    NoticeKind,
    Payment,
    Refund,
    RefundAnswer,
    RefundNotice,
    Settled,
    Way,
)

NAME: Final = "wechat"
API: Final = "https://api.mch.weixin.qq.com"
PATIENCE_S: Final = 10.0
SCHEME: Final = "WECHATPAY2-SHA256-RSA2048"
_SIGNED: Final = ("Signature", "Timestamp", "Nonce", "Serial", "Signature-Type")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_PAID: Final = frozenset(("SUCCESS", "REFUND"))  # a payment that went back in part says REFUND for ever
_AGAIN: Final = frozenset(("SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "SIGN_ERROR"))
_UNKNOWN: Final = frozenset(("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"))
_ANSWERS: Final = {
    "SUCCESS": RefundAnswer.DONE,
    "PROCESSING": RefundAnswer.ACCEPTED,
    "CLOSED": RefundAnswer.REFUSED,
    "ABNORMAL": RefundAnswer.REFUSED,
}
# A refund each minute, fifty of a payment, within a year (rules.md § 4).
_LIMITS: Final = replace(YUAN_ONLY, apart=timedelta(minutes=1), parts=50, within=timedelta(days=365))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatProvider:
    """The adapter of WeChat Pay.

    merchant  our merchant number (mchid)
    app_id    of the app or account that the number is bound to
    """

    client: WeChatPay = field(repr=False)
    merchant: str
    app_id: str
    kind: Way = Way.QR
    limits: Limits = _LIMITS

    def begin(self, intent: Intent) -> Doorway:
        """Open an order there: what the code says, or for a phone the address to go to.

        refuses  Unreadable for another currency than yuan
        """
        asked: dict[str, Any] = {
            "description": intent.order_number,
            "out_trade_no": number_of(intent.payment_id),
            "amount": {"total": in_yuan(intent.amount, provider=NAME).minor, "currency": CNY},
            "time_expire": intent.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
            "attach": intent.order_number,
            "notify_url": intent.notify_to,
        }
        if not intent.is_phone:
            said = self._said(lambda: self.client.pay(**asked, pay_type=WeChatPayType.NATIVE))
            return Doorway(address="", qr=said["code_url"])
        scene = {"payer_client_ip": intent.network, "h5_info": {"type": "Wap"}}
        said = self._said(lambda: self.client.pay(**asked, scene_info=scene, pay_type=WeChatPayType.H5))
        back = f"{intent.return_to}?back=1"  # a shopper who returns says nothing: the shop asks
        glue = "&" if "?" in said["h5_url"] else "?"
        return Doorway(address=f"{said['h5_url']}{glue}redirect_url={quote(back, safe='')}")

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What a notification says.

        refuses  Forged, Stale, Unreadable; NothingNew for what moves no money
        """
        headers = {f"Wechatpay-{part}": message.header(f"Wechatpay-{part}") for part in _SIGNED}
        _check_headers(headers)
        try:
            event = self.client.callback(headers, message.body)
        except (UnicodeDecodeError, msgspec.DecodeError, ValueError) as wrong:
            raise Unreadable(provider=NAME, reason=f"{type(wrong).__name__}: {wrong}") from wrong
        if abs(int(at.timestamp()) - int(headers["Wechatpay-Timestamp"])) > TOLERANCE.total_seconds():
            raise Stale(provider=NAME, sent_at=int(headers["Wechatpay-Timestamp"]))
        if not event:  # signed by WeChat Pay, but sealed for another merchant
            raise Forged(provider=NAME)
        try:
            return self._noticed(event)
        except (KeyError, TypeError, ValueError) as wrong:
            raise Unreadable(provider=NAME, reason=f"{type(wrong).__name__}: {wrong}") from wrong

    def ask(self, payment: Payment) -> Notice | None:
        """The money of an attempt, if it came."""
        said = self._asked(lambda: self.client.query(out_trade_no=number_of(payment.id)))
        if said.get("code") in _UNKNOWN:
            return None
        _expect(said)
        return self._paid(said, event_id=f"asked-{said['transaction_id']}") if said["trade_state"] in _PAID else None

    def close(self, payment: Payment) -> Notice | None:
        """Close the order there; "already paid" means paid."""
        said = self._asked(lambda: self.client.close(number_of(payment.id)))
        if not said or said.get("code") in _UNKNOWN or said.get("code") in {"ORDER_CLOSED", "ORDERCLOSED"}:
            return None
        if said.get("code") in _AGAIN:
            raise ProviderUnreachable(provider=NAME, reason=str(said["code"]))
        if (paid := self.ask(payment)) is not None:
            return paid
        raise ProviderUnreachable(provider=NAME, reason=str(said["code"]))

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Ask for money back. That WeChat Pay takes it on does not say that it will succeed."""
        money = refund.transaction_id or payment.transaction_id
        said = self._asked(
            lambda: self.client.refund(
                out_refund_no=refund.id,
                amount={"refund": refund.amount.minor, "total": payment.amount.minor, "currency": CNY},
                transaction_id=money or None,
                out_trade_no=number_of(payment.id),
                reason=refund.reason[:80] or None,
            )
        )
        if said.get("code") in _AGAIN:
            raise ProviderUnreachable(provider=NAME, reason=str(said["code"]))
        if "status" not in said:
            return RefundNotice(state=RefundAnswer.REFUSED, reason=str(said.get("code", "")))
        return _refund_notice(said["status"])

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """How a refund stands."""
        said = self._asked(lambda: self.client.query_refund(refund.id))
        _expect(said)
        return _refund_notice(said["status"])

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """All payments and refunds of a Chinese day; none if there is no bill."""
        said = self._asked(lambda: self.client.trade_bill(day.isoformat()))
        if said.get("code") == "NO_STATEMENT_EXIST":
            return ()
        _expect(said)
        status, packed = _reached(lambda: self.client.download_bill(said["download_url"]))
        if status != 200 or not isinstance(packed, bytes):
            raise ProviderUnreachable(provider=NAME, reason=f"bill {status}")
        return _rows(packed, digest=said["hash_value"])

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """204 for what was taken; a refusal in its own words for the rest, which is sent again."""
        if settled:
            return 204, b"", "application/json"
        return 400, b'{"code":"FAIL","message":"refused"}', "application/json"

    def _said(self, call: Callable[[], tuple[int, Any]]) -> dict[str, Any]:
        """The object of a good answer."""
        said = self._asked(call)
        _expect(said)
        return said

    def _asked(self, call: Callable[[], tuple[int, Any]]) -> dict[str, Any]:
        """The object of an answer, good or not; empty for one without a body."""
        status, content = _reached(call)
        if status >= 500 or status == 429:
            raise ProviderUnreachable(provider=NAME, reason=f"status {status}")
        if not content:
            return {}
        try:
            return msgspec.json.decode(content, type=dict[str, Any])
        except msgspec.DecodeError as wrong:
            raise ProviderUnreachable(provider=NAME, reason="an answer that is not WeChat Pay's") from wrong

    def _noticed(self, event: Mapping[str, Any]) -> Notice:
        thing, kind = event["resource"], event["event_type"]
        if kind.startswith("REFUND."):
            return self._refunded(thing, event_id=event["id"])
        if thing.get("trade_state") not in _PAID:
            raise NothingNew(provider=NAME, event=str(kind))
        return self._paid(thing, event_id=event["id"])

    def _paid(self, said: Mapping[str, Any], *, event_id: str) -> Notice:
        """What a paid order says; one of another app carries that app's number, which is not ours."""
        amount = said["amount"]
        return Notice(
            event_id=event_id,
            transaction_id=said["transaction_id"],
            merchant=said["mchid"] if said["appid"] == self.app_id else f"app {said['appid']}",
            payment_id=id_of(said["out_trade_no"]),
            order_number=said.get("attach", ""),
            amount=Money(amount["total"], amount["currency"]),
            is_paid=True,
        )

    def _refunded(self, said: Mapping[str, Any], *, event_id: str) -> Notice:
        status = said["refund_status"]
        return Notice(
            event_id=event_id,
            transaction_id=said["transaction_id"],
            merchant=said["mchid"],
            payment_id=id_of(said["out_trade_no"]),
            order_number="",
            amount=Money(said["amount"]["refund"], CNY),
            is_paid=status == "SUCCESS",
            reason="" if status == "SUCCESS" else status.lower(),
            kind=NoticeKind.REFUND,
            refund_id=said["out_refund_no"],
        )


class _Pinned(Core):  # type: ignore[misc] # the SDK has no types
    """The SDK's core at an address of our choice, believing one key that is known beforehand.

    The SDK would fetch certificates when it is made and whenever a message names an unknown one: a network call in the
    middle of reading a message, at the wish of whoever sent it.
    """

    def __init__(self, *, api: str, **given: Any) -> None:
        super().__init__(**given)
        self._gate_way = api

    def _update_certificates(self) -> None:
        """Nothing is fetched."""

    def _verify_signature(self, headers: Mapping[str, str], body: str) -> bool:
        if headers.get("Wechatpay-Serial") != self._public_key_id:
            raise Forged(provider=NAME)
        if not super()._verify_signature(headers, body):
            raise Forged(provider=NAME)
        return True


def connect(
    *,
    merchant_id: str,
    app_id: str,
    private_key: str,
    serial: str,
    api_key: str,
    public_key: str,
    public_key_id: str,
    api: str = API,
    patience_s: float = PATIENCE_S,
) -> WeChatProvider:
    """The adapter for a merchant of WeChat Pay. No network.

    private_key, serial        of our merchant certificate
    api_key                    opens the sealed messages (APIv3 key)
    public_key, public_key_id  WeChat Pay's own; for a platform certificate its key and its serial number
    """
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=merchant_id,
        private_key=private_key,
        cert_serial_no=serial,
        apiv3_key=api_key,
        appid=app_id,
        timeout=patience_s,
        public_key=public_key,
        public_key_id=public_key_id,
    )
    client._core = _Pinned(
        api=api,
        mchid=merchant_id,
        cert_serial_no=serial,
        private_key=private_key,
        apiv3_key=api_key,
        timeout=patience_s,
        public_key=public_key,
        public_key_id=public_key_id,
    )
    return WeChatProvider(client=client, merchant=merchant_id, app_id=app_id)


def _check_headers(headers: Mapping[str, str]) -> None:
    """See that the headers can be what WeChat Pay sends, so that the SDK does not stumble over them.

    refuses  Forged
    """
    is_whole = headers["Wechatpay-Signature-Type"] == SCHEME and headers["Wechatpay-Timestamp"].isdecimal()
    if not (
        is_whole and _BASE64.fullmatch(headers["Wechatpay-Signature"]) and len(headers["Wechatpay-Timestamp"]) < 15
    ):
        raise Forged(provider=NAME)


def _reached(call: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Status and body of a call; what the network does to it is tried again by a job."""
    try:
        return call()
    except OSError as failed:  # whatever `requests` raises
        raise ProviderUnreachable(provider=NAME, reason=type(failed).__name__) from failed


def _expect(said: Mapping[str, Any]) -> None:
    if "code" in said:
        raise ProviderUnreachable(provider=NAME, reason=str(said["code"]))


def _refund_notice(status: str) -> RefundNotice:
    state = _ANSWERS[status]
    return RefundNotice(state=state, reason=status.lower() if state is RefundAnswer.REFUSED else "")


def _rows(packed: bytes, *, digest: str) -> tuple[BillRow, ...]:
    """The rows of a bill whose digest is the one that was announced."""
    try:
        plain = gzip.decompress(packed)
    except (gzip.BadGzipFile, EOFError) as wrong:
        raise ProviderUnreachable(provider=NAME, reason="the bill is damaged") from wrong
    if hashlib.sha1(plain, usedforsecurity=False).hexdigest() != digest.lower():
        raise ProviderUnreachable(provider=NAME, reason="the bill is damaged")
    lines = csv.reader(io.StringIO(plain.decode("utf-8-sig")))
    names = next(lines)
    rows = [
        dict(zip(names, (cell.lstrip("`") for cell in line), strict=True)) for line in lines if len(line) == len(names)
    ]
    return tuple(_row(row) for row in rows if row["交易状态"] in _PAID)


def _row(row: Mapping[str, str]) -> BillRow:
    is_payment = row["交易状态"] == "SUCCESS"
    return BillRow(
        transaction_id=row["微信订单号"],
        payment_id=id_of(row["商户订单号"]),
        refund_id="" if is_payment else row["商户退款单号"],
        amount=Money.of(row["订单金额"] if is_payment else row["申请退款金额"], row["货币种类"]),
        kind=BillKind.PAID if is_payment else BillKind.REFUNDED,
        at=moment_of(row["交易时间"]),
    )
