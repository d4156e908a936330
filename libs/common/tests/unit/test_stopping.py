"""A process ends with status 0: at once while it starts, and in time whatever it waits for."""

import subprocess
import sys
from signal import SIGTERM
from time import monotonic

STARTING = """
from common.stopping import stop_at_signals
stop_at_signals()
print("ready", flush=True)
import time
time.sleep(60)
"""
# In one step of the interpreter, as a query for a name is.
BLOCKED = """
from common.stopping import stop_at_signals
stop_at_signals()
import ctypes
ctypes.CDLL(None).system(b"echo ready; exec sleep 9 >&-")
"""
# As a driver does that waits for a server which has been cut off, and handles no signal.
WAITING = """
import signal, time
from common.stopping import end_within
signal.signal(signal.SIGTERM, lambda *_: end_within(0.3))
print("ready", flush=True)
end = time.monotonic() + 60
while time.monotonic() < end:
    time.sleep(1)
"""


def ended(program: str) -> tuple[int, float]:
    """The status with which a program ends after SIGTERM, and after how many seconds."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        begun = monotonic()
        process.send_signal(SIGTERM)
        return process.wait(30), monotonic() - begun


def test_one_that_is_starting_ends_at_once() -> None:
    status, seconds = ended(STARTING)
    assert status == 0
    assert seconds < 5


def test_one_that_no_handler_interrupts_ends_all_the_same() -> None:
    status, seconds = ended(BLOCKED)
    assert status == 0
    assert seconds < 7


def test_one_that_waits_for_ever_is_ended_when_its_time_is_over() -> None:
    status, seconds = ended(WAITING)
    assert status == 0
    assert seconds < 5
