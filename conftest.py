"""Fixtures of the whole workspace."""

# pytest names tests by their path from here, so gateway/tests would make an empty package "gateway"
# that hides the real one, unless the real one is there first; devstack/tests alike.
import devstack  # noqa: F401 - imported for its place in sys.modules
import gateway  # noqa: F401 - the same
from common.garbage_collection import collect_nothing_at_start, freeze_after_start
from common.logs import configure_structlog

pytest_plugins = ["testkit.plugin", "testkit.compilation", "testkit.quiet"]

# Log records go to pytest's own capture, and a traceback costs no drawing of frames.
configure_structlog("tests")

# The modules of tests stay as well.
collect_nothing_at_start()


def pytest_collection_finish() -> None:
    freeze_after_start()
