"""The courts' time zone and day, which any client needs before it can name a day."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import Field

from common.composition import lasting
from common.schemas import ResponseModel
from core_service.court_calendar import CourtCalendar

router = APIRouter(prefix="/api/v1/court-calendar", tags=["reference data"])


class CourtCalendarRead(ResponseModel):
    """Where a day of the courts begins and ends, and which day it is."""

    timezone: str = Field(description="the courts' time zone, by its name in the IANA database")
    today: date = Field(description="the day in that zone when this was answered")

    @classmethod
    def of(cls, calendar: CourtCalendar) -> Self:
        return cls(timezone=calendar.zone.key, today=calendar.today())


@router.get("", summary="Read the courts' time zone and day")
async def get_court_calendar(
    calendar: Annotated[CourtCalendar, Depends(lasting(CourtCalendar))],
) -> CourtCalendarRead:
    """The time zone in which all days of this API are counted, as the server is configured, and
    today's day there. A client counts days by it, not by the zone of its device. Needs no sign-in.
    """
    return CourtCalendarRead.of(calendar)
