"""Starts core's API."""

from common.database_roles import require_service_role
from common.logs import configure_logging
from common.server import serve
from common.settings import load_settings
from common.stopping import stop_at_signals
from common.tracing import configure_tracing
from core_service.app import Callers, create_app
from core_service.settings import CoreSettings
from core_service.wiring import wire


def main() -> None:
    """Serve until a signal."""
    stop_at_signals()
    settings = load_settings(CoreSettings)
    configure_logging("core", settings.log_level)
    configure_tracing("core")
    require_service_role(settings.database_url.get_secret_value(), "CORE_DATABASE_URL")
    core = wire(settings)
    app, health = create_app(core, Callers.build(settings, core))
    serve(app, settings, health, reuse_port=settings.reuse_port)
