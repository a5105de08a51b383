"""A port is looked at before the house is made ready for it."""

from __future__ import annotations

import socket

import pytest

from zhanggui.doors.commands.errors import AddressUnusable, PortTaken
from zhanggui.doors.commands.listening import claim
from zhanggui.doors.commands.rules import Address


def test_a_port_that_another_program_listens_on_is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken) as refused:
            claim(Address(host="127.0.0.1", port=port))

    assert (refused.value.host, refused.value.port) == ("127.0.0.1", port)
    claim(Address(host="127.0.0.1", port=port))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(AddressUnusable) as refused:
        claim(Address(host="203.0.113.9", port=8000))

    assert refused.value.reason
