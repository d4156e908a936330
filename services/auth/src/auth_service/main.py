"""Starts auth's API."""

from auth_service.app import create_app
from auth_service.settings import AuthSettings
from auth_service.wiring import wire
from common.database_roles import require_service_role
from common.logs import configure_logging
from common.redis_client import require_no_cluster
from common.server import serve
from common.settings import load_settings
from common.stopping import stop_at_signals
from common.tracing import configure_tracing


def main() -> None:
    """Serve until a signal."""
    stop_at_signals()
    settings = load_settings(AuthSettings)
    configure_logging("auth", settings.log_level)
    configure_tracing("auth")
    require_service_role(settings.database_url.get_secret_value(), "AUTH_DATABASE_URL")
    require_no_cluster(settings.redis_url.get_secret_value(), "AUTH_REDIS_URL")
    app, health = create_app(wire(settings))
    serve(app, settings, health, reuse_port=settings.reuse_port)
