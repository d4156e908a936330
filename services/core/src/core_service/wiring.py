"""The composition: the one module that names every concrete class.

The API, the worker and the commands are built from it.
"""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.admission import InFlight
from common.audit.checkpoints import CheckpointKeys
from common.audit.lag import SealingLag
from common.audit.maintenance import chain_services
from common.clock import Clock, SystemClock
from common.composition import Registry, Units, register
from common.court_lists import CourtLists
from common.database import Database
from common.keyset import Pager
from common.pages import CursorSigner
from common.revocations import ServiceRevocations
from common.sampling import Sampler
from core_service.activities.imported_repository import ImportedRepository
from core_service.activities.repository import ActivityRepository
from core_service.activities.reverting import ImportReverting
from core_service.activities.seats import Seats
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.aliases.models import JUDGE_COLUMNS as ALIAS_COLUMNS
from core_service.aliases.reading import AliasReading, OriginConditions
from core_service.aliases.repository import AliasRepository
from core_service.aliases.service import AliasService, RowRelease
from core_service.aliases.suggestions import AliasSuggestions
from core_service.assignments.derivation import AssignmentDerivation
from core_service.assignments.models import JUDGE_COLUMNS as ASSIGNMENT_COLUMNS
from core_service.assignments.repository import AssignmentRepository
from core_service.assignments.service import AssignmentService, BulkReassignment
from core_service.audit_events.repository import AuditRepository
from core_service.audit_events.service import AuditReading
from core_service.auth_clients import AuthClients
from core_service.cases.history import CaseHistory
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.models import JUDGE_COLUMNS as CASE_COLUMNS
from core_service.cases.repository import CaseRepository
from core_service.cases.search.service import CaseSearch
from core_service.cases.service import CaseLedger, CaseService
from core_service.court_calendar import CourtCalendar
from core_service.dashboard.analytics import Analytics
from core_service.dashboard.repository import RecentRepository
from core_service.dashboard.service import RecentActivity
from core_service.database import open_database
from core_service.documents.streams import OpenDownloads, OpenStreams
from core_service.entries.service import EntryService
from core_service.entries.timeline import TimelineReading
from core_service.exports.repository import ExportRepository
from core_service.exports.service import ExportService
from core_service.hearings.derivation import Diary
from core_service.hearings.models import JUDGE_COLUMNS as HEARING_COLUMNS
from core_service.hearings.repository import HearingRepository
from core_service.hearings.service import HearingService
from core_service.jobs import QUEUE, JobQueue, build_jobs
from core_service.judge_columns import JudgeColumns
from core_service.judges.merging import JudgeMerging
from core_service.judges.postings import PostingRepository, PostingService
from core_service.judges.references import JudgeReferences
from core_service.ledger.arrivals import Arrivals, CourtSpellings
from core_service.ledger.facts import HearingDerivation, LeadDerivation
from core_service.ledger.rebuilding import Rebuilding
from core_service.ledger.repository import LedgerRepository
from core_service.ledger.service import Ledger
from core_service.links.repository import LinkRepository
from core_service.links.service import LinkService
from core_service.metrics.folding import CaseloadFolding, sample_unfolded
from core_service.metrics.repository import FigureRepository
from core_service.metrics.service import FigureService
from core_service.metrics.stored import FigureAnswers, StoredAnswers
from core_service.models import AUDIT_CHAIN
from core_service.proposals.handlers.cases import CaseHandlers
from core_service.proposals.handlers.shared_data import SharedDataHandlers
from core_service.proposals.models import LaterHandlers
from core_service.proposals.repository import ChangeRequestRepository
from core_service.proposals.service import ProposalService
from core_service.reference.seed import Seeding
from core_service.reference.service import ReferenceService
from core_service.reference.sittings import CalendarLoader
from core_service.reports.repository import SnapshotRepository
from core_service.reports.restatement import Restatements
from core_service.reports.service import Publishing, ReportService
from core_service.returns import batch_metrics
from core_service.returns.alias_origins import alias_origins
from core_service.returns.application import ChunkApplication
from core_service.returns.compliance import ComplianceService
from core_service.returns.compliance_repository import ComplianceRepository
from core_service.returns.difference import ImportDifference
from core_service.returns.downloads import Downloads
from core_service.returns.event_repository import EventRepository
from core_service.returns.events import BatchEvents, Pace
from core_service.returns.files.limits import MIB
from core_service.returns.judging.chunk import ChunkJudge
from core_service.returns.judging.loader import VocabularyCache, VocabularyLoader
from core_service.returns.locking import ChunkServices
from core_service.returns.models import ImportLimits
from core_service.returns.processing import BatchProcessing
from core_service.returns.recognition import RecognisedRows
from core_service.returns.recording import RowRecorder
from core_service.returns.repair import RowRepairs
from core_service.returns.repository import ImportRepository
from core_service.returns.revert_job import RevertJob, RevertServices
from core_service.returns.revert_repository import LaterImports
from core_service.returns.reverting import RevertRequests
from core_service.returns.row_repository import RowRepository
from core_service.returns.service import RELEASE_TASK, ImportService
from core_service.returns.spelling_repository import SpellingRepository
from core_service.returns.stored_judge import StoredJudge
from core_service.returns.submission import ReturnSubmission
from core_service.returns.tasks import FileRetention
from core_service.returns.turns import Turns
from core_service.returns.validation import ChunkValidation
from core_service.returns.visibility import VisibleRows
from core_service.settings import AUDIENCE, CoreSettings
from core_service.transfers.service import TransferService
from core_service.users.directory import UserDirectory
from core_service.users.grants import GrantDirectory
from core_service.versions.service import VersionService

