"""Endpoints of core wait for no thread, which hashes and large files need."""

from core_service.app import ROUTERS
from testkit.endpoints import functions_in_threads


def test_no_endpoint_or_dependency_is_a_function_that_runs_in_a_thread() -> None:
    assert functions_in_threads(ROUTERS) == set()
