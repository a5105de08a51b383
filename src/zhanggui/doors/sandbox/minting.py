"""How the keys of the sandbox are made, once in a home folder."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from zhanggui.doors.sandbox.keys import Keys

_BITS = 2048
_LIFE = timedelta(days=3650)


def fresh_keys() -> Keys:
    """New ones, all of them; the four large primes take most of a second."""
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
