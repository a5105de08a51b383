"""Addresses of the sandbox's process: pages for shoppers, and each provider's own addresses for the shop's server."""

from __future__ import annotations

from django.urls import include, path

from zhanggui.doors.sandbox import alipay, control, plain, stripe, tencent, views, wechat

_PAY = "v3/pay/transactions"
pages = [
    path("health", views.health, name="health"),
    path("sandbox/open", plain.enter, name="open"),
    path("sandbox/pay/<str:token>", views.pay, name="pay"),
    path("v1/checkout/sessions", stripe.sessions),
    path("v1/checkout/sessions/<str:id>", stripe.session),
    path("v1/checkout/sessions/<str:id>/expire", stripe.expire),
    path("v1/payment_intents/search", stripe.search),
    path("v1/payment_intents/<str:id>", stripe.intent),
    path("v1/refunds", stripe.refunds),
    path("v1/refunds/<str:id>", stripe.refund),
    path("v1/balance_transactions", stripe.balance_transactions),
    path("gateway.do", alipay.gateway),
    path("bills/<str:merchant>/<str:day>", alipay.bill_file, name="alipay_bill"),
    path(f"{_PAY}/native", wechat.native),
    path(f"{_PAY}/h5", wechat.h5),
    path(f"{_PAY}/out-trade-no/<str:number>", wechat.transaction),
    path(f"{_PAY}/out-trade-no/<str:number>/close", wechat.close),
    path("v3/refund/domestic/refunds", wechat.refunds),
    path("v3/refund/domestic/refunds/<str:number>", wechat.refund),
    path("v3/bill/tradebill", wechat.bill_address),
    path("v3/billdownload/file", wechat.bill_file, name="wechat_bill_file"),
    path("v3/certificates", wechat.certificates),
    path("", tencent.api),
    path("sandbox/texts/<str:key>/", views.texts, name="texts"),
    path("control/listen", control.listen),
    path("control/texts", control.texts_known),
    path("control/trouble", control.trouble),
    path("control/decide", control.decide),
    path("control/known", control.known),
    path("control/waiting", control.waiting),
]
urlpatterns = [path("", include((pages, "sandbox")))]
