"""Load by wrk: requests a second, latencies, and what was not answered with 2xx."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final
from urllib.request import Request, urlopen

_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_PERCENTILE: Final = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s|m)\b")
_REQUESTS: Final = re.compile(r"(\d+) requests in ")
_FAILED: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")
CONNECTIONS: Final = 64
READY_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One run."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


def until_serving(url: str, token: str) -> None:
    """Poll until it answers with 2xx: a server may listen before it has read its routes."""
    request = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - loopback
    deadline = monotonic() + READY_SECONDS
    while True:
        try:
            with urlopen(request, timeout=5):  # noqa: S310 - loopback
                return
        except OSError as error:
            if monotonic() > deadline:
                raise RuntimeError(f"{url}: {error}") from None
            sleep(0.1)


def measure(
    wrk: str, url: str, token: str, seconds: float, cpu_seconds: Callable[[], float] = lambda: 0.0
) -> Measured:
    """Run wrk with one thread; `cpu_seconds` is what the measured processes have used so far.

    Raises RuntimeError when anything was refused or lost.
    """
    used = cpu_seconds()
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency"]
    command += ["-H", f"Authorization: Bearer {token}", url]
    run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - wrk
    output = run.stdout
    if _FAILED.search(output) or "Socket errors" in output:
        raise RuntimeError(f"{url}: not all was answered with 2xx:\n{output}")
    rate = _RATE.search(output)
    if rate is None:
        raise RuntimeError(output)
    percentiles = {
        each[0]: float(each[1]) * _UNITS[each[2]] for each in _PERCENTILE.findall(output)
    }
    requests = _REQUESTS.search(output)
    served = int(requests[1]) if requests is not None else 0
    cpu_us = (cpu_seconds() - used) * 1_000_000 / max(1, served)
    return Measured(float(rate[1]), percentiles["50"], percentiles["99"], cpu_us)
