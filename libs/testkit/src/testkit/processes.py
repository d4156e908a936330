"""Whether processes of the tests have ended, according to /proc."""

import time
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether the process exists and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # a zombie has ended; the machine's init may be slow to collect it


def wait_until_ended(*pids: int) -> None:
    """Poll until all have ended; the test's time limit is the deadline."""
    while any(is_running(pid) for pid in pids):
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """The process IDs of a process's children, which the kernel lists by thread."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]
