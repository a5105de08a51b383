"""What a browser keeps for us under our signature: Django's own, but made with a key that is derived once.

Django derives a signer's key anew for every signature. A page reads two signed cookies and writes one, and that took
longer than filling its holes.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, Generic, TypeVar

import msgspec
from django.core import signing
from django.utils.encoding import force_bytes

V = TypeVar("V")


class Seal(signing.Signer):
    """Signs as `signing.Signer` with the same salt does; each reads what the other has signed."""

    def __init__(self, salt: str) -> None:
        super().__init__(salt=salt)
        derived = hashlib.sha256(f"{salt}signer".encode() + force_bytes(self.key)).digest()
        self._begun: Final = hmac.new(derived, digestmod="sha256")

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """The signature of a value; of an older key it is made the long way."""
        if key is not None and key != self.key:
            return super().signature(value, key)
        signed = self._begun.copy()
        signed.update(value.encode() if isinstance(value, str) else value)
        return _written(signed.digest())


class Sealed(Generic[V]):
    """Values of one kind under a seal, as `sign_object` writes them."""

    def __init__(self, kind: type[V], *, salt: str, nothing: V) -> None:
        self._seal: Final = Seal(salt)
        self._decoder: Final = msgspec.json.Decoder(kind)
        self._encoder: Final = msgspec.json.Encoder()
        self._nothing: Final = nothing

    def close(self, value: V) -> str:
        """The value as a cookie carries it."""
        return self._seal.sign(_written(self._encoder.encode(value)))

    def open(self, said: str) -> V:
        """The value that a cookie carries; nothing, if we did not sign it or it is of another kind."""
        try:
            text = self._seal.unsign(said)
            return self._decoder.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (signing.BadSignature, msgspec.DecodeError):
            return self._nothing


def _written(said: bytes) -> str:
    return urlsafe_b64encode(said).rstrip(b"=").decode()
