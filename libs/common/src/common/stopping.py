"""The end of a process at SIGTERM: within `STOP_SECONDS`, whatever it waits for, with status 0.

A server that is cut off answers neither a query nor the end of a connection, so an orderly end may
take a minute.
"""

import os
import signal
import sys
import threading
from typing import Final

from common.logs import get_logger

STOP_SECONDS: Final = 10.0
# What running requests and jobs get of it; the rest is for closing connections.
GRACE_SECONDS: Final = 8

# What a process gets that serves nothing yet.
START_SECONDS: Final = 2.0

log = get_logger(__name__)


def stop_at_signals() -> None:
    """End at SIGTERM, which the first process of a container ignores unless it has a handler.

    A server that handles signals itself replaces this for as long as it runs.
    """
    signal.signal(signal.SIGTERM, _stop)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_end_after_signal, args=(reader,), daemon=True).start()


def end_within(seconds: float = STOP_SECONDS) -> None:
    """End the process after so long, unless it has ended by itself."""
    timer = threading.Timer(seconds, _end)
    timer.daemon = True
    timer.start()


def _end_after_signal(reader: int) -> None:
    # Handlers run between two steps of the interpreter, of which a query for a name is one.
    while signal.SIGTERM not in os.read(reader, 1):
        pass
    end_within(START_SECONDS)


def _stop(_number: int, _frame: object) -> None:
    end_within()
    sys.exit(0)


def _end() -> None:
    log.warning("stop_cut_short")
    sys.stdout.flush()
    os._exit(0)
