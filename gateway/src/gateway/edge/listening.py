"""The end of listening, after which nobody who has got through is left without an answer.

Closing a listening socket resets the connections that the kernel holds for it: those whose
handshake is done and which nobody has taken yet. So the door is shut first: the kernel drops the
packets that begin a connection, while handshakes that have begun are finished and taken. Whoever
knocks now is refused a second later, when TCP repeats itself, and has sent nothing.
"""

import contextlib
import ctypes
import os
import socket
import sys
from collections.abc import Iterable
from typing import Final, Protocol

# A program for the kernel's packet filter (linux/filter.h), on the TCP header: drop what has SYN
# without ACK among its flags.
_INSTRUCTIONS: Final = (
    (0x30, 0, 0, 13),  # the byte of the flags
    (0x54, 0, 0, 0x12),  # only SYN and ACK of it
    (0x15, 0, 1, 0x02),  # SYN alone?
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFF),  # let it pass, whole
)
_SO_ATTACH_FILTER: Final = 26


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


class Listener(Protocol):
    """A listening socket, also one that a loop gives to look at only."""

    def fileno(self) -> int:
        """Its number."""
        ...


def let_nobody_in(listeners: Iterable[Listener]) -> None:
    """Take no new connections. Where the kernel has no such filter nothing happens."""
    if sys.platform != "linux":
        return
    count = len(_INSTRUCTIONS)
    instructions = (_Instruction * count)(*(_Instruction(*each) for each in _INSTRUCTIONS))
    program = bytes(_Program(count, instructions))
    for listener in listeners:
        with (
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(listener.fileno())) as shut,
        ):
            shut.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)
