"""Fixtures of the whole workspace."""

from common.logs import configure_structlog

pytest_plugins = ["common.testing.plugin"]

# Log records go to pytest's own capture, and a traceback costs no drawing of frames.
configure_structlog("tests")
