"""Ports that tests and the stack choose for themselves."""

import socket
import subprocess
import sys

from devstack.servers.ports import CHOICE, LOOPBACK, free_port, free_ports, free_row

# Chooses every free port of a hundred, says which they are and holds them until its input ends.
OTHER = f"""
import sys
from unittest.mock import patch
from devstack.servers import ports
with patch.object(ports, "_choices", lambda: range({CHOICE.start}, {CHOICE.start + 100})):
    print(*ports.free_ports(100), flush=True)
    sys.stdin.read()
"""


def choosing() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OTHER]
    return subprocess.Popen(  # noqa: S603 - our own script
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_free_port_can_be_listened_on() -> None:
    with socket.create_server((LOOPBACK, free_port())) as server:
        assert server.getsockname()[1] in CHOICE


def test_ports_in_a_row_follow_each_other() -> None:
    first, *others = free_row(4)
    assert others == [first + 1, first + 2, first + 3]


def test_no_port_is_chosen_twice() -> None:
    chosen = free_ports(400)
    assert len(set(chosen)) == 400
    assert not set(chosen) & set(free_ports(400))


def test_two_processes_choose_different_ports() -> None:
    with choosing() as first, choosing() as second:
        chosen = [each.stdout.readline().split() for each in (first, second) if each.stdout]
        first.communicate()
        second.communicate()
    assert len(chosen[0] + chosen[1]) > 50  # either may get more of the hundred
    assert not set(chosen[0]) & set(chosen[1])
