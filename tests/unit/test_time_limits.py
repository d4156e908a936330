"""Limits on time of different parts, of which one must be shorter than another."""

from inspect import signature

from common.database import Database
from common.health import CHECK_SECONDS
from core_service.metrics.stored import COUNT_SECONDS
from gateway.traefik.services import LATE, PROMPT
from gateway.traefik_settings import TraefikSettings


def test_a_figure_that_takes_long_is_answered_before_the_edge_gives_up() -> None:
    """Its last statement may begin when the time to count is over, and take as long as it may."""
    longest = signature(Database.connect).parameters["statement_timeout_ms"].default / 1000
    edge = TraefikSettings.model_fields["response_seconds"].default
    assert COUNT_SECONDS + longest < edge


def test_a_check_that_takes_long_is_late_to_traefik_and_no_refusal() -> None:
    """Else both replicas of a busy machine say at once that they are unavailable."""
    prompt, late = (float(each.removesuffix("s")) for each in (PROMPT, LATE))
    assert prompt < CHECK_SECONDS < late
