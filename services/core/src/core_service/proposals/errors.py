"""What can be wrong with a request to change something."""

from typing import ClassVar

from common.errors import Conflict, NotFound


class RequestNotFound(NotFound):
    """There is no such request, or none that the caller may read."""

    code: ClassVar[str] = "request-not-found"
    title: ClassVar[str] = "There is no such request"


class RequestDecided(Conflict):
    """The request was accepted or rejected before."""

    code: ClassVar[str] = "request-decided"
    title: ClassVar[str] = "This request is decided already"


class RequestOutdated(Conflict):
    """What it would change, or who decides on that, has changed since: propose it again."""

    code: ClassVar[str] = "request-outdated"
    title: ClassVar[str] = "What this request would change has changed since"


class RequestPending(Conflict):
    """The same change has been proposed already and waits for a decision."""

    code: ClassVar[str] = "request-pending"
    title: ClassVar[str] = "This change has been proposed already"
