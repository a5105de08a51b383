"""Alipay: the shopper goes to its gateway by a signed address; notifications come as signed forms. Chinese days, yuan.

The SDK signs, verifies and reads; the requests go through our own client, because the SDK's knows no port but 80 and
443 and lets a time-out fall through as whatever it was.
"""

from __future__ import annotations

import base64
import binascii
import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx
import msgspec
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.constant.CommonConstants import THREAD_LOCAL
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest import (
    AlipayDataDataserviceBillDownloadurlQueryRequest,
)
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
from alipay.aop.api.request.AlipayTradeWapPayRequest import AlipayTradeWapPayRequest
from alipay.aop.api.util.SignatureUtils import get_sign_content, verify_with_rsa
from rsa.pkcs1 import VerificationError

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Forged, NothingNew, ProviderUnreachable, Unreadable
from zhanggui.shop.payments.providers.china import CNY, YUAN_ONLY, id_of, in_yuan, moment_of, number_of, written
from zhanggui.shop.payments.rules import (
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

NAME: Final = "alipay"
GATEWAY: Final = "https://openapi.alipay.com/gateway.do"
PATIENCE_S: Final = 10.0
_GOOD: Final = "10000"
_BUSINESS: Final = "40004"
_PAID: Final = frozenset(("TRADE_SUCCESS", "TRADE_FINISHED"))
_AGAIN: Final = frozenset(("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "SYSTEM_ERROR"))
_UNKNOWN: Final = "ACQ.TRADE_NOT_EXIST"
_NO_BILL: Final = frozenset(("isp.bill_not_exist", "isv.bill-not-exist", "EMPTY_DATA_WITH_NOT_EXIST"))
_KINDS: Final = {"交易": BillKind.PAID, "退款": BillKind.REFUNDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlipayProvider:
    """The adapter of Alipay.

    merchant    the seller's id (2088…); an application's messages carry it
    app_id      of our application, which signs
    public_key  Alipay's own, by which its messages are believed
    """

    client: _Client = field(repr=False)
    app_id: str
    merchant: str
    public_key: str = field(repr=False)
    kind: Way = Way.REDIRECT
    limits: Limits = YUAN_ONLY

    def begin(self, intent: Intent) -> Doorway:
        """A signed address of the cashier's page; Alipay opens the trade when the shopper comes by it. No network.

        refuses  Unreadable for another currency than yuan
        """
        asked = {
            "out_trade_no": number_of(intent.payment_id),
            "total_amount": str(in_yuan(intent.amount, provider=NAME).major),
            "subject": intent.order_number,
            "product_code": "QUICK_WAP_WAY" if intent.is_phone else "FAST_INSTANT_TRADE_PAY",
            "passback_params": intent.order_number,
            "time_expire": written(intent.expires_at),
        }
        if intent.is_phone:
            asked["quit_url"] = intent.return_to
        request = (AlipayTradeWapPayRequest if intent.is_phone else AlipayTradePagePayRequest)()
        request.biz_content = asked
        request.notify_url, request.return_url = intent.notify_to, intent.return_to
        return Doorway(address=self.client.page_execute(request, http_method="GET"))

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What a notification says. A refund comes as the trade that it belongs to, with the refund's number.

        refuses  Forged, Unreadable; NothingNew for a trade that waits, and for the shopper's return, which is signed
                 but does not say that money moved
        """
        said = self._believed(message)
        if said.get("app_id") != self.app_id:
            return self._of_a_stranger(said)
        status = said.get("trade_status", "")
        try:
            if said.get("refund_fee") and said.get("out_biz_no"):
                return self._refunded(said)
            if status in _PAID:
                return self._paid(said, event_id=said["notify_id"], order_number=said.get("passback_params", ""))
        except (KeyError, ValueError, ArithmeticError) as wrong:
            raise Unreadable(provider=NAME, reason=f"{type(wrong).__name__}: {wrong}") from wrong
        raise NothingNew(provider=NAME, event=status or "return")

    def ask(self, payment: Payment) -> Notice | None:
        """The money of an attempt, if it came. One whose page nobody has opened is unknown at Alipay."""
        request = AlipayTradeQueryRequest()
        request.biz_content = {"out_trade_no": number_of(payment.id)}
        said = self.client.call(request)
        if said.get("sub_code") == _UNKNOWN:
            return None
        if said["code"] != _GOOD:
            raise ProviderUnreachable(provider=NAME, reason=_reason(said))
        if said["trade_status"] not in _PAID and not (
            said["trade_status"] == "TRADE_CLOSED" and payment.transaction_id
        ):
            return None
        told = {"seller_id": self.merchant, **said}
        return self._paid(told, event_id=f"asked-{said['trade_no']}", order_number=payment.order_number)

    def close(self, payment: Payment) -> Notice | None:
        """Close the trade; one that cannot be closed has been paid, or was closed before.

        A page that nobody has opened yet could still be opened until the order's time is over: what comes then is late
        money and goes back.
        """
        request = AlipayTradeCloseRequest()
        request.biz_content = {"out_trade_no": number_of(payment.id)}
        said = self.client.call(request)
        if said["code"] == _GOOD or said.get("sub_code") == _UNKNOWN:
            return None
        if said.get("sub_code") in _AGAIN or said["code"] != _BUSINESS:
            raise ProviderUnreachable(provider=NAME, reason=_reason(said))
        return self.ask(payment)

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Give money back; Success alone does not say that it moved, `fund_change` does, or a question afterwards."""
        request = AlipayTradeRefundRequest()
        request.biz_content = {
            **_money(refund, payment),
            "refund_amount": str(in_yuan(refund.amount, provider=NAME).major),
            "out_request_no": refund.id,
            "refund_reason": refund.reason[:256] or "refund",
        }
        said = self.client.call(request)
        if said["code"] == _GOOD:
            has_moved = said.get("fund_change") == "Y"
            return RefundNotice(state=RefundAnswer.DONE) if has_moved else self.ask_refund(refund, payment=payment)
        if said.get("sub_code") in _AGAIN or said["code"] != _BUSINESS:
            raise ProviderUnreachable(provider=NAME, reason=_reason(said))
        return RefundNotice(state=RefundAnswer.REFUSED, reason=_reason(said))

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """How a refund stands: it is done once Alipay says REFUND_SUCCESS, and on its way until then."""
        request = AlipayTradeFastpayRefundQueryRequest()
        request.biz_content = {**_money(refund, payment), "out_request_no": refund.id}
        said = self.client.call(request)
        if said["code"] != _GOOD:
            raise ProviderUnreachable(provider=NAME, reason=_reason(said))
        is_done = said.get("refund_status") == "REFUND_SUCCESS"
        return RefundNotice(state=RefundAnswer.DONE if is_done else RefundAnswer.ACCEPTED)

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """All payments and refunds of a Chinese day, as the bill file lists them; none if there is no bill."""
        request = AlipayDataDataserviceBillDownloadurlQueryRequest()
        request.biz_content = {"bill_type": "trade", "bill_date": day.isoformat()}
        said = self.client.call(request)
        if said.get("sub_code") in _NO_BILL:
            return ()
        if said["code"] != _GOOD:
            raise ProviderUnreachable(provider=NAME, reason=_reason(said))
        return _rows(self.client.download(said["bill_download_url"]))

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """Exactly `success`; anything else is sent again, eight times in all."""
        return (200, b"success", "text/plain") if settled else (400, b"failure", "text/plain")

    def _believed(self, message: Message) -> dict[str, str]:
        """The parameters of a message whose signature is Alipay's.

        refuses  Forged, Unreadable
        """
        try:
            pairs = parse_qsl(message.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=80)
            said = dict(pairs)
            sign = said.pop("sign", "")
            base64.b64decode(sign, validate=True)
        except binascii.Error as forged:
            raise Forged(provider=NAME) from forged
        except ValueError as wrong:
            raise Unreadable(provider=NAME, reason=str(wrong)) from wrong
        if len(said) + bool(sign) != len(pairs):
            raise Unreadable(provider=NAME, reason="a parameter stands there twice")
        if said.pop("sign_type", "") != "RSA2" or not sign:
            raise Forged(provider=NAME)
        content = get_sign_content({name: value for name, value in said.items() if value})
        try:
            verify_with_rsa(self.public_key, content.encode(), sign)
        except VerificationError as forged:
            raise Forged(provider=NAME) from forged
        return said

    def _paid(self, said: Mapping[str, Any], *, event_id: str, order_number: str) -> Notice:
        return Notice(
            event_id=event_id,
            transaction_id=said["trade_no"],
            merchant=said["seller_id"],
            payment_id=id_of(said["out_trade_no"]),
            order_number=order_number,
            amount=Money.of(said["total_amount"], CNY),
            is_paid=True,
        )

    def _refunded(self, said: Mapping[str, str]) -> Notice:
        return Notice(
            event_id=said["notify_id"],
            transaction_id=said["trade_no"],
            merchant=said["seller_id"],
            payment_id=id_of(said["out_trade_no"]),
            order_number=said.get("passback_params", ""),
            amount=Money.of(said["refund_fee"], CNY),
            is_paid=True,
            kind=NoticeKind.REFUND,
            refund_id=said["out_biz_no"],
        )

    def _of_a_stranger(self, said: Mapping[str, str]) -> Notice:
        """Signed by Alipay, but for another application: it carries its number, which is not ours."""
        try:
            told = {**said, "seller_id": f"app {said.get('app_id', '')}"}
            return self._paid(told, event_id=said["notify_id"], order_number=said.get("passback_params", ""))
        except (KeyError, ValueError, ArithmeticError) as wrong:
            raise Unreadable(provider=NAME, reason=f"{type(wrong).__name__}: {wrong}") from wrong


class _Client(DefaultAlipayClient):  # type: ignore[misc] # the SDK has no types
    """The SDK's client with a connection of our own: any port, one time-out, failures that a job understands."""

    def __init__(self, config: AlipayClientConfig, *, patience_s: float) -> None:
        super().__init__(config)
        self._gateway = config.server_url
        self._web = httpx.Client(timeout=patience_s, trust_env=False, follow_redirects=False)

    def call(self, request: Any) -> dict[str, Any]:
        """What the gateway answers, once its signature was found right."""
        try:
            return msgspec.json.decode(self.execute(request), type=dict[str, Any])
        except (ResponseException, msgspec.DecodeError) as wrong:
            raise ProviderUnreachable(provider=NAME, reason="an answer that is not Alipay's") from wrong

    def execute(self, request: Any) -> str:
        """Send a request that the SDK has signed, and let the SDK verify the answer."""
        THREAD_LOCAL.uuid = "zhanggui"  # stands in the SDK's complaints
        query, fields = self._DefaultAlipayClient__prepare_request(request)
        content = self._taken(lambda: self._web.post(f"{self._gateway}?{query}", data=fields))
        verified: str = self._DefaultAlipayClient__parse_response(content)
        return verified

    def download(self, address: str) -> bytes:
        """The file behind an address that the gateway gave."""
        return self._taken(lambda: self._web.get(address))

    def _taken(self, send: Any) -> bytes:
        try:
            answer: httpx.Response = send()
            answer.raise_for_status()
        except httpx.HTTPError as failed:
            raise ProviderUnreachable(provider=NAME, reason=type(failed).__name__) from failed
        return answer.content


def connect(
    *,
    app_id: str,
    seller_id: str,
    private_key: str,
    public_key: str,
    gateway: str = GATEWAY,
    patience_s: float = PATIENCE_S,
) -> AlipayProvider:
    """The adapter for an application at Alipay. No network.

    private_key, public_key  ours, and Alipay's for our application; PEM, or the bare letters as Alipay shows them
    """
    config = AlipayClientConfig()
    config.server_url, config.app_id = gateway, app_id
    config.app_private_key, config.alipay_public_key = private_key, public_key
    client = _Client(config, patience_s=patience_s)
    return AlipayProvider(client=client, app_id=app_id, merchant=seller_id, public_key=public_key)


def _money(refund: Refund, payment: Payment) -> dict[str, str]:
    """Which money goes back."""
    trade = refund.transaction_id or payment.transaction_id
    return {"trade_no": trade} if trade else {"out_trade_no": number_of(payment.id)}


def _reason(said: Mapping[str, Any]) -> str:
    return str(said.get("sub_code") or said.get("msg") or said["code"])


def _rows(archive: bytes) -> tuple[BillRow, ...]:
    """The rows of the detailed file in a bill's archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            names = [info for info in files.infolist() if "汇总" not in info.filename]
            text = "".join(files.read(name).decode("gb18030") for name in names[:1])
    except (zipfile.BadZipFile, UnicodeDecodeError) as wrong:
        raise ProviderUnreachable(provider=NAME, reason="the bill is damaged") from wrong
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    rows = [{name: cell.strip() for name, cell in row.items()} for row in csv.DictReader(lines)]
    return tuple(_row(row) for row in rows if row["业务类型"] in _KINDS)


def _row(row: Mapping[str, str]) -> BillRow:
    kind = _KINDS[row["业务类型"]]
    amount = Money.of(row["订单金额（元）"], CNY)
    return BillRow(
        transaction_id=row["支付宝交易号"],
        payment_id=id_of(row["商户订单号"]),
        refund_id="" if kind is BillKind.PAID else row["退款批次号/请求号"],
        amount=amount if amount.minor > 0 else -amount,
        kind=kind,
        at=moment_of(row["完成时间"]),
    )
