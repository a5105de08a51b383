"""The payment sandbox as a process of its own, and a shop's server that writes down what it is told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx

from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.place import address_of
from zhanggui.shop.payments.rules import Message

# A provider's day takes seventeen seconds, an answer that hangs three.
PACE, HANG_SECONDS = "0.0002", "3"
_OPENING_SECONDS = 120.0


class Sandbox:
    """The running process, and what a shopper or a tester does with it."""

    def __init__(self) -> None:
        self.address = address_of()
        environment = os.environ | {"ZHANGGUI_SANDBOX_PACE": PACE, "ZHANGGUI_SANDBOX_HANG": HANG_SECONDS}
        line = [sys.executable, "-m", "zhanggui", "sandbox", "--port", self.address.rpartition(":")[2]]
        self._process = subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._web = httpx.Client(base_url=self.address, trust_env=False, timeout=10)
        eventually(self._answers, seconds=_OPENING_SECONDS)

    def end(self) -> None:
        self._web.close()
        self._process.terminate()
        self._process.wait(20)

    def decide(self, method: str, payment_id: str, choice: str) -> dict[str, Any]:
        """What a shopper chooses on the provider's page."""
        return self._control("decide", method=method, payment_id=_number(method, payment_id), choice=choice)

    def spoil(
        self, method: str, call: str, trouble: str, *, payment_id: str = "", times: int = 1, amount: int = 0
    ) -> None:
        """Let calls of the shop's server go wrong."""
        named = _number(method, payment_id) if payment_id else ""
        wish = {"method": method, "call": call, "trouble": trouble, "payment_id": named}
        self._control("trouble", **wish, times=times, amount_minor=amount)

    def known(self, method: str, payment_id: str) -> dict[str, list[dict[str, Any]]]:
        """What the provider has in its books about a payment."""
        asked = {"method": method, "payment_id": _number(method, payment_id)}
        answer = self._web.get("/control/known", params=asked, headers=_key())
        found: dict[str, list[dict[str, Any]]] = answer.json()
        return found

    def is_silent(self, shop: str) -> bool:
        """Whether the shop at that address has heard everything."""
        return bool(self._web.get("/control/waiting", params={"shop": shop}, headers=_key()).json()["count"] == 0)

    def page(self, method: str, payment_id: str) -> str:
        """The address of the page of a charge."""
        return f"{self.address}/sandbox/pay/{self.known(method, payment_id)['charges'][0]['token']}"

    def _control(self, verb: str, **said: Any) -> dict[str, Any]:
        answer = self._web.post(f"/control/{verb}", json=said, headers=_key())
        assert answer.status_code in (200, 409), answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the sandbox did not start"
        try:
            return self._web.get("/health").status_code == 200
        except httpx.HTTPError:
            return False


class ShopServer:
    """A shop's server that writes down what it is told; it answers with these, then with what is right."""

    def __init__(self) -> None:
        heard: list[Message] = []
        answers: list[tuple[int, bytes]] = []

        class Ears(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append(Message(body=body, headers=dict(self.headers.items())))
                status, said = answers.pop(0) if answers else (200, b"success")
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.heard, self.answers = heard, answers
        self._server = HTTPServer(("127.0.0.1", 0), Ears)
        self.address = f"http://127.0.0.1:{self._server.server_port}/notify"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def hears(self, count: int = 1, *, seconds: float = 10.0) -> list[Message]:
        """So many messages, oldest first, once they have come."""
        eventually(lambda: len(self.heard) >= count, seconds=seconds)
        return self.heard[:count]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def eventually(condition: Callable[[], bool], *, seconds: float) -> None:
    """Wait until it is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def _key() -> dict[str, str]:
    return {"Authorization": f"Bearer {keys().control}"}


def _number(method: str, payment_id: str) -> str:
    """Our id as that provider has it."""
    return payment_id.replace("-", "") if method in ("alipay", "wechat") else payment_id
