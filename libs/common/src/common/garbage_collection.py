"""Python's garbage collector in a process that serves."""

import gc


def freeze_after_start() -> None:
    """Exempt what the start has made from garbage collection; call it right before serving.

    That is modules, schemas and routes, which live as long as the process. Each full collection
    would go through all of them: 100 ms, several times a second under load, during which no request
    is answered.
    """
    gc.collect()
    gc.freeze()
