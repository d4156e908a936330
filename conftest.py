"""Fixtures of the whole workspace."""

pytest_plugins = ["common.testing.plugin"]
