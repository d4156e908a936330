"""Linux packet filters on listening sockets, by which a server takes no more connections.

Elsewhere, and where the kernel refuses them, they do nothing.
"""

import contextlib
import ctypes
import os
import socket
import sys
from collections.abc import Sequence
from typing import Final, Protocol

# Operation, where to go on if a comparison holds and if not, and a value (linux/filter.h).
Instruction = tuple[int, int, int, int]
RETURN: Final = 0x06
_SO_ATTACH_REUSEPORT_CBPF: Final = 51
_SO_DETACH_REUSEPORT_BPF: Final = 68
# The listeners of a port are numbered as they began; a number that there is not means any of them.
_TO_THE_SECOND: Final = ((RETURN, 0, 0, 1),)


class Listener(Protocol):
    """A listening socket, also one that a loop gives to look at only."""

    def fileno(self) -> int:
        """Its number."""
        ...


def let_others_take(listener: Listener) -> None:
    """Leave new connections to the listener of this port (SO_REUSEPORT) that began after this one.

    Until `let_all_take`. Alone on its port, or the last of two that began, it goes on taking them.
    """
    _set(listener, _SO_ATTACH_REUSEPORT_CBPF, _program(_TO_THE_SECOND))


def let_all_take(listener: Listener) -> None:
    """Let all listeners of this port share again."""
    _set(listener, _SO_DETACH_REUSEPORT_BPF, bytes(4))


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def _program(instructions: Sequence[Instruction]) -> _Program:
    count = len(instructions)
    return _Program(count, (_Instruction * count)(*(_Instruction(*each) for each in instructions)))


def _set(listener: Listener, option: int, value: ctypes.Structure | bytes) -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(listener.fileno())) as own:
        own.setsockopt(socket.SOL_SOCKET, option, bytes(value))
