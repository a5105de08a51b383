"""The keys of the sandbox: its own, and what it gave our shop to sign with; made at the first start, never shipped.

They lie in the home folder, readable by its owner only. No Django here: settings read this module.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import msgspec

from zhanggui.base.home import shelf

# The number of the one application of text messages.
TENCENT_APP_ID = "1400000001"


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
    kept = _kept(shelf("sandbox") / "keys.json")
    return msgspec.json.decode(kept, type=Keys)


def _kept(path: Path) -> bytes:
    """What a file of ours holds; made whole and once, whoever else starts at the same time."""
    if not path.exists():
        from zhanggui.doors.sandbox.minting import fresh_keys  # noqa: PLC0415 - its tools are needed once in a home

        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(msgspec.json.encode(fresh_keys()))
        with contextlib.suppress(FileExistsError):  # the first of two starts wins
            os.link(fresh, path)
        fresh.unlink()
    return path.read_bytes()
