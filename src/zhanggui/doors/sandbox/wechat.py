"""WeChat Pay's protocol, version 3: JSON both ways, every call and every answer signed, notifications sealed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import secrets
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from zoneinfo import ZoneInfo

import msgspec
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox import wechat_seal as seal
from zhanggui.doors.sandbox.errors import (
    AlreadyDecided,
    BadlyAsked,
    ChargeDiffers,
    NoSuchCharge,
    NoSuchRefund,
    TimeIsOver,
    TooMuch,
)
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import (
    Call,
    Charge,
    Letter,
    Method,
    News,
    Refund,
    RefundState,
    Saying,
    State,
    Terms,
    Trouble,
)
from zhanggui.doors.sandbox.trouble import answered

P = ParamSpec("P")
CHINA = ZoneInfo("Asia/Shanghai")
_ORDER_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_WRONG: dict[type[Refused], tuple[int, str]] = {
    NoSuchCharge: (404, "ORDER_NOT_EXIST"),
    NoSuchRefund: (404, "RESOURCE_NOT_EXISTS"),
    AlreadyDecided: (400, "ORDERPAID"),
    TimeIsOver: (400, "ORDER_CLOSED"),
    ChargeDiffers: (400, "INVALID_REQUEST"),
    TooMuch: (400, "INVALID_REQUEST"),
}
_TRADE_STATE = {State.OPEN: "NOTPAY", State.DECLINED: "NOTPAY", State.PAID: "SUCCESS", State.CLOSED: "CLOSED"}
_REFUND_STATUS = {
    RefundState.ACCEPTED: "PROCESSING",
    RefundState.DONE: "SUCCESS",
    RefundState.REFUSED: "ABNORMAL",
}
_COLUMNS: Final = (
    *("交易时间", "公众账号ID", "商户号", "微信订单号", "商户订单号", "交易类型", "交易状态", "货币种类"),
    *("应结订单金额", "微信退款单号", "商户退款单号", "退款金额", "退款状态", "商户数据包", "订单金额", "申请退款金额"),
)


def for_merchants(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A call that a merchant has to sign; the answer is signed, and what is refused becomes WeChat's error object."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            seal.verify(request)
        except BadlyAsked as wrong:
            return seal.signed(_json({"code": wrong.code, "message": wrong.reason}, status=401))
        try:
            answer = view(request, *args, **kwargs)
        except BadlyAsked as wrong:
            answer = _json({"code": wrong.code, "message": wrong.reason}, status=400)
        except Refused as refused:
            status, code = _WRONG[type(refused)]
            answer = _json({"code": code, "message": str(refused)}, status=status)
        return seal.signed(answer)

    return guarded


@for_merchants
def native(request: HttpRequest) -> HttpResponse:
    """POST /v3/pay/transactions/native: a code to scan."""
    return _begun(request, lambda address: {"code_url": address})


@for_merchants
def h5(request: HttpRequest) -> HttpResponse:
    """POST /v3/pay/transactions/h5: an address to open on the phone."""
    return _begun(request, lambda address: {"h5_url": address})


@for_merchants
def transaction(request: HttpRequest, number: str) -> HttpResponse:
    """GET /v3/pay/transactions/out-trade-no/NUMBER."""
    charge = _charge(number, request.GET.get("mchid", ""))
    return answered(Method.WECHAT, Call.ASK, lambda trouble: _json(_transaction(charge)), payment_id=number)


@for_merchants
def close(request: HttpRequest, number: str) -> HttpResponse:
    """POST /v3/pay/transactions/out-trade-no/NUMBER/close; a paid one is not closed any more."""
    charge = _charge(number, _body(request).get("mchid", ""))

    def work(trouble: Trouble | None) -> HttpResponse:
        actions.close(token=charge.token)
        return HttpResponse(status=204)

    return answered(Method.WECHAT, Call.CLOSE, work, payment_id=number)


@for_merchants
def refunds(request: HttpRequest) -> HttpResponse:
    """POST /v3/refund/domestic/refunds: taken in, which is not yet paid out."""
    said = _body(request)
    charge = _charge(said.get("transaction_id") or said.get("out_trade_no", ""), keys().wechat_merchant_id)
    amount = said.get("amount", {})
    if amount.get("total") != charge.terms.amount.minor:
        raise BadlyAsked(code="INVALID_REQUEST", reason="订单金额与请求不一致")

    def work(trouble: Trouble | None) -> HttpResponse:
        refund = actions.give_back(
            token=charge.token,
            number=str(said["out_refund_no"]),
            amount=Money(int(amount["refund"]), str(amount["currency"])),
            reason=str(said.get("reason", "")),
            trouble=trouble,
        )
        return _json(_refund(charge, refund))

    return answered(Method.WECHAT, Call.REFUND, work, payment_id=charge.terms.payment_id)


@for_merchants
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """GET /v3/refund/domestic/refunds/NUMBER."""
    found = actions.find_refund(number)
    charge = actions.find(found.token)
    return answered(Method.WECHAT, Call.ASK_REFUND, lambda trouble: _json(_refund(charge, found)))


@for_merchants
def bill_address(request: HttpRequest) -> HttpResponse:
    """GET /v3/bill/tradebill: where the bill of a day lies, and the digest of what lies there."""
    day = date.fromisoformat(request.GET.get("bill_date", ""))

    def work(trouble: Trouble | None) -> HttpResponse:
        bill = _bill(day, trouble)
        path = reverse("sandbox:wechat_bill_file")
        wished = f"&trouble={trouble}" if trouble in {Trouble.EXTRA_ROW, Trouble.MISSING_ROW} else ""
        address = f"{settings.SANDBOX_URL}{path}?day={day.isoformat()}{wished}"
        digest = hashlib.sha1(bill.encode(), usedforsecurity=False).hexdigest()
        return _json({"hash_type": "SHA1", "hash_value": digest, "download_url": address})

    return answered(Method.WECHAT, Call.BILL, work)


@for_merchants
def bill_file(request: HttpRequest) -> HttpResponse:
    """The file behind a bill's address."""
    trouble = Trouble(request.GET["trouble"]) if request.GET.get("trouble") else None
    bill = _bill(date.fromisoformat(request.GET.get("day", "")), trouble)
    return HttpResponse(gzip.compress(bill.encode()), content_type="application/gzip")


