"""The sandbox as a process: its pages, its keys, who may enter, and what the doctor says of it."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape

import httpx
import pytest
from pytest_django.fixtures import Settings

from tests.a_sandbox import Sandbox
from tests.tills import Till
from zhanggui.base.health import State
from zhanggui.base.home import home
from zhanggui.doors.sandbox import texts as texting
from zhanggui.doors.sandbox.checks import answers
from zhanggui.doors.sandbox.keys import keys
from zhanggui.shop.payments.rules import Message


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    """A shopper's browser."""
    with httpx.Client(trust_env=False, headers={"Accept-Language": "en"}) as client:
        yield client


def pressed(web: httpx.Client, address: str, choice: str) -> httpx.Response:
    """Press a button of the page."""
    shown = web.get(address)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
    assert token, shown.text
    return web.post(address, data={"choice": choice, "csrfmiddlewaretoken": token[1]}, headers={"Referer": address})


def test_a_shopper_pays_on_the_page_and_comes_back_with_the_news(
    till_at: Callable[..., Till], web: httpx.Client
) -> None:
    till = till_at("sandbox")
    entered = web.get(till.begin().address)
    page = till.sandbox.address + entered.headers["Location"]
    shown = web.get(page).text
    assert "CN¥71.90" in shown
    assert "No money moves here." in shown
    assert till.payment.order_number in shown
    back = pressed(web, page, "pay")
    assert back.status_code == 302
    carried = back.headers["Location"].partition("?")[2].encode()
    assert till.read(Message(body=carried)) == till.read(till.shop.hears()[0])
    assert "✓ Paid" in web.get(page).text


@pytest.mark.parametrize(("name", "words"), [("stripe", "Stripe"), ("alipay", "Alipay"), ("wechat", "WeChat Pay")])
def test_each_provider_has_its_page_in_the_shoppers_language(
    till_at: Callable[..., Till], web: httpx.Client, name: str, words: str
) -> None:
    till = till_at(name)
    till.begin()
    page = till.sandbox.page(name, till.payment.id)
    assert words in web.get(page).text
    chinese = web.get(page, headers={"Accept-Language": "zh-CN"})
    assert 'lang="zh-Hans"' in chinese.text
    assert "CN¥" not in chinese.text


def test_walking_away_leaves_the_charge_open(till_at: Callable[..., Till], web: httpx.Client) -> None:
    till = till_at("alipay")
    till.begin()
    page = till.sandbox.page("alipay", till.payment.id)
    assert pressed(web, page, "walk_away").headers["Location"] == till.intent.return_to
    assert till.known()["charges"][0]["state"] == "open"


def test_whoever_scanned_a_code_stays_on_the_phone(till_at: Callable[..., Till], web: httpx.Client) -> None:
    till = till_at("wechat")
    page = till.begin().qr
    assert pressed(web, page, "pay").headers["Location"] in page
    assert "on the other screen" in web.get(page).text


def test_a_phone_goes_back_to_the_shop(till_at: Callable[..., Till], web: httpx.Client) -> None:
    till = till_at("wechat")
    page = till.begin(is_phone=True).address
    assert pressed(web, page, "pay").headers["Location"] == f"{till.intent.return_to}?back=1"


def test_a_charge_is_decided_once(till_at: Callable[..., Till], web: httpx.Client) -> None:
    till = till_at("stripe")
    till.begin()
    page = till.sandbox.page("stripe", till.payment.id)
    assert pressed(web, page, "nonsense").status_code == 400
    form = web.get(page).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    said = {"csrfmiddlewaretoken": token[1]}
    assert web.post(page, data=said | {"choice": "pay"}).status_code == 302
    assert web.post(page, data=said | {"choice": "pay"}).status_code == 409
    assert len(till.known()["sayings"]) == 1


def test_buttons_are_guarded_against_other_sites(till_at: Callable[..., Till], web: httpx.Client) -> None:
    till = till_at("stripe")
    till.begin()
    assert web.post(till.sandbox.page("stripe", till.payment.id), data={"choice": "pay"}).status_code == 403
    assert till.known()["charges"][0]["state"] == "open"


@pytest.mark.parametrize("name", ["sandbox", "alipay"])
@pytest.mark.parametrize(("right", "wrong"), [("amount", "amoumt"), ("sign", "s1gn"), ("127.0.0.1%2Fback", "thief")])
def test_a_doorway_that_was_tampered_with_stays_shut(
    till_at: Callable[..., Till], web: httpx.Client, name: str, right: str, wrong: str
) -> None:
    till = till_at(name)
    address = till.provider.begin(till.intent).address
    base, _, query = address.partition("?")
    refused = web.get(f"{base}?{query.replace(right, wrong)}")
    assert refused.status_code == 400
    assert "Nothing was charged" in unescape(refused.text)
    assert till.known()["charges"] == []


def test_text_messages_are_read_on_a_page_whose_address_only_the_shop_knows(
    sandbox: Sandbox, web: httpx.Client
) -> None:
    text = texting.take(recipient="+8613900000005", sign="茶铺", words="904821 <b>", session="")
    page = web.get(f"{sandbox.address}/sandbox/texts/{keys().texts}/").text
    assert f"【茶铺】{text.words.removeprefix('【茶铺】').replace('<b>', '&lt;b&gt;')}" in page
    assert "No text message leaves here." in page
    assert web.get(f"{sandbox.address}/sandbox/texts/{'0' * 32}/").status_code == 404


def test_strangers_are_turned_away(sandbox: Sandbox, web: httpx.Client) -> None:
    assert web.get(f"{sandbox.address}/sandbox/pay/unknown").status_code == 404
    assert web.post(f"{sandbox.address}/control/decide", json={}).status_code == 401
    assert web.post(f"{sandbox.address}/v1/refunds", data={}).status_code == 401
    assert web.get(f"{sandbox.address}/v3/certificates").status_code == 401
    assert "isv.invalid-signature" in web.post(f"{sandbox.address}/gateway.do", data={"method": "x"}).text


def test_a_call_goes_wrong_for_an_amount(till_at: Callable[..., Till], sandbox: Sandbox) -> None:
    till = till_at("wechat")
    sandbox.spoil("wechat", "begin", "fail", amount=till.payment.amount.minor)
    with pytest.raises(Exception, match="status 500"):
        till.begin()
    assert till.begin().qr


def test_the_keys_are_for_their_owner_only(sandbox: Sandbox) -> None:
    folder = home() / "sandbox"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600


def test_the_doctor_says_whether_it_answers(sandbox: Sandbox, settings: Settings) -> None:
    assert answers().state is State.GOOD
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    assert answers().state is State.WATCH
    settings.IS_SANDBOX = False
    assert answers().state is State.GOOD


@pytest.mark.parametrize(
    ("environment", "is_on"),
    [
        ({}, "True"),
        ({"ZHANGGUI_URL": "https://shop.example"}, "False"),
        ({"STRIPE_SECRET_KEY": "x", "STRIPE_WEBHOOK_SECRET": "y"}, "False"),
        ({"ZHANGGUI_URL": "https://shop.example", "ZHANGGUI_SANDBOX": "1"}, "True"),
        ({"ZHANGGUI_SANDBOX": "0"}, "False"),
    ],
)
def test_nobody_pays_with_play_money_where_real_money_moves(environment: dict[str, str], is_on: str) -> None:
    line = "from zhanggui.config import settings as s; print(s.IS_SANDBOX, s.SANDBOX_URL in s.PAYMENT_ORIGINS)"
    told = subprocess.run(
        [sys.executable, "-c", line], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [is_on, is_on]
