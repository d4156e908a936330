"""The journey in the README does what it says, command by command."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from e2e.targets import Target

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
JOURNEY = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_curl_journey_works(
    target: Target, sample_batch: dict[str, Any], tmp_path: Path
) -> None:
    match = JOURNEY.search((ROOT / "README.md").read_text())
    assert match is not None
    script = match[1].replace("http://127.0.0.1:8080", target.url)
    # On this stack the return is in already, and a second one is refused: start after the upload.
    script, replaced = re.subn(r"BATCH=\$\(.*?\n.*?\)\n", f"BATCH={sample_batch['id']}\n", script)
    assert replaced == 1
    done = subprocess.run(  # noqa: S603 - our own README
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - whichever bash the reader has
        env={**os.environ, "PASSWORD": target.password, **_trusting(target, tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "'new': 7" in done.stdout
    assert done.stdout.count('"activity_id"') == 4
    assert done.stdout.rstrip().endswith("401")


def _trusting(target: Target, folder: Path) -> dict[str, str]:
    """How to tell curl by what it can verify the gateway."""
    if target.authority is None:
        return {}
    bundle = folder / "authority.pem"
    bundle.write_text(target.authority)
    return {"CURL_CA_BUNDLE": str(bundle)}
