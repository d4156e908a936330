"""Who sends returns, and the sample return."""

from pathlib import Path
from typing import Final

import pytest

from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import Desk

SAMPLE: Final = Path(__file__).parents[2] / "data" / "return-testville.csv"


@pytest.fixture
def desk(core: Units, api: Api) -> Desk:
    """The desk of the clerk of both courts of Testville."""
    return Desk(core, api.user(Role.DATA_ENTRY, TESTVILLE, APPEAL))


@pytest.fixture
def sample() -> bytes:
    return SAMPLE.read_bytes()
