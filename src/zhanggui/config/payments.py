"""Which payment providers this installation has: the real ones of its environment, or the sandbox's."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from django.conf import settings

from zhanggui.config.late import Late
from zhanggui.doors.sandbox.keys import keys
from zhanggui.shop.payments.providers.sandbox import SandboxProvider
from zhanggui.shop.payments.rules import Provider


def providers() -> dict[str, Provider]:
    """By name, in the order in which the checkout offers them."""
    return (_sandbox() if settings.IS_SANDBOX else {}) | _real(os.environ)


def _real(environment: Mapping[str, str]) -> dict[str, Provider]:
    """Those whose credentials are in the environment; one that is named but incomplete keeps the house shut."""
    found: dict[str, Provider] = {}
    if environment.get("WECHAT_MERCHANT_ID"):
        found["wechat"] = _connect("wechat")(
            merchant_id=environment["WECHAT_MERCHANT_ID"],
            app_id=environment["WECHAT_APP_ID"],
            private_key=_text(environment["WECHAT_PRIVATE_KEY"]),
            serial=environment["WECHAT_SERIAL"],
            api_key=environment["WECHAT_API_KEY"],
            public_key=_text(environment["WECHAT_PUBLIC_KEY"]),
            public_key_id=environment["WECHAT_PUBLIC_KEY_ID"],
        )
    if environment.get("ALIPAY_APP_ID"):
        found["alipay"] = _connect("alipay")(
            app_id=environment["ALIPAY_APP_ID"],
            seller_id=environment["ALIPAY_SELLER_ID"],
            private_key=_text(environment["ALIPAY_PRIVATE_KEY"]),
            public_key=_text(environment["ALIPAY_PUBLIC_KEY"]),
        )
    if environment.get("STRIPE_SECRET_KEY"):
        found["stripe"] = _connect("stripe")(
            secret_key=environment["STRIPE_SECRET_KEY"],
            webhook_secret=environment["STRIPE_WEBHOOK_SECRET"],
        )
    return found


def _sandbox() -> dict[str, Provider]:
    """All protocols, spoken with the process of `zhanggui sandbox`."""
    gateway = f"{settings.SANDBOX_URL}/sandbox/open"
    return {
        "sandbox": SandboxProvider(merchant="zhanggui", key=settings.SANDBOX_KEY, gateway=gateway),
        "wechat": cast(Provider, Late(_sandbox_wechat)),
        "alipay": cast(Provider, Late(_sandbox_alipay)),
        "stripe": cast(Provider, Late(_sandbox_stripe)),
    }


def _sandbox_wechat() -> Provider:
    # Its SDK loads the same tools, and is loaded with them.
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415

    made = keys()
    certificate = load_pem_x509_certificate(made.wechat_certificate.encode())
    public_key = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _connect("wechat")(
        merchant_id=made.wechat_merchant_id,
        app_id=made.wechat_app_id,
        private_key=made.wechat_merchant_private,
        serial=made.wechat_merchant_serial,
        api_key=made.wechat_api_key,
        public_key=public_key.decode(),
        public_key_id=made.wechat_serial,
        api=settings.SANDBOX_URL,
    )


def _sandbox_alipay() -> Provider:
    made = keys()
    return _connect("alipay")(
        app_id=made.alipay_app_id,
        seller_id=made.alipay_seller_id,
        private_key=made.alipay_app_private,
        public_key=made.alipay_public,
        gateway=f"{settings.SANDBOX_URL}/gateway.do",
    )


def _sandbox_stripe() -> Provider:
    made = keys()
    return _connect("stripe")(
        secret_key=made.stripe_secret, webhook_secret=made.stripe_webhook, api=settings.SANDBOX_URL
    )


def _connect(name: str) -> Callable[..., Provider]:
    """Makes the adapter of that name, whose module is loaded here."""
    connect: Callable[..., Provider] = import_module(f"zhanggui.shop.payments.providers.{name}").connect
    return connect


def _text(given: str) -> str:
    """A key as it stands in the environment, or in the file that is named there."""
    return given if "\n" in given or len(given) > 255 or not Path(given).is_file() else Path(given).read_text()
