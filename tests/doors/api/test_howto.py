"""The walk of docs/howto/api.md, typed line by line into a shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.a_sandbox import eventually
from tests.doors.api.caller import last_code
from tests.doors.api.conftest import an_office
from tests.growth.promotions.made import a_batch
from tests.shop import made
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.membership import actions as membership
from zhanggui.shop.orders.models import Note, Order
from zhanggui.shop.reviews.models import Answer, Question

HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "api.md"
_ASKS_FOR_THE_CODE = "read -r CODE"


def typed() -> list[str]:
    """All commands, in their order; a command over several lines is one."""
    blocks = re.findall(r"```console\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    lines = "".join(blocks).replace("\n> ", "\n").split("\n$ ")
    return [line.removeprefix("$ ").rstrip() for line in lines]


@pytest.fixture
def address(transactional_db: None, live_server: LiveServer, settings: Settings) -> str:
    """Where a shop with cups answers."""
    settings.OWN_SHOP = made.SHOP
    settings.PUBLIC_URL = live_server.url
    made.a_shop()
    made.a_product("CUP")
    a_batch()
    membership.open_membership(shop=made.SHOP)
    return str(live_server.url)


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("curl")), reason="NO JQ: apt-get install jq curl")
def test_the_walk_of_the_howto_runs_as_it_stands_there(address: str, tmp_path: Path) -> None:
    key = an_office().token
    shell = subprocess.Popen(
        ["bash", "-s"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_PROXY": "*", "KEY": key},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert shell.stdin
    shell.stdin.write("set -eo pipefail\n")
    for line in typed():
        shell.stdin.write(line.replace("http://127.0.0.1:8000", address) + "\n")
        shell.stdin.flush()
        if line == _ASKS_FOR_THE_CODE:
            eventually(lambda: shell.poll() is not None or Letter.objects.exists(), seconds=30)
            shell.stdin.write((last_code() if shell.poll() is None else "") + "\n")
    said, _errors = shell.communicate(timeout=60)

    order = Order.objects.get()
    assert shell.returncode == 0, said
    pieces, address_to_pay, state, *rest = said.split()
    assert (pieces, state) == ("2", '"awaiting_payment"')
    assert address_to_pay.startswith('"http')
    number = f'"{order.number}"'
    offers = ["true", "-1000", '"not_chosen"', "true", '"ordinary"']
    assert rest == ["true", number, "0", "true", '"published"', *offers, "true", number, "true", "true"]
    assert (Note.objects.get().words, Question.objects.get().sku) == ("Gift wrap", "CUP")
    assert Answer.objects.get().words == "可以，放在上层。"
