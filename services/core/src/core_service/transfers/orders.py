"""The content of a transfer order, from a request or from a proposal that was accepted later."""

from uuid import UUID

from pydantic import Field

from common.dates import Day
from common.schemas import RequestModel
from core_service.cases.schemas import CaseIdType, FilingDate, NumberText


class TransferOrder(RequestModel):
    """Where the file goes, on which day, and as what it goes on there.

    What is left out stays as it is: the register, the filing date. Without `number` the file comes
    back to the case that it left there before, or gets the next free number of the register.
    """

    to_court_id: UUID
    transferred_on: Day = Field(examples=["2026-05-04"])
    caseid_type: CaseIdType | None = Field(default=None, examples=["MCCC"])
    number: NumberText | None = Field(default=None, examples=["E102"])
    filed_on: FilingDate | None = Field(default=None, description="the filing date there")
    e_filed: bool = True
