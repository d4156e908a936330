"""Who may do what, operation by operation, as tests read it; `docs/security.md` has the table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from core_service.metrics.catalogue import FIGURES
from testkit.core.scene import SEALED


class Caller(StrEnum):
    """Who calls; `admin` is one of all courts, the foreign ones hold their role at another court,
    services come with scopes.
    """

    ADMIN = "admin"
    LOCAL_ADMIN = "admin of this court alone"
    CLERK = "clerk"
    VIEWER = "viewer"
    UNGRANTED = "user without a grant"
    ANONYMOUS = "anonymous caller"
    FOREIGN_ADMIN = "admin elsewhere"
    FOREIGN_CLERK = "clerk elsewhere"
    FOREIGN_VIEWER = "viewer elsewhere"
    WRITING_SERVICE = "service that writes"
    READING_SERVICE = "service that reads"
    OTHER_SERVICE = "service without a scope"


class Verdict(StrEnum):
    """How a call ends; `PROPOSED` creates a request for an administrator."""

    ALLOWED = "yes"
    PROPOSED = "202"
    ANONYMOUS = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"


ALLOWED, PROPOSAL, FORBIDDEN, NOT_FOUND = (
    Verdict.ALLOWED,
    Verdict.PROPOSED,
    Verdict.FORBIDDEN,
    Verdict.NOT_FOUND,
)

# A seal hides a case that these could otherwise see.
NOT_BEHIND_SEALS: Final = frozenset({Caller.VIEWER, Caller.WRITING_SERVICE, Caller.READING_SERVICE})


@dataclass(frozen=True, slots=True)
class Rule:
    """The verdicts on callers with any grant; the others' are the same for every rule.

    `of_case` says that the call is about one case, hidden from other courts and by seals;
    `one_court` is the verdict on administrators of some courts, where it differs from `admin`;
    `public` says that everyone may call, with no identity as well.
    """

    admin: Verdict = ALLOWED
    one_court: Verdict | None = None
    clerk: Verdict = ALLOWED
    viewer: Verdict = ALLOWED
    writing_service: Verdict = ALLOWED
    reading_service: Verdict = ALLOWED
    of_case: bool = False
    elsewhere: Verdict | None = None
    public: bool = False

    def verdict(self, caller: Caller, subject: str) -> Verdict:
        """How the caller's call about the open or the sealed subject ends."""
        if self.public or caller is Caller.ANONYMOUS:
            return ALLOWED if self.public else Verdict.ANONYMOUS
        if caller in (Caller.UNGRANTED, Caller.OTHER_SERVICE):
            return FORBIDDEN
        granted = self._granted(caller)
        if granted is FORBIDDEN:
            return FORBIDDEN
        if caller.name.startswith("FOREIGN"):
            return self.elsewhere or (NOT_FOUND if self.of_case else granted)
        if self.of_case and subject == SEALED and caller in NOT_BEHIND_SEALS:
            return NOT_FOUND
        return granted

    def _granted(self, caller: Caller) -> Verdict:
        return {
            Caller.ADMIN: self.admin,
            Caller.LOCAL_ADMIN: self.one_court or self.admin,
            Caller.FOREIGN_ADMIN: self.one_court or self.admin,
            Caller.CLERK: self.clerk,
            Caller.FOREIGN_CLERK: self.clerk,
            Caller.VIEWER: self.viewer,
            Caller.FOREIGN_VIEWER: self.viewer,
            Caller.WRITING_SERVICE: self.writing_service,
            Caller.READING_SERVICE: self.reading_service,
        }[caller]


