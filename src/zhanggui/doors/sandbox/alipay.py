"""Alipay's protocol: one gateway, RSA2 over sorted parameters, answers signed as they stand, notifications as forms."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus, urlencode
from zoneinfo import ZoneInfo

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.errors import AlreadyDecided, BadlyAsked, ChargeDiffers, NoSuchCharge, NoSuchRefund, TooMuch
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.plain import FORM
from zhanggui.doors.sandbox.rules import (
    CNY,
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
from zhanggui.doors.sandbox.signing import signature
from zhanggui.doors.sandbox.trouble import answered

CHINA = ZoneInfo("Asia/Shanghai")
_MOMENT = "%Y-%m-%d %H:%M:%S"
_COLUMNS = ("支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "订单金额（元）")
_BACK_COLUMNS = ("商家实收（元）", "退款批次号/请求号", "备注")
_REASONS: dict[type[Refused], str] = {
    NoSuchCharge: "ACQ.TRADE_NOT_EXIST",
    NoSuchRefund: "ACQ.REFUND_NOT_EXIST",
    AlreadyDecided: "ACQ.TRADE_STATUS_ERROR",
    ChargeDiffers: "ACQ.CONTEXT_INCONSISTENT",
    TooMuch: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    BadlyAsked: "ACQ.INVALID_PARAMETER",
}


@csrf_exempt
@never_cache
def gateway(request: HttpRequest) -> HttpResponse:
    """Everything that a merchant asks of Alipay comes here; the two that open a page bring the shopper along."""
    asked = {**request.GET.dict(), **request.POST.dict()}
    method = asked.get("method", "")
    try:
        _verify(asked)
        said = msgspec.json.decode(asked.get("biz_content", "{}"), type=dict[str, Any])
    except (BadlyAsked, msgspec.DecodeError):
        if method.endswith(".pay"):
            return render(request, "sandbox/refused.html", status=400)
        wrong = {
            "code": "40002",
            "msg": "Invalid Arguments",
            "sub_code": "isv.invalid-signature",
            "sub_msg": "验签出错",
        }
        return _signed_answer("error_response", wrong)
    if method in {"alipay.trade.page.pay", "alipay.trade.wap.pay"}:
        return _enter(request, asked, said)
    if method not in _CALLS:
        wrong = {
            "code": "40002",
            "msg": "Invalid Arguments",
            "sub_code": "isv.invalid-method",
            "sub_msg": "不存在的方法名",
        }
        return _signed_answer("error_response", wrong)
    call, work = _CALLS[method]
    name = method.replace(".", "_") + "_response"
    return answered(
        Method.ALIPAY,
        call,
        lambda trouble: _signed_answer(name, _worked(work, asked["app_id"], said, trouble)),
        payment_id=_payment_id(said),
    )


def letter(charge: Charge, saying: Saying, *, at: datetime, key: str) -> Letter:
    """A notification as it is sent: the whole trade as it stands, as a form with its signature."""
    said = {**_return_parameters(charge, saying, at=at), **_news(charge, saying, at=at)}
    return Letter(
        address=charge.terms.notify_to,
        body=urlencode(
            {**said, "sign": signature(_content(said, without=("sign", "sign_type")).encode(), key=key)}
        ).encode(),
        headers={"Content-Type": f"{FORM};charset=utf-8"},
    )


def way_back(charge: Charge) -> str:
    """The shop's address for a shopper who returns; it says what was paid, but not that it was."""
    if charge.state is not State.PAID:
        return charge.terms.return_to
    said = {
        "charset": "utf-8",
        "out_trade_no": charge.terms.payment_id,
        "method": "alipay.trade.page.pay.return",
        "total_amount": str(charge.told.major),
        "sign_type": "RSA2",
        "trade_no": charge.transaction_id,
        "auth_app_id": charge.terms.merchant,
        "version": "1.0",
        "app_id": charge.terms.merchant,
        "seller_id": keys().alipay_seller_id,
        "timestamp": clock.now().astimezone(CHINA).strftime(_MOMENT),
    }
    sign = signature(_content(said, without=("sign", "sign_type")).encode(), key=keys().alipay_private)
    return f"{charge.terms.return_to}?{urlencode({**said, 'sign': sign})}"