JUDGE_COLUMNS: Final = JudgeColumns(
    (*CASE_COLUMNS, *ASSIGNMENT_COLUMNS, *HEARING_COLUMNS, *ALIAS_COLUMNS)
)

# Built for a unit of work, by the types of their fields.
SERVICES: Final[tuple[type[Any], ...]] = (
    ActivityRepository,
    ActivityService,
    AliasReading,
    AliasRepository,
    AliasService,
    AliasSuggestions,
    Arrivals,
    AssignmentDerivation,
    AssignmentRepository,
    AssignmentService,
    AuditReading,
    AuditRepository,
    BatchEvents,
    BatchProcessing,
    BulkReassignment,
    CalendarLoader,
    CaseHandlers,
    CaseHistory,
    CaseLifecycle,
    CaseRepository,
    CaseSearch,
    CaseloadFolding,
    CaseService,
    ChangeRequestRepository,
    ProposalService,
    ChunkApplication,
    ChunkJudge,
    ChunkServices,
    ChunkValidation,
    ComplianceRepository,
    ComplianceService,
    Diary,
    Downloads,
    Analytics,
    RecentActivity,
    RecentRepository,
    Publishing,
    ReportService,
    Restatements,
    SnapshotRepository,
    EntryService,
    ExportRepository,
    ExportService,
    FigureAnswers,
    FigureRepository,
    FigureService,
    FileRetention,
    HearingRepository,
    HearingService,
    ImportDifference,
    ImportRepository,
    ImportReverting,
    ImportService,
    ImportedRepository,
    JudgeMerging,
    JudgeReferences,
    LaterImports,
    Ledger,
    LedgerRepository,
    LinkRepository,
    LinkService,
    PostingRepository,
    PostingService,
    Rebuilding,
    ReferenceService,
    SharedDataHandlers,
    ReturnSubmission,
    RevertJob,
    RevertRequests,
    RevertServices,
    RecognisedRows,
    RowRecorder,
    RowRepairs,
    RowRepository,
    EventRepository,
    SpellingRepository,
    StoredJudge,
    Seats,
    Seeding,
    VisibleRows,
    TimelineReading,
    TransferService,
    VersionService,
    VocabularyLoader,
    Voiding,
)

# What a feature asks of one above it, and the service that does it.
ABOVE: Final[Mapping[type[Any], type[Any]]] = {
    CaseLedger: Ledger,
    CourtSpellings: AliasRepository,
    LeadDerivation: AssignmentDerivation,
    HearingDerivation: Diary,
    LaterHandlers: RevertRequests,
}


def wire(settings: CoreSettings, clock: Clock | None = None) -> Units:
    """Everything from the settings; nothing connects before it is used."""
    clock, registry = clock or SystemClock(), Registry()
    database_url = settings.database_url.get_secret_value()
    units = Units(registry, open_database(database_url, settings.database_spare_password))
    _register_process(units, settings, clock)
    _register_auth(registry, settings, clock)
    _register_audit(units, settings, clock)
    register(registry, {}, SERVICES, ABOVE)
    _register_special(units)
    return units


def _register_process(units: Units, settings: CoreSettings, clock: Clock) -> None:
    registry = units.registry
    database_url = settings.database_url.get_secret_value()
    signer = CursorSigner.of(settings.cursor_key)
    registry.register_value(Database, units.database, on_registry_close=units.database.close)
    register(
        registry,
        {
            Units: units,
            Clock: clock,
            CourtCalendar: CourtCalendar(clock, ZoneInfo(settings.timezone)),
            CursorSigner: signer,
            Pager: Pager(signer),
            JobQueue: JobQueue(build_jobs(database_url, settings.database_spare_password)),
            InFlight: InFlight.of(settings),
            Turns: Turns(),
            VocabularyCache: VocabularyCache(),
            OpenStreams: OpenStreams(),
            OpenDownloads: OpenDownloads(limit=settings.max_downloads),
            StoredAnswers: StoredAnswers(),
            Pace: Pace(),
            ImportLimits: ImportLimits(
                settings.max_unread_imports,
                settings.max_stored_mebibytes * MIB,
                settings.max_new_spellings,
                settings.return_file_days,
            ),
        },
    )


def _register_auth(registry: Registry, settings: CoreSettings, clock: Clock) -> None:
    auth = AuthClients.build(settings)
    registry.register_value(AuthClients, auth, on_registry_close=auth.close)
    register(
        registry,
        {
            UserDirectory: UserDirectory(auth.for_requests, clock),
            CourtLists: CourtLists(auth.for_requests),
            GrantDirectory: GrantDirectory(auth.for_jobs, AUDIENCE),
            ServiceRevocations: ServiceRevocations(auth.for_requests, clock),
        },
    )


def _register_audit(units: Units, settings: CoreSettings, clock: Clock) -> None:
    keys = CheckpointKeys(settings.audit_secrets())
    chain = chain_services(AUDIT_CHAIN, units.database, clock, keys, settings.audit_anchors)
    samples = (SealingLag(AUDIT_CHAIN).sample, QUEUE.sample, batch_metrics.sample, sample_unfolded)
    sampler = {Sampler: Sampler(units.database, samples)}  # the worker runs it
    register(units.registry, {CheckpointKeys: keys} | chain | sampler)


def _register_special(units: Units) -> None:
    """Values that need the composition itself."""
    register(
        units.registry,
        {
            JudgeColumns: JUDGE_COLUMNS,
            OriginConditions: OriginConditions(alias_origins),
            RowRelease: RowRelease(units.get(JobQueue), RELEASE_TASK),
        },
    )
