"""What a process loads at its start: a command little, the web server all that a shopper may need."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pkgutil import resolve_name

import pytest

from tests.house.plan import SOURCE

# Large, and needed by few processes; each is loaded when it is first asked for something.
DEAR = frozenset(
    (
        "alipay",
        "altair",
        "cryptography",
        "duckdb",
        "jinja2",
        "jsonschema",
        "narwhals",
        "ninja",
        "pandas",
        "pptx",
        "pydantic",
        "requests",
        "rjieba",
        "scipy",
        "stripe",
        "tencentcloud",
        "vl_convert",
        "wechatpayv3",
        "xlsxwriter",
        "zhanggui.doors.api.surface",
        "zhanggui.doors.imports.actions",
        "zhanggui.doors.rehearsal.simulator",
    )
)
# What stands behind the pages of the shop and of its API.
HOT = frozenset(
    ("alipay", "ninja", "pydantic", "rjieba", "scipy", "stripe", "wechatpayv3", "zhanggui.doors.api.surface")
)
LATE = re.findall(r'late\("([^"]+)"\)', (SOURCE / "zhanggui/config/wiring.py").read_text())


def _loaded(start: str) -> set[str]:
    """The dear modules that a process has loaded after it has done so much."""
    script = f"import sys\n{start}\nprint(*sys.modules, sep='\\n')"
    command = [sys.executable, "-P", "-c", script]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    return DEAR.intersection(done.stdout.split())


@pytest.mark.parametrize("command", ["examine", "prepare", "relay", "worker"])
def test_a_command_loads_nothing_that_is_dear(command: str) -> None:
    get = f"commands.get_command(None, {command!r})"
    assert _loaded(f"from zhanggui.doors.commands.main import commands\n{get}") == set()


def test_the_web_server_has_loaded_what_shoppers_need_before_the_first_comes() -> None:
    assert _loaded("import zhanggui.config.wsgi") >= HOT


@pytest.mark.parametrize("address", LATE)
def test_what_is_loaded_late_is_there(address: str) -> None:
    assert callable(resolve_name(address))
