"""A program that calls the API."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from zhanggui.base.outbox.models import Letter

ADDRESS = {
    "recipient": "林小满",
    "phone": "13800138000",
    "country": "CN",
    "region": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "龙井路 1 号",
}


@dataclass
class Caller:
    """Calls with a token or key; every change gets a key of its own unless one is given."""

    token: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=self._headers(headers))

    def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> HttpResponse:
        return self._send("POST", path, body, key, headers)

    def put(self, path: str, body: Any, *, key: str = "", **headers: str) -> HttpResponse:
        return self._send("PUT", path, body, key, headers)

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(path, headers=self._headers({}))

    def upload(self, path: str, body: bytes, *, key: str = "", field: str = "picture") -> HttpResponse:
        sent = {"Idempotency-Key": key or str(uuid4())}
        return self.client.post(path, {field: SimpleUploadedFile("a.exe", body)}, headers=self._headers(sent))

    def _send(self, method: str, path: str, body: Any, key: str, headers: dict[str, str]) -> HttpResponse:
        sent = {"Idempotency-Key": key or str(uuid4()), **headers}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(method, path, data, content_type="application/json", headers=self._headers(sent))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        who = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Accept-Language": "en", **who, **more}


def an_order_of(shopper: Caller, *, sku: str = "CUP", quantity: int = 1, key: str = "") -> HttpResponse:
    """Lay aside, look at the sum, order."""
    assert shopper.post("/api/shop/cart/lines", {"sku": sku, "quantity": quantity}).status_code == 200
    return shopper.post("/api/shop/orders", order_of(shopper), key=key)


def order_of(shopper: Caller) -> dict[str, Any]:
    """The cart as it is, as an order to be."""
    cart = shopper.get("/api/shop/cart?country=CN").json()
    return {
        "cart_version": cart["version"],
        "total": cart["quote"]["total"],
        "contact": {"name": "林小满", "phone": "13800138000"},
        "drops": [{"address": ADDRESS}],
        "provider": "sandbox",
    }


def last_code() -> str:
    """The code in the newest message."""
    letter = Letter.objects.latest("id")
    found = re.search(r"\b\d{6}\b", letter.words)
    assert found
    return found[0]


def ask_code(caller: Caller, handle: str) -> HttpResponse:
    return caller.post("/api/shop/codes", {"handle": handle, "has_agreed": True})


def sign_in(caller: Caller, handle: str = "138 0013 8000") -> Caller:
    """The same somebody with the token of a session."""
    challenge = ask_code(caller, handle).json()["challenge"]
    answer = caller.post("/api/shop/session", {"challenge": challenge, "code": last_code()})
    assert answer.status_code == 201, answer.content
    return Caller(answer.json()["token"])