READ: Final = Rule()
PUBLIC: Final = Rule(public=True)
READ_CASE: Final = Rule(of_case=True)
# Cases are exported by those who enter them; a service that reads may, too.
EXPORT: Final = Rule(viewer=FORBIDDEN)
WORK: Final = Rule(viewer=FORBIDDEN, reading_service=FORBIDDEN)
WORK_ON_CASE: Final = Rule(viewer=FORBIDDEN, reading_service=FORBIDDEN, of_case=True)
# Courts are no secret: a caller who writes elsewhere may learn why it is refused.
REGISTER: Final = Rule(viewer=FORBIDDEN, reading_service=FORBIDDEN, elsewhere=FORBIDDEN)
# A batch is of no single case, and may name sealed ones: services see what services sent.
BATCH: Final = Rule(
    viewer=FORBIDDEN, writing_service=NOT_FOUND, reading_service=FORBIDDEN, elsewhere=NOT_FOUND
)
# Only users: a service neither decides nor proposes.
APPROVAL: Final = Rule(viewer=FORBIDDEN, writing_service=FORBIDDEN, reading_service=FORBIDDEN)
APPROVAL_OF_CASE: Final = Rule(
    viewer=FORBIDDEN, writing_service=FORBIDDEN, reading_service=FORBIDDEN, of_case=True
)
CASE_PROPOSAL: Final = Rule(
    clerk=PROPOSAL,
    viewer=FORBIDDEN,
    writing_service=FORBIDDEN,
    reading_service=FORBIDDEN,
    of_case=True,
)
# The receiving court decides.
TRANSFER_PROPOSAL: Final = replace(CASE_PROPOSAL, one_court=PROPOSAL)
# What all courts share: a user of any court may propose a change of it.
SHARED_PROPOSAL: Final = Rule(
    clerk=PROPOSAL,
    viewer=FORBIDDEN,
    writing_service=FORBIDDEN,
    reading_service=FORBIDDEN,
    one_court=PROPOSAL,
)
# A spelling that waits is known where its rows are.
SHARED_PROPOSAL_HERE: Final = replace(SHARED_PROPOSAL, elsewhere=NOT_FOUND)
# For one court, its administrator decides.
DECIDED_HERE: Final = replace(SHARED_PROPOSAL_HERE, one_court=ALLOWED)
ADMINISTER: Final = Rule(
    clerk=FORBIDDEN, viewer=FORBIDDEN, writing_service=FORBIDDEN, reading_service=FORBIDDEN
)
ADMINISTER_HERE: Final = replace(ADMINISTER, elsewhere=FORBIDDEN)
DECIDE: Final = Rule(
    clerk=FORBIDDEN,
    viewer=FORBIDDEN,
    writing_service=FORBIDDEN,
    reading_service=FORBIDDEN,
    of_case=True,
)
_REFERENCE: Final = (
    "courts",
    "judges",
    "case-categories",
    "case-types",
    "activity-types",
    "outcomes",
    "adjournment-reasons",
    "time-standards",
    "case-weights",
    "calendar-periods",
)

