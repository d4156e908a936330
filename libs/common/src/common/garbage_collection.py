"""Python's garbage collector in a process that runs for long."""

import gc


def collect_nothing_at_start() -> None:
    """Until `freeze_after_start`; call it before anything large is imported.

    Modules, schemas and routes stay, so that collections find nothing, in a third of the start.
    """
    gc.disable()


def freeze_after_start() -> None:
    """Exempt what the start has made from garbage collection; call it right before serving.

    That is modules, schemas and routes, which live as long as the process. Each full collection
    would go through all of them: 100 ms, several times a second under load, during which no request
    is answered.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def collect_rarely() -> None:
    """For a process that makes objects by the thousand, of which few are in cycles.

    The default collects after 700 of them; a chunk of rows makes a million, all of them in use.
    """
    gc.set_threshold(300_000, 20, 50)
