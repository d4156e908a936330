"""Limits on time of different parts, of which one must be shorter than another."""

from inspect import signature

from common.database import Database
from core_service.metrics.stored import COUNT_SECONDS
from gateway.traefik_settings import TraefikSettings


def test_a_figure_that_takes_long_is_answered_before_the_edge_gives_up() -> None:
    """Its last statement may begin when the time to count is over, and take as long as it may."""
    longest = signature(Database.connect).parameters["statement_timeout_ms"].default / 1000
    edge = TraefikSettings.model_fields["response_seconds"].default
    assert COUNT_SECONDS + longest < edge
