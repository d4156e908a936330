"""Starts the service: settings, logs, traces, app, server."""

import sys

from pydantic import ValidationError

from auth_service.app import make_app, make_health
from auth_service.settings import AuthSettings
from auth_service.wiring import wire
from common.logs import configure_logging
from common.server import serve
from common.tracing import configure_tracing


def load_settings() -> AuthSettings:
    """The settings of the environment; exits with one line for each variable that is wrong."""
    try:
        return AuthSettings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "_".join(["AUTH", *(str(part).upper() for part in fault["loc"][:1])])
            sys.stderr.write(f"{name}: {fault['msg']}\n")
        raise SystemExit(2) from None


def main() -> None:
    """Serve until told to stop."""
    settings = load_settings()
    configure_logging("auth", settings.log_level)
    configure_tracing("auth", settings.otlp_endpoint)
    wiring = wire(settings)
    health = make_health(wiring)
    serve(make_app(wiring, health), settings, health)
