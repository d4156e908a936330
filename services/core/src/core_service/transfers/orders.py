"""What a transfer is told, from the request as well as from one that waited for acceptance."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from common.schemas import RequestModel

CaseIdType = Annotated[str, StringConstraints(min_length=1, max_length=20)]
NumberText = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"\d")]


class TransferOrder(RequestModel):
    """Where the file goes, on which day, and as what it goes on there.

    What is left out stays as it is: the register, the filing date. Without `number` the file comes
    back to the case that it left there before, or gets the next free number of the register.
    """

    to_court_id: UUID
    transferred_on: date = Field(examples=["2026-05-04"])
    caseid_type: CaseIdType | None = Field(default=None, examples=["MCCC"])
    number: NumberText | None = Field(default=None, examples=["E102"])
    filed_on: date | None = Field(default=None, description="the filing date there")
    e_filed: bool = True
