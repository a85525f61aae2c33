"""Nothing reaches the network: not in this suite, and the command line works without one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_runner import lines_of
from tests.library import LIBRARY
from tests.network_guard import NetworkInTestError

_UNSHARE = ["unshare", "--net", "--map-root-user"]
_NO_NETWORK = """
import socket, sys
try:
    socket.create_connection(("192.0.2.1", 9), timeout=1)
except OSError as error:
    sys.exit(f"no network: {error.errno}")
"""


def can_unshare() -> bool:
    """Whether this machine gives a process an empty network of its own."""
    found = shutil.which("unshare")
    return bool(found) and subprocess.run([*_UNSHARE, "true"], check=False).returncode == 0


class TestTheGuard:
    """Of `conftest.py`, around every test of the suite."""

    @pytest.mark.parametrize(
        ("family", "address"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")]
    )
    def test_refuses_a_connection_and_fails_the_test_that_tried(
        self, refused_connections: list[str], family: socket.AddressFamily, address: str
    ) -> None:
        """Control: also where the error itself is swallowed, as libraries do."""
        with socket.socket(family) as connecting, pytest.raises(NetworkInTestError):
            connecting.connect((address, 9))
        with socket.socket(family) as connecting, pytest.raises(NetworkInTestError):
            connecting.connect_ex((address, 9))
        with socket.socket(family, socket.SOCK_DGRAM) as sending, pytest.raises(NetworkInTestError):
            sending.sendto(b"x", (address, 9))

        assert len(refused_connections) == 3
        refused_connections.clear()

    def test_refuses_to_look_up_a_name(self, refused_connections: list[str]) -> None:
        """A look-up tells another machine what is looked for."""
        with pytest.raises(NetworkInTestError):
            socket.getaddrinfo("desk.example.com", 443)

        assert refused_connections == ["socket.getaddrinfo desk.example.com"]
        refused_connections.clear()

    def test_leaves_local_sockets_alone(self) -> None:
        """An event loop wakes itself up through a pair of them."""
        first, second = socket.socketpair()
        with first, second:
            first.sendall(b"x")

            assert second.recv(1) == b"x"


@pytest.mark.skipif(not can_unshare(), reason="needs the right to make a network namespace")
@pytest.mark.model
def test_the_command_line_works_without_a_network(tmp_path: Path) -> None:
    """With the default model: make a desk, add, search, check, where no network exists."""
    desk = str(tmp_path / "desk.kb")

    def kbsearch(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [*_UNSHARE, sys.executable, "-m", "kbsearch", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=True, timeout=300)

    alone = subprocess.run(
        [*_UNSHARE, sys.executable, "-c", _NO_NETWORK], capture_output=True, check=False, text=True
    )
    kbsearch("init", desk)
    kbsearch("add", "-", "--into", desk, stdin=lines_of(*LIBRARY))
    found = kbsearch("search", "vpn drops after sleep", "-d", desk, "-a", "external")

    assert "no network" in alone.stderr
    assert b"VPN" in found.stdout
    assert kbsearch("check", "-d", desk, "-a", "external").returncode == 0