def is_heard(status: int, body: bytes) -> bool:
    """Alipay wants exactly the seven letters."""
    return status == 200 and body == b"success"


def bill_file(request: HttpRequest, merchant: str, day: str) -> HttpResponse:
    """The file behind a bill's address."""
    trouble = Trouble(request.GET["trouble"]) if request.GET.get("trouble") else None
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{day}_业务明细.csv", _bill(merchant, date.fromisoformat(day), trouble).encode("gb18030"))
    return HttpResponse(content.getvalue(), content_type="application/zip")


def _enter(request: HttpRequest, asked: Mapping[str, str], said: dict[str, Any]) -> HttpResponse:
    try:
        charge = actions.open_charge(Method.ALIPAY, _terms(asked, said))
    except (BadlyAsked, ChargeDiffers, ValueError, KeyError):
        return render(request, "sandbox/refused.html", status=400)
    return redirect("sandbox:pay", token=charge.token)


def _terms(asked: Mapping[str, str], said: dict[str, Any]) -> Terms:
    expires = said.get("time_expire")
    at = datetime.strptime(expires, _MOMENT).replace(tzinfo=CHINA) if expires else clock.now() + timedelta(hours=2)
    return Terms(
        merchant=asked["app_id"],
        payment_id=said["out_trade_no"],
        order_number=unquote_plus(said.get("passback_params") or said["out_trade_no"]),
        amount=Money.of(said["total_amount"], CNY),
        expires_at=at,
        return_to=asked.get("return_url", ""),
        cancel_to=said.get("quit_url") or asked.get("return_url", ""),
        notify_to=asked.get("notify_url", ""),
        language="",
    )


def _worked(
    work: Callable[[str, dict[str, Any], Trouble | None], dict[str, Any]],
    merchant: str,
    said: dict[str, Any],
    trouble: Trouble | None,
) -> dict[str, Any]:
    try:
        return {"code": "10000", "msg": "Success", **work(merchant, said, trouble)}
    except Refused as refused:
        sub_code = _REASONS[type(refused)]
        return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": str(refused)}


def _query(merchant: str, said: dict[str, Any], trouble: Trouble | None) -> dict[str, Any]:
    charge = _charge(merchant, said)
    answer = {
        "out_trade_no": charge.terms.payment_id,
        "trade_no": charge.transaction_id or charge.reference[:28],
        "trade_status": _status(charge),
        "total_amount": str(charge.told.major),
        "buyer_logon_id": "try***@sandbox.example",
    }
    if charge.paid_at:
        answer["send_pay_date"] = charge.paid_at.astimezone(CHINA).strftime(_MOMENT)
    return answer


def _close(merchant: str, said: dict[str, Any], trouble: Trouble | None) -> dict[str, Any]:
    charge = actions.close(token=_charge(merchant, said).token)
    return {"out_trade_no": charge.terms.payment_id, "trade_no": charge.reference[:28]}


def _refund(merchant: str, said: dict[str, Any], trouble: Trouble | None) -> dict[str, Any]:
    charge = _charge(merchant, said)
    number = said.get("out_request_no") or charge.terms.payment_id
    known = {refund.number for refund in actions.refunds_of(charge.token)}
    refund = actions.give_back(
        token=charge.token,
        number=number,
        amount=Money.of(said["refund_amount"], CNY),
        reason=said.get("refund_reason", ""),
        trouble=trouble,
    )
    given = Money.total((one.amount for one in actions.refunds_of(charge.token)), CNY)
    return {
        "out_trade_no": charge.terms.payment_id,
        "trade_no": charge.transaction_id,
        "fund_change": "Y" if number not in known and refund.state is RefundState.DONE else "N",
        "refund_fee": str(given.major),
        "buyer_logon_id": "try***@sandbox.example",
    }


