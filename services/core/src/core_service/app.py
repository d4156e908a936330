"""Core's ASGI app: its routers, its errors, its callers' authentication."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI

from common.access_tokens import TokenRules
from common.admission import InFlight
from common.assertions import AssertionVerifier
from common.audit.sealer import SEAL_SECONDS, Sealer
from common.background import repeat, running
from common.caller import CallerVerifier, RevocationCheck
from common.composition import Units
from common.court_lists import CourtLists
from common.errors import DomainError
from common.health import Health
from common.http_client import ServiceClient
from common.jwks import JwksKeys
from common.jws import KeyResolver
from common.revocations import ServiceRevocations
from common.service_app import ServiceDefinition, build_app
from core_service.activities.errors import ActivityAlreadyCorrected
from core_service.aliases.router import router as aliases_router
from core_service.assignments.errors import LeadTaken
from core_service.assignments.router import router as assignments_router
from core_service.audit.acting import ActingMiddleware
from core_service.audit_events.router import router as audit_router
from core_service.cases.errors import CaseNumberTaken
from core_service.cases.router import router as cases_router
from core_service.cases.visibility import check_stored_answer
from core_service.court_calendar import CourtCalendar
from core_service.dashboard.router import router as dashboard_router
from core_service.description import TAGS, add_examples
from core_service.documents.streams import OpenStreams
from core_service.entries.router import router as entries_router
from core_service.exports.router import router as exports_router
from core_service.hearings.router import router as hearings_router
from core_service.hearings.service import HearingExists
from core_service.judges.errors import PostingOverlaps
from core_service.judges.router import router as judges_router
from core_service.ledger.router import router as ledger_router
from core_service.links.errors import LinkExists
from core_service.links.router import router as links_router
from core_service.metrics.router import router as metrics_router
from core_service.proposals.errors import RequestPending
from core_service.proposals.routers.cases import router as case_proposals_router
from core_service.proposals.routers.requests import router as requests_router
from core_service.proposals.routers.shared_data import routers as shared_data_routers
from core_service.reference.calendar_router import router as calendar_router
from core_service.reference.errors import CodeTaken, EditionOverlaps, NameTaken, UnknownReference
from core_service.reference.router import routers as reference_routers
from core_service.reports.router import router as reports_router
from core_service.returns.compliance_router import router as compliance_router
from core_service.returns.revert_router import router as import_revert_router
from core_service.returns.router import router as imports_router
from core_service.returns.row_router import router as import_rows_router
from core_service.returns.stream_router import router as import_streams_router
from core_service.settings import AUDIENCE, CoreSettings
from core_service.transfers.errors import CaseNotTransferable, TransferInvalid
from core_service.versions.router import router as versions_router

ROUTERS: Final = (
    *reference_routers,
    calendar_router,
    *shared_data_routers,
    aliases_router,
    cases_router,
    entries_router,
    assignments_router,
    case_proposals_router,
    requests_router,
    versions_router,
    links_router,
    ledger_router,
    hearings_router,
    judges_router,
    audit_router,
    imports_router,
    import_streams_router,
    import_rows_router,
    import_revert_router,
    compliance_router,
    metrics_router,
    exports_router,
    dashboard_router,
    reports_router,
)

# Checks before an insert can be overtaken; the constraint decides.
CONSTRAINTS: Final[Mapping[str, type[DomainError]]] = {
    "uq_cases_number": CaseNumberTaken,
    "uq_case_activities_supersedes_id": ActivityAlreadyCorrected,
    "uq_case_activities_counterpart_id": CaseNotTransferable,
    "uq_case_judge_assignments_current_lead": LeadTaken,
    "uq_case_links_live": LinkExists,
    "uq_change_requests_pending": RequestPending,
    "uq_change_requests_pending_entity": RequestPending,
    "ex_judge_postings_principal": PostingOverlaps,
    "fk_judge_postings_court_id": UnknownReference,
    "fk_court_aliases_court_id": UnknownReference,
    "uq_hearings_day": HearingExists,
    "uq_courts_code": CodeTaken,
    "uq_courts_name": NameTaken,
    "uq_judges_pj_number": CodeTaken,
    "uq_case_categories_code": CodeTaken,
    "uq_case_categories_name": NameTaken,
    "uq_case_types_code": CodeTaken,
    "uq_case_types_name_norm": NameTaken,
    "uq_adjournment_reasons_label_norm": NameTaken,
    "ex_outcomes_label_validity": EditionOverlaps,
    "ex_activity_types_label_validity": EditionOverlaps,
    "ex_time_standards_validity": EditionOverlaps,
    "fk_time_standards_category_id": UnknownReference,
    "ex_case_weights_validity": EditionOverlaps,
    "fk_case_weights_category_id": UnknownReference,
    "fk_calendar_periods_court_id": UnknownReference,
    "fk_courts_parent_id": UnknownReference,
    "fk_case_types_category_id": UnknownReference,
    "fk_cases_court_id": UnknownReference,
    "fk_cases_case_type_id": UnknownReference,
    "fk_case_activities_activity_type_id": UnknownReference,
    "fk_case_activities_outcome_id": UnknownReference,
    "fk_case_activities_reason_id": UnknownReference,
    "fk_activity_judges_judge_id": UnknownReference,
    # Of a request only a transfer names a court that was not looked for: the receiving one.
    "fk_change_requests_deciding_court_id": TransferInvalid,
    "fk_import_batches_court_id": UnknownReference,
    "fk_metric_snapshots_court_id": UnknownReference,
}


@dataclass(frozen=True, slots=True)
class Callers:
    """How callers are recognised; the app starts and stops the keys' refresh."""

    verifier: CallerVerifier
    keys: JwksKeys | None = None

    @classmethod
    def build(cls, settings: CoreSettings, core: Units) -> "Callers":
        """The gateway's assertions, and auth's service tokens meant for core."""
        keys = JwksKeys(ServiceClient(settings.auth_url))
        is_active = core.get(ServiceRevocations).is_active
        return cls(caller_verifier(settings, core, keys, is_active), keys)


def caller_verifier(
    settings: CoreSettings,
    core: Units,
    keys: JwksKeys | KeyResolver,
    is_active: RevocationCheck | None = None,
) -> CallerVerifier:
    """Accepts what is addressed to core, under the given keys of the issuer."""
    shared = [key.get_secret_value() for key in settings.assertion_keys]
    return CallerVerifier(
        assertions=AssertionVerifier(AUDIENCE, shared),
        rules=TokenRules(settings.issuer, AUDIENCE),
        clock=core.get(CourtCalendar).clock,
        keys=keys,
        is_active=is_active,
        court_lists=core.get(CourtLists),
    )


def create_app(core: Units, callers: Callers) -> tuple[FastAPI, Health]:
    """The app and its health, which the server turns to draining."""
    health = Health({"database": core.database.ping})
    core.get(OpenStreams).is_draining = lambda: health.draining

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if callers.keys is not None:
            await callers.keys.start()
        async with running(repeat(core.get(Sealer).run, SEAL_SECONDS)):
            yield
        if callers.keys is not None:
            await callers.keys.stop()
            await callers.keys.client.aclose()
        await core.close()

    definition = ServiceDefinition(
        name="core",
        title="Masijala core",
        version=version("masijala-core"),
        routers=ROUTERS,
        tags=TAGS,
        verifier=callers.verifier,
        health=health,
        lifespan=lifespan,
        constraints=CONSTRAINTS,
        layers=(ActingMiddleware,),
        refine=add_examples,
        in_flight=core.get(InFlight),
    )
    state = {"units": core, "replay_check": check_stored_answer}
    return build_app(definition, state), health
