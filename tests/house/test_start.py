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
STARTED = ("examine", "prepare", "relay", "worker")
LATE = re.findall(r'late\("([^"]+)"\)', (SOURCE / "zhanggui/config/wiring.py").read_text())


# What every command begins with is loaded once; each then goes on in a copy of that process.
_STARTS = """
import os
import sys
import django
from zhanggui.doors.commands.main import commands
django.setup(set_prefix=False)
for name in sys.argv[1:]:
    if os.fork() == 0:
        commands.get_command(None, name)
        print(name, *sys.modules, flush=True)
        os._exit(0)
    os.wait()
"""


def _said(script: str, *words: str) -> list[str]:
    """The lines that a new process prints."""
    command = [sys.executable, "-P", "-c", script, *words]
    return subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """The modules that each command has loaded when it is about to do its work."""
    return {name: set(modules) for name, *modules in map(str.split, _said(_STARTS, *STARTED))}


@pytest.mark.parametrize("command", STARTED)
def test_a_command_loads_nothing_that_is_dear(command: str, loaded: dict[str, set[str]]) -> None:
    assert f"zhanggui.doors.commands.{command}" in loaded[command]
    assert DEAR & loaded[command] == set()


def test_the_web_server_has_loaded_what_shoppers_need_before_the_first_comes() -> None:
    assert HOT.issubset(_said("import sys, zhanggui.config.wsgi\nprint(*sys.modules, sep='\\n')"))


@pytest.mark.parametrize("address", LATE)
def test_what_is_loaded_late_is_there(address: str) -> None:
    assert callable(resolve_name(address))