def _query_refund(merchant: str, said: dict[str, Any], trouble: Trouble | None) -> dict[str, Any]:
    charge = _charge(merchant, said)
    try:
        refund = actions.find_refund(said["out_request_no"], token=charge.token)
    except NoSuchRefund:
        return {}  # Alipay says Success and nothing else about a refund that it does not know
    answer = {
        "trade_no": charge.transaction_id,
        "out_trade_no": charge.terms.payment_id,
        "out_request_no": refund.number,
        "total_amount": str(charge.terms.amount.major),
        "refund_amount": str(refund.amount.major),
    }
    return answer | ({"refund_status": "REFUND_SUCCESS"} if refund.state is RefundState.DONE else {})


def _bill_address(merchant: str, said: dict[str, Any], trouble: Trouble | None) -> dict[str, Any]:
    day = date.fromisoformat(said["bill_date"])
    wished = f"?trouble={trouble}" if trouble in {Trouble.EXTRA_ROW, Trouble.MISSING_ROW} else ""
    path = reverse("sandbox:alipay_bill", args=[merchant, day.isoformat()])
    return {"bill_download_url": f"{settings.SANDBOX_URL}{path}{wished}"}


_CALLS: dict[str, tuple[Call, Callable[[str, dict[str, Any], Trouble | None], dict[str, Any]]]] = {
    "alipay.trade.query": (Call.ASK, _query),
    "alipay.trade.close": (Call.CLOSE, _close),
    "alipay.trade.refund": (Call.REFUND, _refund),
    "alipay.trade.fastpay.refund.query": (Call.ASK_REFUND, _query_refund),
    "alipay.data.dataservice.bill.downloadurl.query": (Call.BILL, _bill_address),
}


def _payment_id(said: dict[str, Any]) -> str:
    """The merchant's own number of the trade that a call is about; empty if it is about none that we know."""
    try:
        return actions.find(_name(said), method=Method.ALIPAY).terms.payment_id
    except NoSuchCharge:
        return ""


def _name(said: dict[str, Any]) -> str:
    return str(said.get("out_trade_no") or said.get("trade_no", ""))


def _charge(merchant: str, said: dict[str, Any]) -> Charge:
    charge = actions.find(_name(said), method=Method.ALIPAY)
    if charge.terms.merchant != merchant:
        raise NoSuchCharge(name=charge.terms.payment_id)
    return charge


def _status(charge: Charge) -> str:
    if charge.state is not State.PAID:
        return "TRADE_CLOSED" if charge.state is State.CLOSED else "WAIT_BUYER_PAY"
    back = [one for one in actions.refunds_of(charge.token) if one.state is RefundState.DONE]
    is_all_back = Money.total((one.amount for one in back), CNY) == charge.terms.amount
    return "TRADE_CLOSED" if is_all_back else "TRADE_SUCCESS"


def _return_parameters(charge: Charge, saying: Saying, *, at: datetime) -> dict[str, str]:
    return {
        "notify_time": at.astimezone(CHINA).strftime(_MOMENT),
        "notify_type": "trade_status_sync",
        "notify_id": saying.id,
        "app_id": charge.terms.merchant,
        "auth_app_id": charge.terms.merchant,
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "trade_no": saying.transaction_id or charge.reference[:28],
        "out_trade_no": charge.terms.payment_id,
        "seller_id": keys().alipay_seller_id,
        "subject": charge.terms.order_number,
        "passback_params": charge.terms.order_number,
        "gmt_create": charge.opened_at.astimezone(CHINA).strftime(_MOMENT),
    }


