"""Is there a port to listen on?"""

from __future__ import annotations

import errno
import socket

from zhanggui.doors.commands.errors import AddressUnusable, PortTaken
from zhanggui.doors.commands.rules import Address

_NEIGHBOURS = 20


def claim(address: Address) -> None:
    """See that the port is free, before anything is made ready for it.

    refuses  PortTaken, AddressUnusable
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                raise PortTaken(host=address.host, port=address.port) from refused
            reason = refused.strerror or str(refused)
            raise AddressUnusable(host=address.host, port=address.port, reason=reason) from refused


def beside(address: Address) -> Address:
    """The first free port after an address; the one before it if none of its neighbours is."""
    ports = [port for port in range(address.port + 1, address.port + 1 + _NEIGHBOURS) if port < 65_536]
    neighbours = [Address(host=address.host, port=port) for port in ports]
    return next((one for one in neighbours if _is_free(one)), Address(host=address.host, port=address.port - 1))


def _is_free(address: Address) -> bool:
    try:
        claim(address)
    except PortTaken:
        return False
    return True
