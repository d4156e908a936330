"""Bodies of requests and responses about links."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from common.schemas import RequestModel, ResponseModel
from core_service.cases.numbers import display_number
from core_service.cases.schemas import CourtBrief
from core_service.links.models import LinkKind
from core_service.links.service import LinkedCase, NewLink

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]
ByHand = Literal[LinkKind.CONSOLIDATED_INTO, LinkKind.RELATED, LinkKind.APPEAL_OF]


class LinkBody(RequestModel):
    """What this case is to the other one."""

    other_id: UUID
    kind: ByHand = Field(examples=["appeal_of"])
    reason: Reason | None = Field(default=None, examples=["Appeal from the judgment of 2026-03-02"])

    def link(self, case_id: UUID) -> NewLink:
        """As the service takes it."""
        return NewLink(case_id, self.other_id, self.kind, self.reason)


class LinkedCaseBrief(ResponseModel):
    """The case at the other end."""

    id: UUID
    number: str = Field(examples=["HCCC E014 of 2025"])
    court: CourtBrief


class LinkRead(ResponseModel):
    """A link as seen from a case; `outward` when it says what that case is to the other."""

    id: UUID
    kind: LinkKind
    outward: bool
    case: LinkedCaseBrief
    reason: str | None
    created_at: datetime
    created_by: UUID | None

    @classmethod
    def of(cls, linked: LinkedCase) -> "LinkRead":
        """A link with the other case's number."""
        case, link = linked.case, linked.link
        number = display_number(case.caseid_type, case.number_raw, case.filed_year)
        brief = {"id": case.id, "number": number, "court": case.court}
        return cls.model_validate(link.model_dump() | {"outward": linked.outward, "case": brief})


class LinkList(ResponseModel):
    """The links of one case, the oldest first."""

    items: list[LinkRead]

    @classmethod
    def of(cls, links: Iterable[LinkedCase]) -> "LinkList":
        """The links as they are shown."""
        return cls(items=[LinkRead.of(linked) for linked in links])
