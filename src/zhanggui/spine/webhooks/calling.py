"""The call itself: looked up, looked at, then made to the very address that was looked at."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx

from zhanggui.spine.webhooks import rules
from zhanggui.spine.webhooks.errors import AddressNotAllowed

_PATIENCE: Final = httpx.Timeout(5.0, connect=3.0)
_LONGEST_FAULT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a call.

    status   0 if nobody answered
    fault    empty if it was heard
    is_down  the endpoint itself is away, so that others need not be tried now
    """

    status: int
    fault: str
    is_down: bool

    @property
    def is_heard(self) -> bool:
        """Whether it need not be sent again."""
        return not self.fault


def call(address: str, body: bytes, *, name: str, secret: str, at: datetime, may_stay_home: bool) -> Answer:
    """Send a message; no redirect is followed, no more than the head of the answer is read."""
    try:
        target = rules.target_of(address, may_stay_home=may_stay_home)
        ip = rules.allowed_ip(_resolved(target), address=address, may_stay_home=may_stay_home)
    except AddressNotAllowed as refused:
        return Answer(status=0, fault=f"address: {refused.reason}", is_down=True)
    headers = {
        "Host": target.netloc,
        "Content-Type": "application/json",
        "User-Agent": "zhanggui-webhooks/1",
        "Zhanggui-Event": name,
        rules.SIGNATURE_HEADER: rules.signature(body, secret=secret, at=at),
    }
    where = f"[{ip}]" if ":" in ip else ip
    request = httpx.Request(
        "POST",
        f"{target.scheme}://{where}:{target.port}{target.path}",
        content=body,
        headers=headers,
        # The certificate must be that of the name, not of the number.
        extensions={"sni_hostname": target.host, "timeout": _PATIENCE.as_dict()},
    )
    try:
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            answer = client.send(request, stream=True)
            answer.close()
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        return Answer(status=0, fault=f"{type(failed).__name__}: {failed}"[:_LONGEST_FAULT], is_down=True)
    status = answer.status_code
    if answer.is_success:
        return Answer(status=status, fault="", is_down=False)
    return Answer(status=status, fault=f"answered {status}", is_down=status >= 500 or status == 429)


def _resolved(target: rules.Target) -> list[str]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]
