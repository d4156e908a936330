"""Every figure, in the order of the API's description."""

from collections.abc import Mapping
from typing import Final

from core_service.metrics.clearance import Clearance
from core_service.metrics.frame import Figure
from core_service.metrics.matrix import Matrix

FIGURES: Final[tuple[Figure, ...]] = (
    Matrix(),
    Clearance(),
)
BY_NAME: Final[Mapping[str, Figure]] = {figure.name: figure for figure in FIGURES}
