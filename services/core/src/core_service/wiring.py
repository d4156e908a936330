"""The composition root: the only place that names every concrete class.

`Core` holds what lives as long as the process; its methods build the services of one unit of work.
The API, the worker and the commands all use it.
"""

from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from common.audit_chain.anchors import AnchorFile
from common.audit_chain.audit import ChainAudit
from common.audit_chain.checkpoints import CheckpointKeys
from common.audit_chain.sealer import Sealer
from common.clock import Clock, SystemClock
from common.database import Database
from common.http_client import ClientCredentials, ServiceClient
from common.pages import CursorSigner
from common.revocations import SCOPE as REVOCATIONS_SCOPE
from common.revocations import ServiceRevocations
from core_service.access import guard
from core_service.access.actors import Actor
from core_service.activities.day_list import DayList
from core_service.activities.repository import ActivityRepository
from core_service.activities.service import ActivityService
from core_service.activities.voiding import Voiding
from core_service.aliases.models import Alias
from core_service.aliases.reading import AliasReading
from core_service.aliases.repository import AliasRepository
from core_service.aliases.service import AliasService
from core_service.assignments.book import AssignmentBook
from core_service.assignments.bulk import BulkReassignment
from core_service.assignments.repository import AssignmentRepository
from core_service.assignments.service import AssignmentService
from core_service.audit.chain import AUDIT_CHAIN, SERVICE
from core_service.audit.service import AuditReading, AuditRepository
from core_service.audit.session import AuditedSession
from core_service.cases.lifecycle import CaseLifecycle
from core_service.cases.repository import CaseRepository
from core_service.cases.service import CaseService
from core_service.change_requests.case_deeds import CaseDeeds
from core_service.change_requests.deeds import Deeds
from core_service.change_requests.registry_deeds import RegistryDeeds
from core_service.change_requests.repository import ChangeRequestRepository
from core_service.change_requests.service import ChangeRequestService
from core_service.court_calendar import CourtCalendar
from core_service.hearings.diary import Diary
from core_service.hearings.repository import HearingRepository
from core_service.hearings.service import HearingService
from core_service.history.reading import VersionReading
from core_service.history.service import CaseHistory
from core_service.jobs import JobQueue, build_jobs
from core_service.judges.merging import JudgeMerging
from core_service.judges.postings import PostingRepository, PostingService
from core_service.judges.references import JudgeReferences
from core_service.keyset import Pager
from core_service.ledger.rebuilding import Rebuilding
from core_service.ledger.repository import LedgerRepository
from core_service.ledger.service import Ledger
from core_service.links.repository import LinkRepository
from core_service.links.service import LinkService
from core_service.metrics.repository import FigureRepository
from core_service.metrics.service import FigureService
from core_service.reference.seeding import Seeding
from core_service.reference.service import ReferenceService
from core_service.returns.alias_origins import alias_origins
from core_service.returns.application import ChunkApplication
from core_service.returns.chunk_judge import ChunkJudge
from core_service.returns.holding import Desk
from core_service.returns.limits import MIB, SenderLimits
from core_service.returns.processing import BatchProcessing
from core_service.returns.recording import RowRecorder
from core_service.returns.reference_rows import VocabularyLoader
from core_service.returns.repository import ImportRepository
from core_service.returns.retention import FileRetention
from core_service.returns.row_repository import RowRepository
from core_service.returns.service import ImportService
from core_service.returns.shown_rows import ShownRows
from core_service.returns.validation import ChunkValidation
from core_service.settings import CoreSettings
from core_service.transfers.service import TransferService
from core_service.users.directory import UserDirectory
from core_service.users.grants import SCOPE as GRANTS_SCOPE
from core_service.users.grants import GrantDirectory

AUDIENCE: Final = "core"
AUTH_AUDIENCE: Final = "auth"
# Who asks for grants is a job, or a decision that cannot be taken without the answer.
GRANTS_TIMEOUT_SECONDS: Final = 5.0
AUTH_SCOPES: Final = f"users:read {REVOCATIONS_SCOPE} {GRANTS_SCOPE}"
RELEASE_TASK: Final = "returns:release"


