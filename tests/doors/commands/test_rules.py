"""Addresses, command lines and patience."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.doors.commands.rules import LONGEST_WAIT_SECONDS, WEB, Address, Process, wait_before_restart


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (6, 16), (7, 30), (500, 30)])
def test_the_wait_before_a_restart_doubles_up_to_half_a_minute(failures: int, seconds: float) -> None:
    assert wait_before_restart(failures) == seconds


@given(failures=st.integers(min_value=1, max_value=10_000))
def test_the_wait_never_shrinks_and_never_exceeds_its_bound(failures: int) -> None:
    assert wait_before_restart(failures) <= wait_before_restart(failures + 1) <= LONGEST_WAIT_SECONDS


@pytest.mark.parametrize(
    ("host", "url", "is_local"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", True),
        ("localhost", "http://localhost:8000", True),
        ("::1", "http://[::1]:8000", True),
        ("0.0.0.0", "http://127.0.0.1:8000", False),  # noqa: S104 (nothing is bound)
        ("::", "http://[::1]:8000", False),
        ("192.168.1.5", "http://192.168.1.5:8000", False),
    ],
)
def test_an_address_is_shown_as_a_browser_on_this_machine_reaches_it(host: str, url: str, is_local: bool) -> None:
    address = Address(host=host, port=8000)

    assert (address.url, address.is_local) == (url, is_local)


def test_a_command_line_names_host_and_port_where_the_process_asks_for_them() -> None:
    process = Process(name="web", module="server", arguments=("--at", "{host}", "{port}", "app"))

    command = process.command(Address(host="::1", port=8123))

    assert command == [sys.executable, "-P", "-m", "server", "--at", "::1", "8123", "app"]


def test_the_web_server_listens_where_it_is_told_to() -> None:
    command = WEB.command(Address(host="127.0.0.9", port=8123))

    assert command[command.index("--host") + 1] == "127.0.0.9"
    assert command[command.index("--port") + 1] == "8123"
