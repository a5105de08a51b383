"""The keys of the sandbox: its own, and what it gave our shop to sign with; made at the first start, never shipped.

They lie in the home folder, readable by its owner only. No Django here: settings read this module.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from zhanggui.base.home import shelf

_BITS = 2048
# The number of the one application of text messages.
TENCENT_APP_ID = "1400000001"
_LIFE = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Everything that was made at the first start. Private keys and certificates are PEM.

    alipay_app_private, alipay_public         what a shop signs with, and believes Alipay by; PKCS#1
    wechat_merchant_private, wechat_api_key   what a shop signs with, and opens WeChat Pay's messages with
    *_serial                                  the serial numbers of the two certificates, in hexadecimal
    """

    plain: str = field(repr=False)
    control: str = field(repr=False)
    stripe_secret: str = field(repr=False)
    stripe_webhook: str = field(repr=False)
    alipay_app_id: str
    alipay_seller_id: str
    alipay_app_private: str = field(repr=False)
    alipay_app_public: str
    alipay_private: str = field(repr=False)
    alipay_public: str
    wechat_app_id: str
    wechat_merchant_id: str
    wechat_api_key: str = field(repr=False)
    wechat_merchant_private: str = field(repr=False)
    wechat_merchant_certificate: str
    wechat_merchant_serial: str
    wechat_private: str = field(repr=False)
    wechat_certificate: str
    wechat_serial: str

    @property
    def tencent_secret_id(self) -> str:
        """What a shop that sends text messages is known by; made out of the control key, as all of Tencent's are."""
        return f"AKID{self._derived('tencent id')[:32]}"

    @property
    def tencent_secret_key(self) -> str:
        """What it signs with."""
        return self._derived("tencent key")[:32]

    @property
    def texts(self) -> str:
        """What stands in the address of the page of text messages, so that no stranger reads codes there."""
        return self._derived("texts")[:32]

    def _derived(self, name: str) -> str:
        return hmac.new(self.control.encode(), name.encode(), hashlib.sha256).hexdigest()


@cache
def keys() -> Keys:
    """The keys of this home folder; whoever comes first makes them, the shop or the sandbox."""
    kept = _kept(shelf("sandbox") / "keys.json", lambda: msgspec.json.encode(_fresh()))
    return msgspec.json.decode(kept, type=Keys)


def _fresh() -> Keys:
    app, alipay, merchant, platform = (rsa.generate_private_key(65537, _BITS) for _ in range(4))
    merchant_certificate, platform_certificate = _certificate(merchant, "shop"), _certificate(platform, "WeChat Pay")
    return Keys(
        plain=secrets.token_hex(32),
        control=secrets.token_urlsafe(32),
        stripe_secret=f"sk_test_{secrets.token_hex(24)}",
        stripe_webhook=f"whsec_{secrets.token_hex(24)}",
        alipay_app_id=_digits("9021", 16),
        alipay_seller_id=_digits("2088", 16),
        alipay_app_private=_private(app, PrivateFormat.TraditionalOpenSSL),
        alipay_app_public=_public(app),
        alipay_private=_private(alipay, PrivateFormat.TraditionalOpenSSL),
        alipay_public=_public(alipay),
        wechat_app_id=f"wx{secrets.token_hex(8)}",
        wechat_merchant_id=_digits("16", 10),
        wechat_api_key=secrets.token_hex(16),
        wechat_merchant_private=_private(merchant, PrivateFormat.PKCS8),
        wechat_merchant_certificate=_pem(merchant_certificate),
        wechat_merchant_serial=_serial(merchant_certificate),
        wechat_private=_private(platform, PrivateFormat.PKCS8),
        wechat_certificate=_pem(platform_certificate),
        wechat_serial=_serial(platform_certificate),
    )


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What a file of ours holds; made whole and once, whoever else starts at the same time."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(make())
        with contextlib.suppress(FileExistsError):  # the first of two starts wins
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (sandbox)")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(began).not_valid_after(began + _LIFE)
    return made.sign(key, hashes.SHA256())


def _private(key: rsa.RSAPrivateKey, shape: PrivateFormat) -> str:
    return key.private_bytes(Encoding.PEM, shape, NoEncryption()).decode().strip()


def _public(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().strip()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _serial(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:X}"


def _digits(start: str, length: int) -> str:
    return start + "".join(secrets.choice("0123456789") for _ in range(length - len(start)))