RULES: Final[Mapping[str, Rule]] = {
    **{f"GET /{kind}": READ for kind in _REFERENCE},
    **{f"GET /{kind}/{{row_id}}": READ for kind in _REFERENCE},
    **{f"POST /{kind}": SHARED_PROPOSAL for kind in _REFERENCE},
    **{f"PATCH /{kind}/{{row_id}}": SHARED_PROPOSAL for kind in _REFERENCE},
    "GET /court-calendar": PUBLIC,
    "GET /aliases": READ,
    "POST /aliases/decisions": APPROVAL,
    "POST /aliases/{alias_id}/accept": SHARED_PROPOSAL_HERE,
    "POST /aliases/{alias_id}/reject": DECIDED_HERE,
    "GET /judges/{judge_id}/postings": READ,
    "POST /judges/{judge_id}/postings": ADMINISTER_HERE,
    "PATCH /judges/{judge_id}/postings/{posting_id}": ADMINISTER_HERE,
    "POST /judges/{judge_id}/merge": SHARED_PROPOSAL,
    "POST /judges/{judge_id}/unmerge": SHARED_PROPOSAL,
    "GET /cases": READ,
    "GET /cases/lookup": READ,
    "POST /cases": REGISTER,
    "GET /cases/{case_id}": READ_CASE,
    "GET /cases/{case_id}/timeline": READ_CASE,
    "GET /cases/{case_id}/activities": READ_CASE,
    "GET /cases/{case_id}/assignments": READ_CASE,
    "GET /cases/{case_id}/hearings": READ_CASE,
    "GET /cases/{case_id}/links": READ_CASE,
    "GET /cases/{case_id}/status-events": READ_CASE,
    "GET /cases/{case_id}/versions": READ_CASE,
    "PATCH /cases/{case_id}": WORK_ON_CASE,
    "DELETE /cases/{case_id}": DECIDE,
    "POST /cases/{case_id}/seal": DECIDE,
    "POST /cases/{case_id}/unseal": DECIDE,
    "POST /cases/{case_id}/restore": CASE_PROPOSAL,
    "POST /cases/{case_id}/transfer": TRANSFER_PROPOSAL,
    "POST /cases/{case_id}/status": CASE_PROPOSAL,
    "POST /cases/{case_id}/link": WORK_ON_CASE,
    "POST /cases/{case_id}/unlink": WORK_ON_CASE,
    "POST /cases/{case_id}/assignments": WORK_ON_CASE,
    "POST /cases/{case_id}/assignments/{assignment_id}/end": WORK_ON_CASE,
    "POST /assignments/bulk": WORK,
    "GET /activities/{activity_id}": READ_CASE,
    "POST /activities": WORK_ON_CASE,
    "POST /activities/batch": WORK,
    "PATCH /activities/{activity_id}": WORK_ON_CASE,
    "POST /activities/{activity_id}/void": CASE_PROPOSAL,
    "GET /requests": APPROVAL,
    "GET /requests/{request_id}": APPROVAL_OF_CASE,
    "POST /requests/{request_id}/accept": DECIDE,
    "POST /requests/{request_id}/reject": DECIDE,
    "GET /hearings/{hearing_id}": READ_CASE,
    "POST /hearings": WORK_ON_CASE,
    "PATCH /hearings/{hearing_id}": WORK_ON_CASE,
    "GET /cause-lists": READ,
    "GET /missing-outcomes": READ,
    "GET /diary-load": READ,
    "GET /registry-audit-events": ADMINISTER,
    "POST /imports": WORK,
    "GET /imports": WORK,
    "GET /imports/{batch_id}": BATCH,
    "GET /imports/{batch_id}/rows": BATCH,
    "GET /imports/{batch_id}/issues": BATCH,
    "POST /imports/{batch_id}/apply": BATCH,
    "POST /imports/{batch_id}/validate": BATCH,
    "POST /imports/{batch_id}/revert": DECIDED_HERE,
    "GET /imports/{batch_id}/diff": BATCH,
    "GET /returns/compliance": WORK,
    "GET /imports/{batch_id}/events": BATCH,
    "GET /imports/{batch_id}/rows.csv": BATCH,
    "GET /imports/{batch_id}/issues.csv": BATCH,
    "GET /imports/{batch_id}/rows/{row_no}": BATCH,
    "PATCH /imports/{batch_id}/rows/{row_no}": BATCH,
    "POST /imports/{batch_id}/rows/retry": BATCH,
    "GET /dashboard/analytics": READ,
    "GET /dashboard/recent-activity": READ,
    "GET /reports/monthly": replace(READ, elsewhere=FORBIDDEN),
    "GET /reports/publications": READ,
    "POST /reports/publications": ADMINISTER_HERE,
    "GET /exports/cases": EXPORT,
    "GET /exports/activities": EXPORT,
    **{f"GET /metrics/{figure.name}": READ for figure in FIGURES},
    **{f"GET /metrics/{figure.name}/cases": READ for figure in FIGURES},
}

# Lists that name the sealed case to those who may know of it.
NAMES_THE_CASE: Final = frozenset(
    {
        "GET /cases",
        "GET /cases/lookup",
        "GET /cause-lists",
        "GET /missing-outcomes",
        "GET /metrics/matrix/cases",
        "GET /metrics/clearance/cases",
        "GET /exports/cases",
        "GET /exports/activities",
        "GET /dashboard/recent-activity",
        "GET /requests",
        "GET /imports/{batch_id}/rows",
        "GET /imports/{batch_id}/rows.csv",
        "GET /imports/{batch_id}/rows/{row_no}",
        "GET /imports/{batch_id}/diff",
    }
)
