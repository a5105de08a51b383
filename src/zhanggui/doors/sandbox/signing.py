"""What Alipay and WeChat Pay sign with: RSA over SHA-256."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def signature(content: bytes, *, key: str) -> str:
    """The signature of a private key in PEM, in Base64."""
    return base64.b64encode(_read(key).sign(content, PKCS1v15(), hashes.SHA256())).decode()


@lru_cache(maxsize=8)
def _read(key: str) -> rsa.RSAPrivateKey:
    # Reading looks whether its numbers are prime, which takes thirty times as long as signing.
    private = load_pem_private_key(key.encode(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101 -- for the type checker; we made it
    return private
