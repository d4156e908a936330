"""Services are loaded without garbage collection, which would be a third of their start."""

import subprocess
import sys
from typing import Final

import pytest

# Its settings are missing, so that it ends as soon as all is loaded.
PROGRAM: Final = """
import atexit, gc, runpy
from common import garbage_collection
begun = sum(each["collections"] for each in gc.get_stats())
atexit.register(lambda: print(sum(each["collections"] for each in gc.get_stats()) - begun))
runpy.run_module({module!r}, run_name="__main__")
"""


@pytest.mark.parametrize(
    "module", ["auth_service", "core_service", "core_service.worker", "gateway"]
)
def test_no_garbage_is_collected_while_a_service_is_loaded(module: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM.format(module=module)],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DATABASE_URL" in ended.stderr or "GATEWAY_" in ended.stderr
    assert ended.stdout.strip() == "0", ended.stderr