@for_merchants
def certificates(request: HttpRequest) -> HttpResponse:
    """GET /v3/certificates: our certificate, sealed with the merchant's key, for those who fetch it."""
    certificate = load_pem_x509_certificate(keys().wechat_certificate.encode())
    listed = {
        "serial_no": keys().wechat_serial,
        "effective_time": certificate.not_valid_before_utc.isoformat(),
        "expire_time": certificate.not_valid_after_utc.isoformat(),
        "encrypt_certificate": seal.closed(keys().wechat_certificate, about="certificate"),
    }
    return _json({"data": [listed]})


def letter(charge: Charge, saying: Saying, *, at: datetime, key: str) -> Letter:
    """A notification as it is sent: the resource sealed with the merchant's key, the whole signed with ours."""
    said: dict[News, tuple[str, str, Callable[[], dict[str, Any]]]] = {
        News.PAID: ("TRANSACTION.SUCCESS", "transaction", lambda: _transaction(charge, saying=saying)),
        News.DECLINED: ("TRANSACTION.CLOSED", "transaction", lambda: _transaction(charge)),
        News.REFUNDED: ("REFUND.SUCCESS", "refund", lambda: _told_refund(charge, saying)),
        News.REFUND_REFUSED: ("REFUND.ABNORMAL", "refund", lambda: _told_refund(charge, saying)),
    }
    kind, original, thing = said[saying.news]
    sealed = seal.closed(msgspec.json.encode(thing()).decode(), about=original)
    body = msgspec.json.encode(
        {
            "id": saying.id,
            "create_time": _rfc3339(saying.said_at),
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "支付成功" if saying.news is News.PAID else "退款",
            "resource": {"original_type": original, **sealed},
        }
    )
    headers = {"Content-Type": "application/json", **seal.signature_headers(body, at=at, key=key)}
    return Letter(address=charge.terms.notify_to, body=body, headers=headers)


def way_back(charge: Charge) -> str:
    """Where a phone goes after paying; whoever scanned a code has the shop open on the other screen."""
    return charge.terms.return_to


def is_heard(status: int, body: bytes) -> bool:
    """WeChat Pay wants 200 or 204."""
    return status in {200, 204}


def _begun(request: HttpRequest, answer: Callable[[str], dict[str, str]]) -> HttpResponse:
    terms = _terms(_body(request))

    def work(trouble: Trouble | None) -> HttpResponse:
        charge = actions.open_charge(Method.WECHAT, terms, reference=f"wx{secrets.token_hex(16)}")
        if charge.state is State.PAID:
            raise AlreadyDecided(state=charge.state)
        if charge.state is State.CLOSED:
            raise TimeIsOver(payment_id=terms.payment_id)
        return _json(answer(settings.SANDBOX_URL + reverse("sandbox:pay", args=[charge.token])))

    return answered(Method.WECHAT, Call.BEGIN, work, payment_id=terms.payment_id, amount=terms.amount)


def _terms(said: dict[str, Any]) -> Terms:
    """What a merchant wants to be paid.

    refuses  BadlyAsked
    """
    try:
        terms = Terms(
            merchant=said["mchid"],
            payment_id=said["out_trade_no"],
            order_number=said.get("attach") or said["out_trade_no"],
            amount=Money(int(said["amount"]["total"]), said["amount"].get("currency", "CNY")),
            expires_at=datetime.fromisoformat(said["time_expire"]),
            return_to=said.get("scene_info", {}).get("h5_info", {}).get("app_url", ""),
            cancel_to="",
            notify_to=said["notify_url"],
            language="",
        )
    except (KeyError, ValueError, TypeError) as wrong:
        raise BadlyAsked(code="PARAM_ERROR", reason=f"{type(wrong).__name__}: {wrong}") from wrong
    is_known = (said.get("appid"), terms.merchant) == (keys().wechat_app_id, keys().wechat_merchant_id)
    if not (is_known and _ORDER_NUMBER.fullmatch(terms.payment_id) and terms.amount.minor > 0):
        raise BadlyAsked(code="PARAM_ERROR", reason="appid, mchid, out_trade_no or amount cannot be used")
    return terms