@dataclass(frozen=True, slots=True)
class Core:
    """What lives as long as the process."""

    database: Database
    clock: Clock
    calendar: CourtCalendar
    pager: Pager
    jobs: JobQueue
    users: UserDirectory
    grants: GrantDirectory
    revocations: ServiceRevocations
    audit_keys: CheckpointKeys
    max_new_spellings: int
    anchors: AnchorFile | None = None
    clients: tuple[ServiceClient, ...] = ()
    return_file_days: int = 90
    sender_limits: SenderLimits = field(default_factory=SenderLimits)

    @classmethod
    def build(cls, settings: CoreSettings, clock: Clock | None = None) -> "Core":
        """Everything from the settings; nothing connects before it is used."""
        clock = clock or SystemClock()
        url, anchors = settings.database_url.get_secret_value(), settings.audit_anchors
        # A slow answer is no answer: a page without names is better than one that waits for them.
        token_endpoint = ServiceClient(settings.auth_url, timeout_seconds=1.0, attempts=1)
        tokens = service_tokens(settings, token_endpoint)
        auth = ServiceClient(settings.auth_url, tokens=tokens, timeout_seconds=1.0, attempts=1)
        patient = ServiceClient(
            settings.auth_url, tokens=tokens, timeout_seconds=GRANTS_TIMEOUT_SECONDS
        )
        database = Database.connect(url)
        database.sessions.configure(sync_session_class=AuditedSession)
        guard.install(database.engine)
        return cls(
            database=database,
            clock=clock,
            calendar=CourtCalendar(clock, ZoneInfo(settings.timezone)),
            pager=Pager(CursorSigner(settings.cursor_key.get_secret_value().encode())),
            jobs=JobQueue(build_jobs(url)),
            users=UserDirectory(auth, clock),
            grants=GrantDirectory(patient, AUDIENCE),
            revocations=ServiceRevocations(auth, clock),
            audit_keys=CheckpointKeys(settings.audit_secrets()),
            anchors=AnchorFile(anchors, SERVICE) if anchors is not None else None,
            max_new_spellings=settings.max_new_spellings,
            clients=(auth, patient, token_endpoint),
            return_file_days=settings.return_file_days,
            sender_limits=SenderLimits(
                settings.max_unread_imports, settings.max_stored_mebibytes * MIB
            ),
        )

    async def close(self) -> None:
        """Let go of every connection."""
        for client in self.clients:
            await client.aclose()
        await self.database.close()

    @property
    def sealer(self) -> Sealer:
        """Gives the audit's events their places in the chain."""
        return Sealer(self.database, AUDIT_CHAIN, self.audit_keys, self.clock, self.anchors)

    @property
    def audit_chain(self) -> ChainAudit:
        """Verifies the audit."""
        return ChainAudit(self.database, AUDIT_CHAIN, self.audit_keys, self.clock, self.anchors)

    def audit(self, session: AsyncSession) -> AuditReading:
        return AuditReading(AuditRepository(session), self.pager)

    def ledger(self, session: AsyncSession) -> Ledger:
        diary = Diary(HearingRepository(session), self.clock)
        book = AssignmentBook(AssignmentRepository(session), self.clock)
        return Ledger(LedgerRepository(session), diary, book, self.clock)

    def hearings(self, session: AsyncSession) -> HearingService:
        return HearingService(
            hearings=HearingRepository(session),
            cases=self.cases(session),
            ledger=self.ledger(session),
            clock=self.clock,
            calendar=self.calendar,
            pager=self.pager,
        )

    def rebuilding(self, session: AsyncSession) -> Rebuilding:
        return Rebuilding(CaseRepository(session), self.ledger(session), self.history(session))

    def cases(self, session: AsyncSession) -> CaseService:
        return CaseService(
            cases=CaseRepository(session),
            ledger=self.ledger(session),
            history=self.history(session),
            pager=self.pager,
            clock=self.clock,
            calendar=self.calendar,
        )

    def history(self, session: AsyncSession) -> CaseHistory:
        return CaseHistory(session, self.clock)

    def versions(self, session: AsyncSession) -> VersionReading:
        return VersionReading(
            history=self.history(session),
            activities=self.activities(session),
            cases=self.cases(session),
            pager=self.pager,
        )

    def lifecycle(self, session: AsyncSession) -> CaseLifecycle:
        ledger, history = self.ledger(session), self.history(session)
        return CaseLifecycle(self.cases(session), ledger, history, self.clock)

    def links(self, session: AsyncSession) -> LinkService:
        cases, history = self.cases(session), self.history(session)
        return LinkService(LinkRepository(session), cases, history, self.clock)

    def voiding(self, session: AsyncSession) -> Voiding:
        return Voiding(
            activities=ActivityRepository(session),
            cases=self.cases(session),
            ledger=self.ledger(session),
            history=self.history(session),
            clock=self.clock,
        )

    def transfers(self, session: AsyncSession) -> TransferService:
        return TransferService(
            cases=self.cases(session),
            activities=self.activities(session),
            known=ActivityRepository(session),
            lifecycle=self.lifecycle(session),
            links=self.links(session),
            ledger=self.ledger(session),
            calendar=self.calendar,
        )

    def assignments(self, session: AsyncSession) -> AssignmentService:
        return AssignmentService(
            assignments=AssignmentRepository(session),
            ledger=self.ledger(session),
            history=self.history(session),
            clock=self.clock,
            calendar=self.calendar,
            pager=self.pager,
        )

    def bulk_reassignment(self, session: AsyncSession) -> BulkReassignment:
        service = self.assignments(session)
        return BulkReassignment(AssignmentRepository(session), service, self.calendar)

    def change_requests(self, session: AsyncSession) -> ChangeRequestService:
        of_cases = CaseDeeds(
            cases=self.cases(session),
            activities=self.activities(session),
            voiding=self.voiding(session),
            lifecycle=self.lifecycle(session),
            transfers=self.transfers(session),
            calendar=self.calendar,
        )
        merging, aliases = self.judge_merging(session), self.aliases(session)
        of_registry = RegistryDeeds(merging, aliases, self.reference(session))
        deeds = Deeds(
            {**of_cases.by_kind(), **of_registry.by_kind()},
            {**of_cases.rules_by_kind(), **of_registry.rules_by_kind()},
        )
        requests = ChangeRequestRepository(session)
        return ChangeRequestService(requests, deeds, self.pager, self.clock, self.grants)

    def activities(self, session: AsyncSession) -> ActivityService:
        return ActivityService(
            activities=ActivityRepository(session),
            cases=self.cases(session),
            ledger=self.ledger(session),
            clock=self.clock,
            calendar=self.calendar,
            pager=self.pager,
        )

    def day_list(self, session: AsyncSession) -> DayList:
        return DayList(self.activities(session))

    def aliases(self, session: AsyncSession) -> AliasService:
        aliases = AliasRepository(session)
        reading = AliasReading(aliases, alias_origins)
        return AliasService(aliases, reading, self.pager, self.clock, decided=self.release_rows)

    async def release_rows(self, session: AsyncSession, alias: Alias, by: Actor) -> None:
        """Have the rows that waited for a decision about this spelling looked at again."""
        await self.jobs.defer(session, RELEASE_TASK, alias_id=str(alias.id), by=by.plain())

    def reference(self, session: AsyncSession) -> ReferenceService:
        return ReferenceService(session, self.pager, self.clock)

    def postings(self, session: AsyncSession) -> PostingService:
        return PostingService(PostingRepository(session), self.clock)

    def judge_merging(self, session: AsyncSession) -> JudgeMerging:
        return JudgeMerging(JudgeReferences(session), self.rebuilding(session), self.clock)

    def imports(self, session: AsyncSession) -> ImportService:
        return ImportService(
            imports=ImportRepository(session),
            rows=ShownRows(session),
            cases=self.cases(session),
            pager=self.pager,
            jobs=self.jobs,
            clock=self.clock,
            limits=self.sender_limits,
        )

    def import_desk(self, session: AsyncSession) -> Desk:
        """What one chunk of an import is worked on with."""
        rows = RowRepository(session)
        vocabulary, aliases = VocabularyLoader(session), self.aliases(session)
        judge = ChunkJudge(vocabulary, aliases, rows, self.max_new_spellings)
        recorder = RowRecorder(rows, self.activities(session), self.cases(session))
        return Desk(
            imports=ImportRepository(session),
            rows=rows,
            validation=ChunkValidation(judge, rows, recorder),
            application=ChunkApplication(judge, rows, recorder),
        )

    def batch_processing(self) -> BatchProcessing:
        return BatchProcessing(
            database=self.database,
            calendar=self.calendar,
            grants=self.grants,
            desk=self.import_desk,
            max_new_spellings=self.max_new_spellings,
        )

    def file_retention(self) -> FileRetention:
        return FileRetention(self.database, self.clock, ImportRepository, self.return_file_days)

    def figures(self, session: AsyncSession) -> FigureService:
        return FigureService(FigureRepository(session), self.pager.signer)

    def seeding(self, session: AsyncSession) -> Seeding:
        return Seeding(session, self.clock)


def service_tokens(settings: CoreSettings, token_endpoint: ServiceClient) -> ClientCredentials:
    """Core's own service token for auth's internal API."""
    return ClientCredentials(
        token_endpoint,
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        resource=AUTH_AUDIENCE,
        scope=AUTH_SCOPES,
    )
