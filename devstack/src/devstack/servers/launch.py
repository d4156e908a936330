"""Becomes a server that dies with its parent and, started by root, runs under another account.

Run as a script: `launch.py PARENT SIGNAL UID GID CAPABILITY DIRECTORY PROGRAM ARGUMENT...` with `-`
for what does not apply. It runs between fork and exec as its own program, because Python
code in a forked child of a process with threads can deadlock. Only the standard library.
"""

import ctypes
import os
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_SECUREBITS: Final = 28
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_RAISE: Final = 2
SECBIT_NO_SETUID_FIXUP: Final = 1 << 2
CAPABILITY_VERSION_3: Final = 0x20080522
CANNOT_LAUNCH: Final = 126
ABSENT: Final = "-"


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _prctl(libc: ctypes.CDLL, option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    _check(libc.prctl(option, *padded), f"prctl {option}")


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    """Drop every capability but one, and hand that one to the program through exec."""
    low, high = 1 << capability if capability < 32 else 0, 0  # noqa: PLR2004 - the width of a word
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(low, low, low, high, high, high)
    _check(libc.capset(header, data), "capset")
    _prctl(libc, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _change_account(libc: ctypes.CDLL, uid: int, gid: int, capability: int | None) -> None:
    if capability is not None:
        # Without this bit the kernel ignores the capability in access(2), which Postgres calls
        # on its own path and which fails below a directory that the account may not enter.
        _prctl(libc, PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if capability is not None:
        _keep_only(libc, capability)


def launch(arguments: list[str]) -> None:
    parent, death_signal, uid, gid, capability, directory, *command = arguments
    libc = ctypes.CDLL(None, use_errno=True)
    if uid != ABSENT:
        wanted = None if capability == ABSENT else int(capability)
        _change_account(libc, int(uid), int(gid), wanted)
    if sys.platform == "linux":
        # After the change of account, which would clear it.
        _prctl(libc, PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != int(parent):
            sys.exit(CANNOT_LAUNCH)  # the parent died before its death could be noticed
    os.umask(0o077)
    os.chdir(directory)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    try:
        launch(sys.argv[1:])
    except OSError as error:
        sys.stderr.write(f"launch: {error}\n")
        sys.exit(CANNOT_LAUNCH)
