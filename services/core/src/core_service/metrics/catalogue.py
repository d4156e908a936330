"""Every figure, in the order of the API's description."""

from collections.abc import Mapping
from typing import Final

from core_service.metrics.adjournments import Adjournments
from core_service.metrics.backlog import Backlog
from core_service.metrics.clearance import Clearance
from core_service.metrics.custody import Custody
from core_service.metrics.date_certainty import DateCertainty
from core_service.metrics.disposition_time import DispositionTime
from core_service.metrics.frame import Figure
from core_service.metrics.judgment_delivery import JudgmentDelivery
from core_service.metrics.matrix import Matrix
from core_service.metrics.pending_age import PendingAge
from core_service.metrics.productivity import Productivity
from core_service.metrics.quality import Quality
from core_service.metrics.time_to_disposition import TimeToDisposition
from core_service.metrics.workload import Workload

FIGURES: Final[tuple[Figure, ...]] = (
    Matrix(),
    Clearance(),
    DispositionTime(),
    TimeToDisposition(),
    PendingAge(),
    DateCertainty(),
    Adjournments(),
    Backlog(),
    JudgmentDelivery(),
    Productivity(),
    Custody(),
    Workload(),
    Quality(),
)
BY_NAME: Final[Mapping[str, Figure]] = {figure.name: figure for figure in FIGURES}
