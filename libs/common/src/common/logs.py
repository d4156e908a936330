"""JSON lines on stdout, each with the request ID; secrets never reach them."""

import logging
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any, Final

import structlog

from common.tracing import add_trace

REDACTED: Final = "[redacted]"
SECRET_WORDS: Final = ("password", "token", "secret", "authorization", "cookie", "assertion")
# Names that hold one of the words above yet tell nothing worth hiding.
HARMLESS: Final = frozenset({"token_type", "token_state", "token_cache"})


def redact(
    _logger: Any,
    _method: str,
    event: MutableMapping[str, Any],
) -> MutableMapping[str, Any]:
    """Replace the value of every field whose name suggests a credential."""
    for name in event:
        if _is_secret(name):
            event[name] = REDACTED
    return event


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return name not in HARMLESS and any(word in name.lower() for word in SECRET_WORDS)


def configure_structlog(service: str) -> list[structlog.typing.Processor]:
    """Hand structlog's records to the standard library; returns the processors of both."""

    def name_service(
        _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event["service"] = service
        return event

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        add_trace,
        redact,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return shared


def configure_logging(service: str, level: str = "INFO") -> None:
    """Send structlog's and the standard library's records to stdout as one JSON line each."""
    shared = configure_structlog(service)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # httpx logs each URL at INFO, and a URL can hold a secret.
    for noisy in ("httpx", "httpcore", "procrastinate", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module; fields bound to the request come by themselves."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