def _charge(name: str, merchant: str) -> Charge:
    charge = actions.find(name, method=Method.WECHAT)
    if charge.terms.merchant != merchant:
        raise BadlyAsked(code="MCH_NOT_EXISTS", reason="the merchant is another one")
    return charge


def _transaction(charge: Charge, *, saying: Saying | None = None) -> dict[str, Any]:
    """A payment as it stands; with a saying, as its message tells it, which may be wrong on purpose."""
    told = saying.amount if saying else charge.told
    shown: dict[str, Any] = {
        "appid": keys().wechat_app_id,
        "mchid": charge.terms.merchant,
        "out_trade_no": charge.terms.payment_id,
        "attach": charge.terms.order_number,
        "trade_type": "NATIVE",
        "trade_state": _trade_state(charge),
        "trade_state_desc": "",
    }
    if charge.state is State.PAID:
        shown["transaction_id"] = (saying.transaction_id if saying else "") or charge.transaction_id
        shown["success_time"] = _rfc3339(charge.paid_at or charge.opened_at)
        shown["payer"] = {"openid": "oSandboxShopper"}
        shown["amount"] = {
            "total": told.minor,
            "payer_total": told.minor,
            "currency": told.currency,
            "payer_currency": told.currency,
        }
    return shown


def _trade_state(charge: Charge) -> str:
    if charge.state is State.PAID and actions.refunds_of(charge.token):
        return "REFUND"
    return _TRADE_STATE[charge.state]


def _refund(charge: Charge, refund: Refund) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "refund_id": refund.id,
        "out_refund_no": refund.number,
        "transaction_id": charge.transaction_id,
        "out_trade_no": charge.terms.payment_id,
        "channel": "ORIGINAL",
        "user_received_account": "零钱",
        "create_time": _rfc3339(refund.asked_at),
        "status": _REFUND_STATUS[refund.state],
        "amount": {
            "total": charge.terms.amount.minor,
            "refund": refund.amount.minor,
            "currency": refund.amount.currency,
        },
    }
    return shown | ({"success_time": _rfc3339(refund.ended_at)} if refund.state is RefundState.DONE else {})


def _told_refund(charge: Charge, saying: Saying) -> dict[str, Any]:
    shown = _refund(charge, actions.find_refund(saying.refund_id))
    shown |= {"mchid": charge.terms.merchant, "refund_status": shown.pop("status")}
    shown["amount"].pop("currency")  # WeChat leaves it out here
    return shown


def _bill(day: date, trouble: Trouble | None) -> str:
    """The day's bill: a row per payment and per refund, every cell behind a backtick, and two lines of sums."""
    paid, back = actions.moved_on(Method.WECHAT, keys().wechat_merchant_id, day, CHINA)
    rows = [_row(charge) for charge in paid] + [_row(charge, refund) for charge, refund in back]
    if trouble is Trouble.MISSING_ROW:
        rows = rows[1:]
    if trouble is Trouble.EXTRA_ROW:
        stranger = (
            "4200" + "9" * 24,
            "f" * 32,
            "NATIVE",
            "SUCCESS",
            "CNY",
            "9.99",
            "0",
            "0",
            "0.00",
            "",
            "",
            "9.99",
            "0.00",
        )
        rows.append((f"{day.isoformat()} 12:00:00", keys().wechat_app_id, keys().wechat_merchant_id, *stranger))
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerows([_COLUMNS, *([f"`{cell}" for cell in row] for row in rows)])
    lines.writerows([("总交易单数", "应结订单总金额"), (f"`{len(rows)}", "`0.00")])
    return "\ufeff" + out.getvalue()


def _row(charge: Charge, refund: Refund | None = None) -> tuple[str, ...]:
    at = (refund.ended_at if refund else charge.paid_at) or charge.opened_at
    amount, back = str(charge.told.major), str(refund.amount.major) if refund else "0.00"
    return (
        at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        keys().wechat_app_id,
        charge.terms.merchant,
        charge.transaction_id,
        charge.terms.payment_id,
        "NATIVE",
        "REFUND" if refund else "SUCCESS",
        charge.told.currency,
        "0.00" if refund else amount,
        refund.id if refund else "0",
        refund.number if refund else "0",
        back,
        "SUCCESS" if refund else "",
        charge.terms.order_number,
        "0.00" if refund else amount,
        back,
    )


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        return msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise BadlyAsked(code="PARAM_ERROR", reason=str(wrong)) from wrong


def _json(said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(said), content_type="application/json", status=status)


def _rfc3339(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(CHINA).isoformat(timespec="seconds")
