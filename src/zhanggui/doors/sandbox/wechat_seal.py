"""WeChat Pay's signatures and seals: believing a merchant's call, signing our answers, closing what we tell."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509 import load_pem_x509_certificate
from django.http import HttpRequest, HttpResponse

from zhanggui.base import clock
from zhanggui.doors.sandbox.errors import BadlyAsked
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.signing import signature

SCHEME: Final = "WECHATPAY2-SHA256-RSA2048"
_BELIEVED_S: Final = 300
_PART = re.compile(r'(\w+)="([^"]*)"')


def verify(request: HttpRequest) -> None:
    """See that a call is signed by the merchant, and lately.

    refuses  BadlyAsked
    """
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    said = dict(_PART.findall(rest))
    signed = f"{request.method}\n{request.get_full_path()}\n{said.get('timestamp')}\n{said.get('nonce_str')}\n"
    certificate = load_pem_x509_certificate(keys().wechat_merchant_certificate.encode())
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 -- for the type checker; we made it
    try:
        signature = base64.b64decode(said.get("signature", ""), validate=True)
        key.verify(signature, signed.encode() + request.body + b"\n", PKCS1v15(), hashes.SHA256())
        age = abs(clock.now().timestamp() - int(said["timestamp"]))
    except (InvalidSignature, binascii.Error, KeyError, ValueError) as wrong:
        raise BadlyAsked(code="SIGN_ERROR", reason="签名错误") from wrong
    ours = (SCHEME, keys().wechat_merchant_serial, keys().wechat_merchant_id)
    if (scheme, said.get("serial_no"), said.get("mchid")) != ours or age > _BELIEVED_S:
        raise BadlyAsked(code="SIGN_ERROR", reason="签名错误")


def signed(answer: HttpResponse) -> HttpResponse:
    """An answer with our signature over it."""
    for name, value in signature_headers(answer.content, at=clock.now(), key=keys().wechat_private).items():
        answer.headers[name] = value
    return answer


def signature_headers(body: bytes, *, at: datetime, key: str) -> Mapping[str, str]:
    """The headers that sign a body with a private key."""
    stamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": keys().wechat_serial,
        "Wechatpay-Signature": signature(f"{stamp}\n{nonce}\n".encode() + body + b"\n", key=key),
        "Wechatpay-Signature-Type": SCHEME,
    }


def closed(text: str, *, about: str) -> dict[str, str]:
    """A text that only the merchant's key opens."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(keys().wechat_api_key.encode()).encrypt(nonce.encode(), text.encode(), about.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": about,
        "ciphertext": base64.b64encode(sealed).decode(),
    }
