"""In which form a list is wanted: `?format=` first, then `Accept` (RFC 9110, 12.5.1)."""

from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Response


class ListFormat(StrEnum):
    """The forms of a cause list."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"


MEDIA_TYPES: Final = {
    "application/json": ListFormat.JSON,
    "text/csv": ListFormat.CSV,
    "text/calendar": ListFormat.ICS,
}


# For caches: another `Accept` may get another form (RFC 9110, 12.5.5).
VARY: Final = {"Vary": "Accept"}


def wanted_format(
    response: Response,
    list_format: Annotated[
        ListFormat | None, Query(alias="format", description="goes before `Accept`")
    ] = None,
    accept: Annotated[str, Header(max_length=400, include_in_schema=False)] = "",
) -> ListFormat:
    """The form that was asked for; JSON when nothing fitting was."""
    response.headers.update(VARY)  # of the JSON; other forms are responses of their own
    return list_format or _preferred(accept)


ListFormatDep = Annotated[ListFormat, Depends(wanted_format)]


def _preferred(accept: str) -> ListFormat:
    best, best_quality = ListFormat.JSON, 0.0
    for entry in accept.lower().split(","):
        media_type, _, parameters = entry.partition(";")
        offered = MEDIA_TYPES.get(media_type.strip())
        quality = _quality(parameters)
        if offered is not None and quality > best_quality:
            best, best_quality = offered, quality
    return best


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
