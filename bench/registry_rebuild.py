"""How long `core rebuild` takes on a filled database, and the most memory it holds.

python -m bench.registry_rebuild --database-url postgresql://…
"""

import argparse
import asyncio
import resource
from time import perf_counter, process_time
from typing import Any

from bench.figures import Run

from common.logs import configure_logging
from core_service.rebuild import rebuild
from core_service.wiring import wire
from testkit.core.settings import make_settings


async def measure(url: str) -> dict[str, Any]:
    """Replay every case."""
    core = wire(make_settings(url))
    try:
        started = perf_counter()
        report = await rebuild(core)
        seconds = perf_counter() - started
    finally:
        await core.close()
    return {
        "cases": report.cases,
        "changed": report.changed,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(process_time(), 1),
        "cases_per_second": round(report.cases / seconds),
        "most_resident_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True)
    configure_logging("bench", "ERROR")
    run = Run.begin()
    run.write("registry_rebuild", asyncio.run(measure(parser.parse_args().database_url)))
