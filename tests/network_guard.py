"""No test reaches another machine: every attempt of this process to connect fails the test."""

from __future__ import annotations

import socket
import sys
from functools import cache

_REFUSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_FAMILIES = {socket.AF_INET, socket.AF_INET6}


class NetworkInTestError(Exception):
    """Something wanted to connect to another machine, or to this one by its network."""


@cache
def watch_sockets() -> list[str]:
    """Refuse from now on, for good, what goes over the network; returns what was refused."""
    attempts: list[str] = []

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in _REFUSED:
            connecting, address = arguments[0], arguments[-1]
            if isinstance(connecting, socket.socket) and connecting.family in _FAMILIES:
                attempts.append(f"{event} {address}")
                raise NetworkInTestError(attempts[-1])
        elif event == "socket.getaddrinfo":
            attempts.append(f"{event} {arguments[0]}")
            raise NetworkInTestError(attempts[-1])

    sys.addaudithook(refuse)
    return attempts
