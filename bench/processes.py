"""What a process has used so far, with the children that it has waited for."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
KIBIBYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time, and the most memory that was resident at once."""

    cpu_seconds: float
    most_resident_mib: float

    def less(self, before: "Usage") -> "Usage":
        """What was used since."""
        return Usage(self.cpu_seconds - before.cpu_seconds, self.most_resident_mib)


def usage(pid: int) -> Usage:
    """By /proc, so on Linux alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # utime, stime, cutime and cstime are the 14th to 17th of the line.
    ticks = sum(int(each) for each in fields[11:15])
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return Usage(ticks / TICKS, int(peak.split()[1]) / KIBIBYTES)
