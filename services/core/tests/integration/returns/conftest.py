"""Who sends returns, and the sample return."""

from pathlib import Path
from typing import Final

import pytest

from common.composition import Units
from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient

SAMPLE: Final = Path(__file__).parents[2] / "data" / "return-testville.csv"


@pytest.fixture
def returns(core: Units, api: Api) -> ReturnsClient:
    """The returns of the clerk of both courts of Testville."""
    return ReturnsClient(core, api.user(Role.DATA_ENTRY, TESTVILLE, APPEAL))


@pytest.fixture
def sample() -> bytes:
    return SAMPLE.read_bytes()
