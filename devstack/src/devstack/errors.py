"""Why the local stack cannot run; each message is one line that says what to do."""


class StackError(Exception):
    """The stack did not start, or did not stay up."""


class HomeBusy(StackError):
    """Another stack runs from the same home."""


class CommandFailed(StackError):
    """A command that prepares the stack ended with an error."""


class ChildDied(StackError):
    """One of the stack's processes ended by itself."""


class NotReady(StackError):
    """A process runs, and yet does not become ready."""
