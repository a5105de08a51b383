"""The adapter of the sandbox carrier (`doors.carriers`): JSON over HTTP, every message signed, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

import httpx
import msgspec

from zhanggui.base import clock
from zhanggui.shop.fulfilment import rules
from zhanggui.shop.fulfilment.errors import CarrierRefused, CarrierUnreachable, Unreadable
from zhanggui.shop.fulfilment.rules import Label, Message, Scan, Shipment

NAME: Final = "sandbox"
_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCarrier:
    """What the shop knows of the sandbox carrier.

    gateway    the address its interface begins with, without a slash at the end
    notify_to  our address that its server tells at
    key        what both sign with
    """

    gateway: str
    notify_to: str
    key: bytes = field(repr=False)

    def book(self, shipment: Shipment) -> Label:
        """A label for a parcel; the same parcel gives the same label."""
        asked = asdict(shipment) | {"notify_to": self.notify_to}
        answer = self._ask("book", asked)
        return Label(tracking=_text(answer, "tracking"), address=_text(answer, "label"))

    def track(self, tracking: str) -> tuple[Scan, ...]:
        """All that the carrier saw of a parcel so far."""
        return _scans(self._ask("track", {"tracking": tracking}))

    def cancel(self, parcel_id: str) -> None:
        """Give a label back."""
        self._ask("cancel", {"parcel_id": parcel_id})

    def read(self, message: Message, *, at: datetime) -> tuple[Scan, ...]:
        """What a notification says.

        refuses  Forged, Stale, Unreadable
        """
        rules.verify(message, key=self.key, at=at, carrier=NAME)
        return _scans(_decoded(message.body))

    def follow(self, tracking: str) -> str:
        """The carrier's page about a parcel."""
        return f"{self.gateway}/{tracking}"

    def _ask(self, verb: str, said: Mapping[str, Any]) -> dict[str, Any]:
        body = msgspec.json.encode(said)
        headers = {
            "Content-Type": "application/json",
            rules.SIGNATURE_HEADER: rules.signature(body, key=self.key, at=clock.now()),
        }
        try:
            answer = httpx.post(f"{self.gateway}/v1/{verb}", content=body, headers=headers, timeout=_PATIENCE_S)
        except httpx.HTTPError as failed:
            raise CarrierUnreachable(carrier=NAME, reason=f"{type(failed).__name__}: {failed}") from failed
        if answer.status_code == httpx.codes.OK:
            return _decoded(answer.content)
        if 400 <= answer.status_code < 500:
            raise CarrierRefused(carrier=NAME, reason=answer.text[:200])
        raise CarrierUnreachable(carrier=NAME, reason=f"HTTP {answer.status_code}")


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise Unreadable(carrier=NAME, reason=str(wrong)) from wrong


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str):
        raise Unreadable(carrier=NAME, reason=f"no {name}")
    return value


def _scans(said: Mapping[str, Any]) -> tuple[Scan, ...]:
    rows = said.get("scans")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(carrier=NAME, reason="no scans")
    return tuple(rules.scan_of(row, carrier=NAME) for row in rows)
