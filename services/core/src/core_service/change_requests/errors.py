"""What can be wrong with a request to change something."""

from typing import ClassVar

from common.errors import Conflict, NotFound


class RequestNotFound(NotFound):
    """There is no such request, or none that the caller may know of."""

    code: ClassVar[str] = "request-not-found"
    title: ClassVar[str] = "There is no such request"


class RequestDecided(Conflict):
    """Somebody has accepted or rejected the request already."""

    code: ClassVar[str] = "request-decided"
    title: ClassVar[str] = "This request is decided"


class RequestOutdated(Conflict):
    """What it would change, or who decides on that, has changed since: have it asked for anew."""

    code: ClassVar[str] = "request-outdated"
    title: ClassVar[str] = "What this request would change has changed since"


class RequestPending(Conflict):
    """Somebody has asked for this already, and nobody has decided yet."""

    code: ClassVar[str] = "request-pending"
    title: ClassVar[str] = "This has been asked for already"
