"""Why a local server cannot serve; each message is one line that says what to do."""


class ServerError(Exception):
    """A local server did not start or did not stay up."""


class PortTaken(ServerError):
    """Another process listens on the port."""


class DataDirectoryBusy(ServerError):
    """Another running server uses the data directory."""


class DataDirectoryBroken(ServerError):
    """The data directory cannot be used as it is."""


class AccountUnsuitable(ServerError):
    """The operating system's account cannot run the server."""
