"""Endpoints, deliveries, what is sent and how it is signed, where nothing is ever sent."""

from __future__ import annotations

import base64
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from zhanggui.spine.envelope import Envelope
from zhanggui.spine.webhooks.errors import AddressNotAllowed

SIGNATURE_HEADER: Final = "Zhanggui-Signature"
# A word for all facts, those of later versions of this program included.
EVERYTHING: Final = "*"
MOST_ENDPOINTS: Final = 20
LONGEST_ADDRESS: Final = 500
# How long to wait after the first try that failed, the second, and so on; after the last one a person decides.
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60))
# Through it a network without IPv4 reaches addresses of IPv4, private ones too (NAT64, RFC 6052).
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
# Private, though Python takes them for anybody's: compatible (RFC 4291), translated at home (8215), site-local (3879).
_PRIVATE: Final = (IPv6Network("::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))
# How long delivered ones can be looked up.
KEPT_FOR: Final = timedelta(days=30)
_NOT_PERSONAL: Final = (
    *("sku", "category", "order_number", "quantity", "amount_minor", "currency"),
    *("channel", "campaign", "page"),
)


class State(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that wants to hear of facts.

    events  wire names, or `*` for all
    turn    how often the secret was changed
    """

    id: str
    shop: str
    address: str
    events: tuple[str, ...]
    turn: int
    is_active: bool
    made_at: datetime
    waiting: int = 0
    dead: int = 0

    def wants(self, fact: Envelope) -> bool:
        """Whether a fact is to be sent there: one of its shop, chosen, and told after it began to listen."""
        is_chosen = EVERYTHING in self.events or fact.name in self.events
        return self.is_active and is_chosen and fact.shop == self.shop and fact.received_at >= self.made_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One fact on its way to one endpoint.

    status  of the last answer, 0 if there was none; fault: why it failed
    """

    id: int
    endpoint_id: str
    address: str
    fact_id: str
    fact_name: str
    state: State
    tries: int
    status: int
    fault: str
    queued_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a call goes: its network address was looked at before, so that no name can lead elsewhere meanwhile.

    host  as the address says it, for the certificate and the Host header; netloc: with its port
    """

    scheme: str
    host: str
    netloc: str
    port: int
    path: str


def secret_of(endpoint_id: str, *, turn: int, house_key: bytes) -> str:
    """What an endpoint's messages are signed with.

    house_key  the key of the installation; who knows it knows all secrets
    """
    made = hmac.digest(house_key, f"webhook/{endpoint_id}/{turn}".encode(), "sha256")
    return f"whsec_{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def signature(body: bytes, *, secret: str, at: datetime) -> str:
    """The header that proves a message: its second, and an HMAC-SHA256 of second, dot and body.

    source  t=1700000000 and {} with whsec_x -> t=1700000000,v1=<hex of HMAC of b"1700000000.{}">
    """
    second = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), second.encode() + b"." + body, "sha256").hexdigest()
    return f"t={second},v1={mac}"


def body_of(fact: Envelope) -> bytes:
    """A fact as it is sent: who did it by kind only, and nothing of the person or the visit that it was told about."""
    said: dict[str, Any] = {
        "id": str(fact.id),
        "shop": fact.shop,
        "name": fact.name,
        "version": fact.version,
        "at": fact.at,
        "actor": fact.actor.partition(":")[0],
        "subject": fact.subject,
        "cause": str(fact.cause) if fact.cause else None,
        **{name: getattr(fact, name) for name in _NOT_PERSONAL},
        "lines": fact.lines,
        "body": msgspec.Raw(fact.body or b"{}"),
    }
    return msgspec.json.encode(said)


def target_of(address: str, *, may_stay_home: bool) -> Target:
    """An address taken apart, if anything may be sent there at all.

    may_stay_home  this machine may be called without https, for somebody who tries things out
    refuses        AddressNotAllowed
    """
    if len(address) > LONGEST_ADDRESS or any(ord(sign) <= 32 or ord(sign) == 127 for sign in address):
        raise AddressNotAllowed(address=address[:LONGEST_ADDRESS], reason="host")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as unreadable:
        raise AddressNotAllowed(address=address, reason="host") from unreadable
    if not host or parts.username is not None or parts.password is not None or not host.isascii():
        raise AddressNotAllowed(address=address, reason="host")
    is_home = may_stay_home and host in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (is_home and parts.scheme == "http"):
        raise AddressNotAllowed(address=address, reason="scheme")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        scheme=parts.scheme,
        host=host,
        netloc=parts.netloc,
        port=port or (443 if parts.scheme == "https" else 80),
        path=path,
    )


def allowed_ip(found: Iterable[str], *, address: str, may_stay_home: bool) -> str:
    """The network address to call of those that a name has: one private one among them spoils them all.

    refuses  AddressNotAllowed
    """
    every = [ipaddress.ip_address(ip.partition("%")[0]) for ip in found]
    if not every:
        raise AddressNotAllowed(address=address, reason="unknown")
    for ip in every:
        plain = _plain(ip)
        is_home = may_stay_home and plain.is_loopback
        is_ours = not plain.is_global or plain.is_multicast or any(plain in network for network in _PRIVATE)
        if is_ours and not is_home:
            raise AddressNotAllowed(address=address, reason="private")
    return str(every[0])


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one leads to: mapped, through a translator's well-known prefix, or by 6to4."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or ip