def _news(charge: Charge, saying: Saying, *, at: datetime) -> dict[str, str]:
    """What is new: a refund comes as the trade that it belongs to, with three fields more."""
    if saying.news is News.REFUNDED:
        refund = actions.find_refund(saying.refund_id)
        return {
            "trade_status": _status(charge),
            "total_amount": str(charge.terms.amount.major),
            "refund_fee": str(refund.amount.major),
            "out_biz_no": refund.number,
            "gmt_refund": at.astimezone(CHINA).strftime(_MOMENT),
        }
    is_paid = saying.news is News.PAID
    return {
        "trade_status": "TRADE_SUCCESS" if is_paid else "WAIT_BUYER_PAY",
        "total_amount": str(saying.amount.major),
        **({"receipt_amount": str(saying.amount.major)} if is_paid else {}),
    }


def _bill(merchant: str, day: date, trouble: Trouble | None) -> str:
    """The day's bill: comments, a row per payment and per refund, comments."""
    paid, back = actions.moved_on(Method.ALIPAY, merchant, day, CHINA)
    rows = [_paid_row(charge) for charge in paid] + [_back_row(charge, refund) for charge, refund in back]
    if trouble is Trouble.MISSING_ROW:
        rows = rows[1:]
    if trouble is Trouble.EXTRA_ROW:
        when = f"{day.isoformat()} 12:00:00"
        rows.append((f"{day:%Y%m%d}" + "9" * 20, "f" * 32, "交易", "?", when, when, "9.99", "9.99", "", ""))
    out = io.StringIO()
    out.write(f"#支付宝业务明细查询\r\n#账号：[{merchant}]\r\n#-----业务明细列表-----\r\n")
    csv.writer(out).writerows([(*_COLUMNS, *_BACK_COLUMNS), *([f"{cell}\t" for cell in row] for row in rows)])
    out.write(f"#-----业务明细列表结束-----\r\n#业务明细合计：{len(rows)}笔\r\n")
    return out.getvalue()


def _paid_row(charge: Charge) -> tuple[str, ...]:
    at = (charge.paid_at or charge.opened_at).astimezone(CHINA).strftime(_MOMENT)
    amount = str(charge.told.major)
    opened = charge.opened_at.astimezone(CHINA).strftime(_MOMENT)
    number = charge.terms.order_number
    return (charge.transaction_id, charge.terms.payment_id, "交易", number, opened, at, amount, amount, "", "")


def _back_row(charge: Charge, refund: Refund) -> tuple[str, ...]:
    at = (refund.ended_at or refund.asked_at).astimezone(CHINA).strftime(_MOMENT)
    amount = f"-{refund.amount.major}"
    number = charge.terms.order_number
    return (charge.transaction_id, charge.terms.payment_id, "退款", number, at, at, amount, amount, refund.number, "")


def _signed_answer(name: str, said: dict[str, Any]) -> HttpResponse:
    content = msgspec.json.encode(said).decode()
    sign = signature(content.encode(), key=keys().alipay_private)
    return HttpResponse(f'{{"{name}":{content},"sign":"{sign}"}}', content_type="text/html;charset=utf-8")


def _verify(asked: Mapping[str, str]) -> None:
    """See that a request is signed by the application that it names.

    refuses  BadlyAsked
    """
    key = load_pem_public_key(keys().alipay_app_public.encode())
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 -- for the type checker; we made it
    try:
        sign = base64.b64decode(asked.get("sign", ""), validate=True)
        key.verify(sign, _content(asked, without=("sign",)).encode(), PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error) as wrong:
        raise BadlyAsked(code="isv.invalid-signature", reason="the signature is not the merchant's") from wrong
    if asked.get("app_id") != keys().alipay_app_id or asked.get("sign_type") != "RSA2":
        raise BadlyAsked(code="isv.invalid-app-id", reason="no such application")


def _content(said: Mapping[str, str], *, without: tuple[str, ...]) -> str:
    """What is signed: all parameters that are not empty, sorted by name."""
    return "&".join(f"{name}={said[name]}" for name in sorted(said) if said[name] and name not in without)
