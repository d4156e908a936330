"""The composition root: the only place that names every concrete class.

`Core` holds what lives as long as the process; its methods build the services of one unit of work.
The API, the worker and the commands all use it.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from common.audit_chain.anchors import AnchorFile
from common.audit_chain.audit import ChainAudit
from common.audit_chain.checkpoints import CheckpointKeys
from common.audit_chain.sealer import Sealer
from common.clock import Clock, SystemClock
from common.database import Database
from common.in_flight import InFlight
from common.pages import CursorSigner
from common.revocations import ServiceRevocations
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
from core_service.audit.session import audited_database
from core_service.auth_clients import AuthClients
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
from core_service.returns.holding import ChunkServices
from core_service.returns.limits import MIB, SenderLimits
from core_service.returns.processing import BatchProcessing
from core_service.returns.repository import ImportRepository
from core_service.returns.retention import FileRetention
from core_service.returns.service import RELEASE_TASK, ImportService
from core_service.returns.shown_rows import ShownRows
from core_service.settings import AUDIENCE, CoreSettings
from core_service.transfers.service import TransferService
from core_service.users.directory import UserDirectory
from core_service.users.grants import GrantDirectory


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
    in_flight: InFlight
    anchors: AnchorFile | None
    return_file_days: int
    sender_limits: SenderLimits
    auth: AuthClients

    @classmethod
    def build(cls, settings: CoreSettings, clock: Clock | None = None) -> "Core":
        """Everything from the settings; nothing connects before it is used."""
        clock = clock or SystemClock()
        url = settings.database_url.get_secret_value()
        auth = AuthClients.build(settings)
        return cls(
            database=audited_database(url),
            clock=clock,
            calendar=CourtCalendar(clock, ZoneInfo(settings.timezone)),
            pager=Pager(CursorSigner(settings.cursor_key.get_secret_value().encode())),
            jobs=JobQueue(build_jobs(url)),
            users=UserDirectory(auth.for_requests, clock),
            grants=GrantDirectory(auth.for_jobs, AUDIENCE),
            revocations=ServiceRevocations(auth.for_requests, clock),
            audit_keys=CheckpointKeys(settings.audit_secrets()),
            anchors=AnchorFile.at(settings.audit_anchors, SERVICE),
            max_new_spellings=settings.max_new_spellings,
            in_flight=InFlight.of(settings),
            auth=auth,
            return_file_days=settings.return_file_days,
            sender_limits=SenderLimits(
                settings.max_unread_imports, settings.max_stored_mebibytes * MIB
            ),
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self.auth.close()
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
        return ChangeRequestService(
            requests=ChangeRequestRepository(session),
            deeds=deeds,
            pager=self.pager,
            clock=self.clock,
            grants=self.grants,
        )

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

    def chunk_services(self, session: AsyncSession) -> ChunkServices:
        return ChunkServices.build(
            session,
            aliases=self.aliases(session),
            activities=self.activities(session),
            cases=self.cases(session),
            max_new_spellings=self.max_new_spellings,
        )

    def batch_processing(self) -> BatchProcessing:
        return BatchProcessing(
            database=self.database,
            calendar=self.calendar,
            grants=self.grants,
            services=self.chunk_services,
            max_new_spellings=self.max_new_spellings,
        )

    def file_retention(self) -> FileRetention:
        return FileRetention(self.database, self.clock, ImportRepository, self.return_file_days)

    def figures(self, session: AsyncSession) -> FigureService:
        return FigureService(FigureRepository(session), self.pager.signer)

    def seeding(self, session: AsyncSession) -> Seeding:
        return Seeding(session, self.clock)
