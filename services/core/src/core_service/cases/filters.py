"""The query parameters of the list of cases."""

from typing import Annotated

from fastapi import Depends

from core_service.cases.listing import CaseFilter

# FastAPI reads a dataclass's fields as query parameters, so the filter is their only list.
CaseFilterDep = Annotated[CaseFilter, Depends()]
